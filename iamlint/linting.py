"""The one entry of the library: read what was named, judge every role in it, decide what shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from iamlint.config import Config
from iamlint.engine import Engine, merge_equals
from iamlint.findings import Finding, Report
from iamlint.formats import UNREADABLE, Reading, read
from iamlint.formats.discovery import Found, discover
from iamlint.formats.role import Role
from iamlint.rules.book import RuleBook
from iamlint.source import Files, Problem, Source
from iamlint.triage import Counts, triage


def lint_with(files: Files, paths: Sequence[str], config: Config, book: RuleBook) -> Report:
    """Judge every role in the files that `paths` name or hold.

    `files` is the only way by which anything is read. Never raises for what a file contains.
    """
    check = _Check(Engine(book, config))
    discovery = discover(files, paths)
    for found in discovery:
        check.see(found)
    counts = Counts(
        roles=check.roles,
        files=check.files,
        unresolved=tuple(check.unresolved),
        skipped=Counter(discovery.skipped) + check.skipped,
    )
    return triage(merge_equals(check.findings), check.problems, config, counts)


class _Check:
    """What one check has found and counted so far."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.findings: list[Finding] = []
        self.problems: list[Problem] = []
        self.skipped: Counter[str] = Counter()
        self.unresolved: list[str] = []
        self.roles = 0
        self.files = 0

    def see(self, found: Found) -> None:
        """Judge the roles of one file, or keep the problem there is instead of it."""
        if not isinstance(found.content, Source):
            self.problems.append(found.content)
            return
        reading = read(found.content, named=found.named)
        if self._pass_over(reading, found):
            return
        self.files += 1
        self.problems.extend(reading.problems)
        for role in reading.roles:
            self.roles += 1
            told = f"of `{role.identity}` in {role.source.name}"
            self.unresolved.extend(f"{value} {told}" for value in role.unresolved())
            if not _broken(role, reading.problems):
                judged = self._engine.judge(role)
                self.findings.extend(judged.findings)
                self.problems.extend(judged.problems)

    def _pass_over(self, reading: Reading, found: Found) -> bool:
        """Whether a file that nobody named is no news: it is only counted."""
        if found.named or reading.roles:
            return False
        if reading.kind == UNREADABLE and not reading.problems:
            self.skipped["unreadable and without a role"] += 1
            return True
        unread = any(problem.code == "unread-format" for problem in reading.problems)
        if unread:
            self.skipped[f"not read yet: {reading.kind}"] += 1
        return unread


def _broken(role: Role, problems: Sequence[Problem]) -> bool:
    """Whether the text of the trust policy itself could not be read whole.

    What was recovered of it would only repeat the problem in other words, or be judged by half.
    """
    whole = role.document.span.root()
    return any(
        problem.blocking
        and problem.span is not None
        and problem.span.root().source is whole.source
        and whole.start <= problem.span.root().start <= whole.end
        for problem in problems
    )

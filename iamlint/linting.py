"""The one entry of the library: read what was named, judge every role in it, decide what shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from iamlint.bindings import Bindings, bound
from iamlint.config import Config
from iamlint.engine import Engine, merge_equals
from iamlint.findings import Finding, Report
from iamlint.formats import read
from iamlint.formats.discovery import Found, discover
from iamlint.formats.encoding import decode
from iamlint.formats.reading import UNREADABLE, Around, Call, Reading
from iamlint.formats.role import Role
from iamlint.rules.book import RuleBook
from iamlint.source import FileError, Files, Problem, Source
from iamlint.triage import Counts, triage

_MOST_CALLS = 1_000  # files deployed by others, each as often as it is


def lint_with(files: Files, paths: Sequence[str], config: Config, book: RuleBook) -> Report:
    """Judge every role in the files that `paths` name or hold.

    `files` is the only way by which anything is read. Never raises for what a file contains.
    """
    bindings = bound(files, config)
    check = _Check(Engine(book, config), _Sources(files), bindings)
    discovery = discover(files, paths)
    for found in discovery:
        check.see(found)
    check.follow()
    parts = check.parts()
    counts = Counts(
        roles=sum(part.roles for part in parts),
        files=check.files,
        unresolved=tuple(value for part in parts for value in part.unresolved),
        skipped=Counter(discovery.skipped) + check.skipped,
    )
    findings = merge_equals(finding for part in parts for finding in part.findings)
    problems = [problem for part in parts for problem in part.problems]
    return triage(findings, [*bindings.problems, *problems, *check.problems()], config, counts)


class _Sources:
    """The texts of files that other files speak of, each read once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[str, Source | None] = {}

    def at(self, path: str) -> Source | None:
        """The text at a path; None when it is not there, or is no text."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> Source | None:
        try:
            data = self._files.read(path)
        except FileError:
            return None
        return next((each for each in decode(path, data) if isinstance(each, Source)), None)


class _Part:
    """What one file gave, as it was read once."""

    __slots__ = ("findings", "problems", "roles", "unresolved")

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.problems: list[Problem] = []
        self.unresolved: list[str] = []
        self.roles = 0


class _Check:
    """What one check has found and counted so far."""

    def __init__(self, engine: Engine, sources: _Sources, bindings: Bindings) -> None:
        self._engine = engine
        self._sources = sources
        self._bindings = bindings
        self._around = Around(bindings.values, sources.at)
        self._alone: dict[str, _Part] = {}  # each file as it is when nothing deploys it
        self._called: list[_Part] = []
        self._calls: list[Call] = []
        self._declared: dict[str, None] = {}  # names of parameters, if there is anything with some
        self._problems: list[Problem] = []
        self.skipped: Counter[str] = Counter()
        self.files = 0

    def see(self, found: Found) -> None:
        """Judge the roles of one file, or keep the problem there is instead of it."""
        if not isinstance(found.content, Source):
            self._problems.append(found.content)
            return
        reading = read(found.content, named=found.named, around=self._around)
        if self._pass_over(reading, found):
            return
        self.files += 1
        self._alone[found.path] = self._judged(reading)

    def _judged(self, reading: Reading) -> _Part:
        """What a file gave; the files that it deploys are kept for later."""
        part = _Part()
        part.problems.extend(reading.problems)
        self._calls.extend(reading.calls)
        self._declared.update(dict.fromkeys(reading.parameters))
        for role in reading.roles:
            part.roles += 1
            told = f"of `{role.identity}` in {role.source.name}"
            part.unresolved.extend(f"{value} {told}" for value in role.unresolved())
            part.problems.extend(_missing(role, reading.problems))
            if not _broken(role, reading.problems):
                judged = self._engine.judge(role)
                part.findings.extend(judged.findings)
                part.problems.extend(judged.problems)
        return part

    def follow(self) -> None:
        """Judge files that others deploy as these do it, rather than as they are alone.

        Only files that were named, or found below what was: others are not reported.
        """
        called: set[str] = set()
        for number, call in enumerate(self._calls):  # grows while it is gone through
            source = self._sources.at(call.path) if call.path in self._alone else None
            if source is None:
                continue
            if number >= _MOST_CALLS:
                self._problems.append(_too_many(call))
                break
            called.add(call.path)
            self._called.append(self._judged(call.read(source)))
        for path in called:
            del self._alone[path]

    def parts(self) -> list[_Part]:
        """What all files gave."""
        return [*self._alone.values(), *self._called]

    def problems(self) -> list[Problem]:
        """What is said of the check rather than of one file."""
        if not self._declared:
            return self._problems
        return [*self._problems, *self._bindings.unknown(self._declared)]

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


def _too_many(call: Call) -> Problem:
    message = f"more than {_MOST_CALLS:,} templates are nested in others; the rest was not judged"
    return Problem("too-many-stacks", message, call.path)


def _missing(role: Role, told: Sequence[Problem]) -> Iterator[Problem]:
    """Says of each part of a trust policy that is not known that it was judged without it.

    A fault in the role that was told already is why: nothing more is to be said.
    """
    home = role.span.root()
    if any(
        problem.code == "invalid-template" and problem.span and problem.span.root().within(home)
        for problem in told
    ):
        return
    parts = dict.fromkeys(part for variant in role.variants for part in variant.missing)
    for part in parts:
        yield Problem(
            code="unresolved",
            message=f"{part}, is not known before deployment: `{role.identity}` was judged"
            " without it",
            path=role.source.name,
            span=role.document.span,
            help="what is said of the role is possible, not certain; bind what it depends on",
            blocking=False,
        )


def _broken(role: Role, problems: Sequence[Problem]) -> bool:
    """Whether the text of the trust policy itself could not be read whole.

    What was recovered of it would only repeat the problem in other words, or be judged by half.
    NOTE: a function that a template calls in vain is told, and the rest of the policy is judged.
    """
    whole = role.document.span.root()
    return any(
        problem.blocking
        and problem.code != "invalid-template"
        and problem.span is not None
        and problem.span.root().source is whole.source
        and whole.start <= problem.span.root().start <= whole.end
        for problem in problems
    )

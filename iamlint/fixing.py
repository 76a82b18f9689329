"""Applies the edits of findings to the files, round after round, and looks at what comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from iamlint.config import Config
from iamlint.findings import Change, Finding, Report, severity_rank
from iamlint.formats.discovery import selects
from iamlint.formats.encoding import decode, encode
from iamlint.linting import lint_with
from iamlint.rules.book import RuleBook
from iamlint.source import Entries, Files, Source
from iamlint.typed import NamedTuple

_MOST_TRIES = 100  # of one round
_MOST_ROUNDS = 10  # an edit may make room for another one, but hardly for so many


class Rewritten(NamedTuple):
    """A file as it was read, and as it is to be."""

    before: bytes
    after: bytes


class Fixed(NamedTuple):
    """What edits came to: the files that change, the findings that are gone, and what is left."""

    files: dict[str, Rewritten]
    gone: int
    first: Report
    report: Report


class Draft:
    """Files with changes that are not written yet; each file is read once."""

    __slots__ = ("_files", "changed", "known")

    def __init__(self, files: Files) -> None:
        self._files = files
        self.known: dict[str, bytes] = {}
        self.changed: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        if path in self.changed:
            return self.changed[path]
        if path not in self.known:
            self.known[path] = self._files.read(path)
        return self.known[path]

    def list(self, path: str) -> Entries:
        return self._files.list(path)

    def kind(self, path: str) -> str | None:
        return self._files.kind(path)


def fix(files: Files, paths: Sequence[str], config: Config, book: RuleBook) -> Fixed:
    """Apply the edits of what is found in `paths`; nothing is written.

    `config` must ask for edits. Of edits that overlap the first one is applied and the files are
    looked at again. An edit after which there is more to be said than before is not applied.
    """
    draft = Draft(files)
    first = report = lint_with(draft, paths, config, book)
    gone = 0
    for _ in range(_MOST_ROUNDS):
        edits = list(_apart(_editable(report, paths)))
        trial = _Trial(draft, report, lambda files: lint_with(files, paths, config, book))
        made = trial.most(edits) if edits else []
        if not made:
            break
        draft.changed, report = trial.changed, trial.report
        gone += len(made)
    changed = {
        path: Rewritten(draft.known[path], after)
        for path, after in sorted(draft.changed.items())
        if after != draft.known[path]
    }
    return Fixed(changed, gone, first, report)


class _Trial:
    """Tries edits of the files as they are, and looks at what is found then."""

    __slots__ = ("_before", "_draft", "_left", "_lint", "changed", "report")

    def __init__(self, draft: Draft, before: Report, lint: Callable[[Files], Report]) -> None:
        self._draft = draft
        self._before = before
        self._lint = lint
        self._left = _MOST_TRIES
        self.changed = draft.changed
        self.report = before

    def most(self, edits: list[Finding]) -> list[Finding]:
        """Of edits those that do no harm: mostly all, else as many halves of them as do none."""
        return self._beside([], edits)

    def _beside(self, made: list[Finding], edits: list[Finding]) -> list[Finding]:
        if not edits or not self._left:
            return made
        if self._does_no_harm([*made, *edits]):
            return [*made, *edits]
        if len(edits) == 1:
            return made
        middle = len(edits) // 2
        return self._beside(self._beside(made, edits[:middle]), edits[middle:])

    def _does_no_harm(self, edits: list[Finding]) -> bool:
        self._left -= 1
        changed = _applied(self._draft, edits)
        if changed is None:
            return False
        files = Draft(self._draft)
        files.changed = changed
        after = self._lint(files)
        if not _is_better(self._before, after, edits):
            return False
        self.changed, self.report = self._draft.changed | changed, after
        return True


def _editable(report: Report, paths: Sequence[str]) -> Iterator[Finding]:
    """The findings with edits of files that were named, or lie below what was."""
    for finding in report.findings:
        inside = all(selects(paths, change.span.source.name) for change in finding.edit)
        if finding.edit and inside and finding.certainty == "certain":
            yield finding


def _apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Of findings whose edits touch each other only the first."""
    taken: list[Change] = []
    for finding in findings:
        if not any(_meet(change, other) for change in finding.edit for other in taken):
            taken += finding.edit
            yield finding


def _meet(one: Change, two: Change) -> bool:
    same = one.span.source.name == two.span.source.name
    return same and one.span.start <= two.span.end and two.span.start <= one.span.end


def _applied(draft: Draft, findings: Iterable[Finding]) -> dict[str, bytes] | None:
    """The files that change; None where one of them cannot be written as it was read."""
    changes: dict[str, list[Change]] = {}
    for finding in findings:
        for change in finding.edit:
            changes.setdefault(change.span.source.name, []).append(change)
    found: dict[str, bytes] = {}
    for path, here in changes.items():
        data = draft.read(path)
        text = _text(path, data)
        if text is None or any(text != change.span.source.text for change in here):
            return None
        made = encode(rewritten(text, here), data)
        if encode(text, data) != data:
            return None
        found[path] = made
    return found


def _text(path: str, data: bytes) -> str | None:
    return next((each.text for each in decode(path, data) if isinstance(each, Source)), None)


def rewritten(text: str, changes: Iterable[Change]) -> str:
    """A text with changes that do not overlap."""
    for change in sorted(changes, key=lambda each: -each.span.start):
        text = text[: change.span.start] + change.text + text[change.span.end :]
    return text


def _is_better(before: Report, after: Report, edits: list[Finding]) -> bool:
    """Whether what was edited is found less often, and nothing else but notes of severity info."""
    was, now = _said(before.findings, notes=True), _said(after.findings, notes=False)
    problems = Counter(problem.message for problem in after.problems)
    problems -= Counter(problem.message for problem in before.problems)
    severities = {finding.rule: finding.severity for finding in after.findings}
    new = [each for each in now - was if severity_rank(severities[each[0]]) > 0]
    ended = all(_times(now, edit.rule) < _times(was, edit.rule) for edit in edits)
    return ended and not new and not problems


def _times(said: Counter[tuple[str, str]], rule: str) -> int:
    return sum(count for (each, _), count in said.items() if each == rule)


def _said(findings: Iterable[Finding], *, notes: bool) -> Counter[tuple[str, str]]:
    """Rules and roles; with `notes` also the rules that a finding speaks for."""
    said: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        rules = [finding.rule, *(note.rule for note in finding.notes if notes)]
        said.update((rule, role) for rule in rules for role in finding.roles)
    return said

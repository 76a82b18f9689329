"""Puts what is found into the words of the protocol."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from lsprotocol import types

from iamlint.findings import Finding, Place
from iamlint.lsp.buffers import Document
from iamlint.lsp.checking import Judged
from iamlint.lsp.client import Client
from iamlint.lsp.pages import Pages
from iamlint.lsp.positions import Lines
from iamlint.lsp.uris import uri_of
from iamlint.rules.book import Rule
from iamlint.source import Problem, Span

SOURCE = "iamlint"
EFFECTLESS = "effectless"  # flag of rules about what can go without a change of who gets in
_MARK = "\ufeff"
_MOST_RELATED = 20

_ERROR, _WARNING = types.DiagnosticSeverity.Error, types.DiagnosticSeverity.Warning
_INFORMATION, _HINT = types.DiagnosticSeverity.Information, types.DiagnosticSeverity.Hint
_SEVERITIES = {
    "critical": _ERROR,
    "high": _ERROR,
    "medium": _WARNING,
    "low": _INFORMATION,
    "info": _HINT,
}
_SOFTER = {_ERROR: _WARNING, _WARNING: _INFORMATION, _INFORMATION: _HINT, _HINT: _HINT}


class Places:
    """Places of a check as an editor finds them."""

    __slots__ = ("_by_path", "_client", "_here", "_lines")

    def __init__(self, here: str, documents: Mapping[str, Document], client: Client) -> None:
        self._here = here
        self._by_path = documents
        self._client = client
        self._lines: dict[str, Lines] = {}

    def location(self, span: Span) -> types.Location | None:
        """Where a span is; None for what was not written in a file."""
        whole = span.root()
        path = os.path.normpath(os.path.join(self._here, whole.source.name))
        document = self._by_path.get(path)
        if document is not None:
            return types.Location(document.uri, range_in(document, whole, self._client.encoding))
        if not os.path.isfile(path):
            return None
        lines = self._lines.setdefault(path, Lines(whole.source.text))
        return types.Location(uri_of(path), range_of(lines, whole, 0, self._client.encoding))


def range_in(document: Document, span: Span, encoding: str) -> types.Range:
    """The range of a span in a document."""
    return range_of(document.lines, span, shift_of(document), encoding)


def shift_of(document: Document) -> int:
    """How many code points of a document come before those that are read."""
    return 1 if (document.text or "").startswith(_MARK) else 0


def range_of(lines: Lines, span: Span, shift: int, encoding: str) -> types.Range:
    start, end = (lines.position(at + shift, encoding) for at in (span.start, span.end))
    return types.Range(types.Position(*start), types.Position(*end))


class Telling:
    """Makes the diagnostics of one document."""

    __slots__ = ("_client", "_judged", "_pages", "_places")

    def __init__(self, judged: Judged, client: Client, pages: Pages, places: Places) -> None:
        self._judged = judged
        self._client = client
        self._pages = pages
        self._places = places

    def all(self) -> list[types.Diagnostic]:
        """One for each finding, then one for each problem."""
        found = [self._of_finding(each) for each in self._judged.findings]
        return [*found, *map(self._of_problem, self._judged.problems)]

    def _of_finding(self, finding: Finding) -> types.Diagnostic:
        book = self._judged.book
        rule = book.get(finding.rule) if book is not None else None
        related = list(self._related(finding)) if self._client.related else []
        return types.Diagnostic(
            range=range_in(self._judged.document, finding.place.span, self._client.encoding),
            severity=severity_of(finding),
            code=finding.rule,
            code_description=self._description(rule),
            source=SOURCE,
            message=message_of(finding, with_notes=not self._client.related),
            tags=self._tags(rule),
            related_information=related or None,
            data=finding.fingerprint,
        )

    def _description(self, rule: Rule | None) -> types.CodeDescription | None:
        if rule is None or not self._client.links:
            return None
        uri = self._pages.uri(rule)
        return types.CodeDescription(uri) if uri is not None else None

    def _tags(self, rule: Rule | None) -> list[types.DiagnosticTag] | None:
        if rule is None or not self._client.tags or not rule.flag(EFFECTLESS):
            return None
        return [types.DiagnosticTag.Unnecessary]

    def _related(self, finding: Finding) -> Iterator[types.DiagnosticRelatedInformation]:
        notes = (Place(each.place.span, f"[{each.rule}] {each.message}") for each in finding.notes)
        for place in [*finding.related, *notes][:_MOST_RELATED]:
            location = self._places.location(place.span)
            if location is not None:
                yield types.DiagnosticRelatedInformation(location, place.label or "see here, too")

    def _of_problem(self, problem: Problem) -> types.Diagnostic:
        place = types.Range(types.Position(0, 0), types.Position(0, 0))
        if problem.span is not None:
            span = problem.span.root()
            place = range_in(self._judged.document, span, self._client.encoding)
        help = f"\nhelp: {problem.help}" if problem.help else ""
        return types.Diagnostic(
            range=place,
            severity=_WARNING if problem.blocking else _INFORMATION,
            code=problem.code,
            source=SOURCE,
            message=problem.message + help,
        )


def severity_of(finding: Finding) -> types.DiagnosticSeverity:
    """How an editor shows a finding; one that is only possible a step softer."""
    shown = _SEVERITIES[finding.severity]
    return shown if finding.certainty == "certain" else _SOFTER[shown]


def message_of(finding: Finding, *, with_notes: bool) -> str:
    """What a person reads: what is wrong, who gets in, and what to write instead."""
    return "\n".join(_lines(finding, with_notes))


def _lines(finding: Finding, with_notes: bool) -> Iterable[str]:
    yield finding.message
    if finding.witness:
        yield f"who: {finding.witness}"
    if finding.certainty == "possible":
        yield from (f"because: {each}" for each in finding.assumptions)
    if finding.why:
        yield f"note: {finding.why}"
    if with_notes:
        yield from (f"note: [{each.rule}] {each.message}" for each in finding.notes)
    if len(finding.roles) > 1:
        more = f" and {len(finding.roles) - 5} more" if len(finding.roles) > 5 else ""
        yield f"roles: {', '.join(finding.roles[:5])}{more}"
    if finding.help:
        yield f"help: {finding.help}"

"""Writes a report as JSON, one finding a line; `json_schema` publishes the shape."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps

from iamlint.findings import Finding, Note, Place, Report, Summary
from iamlint.reporters import View, region
from iamlint.source import Problem, Span
from iamlint.version import VERSION


def render(report: Report, view: View) -> str:
    """Return the report; equal reports give equal bytes."""
    findings = listed(_finding(finding) for finding in report.findings)
    problems = listed(_problem(problem) for problem in report.problems)
    ignored = listed(_ignored(finding) for finding in report.ignored)
    known = listed(_finding(finding) for finding in report.known)
    fixed = listed(each._asdict() for each in report.fixed)
    return (
        f'{{"version": {encoded(VERSION)},\n"findings": {findings},\n"problems": {problems},\n'
        f'"ignored": {ignored},\n"known": {known},\n"fixed": {fixed},\n'
        f'"summary": {encoded(_summary(report.summary))}}}\n'
    )


def listed(items: Iterable[object]) -> str:
    """A JSON array with one item a line."""
    lines = ",\n".join(map(encoded, items))
    return f"[\n{lines}\n]" if lines else "[]"


def encoded(data: object) -> str:
    """JSON on one line, readable where that is harmless.

    What does not print (controls, bidirectional overrides) is escaped, as a report may be shown
    on a terminal; halves of surrogate pairs, which no UTF-8 file can hold, are replaced.
    """
    line = dumps(data, ensure_ascii=False)
    if line.isprintable():
        return line
    whole = line.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(char if char.isprintable() else dumps(char)[1:-1] for char in whole)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "why": finding.why,
        "certainty": finding.certainty,
        "message": finding.message,
        "roles": finding.roles,
        **_location(finding.place.span),
        "witness": finding.witness,
        "assumptions": finding.assumptions,
        "help": finding.help,
        "fingerprint": finding.fingerprint,
        "related": [_related(place) for place in finding.related],
        "notes": [_note(note) for note in finding.notes],
        "edit": [{**_location(change.span), "text": change.text} for change in finding.edit],
    }


def _ignored(finding: Finding) -> dict[str, object]:
    why = finding.justification
    said = why and {"reason": why.reason, "until": why.until, **_location(why.place.span)}
    return {**_finding(finding), "justification": said}


def _related(place: Place) -> dict[str, object]:
    return {**_location(place.span), "message": place.label}


def _note(note: Note) -> dict[str, object]:
    return {"rule": note.rule, "message": note.message, **_location(note.place.span)}


def _problem(problem: Problem) -> dict[str, object]:
    place = _location(problem.span.root()) if problem.span else _NOWHERE
    return {
        "code": problem.code,
        "message": problem.message,
        **place,
        "path": problem.path,
        "help": problem.help,
        "blocking": problem.blocking,
    }


def _location(span: Span) -> dict[str, object]:
    return {"path": span.source.name, **region(span)._asdict()}


_NOWHERE = {"path": "", "line": None, "column": None, "end_line": None, "end_column": None}


def _summary(summary: Summary) -> dict[str, int]:
    return {
        "findings": summary.counts["certain"] + summary.counts["possible"],
        **summary.counts,
        "hidden": summary.hidden,
        "problems": summary.problems,
        "roles": summary.roles,
        "files": summary.files,
        "skipped": summary.skipped,
        "unresolved": summary.unresolved,
    }

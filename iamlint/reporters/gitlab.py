"""Writes a report for the Code Quality widget of GitLab, one issue a line.

Source: docs.gitlab.com, "Code Quality", on importing reports: each issue has a description, the
name of its check, a fingerprint that no other one has, a severity, and a path and line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from iamlint.findings import Finding, Report, digest
from iamlint.reporters import View, region
from iamlint.reporters.json import listed
from iamlint.source import Problem, Span

_SEVERITIES = {
    "critical": "blocker",
    "high": "critical",
    "medium": "major",
    "low": "minor",
    "info": "info",
}


def render(report: Report, view: View) -> str:
    """Return a JSON array; equal reports give equal bytes."""
    issues = [*map(_finding, report.findings), *map(_problem, report.problems)]
    return listed(_distinct(issues)) + "\n"


def _distinct(issues: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    """The issues, with names for those that have the name of an earlier one."""
    seen: Counter[object] = Counter()
    for issue in issues:
        name = issue["fingerprint"]
        seen[name] += 1
        yield issue if seen[name] == 1 else issue | {"fingerprint": f"{name}#{seen[name]}"}


def _finding(finding: Finding) -> dict[str, object]:
    sure = finding.certainty == "certain"
    parts = [finding.message if sure else f"possible: {finding.message}"]
    if finding.witness:
        parts.append(f"who: {finding.witness}")
    return {
        "description": _one_line("; ".join(parts)),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": _location(finding.place.span),
    }


def _problem(problem: Problem) -> dict[str, object]:
    place = problem.span.root() if problem.span else None
    text = place.text if place else ""
    named = "\n".join((problem.code, problem.path, problem.message, text))
    location = {"path": _path(problem.path), "lines": {"begin": 1}}
    return {
        "description": _one_line(problem.message),
        "check_name": problem.code,
        "fingerprint": f"v1:{digest(named)}",
        "severity": "critical" if problem.blocking else "info",
        "location": _location(place) if place else location,
    }


def _location(span: Span) -> dict[str, object]:
    line, column, end_line, end_column = region(span)
    return {
        "path": _path(span.source.name),
        "lines": {"begin": line, "end": end_line},
        "positions": {
            "begin": {"line": line, "column": column},
            "end": {"line": end_line, "column": end_column},
        },
    }


def _path(path: str) -> str:
    """As the repository names it: GitLab links nothing that begins with `./`."""
    return path.removeprefix("./")


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""Writes a report as workflow commands: GitHub shows them as annotations on the changed lines.

Source: docs.github.com, "Workflow commands for GitHub Actions"; what must be escaped is told by the
toolkit (`@actions/core`, command.ts).
"""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.findings import Finding, Report, severity_rank
from iamlint.reporters import View, region
from iamlint.reporters.excerpt import clean
from iamlint.reporters.text import summary_line
from iamlint.source import Problem, Span

MOST_TEXT = 4_000  # code points of an annotation

_COMMANDS = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "notice",
    "info": "notice",
}


def render(report: Report, view: View) -> str:
    """Return one command a line, the most severe first: of a step GitHub shows ten of a kind."""
    ordered = sorted(report.findings, key=lambda finding: -severity_rank(finding.severity))
    lines = [*map(_finding, ordered), *map(_problem, report.problems)]
    if not view.quiet:
        lines.append(summary_line(report.summary, view.milliseconds, view.verbose))
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding) -> str:
    place = finding.place.span
    return _command(
        _COMMANDS[finding.severity],
        {
            **_place(place),
            "title": f"{finding.severity}: {finding.rule}",
        },
        "\n".join(_sentences(finding)),
    )


def _sentences(finding: Finding) -> Iterator[str]:
    yield finding.message if finding.certainty == "certain" else f"possible: {finding.message}"
    if finding.witness:
        yield f"who: {finding.witness}"
    if finding.help:
        yield f"help: {finding.help}"


def _problem(problem: Problem) -> str:
    place = _place(problem.span.root()) if problem.span else {"file": problem.path}
    text = f"{problem.message}\nhelp: {problem.help}" if problem.help else problem.message
    command = "error" if problem.blocking else "notice"
    return _command(command, {**place, "title": problem.code}, text)


def _place(span: Span) -> dict[str, str]:
    """Where it is; GitHub takes columns only of what is on one line."""
    line, column, end_line, end_column = region(span)
    lines = {"file": span.source.name, "line": str(line), "endLine": str(end_line)}
    if line != end_line:
        return lines
    return lines | {"col": str(column), "endColumn": str(end_column)}


def _command(name: str, properties: dict[str, str], text: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    cut = text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"
    return f"::{name} {told}::{_data(cut)}"


def _data(text: str) -> str:
    """A text of several lines on one, with nothing in it that a terminal obeys."""
    lines = (clean(line).replace("%", "%25") for line in text.split("\n"))
    return "%0A".join(lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""Writes a report as Markdown, for the summary of a job or a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.findings import Finding, Report, severity_rank
from iamlint.reporters import View, region
from iamlint.reporters.excerpt import clean
from iamlint.reporters.text import summary_line
from iamlint.source import Problem

MOST_BYTES = 900_000  # GitHub takes 1 MiB as the summary of a step
MOST_TEXT = 1_000  # code points of a sentence

_HEAD = "| severity | place | finding |\n| --- | --- | --- |\n"
# An entity is never markup, whatever stands around it (CommonMark, "Entity and numeric character
# references"), so that nothing of a stranger's becomes a link, a cell, a tag or a formula.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~&@#$:^]|\bwww\.", re.I)


def render(report: Report, view: View) -> str:
    """Return a heading with the numbers, and tables of findings and problems."""
    ordered = sorted(report.findings, key=lambda finding: -severity_rank(finding.severity))
    parts = [f"### iamlint: {summary_line(report.summary, None, view.verbose)}\n"]
    if ordered:
        parts.append("\n" + _HEAD + _rows([_finding(each) for each in ordered], "finding"))
    if report.problems:
        table = _HEAD.replace("finding", "problem")
        parts.append("\n" + table + _rows([_problem(each) for each in report.problems], "problem"))
    return "".join(parts)


def _rows(rows: list[str], noun: str) -> str:
    """The rows of a table, as many as a summary may hold."""
    kept: list[str] = []
    room = MOST_BYTES // 2
    for number, row in enumerate(rows):
        room -= len(row.encode("utf-8"))
        if room < 0:
            rest = len(rows) - number
            return "".join(kept) + f"\nand {rest:,} more {noun}{'s' if rest > 1 else ''}\n"
        kept.append(row)
    return "".join(kept)


def _finding(finding: Finding) -> str:
    span = finding.place.span
    sure = finding.certainty == "certain"
    severity = finding.severity if sure else f"possible {finding.severity}"
    place = f"{span.source.name}:{region(span).line}"
    return _row(severity, place, finding.rule, _sentences(finding))


def _sentences(finding: Finding) -> Iterator[str]:
    yield finding.message
    if finding.witness:
        yield f"who: {finding.witness}"
    if finding.certainty != "certain":
        for assumption in finding.assumptions:
            yield f"because: {assumption}"
    if finding.help:
        yield f"help: {finding.help}"


def _problem(problem: Problem) -> str:
    line = f":{region(problem.span.root()).line}" if problem.span else ""
    sentences = [problem.message, *([f"help: {problem.help}"] if problem.help else [])]
    severity = "not judged" if problem.blocking else "note"
    return _row(severity, f"{problem.path}{line}", problem.code, iter(sentences))


def _row(severity: str, place: str, name: str, sentences: Iterator[str]) -> str:
    told = "<br>".join(map(_sentence, sentences))
    where, rule = _code(_one_line(place)), _escaped(_one_line(name))
    return f"| {severity} | {where} | **{rule}**<br>{told} |\n"


def _sentence(text: str) -> str:
    """A sentence, with what stands between its backticks as code."""
    cut = text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"
    parts = _one_line(cut).split("`")
    if len(parts) % 2 == 0:  # somebody's text has one of its own
        return _escaped("`".join(parts))
    return "".join(
        _code(part) if number % 2 and part else _escaped(part) for number, part in enumerate(parts)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _code(text: str) -> str:
    return f"<code>{_escaped(text)}</code>"


def _escaped(text: str) -> str:
    def entity(found: re.Match[str]) -> str:
        return "".join(f"&#{ord(char)};" for char in found[0])

    return _MARKUP.sub(entity, clean(text))

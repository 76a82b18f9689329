"""Writes a report as JUnit XML, for systems that show tests: a finding is a test that failed.

A finding that does not fail the check is a test that was skipped, what could not be judged is an
error, and a check without either is one test that passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from iamlint.findings import Finding, Report
from iamlint.reporters import View, region
from iamlint.reporters.excerpt import clean
from iamlint.source import Problem

_PASSED = '<testcase classname="iamlint" name="no findings"/>'


def render(report: Report, view: View) -> str:
    """Return one suite, one test case a line or more."""
    cases = [*map(_finding, report.findings), *map(_problem, report.problems)] or [_PASSED]
    failures = sum(finding.fails for finding in report.findings)
    errors = sum(problem.blocking for problem in report.problems)
    skipped = len(report.findings) + len(report.problems) - failures - errors
    counts = (
        f'tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="{skipped}" time="0"'
    )
    body = "\n".join(cases)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="iamlint" tests="{len(cases)}" failures="{failures}"'
        f' errors="{errors}" time="0">\n'
        f'<testsuite name="iamlint" {counts}>\n{body}\n</testsuite>\n</testsuites>\n'
    )


def _finding(finding: Finding) -> str:
    span = finding.place.span
    line, column, _, _ = region(span)
    place = f"{span.source.name}:{line}:{column}"
    sure = finding.certainty == "certain"
    title = finding.message if sure else f"possible: {finding.message}"
    text = _lines(_sentences(finding, place))
    kind = f"{finding.severity}[{finding.rule}]"
    name = f"{kind}: {title} ({place})"
    if finding.fails:
        return _case(span.source.name, name, _told("failure", title, text, kind), line)
    return _case(span.source.name, name, _told("skipped", f"{kind}: {title}", text), line)


def _sentences(finding: Finding, place: str) -> Iterator[str]:
    yield f"{place}: {finding.message}"
    if finding.witness:
        yield f"who: {finding.witness}"
    for assumption in finding.assumptions:
        yield f"because: {assumption}"
    if finding.help:
        yield f"help: {finding.help}"
    yield f"see: iamlint explain {finding.rule}"


def _lines(sentences: Iterable[str]) -> str:
    """A sentence a line: where a report is printed in a job, none may look like a command."""
    return "\n".join(map(_one_line, sentences))


def _problem(problem: Problem) -> str:
    line = region(problem.span.root()).line if problem.span else 1
    text = _lines([problem.message, *([f"help: {problem.help}"] if problem.help else [])])
    name = f"{problem.code}: {problem.message} ({problem.path}:{line})"
    if problem.blocking:
        return _case(problem.path, name, _told("error", problem.message, text, problem.code), line)
    return _case(problem.path, name, _told("skipped", problem.message, text), line)


def _case(path: str, name: str, inner: str, line: int) -> str:
    told = f'classname={_quoted(path)} name={_quoted(name)} file={_quoted(path)} line="{line}"'
    return f'<testcase {told} time="0">{inner}</testcase>'


def _told(element: str, message: str, text: str, kind: str = "") -> str:
    typed = f" type={_quoted(kind)}" if kind else ""
    return f"<{element}{typed} message={_quoted(message)}>{escape(text)}</{element}>"


def _quoted(text: str) -> str:
    """An attribute on one line, without what XML has no way to write."""
    return quoteattr(_one_line(text))


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()))

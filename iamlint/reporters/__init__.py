"""Turns a report into a text: one module a format, one line in the table below."""

from __future__ import annotations

from iamlint.findings import Report
from iamlint.rules.book import Rule
from iamlint.source import Span
from iamlint.typed import Any, NamedTuple


class View(NamedTuple):
    """How a report is looked at; each reporter takes what concerns it."""

    rules: tuple[Rule, ...] = ()
    colour: bool = False
    verbose: bool = False
    quiet: bool = False
    milliseconds: int | None = None
    category: str = "iamlint"  # of a SARIF report: what GitHub keeps apart from other analyses
    ignored: bool = False  # whether a SARIF report holds what was ignored, and why


class Region(NamedTuple):
    """A span as lines and columns, both 1-based; the end is the first column behind it."""

    line: int
    column: int
    end_line: int
    end_column: int


def region(span: Span) -> Region:
    """Where a span is, columns in code points."""
    return Region(*span.source.position(span.start), *span.source.position(span.end))


def render(format: str, report: Report, view: View) -> str:
    """Return the report in one of the FORMATS."""
    text: str = _reporter(format).render(report, view)
    return text


def files(format: str, report: Report, view: View) -> tuple[str, ...]:
    """Return the report as files: more than one where its reader takes only so much of each."""
    reporter = _reporter(format)
    if format not in SPLIT:
        return (reporter.render(report, view),)
    texts: tuple[str, ...] = reporter.files(report, view)
    return texts


def _reporter(format: str) -> Any:
    # A format is imported when it is asked for: SARIF costs more than all the rest of a check.
    return __import__(FORMATS[format], fromlist=["render"])


FORMATS = {
    "text": "iamlint.reporters.text",
    "json": "iamlint.reporters.json",
    "sarif": "iamlint.reporters.sarif",
    "github": "iamlint.reporters.github",
    "gitlab": "iamlint.reporters.gitlab",
    "junit": "iamlint.reporters.junit",
    "markdown": "iamlint.reporters.markdown",
}
SPLIT = {"sarif"}

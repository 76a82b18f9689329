"""Turns a report into a text: one module a format, one line in the table below."""

from __future__ import annotations

from iamlint.findings import Report
from iamlint.rules.book import Rule
from iamlint.source import Span
from iamlint.typed import NamedTuple


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
    # A format is imported when it is asked for: SARIF costs more than all the rest of a check.
    text: str = __import__(FORMATS[format], fromlist=["render"]).render(report, view)
    return text


FORMATS = {
    "text": "iamlint.reporters.text",
    "json": "iamlint.reporters.json",
    "sarif": "iamlint.reporters.sarif",
}

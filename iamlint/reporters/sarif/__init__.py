"""Writes a report as SARIF 2.1.0, one result a line, for GitHub and other stores of alerts."""

from __future__ import annotations

from collections.abc import Sequence

from iamlint.findings import Report, severity_rank
from iamlint.reporters import View
from iamlint.reporters.json import encoded
from iamlint.reporters.sarif import limits
from iamlint.reporters.sarif.objects import plain
from iamlint.reporters.sarif.results import Told, result
from iamlint.reporters.sarif.rules import descriptors
from iamlint.reporters.sarif.runs import run

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(report: Report, view: View) -> str:
    """Return one log with all there is to say; equal reports give equal bytes."""
    written = _Written(report, view)
    return _log(written.runs(limits.chunks(written.lines)))


def files(report: Report, view: View) -> tuple[str, ...]:
    """Return logs, each of which GitHub takes as one file; mostly there is one.

    Of several runs the first ones hold what is most severe, and each is a category of its own:
    GitHub refuses two runs of one category.
    """
    written = _Written(report, view)
    chunks = limits.fitting(written.lines, limits.size(written.head))
    return tuple(map(_log, limits.packed(written.runs(chunks))))


class _Written:
    """The parts of the logs: what every run begins with, and the results, each a line."""

    __slots__ = ("_report", "_rules", "_view", "head", "lines")

    def __init__(self, report: Report, view: View) -> None:
        told = [Told(finding) for finding in report.findings]
        if view.ignored:
            told += [Told(each, "inSource") for each in report.ignored]
            told += [Told(each, "external") for each in report.known]
        if len(told) > limits.RESULTS_PER_RUN:
            told.sort(key=lambda each: -severity_rank(each.finding.severity))
        self._report, self._view = report, view
        self._rules = descriptors([each.finding for each in told], view.rules)
        indices = {rule.id: index for index, rule in enumerate(self._rules)}
        self.lines = [encoded(plain(result(each, indices))) for each in told]
        self.head = self._head(1)

    def runs(self, chunks: Sequence[Sequence[str]]) -> list[str]:
        """The text of each run."""
        others = (self._head(number) for number in range(2, len(chunks) + 1))
        heads = (self.head, *others)
        return [
            f'{{\n{head},\n"results": {_listed(chunk)}\n}}'
            for head, chunk in zip(heads, chunks, strict=True)
        ]

    def _head(self, number: int) -> str:
        category = self._view.category if number == 1 else f"{self._view.category}/{number}"
        made = plain(run(self._report, self._rules, category))
        return ",\n".join(f"{encoded(name)}: {encoded(value)}" for name, value in made.items())


def _listed(lines: Sequence[str]) -> str:
    """An array of what is written already."""
    body = ",\n".join(lines)
    return f"[\n{body}\n]" if lines else "[]"


def _log(runs: Sequence[str]) -> str:
    body = ",\n".join(runs)
    return f'{{"$schema": {encoded(SCHEMA)},\n"version": "2.1.0",\n"runs": [{body}]}}\n'

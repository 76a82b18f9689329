"""Says what is wrong with a rule book, with the file, the line, the column and advice."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.source import Problem, Source, Span

CODE = "invalid-rule"


class RuleBookError(Exception):
    """A rule book that cannot be used; `problems` says why, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(printed, self.problems)))


def fault(source: Source, start: int, end: int, message: str, advice: str = "") -> Problem:
    """A mistake at `[start, end)` of a rule file."""
    return Problem(CODE, message, source.name, Span(source, start, end), advice or None)


def printed(problem: Problem) -> str:
    """One problem as `file:line:column: message` with its advice on a line of its own."""
    place = problem.path
    if problem.span is not None:
        line, column = problem.span.source.position(problem.span.start)
        place = f"{place}:{line}:{column}"
    advice = f"\n  help: {problem.help}" if problem.help else ""
    return f"{place}: {problem.message}{advice}"

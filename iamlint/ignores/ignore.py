"""Holds an ignore, wherever it was written, and the lines that one in a comment counts for."""

from __future__ import annotations

from iamlint.findings import Justification
from iamlint.source import Span
from iamlint.typed import NamedTuple


class Ignore(NamedTuple):
    """Somebody's word that findings of a rule are to be ignored."""

    rule: str
    justification: Justification

    @property
    def place(self) -> Span:
        """Where it is said."""
        return self.justification.place.span


class Noted(NamedTuple):
    """An ignore in a comment: the lines it stands on, and the line it stands above, all 1-based."""

    ignore: Ignore
    first: int
    below: int  # the next line that is no comment; 0: it stands behind something on its own line

    def covers(self, first: int, last: int) -> bool:
        """Whether it counts for what stands on these lines."""
        return first <= self.first <= last or self.below == first

    def heads(self, line: int) -> bool:
        """Whether it counts for all of what begins on a line."""
        return line == (self.below or self.first)

"""Tells what an edit left as it was, and where that stands afterwards."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.source import Source, Span
from iamlint.typed import NamedTuple


class Move(NamedTuple):
    """Where two texts differ: in their code points `[start, old_end)` and `[start, new_end)`.

    What stands before it is where it was; what stands after it has moved by their difference.
    """

    start: int
    old_end: int
    new_end: int

    def of(self, span: Span, into: Source) -> Span | None:
        """Where the text of a span stands in the new text; None if the edit touched it."""
        if span.end <= self.start:
            return Span(into, span.start, span.end)
        if span.start >= self.old_end:
            shift = self.new_end - self.old_end
            return Span(into, span.start + shift, span.end + shift)
        return None


def between(old: str, new: str) -> Move:
    """What turned one text into another: all that is between what they begin and end with."""
    most = min(len(old), len(new))
    start = _alike(most, lambda size: old[:size] == new[:size])
    most -= start
    end = _alike(most, lambda size: size == 0 or old[-size:] == new[-size:])
    return Move(start, len(old) - end, len(new) - end)


def _alike(most: int, are_alike: Callable[[int], bool]) -> int:
    """The largest size up to which two texts are alike."""
    if are_alike(most):
        return most
    least = 0
    while most - least > 1:
        size = (least + most) // 2
        if are_alike(size):
            least = size
        else:
            most = size
    return least

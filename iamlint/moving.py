"""Tells what an edit left as it was, and where that stands afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from iamlint.source import Anchor, Source, Span
from iamlint.typed import NamedTuple


class Move(NamedTuple):
    """Where two texts differ: in their code points `[start, old_end)` and `[start, new_end)`.

    What stands before it is where it was; what stands after it has moved by their difference.
    """

    start: int
    old_end: int
    new_end: int

    @property
    def shift(self) -> int:
        """By how much moves what stands after it."""
        return self.new_end - self.old_end

    def of(self, span: Span, into: Source) -> Span | None:
        """Where the text of a span stands in the new text; None if the edit touched it."""
        if span.end <= self.start:
            return Span(into, span.start, span.end)
        if span.start >= self.old_end:
            return Span(into, span.start + self.shift, span.end + self.shift)
        return None

    def follow(self, anchors: Iterable[Anchor], into: Source) -> None:
        """Moves the anchors of parts that the edit did not touch to where they stand by now."""
        for anchor in anchors:
            is_after = anchor.offset >= self.old_end
            anchor.put(into, anchor.offset + (self.shift if is_after else 0))


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

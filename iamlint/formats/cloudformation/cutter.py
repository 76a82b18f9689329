"""Cuts composed strings in one pass."""

from __future__ import annotations

from iamlint.syntax.holes import Composed, Piece
from iamlint.syntax.value import Value


class Cutter:
    """Cuts pieces off a string from left to right, however many it is made of."""

    __slots__ = ("_at", "_next", "_pieces")

    def __init__(self, value: Value) -> None:
        own = value.pieces if isinstance(value, Composed) else (Piece(value.data, value, 0),)
        self._pieces = own
        self._next = 0
        self._at = 0  # where the next piece begins

    def cut(self, start: int, end: int) -> list[Piece]:
        """The pieces of `[start, end)`; no later cut begins before this one."""
        found: list[Piece] = []
        while self._next < len(self._pieces) and self._at < end:
            piece = self._pieces[self._next]
            left, right = max(start - self._at, 0), min(end - self._at, len(piece.text))
            if left < right:
                text = piece.text[left:right]
                found.append(piece._replace(text=text, start=piece.start + left))
            if self._at + len(piece.text) > end:
                break
            self._at += len(piece.text)
            self._next += 1
        return found

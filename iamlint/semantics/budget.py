"""Bound the work of a question: over budget, the answer is `undecided`, never a guess."""

from __future__ import annotations


class Undecided(Exception):
    """The question could not be answered exactly. `reason` says why, in words for a user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Budget:
    """Steps left for one question; a step is about one move of one automaton (a microsecond)."""

    __slots__ = ("_left", "_total")

    def __init__(self, steps: int = 300_000, total: Budget | None = None) -> None:
        self._left = steps
        self._total = total

    def spend(self, steps: int = 1) -> None:
        """Use up `steps`. Raises Undecided when none are left."""
        self._left -= steps
        if self._total is not None:
            self._total.spend(steps)
        if self._left < 0:
            raise Undecided("the patterns interact in too many ways to decide within the budget")

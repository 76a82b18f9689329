"""Automata side by side: strings that are in all of some languages and in none of others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from iamlint.semantics.budget import Budget
from iamlint.semantics.glob import Automaton, close

State = int  # a set of states, one bit each
Move = tuple[str, int]

# characters tried first for the positions that no pattern cares about
_PLAIN = "xyzabcdefghijklmnopqrstuvw0123456789-_XYZ~"


class Product:
    """All automata side by side in one: in every one of `inside`, in none of `outside`.

    Their bits stand one behind the other, so that one step is one step of them all.
    """

    __slots__ = (
        "_followed",
        "_inside",
        "_known",
        "_other",
        "_placed",
        "_reading",
        "_rejected",
        "_sinks",
        "_stars",
        "moves",
        "start",
        "width",
    )

    def __init__(self, inside: list[Automaton], outside: list[Automaton]) -> None:
        self._placed: list[tuple[Automaton, int]] = []
        self._inside: list[tuple[int, int]] = []  # of each: all its bits, those that accept
        self._rejected = self._sinks = self._stars = self.start = 0
        offset = 0
        for each in (*inside, *outside):
            self._placed.append((each, offset))
            self.start |= each.start << offset
            self._stars |= each.stars << offset
            if len(self._placed) <= len(inside):
                self._inside.append((((1 << each.size) - 1) << offset, each.accepted << offset))
            else:
                self._rejected |= each.accepted << offset
                self._sinks |= each.sinks << offset
            offset += each.size
        self.moves = self._classes()
        masks = ((char, self._known.get(char, self._other)) for char, _ in self.moves)
        self._reading = [(char, advance | stay) for char, (advance, stay) in masks]
        self._followed: dict[State, list[tuple[str, State]]] = {}
        self.width = len(self.moves) * sum(each.weight for each, _ in self._placed)
        """How many moves one state costs."""

    def _classes(self) -> list[Move]:
        """One character for each class of interchangeable ones, and the size of the class.

        The class of characters that no pattern names counts as unbounded (a size of 1,000).
        """
        named = frozenset[str]().union(*(each.chars for each, _ in self._placed))
        other = next(char for char in _candidates() if char not in named)
        self._known = {char: self._masks(char) for char in named}
        self._other = self._masks(other)
        sizes: dict[tuple[int, int], list[str]] = {}
        for char in [*sorted(named, key=lambda char: (not char.isalnum(), char)), other]:
            sizes.setdefault(self._known.get(char, self._other), []).append(char)
        return [(chars[0], 1_000 if chars[-1] == other else len(chars)) for chars in sizes.values()]

    def _masks(self, char: str) -> tuple[int, int]:
        advance = stay = 0
        for each, offset in self._placed:
            on, here = each.masks(char)
            advance |= on << offset
            stay |= here << offset
        return advance, stay

    def following(self, state: State) -> list[tuple[str, State]]:
        """The characters that can be read next, one of each class, and the state after each."""
        found = self._followed.get(state)
        if found is None:
            found = self._followed[state] = []
            for char, read in self._reading:
                # most characters are read by no state: then nothing is left to be `inside`
                if state & read or not self._inside:
                    after = self.step(state, char)
                    if after is not None:
                        found.append((char, after))
        return found

    def step(self, state: State, char: str) -> State | None:
        """The next state; None when no continuation can be accepted."""
        advance, stay = self._known.get(char, self._other)
        after = ((state & advance) << 1) | (state & stay)
        if after & self._stars:
            after = close(after, self._stars)
        if after & self._sinks:
            return None  # `outside` something in which all that follows is
        for bits, _ in self._inside:
            if not after & bits:
                return None
        return after

    def accepts(self, state: State) -> bool:
        """Whether a string that leads here meets all the conditions."""
        return not state & self._rejected and all(state & accepted for _, accepted in self._inside)

    def shortest(self, budget: Budget) -> str | None:
        """Breadth first over the product; the first accepted string is a shortest one."""
        if self.start & self._sinks:  # outside of everything
            return None
        back: dict[State, tuple[State, str] | None] = {self.start: None}
        queue = deque([self.start])
        while queue:
            state = queue.popleft()
            if self.accepts(state):
                return _spell(back, state)
            budget.spend(self.width)
            for char, after in self.following(state):
                if after not in back:
                    back[after] = (state, char)
                    queue.append(after)
        return None


def _spell(back: dict[State, tuple[State, str] | None], state: State) -> str:
    chars: list[str] = []
    link = back[state]
    while link is not None:
        state, char = link
        chars.append(char)
        link = back[state]
    return "".join(reversed(chars))


def _candidates() -> Iterator[str]:
    yield from _PLAIN
    yield from map(chr, range(0xA1, 0x10FFFF))

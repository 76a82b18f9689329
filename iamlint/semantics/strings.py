"""Decide boolean combinations of glob languages: emptiness, a shortest string, distinct fields."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import pairwise, takewhile

from iamlint.semantics.budget import Budget
from iamlint.semantics.glob import (
    Automaton,
    Chars,
    Pattern,
    Token,
    Wild,
    close,
    is_literal,
    text_of,
)
from iamlint.typed import Any, NamedTuple

State = int  # a set of states, one bit each
Move = tuple[str, int]

_MOST_KNOWN = 2_000

# characters tried first for the positions that no pattern cares about
_PLAIN = "xyzabcdefghijklmnopqrstuvw0123456789-_XYZ~"


class Language:
    """A condition on one string: in the union of the patterns, or (not `inside`) outside of it.

    Equal ones are interchangeable. It is looked up far more often than it is made, so it keeps
    its hash, its complement and (see `Strings`) its automaton.
    """

    __slots__ = ("_hash", "_negated", "automaton", "inside", "patterns")

    def __init__(self, inside: bool, patterns: tuple[Pattern, ...]) -> None:
        self.inside = inside
        self.patterns = patterns
        self.automaton: Automaton | None = None
        """Of the union of the patterns, once somebody has made it."""
        self._hash = hash((inside, patterns))
        self._negated: Language | None = None

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Language) or self._hash != other._hash:
            return False
        return self.inside == other.inside and self.patterns == other.patterns

    def __repr__(self) -> str:
        return f"Language({self.inside}, {self.patterns})"

    def holds(self, text: str) -> bool:
        """Whether `text` meets the condition."""
        automaton = self.automaton
        if automaton is None:
            automaton = self.automaton = Automaton(self.patterns)
        return automaton.matches(text) == self.inside

    def negated(self) -> Language:
        """The complement."""
        found = self._negated
        if found is None:
            found = self._negated = Language(not self.inside, self.patterns)
            found.automaton = self.automaton
        return found


class Field(NamedTuple):
    """A part of a string to be counted: the tokens before it, its own, and those after."""

    before: Pattern
    chars: Chars
    length: int | None


class Strings:
    """Answers about conjunctions of languages; remembers what it has already worked out."""

    __slots__ = ("_automata", "_counted", "_shortest")

    def __init__(self) -> None:
        self._automata: dict[tuple[Pattern, ...], Automaton] = {}
        self._shortest: dict[frozenset[Language], str | None] = {}
        self._counted: dict[tuple[frozenset[Language], Field, int], int] = {}

    def automaton(self, patterns: tuple[Pattern, ...]) -> Automaton:
        """The automaton of a union of patterns."""
        found = self._automata.get(patterns)
        if found is None:
            _forget(self._automata)
            found = self._automata[patterns] = Automaton(patterns)
        return found

    def matches(self, languages: tuple[Language, ...], text: str) -> bool:
        """Whether `text` meets all the conditions."""
        return all(self._of(each).matches(text) == each.inside for each in languages)

    def holds(self, language: Language, text: str) -> bool:
        """Whether `text` meets the condition."""
        automaton = language.automaton or self._of(language)
        return automaton.matches(text) == language.inside

    def _of(self, language: Language) -> Automaton:
        """The automaton of the language's patterns, which it keeps."""
        found = language.automaton
        if found is None:
            found = language.automaton = self.automaton(language.patterns)
        return found

    def shortest(self, languages: tuple[Language, ...], budget: Budget) -> str | None:
        """A shortest string that meets all conditions, or None when there is none.

        Raises Undecided when the budget runs out.
        """
        key = frozenset(languages)
        if key not in self._shortest:
            _forget(self._shortest)
            self._shortest[key] = self._search(tuple(key), budget)
        return self._shortest[key]

    def literals(self, languages: tuple[Language, ...]) -> list[str] | None:
        """All strings that meet the conditions when one of them lists its strings, else None."""
        for each in languages:
            if each.inside and all(map(is_literal, each.patterns)):
                texts = dict.fromkeys(text_of(pattern) for pattern in each.patterns)
                return [text for text in texts if self.matches(languages, text)]
        return None

    def count(
        self, languages: tuple[Language, ...], field: Field, limit: int, budget: Budget
    ) -> int:
        """How many values the field takes over all strings that meet the conditions.

        Counting stops above `limit`: the answer is exact up to it, else `limit + 1`.
        Raises Undecided when the budget runs out.
        """
        key = (frozenset(languages), field, limit)
        if key not in self._counted:
            _forget(self._counted)
            self._counted[key] = _Counter(self._product(tuple(key[0])), field, limit, budget).run()
        return self._counted[key]

    def _search(self, languages: tuple[Language, ...], budget: Budget) -> str | None:
        if _exclude_each_other(languages):
            return None
        listed = self.literals(languages)
        if listed is not None:
            return min(listed, key=lambda text: (len(text), text), default=None)
        return self._product(languages).shortest(budget)

    def _product(self, languages: tuple[Language, ...]) -> Product:
        inside = [self._of(each) for each in languages if each.inside]
        outside = [self._of(each) for each in languages if not each.inside]
        return Product(inside, outside)


def _exclude_each_other(languages: tuple[Language, ...]) -> bool:
    """Whether one look tells that nothing meets all: an opposite, or two unlike beginnings."""
    inside = [each for each in languages if each.inside]
    if any(each.negated() in languages for each in inside):
        return True
    starts = sorted(_start(each.patterns[0]) for each in inside if len(each.patterns) == 1)
    return any(not later.startswith(start) for start, later in pairwise(starts))


def _start(pattern: Pattern) -> str:
    """The literal text that a pattern begins with."""
    return "".join(str(token) for token in takewhile(_is_text, pattern))


def _is_text(token: Token) -> bool:
    return type(token) is str


def _forget(known: dict[Any, Any]) -> None:
    """Start over when more is known than memory should hold."""
    if len(known) >= _MOST_KNOWN:
        known.clear()


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


class _Counter:
    """Count the distinct values of a field, reading it deterministically over sets of states."""

    def __init__(self, product: Product, field: Field, limit: int, budget: Budget) -> None:
        self._product = product
        self._field = field
        self._limit = limit
        self._budget = budget
        self._live: dict[State, bool] = {}
        self._known: dict[tuple[frozenset[State], int], int] = {}

    def run(self) -> int:
        states = frozenset({self._product.start})
        for token in self._field.before:
            states = self._through(states, token)
        return min(self._count(states, 0, frozenset()), self._limit + 1)

    def _through(self, states: frozenset[State], token: str | Wild) -> frozenset[State]:
        if isinstance(token, str):
            return frozenset(
                after for state in states if (after := self._product.step(state, token)) is not None
            )
        reached = self._after(states, token.chars)
        if not token.star:
            return reached
        seen = set(states)
        while reached - seen:
            seen |= reached
            reached = self._after(reached, token.chars)
        return frozenset(seen)

    def _after(self, states: frozenset[State], chars: Chars) -> frozenset[State]:
        return frozenset(
            after
            for state in states
            for char, after in self._product.following(state)
            if chars.has(char)
        )

    def _count(self, states: frozenset[State], depth: int, path: frozenset[object]) -> int:
        """Values from here on; a live cycle means without end."""
        self._budget.spend(self._product.width * len(states))
        key = (states, depth if self._field.length else 0)
        if key in self._known:
            return self._known[key]
        if not any(self._alive(state) for state in states):
            return 0
        if states in path and not self._field.length:
            return self._limit + 1
        total = self._ends(states, depth) + self._deeper(states, depth, path | {states})
        self._known[key] = min(total, self._limit + 1)
        return self._known[key]

    def _ends(self, states: frozenset[State], depth: int) -> int:
        if self._field.length is not None:
            return int(depth == self._field.length and any(map(self._closes, states)))
        return int(depth > 0 and any(map(self._closes, states)))

    def _deeper(self, states: frozenset[State], depth: int, path: frozenset[object]) -> int:
        if depth == self._field.length or depth > 200:
            return 0
        total = 0
        reached: dict[str, set[State]] = {}
        for state in states:
            for char, after in self._product.following(state):
                reached.setdefault(char, set()).add(after)
        for char, size in self._product.moves:
            if char in reached and self._field.chars.has(char):
                total += size * self._count(frozenset(reached[char]), depth + 1, path)
            if total > self._limit:
                break
        return total

    def _closes(self, state: State) -> bool:
        """Whether the string can be finished here without lengthening the field."""
        return self._product.accepts(state) or any(
            not self._field.chars.has(char) and self._alive(after)
            for char, after in self._product.following(state)
        )

    def _alive(self, state: State) -> bool:
        """Whether some continuation is accepted; what is learnt of other states is kept."""
        if state in self._live:
            return self._live[state]
        back: dict[State, State | None] = {state: None}
        stack = [state]
        while stack:
            at = stack.pop()
            if self._live.get(at) or self._product.accepts(at):
                self._mark(at, back)
                return True
            self._budget.spend(self._product.width)
            for _, after in self._product.following(at):
                if after not in back and self._live.get(after, True):
                    back[after] = at
                    stack.append(after)
        self._live.update(dict.fromkeys(back, False))
        return False

    def _mark(self, state: State | None, back: dict[State, State | None]) -> None:
        """All states on the way to an accepted one are alive."""
        while state is not None:
            self._live[state] = True
            state = back.get(state)

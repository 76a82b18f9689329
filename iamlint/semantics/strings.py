"""Decide boolean combinations of glob languages: emptiness, a shortest string, distinct fields."""

from __future__ import annotations

from itertools import pairwise, takewhile

from iamlint.semantics.budget import Budget
from iamlint.semantics.glob import (
    Automaton,
    Chars,
    Pattern,
    Token,
    Wild,
    is_literal,
    text_of,
)
from iamlint.semantics.product import Product, State
from iamlint.typed import Any, NamedTuple

_MOST_KNOWN = 2_000


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
        return all(self.holds(each, text) for each in languages)

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

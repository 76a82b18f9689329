"""Glob languages: patterns as tokens, unions of them as one bitset automaton.

A pattern is a tuple of tokens. A token is a single character or a `Wild`: one character, or any
number of characters, out of a set. IAM's `*` and `?` are `Wild`s over all characters; ARN fields,
account ids and issuers' subject fields are `Wild`s over smaller sets.
"""

from __future__ import annotations

from functools import lru_cache

from iamlint.typed import NamedTuple


class Chars(NamedTuple):
    """A set of characters: those listed, or (`inverted`) all others."""

    listed: frozenset[str]
    inverted: bool

    def has(self, char: str) -> bool:
        """Whether the character is in the set."""
        return (char in self.listed) != self.inverted

    def meet(self, other: Chars) -> Chars:
        """The characters in both sets."""
        if self.inverted and other.inverted:
            return Chars(self.listed | other.listed, True)
        if self.inverted:
            return Chars(other.listed - self.listed, False)
        if other.inverted:
            return Chars(self.listed - other.listed, False)
        return Chars(self.listed & other.listed, False)


class Wild(NamedTuple):
    """One character out of `chars`, or (`star`) any number of them."""

    chars: Chars
    star: bool


Token = str | Wild
Pattern = tuple[Token, ...]

ANY = Chars(frozenset(), True)
DIGITS = Chars(frozenset("0123456789"), False)
NOT_COLON = Chars(frozenset(":"), True)
STAR = Wild(ANY, True)
_MOST_KNOWN = 64  # texts an automaton remembers its answer for
ONE = Wild(ANY, False)


def literal(text: str) -> Pattern:
    """The pattern that matches `text` and nothing else."""
    return tuple(text)


def is_literal(pattern: Pattern) -> bool:
    """Whether the pattern matches exactly one string."""
    return all(type(token) is str for token in pattern)


def text_of(pattern: Pattern) -> str:
    """The one string of a literal pattern."""
    return "".join(token for token in pattern if type(token) is str)


def fold(pattern: Pattern) -> Pattern:
    """The same pattern without regard to the case of letters."""
    return tuple(_fold_token(token) for token in pattern)


@lru_cache(maxsize=1024)
def _fold_token(token: Token) -> Token:
    if type(token) is not str:
        return token
    cases = frozenset((token.lower(), token.upper()))
    # a few letters change length with their case; they stand for themselves
    if len(cases) == 1 or any(len(case) != 1 for case in cases):
        return token
    return Wild(Chars(cases, False), False)


class Automaton:
    """A union of patterns as a nondeterministic automaton whose state set is one integer."""

    __slots__ = (
        "_known",
        "_literals",
        "_masks",
        "_other",
        "_sets",
        "accepted",
        "chars",
        "sinks",
        "size",
        "stars",
        "start",
        "weight",
    )

    def __init__(self, patterns: tuple[Pattern, ...]) -> None:
        placed, self.accepted, start, self.sinks = _layout(patterns)
        self._known: dict[str, bool] = {}
        self._literals, self._sets = _named(placed)
        self.chars = frozenset(self._literals).union(*(chars.listed for chars in self._sets))
        """The characters that some token names; all others behave alike."""
        self._masks: dict[str, tuple[int, int]] = {}
        self._other = self._joined(None)
        self.stars = sum(bit for bit, token in placed if type(token) is Wild and token.star)
        self.start = close(start, self.stars)
        self.size = len(placed) + len(patterns)
        """How many bits a state set has."""
        self.weight = 1 + len(placed) // 1024
        """How much a state costs, in those of patterns as people write them."""

    def matches(self, text: str) -> bool:
        """Whether `text` is in the language."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[text] = self._run(text)
        return known

    def _run(self, text: str) -> bool:
        state, stars = self.start, self.stars
        for char in text:
            advance, stay = self.masks(char)
            state = ((state & advance) << 1) | (state & stay)
            if not state:
                return False
            if state & stars:
                state = close(state, stars)
        return bool(state & self.accepted)

    def masks(self, char: str) -> tuple[int, int]:
        """The states that go on to the next one when `char` is read, and those that stay."""
        found = self._masks.get(char)
        if found is None:
            if char not in self.chars:
                return self._other
            found = self._masks[char] = self._joined(char)
        return found

    def _joined(self, char: str | None) -> tuple[int, int]:
        """The masks of a character; None stands for any that no token names."""
        advance = self._literals.get(char, 0) if char else 0
        stay = 0
        for chars, (on, here) in self._sets.items():
            if (char in chars.listed) != chars.inverted:
                advance |= on
                stay |= here
        return advance, stay


def close(states: int, stars: int) -> int:
    """With the states that are reached without reading anything: a star may match nothing."""
    while True:
        wider = states | ((states & stars) << 1)
        if wider == states:
            return states
        states = wider


def _layout(
    patterns: tuple[Pattern, ...],
) -> tuple[list[tuple[int, Token]], int, int, int]:
    """Give each token of each pattern a bit; return the tokens and the accept/start/sink masks."""
    placed: list[tuple[int, Token]] = []
    accept = start = sink = 0
    offset = 0
    for pattern in patterns:
        start |= 1 << offset
        placed.extend((1 << (offset + index), token) for index, token in enumerate(pattern))
        if pattern and pattern[-1] == STAR:
            sink |= 1 << (offset + len(pattern) - 1)
        offset += len(pattern)
        accept |= 1 << offset
        offset += 1
    return placed, accept, start, sink


def _named(
    placed: list[tuple[int, Token]],
) -> tuple[dict[str, int], dict[Chars, tuple[int, int]]]:
    """What goes on at each literal character; what goes on and what stays at each set of them."""
    literals: dict[str, int] = {}
    sets: dict[Chars, tuple[int, int]] = {}
    for bit, token in placed:
        if isinstance(token, str):
            literals[token] = literals.get(token, 0) | bit
        else:
            advance, stay = sets.get(token.chars, (0, 0))
            sets[token.chars] = (advance, stay | bit) if token.star else (advance | bit, stay)
    return literals, sets

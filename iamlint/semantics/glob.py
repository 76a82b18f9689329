"""Glob languages: patterns as tokens, unions of them as one bitset automaton.

A pattern is a tuple of tokens. A token is a single character or a `Wild`: one character, or any
number of characters, out of a set. IAM's `*` and `?` are `Wild`s over all characters; ARN fields,
account ids and issuers' subject fields are `Wild`s over smaller sets.
"""

from __future__ import annotations

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
        "_accept",
        "_known",
        "_moves",
        "_other",
        "_sink",
        "_stars",
        "chars",
        "start",
        "weight",
    )

    def __init__(self, patterns: tuple[Pattern, ...]) -> None:
        placed, accept, start, sink = _layout(patterns)
        self._accept = accept
        self._known: dict[str, bool] = {}
        self._stars = sum(bit for bit, token in placed if type(token) is Wild and token.star)
        self._sink = sink
        self._moves = _moves(placed)
        self._other = _masks(placed, None)
        self.chars = frozenset(self._moves)
        """The characters that some token names; all others behave alike."""
        self.start = self._close(start)
        self.weight = 1 + len(placed) // 1024
        """How much a state costs, in those of patterns as people write them."""

    def step(self, state: int, char: str) -> int:
        """The states after reading `char`; 0 when nothing can match any more."""
        advance, stay = self._moves.get(char, self._other)
        after = ((state & advance) << 1) | (state & stay)
        return self._close(after) if after & self._stars else after

    def accepts(self, state: int) -> bool:
        """Whether a string that leads to `state` is matched."""
        return bool(state & self._accept)

    def certain(self, state: int) -> bool:
        """Whether everything that follows will be matched (the state ends in a free `*`)."""
        return bool(state & self._sink)

    def matches(self, text: str) -> bool:
        """Whether `text` is in the language."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[text] = self._run(text)
        return known

    def _run(self, text: str) -> bool:
        state = self.start
        for char in text:
            state = self.step(state, char)
            if not state:
                return False
        return self.accepts(state)

    def signature(self, char: str) -> tuple[int, int]:
        """What reading `char` does; characters with equal signatures are interchangeable."""
        return self._moves.get(char, self._other)

    def _close(self, state: int) -> int:
        while True:
            wider = state | ((state & self._stars) << 1)
            if wider == state:
                return state
            state = wider


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


def _moves(placed: list[tuple[int, Token]]) -> dict[str, tuple[int, int]]:
    """What each character that some token names does; characters of the same sets share it."""
    sets = {token.chars for _, token in placed if type(token) is Wild}
    literals = {token for _, token in placed if type(token) is str}
    named = literals.union(*(chars.listed for chars in sets))
    shared: dict[tuple[bool, ...], tuple[int, int]] = {}
    moves: dict[str, tuple[int, int]] = {}
    for char in named:
        if char in literals:
            moves[char] = _masks(placed, char)
            continue
        kind = tuple(chars.has(char) for chars in sets)
        if kind not in shared:
            shared[kind] = _masks(placed, char)
        moves[char] = shared[kind]
    return moves


def _masks(placed: list[tuple[int, Token]], char: str | None) -> tuple[int, int]:
    """(advance, stay) masks for one character; None stands for any character no token names."""
    advance = stay = 0
    for bit, token in placed:
        if type(token) is Wild:
            if token.chars.has(char) if char is not None else token.chars.inverted:
                if token.star:
                    stay |= bit
                else:
                    advance |= bit
        elif token == char:
            advance |= bit
    return advance, stay

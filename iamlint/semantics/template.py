"""Strings made of named parts, and conditions on one arrangement of the parts carried to another.

`aws:PrincipalAccount` is a part of the caller's ARN, `…:repository` a part of a GitHub subject.
A `View` says how one key reads off the parts of a master string; `View.lift` turns a pattern on
the key into the patterns on the master that mean the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache

from iamlint.semantics.budget import Budget
from iamlint.semantics.glob import Chars, Pattern, Token, Wild
from iamlint.typed import NamedTuple

_MOST_CUTS = 4_000
MOST_TOKENS = 500  # to cut a pattern along a layout takes the square of its stars


class Part(NamedTuple):
    """A named part: characters out of `chars`, exactly `length` or (None) `least` or more."""

    name: str
    chars: Chars
    length: int | None = None
    least: int = 1

    def pattern(self) -> Pattern:
        """All values of the part."""
        return _all_of(self)

    def admits(self, fixed: int, *, open_ended: bool) -> bool:
        """Whether `fixed` characters, or (`open_ended`) that many and more, can be of the part."""
        if self.length is not None and fixed > self.length:
            return False
        return open_ended or fixed >= (self.length or self.least)


@lru_cache(maxsize=256)
def _all_of(part: Part) -> Pattern:
    one = Wild(part.chars, False)
    if part.length is not None:
        return (one,) * part.length
    return (*(one,) * part.least, Wild(part.chars, True))


Piece = str | Part
Layout = tuple[Piece, ...]


@lru_cache(maxsize=512)
def pattern_of(layout: Layout) -> Pattern:
    """All strings of a layout. The text of a `str` piece is literal."""
    tokens: list[Token] = []
    for piece in layout:
        tokens.extend(piece if isinstance(piece, str) else piece.pattern())
    return tuple(tokens)


def before(layout: Layout, name: str) -> Pattern:
    """The pattern of all that stands before the part `name`. Raises KeyError when it is absent."""
    for index, piece in enumerate(layout):
        if isinstance(piece, Part) and piece.name == name:
            return pattern_of(layout[:index])
    raise KeyError(name)


def part_of(layout: Layout, name: str) -> Part:
    """The part `name` of a layout. Raises KeyError when it is absent."""
    for piece in layout:
        if isinstance(piece, Part) and piece.name == name:
            return piece
    raise KeyError(name)


@lru_cache(maxsize=2048)
def lift(patterns: tuple[Pattern, ...], view: Layout, master: Layout) -> tuple[Pattern, ...]:
    """The patterns on `master` that say what `patterns` say on `view`.

    INVARIANT: exact for strings of the master's layout, in which every part of the view stands.
    """
    found: dict[Pattern, None] = {}
    for pattern in patterns:
        for parts in splits(pattern, view):
            found[fill(parts, master)] = None
    return tuple(found)


def fill(parts: dict[str, Pattern], master: Layout) -> Pattern:
    """The pattern of the layout in which the named parts are narrowed to `parts`."""
    tokens: list[Token] = []
    for piece in master:
        if isinstance(piece, str):
            tokens.extend(piece)
        else:
            tokens.extend(parts[piece.name] if piece.name in parts else piece.pattern())
    return tuple(tokens)


def read(text: str, layout: Layout) -> dict[str, str] | None:
    """The parts of a string of the layout; None when it is no such string."""
    for parts in splits(tuple(text), layout):
        values = {name: "".join(map(str, pattern)) for name, pattern in parts.items()}
        if all(
            piece.length in (None, len(values[piece.name]))
            and (piece.length is not None or len(values[piece.name]) >= piece.least)
            for piece in layout
            if isinstance(piece, Part)
        ):
            return values
    return None


def write(parts: dict[str, str], layout: Layout) -> str:
    """The string of the layout with these parts."""
    return "".join(piece if isinstance(piece, str) else parts[piece.name] for piece in layout)


def splits(pattern: Pattern, layout: Layout) -> Iterator[dict[str, Pattern]]:
    """All ways to cut a pattern along a layout: what each part must match in each of them.

    A star may be cut in two. Raises Undecided when there are too many ways to try.
    """
    yield from _cut_on(pattern, 0, layout, {}, Budget(_MOST_CUTS))


@lru_cache(maxsize=2048)
def first_cuts(pattern: Pattern, layout: Layout) -> tuple[dict[str, Pattern], ...]:
    """A few of the ways to cut a pattern along a layout; none only where there are none."""
    return tuple(itertools.islice(splits(pattern, layout), 4))


def may_be(pattern: Pattern, layout: Layout) -> bool:
    """Whether some string of the layout matches the pattern; a wrong answer is always True."""
    return not layout or len(pattern) > MOST_TOKENS or bool(first_cuts(pattern, layout))


def _cut_on(
    pattern: Pattern, position: int, layout: Layout, parts: dict[str, Pattern], budget: Budget
) -> Iterator[dict[str, Pattern]]:
    """Cut the rest of the pattern, from `position`, along the rest of the layout."""
    budget.spend()
    if not layout:
        if _only_stars(pattern, position):
            yield parts
        return
    piece, rest = layout[0], layout[1:]
    if isinstance(piece, str):
        for end in _skip(pattern, position, piece):
            yield from _cut_on(pattern, end, rest, parts, budget)
        return
    for end, cut in _cuts(pattern, position, piece, rest[0] if rest else None):
        yield from _cut_on(pattern, end, rest, {**parts, piece.name: cut}, budget)


def _only_stars(pattern: Pattern, position: int) -> bool:
    return all(isinstance(token, Wild) and token.star for token in pattern[position:])


def _skip(pattern: Pattern, position: int, text: str) -> list[int]:
    """Positions after the pattern has matched `text`, starting from `position`."""
    literal = position + len(text)
    if pattern[position:literal] == tuple(text):
        return sorted(_stars_on(pattern, {literal}))
    places = _stars_on(pattern, {position})
    for char in text:
        after: set[int] = set()
        for place in places:
            if place == len(pattern):
                continue
            token = pattern[place]
            if isinstance(token, Wild):
                if token.chars.has(char):
                    after.add(place if token.star else place + 1)
            elif token == char:
                after.add(place + 1)
        places = _stars_on(pattern, after)
    return sorted(places)


def _stars_on(pattern: Pattern, places: set[int]) -> set[int]:
    closed = set(places)
    for place in places:
        at = place
        while at < len(pattern) and isinstance(token := pattern[at], Wild) and token.star:
            at += 1
            closed.add(at)
    return closed


def _cuts(
    pattern: Pattern, position: int, part: Part, follower: Piece | None
) -> list[tuple[int, Pattern]]:
    """Every end a part may have in the pattern, the last one first, with what it must match.

    Ends are left out where the `follower`, the next piece or (None) nothing, cannot begin.
    """
    found: list[tuple[int, Pattern]] = []
    cut: list[Token] = []
    fixed, stars = 0, False
    for end in range(position, len(pattern) + 1):
        token = pattern[end] if end < len(pattern) else None
        taken = _within(token, part.chars)
        star = type(taken) is Wild and taken.star
        # a star at the end may serve this part and go on serving the next one
        if _may_go_on(token, follower) and part.admits(fixed, open_ended=stars or star):
            found.append((end, (*cut, taken) if star and taken is not None else tuple(cut)))
        if taken is None:
            break
        cut.append(taken)
        fixed, stars = fixed + (not star), stars or star
    found.reverse()
    return found


def _may_go_on(token: Token | None, follower: Piece | None) -> bool:
    """Whether a piece, or the end, may begin at a token (None: the end of the pattern)."""
    if follower is None:
        return type(token) is not str
    if type(follower) is str:
        return token == follower[0] if type(token) is str else token is not None
    return True


def _within(token: Token | None, chars: Chars) -> Token | None:
    """The token restricted to `chars`; None when it is a character outside of them."""
    if type(token) is str:
        return token if (token in chars.listed) != chars.inverted else None
    return None if token is None else _restricted(token, chars)


@lru_cache(maxsize=256)
def _restricted(token: Wild, chars: Chars) -> Wild:
    return Wild(token.chars.meet(chars), token.star)

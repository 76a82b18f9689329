"""A quick proof that the values of a key have no end, part by part of the string it reads off."""

from __future__ import annotations

import itertools
from functools import lru_cache

from iamlint.semantics.glob import Pattern, Token, Wild
from iamlint.semantics.slots import Slot
from iamlint.semantics.strings import Language
from iamlint.semantics.template import MOST_TOKENS, Layout, Part, first_cuts

_MOST_WAYS = 8
Cuts = dict[str, Pattern]


def unbounded(slot: Slot, languages: tuple[Language, ...], most: int) -> bool:
    """Whether more than `most` values of the slot's key meet the languages; False when not sure.

    The parts of a string are independent of each other. So where every language can be cut along
    the layout such that no part is narrowed by two of them, the strings of that cut are all there,
    and a part that is not narrowed, or to a pattern with a star, has values without end.
    """
    if not slot.layout or not all(each.inside for each in languages):
        return False
    shown = [piece for piece in slot.view or slot.layout if isinstance(piece, Part)]
    ways = itertools.product(*(_ways(each, slot.layout) for each in languages))
    return any(_has_no_end(way, shown, most) for way in itertools.islice(ways, _MOST_WAYS))


def _ways(language: Language, layout: Layout) -> list[Cuts]:
    """Some cuts of a language's patterns, of each part only what is narrowed."""
    patterns = [each for each in language.patterns[:_MOST_WAYS] if len(each) <= MOST_TOKENS]
    return [cuts for each in patterns for cuts in _narrowing(each, layout)]


@lru_cache(maxsize=1024)
def _narrowing(pattern: Pattern, layout: Layout) -> tuple[Cuts, ...]:
    whole = {piece.name: piece.pattern() for piece in layout if isinstance(piece, Part)}
    return tuple(
        {name: cut for name, cut in cuts.items() if not _covers(cut, whole[name])}
        for cuts in first_cuts(pattern, layout)
        if not any(map(_is_nothing, itertools.chain.from_iterable(cuts.values())))
    )


def _covers(cut: Pattern, whole: Pattern) -> bool:
    """Whether a cut leaves all values of the part."""
    return cut == whole or cut == (_star_of(whole),)


def _star_of(whole: Pattern) -> Token:
    """The star over the characters of a part."""
    first = whole[0]
    return Wild(first.chars, True) if isinstance(first, Wild) else first


def _is_star(token: Token) -> bool:
    return isinstance(token, Wild) and token.star


def _has_no_end(way: tuple[Cuts, ...], shown: list[Part], most: int) -> bool:
    narrowed: Cuts = {}
    for cuts in way:
        if narrowed.keys() & cuts.keys():
            return False
        narrowed |= cuts
    return any(_many(narrowed.get(part.name), part, most) for part in shown)


def _many(cut: Pattern | None, part: Part, most: int) -> bool:
    """Whether a part has more than `most` values."""
    if cut is None:
        return part.length is None or len(part.chars.listed) ** part.length > most
    return part.length is None and any(map(_is_star, cut))


def _is_nothing(token: Token) -> bool:
    """Whether a wildcard stands for no character at all."""
    return isinstance(token, Wild) and not token.chars.listed and not token.chars.inverted

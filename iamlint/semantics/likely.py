"""Likely values of a string: what a person would write where the conditions leave a choice."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import lru_cache

from iamlint.semantics.glob import Pattern, Token, Wild, is_literal, text_of
from iamlint.semantics.slots import Slot
from iamlint.semantics.strings import Language
from iamlint.semantics.template import MOST_TOKENS, Layout, Part, first_cuts, may_be, read, write
from iamlint.semantics.values import Condition


def likely(slot: Slot, conditions: Iterable[Condition]) -> Iterator[str]:
    """Candidates for a value of the slot's string, the most telling ones first.

    They have the string's layout; whether they meet the conditions is for the caller to test.
    """
    yield from slot.samples
    samples = [parts for text in slot.samples if (parts := _read(text, slot.layout)) is not None]
    inside = [each for each in conditions if isinstance(each, Language) and each.inside]
    yield from _together(slot.layout, inside, samples)
    for condition in inside:
        for pattern in sorted(condition.patterns, key=_exact)[:6]:
            if len(pattern) > MOST_TOKENS:
                continue
            for cuts in first_cuts(pattern, slot.layout):
                for sample in samples or [{}]:
                    yield from _written(slot.layout, cuts, sample)


def may_meet(slot: Slot, conditions: Iterable[Condition]) -> bool:
    """Whether each condition leaves strings of the slot's layout; a wrong answer is always True.

    One look at the layout proves what a walk through an automaton would find out later.
    """
    return all(
        any(may_be(pattern, slot.layout) for pattern in each.patterns)
        for each in conditions
        if isinstance(each, Language) and each.inside
    )


def _together(
    layout: Layout, inside: list[Language], samples: list[dict[str, str]]
) -> Iterator[str]:
    """Samples with every part that some condition spells out written as it says."""
    fixed: dict[str, str] = {}
    for condition in inside:
        if len(condition.patterns) != 1 or len(condition.patterns[0]) > MOST_TOKENS:
            continue
        for cuts in first_cuts(condition.patterns[0], layout)[:1]:
            fixed.update((name, text_of(cut)) for name, cut in cuts.items() if is_literal(cut))
    if fixed:
        yield from (write({**sample, **fixed}, layout) for sample in samples)


@lru_cache(maxsize=2048)
def _read(text: str, layout: Layout) -> dict[str, str] | None:
    return read(text, layout)


@lru_cache(maxsize=2048)
def _exact(pattern: Pattern) -> bool:
    return not any(_is_star(token) for token in pattern)


def _written(layout: Layout, cuts: dict[str, Pattern], sample: dict[str, str]) -> Iterator[str]:
    parts = [piece for piece in layout if isinstance(piece, Part)]
    options = [_readable(part, cuts[part.name], sample.get(part.name, "x")) for part in parts]
    for picked in itertools.islice(itertools.product(*options), 12):
        yield write(dict(zip((part.name for part in parts), picked, strict=True)), layout)


def _readable(part: Part, cut: Pattern, sample: str) -> list[str]:
    """Texts for a part that must match `cut`, the most telling one first."""
    if not any(_is_star(token) for token in cut):
        return ["".join(_one(token) for token in cut)]
    if all(isinstance(token, Wild) for token in cut):
        return [sample]
    if part.length is not None:
        text = "".join(_one(token) for token in cut if not _is_star(token))
        return [text + "9" * (part.length - len(text))]
    return [_filled(cut, ending) for ending in ("evil", "", "x", "1")]


def _is_star(token: Token) -> bool:
    return isinstance(token, Wild) and token.star


def _one(token: Token) -> str:
    if isinstance(token, str):
        return token
    return next(char for char in "x9X-/:." if token.chars.has(char)) if _some(token) else "0"


def _some(token: Wild) -> bool:
    return any(token.chars.has(char) for char in "x9X-/:.")


def _filled(cut: Pattern, ending: str) -> str:
    text = ""
    for index, token in enumerate(cut):
        if not _is_star(token):
            text += _one(token)
        elif index == len(cut) - 1 and ending:
            text += ending if not text or text[-1] in "-_/.:" else f"-{ending}"
        elif index == 0:
            text += ending
    return text

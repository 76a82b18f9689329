"""Goes through the ways in which a trust policy may come out of conditions that nobody can tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from iamlint.formats.decisions import State, Undecided, assume
from iamlint.formats.policy_texts import Document
from iamlint.formats.role import Variant
from iamlint.syntax.holes import OWN_KINDS, Hole, Holes, fill, holes_in
from iamlint.syntax.value import Value, content
from iamlint.typed import Any, NamedTuple

MOST_VARIANTS = 32
_MOST_RUNS = 256  # that end in a variant, in a question, or in a contradiction


class Outcomes(NamedTuple):
    """All there may be; `is_cut`: there is more."""

    found: list[Any]
    is_cut: bool


def outcomes(make: Callable[[State], Any], start: State, holes: Holes) -> Outcomes:
    """What `make` gives in every state that matters to it; a question splits one in two.

    Every condition has one truth in a state, wherever it is met. None is no outcome.
    """
    todo, found, runs = [start], list[Any](), 0
    while todo:
        runs += 1
        if len(found) == MOST_VARIANTS or runs > _MOST_RUNS:
            return Outcomes(found, is_cut=True)
        state = todo.pop()
        try:
            made = make(state)
        except Undecided as undecided:
            for truth in (False, True):
                split = assume(state, undecided.atom, truth, holes)
                if split is not None:
                    todo.append(split)
        else:
            if made is not None:
                found.append(made)
    return Outcomes(found, is_cut=False)


def filled(document: Value, state: State, holes: Holes, char_of: Callable[[Hole], str]) -> Value:
    """A document with what a state knows of its holes."""
    known: dict[str, str] = {}
    for char in holes_in(document, holes) if state.equal or state.apart else ():
        hole = holes[char]
        text = state.settled(char)
        left = tuple(value for value in hole.values if value not in state.excluded(char))
        if hole.kind in OWN_KINDS:
            continue
        if text != char:
            known[char] = text
        elif len(left) < len(hole.values):
            known[char] = char_of(hole._replace(values=left))
    return fill(document, known)


class Found(NamedTuple):
    """The document in one state, and what is assumed for that, in words."""

    document: Document
    given: tuple[str, ...]


def variants(found: Sequence[Found], *, is_cut: bool) -> tuple[Variant, ...]:
    """The variants of a policy, those with equal documents as one.

    What all of them take for true is not said; of equal ones only what they have in common.
    """
    merged: dict[object, list[Found]] = {}
    for each in found:
        value = each.document.value
        key = content(value) if len(found) > 1 and value is not None else 0
        merged.setdefault((key, each.document.missing), []).append(each)
    given = [_common(each) for each in merged.values()]
    shared = set.intersection(*map(set, given)) if given else set()
    cut = ("what other values of its conditions give",) if is_cut else ()
    made = []
    for (first, *_), words in zip(merged.values(), given, strict=True):
        assert first.document.value is not None
        kept = tuple(word for word in words if word not in shared)
        made.append(Variant(first.document.value, kept, first.document.missing + cut))
    return tuple(made)


def _common(found: list[Found]) -> tuple[str, ...]:
    """What is assumed in all of several states."""
    first = found[0].given
    return tuple(word for word in first if all(word in other.given for other in found))

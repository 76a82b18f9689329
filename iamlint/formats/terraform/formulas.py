"""What unknown bools depend on, and whether they are true under what is assumed.

A formula is True, False, or one of
    ("atom", atom)      see `decisions`
    ("not", formula)
    ("and", formulas)   ("or", formulas)
"""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.formats.decisions import (
    NOTHING_ASSUMED,
    Atom,
    Comparison,
    State,
    Undecided,
    believe,
    compare,
)
from iamlint.formats.terraform.values import Formula
from iamlint.syntax.holes import Holes
from iamlint.typed import cast

NAMED = believe("", NOTHING_ASSUMED).outcome[0]  # type: ignore[index]


def both(formulas: Iterable[Formula]) -> Formula:
    """True where all of them are."""
    return _joined("and", formulas, neutral=True)


def either(formulas: Iterable[Formula]) -> Formula:
    """True where one of them is."""
    return _joined("or", formulas, neutral=False)


def _joined(kind: str, formulas: Iterable[Formula], *, neutral: bool) -> Formula:
    kept: dict[Formula, None] = {}
    for formula in formulas:
        if formula is (not neutral):
            return formula
        if formula is not neutral:
            kept[formula] = None
    if not kept:
        return neutral
    return next(iter(kept)) if len(kept) == 1 else (kind, tuple(kept))


def opposite(formula: Formula) -> Formula:
    if isinstance(formula, bool):
        return not formula
    return cast("Formula", formula[1]) if formula[0] == "not" else ("not", formula)


def named(name: str) -> Formula:
    """What may be true, and of which nothing but its name is known."""
    return ("atom", (NAMED, name))


def equal_texts(one: str, two: str, holes: Holes) -> Formula:
    """Whether two texts with holes are equal."""
    outcome = compare(one, two, NOTHING_ASSUMED, holes).outcome
    return outcome if isinstance(outcome, bool) else ("atom", outcome)


class Decider:
    """Decides formulas in one state; `leaned` are the atoms whose truth was assumed."""

    def __init__(self, state: State, holes: Holes) -> None:
        self._state = state
        self._holes = holes
        self.leaned: dict[Atom, bool] = {}

    def decide(self, formula: Formula) -> bool:
        """Whether a formula holds. Raises Undecided when that must be assumed first."""
        known, open_ = self._truth(formula)
        if known is None:
            assert open_ is not None
            raise Undecided(open_)
        return known

    def _truth(self, formula: Formula) -> tuple[bool | None, Atom | None]:
        """The truth of a formula; else the first atom that it depends on."""
        if isinstance(formula, bool):
            return formula, None
        if formula[0] == "atom":
            return self._atom(formula[1])
        if formula[0] == "not":
            known, open_ = self._truth(formula[1])
            return (None if known is None else not known), open_
        decisive, first = formula[0] == "or", None
        for part in formula[1]:
            known, open_ = self._truth(part)
            if known is decisive:
                return known, None
            first = first or open_
        return (None, first) if first else (not decisive, None)

    def _atom(self, atom: Atom) -> tuple[bool | None, Atom | None]:
        found = self._compared(atom)
        if not isinstance(found.outcome, bool):
            return None, found.outcome
        if found.leaned:
            self.leaned[atom] = found.outcome
        return found.outcome, None

    def _compared(self, atom: Atom) -> Comparison:
        if atom[0] == NAMED:
            return believe(atom[1], self._state)
        return compare(*atom, self._state, self._holes)


def is_small(formula: Formula, most: int = 200) -> bool:
    """Whether a formula is short enough to be carried along."""
    todo: list[tuple[Formula, int]] = [(formula, 0)]
    while todo and most:
        most -= 1
        part, level = todo.pop()
        if level > 40:
            return False
        if not isinstance(part, bool) and part[0] != "atom":
            inner = (part[1],) if part[0] == "not" else part[1]
            todo += ((each, level + 1) for each in inner)
    return most > 0

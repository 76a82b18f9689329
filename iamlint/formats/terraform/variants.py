"""Goes through the ways in which something may come out of conditions that nobody can tell."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.formats.decisions import NOTHING_ASSUMED, State, Undecided, assume
from iamlint.formats.terraform.run import Run, World
from iamlint.typed import Any, NamedTuple

MOST_VARIANTS = 32
_MOST_RUNS = 256  # that end in a variant, in a question, or in a contradiction


class Outcome(NamedTuple):
    """What there is in one state."""

    made: Any
    run: Run


class Outcomes(NamedTuple):
    """All there may be; `is_cut`: there is more."""

    found: list[Outcome]
    is_cut: bool


def outcomes(
    world: World,
    make: Callable[[Run], Any],
    start: State = NOTHING_ASSUMED,
    run_of: Callable[[State], Run] | None = None,
) -> Outcomes:
    """What `make` gives in every state that matters to it; a question splits one in two.

    Every condition has one truth in a state, wherever it is met.
    """
    todo, found, runs = [start], list[Outcome](), 0
    while todo:
        runs += 1
        if len(found) == MOST_VARIANTS or runs > _MOST_RUNS:
            return Outcomes(found, is_cut=True)
        state = todo.pop()
        run = run_of(state) if run_of is not None else Run(world, state)
        try:
            found.append(Outcome(make(run), run))
        except Undecided as undecided:
            for truth in (False, True):
                made = assume(state, undecided.atom, truth, world.table.holes)
                if made is not None:
                    todo.append(made)
    return Outcomes(found, is_cut=False)

"""Who exactly: the few values that a key has in some calls, and what takes calls away from a grant.

What is asked here tells a person more than whether somebody gets in; no rule needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from iamlint.policy.document import Guard, Principal, Statement
from iamlint.semantics.checks import Check, Requirement, check_guard
from iamlint.semantics.glob import literal
from iamlint.semantics.openness import named_views
from iamlint.semantics.questions import (
    Grant,
    Question,
    caller_regions,
    covered,
    grant_regions,
    guard_failed,
    guard_regions,
    let_in_regions,
    unless,
)
from iamlint.semantics.search import Found, Region
from iamlint.semantics.slots import Slot, lifted
from iamlint.semantics.statements import (
    Conjunction,
    check_entries,
    check_guards,
    check_principals,
    comparison,
    conjunction,
    guarded,
)
from iamlint.semantics.strings import Language
from iamlint.semantics.universe import CALLS, Case
from iamlint.semantics.witness import value_of
from iamlint.semantics.world import World

_EVERY = frozenset(CALLS)

Regions = Callable[[World], Iterator[Region]]
View = Callable[[Case], Slot | None]
"""The key, or the part of one, whose values are listed; None where that cannot be done."""


class Listing:
    """A question: is there a call whose key has another value than those that are listed?

    The first world it is asked in lists the values, `most` of them. So where the answer is no, the
    calls have no other values, whatever is unknown; `closed`: nor have they in that first world.
    None among the values: a call without the key.
    """

    __slots__ = ("_most", "_regions", "_view", "closed", "values")

    def __init__(self, regions: Regions, view: View, most: int) -> None:
        self._regions = regions
        self._view = view
        self._most = most
        self.closed = False
        self.values: list[str | None] = []

    def __call__(self, world: World) -> Found | None:
        for region in self._regions(world):
            found = self._other(world, region)
            if found is not None:
                return found
        self.closed = True
        return None

    def _other(self, world: World, region: Region) -> Found | None:
        """A call of the region with one value too many."""
        slot = self._view(region.case)
        if slot is None or not is_listable(slot):
            return world.search.find(region)
        for value in self.values:
            region = region.narrowed(_other_than(value, slot))
        while (found := world.search.find(region)) is not None:
            value = value_of(found, slot, world.search)
            if self.closed or len(self.values) == self._most or value in self.values:
                return found
            self.values.append(value)
            region = region.narrowed(_other_than(value, slot))
        return None


def is_listable(slot: Slot) -> bool:
    """Whether the values of a key are texts, one for each call."""
    return slot.domain == "string" and not slot.many and not slot.bare


def _other_than(value: str | None, slot: Slot) -> Check:
    if value is None:
        return Check(slot.master, False, "null", None)
    return Check(slot.master, True, "one", Language(False, lifted((literal(value),), slot)))


def of_key(key: str) -> View:
    """The values of a key (lower case)."""
    return lambda case: case.slot(key)


def of_claim(names: tuple[str, ...]) -> View:
    """The values of a claim, or of the part of the subject of that name; the first there is."""

    def view(case: Case) -> Slot | None:
        return next(iter(named_views(case, names)), None)

    return view


def let_in_by(grant: Grant, kinds: frozenset[str]) -> Regions:
    """The calls of some kinds of caller that get in through a grant."""
    return lambda world: grant_regions(world, grant, kinds)


# what takes calls away from a grant


def but_for_denies(grant: Grant) -> Question:
    """A call that would get in through the grant if there were no Deny."""
    return lambda world: world.first(
        region._replace(denies=()) for region in grant_regions(world, grant, _EVERY)
    )


def taken(grant: Grant, deny: int) -> Question:
    """A call that would get in through the grant, and that this Deny forbids."""

    def question(world: World) -> Found | None:
        return world.first(
            region._replace(denies=()).narrowed(*terms)
            for region in grant_regions(world, grant, _EVERY)
            if (terms := world.bearing(region.case, deny).terms) is not None
        )

    return question


def all_taken(grant: Grant, deny: int) -> Question:
    """A call that would get in through the grant, where this Deny alone forbids all of them."""

    def left(world: World) -> Found | None:
        return world.first(
            region._replace(denies=() if terms is None else (terms,))
            for region in grant_regions(world, grant, _EVERY)
            for terms in (world.bearing(region.case, deny).terms,)
        )

    return unless(but_for_denies(grant), left)


def entry_covered(grant: Grant) -> Question:
    """A call of the grant's principal and action that meets all guards of its statement."""
    return _of_entry(grant, lambda statement: statement)


def entry_calls(grant: Grant) -> Question:
    """A call of the grant's principal and action, all guards left aside."""
    return _of_entry(grant, lambda statement: statement._replace(guards=()))


def entry_meets(grant: Grant, guard: Guard) -> Question:
    """A call of the grant's principal and action that meets one guard, the others left aside."""
    return lambda world: _of_entry(
        grant, lambda statement: statement._replace(guards=(world.guard(guard),))
    )(world)


def _of_entry(grant: Grant, kept: Callable[[Statement], Statement]) -> Question:
    number, principal, action = grant
    kinds = frozenset(kind for kind in CALLS if CALLS[kind] == action)

    def question(world: World) -> Found | None:
        if action not in world.actions(number):
            return None
        here = kept(world.policy.statements[number])
        entries = world.principals((principal,))
        return world.first(
            world.alone(case, terms)
            for case in world.cases((here._replace(principals=entries),), kinds)
            if (terms := _terms(world, here, entries, case)) is not None
        )

    return question


def _terms(
    world: World, statement: Statement, entries: tuple[Principal, ...], case: Case
) -> Conjunction | None:
    """What a statement asks of a call that one of some of its entries makes."""
    if statement.principals_inverted:
        world.read(statement.principals)
        callers = check_principals(statement, case)
    else:
        callers = check_entries(entries, case)
    return guarded(callers, statement, world.policy.version, case)


def kept_out(number: int, principals: tuple[Principal, ...]) -> Question:
    """A call of some principals of a Deny that the Allows admit, and that it forbids."""

    def question(world: World) -> Found | None:
        statement = world.policy.statements[number]
        entries = world.principals(principals)
        return world.first(
            world.admitted(case, terms, denies=False)
            for case in world.cases(world.allowing())
            if world.actions(number) & case.needs
            and (terms := _terms(world, statement, entries, case)) is not None
        )

    return question


# one guard among its siblings


def let_in_through(statement: Statement) -> Question:
    """A call that gets in through an Allow, less all Denies."""
    return lambda world: world.first(let_in_regions(world, statement))


def fails_beside(statement: Statement, guard: Guard, siblings: tuple[Guard, ...]) -> Question:
    """A call of the statement's callers that meets some other guards, and fails this one."""

    def question(world: World) -> Found | None:
        others = tuple(world.guard(each) for each in siblings)
        only = world.statement(statement)._replace(guards=others)
        version = world.policy.version
        found: list[Region] = []
        for region in guard_regions(world, statement, guard, met=False):
            terms = conjunction(check_guards(only, version, region.case))
            if terms is not None:
                found.append(region.narrowed(*terms))
        return world.first(found)

    return question


def needless_beside(statement: Statement, guard: Guard, siblings: tuple[Guard, ...]) -> Question:
    """A call that meets the statement, where its siblings stop all that this guard stops.

    Not where it stops nobody by itself.
    """
    failed = guard_failed(statement, guard)
    beside = fails_beside(statement, guard, siblings)

    def question(world: World) -> Found | None:
        if failed(world) is None or beside(world) is not None:
            return None
        return covered(world.place(statement))(world)

    return question


def value_counts(statement: Statement, guard: Guard, number: int) -> Question:
    """A call of the statement's callers that the guard judges otherwise without one of its values.

    `number`: the place of the value among those of the guard.
    """

    def question(world: World) -> Found | None:
        here = world.guard(guard)
        fewer = here._replace(values=(*here.values[:number], *here.values[number + 1 :]))
        found: list[Region] = []
        for region in caller_regions(world, statement):
            version = world.policy.version
            pair = check_guard(here, version, region.case), check_guard(fewer, version, region.case)
            for one, other in (pair, pair[::-1]):
                terms = conjunction((one, _opposite(other)))
                if terms is not None:
                    found.append(region.narrowed(*terms))
        return world.first(found)

    return question


def value_matched(statement: Statement, guard: Guard, number: int) -> Question:
    """A call of the statement's callers that carries what one value of the guard asks for.

    Neither one that passes for want of the key, nor one that passes as the operator is negated.
    """

    def question(world: World) -> Found | None:
        here = world.guard(guard)
        if here.operator is None:
            return None
        base = here.operator.base.replace("Not", "", 1)
        quantifier = "ForAnyValue" if here.operator.quantifier else ""
        plain = here.operator._replace(
            base=base, negated=False, if_exists=False, quantifier=quantifier
        )
        only = here._replace(operator=plain, values=here.values[number : number + 1])
        version = world.policy.version
        return world.first(
            region.narrowed(*terms)
            for region in caller_regions(world, statement)
            if (terms := conjunction((check_guard(only, version, region.case),))) is not None
        )

    return question


def _opposite(asked: Requirement) -> Requirement:
    return not asked if isinstance(asked, bool) else asked.negated()


def is_twin(guard: Guard, other: Guard) -> bool:
    """Whether AWS may take two guards of a statement for one."""
    return comparison(guard) == comparison(other)

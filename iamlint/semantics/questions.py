"""The questions rules ask, as regions of calls and searches in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from iamlint.policy.document import Guard, Principal, Statement
from iamlint.semantics.checks import Check, Relation, check_guard, needs_key
from iamlint.semantics.keys import fence_of
from iamlint.semantics.openness import accounts, fence_view, networks, open_call
from iamlint.semantics.search import Found, Region
from iamlint.semantics.slots import Slot
from iamlint.semantics.statements import (
    Conjunction,
    check_entries,
    check_principals,
    comparison,
    conjunction,
    guarded,
)
from iamlint.semantics.universe import CALLS, Case
from iamlint.semantics.world import World

_KINDS = frozenset(CALLS)
SIGNED = frozenset(("user", "session"))

Question = Callable[[World], Found | None]

Grant = tuple[int, Principal, str]
"""The place of an Allow in the policy, one of its principals, and an assume action."""


def unless(question: Question, other: Question) -> Question:
    """The answer of `question` where `other` finds nothing.

    Both are asked under the same filling of the unknowns, which two facts of a rule are not.
    A role without the tag or organisation that its policy speaks of is no case: it has them.
    """

    def both(world: World) -> Found | None:
        found = None if other(world) is not None else question(world)
        return None if _is_bare(world) else found

    return both


def _is_bare(world: World) -> bool:
    """Whether the role lacks a tag or an organisation that the policy compares with."""
    return any(
        not world.filling.choose(name, options)
        for name, options in tuple(world.filling.asked.items())
        if name == "own organisation" or name.startswith("constant:")
    )


def where(question: Question, other: Question) -> Question:
    """The answer of `question` where `other` finds something."""

    def both(world: World) -> Found | None:
        found = question(world)
        return None if found is None or other(world) is None else found

    return both


def anyone(world: World) -> Found | None:
    """A call that the policy admits."""
    return world.first(world.admitted(case) for case in world.cases(world.allowing()))


def allowed(world: World) -> Found | None:
    """A call that the policy would admit if it had no Deny."""
    cases = world.cases(world.allowing())
    return world.first(world.admitted(case, denies=False) for case in cases)


def covered(number: int) -> Question:
    """A call that meets the statement, whatever the others say."""

    def question(world: World) -> Found | None:
        return world.first(
            world.alone(case, terms) for case, terms in _statement_terms(world, number)
        )

    return question


def usable(number: int) -> Question:
    """A call that gets in through an Allow, other actions it needs included, Denies left aside."""
    return lambda world: world.first(
        world.through(case, number, terms)._replace(denies=())
        for case, terms in _statement_terms(world, number)
    )


def called(number: int, principals: tuple[Principal, ...]) -> Question:
    """A call by these principals of a statement for its actions, all guards left aside."""

    def question(world: World) -> Found | None:
        bare = world.policy.statements[number]._replace(guards=())
        return world.first(
            world.alone(case, terms)
            for case, terms in _entry_terms(world, bare, world.principals(principals), _KINDS)
            if world.actions(number) & case.needs
        )

    return question


def added(number: int, others: frozenset[int]) -> Question:
    """A call that the Allow statement admits and none of `others` does, Denies left aside."""

    def question(world: World) -> Found | None:
        return world.first(
            region
            for case, terms in _statement_terms(world, number)
            for region in _beyond(world, case, number, terms, others)
        )

    return question


def _beyond(
    world: World, case: Case, number: int, terms: Conjunction, others: frozenset[int]
) -> Iterator[Region]:
    """For each action of the statement a call may need: calls for which no other one allows it."""
    callable_ = {CALLS[case.who.kind], "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"}
    for action in sorted(callable_ & world.actions(number)):
        rivals = world.rivals(case, action, sorted(others))
        # one that asks for nothing but what this one asks for as well lets in all of its calls
        if not any(set(rival) <= set(terms) for rival in rivals):
            yield world.alone(case, terms)._replace(denies=rivals)


def unguarded(number: int, other: int) -> Question:
    """A call by the principals of one Allow that fails a guard of it, and that `other` admits."""

    def question(world: World) -> Found | None:
        statement = world.policy.statements[number]
        return world.first(
            region.narrowed(*terms)
            for guard in statement.guards
            for region in guard_regions(world, statement, guard, met=False)
            if (terms := world.bearing(region.case, other).terms) is not None
        )

    return question


def bitten(number: int) -> Question:
    """A call that the Allows admit and the Deny statement forbids."""

    def question(world: World) -> Found | None:
        regions = (
            world.admitted(case, terms, denies=False)
            for case in world.cases(world.allowing())
            if (terms := world.bearing(case, number).terms) is not None
        )
        return world.first(regions)

    return question


def _statement_terms(
    world: World, number: int, kinds: frozenset[str] | None = None, **cases: bool
) -> Iterator[tuple[Case, Conjunction]]:
    for case in world.cases((world.policy.statements[number],), kinds, **cases):
        terms = world.bearing(case, number).terms
        if terms is not None:
            yield case, terms


# one guard, within the callers and actions of its statement


def guard_met(statement: Statement, guard: Guard) -> Question:
    """A call of the statement's callers that meets this guard, the others left aside."""
    return lambda world: world.first(guard_regions(world, statement, guard, met=True))


def guard_failed(statement: Statement, guard: Guard) -> Question:
    """A call of the statement's callers that fails this guard."""
    return lambda world: world.first(guard_regions(world, statement, guard, met=False))


def let_in_without_key(statement: Statement, guard: Guard) -> Question:
    """A call without the guard's key that the Allow lets in, while other callers fail the guard.

    The other guards and the Denies count: they may ask for the key in their own way.
    """

    def question(world: World) -> Found | None:
        if _always_needs_key(world, statement, guard):
            return None
        if key_carried(statement, guard)(world) is None:
            return None
        if guard_failed(statement, guard)(world) is None:
            return None
        found: list[Region] = []
        key = world.guard(guard).key.lower()
        # a call from elsewhere carries other keys of its network, which may be fenced as well
        views = networks if fence_of(key) == "network" else _none
        for region in let_in_regions(world, statement):
            slot = region.case.slot(key)
            if slot.presence == "never":
                found.append(region)
            elif slot.presence == "some":
                absent = Check(slot.master, True, "null", None)
                found.append(region.narrowed(absent))
        return open_call(world, found, views)

    return question


def _always_needs_key(world: World, statement: Statement, guard: Guard) -> bool:
    """Whether the guard keeps out calls without its key.

    Not sure of one that is written twice: the other one may be all that counts.
    """
    here = world.guard(guard)
    twins = [
        each for each in world.statement(statement).guards if comparison(each) == comparison(here)
    ]
    return needs_key(here) and len(twins) == 1


def _none(_: Case) -> list[Slot]:
    return []


def key_carried(statement: Statement, guard: Guard) -> Question:
    """A call of the statement's callers that carries the guard's key."""

    def question(world: World) -> Found | None:
        found: list[Region] = []
        key = world.guard(guard).key.lower()
        for region in caller_regions(world, statement):
            slot = region.case.slot(key)
            if slot.presence != "never":
                found.append(region.narrowed(Check(slot.master, False, "null", None)))
        return world.first(found)

    return question


def key_lacked(statement: Statement, guard: Guard) -> Question:
    """A call of the statement's callers without the guard's key."""

    def question(world: World) -> Found | None:
        found: list[Region] = []
        key = world.guard(guard).key.lower()
        for region in caller_regions(world, statement):
            slot = region.case.slot(key)
            if slot.presence == "never":
                found.append(region)
            elif slot.presence == "some":
                found.append(region.narrowed(Check(slot.master, True, "null", None)))
        return world.first(found)

    return question


def guard_leaks(statement: Statement, guard: Guard) -> Question:
    """A call that the Allow lets in, with values of the guard's key that have no end."""

    def question(world: World) -> Found | None:
        if key_carried(statement, guard)(world) is None:
            return None
        key = world.guard(guard).key.lower()
        regions = list(let_in_regions(world, statement))
        return open_call(world, regions, lambda case: [fence_view(case, key)])

    return question


def let_in_regions(world: World, statement: Statement) -> Iterator[Region]:
    """The calls that one Allow lets in, less all Denies."""
    number = world.place(statement)

    def regions() -> Iterator[Region]:
        for case, terms in _statement_terms(world, number):
            yield world.through(case, number, terms)

    return world.kept(("let in", number), regions)


def guard_regions(
    world: World, statement: Statement, guard: Guard, *, met: bool
) -> Iterator[Region]:
    here = world.guard(guard)
    for region in caller_regions(world, statement):
        requirement = check_guard(here, world.policy.version, region.case)
        if isinstance(requirement, bool):
            if requirement == met:
                yield region
            continue
        asked: Check | Relation = requirement if met else requirement.negated()
        yield region.narrowed(asked)


def caller_regions(world: World, statement: Statement) -> Iterator[Region]:
    """The statement's callers and actions without any guard."""
    number, here = world.place(statement), world.statement(statement)

    def regions() -> Iterator[Region]:
        for case in world.cases((here,)):
            if not world.actions(number) & case.needs:
                continue
            world.read(here.principals)
            terms = conjunction([check_principals(here, case)])
            if terms is not None:
                yield world.alone(case, terms)

    return world.kept(("callers", number), regions)


# one principal of a statement


def principal_covered(statement: Statement, principal: Principal) -> Question:
    """A caller of one entry that meets the statement's guards."""

    def question(world: World) -> Found | None:
        number, here = world.place(statement), world.statement(statement)
        if here.principals == (principal,):
            return covered(number)(world)
        regions = (
            world.alone(case, terms)
            for case, terms in _entry_terms(world, here, world.principals((principal,)), _KINDS)
            if world.actions(number) & case.needs
        )
        return world.first(regions)

    return question


def grant_regions(
    world: World, grant: Grant, kinds: frozenset[str], **cases: bool
) -> Iterator[Region]:
    """The calls that one Allow lets in for one principal and assume action, less all Denies.

    Only callers of these `kinds` are looked at: the unknowns of others do not matter.
    `cases`: how finely calls are told apart, see `World.cases`.
    """
    return world.kept(
        (grant, kinds, *sorted(cases.items())), lambda: _of_grant(world, grant, kinds, **cases)
    )


def _of_grant(world: World, grant: Grant, kinds: frozenset[str], **cases: bool) -> Iterator[Region]:
    number, principal, action = grant
    fitting = frozenset(kind for kind in kinds if CALLS[kind] == action)
    if action in world.actions(number):
        statement = world.policy.statements[number]
        here = world.principals((principal,))
        if here == statement.principals:  # then the statement may be known already
            found = _statement_terms(world, number, fitting, **cases)
        else:
            found = _entry_terms(world, statement, here, fitting, **cases)
        for case, terms in found:
            yield world.through(case, number, terms)


def _entry_terms(
    world: World,
    statement: Statement,
    principals: tuple[Principal, ...],
    kinds: frozenset[str],
    **cases: bool,
) -> Iterator[tuple[Case, Conjunction]]:
    some = statement._replace(principals=principals)
    for case in world.cases((some,), kinds, **cases):
        if statement.principals_inverted:
            world.read(statement.principals)
            callers = check_principals(statement, case)
        else:
            callers = check_entries(principals, case)
        terms = guarded(callers, statement, world.policy.version, case)
        if terms is not None:
            yield case, terms


def let_in(grant: Grant) -> Question:
    """A call that gets in through the grant."""
    return lambda world: world.first(grant_regions(world, grant, _KINDS))


def public(grant: Grant, *, any_network: bool) -> Question:
    """A call from accounts without end, none of them fenced to a listed organisation."""

    def question(world: World) -> Found | None:
        def views(case: Case) -> list[Slot]:
            fences = accounts(case, world.said.keys)
            return [*fences, *networks(case)] if any_network else fences

        return open_call(world, list(grant_regions(world, grant, SIGNED)), views)

    return question

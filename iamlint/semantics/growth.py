"""Whether a policy admits a call that another one does not: what an edit must never bring about."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.semantics.questions import Question
from iamlint.semantics.search import Found, Region
from iamlint.semantics.statements import Compiled, Conjunction
from iamlint.semantics.universe import Case
from iamlint.semantics.world import World


def grown(before: int) -> Question:
    """A call that the later statements of a policy admit and the first `before` of them do not.

    Both are policies of their own, asked under one filling of all that is unknown.
    """

    def question(world: World) -> Found | None:
        later = world.policy.statements[before:]
        allows = tuple(each for each in later if each.effect == "Allow")
        return world.first(
            region for case in world.cases(allows) for region in _added(world, case, before)
        )

    return question


def _added(world: World, case: Case, before: int) -> Iterator[Region]:
    """The calls of a case that only the later statements admit."""
    compiled = world.compiled(case)
    old, new = compiled[:before], compiled[before:]
    groups = tuple(_ways(new, action) for action in sorted(case.needs))
    admitted = world.alone(case, ())._replace(groups=groups, denies=_denies(new))
    for action in sorted(case.needs):  # which no Allow there was allows
        yield admitted._replace(denies=(*admitted.denies, *_ways(old, action)))
    for terms in _denies(old):  # or which a Deny there was forbids
        yield admitted.narrowed(*terms)


def _ways(statements: tuple[Compiled, ...], action: str) -> tuple[Conjunction, ...]:
    """How Allows admit an action."""
    return tuple(
        each.terms
        for each in statements
        if each.allows and each.terms is not None and action in each.actions
    )


def _denies(statements: tuple[Compiled, ...]) -> tuple[Conjunction, ...]:
    return tuple(each.terms for each in statements if not each.allows and each.terms is not None)

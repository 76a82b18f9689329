"""Questions about one guard that compare it with what its author probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iamlint.policy.document import Guard, Statement
from iamlint.semantics.checks import Check, Relation, Requirement, check_guard
from iamlint.semantics.quantities import UNIT
from iamlint.semantics.questions import (
    SIGNED,
    Question,
    bitten,
    guard_failed,
    guard_regions,
    let_in_regions,
    let_in_without_key,
    unless,
    where,
)
from iamlint.semantics.search import Found, Region
from iamlint.semantics.slots import Slot
from iamlint.semantics.statements import check_principals, guarded
from iamlint.semantics.universe import Case
from iamlint.semantics.values import Compare
from iamlint.semantics.world import World

_AGE = "aws:multifactorauthage"
_FRESH = 60  # seconds
_OLD = 36 * 3600  # seconds: no session of a user lasts longer


def spared_without_key(statement: Statement, guard: Guard) -> Question:
    """A call without the key that gets in past a Deny for this guard alone.

    The Deny does forbid some calls. Left aside are callers that never carry the key, or of whom
    AWS does not say whether they do: only IAM users and role sessions are looked at.
    """

    def question(world: World) -> Found | None:
        here, key = world.guard(guard), world.guard(guard).key.lower()
        cases = list(world.cases(world.allowing(), SIGNED))
        carriers = {case.who for case in cases if case.slot(key).presence != "never"}
        found: list[Region] = []
        for case in cases:
            slot, version = case.slot(key), world.policy.version
            if case.who not in carriers or slot.presence == "always":
                continue
            world.read(world.statement(statement).principals)
            terms = _but_for(world.statement(statement), here, version, case)
            if terms is not None and not _met_without(check_guard(here, version, case)):
                found.append(world.admitted(case, (*terms, *_absent(slot))))
        return world.first(found)

    return where(question, lambda world: bitten(world.place(statement))(world))


def _but_for(
    statement: Statement, guard: Guard, version: str, case: Case
) -> tuple[Check | Relation, ...] | None:
    """What a statement asks but for one of its guards."""
    others = statement._replace(guards=tuple(g for g in statement.guards if g is not guard))
    return guarded(check_principals(others, case), others, version, case)


def _met_without(asked: Requirement) -> bool:
    """Whether a call without the key meets the guard."""
    return asked if isinstance(asked, bool) else asked.absent


def _absent(slot: Slot) -> tuple[Check, ...]:
    return () if slot.presence == "never" else (Check(slot.master, True, "null", None),)


def unproved_mfa(statement: Statement, guard: Guard) -> Question:
    """A call that says itself it was made without MFA, and that the Allow lets in.

    Not where a call that says nothing of it gets in as well, which is another defect.
    """

    def question(world: World) -> Found | None:
        return world.first(
            region
            for region in let_in_regions(world, statement)
            if region.case.who.kind == "user" and region.case.choices.get("mfa") == "false"
        )

    said = unless(question, let_in_without_key(statement, guard))
    return where(said, guard_failed(statement, guard))


def only_old_mfa(statement: Statement, guard: Guard) -> Question:
    """A call made long after MFA that meets the guard, where none made at once after it does."""

    def aged(relation: str, seconds: int) -> Question:
        condition = Compare(True, "number", relation, (seconds * UNIT,))

        def question(world: World) -> Found | None:
            found: list[Region] = []
            for region in guard_regions(world, statement, guard, met=True):
                slot = region.case.slot(_AGE)
                if slot.presence != "never":
                    age = Check(slot.master, False, "one", condition)
                    found.append(region.narrowed(age))
            return world.first(found)

        return question

    return unless(aged("GreaterThanEquals", _OLD), aged("LessThanEquals", _FRESH))


def jumping_fields(statement: Statement, guard: Guard) -> Question:
    """A call that the Allow lets in, and would not if the guard kept to the fields of an ARN."""

    def question(world: World) -> Found | None:
        here = world.guard(guard)
        if here.operator is None:
            return None
        name = here.operator.base.replace("StringLike", "ArnLike")
        strict = here._replace(operator=here.operator._replace(base=name, family="arn"))
        # an ARN without an account has nothing that a wildcard could jump over
        regions = (
            region
            for region in let_in_regions(world, statement)
            if region.case.choices.get("source") != "arn without account"
        )
        return world.first(_failing(world, strict, regions))

    return question


def _failing(world: World, guard: Guard, regions: Iterable[Region]) -> Iterator[Region]:
    """The calls of these regions that fail a guard, which need not be one of the policy."""
    for region in regions:
        asked = check_guard(guard, world.policy.version, region.case)
        if not isinstance(asked, bool):
            yield region.narrowed(asked.negated())

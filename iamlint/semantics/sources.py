"""Questions about calls of AWS services: for whom one calls, and for which of its resources."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.policy.document import Guard, Operator, Statement, Text
from iamlint.semantics.checks import Check, check_guard
from iamlint.semantics.glob import NOT_COLON, STAR, Pattern, Wild, literal
from iamlint.semantics.openness import open_call
from iamlint.semantics.questions import (
    Grant,
    Question,
    grant_regions,
    guard_regions,
    let_in_regions,
)
from iamlint.semantics.search import Found, Region
from iamlint.semantics.slots import Slot
from iamlint.semantics.strings import Language
from iamlint.semantics.template import Part
from iamlint.semantics.universe import Case
from iamlint.semantics.world import World
from iamlint.source import Span

# a name that no policy means: whoever has it stands for anybody
_STRANGER = "zq7stranger"
_SERVICE = frozenset(("service",))
_CERTIFICATE = ("aws:principaltag/", "sts:sourceidentity")
_POD = ("aws:requesttag/eks-", "aws:requesttag/kubernetes-")


def any_source(grant: Grant) -> Question:
    """A call of a service for customers without end: neither source nor external id is fenced."""

    def question(world: World) -> Found | None:
        regions = list(grant_regions(world, grant, _SERVICE))
        return open_call(world, regions, lambda case: [*_sources(case), *_passed(case, world)])

    return question


def _sources(case: Case) -> list[Slot]:
    """What says for whom a service calls: the ARN, its account, the organisation of that."""
    arn = case.slot("aws:sourcearn")
    slots = [arn, *_owners(case)]
    return [slot for slot in slots if slot.presence != "never"]


def _owners(case: Case) -> list[Slot]:
    """The account that a service calls for, in the ARN or on its own, and its organisation."""
    arn = case.slot("aws:sourcearn")
    account = [p for p in arn.layout if isinstance(p, Part) and p.name == "account"]
    of_arn = [arn._replace(view=tuple(account))] if account else []
    return [*of_arn, case.slot("aws:sourceaccount"), case.slot("aws:sourceorgid")]


def _passed(case: Case, world: World) -> list[Slot]:
    """The external id, which few services pass: looked at where the policy asks for one."""
    if "sts:externalid" not in world.said.keys:
        return []
    slot = case.slot("sts:externalid")
    return [slot] if slot.presence != "never" else []


def any_anchor(grant: Grant) -> Question:
    """A call of a service for resources without end, in whatever account and region."""

    def views(case: Case) -> list[Slot]:
        arn = case.slot("aws:sourcearn")
        rest = [p for p in arn.layout if isinstance(p, Part) and p.name == "rest"]
        return [arn._replace(view=tuple(rest))] if rest else []

    return lambda world: open_call(world, list(grant_regions(world, grant, _SERVICE)), views)


def any_certificate(grant: Grant) -> Question:
    """A call of a service with a certificate whose every name is a stranger's."""
    return lambda world: world.first(
        _strange(region, world, _CERTIFICATE) for region in grant_regions(world, grant, _SERVICE)
    )


def any_pod(grant: Grant) -> Question:
    """A call of a service for a pod whose every tag is a stranger's, and from any source."""

    def question(world: World) -> Found | None:
        regions = grant_regions(world, grant, _SERVICE)
        return open_call(world, [_strange(each, world, _POD) for each in regions], _sources)

    return question


def _strange(region: Region, world: World, prefixes: tuple[str, ...]) -> Region:
    """The calls of a region in which the keys of these names, if there, name a stranger."""
    slots = [region.case.slot(key) for key in sorted(world.said.keys) if key.startswith(prefixes)]
    value = Language(True, (literal(_STRANGER),))
    named = tuple(
        Check(slot.master, slot.presence != "always", "one", value)
        for slot in slots
        if slot.presence != "never"
    )
    return region.narrowed(*named)


# one guard on the source


def any_owner(statement: Statement) -> Question:
    """A call with a source ARN that an Allow lets in, for accounts without end."""

    def question(world: World) -> Found | None:
        regions = [
            region.narrowed(Check(slot.master, False, "null", None))
            for region in let_in_regions(world, statement)
            if (slot := region.case.slot("aws:sourcearn")).presence != "never"
        ]
        return open_call(world, regions, _fences)

    return question


def of_account(statement: Statement, account: str, place: Span) -> Question:
    """A call that an Allow lets in, of a service that calls for this account."""
    equals = Operator("StringEquals", "", False, False, "string", "StringEquals")
    values = (Text(account, place),)
    guard = Guard(equals, "aws:SourceAccount", values, place, place, place, False)

    def question(world: World) -> Found | None:
        found: list[Region] = []
        for region in let_in_regions(world, statement):
            asked = check_guard(guard, world.policy.version, region.case)
            if region.case.who.kind == "service" and asked is not False:
                found.append(region.narrowed(*(() if asked is True else (asked,))))
        return world.first(found)

    return question


def _fences(case: Case) -> list[Slot]:
    return [slot for slot in _owners(case) if slot.presence != "never"]


def sent(statement: Statement, guard: Guard, service: str, arns: tuple[str, ...]) -> Question:
    """A call of that service with an ARN like these that meets a guard on the source's ARN."""
    known = Language(True, tuple(_glob(arn) for arn in arns))

    def question(world: World) -> Found | None:
        return world.first(
            region.narrowed(Check(slot.master, False, "one", known))
            for region in _of_service(world, statement, guard, service)
            if (slot := region.case.slot("aws:sourcearn")).presence != "never"
        )

    return question


def _of_service(world: World, statement: Statement, guard: Guard, service: str) -> Iterator[Region]:
    for region in guard_regions(world, statement, guard, met=True):
        if region.case.who.text == service:
            yield region


def _glob(text: str) -> Pattern:
    """A pattern of ARNs, in which a star of the first five fields keeps to its field."""
    *fields, resource = text.split(":", 5)
    within = Wild(NOT_COLON, True)
    head = tuple(within if char == "*" else char for char in ":".join(fields) + ":")
    return (*head, *(STAR if char == "*" else char for char in resource))

"""Whether one concrete call is among those a policy admits."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.semantics.cases import cases
from iamlint.semantics.checks import Check
from iamlint.semantics.glob import literal
from iamlint.semantics.quantities import parse_date, parse_number
from iamlint.semantics.request import Request
from iamlint.semantics.search import Found, Region
from iamlint.semantics.shapes import resource_parts
from iamlint.semantics.slots import Slot, lifted
from iamlint.semantics.strings import Language
from iamlint.semantics.template import fill
from iamlint.semantics.universe import Case, Who
from iamlint.semantics.values import Compare
from iamlint.semantics.world import World


def admits(world: World, request: Request) -> Found | None:
    """The call itself, found in the policy's region, or None when the policy refuses it."""
    return world.first(_pinned(world, request))


def _pinned(world: World, request: Request) -> Iterator[Region]:
    kind = request.kind
    who = Who(kind, "" if kind in ("user", "session") else request.identity)
    said = world.said._replace(extras=world.said.extras | request.actions)
    for case in cases(who, said, world.setting, world.filling):
        terms = _terms(world, case, request) if case.needs == request.actions else None
        if terms is not None:
            yield world.admitted(case, terms)


def _terms(world: World, case: Case, request: Request) -> tuple[Check, ...] | None:
    """Checks that leave nothing but the request; None when it is no call of this case."""
    terms: list[Check] = []
    if case.who.kind in ("user", "session"):
        caller = _caller(case, request)
        if caller is None:
            return None
        terms.append(caller)
    for key in sorted(world.said.keys):
        checks = _exactly(key, case.slot(key), request.context.get(key))
        if checks is None:
            return None
        terms.extend(checks)
    return tuple(terms)


def _caller(case: Case, request: Request) -> Check | None:
    layout = case.caller().layout
    fields = request.identity.split(":", 5)
    if fields[1] != case.partition():
        return None
    named = resource_parts(fields[5].partition("/")[2], case.path())
    if named is None:
        return None
    known = {"account": literal(fields[4]), **{part: literal(t) for part, t in named.items()}}
    unique = request.context.get("aws:userid")
    if isinstance(unique, str):
        known["id"] = literal(unique[4:].partition(":")[0])
    if request.session:
        known["session"] = literal(request.session)
    return Check(case.caller().master, False, "one", Language(True, (fill(known, layout),)))


def _exactly(key: str, slot: Slot, value: str | tuple[str, ...] | None) -> list[Check] | None:
    if value is None:
        if slot.presence == "always":
            return None
        return [] if slot.presence == "never" else [Check(slot.master, True, "null", None)]
    if slot.presence == "never":
        return None
    texts = (value,) if isinstance(value, str) else value
    parse = parse_number if key == "aws:epochtime" else parse_date
    if slot.master == "time" and (instant := parse(texts[0])) is not None:
        # NOTE: aws:EpochTime tells the instant of aws:CurrentTime in another form
        return [Check("time", False, "one", Compare(True, "date", "Equals", (instant,)))]
    patterns = tuple(literal(text) for text in texts)
    if not slot.many:
        return [Check(slot.master, False, "one", Language(True, lifted(patterns, slot)))]
    each = [Check(slot.master, False, "any", Language(True, (text,))) for text in patterns]
    return [*each, Check(slot.master, False, "all", Language(True, patterns))]

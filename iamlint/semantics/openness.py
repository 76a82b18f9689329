"""Whether the values of a key that get in can be listed, or have no end.

A key is enumerable in a region when at most 256 of its values get in; ids, names and tenants are
unbounded alphabets. A call is open when none of the keys that could fence it is enumerable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from iamlint.semantics.budget import Budget, Undecided
from iamlint.semantics.checks import Check
from iamlint.semantics.glob import ANY, literal
from iamlint.semantics.search import Found, Region, Search
from iamlint.semantics.slots import Slot
from iamlint.semantics.store import Store, languages_of, read_off
from iamlint.semantics.strings import Field, Language
from iamlint.semantics.template import Part, before, lift, part_of
from iamlint.semantics.universe import Case
from iamlint.semantics.values import Network
from iamlint.semantics.world import World

MOST_VALUES = 256
_MOST_ROUNDS = 300
_SMALL_NETWORK = {4: 1 << 24, 6: 1 << 96}


class KeyView(NamedTuple):
    """A key (or a part of one) that fences callers when its values can be listed."""

    slot: Slot


Views = Callable[[Case], list[KeyView]]


def accounts(case: Case) -> list[KeyView]:
    """What keeps accounts apart: the account itself, or the organisation it is in."""
    keys = ("aws:principalaccount", "aws:principalorgid")
    return [KeyView(case.slot(key)) for key in keys]


def fence_view(case: Case, key: str) -> KeyView:
    """What must be listed for a key to fence: of an ARN the account, of other keys the value."""
    slot = case.slot(key)
    return KeyView(case.slot("aws:principalaccount") if slot.master == "caller" else slot)


def networks(case: Case) -> list[KeyView]:
    """Where a call may come from."""
    keys = ("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid")
    slots = [case.slot(key) for key in keys]
    return [KeyView(slot) for slot in slots if slot.presence != "never"]


def tenants(case: Case) -> list[KeyView]:
    """What keeps the customers of a shared identity provider apart."""
    subject = case.subject
    if subject is None or subject.issuer is None:
        return []
    whole = subject.subject()
    parts = {piece.name: piece for piece in whole.layout if isinstance(piece, Part)}
    views = []
    for name in subject.issuer.tenants:
        slot = case.slot(f"{subject.url}:{name}")
        if name in parts:
            case.slot(f"{subject.url}:sub")
            views.append(KeyView(whole._replace(view=(parts[name],))))
        if slot.presence != "never":
            views.append(KeyView(slot))
    return views


def open_call(world: World, regions: list[Region], views: Views) -> Found | None:
    """A call that no view fences, or None when every call is fenced by one.

    Raises Undecided when listing the fenced values takes too long.
    """
    for region in regions:
        found = _open_in(world, region, views(region.case))
        if found is not None:
            return found
    return None


def _open_in(world: World, region: Region, views: list[KeyView]) -> Found | None:
    for _ in range(_MOST_ROUNDS):
        found = world.search.find(region)
        if found is None:
            return None
        fence = next((v for v in views if _fences(v.slot, found.store, world.search)), None)
        if fence is None:
            return found
        region = region._replace(terms=(*region.terms, *_beyond(fence.slot, found, world.search)))
    raise Undecided("the callers fall into too many groups to list")


def _fences(slot: Slot, store: Store, search: Search) -> bool:
    """Whether at most `MOST_VALUES` values of the key are left, and the key is required."""
    checks = store.checks.get(slot.master, ())
    if slot.presence != "always" and all(check.absent for check in checks):
        return False
    if slot.domain == "address":
        return _small_network(checks)
    languages = languages_of(slot, store)
    if languages is None or slot.many:
        return False
    return search.strings.count(languages, _field(slot), MOST_VALUES, Budget()) <= MOST_VALUES


def _small_network(checks: tuple[Check, ...]) -> bool:
    """Whether some check keeps addresses to networks of less than /8 (IPv4) or /32 (IPv6)."""
    return any(
        isinstance(check.condition, Network)
        and check.condition.inside
        and all(
            last - first < _SMALL_NETWORK[version]
            for version, first, last in check.condition.ranges
        )
        for check in checks
    )


def _field(slot: Slot) -> Field:
    """The part of the master string that the key's values are."""
    names = [piece for piece in slot.view or () if isinstance(piece, Part)]
    if len(names) != 1:
        return Field((), ANY, None)
    part = part_of(slot.layout, names[0].name)
    return Field(before(slot.layout, part.name), part.chars, part.length)


def _beyond(slot: Slot, found: Found, search: Search) -> tuple[Check, ...]:
    """What leaves out all callers of the fenced branch: other values of the key, or none."""
    if slot.domain == "address":
        conditions = [
            check.condition
            for check in found.store.checks.get(slot.master, ())
            if isinstance(check.condition, Network) and check.condition.inside
        ]
        return tuple(Check(slot.master, True, "one", each.negated()) for each in conditions)
    values = _values(slot, found, search)
    patterns = tuple(literal(value) for value in values)
    lifted = patterns if slot.view is None else lift(patterns, slot.view, slot.layout)
    return (Check(slot.master, True, "one", Language(False, lifted)),)


def _values(slot: Slot, found: Found, search: Search) -> list[str]:
    """The values the key can have in a branch, one after the other."""
    values: list[str] = []
    store: Store | None = found.store
    while store is not None and len(values) <= MOST_VALUES:
        texts = store.values.get(slot.master)
        if texts is None:
            break
        value = read_off(slot, texts[0])
        if value is None or value in values:
            break
        values.append(value)
        pattern = (literal(value),)
        lifted = pattern if slot.view is None else lift(pattern, slot.view, slot.layout)
        without = Check(slot.master, False, "one", Language(False, lifted))
        store = search.add(store, without, found.case)
    return values

"""Whether the values of a key that get in can be listed, or have no end.

A key is enumerable in a region when at most 256 of its values get in; ids, names and tenants are
unbounded alphabets. A call is open when none of the keys that could fence it is enumerable.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from iamlint.semantics.budget import Undecided
from iamlint.semantics.checks import Check
from iamlint.semantics.glob import ANY, Pattern, is_literal, literal, text_of
from iamlint.semantics.search import Found, Region, Search
from iamlint.semantics.slots import Slot
from iamlint.semantics.store import Store, languages_of, read_off
from iamlint.semantics.strings import Field, Language
from iamlint.semantics.template import Layout, Part, before, lift, part_of, splits
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
    """What keeps accounts apart: the account, the organisation it is in, the caller's unique id."""
    keys = ("aws:principalaccount", "aws:principalorgid")
    views = [KeyView(case.slot(key)) for key in keys]
    caller = case.caller()
    unique_id = part_of(caller.layout, "id")
    return [*views, KeyView(caller._replace(view=(unique_id,)))]


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
        beyond = next(filter(None, (_beyond(v.slot, found, world.search) for v in views)), None)
        if beyond is None:
            return found
        region = region._replace(terms=(*region.terms, *beyond))
    raise Undecided("the callers fall into too many groups to list")


def _beyond(slot: Slot, found: Found, search: Search) -> tuple[Check, ...] | None:
    """What leaves out all callers of the branch, if the key fences them: other values, or none.

    None when the key does not fence: it may be absent, or more than `MOST_VALUES` of its values
    are left.
    """
    checks = found.store.checks.get(slot.master, ())
    if slot.presence != "always" and all(check.absent for check in checks):
        return None
    if slot.domain == "address":
        return _beyond_networks(slot, checks)
    values = _values(slot, found, search)
    if values is None:
        return None
    return (Check(slot.master, True, "one", Language(False, _lifted(slot, values))),)


def _lifted(slot: Slot, values: list[str]) -> tuple[Pattern, ...]:
    patterns = tuple(literal(value) for value in values)
    return patterns if slot.view is None else lift(patterns, slot.view, slot.layout)


def _beyond_networks(slot: Slot, checks: tuple[Check, ...]) -> tuple[Check, ...] | None:
    if not _small_network(checks):
        return None
    return tuple(
        Check(slot.master, True, "one", check.condition.negated())
        for check in checks
        if isinstance(check.condition, Network) and check.condition.inside
    )


def _values(slot: Slot, found: Found, search: Search) -> list[str] | None:
    """All values the key can have in a branch (or some more), None when there is no end of them."""
    if slot.many:
        return None
    written = _written(slot, found.store)
    if written is not None and len(written) <= MOST_VALUES:
        return written
    if written is not None:
        possible = (v for v in written if _with(slot, v, found, search, inside=True) is not None)
        some = list(islice(possible, MOST_VALUES + 1))
        return some if len(some) <= MOST_VALUES else None
    languages = languages_of(slot, found.store)
    if languages is None:
        return None
    number = search.strings.count(languages, _field(slot), MOST_VALUES, search.budget)
    return _one_by_one(slot, found, search) if number <= MOST_VALUES else None


def _written(slot: Slot, store: Store) -> list[str] | None:
    """The values that some check on the key lists in so many words."""
    names = [piece.name for piece in slot.view or () if isinstance(piece, Part)]
    for check in store.checks.get(slot.master, ()):
        condition = check.condition
        if not isinstance(condition, Language) or not condition.inside:
            continue
        if slot.view is None and all(map(is_literal, condition.patterns)):
            return [text_of(pattern) for pattern in condition.patterns]
        if len(names) == 1 and slot.view == (part_of(slot.layout, names[0]),):
            found = _cuts(condition.patterns, slot.layout, names[0])
            if found is not None:
                return found
    return None


def _cuts(patterns: tuple[Pattern, ...], layout: Layout, name: str) -> list[str] | None:
    """What the patterns leave for a part, when that is literal text in all of them."""
    found: dict[str, None] = {}
    for pattern in patterns:
        for parts in splits(pattern, layout):
            if not is_literal(parts[name]):
                return None
            found[text_of(parts[name])] = None
    return list(found)


def _one_by_one(slot: Slot, found: Found, search: Search) -> list[str]:
    """The values the key can have in a branch, each found by leaving out those before it."""
    values: list[str] = []
    store: Store | None = found.store
    while store is not None and len(values) <= MOST_VALUES:
        texts = store.values.get(slot.master)
        value = read_off(slot, texts[0]) if texts is not None else None
        if value is None or value in values:
            break
        values.append(value)
        store = _with(slot, value, found._replace(store=store), search, inside=False)
    return values


def _with(slot: Slot, value: str, found: Found, search: Search, *, inside: bool) -> Store | None:
    check = Check(slot.master, False, "one", Language(inside, _lifted(slot, [value])))
    return search.add(found.store, check, found.case)


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

"""Whether the values of a key that get in can be listed, or have no end.

A key is enumerable in a region when at most 256 of its values get in; ids, names and tenants are
unbounded alphabets. A call is open when none of the keys that could fence it is enumerable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from iamlint.semantics.budget import Undecided
from iamlint.semantics.checks import Check
from iamlint.semantics.glob import ANY, Pattern, Token, Wild, literal
from iamlint.semantics.search import Found, Region, Search
from iamlint.semantics.slots import Slot, lifted
from iamlint.semantics.store import Store, checks_on, languages_of, read_off
from iamlint.semantics.strings import Field, Language
from iamlint.semantics.template import Layout, Part, before, fill, part_of, splits
from iamlint.semantics.unbounded import unbounded
from iamlint.semantics.universe import Case
from iamlint.semantics.values import Network
from iamlint.semantics.world import World

MOST_VALUES = 256
_MOST_ROUNDS = 300
_MOST_WRITTEN = 5_000
_SMALL_NETWORK = {4: 1 << 24, 6: 1 << 96}


Views = Callable[[Case], list[Slot]]
"""The keys (or parts of one) that fence callers of a case when their values can be listed."""


def accounts(case: Case, keys: frozenset[str]) -> list[Slot]:
    """What keeps accounts apart: the account, the organisation it is in, the caller's unique id.

    `keys`: those the policy speaks of; the unique id is worth a look only if it is one of them.
    """
    views = [case.slot(key) for key in ("aws:principalaccount", "aws:principalorgid")]
    if "aws:userid" not in keys:
        return views
    caller = case.caller()
    unique_id = part_of(caller.layout, "id")
    return [*views, caller._replace(view=(unique_id,))]


def fence_view(case: Case, key: str) -> Slot:
    """What must be listed for a key to fence: of an ARN the account, of other keys the value."""
    slot = case.slot(key)
    return case.slot("aws:principalaccount") if slot.master == "caller" else slot


def networks(case: Case) -> list[Slot]:
    """Where a call may come from; whether calls of services say so is not documented."""
    if case.who.kind == "service":
        return []
    keys = ("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid")
    slots = [case.slot(key) for key in keys]
    return [slot for slot in slots if slot.presence != "never"]


def tenants(case: Case) -> list[Slot]:
    """What keeps the customers of a shared identity provider apart."""
    issuer = case.subject.issuer if case.subject else None
    return named_views(case, issuer.tenants) if issuer else []


def named_views(case: Case, names: tuple[str, ...]) -> list[Slot]:
    """Parts of the subject, claims and whole keys by name, as far as a token has them."""
    subject = case.subject
    if subject is None:
        return []
    whole = subject.subject()
    parts = {piece.name: piece for piece in whole.layout if isinstance(piece, Part)}
    views = []
    for name in names:
        slot = case.slot(name.lower() if ":" in name else f"{subject.url}:{name}")
        if name in parts:
            case.slot(f"{subject.url}:sub")
            views.append(whole._replace(view=(parts[name],)))
        if slot.presence != "never":
            views.append(slot)
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


def _open_in(world: World, region: Region, views: list[Slot]) -> Found | None:
    for _ in range(_MOST_ROUNDS):
        found = world.search.find(region)
        if found is None:
            return None
        beyond = next(filter(None, (_beyond(slot, found, world.search) for slot in views)), None)
        if beyond is None:
            return found
        region = region.narrowed(*beyond)
    raise Undecided("the callers fall into too many groups to list")


def _beyond(slot: Slot, found: Found, search: Search) -> tuple[Check, ...] | None:
    """What leaves out all callers of the branch, if the key fences them: other values, or none.

    None when the key does not fence: it may be absent, or more than `MOST_VALUES` of its values
    are left.
    """
    checks = checks_on(slot.master, found.store)
    if slot.presence != "always" and all(check.absent for check in checks):
        return None
    if slot.domain == "address":
        return _beyond_networks(slot, checks)
    for listing, values in _listings(slot, checks):
        if _too_many(values, slot, found, search):
            return None
        # leaves out more than the branch, but nobody whose key is not in that list
        return (listing.negated()._replace(absent=True),)
    counted = _values(slot, found, search)
    if counted is None:
        return None
    return (Check(slot.master, True, "one", Language(False, lifted(counted, slot))),)


def _beyond_networks(slot: Slot, checks: tuple[Check, ...]) -> tuple[Check, ...] | None:
    if not _small_network(checks):
        return None
    return tuple(
        Check(slot.master, True, "one", check.condition.negated())
        for check in checks
        if isinstance(check.condition, Network) and check.condition.inside
    )


def _values(slot: Slot, found: Found, search: Search) -> tuple[Pattern, ...] | None:
    """All values the key can have in a branch (or some more), None when there is no end of them.

    Values that differ only in the case of letters, where that is not regarded, are one.
    """
    if slot.many:
        return None
    languages = languages_of(slot, found.store)
    if languages is None or unbounded(slot, languages, MOST_VALUES):
        return None
    number = search.strings.count(languages, _field(slot), MOST_VALUES, search.budget)
    return _one_by_one(slot, found, search) if number <= MOST_VALUES else None


def _listings(slot: Slot, checks: tuple[Check, ...]) -> Iterator[tuple[Check, frozenset[Pattern]]]:
    """Checks that list the values of the key in so many words, with what they list."""
    names = [piece.name for piece in slot.view or slot.layout if isinstance(piece, Part)]
    if len(names) != 1 or slot.many:
        return
    for check in checks:
        condition = check.condition
        if isinstance(condition, Language) and condition.inside:
            values = _spelled_out(condition.patterns, slot.layout, names[0])
            if values is not None:
                yield check, values


def _too_many(values: frozenset[Pattern], slot: Slot, found: Found, search: Search) -> bool:
    """Whether more than `MOST_VALUES` of the values of a part are left in the branch."""
    if len(values) <= MOST_VALUES:
        return False
    name = next(p.name for p in slot.view or slot.layout if isinstance(p, Part))
    left = (
        value
        for value in sorted(values, key=str)
        if search.add(found.store, _just(slot, {name: value}), found.case) is not None
    )
    return next(islice(left, MOST_VALUES, None), None) is not None


def _just(slot: Slot, part: dict[str, Pattern]) -> Check:
    return Check(slot.master, False, "one", Language(True, (fill(part, slot.layout),)))


@lru_cache(maxsize=256)
def _spelled_out(
    patterns: tuple[Pattern, ...], layout: Layout, name: str
) -> frozenset[Pattern] | None:
    """What patterns leave for a part; None: too many texts, or texts without end."""
    found: set[Pattern] = set()
    for pattern in patterns:
        for parts in splits(pattern, layout):
            texts = _texts(parts[name])
            if texts is None or len(found) > _MOST_WRITTEN:
                return None
            found.update(texts)
    return frozenset(found)


def _texts(pattern: Pattern) -> list[Pattern] | None:
    """The texts of a pattern without `*`; a letter in either case counts as one."""
    found: list[Pattern] = [()]
    for token in pattern:
        options: list[Token] = [token]
        if isinstance(token, Wild) and not _is_letter(token):
            if token.star or token.chars.inverted:
                return None
            options = sorted(token.chars.listed)
        found = [(*start, option) for start in found for option in options]
        if len(found) > MOST_VALUES:
            return None
    return found


def _is_letter(token: Wild) -> bool:
    """Whether a token stands for one letter in upper or lower case."""
    listed = token.chars.listed
    return not token.star and not token.chars.inverted and len({c.lower() for c in listed}) == 1


def _one_by_one(slot: Slot, found: Found, search: Search) -> tuple[Pattern, ...]:
    """The values the key can have in a branch, each found by leaving out those before it."""
    values: list[Pattern] = []
    store: Store | None = found.store
    while store is not None and len(values) <= MOST_VALUES:
        known = store.get(slot.master)
        texts = known.value if known is not None else None
        value = read_off(slot, texts[0]) if texts is not None else None
        if value is None or literal(value) in values:
            break
        values.append(literal(value))
        other = Check(slot.master, False, "one", Language(False, lifted((values[-1],), slot)))
        store = search.add(store, other, found.case)
    return tuple(values)


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

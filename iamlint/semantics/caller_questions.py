"""Questions about IAM users and role sessions: whose they are, and what else they may bring."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from iamlint.policy.document import Principal
from iamlint.semantics.budget import Undecided
from iamlint.semantics.checks import Check
from iamlint.semantics.glob import STAR, Pattern, literal
from iamlint.semantics.openness import open_call
from iamlint.semantics.questions import (
    SIGNED,
    Grant,
    Question,
    called,
    grant_regions,
    public,
    unless,
)
from iamlint.semantics.search import Found, Region
from iamlint.semantics.slots import Slot, lifted
from iamlint.semantics.strings import Language
from iamlint.semantics.template import Layout, Part, fill
from iamlint.semantics.universe import Case
from iamlint.semantics.world import World

# a name that no policy means: who has it stands for anybody of the account
_STRANGER = "zq7stranger"
_SOMEBODY = "mallory"
_ANY_KEY = "zq7anything"
_SOME_KEY = "anything"
# keys that tell callers of one account, or accounts, apart
_NAMES = {"aws:principalarn", "aws:userid", "aws:username"}
_ORGANISATION = {"aws:principalorgid", "aws:principalorgpaths"}


def foreign(number: int, principal: Principal, trusted: frozenset[str]) -> Question:
    """A caller of an entry whose account is neither the role's nor one of `trusted`."""
    some = called(number, (principal,))

    def question(world: World) -> Found | None:
        account = world.principals((principal,))[0].account
        known = not account or account in {world.own_account(), *trusted}
        return None if known else some(world)

    return question


def stranger(grant: Grant, trusted: frozenset[str]) -> Question:
    """A call by just anybody of a foreign account, without an external id that could be listed."""

    def question(world: World) -> Found | None:
        entry = world.principals((grant[1],))[0]
        if entry.form != "account" or entry.account in {world.own_account(), *trusted}:
            return None
        regions = list(grant_regions(world, grant, SIGNED))
        found = open_call(world, [_by(region, _STRANGER) for region in regions], _customer)
        if found is None:
            return None
        # where anybody gets in, so does a caller with a name that reads better
        return open_call(world, [_by(region, _SOMEBODY) for region in regions], _customer) or found

    return question


def any_customer(grant: Grant) -> Question:
    """A call by an IAM caller, without an external id that could be listed."""
    return lambda world: open_call(world, list(grant_regions(world, grant, SIGNED)), _customer)


def _customer(case: Case) -> list[Slot]:
    """What keeps the customers of a vendor apart: the external id, or the organisation."""
    slots = [case.slot(key) for key in ("sts:externalid", "aws:principalorgid")]
    return [slot for slot in slots if slot.presence != "never"]


def just_anybody(grant: Grant) -> Question:
    """A call by a user or role session with a name that no policy means."""

    def question(world: World) -> Found | None:
        return world.first(_by(region, _STRANGER) for region in grant_regions(world, grant, SIGNED))

    return question


def anybody_at_home(grant: Grant) -> Question:
    """A call by just anybody of the role's own account."""

    def question(world: World) -> Found | None:
        entry = world.principals((grant[1],))[0]
        if entry.form != "account" or entry.account != world.own_account():
            return None
        regions = list(grant_regions(world, grant, SIGNED))
        found = world.first(_by(region, _STRANGER) for region in regions)
        return found and (world.first(_by(region, _SOMEBODY) for region in regions) or found)

    return question


def organisation_wide(grant: Grant) -> Question:
    """A call by just anybody of accounts without end, all in organisations that can be listed."""

    def question(world: World) -> Found | None:
        if not world.said.keys & _ORGANISATION:
            return None
        regions = [_by(region, _STRANGER) for region in grant_regions(world, grant, SIGNED)]
        return open_call(world, regions, _account)

    return unless(question, public(grant, any_network=False))


def of_accounts(grant: Grant, accounts: Iterable[str]) -> Question:
    """A call by somebody of one of some accounts."""
    listed = tuple(map(literal, accounts))

    def question(world: World) -> Found | None:
        return world.first(_of(region, listed) for region in grant_regions(world, grant, SIGNED))

    return question


def _of(region: Region, accounts: tuple[Pattern, ...]) -> Region:
    slot = region.case.slot("aws:principalaccount")
    there = Check(slot.master, False, "one", Language(True, lifted(accounts, slot)))
    return region.narrowed(there)


def _account(case: Case) -> list[Slot]:
    return [case.slot("aws:principalaccount")]


def names_without_end(grant: Grant) -> Question:
    """A call by one of callers whose names have no end, though not just anybody gets in.

    Names that only AWS gives, those of Identity Center, are left out.
    """

    def question(world: World) -> Found | None:
        if not world.said.keys & _NAMES:
            return None  # everybody of an account, or nobody
        regions = list(grant_regions(world, grant, SIGNED))
        if world.first(_by(region, _STRANGER) for region in regions) is not None:
            return None
        try:
            return open_call(world, [_nameable(region) for region in regions], _name)
        except Undecided:
            world.filling.give_up()
            return None  # NOTE: many patterns are hard to count, and this is worth a note at most

    return question


def _name(case: Case) -> list[Slot]:
    caller = case.caller()
    parts = [piece for piece in caller.layout if isinstance(piece, Part)]
    named = next(part for part in parts if part.name in ("resource", "name"))
    unique = next(part for part in parts if part.name == "id")
    return [caller._replace(view=(part,)) for part in (named, unique)]


def _nameable(region: Region) -> Region:
    caller = region.case.caller()
    names = {piece.name for piece in caller.layout if isinstance(piece, Part)}
    part, text = ("resource", "aws-reserved/") if "resource" in names else ("path", "aws-reserved")
    if part not in names:
        return region
    reserved = fill({part: (*text, STAR)}, caller.layout)
    other = Check(caller.master, False, "one", Language(False, (reserved,)))
    return region.narrowed(other)


def without_mfa(grant: Grant) -> Question:
    """A call of an IAM user that was not made with MFA."""

    def question(world: World) -> Found | None:
        return world.first(
            region
            for region in grant_regions(world, grant, frozenset(("user",)))
            if region.case.choices.get("mfa") != "true"
        )

    return question


def any_tag(grant: Grant, kinds: frozenset[str]) -> Question:
    """A call of such callers that passes a session tag with whatever key its caller likes."""

    def question(world: World) -> Found | None:
        if not any("sts:TagSession" in actions for actions in world.allowed_actions()):
            return None
        regions = [
            region
            for region in grant_regions(world, grant, kinds, tagged=True)
            if "sts:TagSession" in region.case.needs
        ]
        found = world.first(_passing(region, _ANY_KEY) for region in regions)
        return found and (world.first(_passing(region, _SOME_KEY) for region in regions) or found)

    return question


def _passing(region: Region, tag: str) -> Region:
    keys = region.case.slot("aws:tagkeys")
    passed = Check(keys.master, False, "any", Language(True, (literal(tag),)))
    return region.narrowed(passed)


def _by(region: Region, name: str) -> Region:
    """The calls of a region whose caller has this name, session name and (so to say) id."""
    caller = region.case.caller()
    return region.narrowed(Check(caller.master, False, "one", _named(name, caller.layout)))


@lru_cache(maxsize=64)
def _named(name: str, layout: Layout) -> Language:
    parts = {
        "resource": literal(name),
        "name": literal(name),
        "id": literal(name.upper().ljust(16, "X")),
        "session": literal(name),
    }
    return Language(True, (fill(parts, layout),))

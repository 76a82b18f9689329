"""Find a call that meets requirements and no Deny, or prove that there is none.

The strings of a case are independent of each other, so a conjunction of checks is decided string
by string. Denies are avoided one by one: at least one term of each must fail. Policy variables tie
strings together; they are settled last, by trying the values that matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from iamlint.semantics.budget import Budget, Undecided
from iamlint.semantics.checks import Check, Relation
from iamlint.semantics.glob import is_literal, text_of
from iamlint.semantics.likely import likely, may_meet
from iamlint.semantics.slots import Slot
from iamlint.semantics.statements import Conjunction
from iamlint.semantics.store import Narrowed, Store, Values
from iamlint.semantics.strings import Language, Strings
from iamlint.semantics.universe import Case
from iamlint.semantics.values import Condition, find, holds
from iamlint.semantics.variables import Settler
from iamlint.typed import NamedTuple

_MOST_LIKELY = 40
_BRANCH = 40  # about how many moves of an automaton one branch costs


class Region(NamedTuple):
    """The calls of one case that meet `terms`, and for every group one of its alternatives, and
    that escape every Deny."""

    case: Case
    terms: Conjunction
    groups: tuple[tuple[Conjunction, ...], ...]
    denies: tuple[Conjunction, ...]

    def narrowed(self, *terms: Check | Relation) -> Region:
        """Those of the calls that meet further terms."""
        return self._replace(terms=(*self.terms, *terms))


class Known:
    """What searches in one policy have worked out: where `Narrowed` begins."""

    __slots__ = ("_of_cases", "_of_slots")

    def __init__(self) -> None:
        self._of_slots: dict[Slot, Narrowed] = {}
        self._of_cases: dict[tuple[Case, str], Narrowed] = {}  # quicker to look up

    def unchecked(self, master: str, case: Case) -> Narrowed:
        """A string before any check; strings of equal slots are one."""
        found = self._of_cases.get((case, master))
        if found is None:
            slot = case.masters[master]
            found = self._of_slots.get(slot)
            if found is None:
                found = self._of_slots[slot] = Narrowed((), None, met=True)
            self._of_cases[case, master] = found
        return found


class Found(NamedTuple):
    """A branch of the search that has a call: its case, and the checks and values of it."""

    case: Case
    store: Store


class Search:
    """Searches regions of one policy; shares what is known about strings, and bounds the work."""

    __slots__ = ("_known", "_settler", "budget", "strings")

    def __init__(self, strings: Strings, known: Known) -> None:
        self.strings = strings
        self.budget = Budget()
        self._known = known
        self._settler = Settler(self)

    def renew(self, total: Budget | None) -> None:
        """Begin again with a budget of its own, out of the `total`."""
        self.budget = Budget(total=total)

    def renewed(self) -> Search:
        """A search with a budget of its own that knows what this one has worked out."""
        return Search(self.strings, self._known)

    def find(self, region: Region) -> Found | None:
        """A call of the region, or None when it is empty. Raises Undecided over budget."""
        self._settler.loose = False
        plain = not region.groups and not region.denies
        found = self._plain(region) if plain else next(self._search(region), None)
        if found is None and self._settler.loose:
            raise Undecided("policy variables tie keys together in a way that is not decided")
        return found

    def _plain(self, region: Region) -> Found | None:
        """A call of a region without alternatives; most are such."""
        start = self._extend({}, (), region.terms, region.case)
        if start is None:
            return None
        store, relations = start
        settled = self._settler.settle(store, relations, region.case) if relations else store
        return Found(region.case, settled) if settled is not None else None

    def _search(self, region: Region) -> Iterator[Found]:
        todo = [*region.groups, *map(_falsified, region.denies)]
        start = self._extend({}, (), region.terms, region.case)
        if start is not None:
            yield from self._grow(*start, todo, region.case)

    def _grow(
        self,
        store: Store,
        relations: tuple[Relation, ...],
        todo: list[tuple[Conjunction, ...]],
        case: Case,
    ) -> Iterator[Found]:
        """Meet one alternative of each entry of `todo`."""
        self.budget.spend(_BRANCH)
        if not todo:
            settled = self._settler.settle(store, relations, case)
            if settled is not None:
                yield Found(case, settled)
            return
        for alternative in self._ordered(todo[0], store, case):
            extended = self._extend(store, relations, alternative, case)
            if extended is not None:
                yield from self._grow(*extended, todo[1:], case)

    def _ordered(
        self, alternatives: tuple[Conjunction, ...], store: Store, case: Case
    ) -> list[Conjunction]:
        """Alternatives that the present values already meet come first, then absent keys.

        NOTE: such an alternative must still be recorded, or a later one could undo it.
        """
        if len(alternatives) == 1:
            return [*alternatives]
        return sorted(
            alternatives, key=lambda terms: (not self._met(terms, store), _hard(terms, case))
        )

    def _met(self, terms: Conjunction, store: Store) -> bool:
        return all(
            isinstance(term, Check)
            and (known := store.get(term.master)) is not None
            and self.holds(term, known.value)
            for term in terms
        )

    def holds(self, check: Check, value: Values) -> bool:
        """Whether a value (None: absent) meets a check."""
        if value is None:
            return check.absent
        if check.mode == "null":
            return not check.absent
        if check.condition is None:
            return True
        tests = (holds(check.condition, each, self.strings) for each in value)
        return all(tests) if check.mode == "all" else any(tests)

    def _extend(
        self, store: Store, relations: tuple[Relation, ...], terms: Conjunction, case: Case
    ) -> tuple[Store, tuple[Relation, ...]] | None:
        for term in terms:
            if isinstance(term, Relation):
                if term.negated() in relations:
                    return None  # settling tries values, and would not find out
                relations = (*relations, term)
                continue
            extended = self.add(store, term, case)
            if extended is None:
                return None
            store = extended
        return store, relations

    def add(self, store: Store, check: Check, case: Case) -> Store | None:
        """The store with one check more; None when its string can no longer meet them all."""
        known = store.get(check.master) or self._known.unchecked(check.master, case)
        after = known.next.get(check)
        if after is None:
            after = known.next[check] = self._narrowed(known, check, case)
        if after is known:
            return store
        return {**store, check.master: after} if after.met else None

    def _narrowed(self, known: Narrowed, check: Check, case: Case) -> Narrowed:
        """A string with one check more."""
        if check in known.checks:
            return known
        checks = (*known.checks, check)
        if known.checks and known.met and self.holds(check, known.value):
            return Narrowed(checks, known.value, met=True)
        self.budget.spend(_BRANCH)
        met, value = self.solve(case.masters[check.master], checks)
        return Narrowed(checks, value, met=met)

    def solve(self, slot: Slot, checks: tuple[Check, ...]) -> tuple[bool, Values]:
        """(can be met, a value that does)."""
        if slot.presence != "always" and all(check.absent for check in checks):
            return True, None
        if slot.presence == "never" or any(c.mode == "null" and c.absent for c in checks):
            return False, None
        checks = tuple(check for check in checks if check.mode != "null")
        if not slot.many:
            conditions = tuple(c.condition for c in checks if c.condition is not None)
            value = self._one(slot, conditions)
            return value is not None, (value,) if value is not None else None
        return self._set(slot, checks)

    def _set(self, slot: Slot, checks: tuple[Check, ...]) -> tuple[bool, Values]:
        """A set of values: each is in all the universal conditions, one in each existential."""
        every = tuple(c.condition for c in checks if c.mode == "all" and c.condition is not None)
        some = [c.condition for c in checks if c.mode != "all" and c.condition is not None]
        found: dict[str, None] = {}
        for conditions in [(*every, each) for each in some] or [every]:
            value = self._one(slot, conditions)
            if value is None:
                return False, None
            found[value] = None
        return True, self._fewest(tuple(found), some)

    def _fewest(self, values: tuple[str, ...], some: list[Condition]) -> tuple[str, ...]:
        """The values without those that the others make needless."""
        for value in values[:-1]:
            others = tuple(each for each in values if each != value)
            if all(any(holds(c, each, self.strings) for each in others) for c in some):
                values = others
        return values

    def _one(self, slot: Slot, conditions: tuple[Condition, ...]) -> str | None:
        only = _only(slot, conditions)
        if only is not None:
            fits = all(holds(each, only, self.strings) for each in (*conditions, *slot.base))
            return only if fits else None
        if slot.domain == "string" and not may_meet(slot, conditions):
            return None
        for text in itertools.islice(likely(slot, reversed(conditions)), _MOST_LIKELY):
            if all(holds(each, text, self.strings) for each in (*conditions, *slot.base)):
                return text
        return find((*slot.base, *conditions), slot.domain, self.strings, self.budget)


def _only(slot: Slot, conditions: tuple[Condition, ...]) -> str | None:
    """The one text that some condition leaves, if it leaves no more."""
    for each in conditions if slot.domain == "string" else ():
        if isinstance(each, Language) and each.inside and len(each.patterns) == 1:
            pattern = each.patterns[0]
            if is_literal(pattern):
                return text_of(pattern)
    return None


def _falsified(deny: Conjunction) -> tuple[Conjunction, ...]:
    """The ways to escape a Deny: any one of its terms fails."""
    return tuple((term.negated(),) for term in deny)


def _hard(terms: Conjunction, case: Case) -> int:
    """How many terms ask for a value; leaving a key out costs nothing."""
    return sum(
        isinstance(term, Relation)
        or not term.absent
        or case.masters[term.master].presence == "always"
        for term in terms
    )

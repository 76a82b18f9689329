"""A policy under one filling of the unknowns: regions of calls, and searches in them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from iamlint.policy.document import Guard, Principal, Statement, TrustPolicy
from iamlint.semantics.budget import Budget, Undecided
from iamlint.semantics.cases import Mentioned, callers, cases, couplings
from iamlint.semantics.filling import Asked, Callers, Filling, Setting
from iamlint.semantics.search import Found, Known, Region, Search
from iamlint.semantics.statements import (
    Compiled,
    Conjunction,
    compile_statement,
)
from iamlint.semantics.strings import Strings
from iamlint.semantics.universe import Case, Who, own_account
from iamlint.typed import NamedTuple

_MOST_STATEMENTS = 200


class Studied(NamedTuple):
    """A policy, what is known around it, and what can be read off it without any filling.

    `actions`: the assume actions each statement names; `said`: the keys and literals of it all;
    `known`: what searches have worked out about its strings.
    """

    policy: TrustPolicy
    setting: Setting
    strings: Strings
    actions: tuple[frozenset[str], ...]
    said: Mentioned
    known: Known


class _Kept:
    """Regions known so far, each with the unknowns it asked, and what gives the next; last None."""

    __slots__ = ("fresh", "known")

    def __init__(self, fresh: Iterator[Region]) -> None:
        self.fresh = fresh
        self.known: list[tuple[Region | None, Asked]] = []


class World:
    """What a policy means once every unknown has a value.

    `policy` is the policy as it reads then. Whoever asks knows it as it reads in the first world:
    `statement`, `guard` and `principal` find what stands in the same place here.
    """

    __slots__ = (
        "_actions",
        "_asked",
        "_callers",
        "_cases",
        "_compiled",
        "_kept",
        "_places",
        "filling",
        "policy",
        "said",
        "search",
        "setting",
    )  # fmt: skip

    def __init__(self, studied: Studied, filling: Filling, callers: Callers | None = None) -> None:
        self.policy = studied.policy
        self.filling = filling
        self.said = studied.said
        self.search = Search(studied.strings, studied.known)
        self.setting = studied.setting
        self._actions = studied.actions
        self._asked = dict(filling.asked)  # by the text of the policy: every answer hangs on it
        self._cases: dict[tuple[Who, bool, bool], tuple[list[Case], Asked]] = {}
        self._compiled: dict[tuple[Case, int], tuple[Compiled, Asked]] = {}
        self._kept: dict[object, _Kept] = {}
        self._callers = callers or {}
        self._places: dict[str, list[int]] = {}

    def place(self, known: Statement) -> int:
        """The place of a statement in the policy."""
        return next(n for n, each in enumerate(self.policy.statements) if each.index == known.index)

    def statement(self, known: Statement) -> Statement:
        """The statement of this world in the place of one of the first."""
        return self.policy.statements[self.place(known)]

    def guard(self, known: Guard) -> Guard:
        """The guard of this world in the place of one of the first.

        NOTE: keys that are equal here hide all but the last of them, which then stands for itself.
        """
        found = (
            guard
            for statement in self.policy.statements
            for guard in statement.guards
            if guard.key_span == known.key_span and guard.operator_span == known.operator_span
        )
        return next(found, known)

    def principals(self, known: tuple[Principal, ...]) -> tuple[Principal, ...]:
        """The principals of this world in the places of some of the first."""
        places = {each.span for each in known}
        return self.read(
            tuple(
                each
                for statement in self.policy.statements
                for each in statement.principals
                if each.span in places
            )
        )

    def read(self, principals: tuple[Principal, ...]) -> tuple[Principal, ...]:
        """The same principals. INVARIANT: whoever makes use of who they are reads them here."""
        if self._callers:
            for each in principals:
                for name, options in self._callers.get(each.span, ()):
                    self.filling.choose(name, options)
        return principals

    def renew(self, total: Budget | None = None) -> None:
        """Give the next question a budget of its own, out of the `total` for the policy.

        What it asks of the unknowns is noted from here on.
        """
        self.search.renew(total)
        self.filling.asked = dict(self._asked)

    def own_account(self) -> str:
        """The account of the role, as this filling has it."""
        return own_account(self.setting, self.filling, self.said.literals)

    def actions(self, number: int) -> frozenset[str]:
        """The actions that the statement at this place in the policy names."""
        return self._actions[number]

    def cases(
        self,
        statements: Iterable[Statement],
        kinds: frozenset[str] | None = None,
        *,
        apart: bool = False,
        tagged: bool = False,
    ) -> Iterator[Case]:
        """The kinds of call that these statements may cover; `kinds` narrows them down.

        `apart`: each default form of a web identity's subject is a kind of its own. `tagged`: so
        are calls that pass session tags, whether or not the policy looks at them.
        """
        said = self.said
        if tagged:
            said = said._replace(extras=said.extras | {"sts:TagSession"})
        for who in callers(tuple(statements), self.said.others):
            if kinds is not None and who.kind not in kinds:
                continue
            found = self._cases.get((who, apart, tagged))
            if found is None:
                before = self.filling.begin()
                fresh = cases(who, said, self.setting, self.filling, apart=apart)
                found = self._cases[who, apart, tagged] = fresh, self.filling.end(before)
            self.filling.asked.update(found[1])
            yield from found[0]

    def kept(self, name: object, regions: Callable[[], Iterator[Region]]) -> Iterator[Region]:
        """Regions that many questions look at, under a name; worked out when first looked at."""
        kept = self._kept.get(name)
        if kept is None:
            kept = self._kept[name] = _Kept(regions())
        for number in itertools.count():
            if number == len(kept.known):
                self._next(name, kept)
            region, asked = kept.known[number]
            self.filling.asked.update(asked)
            if region is None:
                return
            yield region

    def _next(self, name: object, kept: _Kept) -> None:
        before = self.filling.begin()
        try:
            region = next(kept.fresh, None)
        except Undecided:
            del self._kept[name]  # it has not come to its end, though it will give no more
            raise
        finally:
            asked = self.filling.end(before)
        kept.known.append((region, asked))

    def allowing(self) -> tuple[Statement, ...]:
        """The Allow statements."""
        return tuple(each for each in self.policy.statements if each.effect == "Allow")

    def allowed_actions(self) -> list[frozenset[str]]:
        """The actions that each Allow names."""
        places = enumerate(self.policy.statements)
        return [self._actions[place] for place, each in places if each.effect == "Allow"]

    def compiled(self, case: Case) -> tuple[Compiled, ...]:
        """All statements as they bear on a case, in order."""
        self._check_number()
        return tuple(self.bearing(case, number) for number in range(len(self.policy.statements)))

    def bearing(self, case: Case, number: int) -> Compiled:
        """The statement at this place in the policy as it bears on a case."""
        found = self._compiled.get((case, number))
        if found is None:
            before = self.filling.begin()
            statement, actions = self.policy.statements[number], self._actions[number]
            self.read(statement.principals)
            fresh = compile_statement(statement, actions, self.policy.version, case)
            found = self._compiled[case, number] = fresh, self.filling.end(before)
        self.filling.asked.update(found[1])
        return found[0]

    def alternatives(self, case: Case, action: str) -> tuple[Conjunction, ...]:
        """The ways in which Allows admit an action."""
        return self.rivals(case, action, self._numbers("Allow"))

    def rivals(self, case: Case, action: str, others: Iterable[int]) -> tuple[Conjunction, ...]:
        """The ways in which the statements at these places bear on an action of the case."""
        self._check_number()
        return tuple(
            terms
            for number in others
            if action in self._actions[number]
            and (terms := self.bearing(case, number).terms) is not None
        )

    def denies(self, case: Case) -> tuple[Conjunction, ...]:
        """The Denies that bear on the case."""
        return tuple(
            terms
            for number in self._numbers("Deny")
            if (terms := self.bearing(case, number).terms) is not None
        )

    def _numbers(self, effect: str) -> list[int]:
        """The places of the statements with an effect. Raises Undecided when there are too many."""
        found = self._places.get(effect)
        if found is None:
            self._check_number()
            statements = enumerate(self.policy.statements)
            found = self._places[effect] = [n for n, each in statements if each.effect == effect]
        return found

    def _check_number(self) -> None:
        if len(self.policy.statements) > _MOST_STATEMENTS:
            raise Undecided(f"the policy has more than {_MOST_STATEMENTS} statements")

    def admitted(self, case: Case, terms: Conjunction = (), *, denies: bool = True) -> Region:
        """The calls of a case that the policy admits and that meet `terms`."""
        groups = tuple(self.alternatives(case, action) for action in sorted(case.needs))
        return Region(
            case,
            (*couplings(case, self.said.keys), *terms),
            groups,
            self.denies(case) if denies else (),
        )

    def through(self, case: Case, number: int, terms: Conjunction) -> Region:
        """The calls admitted by one statement (with `terms` in place of its own requirements).

        Other actions a call needs may be allowed by any statement; every Deny counts.
        """
        own = self._actions[number]
        groups = tuple(
            self.alternatives(case, action) for action in sorted(case.needs) if action not in own
        )
        return Region(case, (*couplings(case, self.said.keys), *terms), groups, self.denies(case))

    def alone(self, case: Case, terms: Conjunction) -> Region:
        """The calls of a case that meet `terms`, whatever the rest of the policy says."""
        return Region(case, (*couplings(case, self.said.keys), *terms), (), ())

    def first(self, regions: Iterable[Region]) -> Found | None:
        """A call of the first region that has one."""
        for region in regions:
            found = self.search.find(region)
            if found is not None:
                return found
        return None

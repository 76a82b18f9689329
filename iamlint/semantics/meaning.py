"""Ask a policy a question under every filling of its unknowns, and combine the answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from iamlint.policy.document import TrustPolicy
from iamlint.semantics.budget import Budget, Undecided
from iamlint.semantics.cases import mentioned
from iamlint.semantics.filling import Callers, Filling, Option, Setting
from iamlint.semantics.search import Found, Known
from iamlint.semantics.statements import actions_of
from iamlint.semantics.strings import Strings
from iamlint.semantics.world import Studied, World
from iamlint.typed import NamedTuple, Protocol

_MOST_FILLINGS = 64
_MOST_PAIRS = 512  # of a lone unknown with an account that may be the role's
_MOST_STEPS = 3_000_000  # of all questions about one policy

_NONE = frozenset[str]()

Question = Callable[[World], Found | None]


class Readings(Protocol):
    """A policy whose text has holes.

    `lone`: unknowns of which one at most is other than usual. `callers`: where principals stand,
    the unknowns in them that nothing else hangs on, with their options.
    """

    lone: frozenset[str]
    callers: Callers

    def policy(self, filling: Filling, literals: dict[str, tuple[str, ...]]) -> TrustPolicy:
        """The policy with its holes filled as `filling` says, the same for equal texts."""

    def told(self, text: str) -> str:
        """The text with what was made up for a hole replaced by the hole's name."""


class Answer(NamedTuple):
    """Whether a call of the kind asked for exists.

    `state`: `yes` in every filling of the unknowns, `no` in none, `possible` in some, `undecided`
    when the work was too much (`reason`). `found`, `world`: such a call and the world it lives
    in. `assumptions`: the unknowns it hangs on, as names of `iamlint.semantics.filling`.
    """

    state: str
    found: Found | None = None
    world: World | None = None
    assumptions: tuple[str, ...] = ()
    reason: str = ""


Chosen = tuple[tuple[str, Option], ...]


class Meaning:
    """The set of calls one policy admits; `readings` where its text is not known whole."""

    __slots__ = ("_readings", "_studied", "_total", "_worlds", "pause", "studied")

    def __init__(
        self,
        policy: TrustPolicy,
        setting: Setting,
        strings: Strings,
        readings: Readings | None = None,
    ) -> None:
        actions = tuple(actions_of(each, strings) for each in policy.statements)
        said = mentioned(policy, actions)
        self.studied = Studied(policy, setting, strings, actions, said, Known())
        self._readings = readings
        self._studied = {policy.value: self.studied} if readings else {}
        self._worlds: dict[Chosen, World] = {}
        self._total = Budget(_MOST_STEPS)
        self.pause: Callable[[], None] | None = None  # called before each question; may raise

    @property
    def open(self) -> bool:
        """Whether the text of the policy has holes."""
        return self._readings is not None

    def told(self, text: str) -> str:
        """The text as a user would say it: what was made up for a hole by the hole's name."""
        return self._readings.told(text) if self._readings else text

    def world(self, chosen: Chosen = ()) -> World:
        """The policy under one filling; unknowns not chosen take their first option."""
        found = self._worlds.get(chosen)
        if found is None:
            filling = Filling(dict(chosen))
            callers = self._readings.callers if self._readings is not None else {}
            found = World(self._study(filling), filling, callers)
            self._worlds[chosen] = found
        return found

    def _study(self, filling: Filling) -> Studied:
        """The policy as it reads under a filling."""
        first = self.studied
        if self._readings is None:
            return first
        policy = self._readings.policy(filling, first.said.literals)
        found = self._studied.get(policy.value)
        if found is None:
            actions = tuple(actions_of(each, first.strings) for each in policy.statements)
            # INVARIANT: all readings leave the same accounts open for the role's own
            said = mentioned(policy, actions)._replace(literals=first.said.literals)
            found = first._replace(policy=policy, actions=actions, said=said)
            self._studied[policy.value] = found
        return found

    def ask(self, question: Question) -> Answer:
        """The answer over all fillings of the unknowns that the question meets."""
        if self.pause is not None:
            self.pause()
        results: dict[Chosen, Result] = {}
        for chosen, world in self._fillings():
            if world is None:
                results[chosen] = Result("too much is unknown about the policy", self.world(), ())
                break
            results[chosen] = result = _try(question, world, self._total)
            if isinstance(result.outcome, str):
                break  # what is too much in one filling would be so in the others
        return _combine(results)

    def _fillings(self) -> Iterator[tuple[Chosen, World | None]]:
        """Worlds for every filling, those first that differ least from the usual one.

        A world stands for all fillings that agree with it on the unknowns it asked for: each of
        the others has one of them, the first, on which it differs.
        After too many of them comes None: the others were not looked at.
        """
        # lone unknowns and accounts that may be the role's add one each, others double them all
        lone = len(self._readings.lone) if self._readings is not None else 0
        accounts = len(self.studied.said.literals["account"])
        most = _MOST_FILLINGS + min((1 + lone) * (1 + accounts), _MOST_PAIRS)
        waiting: list[tuple[Chosen, frozenset[str]]] = [((), frozenset())]
        for number in itertools.count():
            if not waiting:
                return
            chosen, settled = waiting.pop(0)
            if number == most:
                yield chosen, None
                return
            world = self.world(chosen)
            yield chosen, world
            settled |= self._excluded(chosen)
            for name, options in world.filling.asked.items():
                if name not in settled:
                    settled |= {name}
                    others = (tuple(sorted((*chosen, (name, each)))) for each in options[1:])
                    waiting.extend((other, settled) for other in others)

    def _excluded(self, chosen: Chosen) -> frozenset[str]:
        """The unknowns that are as usual because of what was chosen for others."""
        lone = self._readings.lone if self._readings is not None else _NONE
        return lone if any(name in lone for name, _ in chosen) else _NONE


class Result(NamedTuple):
    """What a question came to in one world: a call, none, or why it is undecided.

    `asked`: the unknowns it met there.
    """

    outcome: Found | str | None
    world: World
    asked: tuple[str, ...]


def _try(question: Question, world: World, total: Budget) -> Result:
    world.renew(total)
    outcome: Found | str | None
    try:
        outcome = question(world)
    except Undecided as error:
        world.filling.give_up()
        outcome = error.reason
    return Result(outcome, world, tuple(world.filling.asked))


def _combine(results: dict[Chosen, Result]) -> Answer:
    found = [chosen for chosen, each in results.items() if isinstance(each.outcome, Found)]
    reasons = [each.outcome for each in results.values() if isinstance(each.outcome, str)]
    if not found:
        return Answer("undecided", reason=reasons[0]) if reasons else Answer("no")
    call, world, _ = results[min(found, key=len)]
    assert isinstance(call, Found)
    if len(found) == len(results):
        return Answer("yes", call, world)
    decided = {
        chosen: each for chosen, each in results.items() if not isinstance(each.outcome, str)
    }
    return Answer("possible", call, world, _decisive(set(found), decided))


def _decisive(yes: set[Chosen], results: dict[Chosen, Result]) -> tuple[str, ...]:
    """The unknowns that change the answer when they alone change."""
    names = {name for chosen in results for name, _ in chosen}
    decisive = {
        name
        for chosen in results
        for name, _ in chosen
        if (other := _standing_for(chosen, name, results)) is not None
        and (chosen in yes) != (other in yes)
    }
    return tuple(sorted(decisive or names))


def _standing_for(chosen: Chosen, without: str, results: dict[Chosen, Result]) -> Chosen | None:
    """The result that stands for a filling in which one unknown is as usual."""
    filling = {name: option for name, option in chosen if name != without}
    for other, result in results.items():
        picked = dict(other)
        if all(picked.get(name) == filling.get(name) for name in result.asked):
            return other
    return None

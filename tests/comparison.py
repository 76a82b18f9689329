"""Compares the engine with the oracle: the same policies, the same calls, the same readings.

What AWS leaves ambiguous is a draw of `assume`, one name for both sides. What a call itself tells
(whether it carries a key that AWS is silent about, which organisation the role is in) the engine
is told along with it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

import oracle
from completion import as_told, completed
from oracle import Request
from policies import ASSUMPTIONS, interesting_policy, near_requests, random_assumptions
from realism import faults

from iamlint.policy.parse import parse_policy
from iamlint.semantics.budget import Undecided
from iamlint.semantics.filling import Filling, Option, Setting
from iamlint.semantics.meaning import Meaning
from iamlint.semantics.membership import admits
from iamlint.semantics.questions import anyone
from iamlint.semantics.strings import Strings
from iamlint.semantics.witness import request_of
from iamlint.semantics.world import World
from iamlint.source import Source
from iamlint.syntax.json import parse

Json = dict[str, Any]
Draw = Callable[[Random, Mapping[str, str]], Json]
ROLE = {"account": "111111111111"}


class Difference(NamedTuple):
    """What one side says and the other does not, with all that is needed to see it again."""

    kind: str
    policy: Json
    request: object
    assume: tuple[str, ...]
    detail: str


class Tally(NamedTuple):
    """What was compared, and what came out differently."""

    counts: Counter[str]
    differences: list[Difference]

    def note(self, kind: str, policy: Json, request: object, assume: object, detail: str) -> None:
        """Keep a difference; of each kind the first hundred are enough."""
        self.counts[kind] += 1
        if self.counts[kind] <= 100:
            true = [name for name in ASSUMPTIONS if isinstance(assume, dict) and assume[name]]
            self.differences.append(Difference(kind, policy, request, tuple(true), detail))


# Where the engine knowingly admits more calls than there can be (docs/decisions/0002-oracles.md).
KNOWN = re.compile(
    r"`aws:(userid|principaltype)` is always present"
    r"|`aws:PrincipalType` is not that of a (web|saml|service) caller"
    r"|only tags that are passed can be transitive"
    r"|every tag is in `aws:TagKeys` once"
    r"|is a date with a time|`aws:(current|epoch)time` is always present"
    r"|counts seconds|are the ends of `aws:CalledVia`"
    r"|a token is issued before it is used"
    r"|is in one organisation"
    r"|does not issue the subject|Cognito|of its pool|exactly when the subject names it"
)
# NOTE: of colons in the name of a GitHub environment, one inside the name is modelled.
LEFT_OUT = re.compile(":environment:(%3A|.*%3A.*%3A|.*%3A$)")
DIFFERENT = (
    "pair",
    "witness refused",
    "witness unreal",
    "empty but sampled",
    "answer",
    "small",
)


class Reading(Filling):
    """Unknowns filled as `assume` says, and where a call is given, as the call shows."""

    __slots__ = ("_call",)

    def __init__(self, assume: Mapping[str, bool], call: Request | None = None) -> None:
        super().__init__(dict(assume))
        self._call = call

    def choose(self, name: str, options: tuple[Option, ...]) -> Option:
        self.asked[name] = options
        if name.startswith("carries:"):
            return True  # and so calls may still be without the key
        context: Mapping[str, object] = self._call.context if self._call else {}
        kind, _, key = name.partition(":")
        if kind == "constant":
            return key.lower() in context
        if name == "mfa-session":
            return "aws:multifactorauthpresent" in context
        if name == "own organisation" and self._call:
            return str(context.get("aws:resourceorgid", ""))
        return self._chosen.get(name, options[0])


def meaning_of(policy: Json, role: Mapping[str, str] = ROLE) -> Meaning:
    value, problems = parse(Source("policy.json", json.dumps(policy)))
    assert value is not None, problems
    return Meaning(parse_policy(value), Setting(role["account"]), Strings())


def world_of(meaning: Meaning, assume: Mapping[str, bool], call: Request | None = None) -> World:
    """The policy as the assumptions, and the call if there is one, have it."""
    return World(meaning.studied, Reading(assume, call))


class Subject:
    """One policy under one reading of what AWS leaves open."""

    __slots__ = ("_worlds", "assume", "meaning", "policy")

    def __init__(self, policy: Json, assume: dict[str, bool]) -> None:
        self.policy, self.assume = policy, assume
        self.meaning = meaning_of(policy)
        self._worlds: dict[object, World] = {}

    def world(self, call: Request) -> World:
        """The world of a call; calls that show the same share it."""
        shown = [key for key in call.context if key.startswith(("aws:resource", "iam:resource"))]
        mfa = "aws:multifactorauthpresent" in call.context
        key = (*sorted(shown), mfa, call.context.get("aws:resourceorgid"))
        if key not in self._worlds:
            self._worlds[key] = world_of(self.meaning, self.assume, call)
        self._worlds[key].renew()
        return self._worlds[key]

    def allowed(self, call: Request) -> bool:
        return oracle.allowed(self.policy, call, self.assume, ROLE)


def compare(
    rng: Random, pairs: int, samples: int = 0, calls: int = 20, draw: Draw = interesting_policy
) -> Tally:
    """Compare at least `pairs` pairs; every claimed emptiness is sampled `samples` times."""
    tally = Tally(Counter(), [])
    while tally.counts["pairs"] < pairs:
        subject = Subject(draw(rng, ROLE), random_assumptions(rng))
        own = Random(rng.getrandbits(64))  # so that `samples` does not change what is drawn next
        tally.counts["policies"] += 1
        for call in near_requests(subject.policy, own, calls, ROLE):
            compare_call(subject, call, tally)
        compare_witness(subject, tally)
        compare_answer(subject, own, tally)
        if samples:
            compare_emptiness(subject, own, samples, tally)
    return tally


def compare_call(subject: Subject, call: Request, tally: Tally) -> None:
    """One realistic call: admitted or not?"""
    if any(key.endswith(":sub") and LEFT_OUT.search(str(v)) for key, v in call.context.items()):
        tally.counts["calls left out"] += 1
        return
    expected = subject.allowed(call)
    tally.counts["pairs"] += 1
    tally.counts["admitted"] += expected
    try:
        found = admits(subject.world(call), as_told(call)) is not None
    except Undecided as error:
        tally.counts[f"pairs undecided: {error.reason}"] += 1
        return
    if found != expected:
        verdict = "admits" if expected else "refuses"
        tally.note("pair", subject.policy, call, subject.assume, f"the oracle {verdict} the call")


def compare_witness(subject: Subject, tally: Tally) -> None:
    """What the engine gives as a witness: admitted, and possible?"""
    world = world_of(subject.meaning, subject.assume)
    try:
        found = anyone(world)
    except Undecided as error:
        tally.counts[f"policies undecided: {error.reason}"] += 1
        return
    if found is None:
        tally.counts["empty"] += 1
        return
    tally.counts["witnesses"] += 1
    told = request_of(found, world.said.keys, world.search)
    asked = "own organisation" in world.filling.asked
    own = str(world.filling.choose("own organisation", ("",))) if asked else ""
    call = completed(told, ROLE, world.said.keys, own)
    if not subject.allowed(call):
        tally.note("witness refused", subject.policy, call, subject.assume, "")
    impossible = faults(call, ROLE)
    strange = [fault for fault in impossible if not KNOWN.search(fault)]
    tally.counts["witnesses wider than real"] += bool(impossible) and not strange
    if strange:
        tally.note("witness unreal", subject.policy, call, subject.assume, "; ".join(strange))


def compare_answer(subject: Subject, rng: Random, tally: Tally) -> None:
    """The answer over all readings against the answer under one, and calls under any."""
    answer = subject.meaning.ask(anyone)
    tally.counts[f"answers: {answer.state}"] += 1
    world = world_of(subject.meaning, subject.assume)
    try:
        one = anyone(world) is not None
    except Undecided:
        return
    if answer.state in ("yes", "no") and one != (answer.state == "yes"):
        tally.note("answer", subject.policy, None, subject.assume, f"{answer.state}, but not here")
    if answer.state == "no":
        for call in near_requests(subject.policy, rng, 10, ROLE):
            assume = random_assumptions(rng)
            if oracle.allowed(subject.policy, call, assume, ROLE):
                tally.note("answer", subject.policy, call, assume, "no, but the oracle admits it")


def compare_emptiness(subject: Subject, rng: Random, samples: int, tally: Tally) -> None:
    """Where the engine claims that nobody gets in, calls are drawn; the oracle admits none.

    What a call shows of its role can open the door; then the claim for such a role is what counts.
    """
    if not _claims_empty(world_of(subject.meaning, subject.assume)):
        return
    tally.counts["empties sampled"] += 1
    for call in near_requests(subject.policy, rng, samples, ROLE):
        tally.counts["samples"] += 1
        if not subject.allowed(call):
            continue
        if _claims_empty(subject.world(call)):
            tally.note("empty but sampled", subject.policy, call, subject.assume, "")
        else:
            tally.counts["samples let in by another role"] += 1


def _claims_empty(world: World) -> bool:
    """Whether the engine says that nobody gets in."""
    try:
        return anyone(world) is None
    except Undecided:
        return False


def shown(differences: list[Difference]) -> Iterator[str]:
    """Each difference as one line of JSON."""
    for each in differences:
        call = each.request._asdict() if isinstance(each.request, Request) else None
        known = {"kind": each.kind, "detail": each.detail, "assume": each.assume}
        yield json.dumps({**known, "policy": each.policy, "request": call}, default=sorted)

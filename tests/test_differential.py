"""Holds the engine against the oracle: calls, witnesses, and claims that nobody gets in."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from comparison import (
    DIFFERENT,
    ROLE,
    Reading,
    Subject,
    Tally,
    compare,
    compare_call,
    compare_witness,
    meaning_of,
    shown,
    world_of,
)
from mixed import mixed_policy
from oracle import Request
from policies import ASSUMPTIONS, interesting_policy, near_requests
from small import differing, some_policies

from iamlint.semantics.questions import anyone

NEVER = dict.fromkeys(ASSUMPTIONS, False)
CALL = frozenset({"sts:AssumeRole"})


@pytest.mark.parametrize("seed", range(4))
def test_engine_and_oracle_agree(seed: int) -> None:
    tally = compare(Random(f"suite {seed}"), pairs=1_500, samples=25)
    assert "\n".join(shown(tally.differences)) == ""
    counts = tally.counts
    assert counts["admitted"] > counts["pairs"] / 4
    assert counts["witnesses"] > 40
    assert counts["samples"] >= 25 * counts["empty"] > 25 * 5
    undecided = sum(n for name, n in counts.items() if name.startswith("policies undecided"))
    assert undecided <= counts["policies"] / 50


def test_they_agree_where_operators_meet_keys_of_another_kind() -> None:
    tally = compare(Random("mixed"), pairs=750, samples=60, calls=5, draw=mixed_policy)
    assert "\n".join(shown(tally.differences)) == ""
    assert min(tally.counts["witnesses"], tally.counts["empty"]) > 30


def test_every_assumption_changes_some_verdict() -> None:
    """Otherwise a reading of AWS could be wrong and nobody would see."""
    rng, open_ones = Random("assumptions"), set(ASSUMPTIONS)
    for _ in range(1_500):
        policy = interesting_policy(rng, ROLE)
        readings = {name: Subject(policy, NEVER | {name: True}) for name in open_ones}
        none = Subject(policy, NEVER)
        for call in near_requests(policy, rng, 4, ROLE):
            expected = none.allowed(call)
            changed = {n for n, each in readings.items() if each.allowed(call) != expected}
            tally = Tally(Counter(), [])
            for name in changed & open_ones:
                compare_call(readings[name], call, tally)
            assert not tally.differences
            open_ones -= changed
        if not open_ones:
            return
    assert open_ones == set()


@pytest.mark.parametrize("value", [False, True])
def test_emptiness_agrees_with_looking_at_every_call(value: bool) -> None:
    policies = some_policies(Random(f"small {value}"), 200)
    assume = dict.fromkeys(ASSUMPTIONS, value) | {"star-service": False, "star-federated": False}
    assert [each for each in policies if differing(each, assume)] == []


def test_emptiness_is_claimed_and_denied() -> None:
    """The exhaustive search must see both answers, or it proves nothing."""
    found = Counter(
        anyone(world_of(meaning_of(policy), NEVER)) is None
        for policy in some_policies(Random("small False"), 200)
    )
    assert min(found[True], found[False]) > 40


# What the comparison itself has to notice.


USER = Request(
    {"kind": "user", "arn": "arn:aws:iam::222222222222:user/bob"},
    CALL,
    {
        "aws:principalarn": "arn:aws:iam::222222222222:user/bob",
        "aws:principalaccount": "222222222222",
        "aws:userid": "AIDAAAAAAAAAAAAAAAAA",
    },
)
OPEN = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


def test_a_wrong_verdict_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = Subject({"Statement": OPEN}, NEVER)
    monkeypatch.setattr("comparison.admits", lambda world, call: None)
    tally = Tally(Counter(), [])
    compare_call(subject, USER, tally)
    assert [each.kind for each in tally.differences] == ["pair"]
    assert '"detail": "the oracle admits the call"' in next(shown(tally.differences))


def test_a_witness_that_is_refused_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = Subject({"Statement": OPEN}, NEVER)
    monkeypatch.setattr("comparison.oracle.allowed", lambda *_: False)
    tally = Tally(Counter(), [])
    compare_witness(subject, tally)
    assert [each.kind for each in tally.differences] == ["witness refused"]


def test_a_wrong_claim_of_emptiness_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comparison.anyone", lambda world: None)
    tally = compare(Random("wrong"), pairs=100, samples=20)
    assert tally.counts["empty but sampled"] > 0
    assert set(DIFFERENT) >= {each.kind for each in tally.differences}


def test_what_a_call_shows_fills_the_unknowns() -> None:
    call = USER._replace(context=USER.context | {"aws:resourceorgid": "o-aaaaaaaaaa"})
    reading = Reading(NEVER, call)
    assert reading.choose("own organisation", ("o-ownownown0", "")) == "o-aaaaaaaaaa"
    assert reading.choose("constant:aws:ResourceOrgID", (False, True)) is True
    assert reading.choose("constant:aws:resourcetag/x", (False, True)) is False
    assert reading.choose("arn-shape", (False, True)) is False

"""What the rules say does not hang on how a policy is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from comparison import meaning_of
from hypothesis import given, settings
from hypothesis import strategies as st
from policies import interesting_policy, policies
from spellings import OTHER_PARTS, SAME_PARTS, Rewrite

from iamlint.facts.node import Estate, Node, Subject, Witness
from iamlint.facts.policy import PolicyNode
from iamlint.rules.book import Rule, RuleBook
from iamlint.shipped import shipped_book

Json = dict[str, Any]
Said = frozenset[tuple[str, str, str]]
"""Rule, certainty, and for grants who gets in: kind of caller and provider."""

EXEMPT = ("spelling", "deployment")
BOOK = shipped_book()


def said(policy: Json, kinds: Iterable[str] | None = None) -> tuple[Said, set[str]]:
    """What the rules say of a policy, and the rules that could not decide."""
    subject = Subject(meaning_of(policy), "the role", Estate(("111111111111",)))
    spoken: set[tuple[str, str, str]] = set()
    undecided: set[str] = set()
    for node in PolicyNode(subject).every_node():
        for rule in rules_for(node, kinds):
            truth = rule.when(node)
            if truth.state == "undecided":
                undecided.add(rule.id)
            elif truth.state != "no":
                spoken.add((rule.id, truth.state, entering(node, truth.witness)))
    return frozenset(spoken), undecided


def rules_for(node: Node, kinds: Iterable[str] | None) -> list[Rule]:
    if kinds is not None and node.kind not in kinds:
        return []
    return [rule for rule in BOOK.of_node(node.kind) if not any(rule.tags.get(t) for t in EXEMPT)]


def entering(node: Node, witness: object) -> str:
    if node.kind != "grant" or not isinstance(witness, Witness):
        return ""
    call = witness.request()
    return "signed" if call.kind in ("user", "session") else call.identity


def assert_same(policy: Json, rewritten: Json, kinds: Iterable[str] | None) -> int:
    """Equal but for rules that could not decide; returns how many there were."""
    before, dark = said(policy, kinds)
    after, darker = said(rewritten, kinds)
    left_out = dark | darker
    told = [{each for each in spoken if each[0] not in left_out} for spoken in (before, after)]
    assert told[0] == told[1], f"{json.dumps(policy)}\n{json.dumps(rewritten)}"
    return len(left_out)


@pytest.mark.parametrize("name", SAME_PARTS)
def test_findings_do_not_hang_on_spelling(name: str) -> None:
    rng = Random(f"spelling {name}")
    undecided = 0
    for _ in range(60):
        policy = interesting_policy(rng)
        undecided += assert_same(policy, SAME_PARTS[name](policy, rng), None)
    assert undecided <= 6


@pytest.mark.parametrize("name", OTHER_PARTS)
def test_grants_do_not_hang_on_how_statements_are_cut(name: str) -> None:
    rng = Random(f"cutting {name}")
    undecided = 0
    for _ in range(60):
        policy = interesting_policy(rng)
        undecided += assert_same(policy, OTHER_PARTS[name](policy, rng), ("grant",))
    assert undecided <= 6


@settings(max_examples=40, deadline=None)
@given(policies(), st.sampled_from(sorted(SAME_PARTS)), st.integers(0, 2**16))
def test_any_spelling_of_any_policy(policy: Json, name: str, seed: int) -> None:
    assert_same(policy, SAME_PARTS[name](policy, Random(seed)), None)


@settings(max_examples=40, deadline=None)
@given(policies(), st.sampled_from(sorted(OTHER_PARTS)), st.integers(0, 2**16))
def test_any_cutting_of_any_policy(policy: Json, name: str, seed: int) -> None:
    assert_same(policy, OTHER_PARTS[name](policy, Random(seed)), ("grant",))


# What these tests rest on.


@pytest.mark.parametrize(
    "rewrite", [*SAME_PARTS.values(), *OTHER_PARTS.values()], ids=[*SAME_PARTS, *OTHER_PARTS]
)
def test_rewrites_do_something(rewrite: Rewrite) -> None:
    rng = Random("rewrites")
    drawn = [interesting_policy(rng) for _ in range(30)]
    assert sum(rewrite(policy, rng) != policy for policy in drawn) >= 3


def test_rules_speak_about_many_of_the_policies() -> None:
    rng = Random("loud")
    spoken = [said(interesting_policy(rng))[0] for _ in range(40)]
    assert sum(map(bool, spoken)) > 20
    assert len({rule for each in spoken for rule, _, _ in each}) >= 5


def test_a_rule_on_spelling_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_invariance.EXEMPT", ())
    assert isinstance(BOOK, RuleBook)
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "sts:AssumeRole"}
        ],
    }
    twice = policy | {"Statement": [policy["Statement"][0]] * 2}
    with pytest.raises(AssertionError):
        assert_same(policy, twice, None)

"""Every call that a certain finding shows is one that the oracle admits."""

from __future__ import annotations

import oracle
import pytest
from completion import as_oracle
from examples_support import OWN_ACCOUNT, Case, cases, nodes
from policies import ASSUMPTIONS

from iamlint.facts.node import Node, Witness
from iamlint.facts.truth import Truth
from iamlint.semantics.strings import Strings
from iamlint.shipped import shipped_book

NEVER = dict.fromkeys(ASSUMPTIONS, False)
SHOWN = [
    case
    for case in cases(shipped_book())
    if case.kind == "bad" and case.rule.witness and "policy" in case.example
]


def witnesses(case: Case) -> list[Witness]:
    """The calls that the rule shows of its example, where it is certain."""
    found: list[Witness] = []
    for node in nodes(case.example, Strings()):
        if node.kind != case.rule.node or case.rule.when(node).state != "yes":
            continue
        value: object = node
        for name in case.rule.witness.split("."):
            value = value.fact(name) if isinstance(value, Node) else None
        if isinstance(value, Truth) and isinstance(value.witness, Witness):
            found.append(value.witness)
    return found


@pytest.mark.parametrize("case", SHOWN, ids=str)
def test_the_call_that_is_shown_gets_in(case: Case) -> None:
    policy = {"Version": "2012-10-17"} | case.example["policy"]
    role = {"account": case.example.get("account", OWN_ACCOUNT)}
    for witness in witnesses(case):
        assert oracle.allowed(policy, as_oracle(witness.request()), NEVER, role), witness.text()


def test_there_are_calls_to_look_at() -> None:
    assert sum(len(witnesses(case)) for case in SHOWN[::10]) >= len(SHOWN[::10]) / 2

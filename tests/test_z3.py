"""Holds emptiness and implication of guards on text against an SMT solver."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any

import pytest
from comparison import meaning_of, world_of
from policies import ASSUMPTIONS

from iamlint.semantics.questions import added, anyone

pytest.importorskip("z3", reason="z3-solver is not installed: no second oracle")

from z3_oracle import Calls

Json = dict[str, Any]
KEYS = ("aws:PrincipalTag/a", "aws:PrincipalTag/b", "sts:ExternalId")
OPERATORS = (
    *("StringEquals", "StringLike", "StringLike", "StringLike", "StringEqualsIgnoreCase"),
    *("StringNotEquals", "StringNotLike", "StringNotLike", "StringNotEqualsIgnoreCase"),
)
NOTHING = dict.fromkeys(ASSUMPTIONS, False)


def statement(rng: Random, effect: str) -> Json:
    condition: Json = {}
    for _ in range(rng.choice((1, 2, 2, 3))):
        key = rng.choice(KEYS)
        if rng.random() < 0.1:
            condition.setdefault("Null", {})[key] = [rng.choice(("true", "false"))]
            continue
        operator = rng.choice(OPERATORS) + rng.choice(("", "", "", "IfExists"))
        condition.setdefault(operator, {})[key] = [
            text(rng, operator) for _ in range(rng.choice((1, 2)))
        ]
    principal = {"AWS": "arn:aws:iam::222222222222:user/a"}
    named = {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole"}
    return named | {"Condition": condition}


def text(rng: Random, operator: str) -> str:
    letters = "aabAB:**?" if "Like" in operator else "aabAB:"
    return "".join(rng.choice(letters) for _ in range(rng.choice((1, 2, 3, 4, 5))))


def policy(rng: Random) -> Json:
    denies = [statement(rng, "Deny") for _ in range(rng.choice((0, 1, 2)))]
    return {"Version": "2012-10-17", "Statement": [statement(rng, "Allow"), *denies]}


def test_the_solver_agrees_on_emptiness() -> None:
    rng, answers = Random("z3 emptiness"), Counter[str]()
    for _ in range(80):
        drawn, calls = policy(rng), Calls()
        said = calls.answer(calls.admitted(drawn))
        answers[said] += 1
        found = anyone(world_of(meaning_of(drawn), NOTHING)) is not None
        assert said == "unknown" or found == (said == "sat"), json.dumps(drawn)
    print(f"emptiness: {dict(answers)}")
    assert answers["sat"] > 20
    assert answers["unsat"] > 5
    assert answers["unknown"] <= 4


def test_the_solver_agrees_on_implication() -> None:
    """A statement adds nothing to another exactly when its guards imply the other's."""
    rng, answers = Random("z3 implication"), Counter[str]()
    for _ in range(80):
        first, second = statement(rng, "Allow"), statement(rng, "Allow")
        if rng.random() < 0.5:
            second["Condition"] = narrowed(rng, first["Condition"])
        drawn, calls = {"Version": "2012-10-17", "Statement": [second, first]}, Calls()
        said = calls.answer(calls.met(second), calls.failed(first))
        answers[said] += 1
        beyond = added(0, frozenset({1}))(world_of(meaning_of(drawn), NOTHING)) is not None
        assert said == "unknown" or beyond == (said == "sat"), json.dumps(drawn)
    print(f"implication: {dict(answers)}")
    assert answers["sat"] > 20
    assert answers["unsat"] > 20
    assert answers["unknown"] <= 4


def narrowed(rng: Random, condition: Json) -> Json:
    """The guards, some of them with fewer values or in place of a wildcard a letter."""
    narrow: Json = {}
    for operator, tests in condition.items():
        for key, values in tests.items():
            fewer = values[: rng.choice((1, 2))]
            closed = [
                value.replace("*", "a", 1) if rng.random() < 0.4 else value for value in fewer
            ]
            narrow.setdefault(operator, {})[key] = closed
    return narrow

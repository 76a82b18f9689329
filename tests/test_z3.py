"""Holds emptiness and implication of guards against an SMT solver.

Three opinions meet: the engine and the solver say whether a call exists, and the calls that they
give for it are judged by the first oracle.
"""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any

import oracle
import pytest
from comparison import ROLE, meaning_of, world_of
from completion import as_oracle
from oracle import Request
from policies import ASSUMPTIONS

from iamlint.semantics.budget import Undecided
from iamlint.semantics.meaning import Question
from iamlint.semantics.questions import added, anyone
from iamlint.semantics.witness import request_of

pytest.importorskip("z3", reason="z3-solver is not installed: no second oracle")

from z3_oracle import Calls

Json = dict[str, Any]
USER = "arn:aws:iam::222222222222:user/a"
KEYS = ("aws:PrincipalTag/a", "aws:PrincipalTag/b", "sts:ExternalId")
NUMBER = "aws:MultiFactorAuthAge"
TEXT = (
    *("StringEquals", "StringLike", "StringLike", "StringLike", "StringEqualsIgnoreCase"),
    *("StringNotEquals", "StringNotLike", "StringNotLike", "StringNotEqualsIgnoreCase"),
)
RELATIONS = ("LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals", "Equals")
NUMBERS = ("1", "2", "1.5", "1.00000000000000000001", "100000000000000000001.5", "1" + "0" * 20)
FIELDS = ("a", "a", "b", "*", "?", "")
NOTHING = dict.fromkeys(ASSUMPTIONS, False)
QUESTIONS = {"text": 50, "arn": 25, "variable": 60, "number": 150, "sets": 40}
# of the engine, which ties keys together by trying values: some of its answers are `undecided`
MOST_OPEN = {"variable": 16}


def statement(rng: Random, effect: str, family: str) -> Json:
    condition: Json = {}
    for _ in range(rng.choice((1, 2, 2, 3))):
        operator, key, values = guard(
            rng, family if family == "number" or rng.random() < 0.7 else "text"
        )
        condition.setdefault(operator, {})[key] = values
    named = {"Effect": effect, "Principal": {"AWS": USER}, "Action": "sts:AssumeRole"}
    return named | {"Condition": condition}


def guard(rng: Random, family: str) -> tuple[str, str, list[str]]:
    key, count = rng.choice(KEYS), rng.choice((1, 2))
    if rng.random() < 0.1:
        return "Null", key, [rng.choice(("true", "false"))]
    if_exists = rng.choice(("", "", "", "IfExists"))
    if family == "number":
        operator = "Numeric" + rng.choice((*RELATIONS, "NotEquals"))
        return operator + if_exists, NUMBER, [rng.choice(NUMBERS) for _ in range(count)]
    if family == "arn":
        operator = rng.choice(("ArnLike", "ArnEquals", "ArnNotLike"))
        return operator + if_exists, rng.choice(KEYS[:2]), [arn(rng) for _ in range(count)]
    if family == "variable":
        operator = rng.choice(("StringEquals", "StringEquals", "StringNotEquals"))
        other = rng.choice([each for each in KEYS if each != key])
        variable = f"{rng.choice(('', 'a'))}${{{other}}}{rng.choice(('', 'b'))}"
        return operator + if_exists, key, [variable, "ab"][:count]
    operator = rng.choice(TEXT)
    values = [text(rng, operator) for _ in range(count)]
    if family == "sets":
        return rng.choice(("ForAnyValue:", "ForAllValues:")) + operator, key, values
    return operator + if_exists, key, values


def text(rng: Random, operator: str) -> str:
    letters = "aabAB:**?" if "Like" in operator else "aabAB:"
    return "".join(rng.choice(letters) for _ in range(rng.choice((1, 2, 3, 4, 5))))


def arn(rng: Random) -> str:
    return ":".join(rng.choice(FIELDS) for _ in range(rng.choice((6, 6, 7))))


def policy(rng: Random, family: str) -> Json:
    denies = [statement(rng, "Deny", family) for _ in range(rng.choice((0, 1, 2)))]
    return {"Version": "2012-10-17", "Statement": [statement(rng, "Allow", family), *denies]}


def said_by_engine(question: Question, drawn: Json) -> tuple[str, Request | None]:
    """What the solver would say, and the engine's own call."""
    world = world_of(meaning_of(drawn), NOTHING)
    try:
        found = question(world)
    except Undecided:
        return "unknown", None
    if found is None:
        return "unsat", None
    return "sat", as_oracle(request_of(found, world.said.keys, world.search))


def agree(drawn: Json, ours: str, theirs: str) -> None:
    assert "unknown" in (ours, theirs) or ours == theirs, json.dumps(drawn)


def admitted(drawn: Json, call: Request | None) -> bool:
    return call is None or oracle.allowed(drawn, call, NOTHING, ROLE)


@pytest.mark.parametrize("family", QUESTIONS)
def test_the_solver_agrees_on_emptiness(family: str) -> None:
    rng, answers = Random(f"z3 emptiness {family}"), Counter[str]()
    for _ in range(QUESTIONS[family]):
        drawn, calls = policy(rng, family), Calls(USER)
        theirs, call = calls.answer(calls.admitted(drawn))
        ours, witness = said_by_engine(anyone, drawn)
        answers.update((f"solver {theirs}", f"engine {ours}"))
        agree(drawn, ours, theirs)
        assert admitted(drawn, call), (json.dumps(drawn), call)
        assert admitted(drawn, witness), (json.dumps(drawn), witness)
    print(f"emptiness, {family}: {dict(answers)}")
    enough(answers, family)


@pytest.mark.parametrize("family", QUESTIONS)
def test_the_solver_agrees_on_implication(family: str) -> None:
    """A statement adds nothing to another exactly when its guards imply the other's."""
    rng, answers = Random(f"z3 implication {family}"), Counter[str]()
    for _ in range(QUESTIONS[family]):
        first, second = statement(rng, "Allow", family), statement(rng, "Allow", family)
        if rng.random() < 0.6:
            second["Condition"] = narrowed(rng, first["Condition"])
        drawn, calls = {"Version": "2012-10-17", "Statement": [second, first]}, Calls(USER)
        theirs, call = calls.answer(calls.met(second), calls.failed(first))
        ours, witness = said_by_engine(added(0, frozenset({1})), drawn)
        answers.update((f"solver {theirs}", f"engine {ours}"))
        agree(drawn, ours, theirs)
        for each in (call, witness):
            assert admitted({**drawn, "Statement": [second]}, each), (json.dumps(drawn), each)
            beyond = each is None or not admitted({**drawn, "Statement": [first]}, each)
            assert beyond, (json.dumps(drawn), each)
    print(f"implication, {family}: {dict(answers)}")
    enough(answers, family)


def enough(answers: Counter[str], family: str) -> None:
    """Both answers are there, and few questions are left open."""
    assert min(answers["solver sat"], answers["solver unsat"]) >= 4
    assert answers["solver unknown"] <= 2
    assert answers["engine unknown"] <= MOST_OPEN.get(family, 0)


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

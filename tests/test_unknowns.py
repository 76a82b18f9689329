"""An answer over all unknowns is what asking in every filling by itself gives."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from comparison import meaning_of
from policies import interesting_policy

from iamlint.policy.document import TrustPolicy
from iamlint.semantics.budget import Undecided
from iamlint.semantics.filling import Asked, Filling, Option
from iamlint.semantics.identity_questions import any_project, any_run, names_alone
from iamlint.semantics.meaning import Meaning, Question
from iamlint.semantics.questions import anyone, called, covered, guard_failed, unless, usable
from iamlint.semantics.world import World

Json = dict[str, Any]
ROLE = {"account": ""}  # one more thing that is not known
MOST = 300


def questions(policy: TrustPolicy) -> Iterator[Question]:
    yield anyone
    for number, statement in enumerate(policy.statements):
        yield covered(number)
        yield unless(called(number, statement.principals), usable(number))
        yield from (guard_failed(statement, guard) for guard in statement.guards)


def expected(policy: Json, number: int) -> str:
    """The answer to a question of the policy, each filling in a world of its own."""
    options: Asked = {}
    said: set[bool] = set()
    while True:
        known = len(options)
        said = {asked_in(policy, number, filling, options) for filling in every(options)}
        if len(options) == known:
            return "possible" if len(said) == 2 else "yes" if True in said else "no"


def every(options: Asked) -> list[dict[str, Option]]:
    names = list(options)
    found = [
        dict(zip(names, picked, strict=True)) for picked in itertools.product(*options.values())
    ]
    if len(found) > MOST:
        raise Undecided("too many fillings to go through")
    return found


def asked_in(policy: Json, number: int, filling: dict[str, Option], options: Asked) -> bool:
    meaning = meaning_of(policy, ROLE)
    world = World(meaning.studied, Filling(filling))
    question = next(itertools.islice(questions(meaning.studied.policy), number, None))
    found = question(world)
    options.update(world.filling.asked)
    return found is not None


@pytest.mark.parametrize("seed", range(3))
def test_an_answer_is_that_of_all_fillings(seed: int) -> None:
    rng, states = Random(f"unknowns {seed}"), Counter[str]()
    for _ in range(40):
        policy = interesting_policy(rng, {"account": "111111111111"})
        shared = meaning_of(policy, ROLE)
        order = list(enumerate(questions(shared.studied.policy)))
        for number, question in rng.sample(order, min(4, len(order))):
            answer = shared.ask(question)
            try:
                wanted = expected(policy, number)
            except Undecided:
                states["left out"] += 1
                continue
            states[answer.state] += 1
            assert answer.state == wanted, (number, json.dumps(policy))
    assert min(states["yes"], states["no"], states["possible"]) > 5
    assert states["left out"] < 40


GITHUB = "token.actions.githubusercontent.com"
ACCOUNT = "222222222222"
WEB = "sts:AssumeRoleWithWebIdentity"
SESSION_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}
CUSTOM_SUBJECT = {"StringEquals": {f"{GITHUB}:sub": "repo:acme/web:workflow:ci"}}
UNKNOWN_OF_CASES = [
    ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"}, "sts:AssumeRole", SESSION_MFA),
    (
        {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"},
        "sts:AssumeRoleWithWebIdentity",
        CUSTOM_SUBJECT,
    ),
    (
        {"AWS": [f"arn:aws-cn:iam::{ACCOUNT}:role/ci", f"arn:aws:iam::{ACCOUNT}:role/ci"]},
        "sts:AssumeRole",
        {"StringLike": {"aws:PrincipalArn": "arn:aws-cn:*"}},
    ),
]


@pytest.mark.parametrize(("principal", "action", "condition"), UNKNOWN_OF_CASES)
def test_what_an_earlier_question_asked_counts_for_the_next(
    principal: Json, action: str, condition: Json
) -> None:
    allow = {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}
    policy = {"Version": "2012-10-17", "Statement": allow}
    shared = meaning_of(policy, ROLE)
    states = [shared.ask(question).state for question in questions(shared.studied.policy)]
    assert states == [expected(policy, number) for number in range(len(states))]
    assert "possible" in states


CARRIED = {
    "StringEquals": {
        "aws:PrincipalTag/a": "x",
        "aws:PrincipalTag/b": "y",
        "aws:SourceVpc": "vpc-1",
        "aws:PrincipalOrgID": "o-aaaaaaaaaa",
    },
    "Bool": {"aws:MultiFactorAuthPresent": "true"},
    "DateGreaterThan": {"aws:TokenIssueTime": "2026-01-01"},
}


def test_many_keys_that_aws_documents_for_nobody_leave_the_answers_decided() -> None:
    principal, action = {"AWS": "*"}, "sts:AssumeRole"
    allow = {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": CARRIED}
    meaning: Meaning = meaning_of({"Version": "2012-10-17", "Statement": allow}, ROLE)
    states = [meaning.ask(question).state for question in questions(meaning.studied.policy)]
    assert "undecided" not in states


def levels(meaning: Meaning) -> Iterator[Question]:
    """Questions that share what is kept of a grant, twice."""
    grant = (0, meaning.studied.policy.statements[0].principals[0], WEB)
    for _ in range(2):
        yield from (any_project(grant), any_run(grant, "branch", "tag"), names_alone(grant))


def test_what_is_kept_of_a_grant_hangs_on_what_it_asked() -> None:
    principal = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"}
    key, branch = f"{GITHUB}:sub", "repo:acme/web:ref:refs/heads/main"
    # whether both of two keys count that differ in case alone is not known
    condition = {"StringLike": {key: branch, key.upper(): "repo:acme/*"}}
    allow = {"Effect": "Allow", "Principal": principal, "Action": WEB, "Condition": condition}
    policy = {"Version": "2012-10-17", "Statement": allow}
    shared = meaning_of(policy, ROLE)
    states = [shared.ask(question).state for question in levels(shared)]
    for number, state in enumerate(states):
        alone = meaning_of(policy, ROLE)
        question = next(itertools.islice(levels(alone), number, None))
        assert alone.ask(question).state == state, number
    assert states.count("possible") == 4


def test_what_was_asked_before_work_that_was_too_much_still_counts() -> None:
    filling = Filling()
    filling.assume("first")
    filling.begin()
    filling.assume("second")
    filling.begin()
    filling.assume("third")
    filling.give_up()
    assert set(filling.asked) == {"first", "second", "third"}
    before = filling.begin()
    assert filling.end(before) == {}


def test_an_answer_that_is_too_much_hangs_on_all_that_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def too_much(*_: object, **__: object) -> None:
        raise Undecided("too much")

    def question(world: World) -> None:
        world.filling.assume("first")
        list(world.cases(world.allowing()))

    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}}}
    meaning = meaning_of(policy, ROLE)
    monkeypatch.setattr("iamlint.semantics.world.cases", too_much)
    assert meaning.ask(question).state == "undecided"
    assert "first" in meaning.world().filling.asked

"""How much of a provider gets in: the facts against tokens that are tried one by one.

A level is open when made-up names get in on it that no policy of these tests spells out: owners,
repositories, branches and so on with a number in them. Whether they do is asked of the oracle.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any, NamedTuple

import oracle
import pytest
from comparison import ROLE, meaning_of
from examples_support import nodes
from oracle import Request
from policies import ASSUMPTIONS

from iamlint.facts.node import Node
from iamlint.facts.truth import Truth
from iamlint.semantics.questions import anyone
from iamlint.semantics.strings import Strings

GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::111111111111:oidc-provider/{GITHUB}"
ACTION = "sts:AssumeRoleWithWebIdentity"
NOTHING_ASSUMED = dict.fromkeys(ASSUMPTIONS, False)
NUMBERS = (3, 14, 159)
OWNERS = ("acme", "acmes", "acme-{}", "owner{}")
REPOSITORIES = ("web", "web1", "api", "web-{}", "repository{}")
TAILS = {
    "branch": ("ref:refs/heads/main", "ref:refs/heads/main{}", "ref:refs/heads/b{}"),
    "tag": ("ref:refs/tags/v1", "ref:refs/tags/v1.{}", "ref:refs/tags/t{}"),
    "environment": ("environment:prod", "environment:prod{}", "environment:e{}"),
    "pull request": ("pull_request",),
}
SUBJECTS = (
    *("repo:acme/web:ref:refs/heads/main", "repo:acme/web:environment:prod", "repo:acme/api:*"),
    *("repo:acme/web:*", "repo:acme/*", "repo:acme*", "repo:*", "*", "repo:acme/web*:pull_request"),
    *("repo:acme/web:ref:refs/heads/*", "repo:acme/web:ref:refs/tags/v1*", "repo:*/web:*"),
    *("repo:acme/web:environment:*", "repo:acme/web:environment:prod*", "repo:acme/web:pull_*"),
    *("repo:acme/*:environment:prod", "repo:acme/web:ref:refs/heads/main*", "repo:acme?/web:*"),
    *("repo:acme/web-*:ref:*", "repo:acme/web", "*:ref:refs/heads/main", "repo:acme/?eb:*"),
)
CLAIMS = {
    "ref": ("refs/heads/main", "refs/heads/*", "refs/*"),
    "environment": ("prod", "prod*"),
    "repository": ("acme/web", "acme/*"),
    "job_workflow_ref": ("acme/ci/.github/workflows/x.yml@refs/heads/main",),
    "workflow": ("ci",),
}
OPERATORS = ("StringLike", "StringLike", "StringLikeIfExists", "StringNotLike")


class Level(NamedTuple):
    """The subjects of one family: what varies in them, and the three tries."""

    varies: str
    subjects: tuple[str, ...]


def families() -> Iterator[Level]:
    for owner in OWNERS:
        for repository in REPOSITORIES:
            for run, tails in TAILS.items():
                for tail in tails:
                    varies = {"owner": owner, "repository": repository, run: tail}
                    open_ones = [name for name, text in varies.items() if "{}" in text]
                    subject = f"repo:{owner}/{repository}:{tail}"
                    if run == "pull request" and not open_ones:
                        open_ones = [run]
                    if len(open_ones) == 1:
                        tries = tuple(subject.replace("{}", str(n)) for n in NUMBERS)
                        yield Level(open_ones[0], tries)


FAMILIES = tuple(families())


def tokens(level: Level, subject: str, number: int) -> Iterator[Request]:
    """Tokens of that subject, with what it does not tell: anybody can give a workflow its label.

    For a run that is not told by its ref, any ref of its own must do; wider levels take what fits.
    """
    refs = ["refs/other/{}", "refs/heads/n{}"]
    if level.varies in ("owner", "repository"):
        refs.append("refs/heads/main")
    if ":pull_request" in subject:
        refs = ["refs/pull/{}/merge"]
    shared = f"somebody{number}/x/.github/workflows/y.yml@refs/heads/z"
    for label, ref, workflow in product(("ci", "something"), refs, (shared, None)):
        yield _token(subject, {"workflow": label, "ref": ref.format(number)}, workflow)


def _token(subject: str, told: dict[str, str], workflow: str | None) -> Request:
    owner, _, rest = subject.removeprefix("repo:").partition("/")
    repository, _, tail = rest.partition(":")
    kind, _, name = tail.partition(":")
    claims = {
        "sub": subject,
        "aud": "sts.amazonaws.com",
        "repository": f"{owner}/{repository}",
        **told,
    }
    if kind == "ref":
        claims["ref"] = name
    if kind == "environment":
        claims["environment"] = name
    if workflow is not None:
        claims["job_workflow_ref"] = workflow
    context: dict[str, Any] = {f"{GITHUB}:{claim}": text for claim, text in claims.items()}
    caller = {"kind": "web", "provider": PROVIDER}
    return Request(caller, frozenset({ACTION}), context)


def some_policy(rng: Random) -> dict[str, Any]:
    allow = _statement(rng, "Allow", rng.choice((1, 1, 2)))
    denies = [_statement(rng, "Deny", 1) for _ in range(rng.choice((0, 0, 1)))]
    return {"Version": "2012-10-17", "Statement": [allow, *denies]}


def _statement(rng: Random, effect: str, guards: int) -> dict[str, Any]:
    condition: dict[str, dict[str, Any]] = {}
    values = rng.sample(SUBJECTS, rng.choice((1, 1, 2)))
    condition[rng.choice(("StringLike", "StringLike", OPERATORS[-1]))] = {f"{GITHUB}:sub": values}
    if guards == 2:
        claim = rng.choice(sorted(CLAIMS))
        operator = rng.choice(OPERATORS)
        condition.setdefault(operator, {})[f"{GITHUB}:{claim}"] = rng.choice(CLAIMS[claim])
    stated = {"Effect": effect, "Principal": {"Federated": PROVIDER}, "Action": ACTION}
    return stated | {"Condition": condition}


def tried(policy: dict[str, Any]) -> set[str]:
    """The levels on which everything that was made up gets in."""
    return {
        level.varies
        for level in FAMILIES
        if all(
            any(
                oracle.allowed(policy, token, NOTHING_ASSUMED, ROLE)
                for token in tokens(level, subject, number)
            )
            for subject, number in zip(level.subjects, NUMBERS, strict=True)
        )
    }


def facts(policy: dict[str, Any]) -> dict[str, str]:
    """What the facts say of the grant of a policy."""
    (grant,) = [node for node in nodes({"policy": policy}, Strings()) if node.kind == "grant"]
    admits, identity = grant.fact("admits"), grant.fact("identity")
    assert isinstance(admits, Node)
    assert isinstance(identity, Node)
    found = {"owner": admits.fact("foreign_tenant"), "repository": identity.fact("any_project")}
    found["ref"] = identity.fact("any_ref")
    found["environment"] = identity.fact("any_environment")
    found["pull request"] = identity.fact("pull_request")
    states = {name: truth.state for name, truth in found.items() if isinstance(truth, Truth)}
    assert len(states) == len(found)
    return states


def expected(levels: set[str]) -> set[str]:
    """The levels that speak: the widest that is open speaks for those below it."""
    for widest in ("owner", "repository"):
        if widest in levels:
            return {widest}
    return {"ref" if level in ("branch", "tag") else level for level in levels}


@pytest.mark.parametrize("seed", range(4))
def test_a_level_is_open_when_made_up_names_get_in(seed: int) -> None:
    rng = Random(f"breadth {seed}")
    seen: set[str] = set()
    for _ in range(30):
        policy = some_policy(rng)
        said = facts(policy)
        # `possible`: under subjects of other templates, which are not tried here
        sure = {name for name, state in said.items() if state == "yes"}
        levels = expected(tried(policy))
        assert sure == levels, json.dumps(policy)
        assert "undecided" not in said.values()
        seen |= levels
    assert len(seen) > 3, "these policies tell too little apart"


def test_there_is_a_policy_for_every_level() -> None:
    for level, subject in {
        "owner": "repo:*",
        "repository": "repo:acme/*",
        "ref": "repo:acme/web:ref:refs/heads/*",
        "environment": "repo:acme/web:environment:*",
        "pull request": "repo:acme/web:pull_request",
    }.items():
        policy = some_policy(Random(0)) | {"Statement": [_only(subject)]}
        assert expected(tried(policy)) == {level}
        assert meaning_of(policy).ask(anyone).state == "yes"


def _only(subject: str) -> dict[str, Any]:
    condition = {"StringLike": {f"{GITHUB}:sub": subject}}
    stated = {"Effect": "Allow", "Principal": {"Federated": PROVIDER}, "Action": ACTION}
    return stated | {"Condition": condition}

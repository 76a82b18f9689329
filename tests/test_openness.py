"""Which callers have an end: the judgement behind every finding about a stranger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamlint import Config, lint
from iamlint.source import DictFiles

GITHUB = "token.actions.githubusercontent.com"
PROVIDER = {"Federated": f"arn:aws:iam::111111111111:oidc-provider/{GITHUB}"}
STAR, VENDOR = {"AWS": "*"}, {"AWS": "222222222222"}
ID = "b1946ac9-2c6f-4f0e-9d58-7c3b7a9d0f11"


# the rules about strangers; that less than a tenant is open is another matter
STRANGERS = {"open-subject", "leaky-fence", "public-trust", "unusable-external-id"}


def rules(principal: object, condition: object, *denies: object) -> tuple[set[str], int]:
    """The rules that speak about one Allow (info and notes left out), and how many problems."""
    action = "sts:AssumeRoleWithWebIdentity" if principal is PROVIDER else "sts:AssumeRole"
    if principal == {"Federated": "accounts.google.com"}:
        action = "sts:AssumeRoleWithWebIdentity"
    allow = {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}
    policy = {"Version": "2012-10-17", "Statement": [allow, *denies]}
    report = lint(
        DictFiles({"p.json": json.dumps(policy)}), ["p.json"], Config(accounts=("111111111111",))
    )
    return {finding.rule for finding in report.findings}, len(report.problems)


def subject(operator: str, *values: str) -> dict[str, Any]:
    return {operator: {f"{GITHUB}:sub": list(values)}}


CLOSED: list[tuple[object, object]] = [
    # letters in either case are one value: a name of many letters is still one name
    (PROVIDER, subject("StringEqualsIgnoreCase", "repo:acme-corporation/web:ref:refs/heads/main")),
    (PROVIDER, subject("StringEqualsIgnoreCase", "repo:Acme/Web:ref:refs/heads/main")),
    (VENDOR, {"StringEqualsIgnoreCase": {"sts:ExternalId": ID}}),
    (
        {"Federated": "accounts.google.com"},
        {"StringEqualsIgnoreCase": {"accounts.google.com:email": "joe.doe@example.com"}},
    ),
    # `?` is one character: few enough values to list
    (STAR, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::22222222222?:role/ci"}}),
    (VENDOR, {"StringLike": {"sts:ExternalId": "acme-?"}}),
    (PROVIDER, subject("StringLike", "repo:acme?/web:*")),
    # a role's unique id belongs to one account
    (STAR, {"StringLike": {"aws:userid": "AROAEXAMPLEEXAMPLE12:*"}}),
    (STAR, {"StringEquals": {"aws:PrincipalAccount": [f"{n:012}" for n in range(256)]}}),
]


@pytest.mark.parametrize(("principal", "condition"), CLOSED)
def test_callers_that_can_be_listed_are_no_strangers(principal: object, condition: object) -> None:
    found, problems = rules(principal, condition)
    assert not found & STRANGERS
    assert problems == 0


OPEN: list[tuple[object, object, str]] = [
    (PROVIDER, subject("StringLike", "repo:acme??/web:*"), "open-subject"),
    (PROVIDER, subject("StringEqualsIgnoreCase", "environment:production"), "open-subject"),
    (STAR, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::2222*:role/ci"}}, "leaky-fence"),
    (STAR, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::222222222???:role/ci"}}, "leaky-fence"),
    (VENDOR, {"StringLike": {"sts:ExternalId": "acme-??"}}, "unusable-external-id"),
    (
        STAR,
        {"StringEquals": {"aws:PrincipalAccount": [f"{n:012}" for n in range(257)]}},
        "leaky-fence",
    ),
]


@pytest.mark.parametrize(("principal", "condition", "rule"), OPEN)
def test_callers_without_end_are_strangers(principal: object, condition: object, rule: str) -> None:
    found, problems = rules(principal, condition)
    assert rule in found
    assert problems == 0


def test_a_certain_finding_speaks_for_the_possible_one_about_the_same_guard() -> None:
    """A session carries no MFA: whether the key is absent or false, nobody gets in."""
    found, _ = rules(
        {"AWS": "arn:aws:iam::111111111111:role/x"},
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    )
    assert found == {"dead-statement"}


def test_an_environment_in_the_subject_is_an_environment_in_the_token() -> None:
    condition = {
        "StringEquals": {f"{GITHUB}:sub": "repo:acme/web:environment:prod"},
        "StringEqualsIfExists": {f"{GITHUB}:environment": "prod"},
    }
    assert "guard-passes-without-key" not in rules(PROVIDER, condition)[0]

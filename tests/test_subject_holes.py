"""Subjects of web identities with holes in them: one defect, one finding, and no made-up fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cloudformation_support import policy, template
from examples_support import judged

from iamlint.findings import Finding
from iamlint.shipped import shipped_book

BOOK = shipped_book()
GITHUB = "token.actions.githubusercontent.com"
Json = dict[str, Any]


def found(operator: str, subject: str, *names: str) -> tuple[Finding, ...]:
    condition: Json = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
    condition.setdefault(operator, {})[f"{GITHUB}:sub"] = {"Fn::Sub": subject}
    provider = f"arn:aws:iam::${{AWS::AccountId}}:oidc-provider/{GITHUB}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": {"Fn::Sub": provider}},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    parameters = {name: {"Type": "String"} for name in names}
    text = json.dumps(template(policy(statement), Parameters=parameters))
    report = judged(text, BOOK, path="example.template.json")
    return tuple(each for each in report.findings if each.severity != "info")


@pytest.mark.parametrize(
    ("subject", "names", "rule", "notes"),
    [
        (
            "repo:acme/${Repo}:ref:refs/heads/${Branch}",
            ("Repo", "Branch"),
            "open-project",
            {"open-ref"},
        ),
        (
            "repo:${Owner}/${Repo}:ref:refs/heads/main",
            ("Owner", "Repo"),
            "open-subject",
            {"open-project"},
        ),
        (
            "repo:acme/web:${Rest}",
            ("Rest",),
            "repository-wide-trust",
            {"open-ref", "open-environment", "pull-request-trust"},
        ),
    ],
)
def test_the_widest_of_what_a_hole_may_open_speaks_for_the_others(
    subject: str, names: tuple[str, ...], rule: str, notes: set[str]
) -> None:
    (finding,) = found("StringLike", subject, *names)
    assert (finding.rule, finding.certainty) == (rule, "possible")
    assert {note.rule for note in finding.notes} == notes


@pytest.mark.parametrize(
    "subject",
    ["repo:acme/web:${Rest}", "repo:acme/${Rest}", "repo:${Rest}", "repo:${Owner}/web:${Rest}"],
)
def test_no_statement_is_dead_because_of_a_text_that_was_made_up(subject: str) -> None:
    assert found("StringEquals", subject, "Rest", "Owner") == ()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("repo:${Rest}:*", "repository"),
        ("repo:${Rest}/web:ref:refs/heads/main", "owner"),
        ("repo:acme/${Rest}:ref:refs/heads/main", "name"),
        ("repo:acme/web:${Rest}:*", "kind"),
    ],
)
def test_a_hole_within_a_subject_makes_no_statement_dead(subject: str, text: str) -> None:
    rules = {each.rule for each in found("StringLike", subject, "Rest")}
    assert "dead-statement" not in rules, text


def test_what_surely_is_no_subject_leaves_a_statement_dead() -> None:
    (finding,) = found("StringEquals", "repository:acme/${Rest}", "Rest")
    assert finding.rule == "dead-statement"

"""Plans and states of Terraform: the roles in them, what is unknown, and where it all stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from provider_oracle import ACCOUNT, DATA, LIVE, WHY_NOT, plan

from iamlint import lint
from iamlint.config import Config
from iamlint.formats import read
from iamlint.formats.reading import Reading
from iamlint.formats.role import Role
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles, Source

BOOK = shipped_book()
TEXT = (DATA / "plan.json").read_text(encoding="utf-8")
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def reading(text: str, path: str = "plan.json") -> Reading:
    return read(Source(path, text), named=True)


def roles(text: str = TEXT) -> dict[str, Role]:
    return {role.identity: role for role in reading(text).roles}


def test_every_role_of_a_plan_is_found_under_its_address() -> None:
    assert reading(TEXT).kind == "terraform-plan"
    assert list(roles()) == [
        "aws_iam_role.document",
        "aws_iam_role.encoded",
        "aws_iam_role.known",
        'module.inner["alice"].aws_iam_role.user[0]',
        'module.inner["alice"].aws_iam_role.user[1]',
        'module.inner["b \\"o\\" b"].aws_iam_role.user[0]',
        'module.inner["b \\"o\\" b"].aws_iam_role.user[1]',
    ]


def test_a_role_says_what_the_plan_says_of_it() -> None:
    role = roles()["aws_iam_role.known"]
    assert (role.name, role.path, role.max_session) == ("known", "/ci/", 7200)
    assert (role.tags, role.account, role.format) == ((("Team", "build"),), ACCOUNT, "terraform")
    assert role.unresolved() == ()
    assert role.document.plain()["Statement"][0]["Principal"] == {"AWS": "*"}


def test_places_lie_in_the_text_within_the_plan() -> None:
    statement = roles()["aws_iam_role.known"].document.get("Statement")
    assert statement is not None
    principal = statement.items()[0].get("Principal")
    assert principal is not None
    assert principal.span.root().text == '{\\"AWS\\":\\"*\\"}'
    assert principal.span.root().source.name == "plan.json"


def test_what_a_plan_does_not_know_is_missing_and_says_why() -> None:
    (variant,) = roles()["aws_iam_role.encoded"].variants
    assert variant.missing == ("the whole document, given by `aws_iam_role.known.arn`",)
    report = lint(DictFiles({"plan.json": TEXT}), ["plan.json"], Config(), BOOK)
    said = {problem.message for problem in report.problems}
    assert any("`aws_iam_role.encoded` was judged without it" in message for message in said)
    assert {finding.rule for finding in report.findings} >= {"public-trust"}


def test_a_document_that_is_read_when_the_plan_is_applied_is_known_by_its_blocks() -> None:
    role = roles()["aws_iam_role.document"]
    (variant,) = role.variants
    (statement,) = variant.document.plain()["Statement"]
    assert variant.missing == ()
    assert statement["Condition"] == {
        "StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme*:*"}
    }
    report = lint(DictFiles({"plan.json": TEXT}), ["plan.json"], Config(), BOOK)
    (finding,) = [each for each in report.findings if each.rule == "open-subject"]
    assert (finding.certainty, finding.place.span.root().text) == ("certain", "repo:acme*:*")


def deferred(statement: Any, unknown: Any, references: list[str], key: str = "") -> str:
    """A plan of a role whose document is read later."""
    document = {"type": "aws_iam_policy_document", "name": "d", "mode": "data"}
    address = f"data.aws_iam_policy_document.d{key}"
    change = {"after_unknown": unknown}
    role = {"type": "aws_iam_role", "name": "r", "mode": "managed", "values": {"name": "r"}}
    listed = [
        {**role, "address": f"aws_iam_role.r{key}"},
        {**document, "address": address, "values": {"statement": statement}},
    ]
    expressions = {"assume_role_policy": {"references": references}}
    written = {"address": "aws_iam_role.r", "expressions": expressions}
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": listed}},
        "resource_changes": [{**document, "address": address, "change": change}],
        "configuration": {"root_module": {"resources": [written]}},
    }
    return json.dumps(plan)


OPEN = [{"actions": ["sts:AssumeRole"], "principals": [{"type": "AWS", "identifiers": [None]}]}]
SOME = {"json": True, "statement": [{"principals": [{"identifiers": [True]}]}]}
NAME = "data.aws_iam_policy_document.d"


@pytest.mark.parametrize(
    ("references", "key"),
    [
        ([f"{NAME}.json", NAME], ""),
        ([NAME, "each.key"], '["a"]'),
        ([NAME, "count.index"], "[1]"),
        ([f"{NAME}[0].json", f"{NAME}[0]", NAME], "[0]"),
    ],
)
def test_what_is_open_in_a_document_is_a_hole(references: list[str], key: str) -> None:
    (role,) = reading(deferred(OPEN, SOME, references, key)).roles
    where = f"{NAME}{key}.statement[0].principals[0].identifiers[0]"
    assert role.unresolved() == (f"`{where}`",)
    assert role.document.plain()["Statement"][0]["Action"] == "sts:AssumeRole"


@pytest.mark.parametrize(
    ("unknown", "references"),
    [
        ({"statement": True}, [NAME]),
        ({"statement": [{"principals": True}]}, [NAME]),
        ({"statement": json.loads("[" * 90 + "]" * 90)}, [NAME]),
        (SOME, [NAME, "var.x"]),
        (SOME, ["local.policy"]),
        (SOME, ["data.aws_iam_policy_document.other"]),
        (SOME, []),
    ],
)
def test_a_document_that_is_not_known_by_its_blocks_is_missing(
    unknown: Any, references: list[str]
) -> None:
    (role,) = reading(deferred(OPEN, unknown, references)).roles
    (variant,) = role.variants
    assert [part for part in variant.missing if "the whole document" in part]


def test_permissions_are_found_by_name_by_argument_and_by_reference() -> None:
    found = roles()
    known = [(policy.name, policy.arn) for policy in found["aws_iam_role.known"].policies]
    assert known == [
        ("AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("everything", ""),
        ("ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ]
    (inline,) = found["aws_iam_role.document"].policies
    assert inline.value is not None
    assert inline.value.plain()["Statement"][0]["Action"] == "s3:*"
    (own,) = found["aws_iam_role.encoded"].policies
    assert own.value is not None
    assert (own.name, own.value.plain()["Statement"][0]["Action"]) == ("own", "iam:*")


def test_a_shown_state_is_read_like_a_plan() -> None:
    values: Any = json.loads(TEXT)["planned_values"]
    state = json.dumps({"format_version": "1.0", "terraform_version": "1.11", "values": values})
    assert reading(state).kind == "terraform-state"
    assert [role.identity for role in reading(state).roles] == list(roles())


@pytest.mark.parametrize("path", ["terraform.tfstate", "state.json"])
def test_a_stored_state_tells_addresses_and_arns(path: str) -> None:
    arn = "arn:aws-cn:iam::222222222222:role/ci/deploy"
    attributes = {"name": "deploy", "arn": arn, "assume_role_policy": json.dumps(TRUST)}
    state = {
        "version": 4,
        "terraform_version": "1.11.4",
        "resources": [
            {
                "mode": "data",
                "type": "aws_iam_role",
                "name": "d",
                "instances": [{"attributes": {}}],
            },
            {
                "module": 'module.ci["a"]',
                "mode": "managed",
                "type": "aws_iam_role",
                "name": "deploy",
                "instances": [
                    {"index_key": "x", "attributes": attributes},
                    {"index_key": 1, "attributes": attributes},
                    {"attributes": attributes},
                ],
            },
        ],
    }
    found = reading(json.dumps(state), path).roles
    assert [role.identity for role in found] == [
        'module.ci["a"].aws_iam_role.deploy["x"]',
        'module.ci["a"].aws_iam_role.deploy[1]',
        'module.ci["a"].aws_iam_role.deploy',
    ]
    assert {(role.account, role.partition) for role in found} == {("222222222222", "aws-cn")}


def test_accounts_of_several_providers_are_nobodys_own() -> None:
    identity = {"mode": "data", "type": "aws_caller_identity"}
    data = [
        identity | {"address": f"data.aws_caller_identity.{name}", "values": {"account_id": id}}
        for name, id in (("a", "1" * 12), ("b", "2" * 12))
    ]
    values = {"assume_role_policy": json.dumps(TRUST)}
    role = {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role"}
    for several, account in ((data, None), (data[:1], "1" * 12)):
        root = {"root_module": {"resources": [*several, role | {"values": values}]}}
        text = json.dumps({"format_version": "1.2", "planned_values": root})
        (found,) = reading(text).roles
        assert found.account == account


@pytest.mark.parametrize(
    "broken",
    [
        {"planned_values": {"root_module": []}},
        {"planned_values": {"root_module": {"resources": {"a": 1}, "child_modules": 3}}},
        {"planned_values": {"root_module": {"resources": [3, None, {"values": []}]}}},
        {"planned_values": {}, "configuration": [], "prior_state": "x"},
    ],
)
def test_what_is_no_plan_of_terraform_is_no_crash(broken: dict[str, Any]) -> None:
    text = json.dumps({"format_version": "1.2"} | broken)
    assert reading(text).roles == []


@pytest.mark.parametrize("policy", ["", "x", "[]", 3, "{"])
def test_a_policy_that_is_none_is_told(policy: object) -> None:
    values = {"assume_role_policy": policy}
    role = {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role"}
    root = {"root_module": {"resources": [role | {"values": values}]}}
    found = reading(json.dumps({"format_version": "1.2", "planned_values": root}))
    assert found.problems
    assert not found.roles or policy == "{"


@pytest.mark.skipif(not LIVE, reason=WHY_NOT)
def test_terraform_still_plans_the_same(tmp_path: Path) -> None:
    made, error = plan(DATA / "plan", tmp_path)
    assert not error
    assert made["planned_values"] == json.loads(TEXT)["planned_values"]

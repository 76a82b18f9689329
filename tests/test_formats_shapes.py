"""What a document is by its shape: faulty trust policies, look-alikes, files of other tools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamlint.formats import FORMATS, claims, read
from iamlint.formats.reading import Reading
from iamlint.formats.role import Role
from iamlint.source import Source

Json = dict[str, Any]
STATEMENT: Json = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
    "Action": "sts:AssumeRole",
}
TRUST: Json = {"Version": "2012-10-17", "Statement": [STATEMENT]}
PERMISSION: Json = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def written(document: Any) -> Reading:
    return read(Source("a.json", json.dumps(document)))


def only(document: Any) -> Role:
    (role,) = written(document).roles
    return role


def policy(*statements: Json) -> Json:
    return TRUST | {"Statement": list(statements)}


def with_statement(**changes: Any) -> Json:
    """The trust policy with its statement changed; a member set to None is taken away."""
    changed = {key: value for key, value in (STATEMENT | changes).items() if value is not None}
    return policy(changed)


def role_of(document: Any) -> Json:
    return {"RoleName": "deploy", "AssumeRolePolicyDocument": document}


# -- look-alikes


SECRETS: Json = {"Resource": "*", "Action": ["secretsmanager:GetSecretValue"]}
LOOK_ALIKES: dict[str, tuple[Json, str]] = {
    "an identity policy": (policy(PERMISSION), "permission-policy"),
    "an identity policy about roles": (
        with_statement(Principal=None, Resource="arn:aws:iam::222222222222:role/x"),
        "permission-policy",
    ),
    "an identity policy that lacks a resource": (
        policy({"Effect": "Allow", "Action": "sts:AssumeRole"}, PERMISSION),
        "permission-policy",
    ),
    "a service control policy": (
        with_statement(Effect="Deny", Principal=None, Action="*", Resource="*"),
        "permission-policy",
    ),
    "a resource control policy": (
        with_statement(Effect="Deny", Principal="*", Action="sts:AssumeRole", Resource="*"),
        "resource-control-policy",
    ),
    "one about much": (
        with_statement(Effect="Deny", Principal="*", Action=["s3:*", "sts:*"], Resource="*"),
        "resource-control-policy",
    ),
    "RCPFullAWSAccess": (
        with_statement(Principal="*", Action="*", Resource="*"),
        "resource-control-policy",
    ),
    "a key policy": (with_statement(Action="kms:*", Resource="*"), "resource-policy"),
    "a secret's policy": (with_statement(**SECRETS), "resource-policy"),
    "a registry's policy": (with_statement(Action=["ecr:GetImage"]), "resource-policy"),
    "an endpoint's policy": (
        with_statement(
            Principal="*", Action=["sts:AssumeRole", "sts:GetCallerIdentity"], Resource="*"
        ),
        "resource-policy",
    ),
    "an endpoint's policy in two statements": (
        policy(STATEMENT | {"Resource": "*"}, STATEMENT | SECRETS),
        "resource-policy",
    ),
    "no statements": (TRUST | {"Statement": []}, "other"),
    "no policy": ({"Statement": "sts:AssumeRole"}, "other"),
    "an account statement": ({"Statement": [{"Balance": 7}]}, "other"),
}
TRUSTS: dict[str, Json] = {
    "a prohibited resource": {"Resource": "*"},
    "a prohibited resource and a pattern": {"Resource": "*", "Action": ["sts:Assume*", "sts:Tag*"]},
    "a prohibited resource, tags": {
        "Resource": "*",
        "Action": ["STS:AssumeRole", "sts:TagSession"],
    },
    "NotResource": {"NotResource": "x"},
    "no principal": {"Principal": None},
    "NotPrincipal": {"Principal": None, "NotPrincipal": {"AWS": "*"}},
    "everybody": {"Principal": "*"},
    "a Deny for everybody": {"Principal": "*", "Effect": "Deny"},
    "any action": {"Action": "*"},
    "a pattern of services": {"Action": "s*:*"},
    "no action": {"Action": None},
    "NotAction": {"Action": None, "NotAction": "sts:TagSession"},
    "no effect": {"Effect": None},
    "an action of STS that assumes nothing": {"Action": "sts:GetCallerIdentity"},
    "an action of IAM": {"Action": "iam:PassRole"},
    "letter case": {"Action": ["STS:assumerole"]},
    "misspelt elements": {"Principal": None, "Action": None, "principal": {}, "actions": "x"},
}


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_look_alikes_are_passed_over_silently(name: str) -> None:
    document, kind = LOOK_ALIKES[name]
    for depth in (document, [document], {"x": document}):
        reading = written(depth)
        assert not reading.problems
        assert not reading.roles
    assert written(document).kind == kind


@pytest.mark.parametrize("name", TRUSTS)
def test_a_trust_policy_with_faults_is_still_one(name: str) -> None:
    document = with_statement(**TRUSTS[name])
    assert written(document).kind == "trust-policy"
    assert only({"deploy": document}).name == "deploy"
    # One statement may stand without its list.
    assert only(TRUST | {"Statement": document["Statement"][0]}).identity == "a.json"


def test_in_a_role_anything_is_its_trust_policy() -> None:
    for document, _ in LOOK_ALIKES.values():
        assert only(role_of(document)).document.plain() == document


@pytest.mark.parametrize("name", TRUSTS)
def test_one_sound_statement_makes_a_trust_policy(name: str) -> None:
    for other in (PERMISSION, STATEMENT | SECRETS, {"Effect": "Allow"}, "nonsense"):
        (changed,) = with_statement(**TRUSTS[name])["Statement"]
        for statements in ([STATEMENT, changed, other], [other, changed, STATEMENT]):
            assert written(TRUST | {"Statement": statements}).kind == "trust-policy"


@pytest.mark.parametrize(
    "document",
    [
        {
            "properties": {
                "AssumeRolePolicyDocument": {"type": ["object", "string"]},
                "RoleName": {},
            }
        },
        {"members": {"AssumeRolePolicyDocument": {"shape": "policyDocumentType"}}},
        {"properties": {"AssumeRolePolicyDocument": "The policy.", "RoleName": "A name for it."}},
        {"required": ["AssumeRolePolicyDocument"], "AssumeRolePolicyDocument": True},
    ],
)
def test_schemas_and_manuals_are_no_roles(document: Json) -> None:
    assert written(document) == Reading([], [], "other")


def test_a_statement_that_lets_in_outweighs_a_deny_for_everybody() -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}
    assert written(policy(deny, STATEMENT | {"Resource": "*"})).kind == "trust-policy"


# -- files of other tools

TEMPLATE = {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": role_of(TRUST)}}}
TREE = {"version": "tree-0.1", "tree": {"attributes": role_of(TRUST)}}
CONFIGURATION = {"resource": {"aws_iam_role": {"r": {"assume_role_policy": json.dumps(TRUST)}}}}


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (CONFIGURATION, "terraform"),
        (TREE, "cdk-tree"),
    ],
)
def test_files_of_other_tools_are_told_and_not_read(document: Json, kind: str) -> None:
    roles, (problem,), found = written(document)[:3]
    assert (roles, found) == ([], kind)
    assert (problem.code, problem.blocking) == ("unread-format", False)


def test_files_of_other_tools_without_a_role_are_passed_over_silently() -> None:
    bucket = {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}
    assert written(bucket)[:3] == ([], [], "cloudformation")
    assets = {"version": "36", "files": {}, "dockerImages": {}}
    assert written(assets) == Reading([], [], "cdk-assets")


def test_files_of_other_tools_are_told_once() -> None:
    assert len(written([TREE, TREE]).problems) == 1
    assert len(written([TREE, {"deploy": TRUST}]).roles) == 1


@pytest.mark.parametrize("document", [TEMPLATE, {"input": TEMPLATE}, [{"a": [TEMPLATE]}]])
def test_templates_are_read_wherever_other_tools_keep_them(document: Json) -> None:
    reading = written(document)
    assert [role.identity for role in reading.roles] == ["R"]
    assert (reading.problems, reading.kind) == ([], "cloudformation")


def test_resources_alone_make_no_template() -> None:
    assert only({"Resources": {"R": {"Type": "role", "deploy": TRUST}}}).name == "deploy"
    assert only({"Resources": {"deploy": TRUST}}).name == "deploy"


def test_the_table_of_formats() -> None:
    assert "iam" in [format.name for format in FORMATS]
    assert claims("x/Trust.JSON")
    assert not claims("x/json")
    # A named file of any name is read as what its text is.
    assert read(Source("trust.txt", json.dumps(TRUST))).kind == "trust-policy"

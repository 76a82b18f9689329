"""Severity: what the rule says, moved by what the role may do, one step at most."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from iamlint.config import Config, Excludes, Local
from iamlint.data.privileges import ESCALATIONS, MANAGED, WRITES_LOGS
from iamlint.findings import SEVERITIES, Finding, severity_rank
from iamlint.linting import lint_with
from iamlint.privilege import UNKNOWN
from iamlint.reporters import View, render
from iamlint.reporters.json_schema import schema
from iamlint.severity import EXPOSURES, PRIVILEGES, STEPS, page
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles

BOOK = shipped_book()
AWS = "arn:aws:iam::aws:policy/"
STAR = {"Effect": "Allow", "Action": "*", "Resource": "*"}
LOGS = {"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "*"}
READS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
PASSES = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
OUTSIDE = {"AWS": "arn:aws:iam::222222222222:root"}  # medium by its rule
HOME = {"AWS": "arn:aws:iam::111111111111:root"}  # info by its rule
ANYBODY = "*"  # critical by its rule


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(principal: object, action: str = "sts:AssumeRole") -> dict[str, Any]:
    return policy({"Effect": "Allow", "Principal": principal, "Action": action})


def dump(principal: object, **held: Any) -> str:
    """An account with one role in it."""
    role = {
        "RoleName": "r",
        "Arn": "arn:aws:iam::111111111111:role/r",
        "AssumeRolePolicyDocument": trust(principal),
        "RolePolicyList": [
            {"PolicyName": f"p{number}", "PolicyDocument": policy(*statements)}
            for number, statements in enumerate(held.pop("inline", ()))
        ],
        "AttachedManagedPolicies": [
            {"PolicyName": name, "PolicyArn": AWS + name} for name in held.pop("managed", ())
        ],
        **held,
    }
    return json.dumps({"RoleDetailList": [role], "UserDetailList": [], "GroupDetailList": []})


def judged(text: str, path: str = "a.json", **settings: Any) -> list[Finding]:
    config = Config(level="info", accounts=("111111111111",), **settings)
    return list(lint_with(DictFiles({path: text}), [path], config, BOOK).findings)


def worst(principal: object, **held: Any) -> tuple[str, str]:
    found = max(judged(dump(principal, **held)), key=lambda each: severity_rank(each.severity))
    return found.severity, found.why


def test_the_same_hole_is_worse_in_an_administrator() -> None:
    assert worst(OUTSIDE, managed=["AdministratorAccess"]) == (
        "high",
        "medium by its rule; the role is an administrator: `AdministratorAccess` is attached to"
        " it: it allows `*` on `*`",
    )
    assert worst(OUTSIDE, managed=["service-role/AWSLambdaBasicExecutionRole"])[0] == "low"
    assert worst(OUTSIDE, managed=["SomethingNew"]) == ("medium", "")
    assert worst(OUTSIDE) == ("medium", "")


@pytest.mark.parametrize(
    ("statements", "severity"),
    [
        ([STAR], "high"),
        ([PASSES], "high"),
        ([STAR | {"Action": ["s3:*", "iam:*"]}], "high"),
        ([STAR | {"Action": "iam:Put*"}], "high"),
        ([READS], "medium"),
        ([READS, LOGS], "medium"),
        ([LOGS], "low"),
        ([LOGS | {"Action": "logs:*"}], "medium"),
        ([LOGS | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}], "low"),
        ([STAR | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}], "medium"),
        ([STAR | {"Resource": "arn:aws:s3:::mine/*"}], "medium"),
        ([PASSES | {"Resource": "arn:aws:iam::111111111111:role/x"}], "medium"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "medium"),
        ([STAR, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}], "medium"),
        ([STAR, {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}], "medium"),
        ([STAR, {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}], "high"),
        ([{"Effect": "Deny", "Action": "*", "Resource": "*"}], "low"),
    ],
)
def test_documents_are_read(statements: list[dict[str, Any]], severity: str) -> None:
    assert worst(OUTSIDE, inline=[statements])[0] == severity


def test_what_is_not_known_moves_nothing() -> None:
    assert worst(OUTSIDE, managed=["Unknown"], inline=[[LOGS]])[0] == "medium"
    assert worst(OUTSIDE, managed=["Unknown"], inline=[[STAR]])[0] == "high"
    boundary = {"PermissionsBoundaryArn": "arn:aws:iam::111111111111:policy/b"}
    assert worst(OUTSIDE, inline=[[STAR]], PermissionsBoundary=boundary)[0] == "medium"
    assert worst(OUTSIDE, inline=[[LOGS]], PermissionsBoundary=boundary)[0] == "low"


def test_who_gets_in_counts_as_well() -> None:
    assert worst(ANYBODY, inline=[[STAR]])[0] == "critical"  # there is nothing above
    assert worst(ANYBODY, inline=[[LOGS]])[0] == "high"
    home = trust({"AWS": "arn:aws:iam::111111111111:user/ann"})
    home["Statement"][0]["Condition"] = {"Null": {"aws:MultiFactorAuthPresent": "false"}}
    service = trust({"Service": "ssm.amazonaws.com"})
    for policy, rule in ((home, "unproved-mfa"), (service, "service-for-any-customer")):
        steps = []
        for statement in (STAR, PASSES, READS, LOGS):
            made = json.loads(dump(HOME, inline=[[statement]]))
            made["RoleDetailList"][0]["AssumeRolePolicyDocument"] = policy
            (found,) = (each for each in judged(json.dumps(made)) if each.rule == rule)
            known = BOOK.get(rule)
            assert known is not None
            steps.append(severity_rank(found.severity) - severity_rank(known.severity))
        assert steps == [1, 0, 0, -1]


def test_what_is_not_about_who_gets_in_stays() -> None:
    dead = trust({"AWS": "arn:aws:iam::222222222222:role/x"}, "sts:AssumeRoleWithSAML")
    role = json.loads(dump(HOME, inline=[[STAR]]))
    role["RoleDetailList"][0]["AssumeRolePolicyDocument"] = dead
    found = judged(json.dumps(role))
    assert found
    assert not any(each.why for each in found)


def test_the_fingerprint_is_the_same() -> None:
    strong, weak = (judged(dump(OUTSIDE, inline=[[each]])) for each in (STAR, LOGS))
    assert [each.severity for each in strong] != [each.severity for each in weak]
    assert [each.fingerprint for each in strong] == [each.fingerprint for each in weak]


def test_the_word_of_the_user_stands() -> None:
    rule = "foreign-account-without-external-id"
    text = dump(OUTSIDE, inline=[[STAR]])
    (found,) = judged(text, severities={rule: "low"})
    assert (found.severity, found.why) == (
        "low",
        "medium by its rule; your configuration says so",
    )
    local = Local(Excludes(".", ("a.json",)), severities={rule: "critical"})
    assert judged(text, locals=(local,))[0].severity == "critical"
    assert judged(text, path="b.json", locals=(local,))[0].severity == "high"


def test_the_threshold_goes_by_what_it_comes_to() -> None:
    for statement, failing in ((STAR, 1), (READS, 0)):
        files = DictFiles({"a.json": dump(OUTSIDE, inline=[[statement]])})
        config = Config(fail_on="high", accounts=("111111111111",))
        report = lint_with(files, ["a.json"], config, BOOK)
        assert report.summary.counts["failing"] == failing


def test_every_report_says_why() -> None:
    config = Config(accounts=("111111111111",))
    files = DictFiles({"a.json": dump(OUTSIDE, inline=[[PASSES]])})
    report = lint_with(files, ["a.json"], config, BOOK)
    why = (
        "medium by its rule; the role may give itself more, or do nearly everything: its policy"
        " `p0` allows `iam:PassRole` on `*`"
    )
    assert f"= note: {why}\n" in render("text", report, View())
    made = json.loads(render("json", report, View()))
    Draft202012Validator(schema()).validate(made)
    assert made["findings"][0]["why"] == why
    result = json.loads(render("sarif", report, View()))["runs"][0]["results"][0]
    assert result["properties"]["security-severity"] == "8.0"
    assert result["level"] == "error"
    assert f"severity: {why}" in result["message"]["text"]


def test_one_policy_of_many_roles_is_as_bad_as_the_strongest() -> None:
    template = """\
resource "aws_iam_role" "weak" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role" "strong" {
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::222222222222:root"]
    }
  }
}
"""
    (found,) = judged(template, path="main.tf")
    assert found.severity == "high"
    assert len(found.roles) == 2
    maybe = template.replace('["arn:aws:iam::aws', 'var.strong ? ["arn:aws:iam::aws').replace(
        'Access"]', 'Access"] : []'
    )
    (found,) = judged(maybe + 'variable "strong" {}\n', path="main.tf")
    assert found.severity == "medium"  # nobody knows whether it is


def test_a_template_may_attach_or_not() -> None:
    arn = f"{AWS}AdministratorAccess"
    for listed, severity in (
        ([arn], "high"),
        ([{"Fn::If": ["Strong", arn, {"Ref": "AWS::NoValue"}]}], "medium"),
    ):
        role = {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": trust(OUTSIDE),
                "ManagedPolicyArns": listed,
            },
        }
        template = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {"P": {"Type": "String"}},
            "Conditions": {"Strong": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
            "Resources": {"R": role},
        }
        (found,) = judged(json.dumps(template), path="t.json")
        assert found.severity == severity


def test_the_table_is_whole_and_small() -> None:
    assert set(STEPS) == set(EXPOSURES)
    for steps in STEPS.values():
        assert set(steps) | {UNKNOWN} == set(PRIVILEGES)
        assert set(steps.values()) <= {-1, 0, 1}
        assert list(steps.values()) == sorted(steps.values(), reverse=True)
    assert not any(STEPS["nobody"].values())
    assert set(SEVERITIES) == {"info", "low", "medium", "high", "critical"}
    text = page()
    assert all(word in text for word in (*STEPS, *PRIVILEGES))


def test_the_tables_of_permissions_are_in_order() -> None:
    assert {kind for kind, _ in MANAGED.values()} <= set(PRIVILEGES)
    assert all(why for _, why in MANAGED.values())
    for table in (ESCALATIONS, WRITES_LOGS):
        assert len({each.lower() for each in table}) == len(table)
        assert all(each.count(":") == 1 and "*" not in each for each in table)
    assert list(ESCALATIONS) == sorted(ESCALATIONS)
    assert not set(ESCALATIONS) & set(WRITES_LOGS)

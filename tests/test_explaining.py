"""What is said at places of policies: the exact words, and where nothing is said."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from explaining_support import OWN, book, explained, explained_at, words
from reporting_support import assert_screen
from terraform_written import encoded, planned

from iamlint.config import Config
from iamlint.explaining.at import explain_at
from iamlint.explaining.spots import At
from iamlint.findings import Report
from iamlint.linting import lint_with
from iamlint.memory import Memory
from iamlint.reporters.hover import markdown, plain
from iamlint.source import DictFiles

GITHUB = "token.actions.githubusercontent.com"
PROVIDER = {"Federated": f"arn:aws:iam::111111111111:oidc-provider/{GITHUB}"}
WEB = "sts:AssumeRoleWithWebIdentity"
Json = dict[str, Any]


def allow(principal: Json, action: str = "sts:AssumeRole", **more: Any) -> Json:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}


def deny(principal: Json, **more: Any) -> Json:
    return {"Effect": "Deny", "Principal": principal, "Action": "sts:AssumeRole", **more}


def policy(*statements: Json) -> dict[str, str]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"role.json": json.dumps(document, indent=1)}


def when(**guards: Json) -> Json:
    """A condition; `_` in an operator stands for the colon."""
    return {name.replace("_", ":"): tests for name, tests in guards.items()}


SUBJECT = f"{GITHUB}:sub"
CASES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "a closed subject": (
        policy(
            allow(
                PROVIDER,
                WEB,
                Sid="Ci",
                Condition=when(
                    StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"},
                    StringLike={SUBJECT: "repo:acme/web:ref:refs/heads/main"},
                ),
            )
        ),
        ("oidc-provider", "StringLike", ":aud", "Sid", "Version", "Federated", "Condition"),
    ),
    "an open subject": (
        policy(allow(PROVIDER, WEB, Condition=when(StringLike={SUBJECT: "repo:acme*"}))),
        ("oidc-provider", "repo:"),
    ),
    "several values": (
        policy(
            allow(
                PROVIDER,
                WEB,
                Condition=when(
                    StringLike={
                        SUBJECT: [
                            "repo:acme/web:*",
                            "repo:acme/web:ref:refs/heads/main",
                            "repo:acme/api:*",
                            "nonsense",
                        ]
                    }
                ),
            ),
            deny(
                {"AWS": "*"},
                Condition=when(ArnNotLike={"aws:PrincipalArn": ["arn:aws:iam::*:role/a", "x"]}),
            ),
        ),
        ("web:*", "web:ref", "api", "nonsense", "role/a"),
    ),
    "a vendor": (
        policy(
            allow(
                {"AWS": ["464622532012", "arn:aws:iam::222222222222:user/joe"]},
                Condition=when(
                    StringEquals={"sts:ExternalId": "abc-123"},
                    StringLike={"sts:ExternalId": "abc*"},
                ),
            )
        ),
        ("464622532012", "joe", "AWS", "Principal", "abc-123", "abc*", "Effect"),
    ),
    "everybody, less a Deny": (
        policy(
            allow({"AWS": "*"}, Sid="All"),
            deny(
                {"AWS": "*"},
                Sid="Others",
                Condition=when(StringNotEquals={"aws:PrincipalOrgID": "o-1234567890"}),
            ),
        ),
        ("*", "All", "Others", "StringNotEquals", "Version"),
    ),
    "a Deny that takes all, and one that takes nothing": (
        policy(
            allow({"AWS": "arn:aws:iam::111111111111:role/a"}),
            deny({"AWS": "111111111111"}, Sid="Home"),
            deny({"AWS": "333333333333"}, Sid="Nobody"),
        ),
        ("role/a", '"111111111111', "Home", "333333333333", '"Nobody', "Version"),
    ),
    "guards that do not what they seem to": (
        policy(
            allow(
                {"AWS": "arn:aws:iam::111111111111:role/a"},
                Condition=when(
                    Bool={"aws:MultiFactorAuthPresent": "true"},
                ),
            ),
            allow(
                {"Service": "lambda.amazonaws.com"},
                Condition=when(
                    StringEqualsIfExists={"aws:SourceAccount": "111111111111"},
                    Null={"aws:SourceArn": "false"},
                    ForAllValues_StringEquals={"aws:TagKeys": ["team"]},
                    StringEquals={"aws:PrinicpalOrgID": "o-1234567890"},
                ),
            ),
            allow(
                {"AWS": "111111111111"},
                ["sts:AssumeRole", "sts:TagSession"],  # type: ignore[arg-type]
                Condition={
                    "ForAllValues:StringLike": {"aws:TagKeys": ["team", "cost*"]},
                    "StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/guest*"},
                    "StringLike": {"sts:RoleSessionName": "*"},
                },
            ),
        ),
        (
            "Bool",
            "role/a",
            "SourceAccount",
            "SourceArn",
            "aws:TagKeys",
            "Prinicpal",
            "cost",
            "StringNotLike",
            "RoleSessionName",
            "lambda",
        ),
    ),
    "wrong ways to call": (
        policy(
            allow(PROVIDER, "sts:AssumeRole", Sid="Misfit"),
            allow({"AWS": "arn:aws-cn:iam::111111111111:role/a"}, Sid="China"),
            allow({"AWS": "arn:aws:iam::111111111111:federated-user/bob"}),
            allow({"AWS": ["nobody", "arn:aws:iam::111111111111:role/a"]}, "sts:TagSession"),
            {"Effect": "allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"},
            allow({"AWS": "222222222222"}, Sid="Same"),
            allow({"AWS": "arn:aws:iam::222222222222:root"}, Sid="Same2"),
            {"Effect": "Allow", "NotPrincipal": {"AWS": "222222222222"}, "Action": "sts:*"},
        ),
        (
            "oidc-provider",
            "Misfit",
            "aws-cn",
            "bob",
            '"nobody',
            ":role/a",
            '"allow"',
            "Same",
            "Same2",
            "NotPrincipal",
            "sts:*",
            "Version",
        ),
    ),
}


def test_the_words() -> None:
    said = []
    for name, (files, marks) in CASES.items():
        for marked in marks:
            nth = files["role.json"].count(marked) - 1 if marked == ":role/a" else 0
            found = explained(files, "role.json", marked, nth)
            told = plain(found) if found else "nothing"
            said.append(f"=== {name}: at `{marked}`\n{told}\n")
    assert_screen("explanations.txt", "\n".join(said))


TERRAFORM = {
    "main.tf": """variable "vendor" {
  default = "464622532012"
}
variable "ext" {}
locals {
  roles = ["arn:aws:iam::${var.vendor}:role/a", "arn:aws:iam::222222222222:role/b"]
}
data "aws_caller_identity" "me" {}
data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "Vendor"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = concat([var.vendor], local.roles)
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.ext]
    }
  }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }
}
resource "aws_iam_role" "a" {
  description        = "a"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role" "b" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
module "m" {
  source = "./m"
  who    = var.vendor
}
""",
    "m/main.tf": """variable "who" {}
resource "aws_iam_role" "c" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.who}:root" }
      Action    = "sts:AssumeRole"
    }]
  })
}
""",
}
TEMPLATE = {
    "stack.yaml": """Parameters:
  Vendor:
    Type: String
    Default: "464622532012"
  Ext: {Type: String}
Conditions:
  Prod: !Equals [!Ref "AWS::Region", us-east-1]
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: Vendor
            Effect: Allow
            Principal:
              AWS: !If [Prod, !Sub "arn:aws:iam::${Vendor}:root", !Ref "AWS::AccountId"]
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                sts:ExternalId: !Ref Ext
          - Effect: Allow
            Principal: {Service: [ec2.amazonaws.com, lambda.amazonaws.com]}
            Action: sts:*
"""
}
ELSEWHERE: tuple[tuple[dict[str, str], str, tuple[str, ...]], ...] = (
    (
        TERRAFORM,
        "main.tf",
        (
            "464622532012",
            "var.vendor}",
            "var.vendor]",
            "local.roles",
            '"AWS"',
            "StringEquals",
            "var.ext",
            '"arn:aws:iam::${data',
            'resource "aws_iam_role" "a"',
            'data "aws_iam_policy_document"',
            "description",
            "assume_role_policy",
            "var.vendor\n",
        ),
    ),
    (TERRAFORM, "m/main.tf", ("arn:aws:iam", "var.who", "Effect", "resource", '"who"')),
    (
        TEMPLATE,
        "stack.yaml",
        ("464622532012", "${Vendor}", "!If", "ec2", "!Ref Ext", "Deploy", "Conditions", "Sid"),
    ),
)


def test_the_words_where_values_come_from_elsewhere() -> None:
    said = []
    for files, path, marks in ELSEWHERE:
        for marked in marks:
            found = explained(files, path, marked, config=Config())
            told = markdown(found) if found else "nothing"
            about = found.span.text.partition("\n")[0] if found else ""
            said.append(f"=== {path}: at `{marked.strip()}`: {about}\n{told}\n")
    assert_screen("explanations-elsewhere.md", "\n".join(said))


def test_every_place_of_a_file_is_of_the_smallest_text_around_it() -> None:
    """Whatever is explained lies around the place, and what lies in it is no larger."""
    for files, path in ((TERRAFORM, "main.tf"), (TEMPLATE, "stack.yaml")):
        text = files[path]
        for offset in range(0, len(text), 7):
            found = explained_at(files, path, offset, Config())
            if found is None:
                continue
            span = found.span
            assert span.source.name == path
            assert span.start <= offset < span.end
            inside = explained_at(files, path, span.start, Config())
            assert inside is not None
            assert inside.span.end - inside.span.start <= span.end - span.start


def test_a_principal_that_is_not_known_is_called_by_its_name() -> None:
    text = TERRAFORM["m/main.tf"]
    said = words(explained({"main.tf": text}, "main.tf", "arn:aws:iam", config=Config()))
    assert "principal `arn:aws:iam::${var.who}:root`" in said
    assert re.search(r"\b\d{12}\b", said) is None


def test_equal_roles_are_explained_once_and_many_are_counted() -> None:
    def role(name: str, who: str) -> str:
        statement = json.dumps(allow({"AWS": who}))
        return (
            f'resource "aws_iam_role" "{name}" {{\n'
            f"  assume_role_policy = jsonencode({{ Statement = [merge({statement},"
            ' { Condition = { StringEquals = { "sts:ExternalId" = var.id } } })] })\n}\n'
        )

    same = "".join(role(f"same{number}", "222222222222") for number in range(9))
    others = "".join(role(f"other{number}", f"{number:012}") for number in range(20, 40))
    shared = 'variable "id" {\n  default = "abc-123"\n}\n'
    found = explained({"main.tf": shared + same + others}, "main.tf", "abc-123")
    assert found is not None
    assert len(found.abouts[0].roles) == 5
    assert found.abouts[0].more == 4
    assert found.more == 13
    assert plain(found).count("guard `StringEquals`") == 8


@pytest.mark.parametrize("text", ["", "{", '{"Statement": [', '{"Statement": 1}', "a: [", "\ufeff"])
def test_there_is_nothing_in_what_cannot_be_read(text: str) -> None:
    for path in ("role.json", "stack.yaml", "main.tf"):
        for offset in range(len(text) + 1):
            assert explained_at({path: text}, path, offset) is None or path == "role.json"


def test_a_broken_policy_is_not_explained_and_its_neighbour_is() -> None:
    broken = TEMPLATE["stack.yaml"].replace("Effect: Allow\n            Principal:\n", "Effect: [")
    whole = json.dumps(allow({"AWS": "222222222222"}))
    other = f'{{"Roles": [{{"RoleName": "x", "AssumeRolePolicyDocument": {{"Statement": {whole}}}}}'
    assert explained_at({"stack.yaml": broken}, "stack.yaml", broken.index("Vendor", 200)) is None
    files = {"stack.yaml": broken, "roles.json": other + "]}"}
    assert "account `222222222222`" in words(explained(files, "roles.json", "222222222222"))


def test_what_is_too_large_to_be_judged_is_not_explained() -> None:
    files = policy(allow({"AWS": [f"{number:012}" for number in range(2000)]}))
    assert explained(files, "role.json", "000000000007") is None


def test_what_is_not_decided_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iamlint.semantics.world._MOST_STATEMENTS", 0)
    files = CASES["everybody, less a Deny"][0]
    for marked in ("*", "Others", "Version"):
        said = words(explained(files, "role.json", marked))
        assert "not decided" in said
        assert "Nobody" not in said
        assert "Idle" not in said


def test_a_role_of_a_plan_and_of_its_configuration_is_one() -> None:
    document = json.loads(CASES["a vendor"][0]["role.json"])
    files = {"plan.json": planned(document), "main.tf": encoded(document)}
    found = explained(files, "main.tf", "464622532012")
    assert found is not None
    assert [about.roles for about in found.abouts] == [("`aws_iam_role.example`",)]


class Enough(Exception):
    """Somebody changed his mind."""


@pytest.mark.parametrize("after", [1, 2, 5, 9])
def test_whoever_asks_may_change_his_mind(after: int) -> None:
    """Also in the middle of a policy: a question is the longest that anybody waits."""
    left = after

    def pause() -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Enough

    files = CASES["a vendor"][0]
    with pytest.raises(Enough):
        explain_at(DictFiles({**files}), ["role.json"], OWN, book(), At("role.json", 50), pause)
    left = 10_000
    found = explain_at(DictFiles({**files}), ["role.json"], OWN, book(), At("role.json", 50), pause)
    assert found is not None
    assert left < 10_000 - after


EDITS = (
    ("464622532012", "333333333333"),
    ("Sid: Vendor", "# a line\n            Sid: Vendor"),
    ("Resources:\n", "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n"),
    ("ec2.amazonaws.com", "ecs.amazonaws.com"),
    ("variable", "# a line 🎉\nvariable"),
    ("var.ext", "var.vendor"),
    ("Ext: {Type: String}", "Ext: {Type: String, Default: abc-123}"),
)


@pytest.mark.parametrize("files", [TERRAFORM, TEMPLATE], ids=["terraform", "template"])
def test_what_is_remembered_changes_nothing_of_what_is_said(files: dict[str, str]) -> None:
    memory, path = Memory(), min(files, key=len)
    for old, new in EDITS:
        files = {**files, path: files[path].replace(old, new, 1)}
        for asked in (False, True):  # with what an explanation left behind, too
            checked = [
                lint_with(DictFiles({**files}), sorted(files), Config(), book(), memory=each)
                for each in (memory, None)
            ]
            assert found(checked[0]) == found(checked[1]), asked
            for offset in range(0, len(files[path]) if not asked else 0, 61):
                told = [
                    explained_at(files, path, offset, Config(), each) for each in (memory, None)
                ]
                said = [(words(x), x.span.start, plain(x)) if x else None for x in told]
                assert said[0] == said[1]


def found(report: Report) -> list[object]:
    return [(x.rule, x.message, x.place.span.start, x.fingerprint) for x in report.findings]

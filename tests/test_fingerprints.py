"""Fingerprints: the edits that must keep the name of a finding, and those that must change it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from running import run_iamlint

from iamlint import lint
from iamlint.config import Config
from iamlint.source import DictFiles

Edit = Callable[[str], str]
Files = dict[str, str | bytes]

JSON = """\
{
  "RoleName": "vendor",
  "AssumeRolePolicyDocument": {
    "Version": "2012-10-17",
    "Statement": [
      {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringLike": {"aws:PrincipalOrgID": "o-*"}}
      },
      {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "sts:AssumeRole"
      }
    ]
  }
}
"""
YAML = """\
Resources:
  Vendor:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::222222222222:root"}
            Action: sts:AssumeRole
            Condition: {StringLike: {"aws:PrincipalOrgID": "o-*"}}
          - Effect: Allow
            Principal:
              AWS: "*"
            Action: sts:AssumeRole
"""
HCL = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::222222222222:root"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalOrgID"
      values   = ["o-*"]
    }
  }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "aws_iam_role" "vendor" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""
TEXTS = {"a.json": JSON, "a.yaml": YAML, "a.tf": HCL}


def names(files: Files, config: Config | None = None) -> dict[str, list[str]]:
    """The fingerprints of all findings, by rule."""
    found: dict[str, list[str]] = {}
    for each in lint(DictFiles(files), ["."], config or Config(level="info")).findings:
        found.setdefault(each.rule, []).append(each.fingerprint)
    return found


def swap(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return edit


def moved(text: str) -> str:
    """The statements of the template the other way round."""
    head, first, second = text.split("          - ")
    return f"{head}          - {second}          - {first}"


KEPT: list[tuple[str, str, Edit]] = [
    ("a.json", "lines above", lambda text: "\n\n\n" + text),
    ("a.json", "minified", lambda text: json.dumps(json.loads(text), separators=(",", ":"))),
    ("a.json", "indented anew", lambda text: json.dumps(json.loads(text), indent=7)),
    ("a.json", "other line ends", lambda text: text.replace("\n", "\r\n")),
    ("a.json", "something else said", swap('"RoleName"', '"Description": "x", "RoleName"')),
    ("a.json", "a session", swap('"RoleName"', '"MaxSessionDuration": 3600, "RoleName"')),
    ("a.yaml", "a comment above", lambda text: "# x\n" + text),
    ("a.yaml", "a comment within", swap('StringLike: {"', 'StringLike: { # x\n              "')),
    ("a.yaml", "other quotes", swap('"', "'")),
    ("a.yaml", "no quotes", swap('"o-*"', "o-*")),
    ("a.yaml", "in block style", swap(
        'Condition: {StringLike: {"aws:PrincipalOrgID": "o-*"}}',
        "Condition:\n              StringLike:\n                aws:PrincipalOrgID: o-*",
    )),
    ("a.yaml", "statements moved", moved),
    ("a.yaml", "another role", lambda text: text + """\
  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
"""),
    ("a.tf", "formatted anew", swap("variable = ", "variable             = ")),
    ("a.tf", "a comment within", swap('OrgID"\n', 'OrgID" # of the vendor\n      // more\n')),
    ("a.tf", "an ignore of something else", swap(
        'OrgID"\n', 'OrgID" # iamlint: ignore[open-subject]: x\n'
    )),
    ("a.tf", "the document renamed", swap('trust', 'entry')),
    ("a.tf", "a name for the role", swap('vendor" {', 'vendor" {\n  name = "other"')),
]  # fmt: skip

CHANGED: list[tuple[str, str, Edit, str]] = [
    ("a.json", "another account", swap("222222222222", "333333333333"), ""),
    ("a.json", "another role", swap('"vendor"', '"other"'), "public-trust"),
    ("a.json", "another value", swap("o-*", "o-?*"), "shadowed-guard"),
    ("a.yaml", "another role", swap("Vendor", "Other"), "public-trust"),
    ("a.yaml", "another value", swap("o-*", "o-?*"), "shadowed-guard"),
    ("a.yaml", "another principal", swap('AWS: "*"', 'AWS: ["*", "222222222222"]'), ""),
    ("a.tf", "another role", swap('"vendor"', '"other"'), "public-trust"),
    ("a.tf", "another value", swap("o-*", "o-?*"), "shadowed-guard"),
]  # fmt: skip


def flat(found: dict[str, list[str]]) -> set[str]:
    return {each for several in found.values() for each in several}


@pytest.mark.parametrize("edit", KEPT, ids=[f"{name}, {what}" for name, what, _ in KEPT])
def test_edits_that_keep_all_names(edit: tuple[str, str, Edit]) -> None:
    name, _, change = edit
    text = TEXTS[name]
    before, after = names({name: text}), names({name: change(text)})
    assert {"shadowed-guard", "public-trust"} <= before.keys()
    assert {rule: sorted(each) for rule, each in after.items()} == {
        rule: sorted(each) for rule, each in before.items()
    }


@pytest.mark.parametrize("edit", CHANGED, ids=[f"{name}, {what}" for name, what, _, _ in CHANGED])
def test_edits_that_change_a_name(edit: tuple[str, str, Edit, str]) -> None:
    name, _, change, rule = edit
    text = TEXTS[name]
    before, after = names({name: text}), names({name: change(text)})
    if rule:
        assert not set(after[rule]) & set(before[rule])
    else:
        assert flat(after) - flat(before)


@pytest.mark.parametrize("name", TEXTS)
def test_names_do_not_depend_on_where_a_role_is_written(name: str) -> None:
    suffix = name[1:]
    before = names({name: TEXTS[name]})
    assert names({f"deep/folder/other{suffix}": TEXTS[name]}) == before


@pytest.mark.parametrize("name", TEXTS)
def test_all_findings_of_a_role_have_names_of_their_own(name: str) -> None:
    found = names({name: TEXTS[name]})
    assert sum(map(len, found.values())) == len(flat(found)) >= 2


def test_equal_parts_that_look_different_have_names_of_their_own() -> None:
    role = json.loads(JSON)
    statement = role["AssumeRolePolicyDocument"]["Statement"][1]
    spaced = json.dumps(statement, indent=3)
    text = JSON.replace('"Statement": [', f'"Statement": [{spaced}, {json.dumps(statement)},')
    found = names({"a.json": text})["public-trust"]
    assert len(found) == len(set(found)) == 3


def test_settings_rename_nothing() -> None:
    before = names({"a.json": JSON})
    for config in (
        Config(level="info", severities={"public-trust": "low"}),
        Config(level="info", now=2_000_000_000),
        Config(level="info", accounts=("222222222222",)),
        Config(level="info", select=("public-trust",)),
        Config(level="info", edits=True),
    ):
        assert names({"a.json": JSON}, config)["public-trust"] == before["public-trust"]


def test_a_value_from_elsewhere_renames_nothing() -> None:
    text = HCL.replace('"arn:aws:iam::222222222222:root"', "var.vendor")
    files: Files = {"a.tf": text, "b.tf": 'variable "vendor" {\n  default = "222222222222"\n}\n'}
    inline = names({"a.tf": text, "b.tf": 'variable "vendor" {}\n'})
    assert names(files)["public-trust"] == inline["public-trust"]


def test_a_bare_policy_is_known_by_its_path_in_the_repository(tmp_path: Path) -> None:
    policy = json.dumps(json.loads(JSON)["AssumeRolePolicyDocument"])
    (tmp_path / ".git").mkdir()
    (tmp_path / "iam").mkdir()
    (tmp_path / "iam" / "trust.json").write_text(policy)
    (tmp_path / "iam" / "other.json").write_text(policy)

    def found(path: str, cwd: Path) -> list[str]:
        done = run_iamlint("check", path, "--format", "json", cwd=cwd)
        return [each["fingerprint"] for each in json.loads(done.out)["findings"]]

    here = found("iam/trust.json", tmp_path)
    assert here
    assert found("trust.json", tmp_path / "iam") == here
    assert found(str(tmp_path / "iam" / "trust.json"), tmp_path) == here
    assert found("../iam/trust.json", tmp_path / "iam") == here
    assert not set(found("iam/other.json", tmp_path)) & set(here)

"""With a memory of earlier checks a report is what it is without one, whatever was edited."""

from __future__ import annotations

import json
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.config import Config
from iamlint.engine import Engine, Judged
from iamlint.formats.role import Role
from iamlint.linting import lint_with
from iamlint.memory import Memory
from iamlint.reporters import View
from iamlint.reporters import json as json_reporter
from iamlint.rules.book import RuleBook
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles

TEMPLATE = """\
# Roles of a team
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Organisation: {Type: String}
  Account: {Type: String, Default: "111122223333"}
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Mappings:
  Vendors:
    dev: {Id: "222233334444"}
    prod: {Id: "333344445555"}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deploy
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: !GetAtt Provider.Arn}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                token.actions.githubusercontent.com:aud: sts.amazonaws.com
              StringLike:
                token.actions.githubusercontent.com:sub: !Sub "repo:${Organisation}/web-*:*"
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties:
      Url: https://token.actions.githubusercontent.com
  # emoji 🚀 and é
  Vendor:
    Type: AWS::IAM::Role
    Condition: IsProd
    Properties:
      ManagedPolicyArns: [!Ref Admin]
      AssumeRolePolicyDocument:
        Statement:
        - Effect: Allow
          Principal: {AWS: !Sub "arn:aws:iam::${Account}:root"}
          Action: [sts:AssumeRole, sts:TagSession]
        - !If
          - IsProd
          - Effect: Deny
            Principal: "*"
            Action: sts:AssumeRole
            Condition: {Bool: {aws:MultiFactorAuthPresent: "false"}}
          - !Ref AWS::NoValue
  Admin:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
  Attached:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: attached
      Roles: [!Ref Deploy]
      PolicyDocument: {Statement: [{Effect: Allow, Action: "iam:*", Resource: "*"}]}
  Mapped:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Principal: {AWS: [!FindInMap [Vendors, !Ref Stage, Id], !GetAtt Deploy.Arn, "*"]}
          Action: sts:AssumeRole
  Function:
    Type: AWS::Serverless::Function
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com},
          Action: sts:AssumeRole}]
  Caller:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
        - Effect: Allow
          Principal: {AWS: [!GetAtt FunctionRole.Arn, !GetAtt Nested.Outputs.Arn]}
          Action: sts:AssumeRole
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested.yaml
      Parameters: {Account: !Ref Account}
Outputs:
  Arn: {Value: !GetAtt Deploy.Arn}
"""
NESTED = """\
Parameters:
  Account: {Type: String}
Resources:
  Inner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {AWS: !Ref Account}, Action: sts:AssumeRole}]
Outputs:
  Arn: {Value: !GetAtt Inner.Arn}
"""
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}],
    },
    indent=2,
)
ROLES = json.dumps(
    {
        "Parameters": {"Account": {"Type": "String", "Default": "444455556666"}},
        "Resources": {
            name: {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"AWS": caller},
                                "Action": "sts:AssumeRole",
                            }
                        ]
                    }
                },
            }
            for name, caller in (
                ("Deploy", "*"),
                ("Vendor", {"Ref": "Account"}),
                ("Caller", {"Fn::GetAtt": ["Deploy", "Arn"]}),
            )
        },
    },
    indent=2,
)
FILES = {"t.yaml": TEMPLATE, "nested.yaml": NESTED, "p.json": POLICY, "j.json": ROLES}
TOKENS = ['"*"', "*", "!Ref Deploy", "Admin", "x", "🚀", '"', "{", "]", ": ", "\n", "  ", "- "]
TOKENS += ["sts:AssumeRole", "Vendor", "Deny", "# iamlint: ignore[public-trust] reason: x\n", "#"]
TOKENS += ["    Condition: IsProd\n", "Roles", "Provider", "!GetAtt FunctionRole.Arn", "\r\n"]
CONFIG = Config(edits=True, as_found=True, level="info", accounts=("111122223333",))

Edit = tuple[str, int, int, int, str]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["splice", "splice", "move", "copy", "replace"]),
        st.integers(0, 999),
        st.integers(0, 12),
        st.integers(0, 999),
        st.sampled_from(TOKENS),
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return shipped_book()


@given(EDITS, st.sampled_from(["t.yaml", *FILES]), st.booleans())
@settings(max_examples=9, deadline=None)
def test_a_report_with_a_memory_is_the_one_without(
    book: RuleBook, edits: list[Edit], name: str, crlf: bool
) -> None:
    ends = "\r\n" if crlf else "\n"
    files = FILES | {"t.yaml": TEMPLATE.replace("\n", ends)}
    memory = Memory()
    agrees(files, book, memory)
    for edit in edits:
        before = files[name]
        files[name] = edited(before, edit)
        agrees(files, book, memory)
        if edit[1] % 4 == 0:
            files[name] = before
            agrees(files, book, memory)


@given(EDITS, st.lists(st.integers(0, 25), min_size=6, max_size=6))
@settings(max_examples=9, deadline=None)
def test_a_check_that_was_broken_off_leaves_nothing_wrong(
    book: RuleBook, edits: list[Edit], pauses: list[int]
) -> None:
    files = dict(FILES)
    memory = Memory()
    agrees(files, book, memory)
    for edit, pause in zip(edits, pauses, strict=False):
        files["t.yaml"] = edited(files["t.yaml"], edit)
        broken_off(files, book, memory, pause)
        if edit[1] % 3 == 0:
            files["t.yaml"] = edited(files["t.yaml"], edit)
        if edit[1] % 2 == 0:
            files["nested.yaml"] = edited(files["nested.yaml"], edit)
            broken_off(files, book, memory, pause // 2)
        agrees(files, book, memory)


class Stop(Exception):
    """The check is not wanted any more."""


class Stopping(DictFiles):
    """Files that end a check after so many steps, when one is read or a role is looked at."""

    def __init__(self, files: dict[str, str | bytes], left: int) -> None:
        super().__init__(files)
        self.left = left

    def read(self, path: str) -> bytes:
        self.begins()
        return super().read(path)

    def begins(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stop

    def judged(self) -> None:
        pass


def broken_off(files: dict[str, str], book: RuleBook, memory: Memory, left: int) -> None:
    watched = Stopping(dict(files), left)
    with suppress(Stop):
        lint_with(watched, list(files), CONFIG, book, watched, memory)


def edited(text: str, edit: Edit) -> str:
    """The text after an edit of a few characters, or of a few lines."""
    kind, at, size, into, token = edit
    if kind == "splice":
        start = at * len(text) // 1000
        return text[:start] + token + text[start + size :]
    if kind == "replace":
        words = [word for word in ("Allow", "Deploy", "IsProd", "Account") if word in text]
        return text.replace(words[at % len(words)], token.strip(), 1 + size % 2) if words else text
    lines = text.splitlines(keepends=True) or [""]
    first, target = at * len(lines) // 1000, into * len(lines) // 1000
    taken = lines[first : first + size]
    if kind == "move":
        del lines[first : first + size]
    lines[target:target] = taken
    return "".join(lines)


def agrees(files: dict[str, str], book: RuleBook, memory: Memory) -> None:
    assert told(files, book, memory) == told(files, book, None)


def told(files: dict[str, str], book: RuleBook, memory: Memory | None) -> object:
    """All that a report says, edits and places included."""
    report = lint_with(DictFiles(dict(files)), list(files), CONFIG, book, memory=memory)
    edits = [
        [(change.span.source.text, change.span[1:], change.text) for change in finding.edit]
        for finding in report.findings
    ]
    return json.loads(json_reporter.render(report, View())), edits


def test_what_did_not_change_is_not_judged_again(
    book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    judge = Engine.judge

    def counted(self: Engine, role: Role, *rest: object) -> Judged:
        judged.append(role.identity)
        return judge(self, role, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "judge", counted)
    memory, draw, names = Memory(), random.Random(7), [f"Role{number}" for number in range(40)]
    roles = {name: ROLE.format(name=name, account=f"{at:012}") for at, name in enumerate(names)}
    found(roles, book, memory)
    assert judged == names
    for _ in range(20):
        name = draw.choice(names)
        roles[name] += "    # more\n"
        judged.clear()
        assert found(roles, book, memory) == found(roles, book, None)
        assert judged == [name, *names]


ROLE = """\
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
        - Effect: Allow
          Principal: {{AWS: '{account}'}}
          Action: sts:AssumeRole
"""


def found(roles: dict[str, str], book: RuleBook, memory: Memory | None) -> object:
    return told({"t.yaml": "Resources:\n" + "".join(roles.values())}, book, memory)

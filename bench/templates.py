"""Makes CloudFormation templates for the benchmarks, always the same ones.

    python bench/templates.py FOLDER

writes `small.yaml` (one role), `roles.yaml` (500 roles, about 200 KB) and `large.yaml` (2 MB).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: roles as they occur in the wild
Parameters:
  Stage:
    Type: String
    Default: dev
    AllowedValues: [dev, prod]
  GitHubOrganisation:
    Type: String
    AllowedPattern: ^[A-Za-z0-9-]+$
  TrustedAccount:
    Type: String
    Default: "222233334444"
  ExternalId:
    Type: String
    NoEcho: true
Mappings:
  Accounts:
    dev: {Id: "333344445555"}
    prod: {Id: "444455556666"}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
"""
# Trust statements as the wild has them, most of them plain; the first fields are how often.
STATEMENTS = (
    (
        12,
        """\
          - Effect: Allow
            Principal:
              Service: {service}.amazonaws.com
            Action: sts:AssumeRole
""",
    ),
    (
        2,
        """\
          - Effect: Allow
            Principal:
              Service: !Sub "{service}.${{AWS::URLSuffix}}"
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                aws:SourceAccount: !Ref AWS::AccountId
""",
    ),
    (
        2,
        """\
          - Effect: Allow
            Principal:
              AWS: !Sub "arn:${{AWS::Partition}}:iam::${{TrustedAccount}}:root"
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                sts:ExternalId: !Ref ExternalId
""",
    ),
    (
        2,
        """\
          - Effect: Allow
            Principal:
              Federated: !Sub "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:oidc-provider/\
token.actions.githubusercontent.com"
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                token.actions.githubusercontent.com:aud: sts.amazonaws.com
              StringLike:
                token.actions.githubusercontent.com:sub:
                  !Sub "repo:${{GitHubOrganisation}}/{word}-{number}:*"
""",
    ),
    (
        1,
        """\
          - Effect: Allow
            Principal:
              AWS: !Join
                - ""
                - ["arn:aws:iam::", !FindInMap [Accounts, !Ref Stage, Id], ":role/{word}"]
            Action: sts:AssumeRole
""",
    ),
    (
        1,
        """\
          - Effect: Allow
            Principal:
              AWS: !If [IsProd, !Sub "arn:aws:iam::${{AWS::AccountId}}:root", "*"]
            Action: sts:AssumeRole
""",
    ),
)
SERVICES = ("lambda", "ec2", "ecs-tasks", "events", "states", "firehose", "glue", "codebuild")
WORDS = ("billing", "checkout", "data", "edge", "fraud", "growth", "ledger", "ml", "web")


def template(roles: int) -> str:
    """A template of that many roles."""
    return HEAD + "".join(map(_role, range(roles)))


def _role(number: int) -> str:
    draw = Random(f"role {number}")
    weights = [weight for weight, _ in STATEMENTS]
    statement = draw.choices([text for _, text in STATEMENTS], weights)[0]
    words = {"service": draw.choice(SERVICES), "word": draw.choice(WORDS), "number": number}
    return f"""\
  Role{number}:
    Type: AWS::IAM::Role
    Properties:
      Description: !Sub "{words["word"]} in ${{AWS::Region}}"
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
{statement.format(**words)}\
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess
"""


def files() -> Iterator[tuple[str, str]]:
    """Names and texts of the templates."""
    yield "small.yaml", template(1)
    yield "roles.yaml", template(500)
    yield "large.yaml", template(5000)


if __name__ == "__main__":
    for name, text in files():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")

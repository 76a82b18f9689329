"""What was counted in trust policies of public repositories: every construct, as it is written."""

from __future__ import annotations

from typing import Any

import pytest
from cloudformation_support import at, evaluated, shown

from iamlint.syntax.holes import GIVEN_KINDS

HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Org: {Type: String, Default: acme}
  Repo: {Type: String}
  Accounts: {Type: CommaDelimitedList, Default: "111111111111,222222222222"}
  ProviderArn: {Type: String}
  Trusted: {Type: String, Default: ""}
Mappings:
  Partners: {eu: {account: "333333333333"}}
Conditions:
  HasTrusted: !Not [!Equals [!Ref Trusted, ""]]
  IsProd: !Equals [!Ref Repo, prod]
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Custom: {Type: Custom::Lookup, Properties: {ServiceToken: x}}
  Oidc: {Type: AWS::IAM::OIDCProvider, Properties: {Url: "https://idp.example"}}
  Cluster: {Type: AWS::EKS::Cluster, Properties: {Name: c}}
  Network: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: network.yaml}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
"""
PRINCIPAL = HEAD + "            Principal: {AWS: %s}\n"
FEDERATED = HEAD + "            Principal: {Federated: %s}\n"
VALUE = HEAD + "            Principal: {AWS: x}\n            Condition: {StringLike: {key: %s}}\n"
P, A = "<AWS::Partition>", "<AWS::AccountId>"

CONSTRUCTS: list[tuple[str, str, str, Any]] = [
    # what it is, where it stands, how it is written, what comes out
    (
        "Sub with a partition",
        PRINCIPAL,
        '!Sub "arn:${AWS::Partition}:iam::1:root"',
        f"arn:{P}:iam::1:root",
    ),
    (
        "Sub with an account",
        PRINCIPAL,
        '!Sub "arn:aws:iam::${AWS::AccountId}:root"',
        f"arn:aws:iam::{A}:root",
    ),
    ("Sub without a variable", PRINCIPAL, '!Sub "arn:aws:iam::1:root"', "arn:aws:iam::1:root"),
    (
        "Sub with a region and suffix",
        VALUE,
        '!Sub "${AWS::Region}.${AWS::URLSuffix}"',
        "<AWS::Region>.<AWS::URLSuffix>",
    ),
    ("Sub with a default", VALUE, '!Sub "repo:${Org}/*"', "repo:acme/*"),
    ("Sub without a default", VALUE, '!Sub "repo:${Org}/${Repo}:*"', "repo:acme/<Repo>:*"),
    ("Sub of a list", VALUE, '!Sub ["${a}/${Org}", {a: b}]', "b/acme"),
    ("Sub in long form", VALUE, '{"Fn::Sub": "${Org}"}', "acme"),
    ("Ref of a default", VALUE, "!Ref Org", "acme"),
    ("Ref without a default", VALUE, "!Ref Repo", "<Repo>"),
    ("Ref of a list", VALUE, "!Ref Accounts", ["111111111111", "222222222222"]),
    ("Ref of a resource", VALUE, "!Ref Bucket", "<Bucket>"),
    ("Ref of a provider", FEDERATED, "!Ref Oidc", f"arn:{P}:iam::{A}:oidc-provider/idp.example"),
    ("Ref of an account", PRINCIPAL, "!Ref AWS::AccountId", A),
    ("Ref of an empty default", PRINCIPAL, "!Ref Trusted", "<Trusted>"),
    (
        "GetAtt of a provider",
        FEDERATED,
        "!GetAtt Oidc.Arn",
        f"arn:{P}:iam::{A}:oidc-provider/idp.example",
    ),
    ("GetAtt of a bucket", VALUE, "!GetAtt Bucket.Arn", f"arn:{P}:s3:::<Bucket>"),
    ("GetAtt of a custom resource", PRINCIPAL, "!GetAtt Custom.Arn", "<Custom.Arn>"),
    (
        "GetAtt of an output",
        PRINCIPAL,
        "!GetAtt Network.Outputs.RoleArn",
        "<Network.Outputs.RoleArn>",
    ),
    ("GetAtt of a list", PRINCIPAL, "!GetAtt [Custom, Arn]", "<Custom.Arn>"),
    (
        "GetAtt in a Sub",
        FEDERATED,
        '!Sub "${Oidc.Arn}"',
        f"arn:{P}:iam::{A}:oidc-provider/idp.example",
    ),
    (
        "Join",
        PRINCIPAL,
        '!Join ["", ["arn:aws:iam::", !Ref AWS::AccountId, ":root"]]',
        f"arn:aws:iam::{A}:root",
    ),
    (
        "Join of CDK",
        PRINCIPAL,
        '{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::1:root"]]}',
        f"arn:{P}:iam::1:root",
    ),
    ("FindInMap", PRINCIPAL, "!FindInMap [Partners, eu, account]", "333333333333"),
    ("Split", PRINCIPAL, '!Split [",", "a,b"]', ["a", "b"]),
    (
        "Split of a Join",
        PRINCIPAL,
        '!Split [",", !Join [",", !Ref Accounts]]',
        ["111111111111", "222222222222"],
    ),
    (
        "Split and Select of a parameter",
        VALUE,
        '!Select [1, !Split ["/", !Ref ProviderArn]]',
        '<Fn::Select(1, Fn::Split("/", ProviderArn))>',
    ),
    ("If with NoValue", PRINCIPAL, "[x, !If [HasTrusted, !Ref Trusted, !Ref AWS::NoValue]]", ["x"]),
    (
        "dynamic reference",
        PRINCIPAL,
        "'{{resolve:ssm:/accounts/ci}}'",
        "<{{resolve:ssm:/accounts/ci}}>",
    ),
    ("account that would be octal", PRINCIPAL, "012345670123", "012345670123"),
    ("ImportValue", PRINCIPAL, "!ImportValue ci-role", "<Fn::ImportValue ci-role>"),
    (
        "ImportValue of a Sub",
        PRINCIPAL,
        '{"Fn::ImportValue": !Sub "${Org}-ci"}',
        "<Fn::ImportValue acme-ci>",
    ),
    (
        "Select of an unknown list",
        PRINCIPAL,
        "!Select [0, !GetAZs '']",
        "<Fn::Select(0, Fn::GetAZs)>",
    ),
    ("Length", VALUE, '{"Fn::Length": !Ref Accounts}', "2"),
    ("Base64", VALUE, "!Base64 x", "<Fn::Base64 x>"),
    ("Cidr", VALUE, "!Cidr [10.0.0.0/16, 2, 8]", None),
    ("Transform", PRINCIPAL, "!Transform {Name: Lookup}", "<Fn::Transform Lookup>"),
]
PATHS = {
    PRINCIPAL: ("Principal", "AWS"),
    FEDERATED: ("Principal", "Federated"),
    VALUE: ("Condition", "StringLike", "key"),
}


@pytest.mark.parametrize("row", CONSTRUCTS, ids=[row[0] for row in CONSTRUCTS])
def test_every_construct_is_handled(row: tuple[str, str, str, Any]) -> None:
    _, frame, expression, result = row
    found = evaluated(frame % expression, name="t.yaml")
    assert found.problems == []
    (role,) = found.roles
    assert len(role.variants) == 1
    value = shown(role, at(role.document, "Statement", 0, *PATHS[frame]))
    assert value == result or (result is None and value.startswith("<Fn::Cidr"))
    # what is not known is counted, but for what AWS makes up and what is the role's own
    unknown = {hole.name for hole in role.holes.values() if hole.kind not in GIVEN_KINDS}
    assert role.unresolved() == tuple(f"`{name}`" for name in sorted(unknown))


def test_the_bootstrap_template_of_cdk() -> None:
    text = HEAD.replace(
        "          - Effect: Allow\n            Action: sts:AssumeRole\n",
        """\
          - Action: sts:AssumeRole
            Effect: Allow
            Principal: {AWS: {Ref: AWS::AccountId}}
          - Fn::If:
              - HasTrusted
              - Action: sts:AssumeRole
                Effect: Allow
                Principal: {AWS: {Ref: Accounts}}
              - Ref: AWS::NoValue
""",
    )
    (role,) = evaluated(text, name="t.yaml").roles
    assert [len(at(each.document, "Statement").items()) for each in role.variants] == [1]

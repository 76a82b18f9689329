"""What resources are called, and what is said of roles beside their trust policies."""

from __future__ import annotations

from typing import Any

import pytest
from cloudformation_support import (
    STATEMENT,
    Json,
    at,
    evaluated,
    only,
    policy,
    role,
    shown,
    template,
)

from iamlint.formats.cloudformation.patterns import may_be_wild
from iamlint.formats.role import Role

P, A, R, U = "<AWS::Partition>", "<AWS::AccountId>", "<AWS::Region>", "<AWS::URLSuffix>"
ISSUER = {"Url": "https://token.actions.githubusercontent.com"}


def called(expression: Any, kind: str, properties: Json, **sections: Any) -> Any:
    """What an expression about the resource `X` gives."""
    own = {"AssumeRolePolicyDocument": policy()} if kind == "AWS::IAM::Role" else {}
    resources = {"X": {"Type": kind, "Properties": properties | own}}
    document = policy(STATEMENT | {"Principal": {"AWS": expression}})
    found = evaluated(template(document, Resources=resources, **sections))
    assert found.problems == []
    (judged,) = [each for each in found.roles if each.identity == "R"]
    return shown(judged, at(judged.document, "Statement", 0, "Principal", "AWS"))


@pytest.mark.parametrize(
    ("kind", "properties", "attr", "result"),
    [
        ("AWS::IAM::Role", {}, "Arn", f"arn:{P}:iam::{A}:role/<X>"),
        (
            "AWS::IAM::Role",
            {"RoleName": "n", "Path": "/a/b/"},
            "Arn",
            f"arn:{P}:iam::{A}:role/a/b/n",
        ),
        ("AWS::IAM::Role", {"RoleName": "n"}, "Ref", "n"),
        (
            "AWS::IAM::Role",
            {"RoleName": {"Fn::Sub": "${AWS::StackName}-n"}},
            "Ref",
            "<AWS::StackName>-n",
        ),
        ("AWS::IAM::Role", {}, "RoleId", "<X.RoleId>"),
        ("AWS::IAM::User", {"UserName": "u"}, "Arn", f"arn:{P}:iam::{A}:user/u"),
        ("AWS::IAM::Group", {}, "Arn", f"arn:{P}:iam::{A}:group/<X>"),
        ("AWS::IAM::InstanceProfile", {}, "Arn", f"arn:{P}:iam::{A}:instance-profile/<X>"),
        (
            "AWS::IAM::ManagedPolicy",
            {"ManagedPolicyName": "m"},
            "Ref",
            f"arn:{P}:iam::{A}:policy/m",
        ),
        (
            "AWS::IAM::OIDCProvider",
            ISSUER,
            "Ref",
            f"arn:{P}:iam::{A}:oidc-provider/token.actions.githubusercontent.com",
        ),
        (
            "AWS::IAM::OIDCProvider",
            ISSUER,
            "Arn",
            f"arn:{P}:iam::{A}:oidc-provider/token.actions.githubusercontent.com",
        ),
        ("AWS::IAM::OIDCProvider", {}, "Arn", f"arn:{P}:iam::{A}:oidc-provider/<X.Url>"),
        ("AWS::IAM::SAMLProvider", {"Name": "corp"}, "Ref", f"arn:{P}:iam::{A}:saml-provider/corp"),
        ("AWS::IAM::SAMLProvider", {}, "Arn", f"arn:{P}:iam::{A}:saml-provider/<X>"),
        ("AWS::Cognito::IdentityPool", {}, "Ref", f"{R}:<X>"),
        ("AWS::Cognito::UserPool", {}, "ProviderName", f"cognito-idp.{R}.{U}/{R}_<X>"),
        ("AWS::EKS::Cluster", {"Name": "c"}, "Arn", f"arn:{P}:eks:{R}:{A}:cluster/c"),
        (
            "AWS::EKS::Cluster",
            {},
            "OpenIdConnectIssuerUrl",
            f"https://oidc.eks.{R}.{U}/id/<X.OpenIdConnectIssuerUrl>",
        ),
        ("AWS::S3::Bucket", {"BucketName": "b"}, "Arn", f"arn:{P}:s3:::b"),
        ("AWS::Lambda::Function", {}, "Arn", f"arn:{P}:lambda:{R}:{A}:function:<X>"),
        (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "/l"},
            "Arn",
            f"arn:{P}:logs:{R}:{A}:log-group:/l:*",
        ),
        ("AWS::SNS::Topic", {"TopicName": "t"}, "Ref", f"arn:{P}:sns:{R}:{A}:t"),
        ("AWS::SQS::Queue", {"QueueName": "q"}, "Arn", f"arn:{P}:sqs:{R}:{A}:q"),
        ("AWS::StepFunctions::StateMachine", {}, "Ref", f"arn:{P}:states:{R}:{A}:stateMachine:<X>"),
        ("AWS::Odd::Thing", {}, "Arn", "<X.Arn>"),
        ("AWS::Odd::Thing", {}, "Ref", "<X>"),
        ("Custom::Thing", {}, "Anything", "<X.Anything>"),
        ("AWS::CloudFormation::CustomResource", {}, "Ref", "<X>"),
        (
            "AWS::CloudFormation::Stack",
            {"TemplateURL": "https://x/y"},
            "Outputs.Arn",
            "<X.Outputs.Arn>",
        ),
    ],
)
def test_what_a_resource_is_called(kind: str, properties: Json, attr: str, result: str) -> None:
    long = {"Ref": "X"} if attr == "Ref" else {"Fn::GetAtt": ["X", *attr.split(".", 1)]}
    name = "${X}" if attr == "Ref" else f"${{X.{attr}}}"
    assert called(long, kind, properties) == result
    assert called({"Fn::Sub": name}, kind, properties) == result
    if attr != "Ref":
        assert called({"Fn::GetAtt": f"X.{attr}"}, kind, properties) == result


def test_the_scheme_of_an_issuer_can_be_taken_off() -> None:
    split = {"Fn::Split": ["//", {"Fn::GetAtt": ["X", "OpenIdConnectIssuerUrl"]}]}
    found = called({"Fn::Select": [1, split]}, "AWS::EKS::Cluster", {})
    assert found == f"oidc.eks.{R}.{U}/id/<X.OpenIdConnectIssuerUrl>"
    last = {"Fn::Select": [1, {"Fn::Split": ["/id/", split["Fn::Split"][1]]}]}
    assert called(last, "AWS::EKS::Cluster", {}) == "<X.OpenIdConnectIssuerUrl>"
    account = {"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["X", "Arn"]}]}]}
    assert called(account, "AWS::IAM::Role", {}) == A


def test_the_kind_of_an_attribute_says_what_it_can_hold() -> None:
    def hole(attr: str, kind: str) -> tuple[str, bool]:
        resources = {"X": {"Type": kind}}
        document = policy(STATEMENT | {"Principal": {"AWS": {"Fn::GetAtt": ["X", attr]}}})
        (found,) = only(template(document, Resources=resources)).holes.values()
        return found.kind, found.wild

    assert hole("Arn", "AWS::Odd::Thing") == ("arn", False)
    assert hole("Name", "AWS::Odd::Thing") == ("text", False)
    assert hole("Value", "AWS::SSM::Parameter") == ("text", True)
    assert hole("Value", "Custom::Thing") == ("list", True)


def test_names_that_refer_to_each_other_are_told() -> None:
    resources = {
        "A": role(policy(), RoleName={"Ref": "B"}),
        "B": role(policy(), RoleName={"Fn::Sub": "x-${A}"}),
    }
    document = policy(STATEMENT | {"Principal": {"AWS": {"Ref": "A"}}})
    found = evaluated(template(document, Resources=resources))
    assert "the resource `A` refers to itself" in [problem.message for problem in found.problems]
    assert len(found.roles) == 3


def test_what_a_template_does_not_declare_is_told() -> None:
    def help_for(expression: Any, **sections: Any) -> tuple[str, str | None]:
        document = policy(STATEMENT | {"Principal": {"AWS": expression}})
        (problem,) = evaluated(template(document, **sections)).problems
        return problem.message, problem.help

    parameters = {"Owner": {"Type": "String"}}
    message, help = help_for({"Ref": "Ownr"}, Parameters=parameters)
    assert message == "the template has no parameter or resource `Ownr`"
    assert help == "did you mean `Owner`?"
    message, help = help_for({"Fn::GetAtt": ["Role", "Arn"]})
    assert (message, help) == ("the template has no resource `Role`", "the resources are `R`")
    message, help = help_for({"Fn::Sub": "${aws:username}"})
    assert help == "to keep it as a variable of IAM write `${!aws:username}`"
    message, help = help_for({"Fn::FindInMap": ["M", "x", "y"]}, Mappings={"M": {"a": {"y": "z"}}})
    assert message == "`Fn::FindInMap` finds no key `x`"
    message, help = help_for({"Fn::FindInMap": ["N", "x", "y"]})
    assert (message, help) == ("`Fn::FindInMap` finds no mapping `N`", "there are no mappings")


def test_a_macro_may_declare_what_the_template_does_not() -> None:
    document = policy(STATEMENT | {"Principal": {"AWS": [{"Ref": "X"}, {"Fn::GetAtt": "Y.Arn"}]}})
    found = only(template(document, Transform="Macro"))
    assert shown(found, at(found.document, "Statement", 0, "Principal", "AWS")) == [
        "<X>",
        "<Y.Arn>",
    ]


# -- parameters


@pytest.mark.parametrize(
    ("pattern", "wild"),
    [
        ("[a-z]*", False),
        ("^[A-Za-z0-9_-]+$", False),
        (r"\d{12}", False),
        (r"^arn:aws:iam::\d{12}:role/[\w+=,.@-]+$", False),
        (r"^arn:aws:iam::\d{12}:role/.*$", True),
        (r"[\w*]+", True),
        (r"[^/]+", True),
        (r"[^*?]+", False),
        (r"\S+", True),
        (r"\w\.\w", False),
        (r"a\*b", True),
        (r"a\x2ab", True),
        (r"[!-/]", True),
        ("(?:a|b)?(?=c)", False),
        (r"\p{Alnum}+", True),
        ("[a-z&&[^b]]", True),
        ("(" * 50 + "a+" + ")+" * 50, False),
        ("(" * 5000, True),
        ("[", True),
        ("", False),
        (r"\b\w+\b", False),
        ("(.)\\1", True),
    ],
)
def test_a_pattern_says_whether_a_value_may_hold_a_wildcard(pattern: str, wild: bool) -> None:
    assert may_be_wild(pattern) is wild


@pytest.mark.parametrize(
    ("declared", "kind", "values", "wild"),
    [
        ({"Type": "String"}, "text", (), True),
        ({}, "text", (), True),
        ({"Type": "String", "AllowedValues": ["a", "b*"]}, "text", ("a", "b*"), True),
        ({"Type": "String", "AllowedValues": ["a", 1, True]}, "text", ("a", "1", "true"), False),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "text", (), False),
        ({"Type": "Number"}, "text", (), False),
        ({"Type": "CommaDelimitedList"}, "list", (), True),
        ({"Type": "List<Number>"}, "list", (), False),
        ({"Type": "AWS::EC2::VPC::Id"}, "text", (), False),
        ({"Type": "List<AWS::EC2::Subnet::Id>"}, "list", (), False),
        ({"Type": "AWS::SSM::Parameter::Value<List<String>>"}, "list", (), True),
        ({"Type": "String", "NoEcho": True, "Default": ""}, "text", (), True),
        ({"Type": ["x"], "Default": {"a": "b"}, "AllowedValues": "x"}, "text", (), True),
    ],
)
def test_what_is_known_of_a_parameter_without_a_value(
    declared: Json, kind: str, values: tuple[str, ...], wild: bool
) -> None:
    document = policy(STATEMENT | {"Principal": {"AWS": {"Ref": "P"}}})
    (hole,) = only(template(document, Parameters={"P": declared})).holes.values()
    assert (hole.name, hole.kind, hole.values, hole.wild) == ("P", kind, values, wild)


# -- what is said of a role


def described(**properties: Any) -> Role:
    conditions = {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}}
    written = template(None, Conditions=conditions, Parameters={"P": {"Type": "String"}})
    written["Resources"] = {"R": role(policy(STATEMENT), **properties)}
    return only(written)


def test_what_properties_say() -> None:
    found = described(
        RoleName="n",
        Path="/p/",
        MaxSessionDuration=7200,
        Tags=[{"Key": "a", "Value": "b"}, {"Key": "c", "Value": {"Ref": "P"}}],
    )
    assert (found.identity, found.name, found.path, found.max_session) == ("R", "n", "/p/", 7200)
    assert found.tags == (("a", "b"),)
    assert (found.account, found.partition, found.format) == (None, None, "cloudformation")
    found = described(RoleName={"Fn::If": ["C", "a", "b"]}, Path={"Ref": "P"}, Tags={"Ref": "Nope"})
    assert (found.name, found.path, found.tags, found.construct) == (None, None, (), None)


def test_the_permissions_of_a_role() -> None:
    document = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    own = {"PolicyName": "own", "PolicyDocument": document}
    maybe = {"PolicyName": "maybe", "PolicyDocument": document}
    resources = {
        "R": role(
            policy(STATEMENT),
            ManagedPolicyArns=[
                {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"},
                {"Ref": "Managed"},
                {"Fn::If": ["C", "arn:aws:iam::aws:policy/A", {"Ref": "AWS::NoValue"}]},
            ],
            Policies=[own, {"Fn::If": ["C", maybe, {"Ref": "AWS::NoValue"}]}],
        ),
        "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}},
        "Apart": {
            "Type": "AWS::IAM::Policy",
            "Properties": {"PolicyName": "p", "Roles": [{"Ref": "R"}], "PolicyDocument": document},
        },
        "Other": {
            "Type": "AWS::IAM::Policy",
            "Properties": {"PolicyName": "p", "Roles": ["someone"], "PolicyDocument": document},
        },
    }
    conditions = {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}}
    written = template(None, Conditions=conditions, Parameters={"P": {}})
    written["Resources"] = resources
    found = only(written)
    names = [each.name for each in found.policies]
    assert names == ["AdministratorAccess", "Managed", "A", "own", "maybe", "Apart"]
    assert [each.name for each in found.policies if each.value is None] == [names[0], names[2]]
    assert found.policies[0].arn.startswith("arn:")
    assert found.policies[0].arn.endswith(":iam::aws:policy/AdministratorAccess")
    assert len(found.variants) == 1  # what nobody judges makes no variants

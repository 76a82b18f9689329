"""Where the values of a template were written, and how they came where they are used."""

from __future__ import annotations

import pytest
from cloudformation_support import (
    STATEMENT,
    Json,
    at,
    evaluated,
    only,
    policy,
    shown,
    template,
    written,
)
from cloudformation_support import role as role_of

from iamlint.formats.role import Role
from iamlint.syntax.value import Value

YAML = """\
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Org:
    Type: String
    Default: acme
  Orgs: {Type: CommaDelimitedList, Default: "one, two"}
  Repo: {Type: String}
Mappings:
  Accounts:
    prod: {id: "222222222222"}
Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties: {Url: https://token.actions.githubusercontent.com}
  R:
    Type: AWS::IAM::Role
    Metadata:
      aws:cdk:path: Stack/Deploy/Resource
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal:
              Federated: !Ref Provider
              AWS:
                - !Sub
                  - arn:aws:iam::${Account}:role/é-${!kept}
                  - Account: !FindInMap [Accounts, prod, id]
                - !Join [":", [arn, aws, iam, "", !Ref AWS::AccountId, root]]
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringLike:
                sub: !Sub repo:${Org}/${Repo}:ref:${Provider.Arn}
                orgs: !Ref Orgs
                second: !Select [1, !Ref Orgs]
                import: !ImportValue Shared
                resolved: x/{{resolve:ssm:/a}}/y
"""


def role() -> Role:
    return next(role for role in evaluated(YAML, name="t.yaml").roles if role.identity == "R")


def value(name: str) -> Value:
    return at(role().document, "Statement", 0, "Condition", "StringLike", name)


@pytest.mark.parametrize(
    ("name", "part", "place"),
    [
        ("sub", "repo:", "repo:"),
        ("sub", "acme", "acme"),
        ("sub", "cm", "cm"),
        ("sub", "<Repo>", "${Repo}"),
        ("sub", ":ref:", ":ref:"),
        ("sub", "oidc-provider", "${Provider.Arn}"),
        ("sub", "/<Repo>:ref:", "/${Repo}:ref:"),  # with what is between them
        ("sub", "repo:acme", "repo:${Org}/${Repo}:ref:${Provider.Arn}"),  # two places: the whole
        ("import", "<Fn::ImportValue Shared>", "!ImportValue Shared"),
        ("resolved", "x/", "x/"),
        ("resolved", "<{{resolve:ssm:/a}}>", "{{resolve:ssm:/a}}"),
        ("second", "two", "two"),
        ("second", "w", "w"),
    ],
)
def test_a_part_of_a_text_is_where_a_person_must_edit(name: str, part: str, place: str) -> None:
    found = role()
    text = at(found.document, "Statement", 0, "Condition", "StringLike", name)
    plain = part
    for char, hole in found.holes.items():
        plain = plain.replace(f"<{hole.name}>", char)
    start = text.data.index(plain)
    span = text.part(start, start + len(plain))
    assert written(span).removeprefix("!Sub ") == place


def test_values_that_are_used_whole_are_where_they_are_written() -> None:
    found = role().document
    assert written(at(found, "Statement", 0, "Principal", "Federated").span) == "!Ref Provider"
    assert written(value("orgs").items()[0].part(0, 3)) == "one"
    arn = at(found, "Statement", 0, "Principal", "AWS", 0)
    assert written(arn.part(arn.data.index("222"), arn.data.index("222") + 12)) == "222222222222"
    assert written(arn.part(len(arn.data) - 7, len(arn.data))) == "${!kept}"
    assert arn.data.endswith("é-${kept}")
    joined = at(found, "Statement", 0, "Principal", "AWS", 1)
    assert written(joined.part(0, 3)) == "arn"
    assert written(joined.part(13, 14)) == "!Ref AWS::AccountId"


def test_the_way_of_every_value_that_travelled_is_kept() -> None:
    ways = {(way.name, written(way.origin), written(way.use)) for way in role().ways}
    assert ways == {
        ("parameter `Org`", "acme", "${Org}"),
        ("parameter `Orgs`", '"one, two"', "!Ref Orgs"),
        ("mapping `Accounts`", '"222222222222"', "!FindInMap [Accounts, prod, id]"),
        ("variable `Account`", "[Accounts, prod, id]", "${Account}"),
    }


def test_the_role_is_its_resource_and_cdk_names_its_construct() -> None:
    found = role()
    assert written(found.span).startswith("Type: AWS::IAM::Role")
    assert (found.identity, found.construct) == ("R", "Stack/Deploy")
    assert found.source.name == "t.yaml"


# -- a document that is a text

TEXT = """\
Parameters: {Issuer: {Type: String}, Org: {Type: String, Default: acme}}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub |
        {
          "Version": "2012-10-17",
          "Statement": [{
            "Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::${AWS::AccountId}:oidc-provider/${Issuer}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringLike": {"${Issuer}:sub": "repo:${Org}/*"}}
          }]
        }
"""


def test_a_text_that_becomes_json_keeps_the_places_in_it() -> None:
    found = only(TEXT, name="t.yaml")
    tests = at(found.document, "Statement", 0, "Condition", "StringLike")
    ((key, held),) = tests.members
    assert shown(found, key) == "<Issuer>:sub"
    assert written(key.part(0, 1)) == "${Issuer}"
    assert written(key.part(1, 5)) == ":sub"
    assert written(held.part(5, 9)) == "acme"
    assert written(held.part(9, 11)) == "/*"
    action = at(found.document, "Statement", 0, "Action")
    assert written(action.span) == '"sts:AssumeRoleWithWebIdentity"'
    assert action.span.root().source.position(action.span.root().start) == (12, 23)


FEDERATED = '{"Federated": "arn:aws:iam::${AWS::AccountId}:oidc-provider/${Issuer}"}'


@pytest.mark.parametrize(
    ("part", "missing"),
    [
        ("${Issuer}", ("the statement whose `Principal` is given by `Issuer`",)),
        ("[${Issuer}]", ()),
        ('{"AWS": "x"}, "Sid": ${Issuer}', ()),
    ],
)
def test_an_unknown_outside_of_quotes_is_no_fault_of_the_text(
    part: str, missing: tuple[str, ...]
) -> None:
    found = only(TEXT.replace(FEDERATED, part), name="t.yaml")
    assert found.variants[0].missing == missing


def test_an_unknown_that_breaks_the_text_leaves_it_unread() -> None:
    text = TEXT.replace('"2012-10-17",', '"2012-10-17"${Issuer},')
    found = evaluated(text, name="t.yaml")
    assert found.problems == []
    (variant,) = found.roles[0].variants
    assert variant.missing == ("the whole document, whose text depends on `Issuer`",)


def test_a_fault_in_the_text_is_told_in_its_place() -> None:
    text = TEXT.replace('"Effect": "Allow",', '"Effect": Allow,')
    (problem,) = evaluated(text, name="t.yaml").problems
    assert (problem.code, problem.message) == ("invalid-json", "`Allow` is not in quotes")
    assert problem.span is not None
    root = problem.span.root()
    assert (root.text, root.source.position(root.start)) == ("Allow", (10, 23))


# -- loops


def loop(name: str, items: object, **output: object) -> Json:
    return {f"Fn::ForEach::{name}": [name, items, output]}


def test_each_item_of_a_loop_makes_a_resource() -> None:
    resource = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": {"Ref": "Team"},
            "AssumeRolePolicyDocument": policy(
                STATEMENT | {"Condition": {"StringLike": {"sub": {"Fn::Sub": "repo:${Team}/*"}}}}
            ),
        },
    }
    output = {"Role&{Team}": resource, "Bucket${Team}": {"Type": "AWS::S3::Bucket"}}
    found = evaluated(template(policy(), Resources=loop("Team", ["a-1", "b"], **output)))
    assert found.problems == []
    assert [role.identity for role in found.roles] == ["R", "Rolea1", "Roleb"]
    one = found.roles[1]
    assert one.name == "a-1"
    text = at(one.document, "Statement", 0, "Condition", "StringLike", "sub")
    assert text.data == "repo:a-1/*"
    assert written(text.part(5, 8)) == "a-1"
    assert written(text.part(8, 10)) == "/*"
    ways = {(way.name, written(way.origin), written(way.use)) for way in one.ways}
    assert ("loop variable `Team`", '"a-1"', "${Team}") in ways
    assert not any(written(way.origin) == '"b"' for way in one.ways)


def test_loops_stand_in_loops_and_in_policies() -> None:
    inner = loop("K", {"Ref": "Keys"}, **{"aws:${K}-${Outer}": "${K}"})
    statement = STATEMENT | {"Condition": {"StringEquals": {"z": "z"} | inner}}
    middle = loop("Mid", ["1", "2"], **{"R${Outer}${Mid}": role_of(policy(statement))})
    found = evaluated(
        {
            "Parameters": {"Keys": {"Type": "CommaDelimitedList", "Default": "p,q"}},
            "Resources": loop("Outer", ["x", "y"], **middle),
        }
    )
    assert found.problems == []
    assert [role.identity for role in found.roles] == ["Rx1", "Rx2", "Ry1", "Ry2"]
    tests = at(found.roles[2].document, "Statement", 0, "Condition", "StringEquals")
    assert tests.plain() == {"z": "z", "aws:p-y": "p", "aws:q-y": "q"}


def test_a_loop_over_what_is_unknown_is_gone_through_once() -> None:
    resource = role_of(policy(STATEMENT | {"Principal": {"AWS": {"Ref": "T"}}}))
    found = evaluated(
        {
            "Parameters": {"Teams": {"Type": "CommaDelimitedList"}},
            "Resources": loop("T", {"Ref": "Teams"}, **{"R${T}": resource}),
        }
    )
    (role,) = found.roles
    assert shown(role, role.document)["Statement"][0]["Principal"] == {"AWS": "<Teams>"}


def test_short_tags_in_loops_stay_tags() -> None:
    found = evaluated(
        """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Roles:
    - Name
    - [a, b]
    - Role${Name}:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement:
              Effect: Allow
              Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/${Name}"}
              Condition:
                StringEquals: {k: !Join ["-", [!Ref Name, x]], l: !Select [0, [!Ref Name]]}
""",
        name="t.yaml",
    )
    assert found.problems == []
    one, two = found.roles
    assert shown(one, one.document)["Statement"]["Principal"]["AWS"] == (
        "arn:aws:iam::<AWS::AccountId>:role/a"
    )
    assert shown(two, two.document)["Statement"]["Condition"]["StringEquals"] == {
        "k": "b-x",
        "l": "b",
    }
    principal = at(two.document, "Statement", "Principal", "AWS")
    assert written(principal.part(13, 14)) == "${AWS::AccountId}"
    assert written(principal.part(20, 21)) == "b"

"""Where templates and their trust policies stand: SAM, stack sets, modules, other tools' files."""

from __future__ import annotations

import json
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
    told,
    written,
)

from iamlint.formats import claims, read
from iamlint.formats.cloudformation.bindings import read_file, read_pair, unknown
from iamlint.formats.cloudformation.evaluate import evaluate
from iamlint.formats.templates import parse
from iamlint.source import Source
from iamlint.syntax.value import Value

TRUST = policy(STATEMENT)


def identities(found: Any) -> list[str]:
    return [role.identity for role in found.roles]


def sam(properties: Json, **sections: Any) -> Json:
    function = {"Type": "AWS::Serverless::Function", "Properties": properties}
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"F": function}} | sections


def test_a_function_of_sam_has_a_role_of_its_own() -> None:
    found = only(sam({"AssumeRolePolicyDocument": TRUST, "Policies": ["AdministratorAccess"]}))
    assert found.identity == "FRole"
    assert found.document.plain() == TRUST
    assert [policy.name for policy in found.policies] == ["AdministratorAccess"]
    shared = {"Function": {"AssumeRolePolicyDocument": TRUST}}
    assert only(sam({}, Globals=shared)).identity == "FRole"
    own = policy(STATEMENT | {"Sid": "own"})
    found = only(sam({"AssumeRolePolicyDocument": own}, Globals=shared))
    assert found.document.plain() == own


@pytest.mark.parametrize(
    "properties", [{}, {"Role": "x"}, {"Role": "x", "AssumeRolePolicyDocument": TRUST}]
)
def test_a_function_without_a_policy_or_with_a_role_is_passed_over(properties: Json) -> None:
    found = evaluated(sam(properties))
    assert (found.roles, found.problems) == ([], [])


def test_the_role_that_sam_makes_has_a_name() -> None:
    document = policy(STATEMENT | {"Principal": {"AWS": {"Fn::GetAtt": "FRole.Arn"}}})
    written_template = sam({})
    written_template["Resources"]["R"] = role(document)
    found = only(written_template)
    assert shown(found, at(found.document, "Statement", 0, "Principal", "AWS")) == (
        "arn:<AWS::Partition>:iam::<AWS::AccountId>:role/<FRole>"
    )


def test_modules_and_custom_types_may_hold_a_trust_policy_anywhere() -> None:
    resources = {
        "M": {
            "Type": "My::Own::Thing::MODULE",
            "Properties": {"a": [{"AssumeRolePolicyDocument": TRUST}]},
        },
        "C": {
            "Type": "Custom::Role",
            "Properties": {"AssumeRolePolicyDocument": json.dumps(TRUST)},
        },
        "S": {"Type": "Custom::Schema", "Properties": {"AssumeRolePolicyDocument": {"type": "x"}}},
        "A": {"Type": "AWS::Odd::Thing", "Properties": {"AssumeRolePolicyDocument": TRUST}},
    }
    found = evaluated({"Resources": resources})
    assert identities(found) == ["M", "C", "A"]
    assert found.problems == []


def test_a_document_may_be_text() -> None:
    for text in (json.dumps(TRUST), "\n  " + json.dumps(TRUST, indent=1)):
        assert only(template(text)).document.plain() == TRUST
    found = evaluated(template("no json"))
    assert [problem.code for problem in found.problems] == ["invalid-json"]
    found = evaluated(template(["a"]))
    assert told(found.problems) == [("no-trust-policy", '["a"]')]


def test_a_role_without_a_policy_is_told() -> None:
    found = evaluated({"Resources": {"R": {"Type": "AWS::IAM::Role"}}})
    (problem,) = found.problems
    assert (problem.code, problem.blocking) == ("no-trust-policy", False)
    for properties in (
        {"Fn::Transform": {"Name": "Include"}},
        {"Path": "/", "Fn::Transform": {"Name": "Include"}},
    ):
        found = evaluated(
            {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": properties}}}
        )
        assert found.problems == []


# -- templates in templates

CHILD = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {"Owner": {"Type": "String"}, "Other": {"Type": "String"}},
    "Resources": {
        "Inner": role(
            policy(STATEMENT | {"Principal": {"AWS": [{"Ref": "Owner"}, {"Ref": "Other"}]}})
        )
    },
    "Outputs": {"Arn": {"Value": {"Fn::GetAtt": "Inner.Arn"}}, "Two": {"Value": {"Ref": "Owner"}}},
}


def test_a_stack_set_holds_a_template_as_text() -> None:
    properties = {
        "TemplateBody": json.dumps(CHILD),
        "Parameters": [{"ParameterKey": "Owner", "ParameterValue": {"Ref": "Root"}}],
    }
    found = evaluated(
        {
            "Parameters": {"Root": {"Type": "String"}},
            "Resources": {
                "Set": {"Type": "AWS::CloudFormation::StackSet", "Properties": properties}
            },
        }
    )
    assert found.problems == []
    (inner,) = found.roles
    assert inner.identity == "Set/Inner"
    principal = at(inner.document, "Statement", 0, "Principal", "AWS")
    assert shown(inner, principal) == ["<Root>", "<Set/Other>"]
    assert written(at(inner.document, "Statement", 0, "Action").span) == '\\"sts:AssumeRole\\"'


def test_a_stack_set_may_hold_yaml() -> None:
    found = evaluated(
        """\
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateBody: |
        Resources:
          Inner:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Statement:
                  Effect: Allow
                  Principal: {AWS: !Sub "${AWS::AccountId}"}
                  Action: sts:AssumeRole
""",
        name="t.yaml",
    )
    (inner,) = found.roles
    assert inner.identity == "Set/Inner"
    action = at(inner.document, "Statement", "Action").span.root()
    assert (action.text, action.source.position(action.start)) == ("sts:AssumeRole", (14, 27))


def parent(url: Any, **more: Any) -> Json:
    stack = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": {"Owner": {"Ref": "Root"}}},
    }
    document = policy(STATEMENT | {"Principal": {"AWS": {"Fn::GetAtt": "Child.Outputs.Two"}}})
    resources = {"Child": stack | more}
    return template(document, Resources=resources, Parameters={"Root": {"Type": "String"}})


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("child.yaml", "child.yaml"),
        ("./nested//child.yaml", "nested/child.yaml"),
        ("nested/../child.yaml", "child.yaml"),
        ({"Fn::Sub": "a/${AWS::StackName}.yaml"}, None),
        ({"Fn::Join": ["/", ["nested", "child.yaml"]]}, "nested/child.yaml"),
        ("../child.yaml", None),
        ("a/../../child.yaml", None),
        ("/etc/child.yaml", None),
        ("https://bucket.s3.amazonaws.com/child.yaml", None),
        ("s3://bucket/child.yaml", None),
        ("", None),
        (["x"], None),
    ],
)
def test_a_nested_stack_is_a_file_below_its_parent(url: Any, path: str | None) -> None:
    found = evaluated(parent(url))
    assert [call.path for call in found.calls] == ([] if path is None else [path])


def test_cdk_names_the_file_of_a_nested_stack() -> None:
    found = evaluated(
        parent({"Fn::Sub": "https://${AWS::Region}"}, Metadata={"aws:asset:path": "c.json"})
    )
    assert [call.path for call in found.calls] == ["c.json"]


def test_a_nested_stack_is_evaluated_with_what_its_parent_gives() -> None:
    outer = evaluated(parent("child.json"))
    (call,) = outer.calls
    assert (call.logical, written(call.span)) == ("Child", '"child.json"')
    inner = evaluated(CHILD, call.bindings, table=outer.table, scope=f"{call.logical}/")
    (found,) = inner.roles
    assert found.identity == "Child/Inner"
    principal = at(found.document, "Statement", 0, "Principal", "AWS")
    assert shown(found, principal) == ["<Root>", "<Child/Other>"]


def test_outputs_of_a_nested_stack_are_known_when_its_template_is() -> None:
    source = Source("child.json", json.dumps(CHILD))
    value, _ = parse(source)
    assert value is not None
    child = value
    found = evaluated(
        parent("child.json"), nested=lambda path: (child, source) if path == "child.json" else None
    )
    assert shown(found.roles[0], found.roles[0].document)["Statement"][0]["Principal"] == {
        "AWS": "<Root>"
    }
    found = evaluated(parent("child.json"))
    assert shown(found.roles[0], found.roles[0].document)["Statement"][0]["Principal"] == {
        "AWS": "<Child.Outputs.Two>"
    }


def test_stacks_that_nest_each_other_come_to_an_end() -> None:
    text = json.dumps(parent("t.json"))
    source = Source("t.json", text)
    value, _ = parse(source)
    assert value is not None
    again = value
    assert len(evaluate(again, source, nested=lambda _: (again, source)).roles) == 1


def test_a_nested_template_cannot_pretend_to_hold_a_hole_of_its_parent() -> None:
    outer = evaluated(parent("child.json"))
    (call,) = outer.calls
    text = json.dumps(CHILD).replace("sts:AssumeRole", "\\udb80\\udc00")
    inner = evaluated(text, call.bindings, table=outer.table, scope="Child/")
    (found,) = inner.roles
    assert "\U000f0000" not in found.holes
    assert at(found.document, "Statement", 0, "Action").data == "\U000f0000"


# -- files of other tools

YAML = """\
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          Effect: Allow
          Principal: {AWS: !GetAtt FunctionLambdaFunction.Arn}
          Action: sts:AssumeRole
          Condition: {StringEquals: {sts:ExternalId: "${self:custom.id}"}}
"""


def indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        f"service: x\nprovider: {{name: aws}}\nresources:\n{indented(YAML, '  ')}",
        f"resources:\n  - ${{file(other.yml)}}\n  -\n{indented(YAML, '    ')}",
        f"- name: a test\n  input:\n{indented(YAML, '    ')}  expectations: {{}}\n",
    ],
)
def test_templates_in_the_files_of_other_tools_are_read(text: str) -> None:
    reading = read(Source("serverless.yml", text), named=True)
    assert (reading.kind, reading.problems) == ("cloudformation", [])
    (found,) = reading.roles
    assert found.identity == "R"
    names = [hole.name for hole in found.holes.values()]
    assert names == ["FunctionLambdaFunction.Arn", "${self:custom.id}"]


@pytest.mark.parametrize(
    "document", ["${file(trust.json)}", "${self:custom.trust, 'x'}", "${opt:trust}", "${env:T}"]
)
def test_a_whole_document_may_be_a_variable_of_serverless(document: str) -> None:
    found = only(template(document))
    assert found.variants[0].missing == (f"the whole document, given by `{document}`",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.yaml",
            f"AWSTemplateFormatVersion: 2010-09-09\n{YAML}".replace("FunctionLambdaFunction", "R"),
        ),
        ("a.yml", YAML.replace("FunctionLambdaFunction", "R")),
        ("a.template", YAML.replace("FunctionLambdaFunction", "R")),
        ("a.template", json.dumps(template(TRUST))),
        ("a.template.json", json.dumps(template(TRUST))),
        ("a.json", json.dumps(template(TRUST), indent="\t")),
        ("a.yaml", json.dumps(template(TRUST), indent="\t")),
        ("a.txt", json.dumps(template(TRUST))),
        ("a.txt", YAML.replace("FunctionLambdaFunction", "R")),
    ],
)
def test_content_decides_what_a_template_is_written_in(name: str, text: str) -> None:
    reading = read(Source(name, text), named=True)
    assert (identities(reading), reading.problems) == (["R"], [])
    assert claims(name) is (name != "a.txt")


def test_broken_json_is_never_tried_as_yaml() -> None:
    reading = read(Source("a.template", '{"Resources": {\n\t"R": }}'), named=True)
    assert {problem.code for problem in reading.problems} == {"invalid-json"}


def test_how_much_is_unresolved_is_counted() -> None:
    document = policy(
        STATEMENT | {"Principal": {"AWS": [{"Ref": "P"}, {"Ref": "P"}, {"Ref": "AWS::AccountId"}]}},
        {"Fn::ImportValue": "S"},
    )
    resources = {"Q": role(policy(STATEMENT | {"Principal": {"AWS": {"Ref": "P"}}}))}
    found = evaluated(template(document, Parameters={"P": {}}, Resources=resources))
    assert len(found.roles[0].unresolved()) == 2  # `P`, and the statement
    assert not evaluated(template(TRUST)).roles[0].unresolved()


# -- values for parameters


def file_of(data: Any) -> tuple[dict[str, Value], list[tuple[str, str]]]:
    source = Source("p.json", json.dumps(data))
    value, _ = parse(source) if isinstance(data, dict) else parse(Source("p.json", "{}"))
    if not isinstance(data, dict):
        from iamlint.syntax.json import parse as parse_json  # noqa: PLC0415

        value, _ = parse_json(source)
    assert value is not None
    found, problems = read_file(value, source)
    return found, told(problems)


@pytest.mark.parametrize(
    "data",
    [
        [{"ParameterKey": "P", "ParameterValue": "v"}],
        {"Parameters": {"P": "v"}, "Tags": {}},
        ["P=v"],
        ["P=x", {"ParameterKey": "P", "ParameterValue": "v"}],
        [
            {"ParameterKey": "P", "ParameterValue": "v"},
            {"ParameterKey": "Q", "UsePreviousValue": True},
        ],
    ],
)
def test_files_of_parameters(data: Any) -> None:
    found, problems = file_of(data)
    assert problems == []
    assert [(name, value.data) for name, value in found.items()] == [("P", "v")]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"P": "v"},
        {"Parameters": ["P"]},
        {"Parameters": {"P": {"a": "b"}}},
        {"Parameters": {"P": [["a"]]}},
        ["P"],
        [1],
        [{"ParameterKey": "P"}],
        [{"ParameterValue": "v"}],
        "P=v",
        1,
        None,
    ],
)
def test_what_is_no_file_of_parameters_is_told_with_what_one_is(data: Any) -> None:
    found, problems = file_of(data)
    assert found == {}
    assert [code for code, _ in problems] == ["invalid-parameters"]


def test_pairs_of_the_command_line() -> None:
    found, problems = read_pair("Owner = a=b")
    assert problems == []
    assert [(name, value.data) for name, value in found.items()] == [("Owner", " a=b")]
    assert written(found["Owner"].part(1, 4)) == "a=b"
    assert found["Owner"].span.source.name == "--parameter"
    for text in ("Owner", "=x", ""):
        found, problems = read_pair(text)
        assert (found, [problem.code for problem in problems]) == ({}, ["invalid-parameters"])


def test_bound_values_are_where_they_were_given() -> None:
    document = policy(STATEMENT | {"Principal": {"AWS": {"Fn::Sub": "x-${P}"}}})
    parameters = {"P": {"Type": "String", "Default": "d"}, "L": {"Type": "CommaDelimitedList"}}
    bindings = read_pair("P=given")[0]
    found = only(template(document, Parameters=parameters), bindings)
    value = at(found.document, "Statement", 0, "Principal", "AWS")
    assert value.data == "x-given"
    place = value.part(3, 5).root()
    assert (place.source.name, place.text) == ("--parameter", "iv")
    assert [(written(way.origin), written(way.use), way.name) for way in found.ways] == [
        ("given", "${P}", "parameter `P`")
    ]
    document = policy(STATEMENT | {"Principal": {"AWS": {"Ref": "L"}}})
    for bound in (read_pair("L=a, b")[0], file_of({"Parameters": {"L": ["a", "b"]}})[0]):
        found = only(template(document, Parameters=parameters), bound)
        assert at(found.document, "Statement", 0, "Principal", "AWS").plain() == ["a", "b"]
    # an empty value that somebody gives is meant
    found = only(
        template(policy(STATEMENT | {"Sid": {"Ref": "P"}}), Parameters=parameters),
        read_pair("P=")[0],
    )
    assert at(found.document, "Statement", 0, "Sid").data == ""


def test_values_for_parameters_that_nobody_declares_are_told() -> None:
    found = evaluated(template(TRUST, Parameters={"Owner": {}}))
    assert found.parameters == ("Owner",)
    (problem,) = unknown(read_pair("Ownr=x")[0] | read_pair("Owner=x")[0], found.parameters)
    assert (problem.code, problem.blocking) == ("unknown-parameter", False)
    assert (problem.message, problem.help) == (
        "no template has a parameter `Ownr`",
        "did you mean `Owner`?",
    )

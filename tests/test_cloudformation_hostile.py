"""Templates that are wrong, huge or made to hang: a located problem, no crash, no long wait."""

from __future__ import annotations

import json
import random
import sys
from typing import Any

import pytest
from cloudformation_support import (
    NO_VALUE,
    STATEMENT,
    Json,
    documents,
    evaluated,
    policy,
    role,
    template,
    told,
    written,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from work import counted

from iamlint.formats import read
from iamlint.formats.cloudformation.evaluate import Evaluation, evaluate
from iamlint.formats.templates import parse
from iamlint.source import Source

MOST = 8_000_000  # calls of functions, of what is done in seconds


def principal(expression: Any, **sections: Any) -> Json:
    return template(policy(STATEMENT | {"Principal": {"AWS": expression}}), **sections)


def fault(expression: Any, **sections: Any) -> tuple[str, str | None]:
    """What is told of an expression, which the role is marked with."""
    found = evaluated(principal(expression, **sections))
    (problem,) = found.problems
    assert problem.blocking
    assert problem.span is not None
    assert problem.path == "t.json"
    (judged,) = found.roles
    assert judged.variants[0].missing
    return problem.message, problem.help


# -- what is wrong


@pytest.mark.parametrize(
    ("expression", "message", "help"),
    [
        (
            {"Fn::Sbu": "x"},
            "`Fn::Sbu` is not a function of CloudFormation",
            "did you mean `Fn::Sub`?",
        ),
        (
            {"Fn::Join": ["x"]},
            "`Fn::Join` is given a list of 1",
            "it takes a list of a delimiter and a list of texts",
        ),
        (
            {"Fn::Join": "x"},
            "`Fn::Join` is given text",
            "it takes a list of a delimiter and a list of texts",
        ),
        (
            {"Fn::Join": [["x"], ["y"]]},
            "`Fn::Join` is given a list of 2",
            "it takes a list of a delimiter and a list of texts",
        ),
        (
            {"Fn::Join": ["", "x"]},
            "`Fn::Join` is given a list of 2",
            "it takes a list of a delimiter and a list of texts",
        ),
        (
            {"Fn::Join": ["", [{"a": "b"}]]},
            "an item of `Fn::Join` is an object, not text",
            "a text is put together from texts only",
        ),
        (
            {"Fn::Sub": ["x"]},
            "`Fn::Sub` is given a list of 1",
            "it takes a text, or a list of a text and an object of its variables",
        ),
        (
            {"Fn::Sub": ["x", "y"]},
            "`Fn::Sub` is given a list of 2",
            "it takes a text, or a list of a text and an object of its variables",
        ),
        (
            {"Fn::Sub": {"a": "b"}},
            "`Fn::Sub` is given an object",
            "it takes a text, or a list of a text and an object of its variables",
        ),
        (
            {"Fn::Sub": ["${V}", {"V": NO_VALUE}]},
            "`${V}` is `AWS::NoValue`, not text",
            "a text is put together from texts only; a list takes `Fn::Join` first",
        ),
        ({"Fn::Select": [5, ["a"]]}, "there is no item 5 in a list of 1", "the first is 0"),
        (
            {"Fn::Select": ["x", ["a"]]},
            "`Fn::Select` is given a list of 2",
            "it takes a list of an index and a list of values",
        ),
        (
            {"Fn::Select": ["-1", ["a"]]},
            "`Fn::Select` is given a list of 2",
            "it takes a list of an index and a list of values",
        ),
        (
            {"Fn::Split": ["", "a"]},
            "`Fn::Split` is given a list of 2",
            "it takes a list of a delimiter and a text",
        ),
        (
            {"Fn::If": ["a"]},
            "`Fn::If` is given a list of 1",
            "it takes a list of a condition's name and two values",
        ),
        (
            {"Fn::GetAtt": "x"},
            "`Fn::GetAtt` is given text",
            "it takes the id of a resource and the name of an attribute: `Id.Attribute`",
        ),
        (
            {"Fn::GetAtt": ["x"]},
            "`Fn::GetAtt` is given a list of 1",
            "it takes the id of a resource and the name of an attribute: `Id.Attribute`",
        ),
        (
            {"Ref": ["x"]},
            "`Ref` is given a list of 1",
            "it takes the name of a parameter or a resource",
        ),
        (
            {"Ref": {"Ref": "x"}},
            "`Ref` is given an object",
            "it takes the name of a parameter or a resource",
        ),
        (
            {"Fn::FindInMap": ["a", "b"]},
            "`Fn::FindInMap` is given a list of 2",
            "it takes a list of a mapping's name and two keys",
        ),
        ({"Fn::Length": "x"}, "`Fn::Length` is given text", "it takes a list"),
        (
            {"Fn::ToJsonString": "x"},
            "`Fn::ToJsonString` is given text",
            "it takes an object or a list",
        ),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(
    expression: Any, message: str, help: str
) -> None:
    assert fault(expression) == (message, help)


def test_a_function_beside_other_members_is_told() -> None:
    found = evaluated(template({"Fn::Sub": "x", "Statement": []}))
    (problem,) = found.problems
    assert problem.message == "`Fn::Sub` stands beside other members, where it means nothing"
    assert found.roles[0].variants[0].missing == ("what `Fn::Sub` adds",)
    found = evaluated(template({"Fn::Transform": {"Name": "x"}, "Statement": []}))
    assert found.problems == []
    assert found.roles[0].variants[0].missing == ("what `Fn::Transform` adds",)


@pytest.mark.parametrize(
    "loop",
    [
        "x",
        [],
        ["a", ["b"]],
        ["a", "b", {}],
        [["a"], ["b"], {}],
        ["a", {"b": "c"}, {}],
        ["a", [["b"]], {"c": 1}],
        ["", ["a"], {}],
    ],
)
def test_what_is_no_loop_is_told_and_the_rest_is_read(loop: Any) -> None:
    found = evaluated(template(policy(), Resources={"Fn::ForEach::L": loop}))
    assert [each.identity for each in found.roles] == ["R"]
    if loop != ["a", "b", {}]:  # a text makes nothing of an empty object
        (problem,) = found.problems
        assert problem.span is not None
        assert written(problem.span).startswith('"Fn::ForEach::L"')


@pytest.mark.parametrize("kind", ["Parameters", "Mappings", "Conditions", "Resources", "Outputs"])
@pytest.mark.parametrize("held", [[], "x", 1, True, ["x"]])
def test_a_section_of_a_wrong_kind_is_told(kind: str, held: Any) -> None:
    found = evaluated(template(policy()) | {kind: held})
    (problem,) = found.problems
    assert problem.message.startswith(f"`{kind}` is ")
    assert problem.help == f"write `{kind}` as an object of names"
    assert len(found.roles) == (kind != "Resources")


@pytest.mark.parametrize(
    "written_template",
    [
        [],
        [template(policy())],
        "x",
        1,
        None,
        {"Resources": None},
        {"Resources": {"R": None}},
        {"Resources": {"R": []}},
        {"Resources": {"R": {"Type": []}}},
    ],
)
def test_what_is_no_template_is_read_without_a_crash(written_template: Any) -> None:
    from iamlint.syntax.json import parse as parse_json  # noqa: PLC0415

    source = Source("t.json", json.dumps(written_template))
    value, _ = parse_json(source)
    assert value is not None
    assert evaluate(value, source).roles == []
    read(source, named=True)


# -- circles


def test_circles_of_names_are_told_and_come_to_an_end() -> None:
    resources = {f"C{n}": role(policy(), RoleName={"Ref": f"C{(n + 1) % 9}"}) for n in range(9)}
    found = evaluated(principal({"Ref": "C0"}, Resources=resources))
    assert [problem.message for problem in found.problems] == ["the resource `C0` refers to itself"]
    assert len(found.roles) == 10


def test_circles_in_mappings_are_told() -> None:
    mappings = {"M": {"a": {"b": {"Fn::FindInMap": ["M", "a", "b"]}}}}
    found = evaluated(principal({"Fn::FindInMap": ["M", "a", "b"]}, Mappings=mappings))
    assert found.problems
    assert found.problems[0].span is not None


def test_a_long_chain_of_names_is_told_where_it_is_too_deep() -> None:
    resources = {
        f"R{n}": role(policy(), RoleName={"Fn::Sub": f"a${{R{n + 1}}}"}) for n in range(100)
    }
    resources["R100"] = role(policy(), RoleName="end")
    found = evaluated(principal({"Ref": "R0"}, Resources=resources))
    assert [code for code, _ in told(found.problems)] == ["too-large"]
    assert found.roles[0].variants[0].missing == ("the whole document, which was not evaluated",)
    found = evaluated(principal({"Ref": "R80"}, Resources=resources))
    assert found.problems == []
    assert found.roles[0].document.plain()["Statement"][0]["Principal"] == {"AWS": "a" * 20 + "end"}


# -- depth and size


@pytest.mark.parametrize("depth", [50, 99, 101, 200, 450])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: [inner],
        lambda inner: {"a": inner},
        lambda inner: {"Fn::Join": ["", [inner]]},
        lambda inner: {"Fn::Sub": ["${V}", {"V": inner}]},
        lambda inner: {"Fn::If": ["Yes", inner, "x"]},
        lambda inner: {"Fn::Select": [0, [inner]]},
        lambda inner: {"Fn::ToJsonString": [inner]},
        lambda inner: {"Fn::FindInMap": [inner, "a", "b", {"DefaultValue": "x"}]},
    ],
)
def test_what_is_nested_too_deep_is_told(wrap: Any, depth: int) -> None:
    inner = "x"
    text = json.dumps(wrap("@"))
    before, after = text.split('"@"')[0], text.split('"@"')[-1]
    nested = before * depth + f'"{inner}"' + after * depth
    whole = json.dumps(principal("@", Conditions={"Yes": {"Fn::Equals": ["a", "a"]}}))
    source = Source("t.json", whole.replace('"@"', nested))
    value, _ = parse(source)
    if value is None:  # deeper than JSON is read
        return
    found, calls = counted(lambda: evaluate(value, source))
    assert calls < MOST
    if depth > 101:
        assert "too-large" in [problem.code for problem in found.problems]
        assert all(problem.span is not None for problem in found.problems)


def test_conditions_nested_too_deep_are_told() -> None:
    inner: Json = {"Fn::Equals": ["a", "a"]}
    for _ in range(150):
        inner = {"Fn::Not": [inner]}
    found = evaluated(principal({"Fn::If": ["C", "a", "b"]}, Conditions={"C": inner}))
    assert [problem.code for problem in found.problems] == ["too-large"]


def test_the_stack_of_python_is_deep_enough_for_the_deepest_chain() -> None:
    """What is allowed must fit beside what a caller has on the stack already."""
    resources: Json = {
        f"R{n}": role(
            policy(),
            RoleName={
                "Fn::Sub": ["${V}", {"V": {"Fn::Join": ["", [{"Fn::Sub": f"${{R{n + 1}}}"}]]}}]
            },
        )
        for n in range(60)
    }
    written_template = principal({"Fn::Sub": "${R0}"}, Resources=resources)

    def deeper(levels: int) -> Evaluation:
        return deeper(levels - 1) if levels else evaluated(written_template)

    depth = len(list(iter_frames()))
    found = deeper(max(0, min(150, sys.getrecursionlimit() - depth - 800)))
    assert found.problems


def iter_frames() -> Any:
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back  # type: ignore[assignment]


def quick(written_template: Any) -> Evaluation:
    found, calls = counted(lambda: evaluated(written_template))
    assert calls < MOST
    return found


def test_ten_thousand_parameters() -> None:
    parameters: Json = {f"P{n}": {"Type": "String"} for n in range(10_000)}
    everything = {"Fn::Sub": "".join(f"${{P{n}}}" for n in range(10_000))}
    found = quick(principal(everything, Parameters=parameters))
    assert found.problems == []
    assert len(found.roles[0].holes) == 10_000
    assert sum(len(role.unresolved()) for role in found.roles) == 10_000


def test_a_huge_join() -> None:
    found = quick(principal({"Fn::Join": ["-", ["x"] * 20_000]}))
    assert found.problems == []
    found = quick(principal({"Fn::Join": ["-", ["x"] * 150_000]}))
    assert [problem.code for problem in found.problems] == ["too-large"]


def test_texts_that_double() -> None:
    inner: Any = "x" * 10
    for _ in range(40):
        inner = {"Fn::Sub": ["${V}${V}", {"V": inner}]}
    found = quick(principal(inner))
    assert [problem.code for problem in found.problems] == ["too-large"]
    resources = {
        f"R{n}": role(policy(), RoleName={"Fn::Sub": f"${{R{n + 1}}}${{R{n + 1}}}"})
        for n in range(22)
    }
    resources["R22"] = role(policy(), RoleName="xxxxxxxx")
    found = quick(principal({"Ref": "R0"}, Resources=resources))
    assert "too-large" in [problem.code for problem in found.problems]


def test_loops_that_multiply() -> None:
    items = [str(n) for n in range(60)]
    inner: Json = {"${A}${B}${C}": {"Type": "X::Y::Z"}}
    for name in ("A", "B", "C"):
        inner = {f"Fn::ForEach::{name}": [name, items, inner]}
    found = quick(template(policy(), Resources=inner))
    assert "too-large" in [problem.code for problem in found.problems]
    found = quick(template(policy(STATEMENT | {"Condition": {"StringEquals": inner}})))
    assert [problem.code for problem in found.problems] == ["too-large"]


def test_many_unknown_conditions() -> None:
    count = 80
    conditions: Json = {f"C{n}": {"Fn::Equals": [{"Ref": f"P{n}"}, "x"]} for n in range(count)}
    parameters: Json = {f"P{n}": {"Type": "String"} for n in range(count)}
    any_of: Json = {"Fn::Equals": ["a", "b"]}
    for n in range(0, count, 5):
        any_of = {"Fn::Or": [any_of, *({"Condition": f"C{m}"} for m in range(n, n + 5))]}
    choices = [{"Fn::If": [f"C{n}", str(n), "x"]} for n in range(count)]
    found = quick(principal(choices, Conditions=conditions, Parameters=parameters))
    assert [problem.code for problem in found.problems] == ["too-many-variants"]
    more = conditions | {"Any": any_of}
    found = quick(principal({"Fn::If": ["Any", "a", "b"]}, Conditions=more, Parameters=parameters))
    assert found.roles


def test_many_roles_cost_in_proportion() -> None:
    def cost(count: int) -> int:
        expression = {"Fn::Sub": "arn:aws:iam::${Account}:role/${AWS::StackName}"}
        document = policy(STATEMENT | {"Principal": {"AWS": expression}})
        resources = {f"R{n}": role(document) for n in range(count)}
        source = Source(
            "t.json",
            json.dumps(template(policy(), Resources=resources, Parameters={"Account": {}})),
        )
        value, _ = parse(source)
        assert value is not None
        found, calls = counted(lambda: evaluate(value, source))
        assert len(found.roles) == count + 1
        return calls

    cost(10)  # what is worked out once
    assert cost(1_000) < 11 * cost(100)


# -- anything

SEED = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {
        "Org": {"Type": "String", "Default": "acme"},
        "Env": {"Type": "String", "AllowedValues": ["a", "b"]},
        "L": {"Type": "CommaDelimitedList"},
    },
    "Mappings": {"M": {"a": {"k": "v"}, "b": {"k": ["w"]}}},
    "Conditions": {
        "C": {"Fn::Equals": [{"Ref": "Env"}, "a"]},
        "D": {"Fn::Not": [{"Condition": "C"}]},
    },
    "Globals": {"Function": {"AssumeRolePolicyDocument": policy(STATEMENT)}},
    "Resources": {
        "Fn::ForEach::X": [
            "N",
            ["a", "b"],
            {"R${N}": role(policy(STATEMENT), RoleName={"Ref": "N"})},
        ],
        "F": {"Type": "AWS::Serverless::Function", "Properties": {}},
        "S": {
            "Type": "AWS::CloudFormation::StackSet",
            "Properties": {
                "TemplateBody": json.dumps({"Resources": {"I": role(policy(STATEMENT))}})
            },
        },
        "T": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": "x.json", "Parameters": {"P": {"Ref": "Org"}}},
        },
        "O": {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": "https://x.example"}},
        "R": role(
            policy(
                STATEMENT
                | {
                    "Principal": {
                        "Federated": {"Ref": "O"},
                        "AWS": {"Fn::If": ["C", {"Fn::GetAtt": "Ra.Arn"}, NO_VALUE]},
                    },
                    "Condition": {
                        "StringLike": {
                            "sub": {
                                "Fn::Sub": [
                                    "${Org}-${V}",
                                    {"V": {"Fn::FindInMap": ["M", {"Ref": "Env"}, "k"]}},
                                ]
                            },
                            "l": {"Ref": "L"},
                        }
                    },
                },
                {"Fn::If": ["D", STATEMENT, {"Fn::Transform": {"Name": "X"}}]},
            ),
            ManagedPolicyArns=[{"Fn::Join": ["", ["arn", {"Ref": "L"}]]}],
            Tags=[{"Key": "k", "Value": {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "Org"}]}]}}],
        )
        | {"Condition": "C"},
    },
}
WORDS = [
    "Ref",
    "Fn::Sub",
    "Fn::If",
    "Fn::Join",
    "Fn::GetAtt",
    "Fn::ForEach::Q",
    "Fn::Nope",
    "Condition",
    "C",
    "D",
    "R",
    "Org",
    "${Org}",
    "${R.Arn}",
    "${",
    "{",
    "",
    "AWS::NoValue",
    "AWS::IAM::Role",
    "Statement",
    "\U000f0000",
]


def spots(data: Any) -> list[tuple[Any, Any]]:
    """Every place in a template: its container and its key or index."""
    found: list[tuple[Any, Any]] = []
    todo = [data]
    while todo:
        held = todo.pop()
        keys = list(held) if isinstance(held, dict) else range(len(held))
        for key in keys:
            found.append((held, key))
            if isinstance(held[key], dict | list):
                todo.append(held[key])
    return found


def mutated(seed: int) -> Json:
    """The template with a few parts of it swapped, dropped, renamed or replaced."""
    draw = random.Random(seed)
    data: Json = json.loads(json.dumps(SEED))
    for _ in range(draw.randint(1, 6)):
        places = spots(data)
        if not places:
            break
        held, key = draw.choice(places)
        other, name = draw.choice(places)
        change = draw.randrange(5)
        if change == 0 and isinstance(held, dict):
            held[draw.choice(WORDS)] = held.pop(key)
        elif change == 1:
            held[key] = draw.choice([None, True, 7, "", [], {}, *WORDS])
        elif change == 2:
            held[key] = {draw.choice(WORDS): held[key]}
        elif change == 3:
            held[key] = json.loads(json.dumps(other[name]))
        else:
            del held[key]
    return data


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32))
@example(21543)  # a loop over what a condition decides that nobody can tell
def test_no_template_makes_it_raise(seed: int) -> None:
    source = Source("t.json", json.dumps(mutated(seed)))
    value, _ = parse(source)
    assert value is not None
    found = evaluate(value, source)
    for each in found.roles:
        assert each.variants
        assert each.document is each.variants[0].document
        documents(each)
        for way in each.ways:
            way.origin.root()
            way.use.root()
    for problem in found.problems:
        assert problem.span is not None
        assert 0 <= problem.span.root().start <= problem.span.root().end <= len(source.text)
        assert "Value(" not in problem.message


def test_the_seed_of_the_mutations_is_sound() -> None:
    found = evaluated(SEED)
    assert found.problems == []
    assert [each.identity for each in found.roles] == ["Ra", "Rb", "FRole", "R", "S/I"]

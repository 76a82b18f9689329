"""Each intrinsic function in each part of a policy: known, unknown, and not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from cloudformation_support import (
    NO_VALUE,
    ROOT,
    STATEMENT,
    Json,
    at,
    evaluated,
    policy,
    short,
    shown,
    template,
    written,
)

from iamlint.formats.role import Role

Form = Callable[[Json], str]
FORMS: dict[str, Form] = {
    "long": lambda data: json.dumps(data, indent=1),
    "short": lambda data: f"---\n{short(data)}",
}
WHOLE = policy(STATEMENT)


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


def with_statement(**more: Any) -> Json:
    return policy(STATEMENT | more)


def one(document: Any, form: Form, **sections: Any) -> Role:
    found = evaluated(form(template(document, **sections)))
    assert found.problems == []
    (role,) = [role for role in found.roles if role.identity == "R"]
    assert len(role.variants) == 1
    return role


# -- known: each function as it gives a text


class Known(NamedTuple):
    """How a function comes to give a text."""

    name: str
    expression: Callable[[str], Json]
    sections: Callable[[str], Json]
    is_direct: bool = True  # a person edits the text itself, not the expression


def nothing(_text: str) -> Json:
    return {}


def stored(text: str) -> Json:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Value": text}}


KNOWN = [
    Known(
        "Ref",
        lambda _: {"Ref": "P"},
        lambda text: {"Parameters": {"P": {"Type": "String", "Default": text}}},
    ),
    Known(
        "Ref of the only value",
        lambda _: {"Ref": "P"},
        lambda text: {"Parameters": {"P": {"Type": "String", "AllowedValues": [text]}}},
    ),
    Known("Sub", lambda text: {"Fn::Sub": text}, nothing),
    Known(
        "Sub of a parameter",
        lambda _: {"Fn::Sub": "${P}"},
        lambda text: {"Parameters": {"P": {"Type": "String", "Default": text}}},
    ),
    Known("Sub of a variable", lambda text: {"Fn::Sub": ["${V}", {"V": text}]}, nothing),
    Known("Join", lambda text: {"Fn::Join": ["", ["", text]]}, nothing),
    Known("Select", lambda text: {"Fn::Select": ["1", ["other", text]]}, nothing),
    Known(
        "Split",
        lambda text: {"Fn::Select": [1, {"Fn::Split": ["\n", f"other\n{text}\nmore"]}]},
        nothing,
    ),
    Known(
        "If",
        lambda text: {"Fn::If": ["Yes", text, "other"]},
        lambda _: {"Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}}},
    ),
    Known(
        "FindInMap",
        lambda _: {"Fn::FindInMap": ["Map", "Top", "Key"]},
        lambda text: {"Mappings": {"Map": {"Top": {"Key": text}}}},
    ),
    Known(
        "FindInMap with a default",
        lambda text: {"Fn::FindInMap": ["Map", "Top", "Key", {"DefaultValue": text}]},
        lambda _: {"Mappings": {"Map": {"Top": {"Other": "x"}}}},
    ),
    Known(
        "GetAtt",
        lambda _: {"Fn::GetAtt": "S.Value"},
        lambda text: {"Resources": {"S": stored(text)}},
        is_direct=False,
    ),
]


def in_principal(value: Any) -> Any:
    return with_statement(Principal={"AWS": value})


def in_value(value: Any) -> Any:
    return with_statement(Condition={"StringEquals": {"sts:ExternalId": value}})


def in_key(value: Any) -> Any:
    text = json.dumps(with_statement(Condition={"StringEquals": {"${Key}:sub": "x"}}))
    return {"Fn::Sub": [text, {"Key": value}]}


def in_statement(value: Any) -> Any:
    return {"Fn::Sub": ['{"Version": "2012-10-17", "Statement": [${S}]}', {"S": value}]}


def as_document(value: Any) -> Any:
    return value


class Place(NamedTuple):
    """Where in a policy an expression stands, the text it gives, and what comes out."""

    name: str
    document: Callable[[Any], Any]
    text: str
    result: Any
    path: tuple[str | int, ...]


PLACES = [
    Place("principal", in_principal, ROOT, WHOLE, ("Statement", 0, "Principal", "AWS")),
    Place(
        "value",
        in_value,
        "secret",
        in_value("secret"),
        ("Statement", 0, "Condition", "StringEquals", "sts:ExternalId"),
    ),
    Place(
        "key",
        in_key,
        "idp.example",
        with_statement(Condition={"StringEquals": {"idp.example:sub": "x"}}),
        ("Statement", 0, "Condition", "StringEquals", "idp.example:sub"),
    ),
    Place("statement", in_statement, json.dumps(STATEMENT), WHOLE, ("Statement", 0)),
    Place("document", as_document, json.dumps(WHOLE), WHOLE, ()),
]


@pytest.mark.parametrize("place", PLACES, ids=[each.name for each in PLACES])
@pytest.mark.parametrize("known", KNOWN, ids=[each.name for each in KNOWN])
def test_what_is_known_is_what_it_says(known: Known, place: Place, form: Form) -> None:
    document = place.document(known.expression(place.text))
    role = one(document, form, **known.sections(place.text))
    assert shown(role, role.document) == place.result
    assert role.holes == {}
    assert role.variants[0][1:] == ((), ())


@pytest.mark.parametrize("place", PLACES[:2], ids=["principal", "value"])
@pytest.mark.parametrize("known", KNOWN, ids=[each.name for each in KNOWN])
def test_a_part_of_a_known_text_is_where_it_was_written(
    known: Known, place: Place, form: Form
) -> None:
    document = place.document(known.expression(place.text))
    value = at(one(document, form, **known.sections(place.text)).document, *place.path)
    assert value.data == place.text
    part = written(value.part(2, 5))
    if known.is_direct:
        assert part == place.text[2:5]
    else:
        assert part.split('"')[-2] == "S.Value"


# -- unknown: each function as it gives a hole

PARAMETER = {"Parameters": {"P": {"Type": "String"}, "L": {"Type": "CommaDelimitedList"}}}
SPLIT = {"Fn::Split": ["/", {"Ref": "P"}]}
CUSTOM = {"Resources": {"C": {"Type": "Custom::Thing"}}}
UNKNOWN: list[tuple[str, Any, Json, str, bool]] = [
    # what it is, the expression, sections, the name of the hole, may it hold a wildcard
    ("Ref", {"Ref": "P"}, PARAMETER, "P", True),
    (
        "Ref of an empty default",
        {"Ref": "P"},
        {"Parameters": {"P": {"Type": "String", "Default": ""}}},
        "P",
        True,
    ),
    (
        "Ref of a stored parameter",
        {"Ref": "P"},
        {"Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a"}}},
        "P",
        True,
    ),
    ("Ref of a list", {"Ref": "L"}, PARAMETER, "L", True),
    ("Ref of a number", {"Ref": "P"}, {"Parameters": {"P": {"Type": "Number"}}}, "P", False),
    ("Ref of the stack", {"Ref": "AWS::StackName"}, {}, "AWS::StackName", False),
    ("Sub", {"Fn::Sub": "${P}"}, PARAMETER, "P", True),
    ("Sub of a variable", {"Fn::Sub": ["${V}", {"V": {"Ref": "P"}}]}, PARAMETER, "P", True),
    ("Join", {"Fn::Join": ["-", [{"Ref": "P"}]]}, PARAMETER, "P", True),
    ("Join of a list", {"Fn::Join": ["-", {"Ref": "L"}]}, PARAMETER, 'Fn::Join("-", L)', True),
    ("Select", {"Fn::Select": [1, SPLIT]}, PARAMETER, 'Fn::Select(1, Fn::Split("/", P))', True),
    ("Split", SPLIT, PARAMETER, 'Fn::Split("/", P)', True),
    ("Length", {"Fn::Length": {"Ref": "L"}}, PARAMETER, "Fn::Length(L)", False),
    (
        "If",
        {"Fn::If": ["Yes", {"Ref": "P"}, "x"]},
        PARAMETER | {"Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}}},
        "P",
        True,
    ),
    (
        "FindInMap",
        {"Fn::FindInMap": ["Map", {"Ref": "P"}, "Key"]},
        PARAMETER | {"Mappings": {"Map": {"a": {"Key": "1"}, "b": {"Key": "2"}}}},
        "Map.${P}.Key",
        False,
    ),
    ("GetAtt", {"Fn::GetAtt": ["C", "Out"]}, CUSTOM, "C.Out", True),
    (
        "GetAtt of an ARN",
        {"Fn::GetAtt": ["C", "Arn"]},
        {"Resources": {"C": {"Type": "AWS::Odd::Thing"}}},
        "C.Arn",
        False,
    ),
    ("ImportValue", {"Fn::ImportValue": "Shared"}, {}, "Fn::ImportValue Shared", True),
    (
        "ImportValue of a Sub",
        {"Fn::ImportValue": {"Fn::Sub": "${P}-Role"}},
        PARAMETER,
        "Fn::ImportValue ${P}-Role",
        True,
    ),
    (
        "Transform",
        {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {}}},
        {},
        "Fn::Transform AWS::Include",
        True,
    ),
    ("Base64", {"Fn::Base64": "x"}, {}, "Fn::Base64 x", False),
    ("GetAZs", {"Fn::GetAZs": ""}, {}, "Fn::GetAZs", False),
    ("dynamic reference", "{{resolve:ssm:/a:1}}", {}, "{{resolve:ssm:/a:1}}", True),
    ("Serverless", "${self:custom.${opt:stage}.x}", {}, "${self:custom.${opt:stage}.x}", True),
]


@pytest.mark.parametrize("row", UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_what_is_unknown_is_a_hole_with_its_name(row: Any, form: Form) -> None:
    _, expression, sections, name, wild = row
    role = one(in_principal(expression), form, **sections)
    assert shown(role, role.document) == in_principal(f"<{name}>")
    (hole,) = role.holes.values()
    assert (hole.name, hole.wild) == (name, wild)
    role = one(in_value(expression), form, **sections)
    assert shown(role, role.document) == in_value(f"<{name}>")
    value = at(role.document, *PLACES[1].path)
    assert value.part(0, 1).root().text in form(template(in_value(expression), **sections))


@pytest.mark.parametrize("row", UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_an_unknown_part_of_a_key_is_a_hole_in_it(row: Any, form: Form) -> None:
    _, expression, sections, name, _ = row
    role = one(in_key(expression), form, **sections)
    key = f"<{name}>:sub"
    assert shown(role, role.document) == with_statement(Condition={"StringEquals": {key: "x"}})
    (hole,) = role.holes.values()
    assert hole.kind != "list"  # there it can only be a text


@pytest.mark.parametrize("row", UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_an_unknown_structure_is_missing_by_name(row: Any, form: Form) -> None:
    _, expression, sections, name, _ = row
    role = one(policy(STATEMENT, expression), form, **sections)
    assert shown(role, role.document) == WHOLE
    assert role.variants[0].missing == (f"the statement given by `{name}`",)
    role = one(in_statement(expression), form, **sections)
    assert shown(role, role.document) == policy()
    assert role.variants[0].missing == (f"the statement given by `{name}`",)
    role = one(expression, form, **sections)
    assert role.variants[0].missing == (f"the whole document, given by `{name}`",)


def test_other_unknown_structures_are_missing_by_name(form: Form) -> None:
    for name in ("Effect", "Principal", "Condition"):
        document = policy(STATEMENT, STATEMENT | {name: {"Ref": "P"}})
        role = one(document, form, **PARAMETER)
        assert shown(role, role.document) == WHOLE
        assert role.variants[0].missing == (f"the statement whose `{name}` is given by `P`",)
    document = with_statement(Condition={"StringEquals": {"Ref": "P"}})
    role = one(document, form, **PARAMETER)
    assert role.variants[0].missing == ("the statement whose `StringEquals` is given by `P`",)
    role = one({"Statement": {"Ref": "P"}}, form, **PARAMETER)
    assert role.variants[0].missing == ("all statements, given by `P`",)


# -- not there

ABSENT: list[tuple[str, Any, Json]] = [
    ("Ref", NO_VALUE, {}),
    (
        "If",
        {"Fn::If": ["Yes", NO_VALUE, "x"]},
        {"Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}}},
    ),
    ("Select", {"Fn::Select": [0, [{"Fn::If": ["No", "x", NO_VALUE]}, NO_VALUE]]}, {}),
]
CONDITIONS = {"Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}}


@pytest.mark.parametrize("row", ABSENT[:2], ids=[row[0] for row in ABSENT[:2]])
def test_what_is_not_there_is_left_out(row: Any, form: Form) -> None:
    _, expression, _ = row
    sections = {"Conditions": CONDITIONS}
    for document, result in (
        (in_principal([ROOT, expression]), in_principal([ROOT])),
        (in_principal(expression), with_statement(Principal={})),
        (in_value(expression), with_statement(Condition={"StringEquals": {}})),
        (policy(STATEMENT, expression), WHOLE),
        (in_principal({"Fn::Join": ["-", ["a", expression, "b"]]}), in_principal("a-b")),
    ):
        role = one(document, form, **sections)
        assert shown(role, role.document) == result


def test_a_document_that_is_not_there_is_told(form: Form) -> None:
    found = evaluated(form(template(NO_VALUE)))
    assert found.roles == []
    (problem,) = found.problems
    assert problem.code == "no-trust-policy"
    assert problem.span is not None
    assert "AWS::NoValue" in written(problem.span)


# -- single functions in more detail


def principal(expression: Any, form: Form, **sections: Any) -> Any:
    role = one(in_principal(expression), form, **sections)
    return shown(role, at(role.document, "Statement", 0, "Principal", "AWS"))


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ({"Fn::Sub": "a${!b}c"}, "a${b}c"),
        ({"Fn::Sub": "${!aws:username}"}, "${aws:username}"),
        ({"Fn::Sub": "a-${ P }"}, "a-<P>"),
        ({"Fn::Sub": "no variable"}, "no variable"),
        ({"Fn::Sub": "$P {P} $${P}"}, "$P {P} $<P>"),
        ({"Fn::Sub": ["${V}${V}", {"V": "x"}]}, "xx"),
        ({"Fn::Sub": ["${P}${V}", {"P": "shadow", "V": 12}]}, "shadow12"),
        ({"Fn::Sub": "${AWS::Partition}:${AWS::AccountId}"}, "<AWS::Partition>:<AWS::AccountId>"),
        ({"Fn::Sub": "${AWS::Region}.${AWS::URLSuffix}"}, "<AWS::Region>.<AWS::URLSuffix>"),
        ({"Fn::Sub": "{{resolve:ssm:/x}}/${P}"}, "<{{resolve:ssm:/x}}>/<P>"),
        ({"Fn::Join": [",", ["a", "b", 3]]}, "a,b,3"),
        ({"Fn::Join": ["", {"Fn::Split": ["-", "a-b"]}]}, "ab"),
        ({"Fn::Split": ["-", "a-b-"]}, ["a", "b", ""]),
        ({"Fn::Split": [":", {"Fn::Sub": "arn:${AWS::AccountId}"}]}, ["arn", "<AWS::AccountId>"]),
        (
            {"Fn::Split": ["-", {"Ref": "AWS::Region"}]},
            '<Fn::Split("-", AWS::Region)>',
        ),
        ({"Fn::Select": [{"Ref": "P"}, ["a"]]}, None),
        ({"Fn::Length": ["a", "b"]}, "2"),
        ({"Fn::Length": {"Fn::Split": ["-", "a-b-c"]}}, "3"),
        ("{{resolve:ssm:/a}}-{{resolve:secretsmanager:b:SecretString:k}}", None),
        ("arn:aws:iam::${aws:accountId}:root", "arn:aws:iam::<AWS::AccountId>:root"),
        ("${aws:username}", "${aws:username}"),
        ("${self:unclosed", "<${>self:unclosed"),
        ({"Ref": "Orgs"}, ["a", "b c", "d"]),
        ({"Fn::Select": [1, {"Ref": "Orgs"}]}, "b c"),
        ({"Fn::Join": ["/", {"Ref": "Orgs"}]}, "a/b c/d"),
        ({"Ref": "Empty"}, "<Empty>"),
    ],
)
def test_texts(expression: Any, result: Any, form: Form) -> None:
    parameters = {
        "P": {"Type": "String"},
        "Orgs": {"Type": "CommaDelimitedList", "Default": "a, b c,,d "},
        "Empty": {"Type": "List<String>", "Default": ""},
    }
    found = principal(expression, form, Parameters=parameters)
    if result is None:
        assert "<" in found
    else:
        assert found == result


def test_a_list_in_a_text_is_a_fault(form: Form) -> None:
    parameters = {"L": {"Type": "CommaDelimitedList", "Default": "a,b"}}
    found = evaluated(form(template(in_principal({"Fn::Sub": "x${L}"}), Parameters=parameters)))
    (problem,) = found.problems
    assert problem.message == "`${L}` is a list, not text"
    assert problem.span is not None
    assert written(problem.span) == "${L}"
    assert found.roles[0].variants[0].missing == ("what `Fn::Sub` gives",)


def test_to_json_string_is_the_text_of_what_it_is_given(form: Form) -> None:
    inner = {"Fn::ToJsonString": {"a": [{"Ref": "P"}, 'say "x"', True, 1.5, None]}}
    parameters = {"P": {"Type": "String"}}
    found = principal({"Fn::Sub": ["${V}!", {"V": inner}]}, form, Parameters=parameters)
    assert json.loads(found[:-1])["a"][:2] == ["<P>", 'say "x"']
    role = one({"Fn::ToJsonString": in_principal({"Ref": "P"})}, form, Parameters=parameters)
    assert shown(role, role.document) == in_principal("<P>")


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["Map", "a", "Key"], "1"),
        (["Map", {"Ref": "AWS::Region"}, "Same"], "s"),
        (["Map", {"Ref": "AWS::Region"}, "List"], "<Map.${AWS::Region}.List>"),
        (["Map", "a", "List"], ["x", "y"]),
        ([{"Ref": "M"}, "a", "Key"], "1"),
        (["Map", {"Fn::Sub": "a${AWS::AccountId}"}, "Only"], "o"),
        (["Map", "zz", "Key", {"DefaultValue": {"Ref": "M"}}], "Map"),
    ],
)
def test_mappings(arguments: Any, result: Any, form: Form) -> None:
    mapping = {
        "a": {"Key": "1", "Same": "s", "List": ["x", "y"], "Only": "o"},
        "b": {"Key": "2", "Same": "s", "List": ["z"]},
    }
    parameters = {"M": {"Type": "String", "Default": "Map"}}
    found = principal(
        {"Fn::FindInMap": arguments}, form, Parameters=parameters, Mappings={"Map": mapping}
    )
    assert found == result


def test_an_unknown_key_gives_all_the_values_it_can(form: Form) -> None:
    role = one(
        in_principal({"Fn::FindInMap": ["Map", {"Ref": "P"}, "K", {"DefaultValue": "3"}]}),
        form,
        Mappings={"Map": {"a": {"K": "1"}, "b": {"K": "2"}, "c": {"Other": "x"}}},
        Parameters={"P": {"Type": "String"}},
    )
    (hole,) = role.holes.values()
    assert hole.values == ("1", "2", "3")
    role = one(
        in_principal({"Fn::FindInMap": ["Map", {"Ref": "P"}, "K"]}),
        form,
        Mappings={"Map": {"a": {"K": "1"}, "b": {"K": "2"}, "c": {"K": "3"}}},
        Parameters={"P": {"Type": "String", "AllowedValues": ["a", "c", "z"]}},
    )
    assert [hole.values for hole in role.holes.values()] == [("1", "3")]

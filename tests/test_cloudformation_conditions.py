"""Conditions: what decides them, and the ways in which a policy may come out when nothing does."""

from __future__ import annotations

from typing import Any

import pytest
from cloudformation_support import (
    NO_VALUE,
    STATEMENT,
    Json,
    documents,
    evaluated,
    only,
    policy,
    role,
    shown,
    template,
    told,
)

from iamlint.formats.cloudformation.bindings import read_pair
from iamlint.formats.outcomes import MOST_VARIANTS
from iamlint.formats.role import Role
from iamlint.syntax.value import Value

ENV = {"Env": {"Type": "String"}}
STAGES = {"Env": {"Type": "String", "AllowedValues": ["dev", "test", "prod"]}}


def equals(one: Any, two: Any) -> Json:
    return {"Fn::Equals": [one, two]}


def env_is(value: str) -> Json:
    return equals({"Ref": "Env"}, value)


def choice(condition: str, yes: Any = "yes", no: Any = "no") -> Json:
    return {"Fn::If": [condition, yes, no]}


def listed(*principals: Any) -> Json:
    return policy(STATEMENT | {"Principal": {"AWS": list(principals)}})


def principals(role: Role) -> list[list[str]]:
    """Of each variant the principals."""
    return [each["Statement"][0]["Principal"]["AWS"] for each in documents(role)]


def given(role: Role) -> list[tuple[str, ...]]:
    return [variant.given for variant in role.variants]


def with_conditions(*principals: Any, **more: Any) -> Json:
    conditions = more.pop("Conditions", {})
    parameters = more.pop("Parameters", ENV)
    return template(listed(*principals), Conditions=conditions, Parameters=parameters, **more)


def bound(**values: str) -> dict[str, Value]:
    pairs = (read_pair(f"{name}={value}")[0] for name, value in values.items())
    return {name: value for pair in pairs for name, value in pair.items()}


# -- what can be told


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        (equals("a", "a"), "yes"),
        (equals("a", "A"), "no"),
        (equals("true", True), "yes"),
        (equals(1, "1"), "yes"),
        (equals({"Ref": "Default"}, "prod"), "yes"),
        (equals({"Ref": "Empty"}, ""), "yes"),
        (equals({"Fn::Join": ["", {"Ref": "None"}]}, ""), "yes"),
        (equals({"Fn::Select": [1, {"Ref": "Two"}]}, "b"), "yes"),
        (equals({"Ref": "Env"}, {"Ref": "Env"}), "yes"),
        (equals({"Fn::Sub": "a-${Env}"}, "b-x"), "no"),
        (equals({"Fn::Sub": "${Env}-a"}, "x-b"), "no"),
        (equals({"Ref": "Stage"}, "live"), "no"),
        (equals({"Fn::FindInMap": ["Map", "a", "b"]}, "c"), "yes"),
        ({"Fn::Not": [equals("a", "b")]}, "yes"),
        ({"Fn::And": [equals("a", "a"), equals("b", "b")]}, "yes"),
        ({"Fn::And": [env_is("x"), equals("a", "b")]}, "no"),
        ({"Fn::Or": [env_is("x"), equals("a", "a")]}, "yes"),
        ({"Fn::Or": [equals("a", "b"), equals("a", "c")]}, "no"),
        ({"Condition": "Yes"}, "yes"),
        ({"Fn::Not": [{"Condition": "Yes"}]}, "no"),
    ],
)
def test_what_can_be_told_is_no_variant(condition: Any, outcome: str) -> None:
    parameters = ENV | {
        "Default": {"Type": "String", "Default": "prod"},
        "Empty": {"Type": "String", "Default": ""},
        "None": {"Type": "CommaDelimitedList", "Default": ""},
        "Two": {"Type": "CommaDelimitedList", "Default": "a,b"},
        "Stage": {"Type": "String", "AllowedValues": ["dev", "prod"]},
    }
    found = only(
        with_conditions(
            choice("C"),
            Conditions={"C": condition, "Yes": equals("a", "a")},
            Parameters=parameters,
            Mappings={"Map": {"a": {"b": "c"}}},
        )
    )
    assert principals(found) == [[outcome]]
    assert given(found) == [()]


def test_a_bound_value_wins_over_a_default() -> None:
    written = with_conditions(
        choice("C"),
        Conditions={"C": env_is("prod")},
        Parameters={"Env": {"Type": "String", "Default": "prod"}},
    )
    assert principals(only(written)) == [["yes"]]
    assert principals(only(written, bound(Env="dev"))) == [["no"]]


# -- what cannot be told


def test_an_unknown_condition_gives_each_branch_its_say() -> None:
    found = only(with_conditions(choice("IsProd"), Conditions={"IsProd": env_is("prod")}))
    assert principals(found) == [["yes"], ["no"]]
    assert given(found) == [("condition `IsProd` is true",), ("condition `IsProd` is false",)]
    assert found.document is found.variants[0].document


def test_branches_of_all_kinds_are_variants() -> None:
    statement = {"Fn::If": ["C", STATEMENT, NO_VALUE]}
    found = only(template(policy(statement), Conditions={"C": env_is("x")}, Parameters=ENV))
    assert documents(found) == [policy(STATEMENT), policy()]
    whole = {"Fn::If": ["C", policy(STATEMENT), policy()]}
    found = only(template(whole, Conditions={"C": env_is("x")}, Parameters=ENV))
    assert documents(found) == [policy(STATEMENT), policy()]


def test_one_condition_has_one_value_in_a_variant() -> None:
    found = only(
        with_conditions(choice("C", "a", "b"), choice("C", "c", "d"), Conditions={"C": env_is("x")})
    )
    assert principals(found) == [["a", "c"], ["b", "d"]]


def test_conditions_on_one_unknown_do_not_contradict_each_other() -> None:
    conditions = {
        "Dev": env_is("dev"),
        "Prod": env_is("prod"),
        "NotDev": {"Fn::Not": [env_is("dev")]},
    }
    found = only(
        with_conditions(choice("Dev"), choice("Prod"), choice("NotDev"), Conditions=conditions)
    )
    assert sorted(principals(found)) == [
        ["no", "no", "yes"],
        ["no", "yes", "yes"],
        ["yes", "no", "no"],
    ]


def test_allowed_values_leave_no_other_way() -> None:
    conditions = {name: env_is(name) for name in ("dev", "test", "prod")}
    found = only(
        with_conditions(
            choice("dev"), choice("test"), choice("prod"), Conditions=conditions, Parameters=STAGES
        )
    )
    assert sorted(principals(found)) == [
        ["no", "no", "yes"],
        ["no", "yes", "no"],
        ["yes", "no", "no"],
    ]


def test_what_a_condition_says_of_a_hole_holds_in_its_variant() -> None:
    written = with_conditions(
        choice("C"), {"Ref": "Env"}, {"Fn::Sub": "x-${Env}"}, Conditions={"C": env_is("prod")}
    )
    assert principals(only(written)) == [["yes", "prod", "x-prod"], ["no", "<Env>", "x-<Env>"]]
    found = only(written | {"Parameters": STAGES})
    assert [sorted(hole.values) for hole in found.holes.values()] == [["dev", "test"]]
    # the place of what is known by a condition is that of the hole
    value = found.variants[0].document.get("Statement")
    assert value is not None
    prod = value.items()[0].get("Principal")
    assert prod is not None
    items = prod.get("AWS")
    assert items is not None
    assert items.items()[1].part(0, 4).text == '{"Ref": "Env"}'


def test_the_own_account_stays_the_own_account() -> None:
    conditions = {"Here": equals({"Ref": "AWS::AccountId"}, "111111111111")}
    found = only(with_conditions(choice("Here"), {"Ref": "AWS::AccountId"}, Conditions=conditions))
    assert principals(found) == [["yes", "<AWS::AccountId>"], ["no", "<AWS::AccountId>"]]


def test_two_unknowns_may_be_equal_or_not() -> None:
    parameters = ENV | {"Other": {"Type": "String"}}
    conditions = {
        "Same": equals({"Ref": "Env"}, {"Ref": "Other"}),
        "One": env_is("x"),
        "Two": equals({"Ref": "Other"}, "x"),
    }
    found = only(
        with_conditions(
            choice("Same"),
            choice("One"),
            choice("Two"),
            Conditions=conditions,
            Parameters=parameters,
        )
    )
    assert sorted(principals(found)) == [
        ["no", "no", "no"],
        ["no", "no", "yes"],
        ["no", "yes", "no"],
        ["yes", "no", "no"],
        ["yes", "yes", "yes"],
    ]


def test_variants_that_say_the_same_are_one_and_claim_no_condition() -> None:
    conditions = {"A": env_is("a"), "B": env_is("b")}
    found = only(with_conditions(choice("A", "x", choice("B", "x", "y")), Conditions=conditions))
    assert principals(found) == [["x"], ["y"]]
    # `x` comes of A, and of B without A: neither can be named
    assert given(found)[0] == ()
    assert set(given(found)[1]) == {"condition `A` is false", "condition `B` is false"}
    found = only(with_conditions(choice("A", "x", "x"), Conditions=conditions))
    assert given(found) == [()]


def test_only_conditions_that_matter_are_gone_through() -> None:
    conditions = {f"C{n}": equals({"Ref": f"P{n}"}, "x") for n in range(40)}
    parameters = {f"P{n}": {"Type": "String"} for n in range(40)}
    written = with_conditions(choice("C7"), Conditions=conditions, Parameters=parameters)
    assert len(only(written).variants) == 2
    tags = [{"Key": "k", "Value": choice(f"C{n}")} for n in range(40)]
    written["Resources"]["R"]["Properties"]["Tags"] = tags
    assert len(only(written).variants) == 2


def test_too_many_variants_are_told_and_each_says_so() -> None:
    conditions = {f"C{n}": equals({"Ref": f"P{n}"}, "x") for n in range(6)}
    parameters = {f"P{n}": {"Type": "String"} for n in range(6)}
    names = [choice(name, f"{name}-a", f"{name}-b") for name in conditions]
    written = with_conditions(*names[:5], Conditions=conditions, Parameters=parameters)
    assert len(only(written).variants) == MOST_VARIANTS == 32
    written = with_conditions(*names, Conditions=conditions, Parameters=parameters)
    found = evaluated(written)
    assert [problem.code for problem in found.problems] == ["too-many-variants"]
    (cut,) = found.roles
    assert len(cut.variants) == MOST_VARIANTS
    assert all(variant.missing for variant in cut.variants)


# -- the condition of the role itself


def conditional(condition: Any, *principals: Any, **more: Any) -> Json:
    held = {"R": role(listed(*principals)) | {"Condition": "Create"}}
    conditions = {"Create": condition} | more.pop("Conditions", {})
    return template(None, Resources=held, Conditions=conditions, Parameters=ENV) | more


def test_a_role_is_judged_where_it_exists() -> None:
    condition = {"Fn::Or": [env_is("dev"), env_is("prod")]}
    found = only(conditional(condition, choice("P"), Conditions={"P": env_is("prod")}))
    assert principals(found) == [["no"], ["yes"]]
    assert given(found) == [("condition `P` is false",), ("condition `P` is true",)]


def test_the_condition_of_a_role_tells_what_its_unknowns_are() -> None:
    choices = [{"Ref": "Env"}, choice("Create"), choice("D")]
    found = only(conditional(env_is("prod"), *choices, Conditions={"D": env_is("dev")}))
    assert principals(found) == [["prod", "yes", "no"]]
    assert given(found) == [()]


def test_a_role_that_no_default_makes_is_judged_with_other_values() -> None:
    parameters = {
        "Env": {"Type": "String", "Default": "no"},
        "Org": {"Type": "String", "Default": "acme"},
    }
    written = conditional(env_is("yes"), {"Ref": "Env"}, {"Ref": "Org"}, Parameters=parameters)
    assert principals(only(written)) == [["yes", "acme"]]
    written = conditional({"Fn::Not": [env_is("no")]}, {"Ref": "Env"}, Parameters=parameters)
    assert principals(only(written)) == [["<Env>"]]


def test_a_role_that_bound_values_do_not_make_is_none() -> None:
    found = evaluated(conditional(env_is("prod"), "x"), bound(Env="dev"))
    assert (found.roles, found.problems) == ([], [])


def test_a_role_that_nothing_makes_is_judged_all_the_same() -> None:
    found = only(conditional(equals("a", "b"), "x"))
    assert principals(found) == [["x"]]


# -- what is wrong


def test_a_condition_that_is_not_there_is_told_and_left_open() -> None:
    found = evaluated(with_conditions(choice("IsProod"), Conditions={"IsProd": env_is("x")}))
    (problem,) = found.problems
    assert problem.message == "the template has no condition `IsProod`"
    assert problem.help == "did you mean `IsProd`?"
    assert [principals(each) for each in found.roles] == [[["yes"], ["no"]]]


@pytest.mark.parametrize(
    "condition",
    [
        "text",
        [],
        {},
        {"Fn::Equals": ["a"]},
        {"Fn::Equals": "a"},
        {"Fn::Equals": [{"a": "b"}, "x"]},
        {"Fn::Not": [env_is("a"), env_is("b")]},
        {"Fn::And": []},
        {"Fn::Xor": [env_is("a")]},
        {"Fn::Equals": [{"Ref": "Nope"}, "x"]},
        {"Condition": ["C"]},
        {"Condition": "C"},
        {"Fn::Not": [{"Condition": "D"}]},
    ],
)
def test_a_faulty_condition_is_told_and_left_open(condition: Any) -> None:
    conditions = {"C": condition, "D": {"Condition": "C"}}
    found = evaluated(with_conditions(choice("C"), Conditions=conditions))
    assert told(found.problems)
    assert all(code == "invalid-template" for code, _ in told(found.problems))
    assert sorted(principals(found.roles[0])) == [["no"], ["yes"]]


def test_a_circle_of_conditions_is_told() -> None:
    conditions = {"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}}
    found = evaluated(with_conditions(choice("A"), Conditions=conditions))
    assert "the condition `A` refers to itself" in [problem.message for problem in found.problems]


def test_the_missing_part_of_a_variant_is_named_in_it_alone() -> None:
    statement = choice("C", {"Fn::ImportValue": "S"}, STATEMENT)
    found = only(template(policy(statement), Conditions={"C": env_is("x")}, Parameters=ENV))
    assert [variant.missing for variant in found.variants] == [
        ("the statement given by `Fn::ImportValue S`",),
        (),
    ]
    assert shown(found, found.variants[1].document) == policy(STATEMENT)

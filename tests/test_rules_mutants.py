"""Mutants of a condition: which there are, how they are named, and that they differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_support import LANGUAGE, Facts
from test_rules_expression import BASE, conditions, sound

from iamlint.rules.expression import check
from iamlint.rules.mutants import mutants, shown


def named(text: str) -> list[str]:
    tree = check(text, "grant", LANGUAGE)
    return [mutant.description for mutant in mutants(tree, "grant", LANGUAGE)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("own", ["negate `own`"]),
        ("!own", ["negate `!own`"]),
        ("!(!own)", ["negate `!!own`"]),
        ("own && admits.public",
         ["negate `own && admits.public`", "`||` for `&&` in `own && admits.public`",
          "drop `own`", "drop `admits.public`", "negate `own`", "negate `admits.public`"]),
        ("principal.form == 'role'",
         ["`!=` for `==` in `principal.form == 'role'`",
          "`'any'` for `'role'` in `principal.form == 'role'`"]),
        ("role != 'a'", ["`==` for `!=` in `role != 'a'`", "`'a~'` for `'a'` in `role != 'a'`"]),
        ("owner == `null`", ["`!=` for `==` in `owner == `null``"]),
        ("hours >= `2`",
         ["`>` for `>=` in `hours >= `2``", "`<` for `>=` in `hours >= `2``",
          "`3` for `2` in `hours >= `2``", "`1` for `2` in `hours >= `2``"]),
        ("contains(`[\"any\", \"role\"]`, principal.form)", None),
        ("contains(`[\"any\", \"role\"]`, role)",
         ["negate `contains(`[\"any\", \"role\"]`, role)`",
          "`[\"role\"]` for `[\"any\", \"role\"]` in `contains(`[\"any\", \"role\"]`, role)`",
          "`[\"any\"]` for `[\"any\", \"role\"]` in `contains(`[\"any\", \"role\"]`, role)`"]),
        ("principals[?open]", ["negate `principals[?open]`", "negate `open`"]),
        ("fenced == `true`",
         ["`!=` for `==` in `fenced == `true``", "`false` for `true` in `fenced == `true``"]),
        ("starts_with(role, 'a') || starts_with(role, 'a')", None),
    ],
)  # fmt: skip
def test_the_mutants_of_a_condition(text: str, wanted: list[str] | None) -> None:
    if wanted is None:
        text = f"principal != `null` && {text}"
        assert len(named(text)) == len(set(named(text)))
    else:
        assert named(text) == wanted


def test_equal_mutants_are_numbered() -> None:
    found = named("starts_with(role, 'a') || starts_with(role, 'a')")
    assert "drop `starts_with(role, 'a')`" in found
    assert "drop `starts_with(role, 'a')` (2)" in found


def test_mutants_inside_filters_speak_of_the_members() -> None:
    found = named("length(principals[?form == 'any' && open]) > `1`")
    assert "`'account'` for `'any'` in `form == 'any'`" in found
    assert "drop `open`" in found
    assert "`>=` for `>` in `length(principals[?(form == 'any') && open]) > `1``" in found


def test_every_mutant_answers_something_else_for_some_node() -> None:
    text = "own && (hours > `2` || !(role == 'deploy')) && contains(actions, 'a')"
    tree = check(text, "grant", LANGUAGE)
    nodes = [
        Facts(BASE | {"own": own, "hours": hours, "role": role, "actions": actions})
        for own in (True, False)
        for hours in (1, 2, 3, 4)
        for role in ("deploy", "deploy~", "x")
        for actions in ([], ["a"], ["b"], ["a~"])
    ]
    original = sound(text)
    survivors = [
        mutant.description
        for mutant in mutants(tree, "grant", LANGUAGE)
        if all(mutant.test(node).state == original(node).state for node in nodes)
    ]
    assert survivors == []


@given(conditions, st.just("grant"))
def test_a_shown_condition_is_the_same_condition(text: str, node: str) -> None:
    sound(text)
    tree = check(text, node, LANGUAGE)
    assert check(shown(tree), node, LANGUAGE) == tree


@given(conditions)
def test_descriptions_are_unique(text: str) -> None:
    sound(text)
    found = named(text)
    assert found
    assert len(set(found)) == len(found)

"""Variants against every value that the parameters can have, one after the other."""

from __future__ import annotations

import json
from itertools import product
from typing import Any, NamedTuple

from cloudformation_support import STATEMENT, Json, documents, evaluated, policy, role
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iamlint.formats.cloudformation.bindings import read_pair
from iamlint.formats.cloudformation.evaluate import evaluate
from iamlint.formats.templates import parse
from iamlint.source import Source
from iamlint.syntax.value import Value

NAMES = ("P", "Q", "R")
LITERALS = ("a", "")
# Beside what conditions name, as many other texts as there are parameters: they may all differ.
UNIVERSE = (*LITERALS, "x", "y", "z")
CONDITIONS = ("A", "B", "C", "D")


class Case(NamedTuple):
    """A template, and the values its parameters can have."""

    template: Json
    values: dict[str, tuple[str, ...]]


def operands() -> st.SearchStrategy[Any]:
    references = st.sampled_from(NAMES).map(lambda name: {"Ref": name})
    return st.sampled_from(LITERALS) | references


def leaves(known: tuple[str, ...]) -> st.SearchStrategy[Json]:
    equals = st.tuples(operands(), operands()).map(lambda pair: {"Fn::Equals": list(pair)})
    prefixed = st.tuples(st.sampled_from(NAMES), st.sampled_from(("-a", "-", "b-a"))).map(
        lambda pair: {"Fn::Equals": [{"Fn::Sub": f"b-${{{pair[0]}}}"}, f"b{pair[1]}"]}
    )
    if not known:
        return equals | prefixed
    return equals | prefixed | st.sampled_from(known).map(lambda name: {"Condition": name})


def conditions(known: tuple[str, ...]) -> st.SearchStrategy[Json]:
    def several(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
        lists = st.lists(inner, min_size=2, max_size=3)
        return (
            inner.map(lambda one: {"Fn::Not": [one]})
            | lists.map(lambda some: {"Fn::And": some})
            | lists.map(lambda some: {"Fn::Or": some})
        )

    return st.recursive(leaves(known), several, max_leaves=4)


def choices() -> st.SearchStrategy[Any]:
    plain = st.sampled_from(("one", "two", "three")) | st.just({"Ref": "AWS::NoValue"})

    def choice(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.tuples(st.sampled_from(CONDITIONS), inner, inner).map(
            lambda parts: {"Fn::If": list(parts)}
        )

    return st.recursive(plain, choice, max_leaves=4)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    declared: Json = {}
    values: dict[str, tuple[str, ...]] = {}
    for name in NAMES:
        allowed = draw(st.none() | st.sets(st.sampled_from(UNIVERSE), min_size=2, max_size=3))
        declared[name] = {"Type": "String"} | (
            {} if allowed is None else {"AllowedValues": sorted(allowed)}
        )
        values[name] = UNIVERSE if allowed is None else tuple(sorted(allowed))
    named = {name: draw(conditions(CONDITIONS[:number])) for number, name in enumerate(CONDITIONS)}
    principals = draw(st.lists(choices(), min_size=1, max_size=3))
    own = {"Condition": "A"} if draw(st.booleans()) else {}
    held = role(policy(STATEMENT | {"Principal": {"AWS": principals}})) | own
    return Case({"Parameters": declared, "Conditions": named, "Resources": {"X": held}}, values)


def bound(values: tuple[str, ...]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in zip(NAMES, values, strict=True):
        found |= read_pair(f"{name}={value}")[0]
    return found


class Parsed:
    """A template that is evaluated again and again."""

    def __init__(self, template: Json) -> None:
        self._source = Source("t.json", json.dumps(template))
        value, _ = parse(self._source)
        assert value is not None
        self._value = value

    def documents(self, bindings: dict[str, Value]) -> list[Any]:
        found = evaluate(self._value, self._source, bindings)
        return [document for each in found.roles for document in documents(each)]


def truths(case: Case) -> Parsed:
    """A policy that says whether each condition is true."""
    told = [{"Fn::If": [name, "yes", "no"]} for name in CONDITIONS]
    held = role(policy(STATEMENT | {"Principal": {"AWS": told}}))
    return Parsed(case.template | {"Resources": {"X": held}})


@settings(max_examples=40, deadline=None)
@given(cases())
def test_the_variants_are_all_that_any_values_give(case: Case) -> None:
    by_values: dict[tuple[str, ...], str] = {}
    closed = Parsed(case.template)
    for values in product(*(case.values[name] for name in NAMES)):
        for document in closed.documents(bound(values)):
            by_values[values] = json.dumps(document)
    assume(by_values)
    unbound = evaluated(case.template)
    assert unbound.problems == []
    (open_role,) = unbound.roles
    texts = [json.dumps(document) for document in documents(open_role)]
    assert len(texts) == len(set(texts))
    assert set(texts) == set(by_values.values())
    claims = {text: variant.given for text, variant in zip(texts, open_role.variants, strict=True)}
    told = truths(case)
    for values, text in by_values.items():
        if claims[text]:
            (said,) = told.documents(bound(values))
            words = dict(zip(CONDITIONS, said["Statement"][0]["Principal"]["AWS"], strict=True))
            for claim in claims[text]:
                _, name, _, word = claim.replace("`", "").split()
                assert words[name] == ("yes" if word == "true" else "no"), (values, claim)

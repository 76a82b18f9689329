"""Kleene's logic over answers, and what is kept of their witnesses."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.facts.truth import NO, YES, Truth, both, either, negate

STATES = ("yes", "no", "possible", "undecided")
truths = st.builds(
    Truth,
    st.sampled_from(STATES),
    st.none() | st.integers(),
    st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    st.sampled_from(["", "anyone"]),
)


@pytest.mark.parametrize(("a", "b"), list(product(STATES, STATES)))
def test_no_dominates_both_and_yes_dominates_either(a: str, b: str) -> None:
    order = ("no", "undecided", "possible", "yes")
    assert both(Truth(a), Truth(b)).state == min(a, b, key=order.index)
    order = ("yes", "undecided", "possible", "no")
    assert either(Truth(a), Truth(b)).state == min(a, b, key=order.index)


@given(truths, truths, truths)
def test_states_obey_the_laws_of_logic(a: Truth, b: Truth, c: Truth) -> None:
    assert both(a, b).state == both(b, a).state
    assert either(a, b).state == either(b, a).state
    assert both(a, both(b, c)).state == both(both(a, b), c).state
    assert either(a, either(b, c)).state == either(either(a, b), c).state
    assert negate(both(a, b)).state == either(negate(a), negate(b)).state
    assert negate(negate(a)).state == a.state


@given(truths)
def test_the_constants_change_nothing(a: Truth) -> None:
    assert both(YES, a) == a
    assert either(NO, a) == a
    assert both(NO, a) == NO or a.state == "no"
    assert either(YES, a) == YES or a.state == "yes"


@given(truths, truths)
def test_assumptions_come_from_the_deciding_sides_only(a: Truth, b: Truth) -> None:
    for joined in (both(a, b), either(a, b)):
        deciding = [each for each in (a, b) if each.state == joined.state]
        wanted = dict.fromkeys(name for each in deciding for name in each.assumptions)
        assert joined.assumptions == tuple(wanted)


def test_the_witness_of_the_deciding_side_is_kept() -> None:
    sure, open_ = Truth("yes", "w1", (), "anyone"), Truth("possible", "w2", ("var.x",), "someone")
    assert both(sure, open_) == open_
    assert either(sure, open_) == sure
    assert both(sure, Truth("possible", None, ("h",))) == Truth("possible", "w1", ("h",), "anyone")
    assert both(Truth("yes"), sure) == sure
    assert both(sure, NO) == NO


def test_a_negation_has_no_witness() -> None:
    assert negate(Truth("yes", "w", (), "anyone")) == NO
    assert negate(Truth("possible", "w", ("h",), "anyone")) == Truth("possible", None, ("h",))

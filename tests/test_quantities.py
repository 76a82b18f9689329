"""Numbers and instants are exact: no digit of a long id or decimal is rounded away."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest
from comparison import meaning_of, world_of
from policies import ASSUMPTIONS

from iamlint.semantics.budget import Undecided
from iamlint.semantics.quantities import UNIT, parse_date, parse_number, print_number
from iamlint.semantics.questions import anyone

NOTHING = dict.fromkeys(ASSUMPTIONS, False)
NUMBERS = (
    *("0", "-0", "1", "+7", "-12", "0.1", ".5", "3.", "1e3", "1E-3", "-1.5e+2"),
    *("9007199254740992", "9007199254740993", "0.1000000000000000055", "0.3"),
    *("100000000000000000001", "100000000000000000001.5", "1" + "0" * 40 + ".00000000001"),
)


def test_numbers_are_what_decimals_are() -> None:
    for first, second in itertools.product(NUMBERS, repeat=2):
        ours, theirs = (parse_number(first), parse_number(second))
        assert ours is not None
        assert theirs is not None
        assert (ours < theirs) == (Decimal(first) < Decimal(second)), (first, second)
        assert (ours == theirs) == (Decimal(first) == Decimal(second)), (first, second)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_printed_as_it_is_read(text: str) -> None:
    units = parse_number(text)
    assert units is not None
    assert Decimal(print_number(units)) == Decimal(text)
    assert parse_number(print_number(units)) == units


@pytest.mark.parametrize("text", ["", "x", "1_0", "1/2", "0x1", "٣", "1e", ".", "NaN", "inf", "1 "])
def test_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    "text", ["1e999999999", "1e-999999999", "9" * 100_000, "0." + "1" * 90, "1e" + "9" * 9_999]
)
def test_numbers_made_to_be_hard_are_left_undecided(text: str) -> None:
    with pytest.raises(Undecided):
        parse_number(text)


def test_instants_are_exact() -> None:
    whole = 1_767_225_600 * UNIT
    assert parse_date("2026-01-01T00:00:00Z") == parse_date("1767225600") == whole
    assert parse_date("2026-01-01T00:00:00.000000000001Z") == whole + UNIT // 10**12
    assert parse_date("2026") == whole
    assert parse_date("2026-02-30") is None


def admits_some(principal: dict[str, str], key: str, guards: dict[str, str]) -> bool:
    web = "WithWebIdentity" if "Federated" in principal else ""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": f"sts:AssumeRole{web}",
        "Condition": {operator: {key: value} for operator, value in guards.items()},
    }
    return anyone(world_of(meaning_of({"Statement": statement}), NOTHING)) is not None


@pytest.mark.parametrize(
    ("less", "greater", "some"),
    [
        ("100000000000000000002", "100000000000000000000", True),
        ("100000000000000000001.5", "100000000000000000000.5", True),
        ("100000000000000000000.5", "100000000000000000000.5", False),
        ("0.1", "0.1000000000000000055", False),
        ("1e30", "999999999999999999999999999999", True),
        ("1e400", "1e399", True),
    ],
)
def test_bounds_of_many_digits(less: str, greater: str, some: bool) -> None:
    guards = {"NumericLessThan": less, "NumericGreaterThan": greater}
    assert admits_some({"AWS": "111111111111"}, "aws:MultiFactorAuthAge", guards) == some


@pytest.mark.parametrize(
    ("operator", "bound", "some"),
    [
        ("NumericLessThanEquals", "100000000000000000001.5", True),
        ("NumericGreaterThan", "100000000000000000000.9999", True),
        ("NumericLessThan", "100000000000000000000.9999", False),
        ("NumericEquals", "100000000000000000000", False),
    ],
)
def test_an_id_of_many_digits_is_compared_exactly(operator: str, bound: str, some: bool) -> None:
    guards = {"StringEquals": "100000000000000000001", operator: bound}
    google = {"Federated": "accounts.google.com"}
    assert admits_some(google, "accounts.google.com:sub", guards) == some

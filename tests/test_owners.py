"""The table of accounts whose owner is known, and the judgement of external ids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from examples_support import judged

from iamlint.arn import is_account
from iamlint.data.vendors import ROWS, SAMPLES, SOURCE
from iamlint.facts.literals import _guess
from iamlint.facts.owner import owner_of
from iamlint.facts.vocabulary import GUESSES, OWNERS
from iamlint.shipped import shipped_book

ROOT = Path(__file__).parent.parent


def test_every_account_stands_once_and_in_order() -> None:
    accounts = [account for _, _, listed in ROWS for account in listed.split()]
    assert len(set(accounts)) == len(accounts) > 400
    assert all(map(is_account, accounts))
    assert not SAMPLES & set(accounts)
    for kind, name, listed in ROWS:
        assert kind in ("aws", "former", "vendor")
        assert name.strip() == name != ""
        assert listed.split() == sorted(listed.split())
    assert [row[:2] for row in ROWS] == sorted(
        (row[:2] for row in ROWS), key=lambda row: (row[0], row[1].lower())
    )


def test_no_account_that_stands_for_a_hole_is_anybodys() -> None:
    accounts = {int(account) for _, _, listed in ROWS for account in listed.split()}
    assert not accounts & set(range(600_000_000_001, 600_001_000_001))


def test_the_source_is_named_where_its_licence_asks_for_it() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    assert SOURCE.partition(" ")[0] in notice
    assert "Apache License, Version 2.0" in notice
    assert "vendors.py" in notice


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("464622532012", ("vendor", "Datadog")),
        ("127311923021", ("aws", "ELB logs")),
        ("858827067514", ("former", "AWS Log Delivery Service")),
        ("123456789012", ("sample", "")),
        ("222222222222", ("unknown", "")),
    ],
)
def test_whose_an_account_is(account: str, expected: tuple[str, str]) -> None:
    assert owner_of(account) == expected
    assert expected[0] in OWNERS


GUESSED = {
    "a placeholder": (
        *("external-id", "ExternalId", "your_external_id", "my-external-id", "changeme", "TEST"),
        *("test123", "example", "12345", "1234567890", "xxxxxxxx", "xxxxxxxx-xxxx-xxxx-xxxx-xxxx"),
        *("00000000-0000-0000-0000-000000000000", "aaaaaaaaaaaaaaaaaaaa", "secret", "unique-id"),
    ),
    "the id of an account": ("111111111111", "464622532012"),
    "a name": ("datadog", "Data-Dog"),
    "short": ("a1-b2", "acme-7", "kX9bQ0z"),
    "made of one kind of character": ("938174625", "acmecompany"),
    "": (
        *("b1946ac9-2c6f-4f0e-9d58-7c3b7a9d0f11", "kX93bQ0z", "acme-prod-2024", "9381746250193847"),
        *("", "x", "acme-*", "${aws:PrincipalTag/x}", "example-7f3b9c2d10ab", "testimonial-b93f"),
    ),
}


@pytest.mark.parametrize(("text", "expected"), [(t, k) for k, ts in GUESSED.items() for t in ts])
def test_how_an_external_id_can_be_guessed(text: str, expected: str) -> None:
    assert _guess(text, ["Datadog"]) == expected
    assert expected in (*GUESSES, "")


def test_what_is_said_of_one_account_says_nothing_of_another() -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": []}, "Action": "sts:AssumeRole"}
    for accounts in (["123456789012", "222222222222"], ["222222222222", "123456789012"]):
        statement["Principal"] = {"AWS": accounts}
        policy = {"Version": "2012-10-17", "Statement": statement}
        findings = judged(json.dumps(policy), shipped_book()).findings
        told = {(each.rule, each.place.span.text.strip('"')) for each in findings}
        assert told == {
            ("left-over-account", "123456789012"),
            ("foreign-account-without-external-id", "222222222222"),
        }

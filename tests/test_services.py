"""The table of services, what is read off it, and questions about services held to the oracle."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Any

import oracle
import pytest
from comparison import meaning_of
from oracle import Request
from policies import ASSUMPTIONS

from iamlint.arn import PARTITIONS, parse_arn
from iamlint.data.services import ALIASES, CHECKED_ON, NAMES, REGIONAL, REGIONS, ROWS, Service
from iamlint.facts.absent import NO_SERVICE
from iamlint.facts.vocabulary import VOCABULARY
from iamlint.semantics import sources
from iamlint.semantics.services import global_name, meant, service_of
from iamlint.semantics.statements import ACTIONS

KNOWN = " ".join(NAMES.values()).split()


# --- the table -----------------------------------------------------------------------------------


def test_every_name_stands_once_and_in_order() -> None:
    assert len(set(KNOWN)) == len(KNOWN) > 500
    for where, names in NAMES.items():
        assert set(where) <= set("TMSD")
        assert names.split() == sorted(names.split())
        assert all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", name) for name in names.split())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_sound(row: Service) -> None:
    assert row.name in KNOWN
    assert row.tier in (0, 1, 2, 3)
    assert row.source
    assert set(row.needs) <= set(ACTIONS) - {"sts:AssumeRole"}
    for arn in row.arns:
        parsed = parse_arn(arn)
        assert parsed
        assert parsed.service in row.name or row.name.startswith(parsed.service)
    assert not row.ended or date(2020, 1, 1) < date.fromisoformat(row.ended) <= _checked()
    assert row.tier or row.needs or row.runtime or row.ended, "the row says nothing"


def _checked() -> date:
    return date.fromisoformat(CHECKED_ON)


def test_rows_stand_once() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_an_alias_is_no_service_and_means_one() -> None:
    assert not set(ALIASES) & set(KNOWN)
    assert set(ALIASES.values()) <= set(KNOWN)
    assert set(KNOWN) >= REGIONAL


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_the_regions_are_of_the_first_partition(region: str) -> None:
    assert re.fullmatch(PARTITIONS[0].regions, region)


# --- what is read off it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("ecs-task.amazonaws.com", ("ecs-tasks.amazonaws.com", True)),
        ("lamda.amazonaws.com", ("lambda.amazonaws.com", False)),
        ("lamda.eu-west-1.amazonaws.com", ("lambda.eu-west-1.amazonaws.com", False)),
        ("stepfunctions.amazonaws.com.cn", ("states.amazonaws.com.cn", True)),
        ("states.amazonaws.com", ("", False)),
        ("states.eu-west-1.amazonaws.com", ("", False)),
        ("inspector3.amazonaws.com", ("", False)),
        ("quantum-teapot.amazonaws.com", ("", False)),
    ],
)
def test_what_was_meant(host: str, expected: tuple[str, bool]) -> None:
    assert meant(host) == expected


@pytest.mark.parametrize(
    ("host", "partition", "expected"),
    [
        ("lambda.us-east-1.amazonaws.com", None, "lambda.amazonaws.com"),
        ("lambda.amazonaws.com", "aws", ""),
        ("lambda.af-south-1.amazonaws.com", "aws", ""),
        ("logs.us-east-1.amazonaws.com", "aws", ""),
        ("unknown.us-east-1.amazonaws.com", "aws", ""),
        ("ec2.amazonaws.com.cn", None, ""),
        ("ec2.amazonaws.com.cn", "aws", "ec2.amazonaws.com"),
        ("ec2.amazonaws.com.cn", "aws-cn", ""),
        ("ec2.amazonaws.com", "aws-cn", ""),
    ],
)
def test_where_a_region_or_partition_does_not_belong(
    host: str, partition: str | None, expected: str
) -> None:
    assert global_name(host, partition) == expected


def test_a_row_is_found_whatever_the_region() -> None:
    found = service_of("logs.eu-west-1.amazonaws.com")
    assert found
    assert found.name == "logs"
    assert service_of("backup.amazonaws.com") is None


def test_of_no_service_nothing_is_known() -> None:
    assert set(NO_SERVICE) == set(VOCABULARY["service"])


# --- questions -----------------------------------------------------------------------------------

OWN, OTHER, STRANGE = "111111111111", "222222222222", "424242424242"
SERVICE = "ssm.amazonaws.com"
NEVER = dict.fromkeys(ASSUMPTIONS, False)
ARN = "arn:aws:ssm:eu-west-1:{}:automation-execution/x"


def policy(condition: Any, effect: str = "Allow") -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": {"Service": SERVICE},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }


FENCES: list[list[dict[str, Any]]] = [
    [policy({})],
    [policy({"StringEquals": {"aws:SourceAccount": OWN}})],
    [policy({"StringEquals": {"aws:SourceAccount": [OWN, OTHER]}})],
    [policy({"StringLike": {"aws:SourceAccount": "*"}})],
    [policy({"StringEqualsIfExists": {"aws:SourceAccount": OWN}})],
    [policy({"StringNotEquals": {"aws:SourceAccount": OWN}})],
    [policy({"ForAllValues:StringEquals": {"aws:SourceAccount": OWN}})],
    [policy({"ArnLike": {"aws:SourceArn": "arn:aws:ssm:*:*:*"}})],
    [policy({"ArnLike": {"aws:SourceArn": f"arn:aws:ssm:*:{OWN}:*"}})],
    [policy({"StringLike": {"aws:SourceArn": f"arn:aws:ssm:*{OWN}*"}})],
    [policy({"Null": {"aws:SourceArn": "false"}})],
    [policy({}), policy({"StringNotEquals": {"aws:SourceAccount": OWN}}, "Deny")],
    [policy({}), policy({"StringNotEqualsIfExists": {"aws:SourceAccount": OWN}}, "Deny")],
    [policy({}), policy({"StringEquals": {"aws:SourceAccount": OTHER}}, "Deny")],
]


def calls(account: str) -> list[Request]:
    """Calls of the service for an account, as it may or may not tell."""
    # the name of a resource may be anything, another's account included
    arns = (ARN.format(account), f"arn:aws:ssm:eu-west-1:{account}:document/{OWN}")
    told: list[dict[str, Any]] = [{}, {"aws:sourceaccount": account}]
    told += [{"aws:sourcearn": arn} for arn in arns]
    told += [{"aws:sourcearn": arn, "aws:sourceaccount": account} for arn in arns]
    caller = {"kind": "service", "service": SERVICE}
    return [Request(caller, frozenset({"sts:AssumeRole"}), dict(context)) for context in told]


@pytest.mark.parametrize("statements", FENCES, ids=str)
def test_any_customer_is_let_in_exactly_where_the_oracle_lets_in_a_stranger(
    statements: list[dict[str, Any]],
) -> None:
    document = {"Version": "2012-10-17", "Statement": statements}
    meaning = meaning_of(document)
    principal = meaning.studied.policy.statements[0].principals[0]
    found = meaning.ask(sources.any_source((0, principal, "sts:AssumeRole")))
    role = {"account": OWN}
    stranger = any(oracle.allowed(document, each, NEVER, role) for each in calls(STRANGE))
    assert found.state == ("yes" if stranger else "no")
    # and nobody is a stranger who could be listed: the accounts that the policy speaks of
    assert any(
        oracle.allowed(document, each, NEVER, role)
        for each in itertools.chain(calls(OWN), calls(OTHER), calls(STRANGE))
    )

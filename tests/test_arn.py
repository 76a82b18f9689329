"""ARNs, account ids and partitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.arn import (
    PARTITIONS,
    dns_suffix,
    is_account,
    parse_arn,
    partition_named,
    partition_of_region,
    partition_of_suffix,
)

TEXT = st.text(st.sampled_from(":/*?arnws01 é"), max_size=40)


def test_an_arn_is_split_at_its_first_five_colons() -> None:
    arn = parse_arn("arn:aws:iam::123456789012:oidc-provider/host:443/a:b")
    assert arn is not None
    assert arn == ("arn", "aws", "iam", "", "123456789012", "oidc-provider/host:443/a:b")
    assert arn.place("account") == (13, 25)


@pytest.mark.parametrize(
    "text", ["", "arn", "arn:aws:iam::123456789012", "ARN:aws:iam::1:root", " arn:aws:iam::1:root"]
)
def test_what_is_no_arn(text: str) -> None:
    assert parse_arn(text) is None


@given(st.lists(TEXT.filter(lambda text: ":" not in text), min_size=4, max_size=4), TEXT)
def test_fields_and_places_agree_with_the_text(fields: list[str], resource: str) -> None:
    text = ":".join(["arn", *fields, resource])
    arn = parse_arn(text)
    assert arn is not None
    assert ":".join(arn) == text
    for field in ("prefix", "partition", "service", "region", "account", "resource"):
        start, end = arn.place(field)
        assert text[start:end] == getattr(arn, field)
        assert end == len(text) or text[end] == ":"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123456789012", True),
        ("000000000000", True),
        ("12345678901", False),
        ("1234567890123", False),
        ("12345678901a", False),
        ("12345678901２", False),  # a digit, but not an ASCII one
        ("12345678901²", False),
        (" 12345678901", False),
        ("", False),
    ],
)
def test_account_ids(text: str, expected: bool) -> None:
    assert is_account(text) is expected


def test_the_eight_partitions() -> None:
    names = [partition.name for partition in PARTITIONS]
    assert sorted(names) == [
        "aws",
        "aws-cn",
        "aws-eusc",
        "aws-iso",
        "aws-iso-b",
        "aws-iso-e",
        "aws-iso-f",
        "aws-us-gov",
    ]
    assert [partition_named(name) for name in names] == list(PARTITIONS)
    assert partition_named("") is partition_named("AWS") is partition_named("*") is None


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("eu-central-1", "aws"),
        ("us-east-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("cn-northwest-1", "aws-cn"),
        ("eusc-de-east-1", "aws-eusc"),
        ("mars-north-1", None),
        ("us-east-1 ", None),
        ("us-east-١", None),
    ],
)
def test_regions_tell_their_partition(region: str, name: str | None) -> None:
    found = partition_of_region(region)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("host", "suffix", "partition"),
    [
        ("lambda.amazonaws.com", "amazonaws.com", ""),
        ("logs.cn-north-1.amazonaws.com.cn", "amazonaws.com.cn", "aws-cn"),
        ("ec2.c2s.ic.gov", "c2s.ic.gov", "aws-iso"),
        ("lambda.amazonaws.eu", "amazonaws.eu", "aws-eusc"),
        ("amazonaws.com", "", ""),
        ("evilamazonaws.com", "", ""),
        ("lambda.amazonaws.com.evil.org", "", ""),
        ("", "", ""),
    ],
)
def test_hosts_tell_their_suffix(host: str, suffix: str, partition: str) -> None:
    assert dns_suffix(host) == suffix
    assert partition_of_suffix(suffix) == partition

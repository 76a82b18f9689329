"""What is known of a service principal: the service, whether it exists, and what was meant.

NOTE: import this only where a service is spoken of; other policies need none of its tables.
"""

from __future__ import annotations

from functools import cache

from iamlint.arn import dns_suffix, partition_named, partition_of_region
from iamlint.data.services import ALIASES, NAMES, REGIONAL, REGIONS, ROWS, STAFF, STAGES, Service
from iamlint.typed import NamedTuple

_NEAR = 0.85
_SEEN = "TMD"  # where the names stand that a misspelt one is compared with


class Host(NamedTuple):
    """A service principal taken apart: `logs`, `eu-west-1`, `amazonaws.com`."""

    name: str
    region: str
    suffix: str


@cache
def _rows() -> dict[str, Service]:
    return {row.name: row for row in ROWS}


@cache
def _names() -> frozenset[str]:
    return frozenset(" ".join(NAMES.values()).split())


@cache
def _seen() -> list[str]:
    lists = [names for where, names in NAMES.items() if set(where) & set(_SEEN)]
    return sorted(" ".join(lists).split())


def split_host(host: str) -> Host:
    """Take the host of a service principal (lower case) apart."""
    suffix = dns_suffix(host)
    name = host.removesuffix(suffix).rstrip(".")
    head, _, last = name.rpartition(".")
    if head and partition_of_region(last):
        return Host(head, last, suffix)
    return Host(name, "", suffix)


def service_of(host: str) -> Service | None:
    """The row of the service, whatever region or partition its name is for."""
    return _rows().get(split_host(host).name)


def stage_of(host: str) -> str | None:
    """The part of a service's name that only stages of it have which are not released."""
    labels = split_host(host).name.split(".")[1:]
    return next((label for label in labels if label in STAGES), None)


def staff_of(host: str) -> str | None:
    """Who works for AWS and calls by this name."""
    return STAFF.get(split_host(host).name)


def meant(host: str) -> tuple[str, bool]:
    """The host that was probably meant by one that does not exist, and whether that is certain.

    Empty for a service that is known, and where nothing is near enough to guess.
    """
    name, region, suffix = split_host(host)
    if name in _names():
        return "", False
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import and seldom needed

    alias = ALIASES.get(name, "")
    near = alias or next(iter(get_close_matches(name, _seen(), 1, _NEAR)), "")
    # a service with another number is another service
    if not near or not (alias or _digits(near) == _digits(name)):
        return "", False
    return ".".join(filter(None, (near, region, suffix))), bool(alias)


def global_name(host: str, partition: str | None) -> str:
    """The name without its region, or with the suffix of the partition, where that is the name.

    Empty where the name is right, or may be.
    """
    name, region, suffix = split_host(host)
    home = partition_named(partition) if partition else None
    if home and suffix not in (home.dns_suffix, "amazonaws.com"):
        return f"{name}.amazonaws.com"
    if region in REGIONS and name in _names() and name not in REGIONAL:
        return f"{name}.{suffix}"
    return ""


def _digits(name: str) -> str:
    return "".join(char for char in name if char.isdigit())

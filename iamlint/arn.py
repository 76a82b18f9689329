"""Takes ARNs apart, and knows the partitions of AWS and the shape of an account id."""

from __future__ import annotations

import re

from iamlint.typed import NamedTuple


class Partition(NamedTuple):
    """One separate AWS: trust never crosses from one to another."""

    name: str
    dns_suffix: str
    regions: str  # a regular expression for the names of its regions


# From botocore 1.44.5, `partitions.json` (Apache-2.0).
PARTITIONS = (
    Partition("aws", "amazonaws.com", r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+"),
    Partition("aws-cn", "amazonaws.com.cn", r"cn-\w+-\d+"),
    Partition("aws-us-gov", "amazonaws.com", r"us-gov-\w+-\d+"),
    Partition("aws-iso", "c2s.ic.gov", r"us-iso-\w+-\d+"),
    Partition("aws-iso-b", "sc2s.sgov.gov", r"us-isob-\w+-\d+"),
    Partition("aws-iso-e", "cloud.adc-e.uk", r"eu-isoe-\w+-\d+"),
    Partition("aws-iso-f", "csp.hci.ic.gov", r"us-isof-\w+-\d+"),
    Partition("aws-eusc", "amazonaws.eu", r"eusc-(de)-\w+-\d+"),
)
_BY_NAME = {partition.name: partition for partition in PARTITIONS}
_SUFFIXES = tuple(dict.fromkeys(partition.dns_suffix for partition in PARTITIONS))


class Arn(NamedTuple):
    """The six fields of an ARN after splitting at its first five colons.

    NOTE: the fields are there, and no more is known: each may be empty, a pattern, or nonsense.
    """

    prefix: str
    partition: str
    service: str
    region: str
    account: str
    resource: str

    def place(self, field: str) -> tuple[int, int]:
        """Where a field stands in the text, as a half-open range of its characters."""
        index = self._fields.index(field)
        start = sum(len(part) + 1 for part in self[:index])
        return start, start + len(self[index])


def parse_arn(text: str) -> Arn | None:
    """The six fields, or None when there are fewer or the first is not `arn`."""
    fields = text.split(":", 5)
    if len(fields) != 6 or fields[0] != "arn":
        return None
    return Arn(*fields)


def is_account(text: str) -> bool:
    """Is this the id of an account: twelve ASCII digits?"""
    return len(text) == 12 and text.isascii() and text.isdigit()


def partition_named(name: str) -> Partition | None:
    return _BY_NAME.get(name)


def partition_of_region(region: str) -> Partition | None:
    """The partition whose regions are named like this, existing or not."""
    for partition in PARTITIONS:
        if re.fullmatch(partition.regions, region, re.ASCII):
            return partition
    return None


def dns_suffix(host: str) -> str:
    """The DNS suffix of a partition at the end of a host; empty when there is none."""
    for suffix in _SUFFIXES:
        if host.endswith(suffix) and len(host) > len(suffix) and host[-len(suffix) - 1] == ".":
            return suffix
    return ""


def partition_of_suffix(suffix: str) -> str:
    """The partition that a DNS suffix tells; empty for a suffix that several partitions share."""
    names = [partition.name for partition in PARTITIONS if partition.dns_suffix == suffix]
    return names[0] if len(names) == 1 else ""

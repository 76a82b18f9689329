"""Conditions on one value of a context key, and a value that meets several of them.

Numbers, dates and addresses are decided by trying one point of every cell between end points,
which is exact; strings by automata. A mixture is exact when the strings are listed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import pairwise

from iamlint.semantics.budget import Budget, Undecided
from iamlint.semantics.quantities import UNIT, parse_date, parse_number, print_date, print_number
from iamlint.semantics.strings import Language, Strings
from iamlint.typed import NamedTuple


class Compare(NamedTuple):
    """The value stands in `relation` to one of `points`, which are counted in units."""

    inside: bool
    domain: str
    relation: str
    points: tuple[int, ...]

    def negated(self) -> Compare:
        """The complement."""
        return self._replace(inside=not self.inside)


class Network(NamedTuple):
    """The value is an address in one of `ranges`: (IP version, first, last) each."""

    inside: bool
    ranges: tuple[tuple[int, int, int], ...]

    def negated(self) -> Network:
        """The complement."""
        return self._replace(inside=not self.inside)


Condition = Language | Compare | Network


def parse_network(text: str) -> tuple[int, int, int] | None:
    """(IP version, first, last) of an address or CIDR block; None when it is neither."""
    from ipaddress import ip_network  # noqa: PLC0415 - slow to import and seldom needed

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    return network.version, int(network.network_address), int(network.broadcast_address)


_RELATIONS: dict[str, Callable[[int, int], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}


def holds(condition: Condition, value: str, strings: Strings) -> bool:
    """Whether `value` meets the condition. A value of the wrong kind is inside of nothing."""
    if isinstance(condition, Language):
        return strings.holds(condition, value)
    if isinstance(condition, Compare):
        parsed = parse_date(value) if condition.domain == "date" else parse_number(value)
        relation = _RELATIONS[condition.relation]
        found = parsed is not None and any(relation(parsed, point) for point in condition.points)
        return found == condition.inside
    address = parse_network(value) if "/" not in value else None
    found = address is not None and any(
        address[0] == version and first <= address[1] <= last
        for version, first, last in condition.ranges
    )
    return found == condition.inside


def find(
    conditions: tuple[Condition, ...], domain: str, strings: Strings, budget: Budget
) -> str | None:
    """A value that meets all conditions, or None when there is none.

    Raises Undecided when strings and numbers are mixed in a way that cannot be listed, or when
    the budget runs out.
    """
    languages = tuple(each for each in conditions if isinstance(each, Language))
    if len(languages) == len(conditions) and domain in ("string", "boolean"):
        return strings.shortest(languages, budget)
    listed = strings.literals(languages) if languages else None
    candidates = listed if listed is not None else _points(conditions, domain)
    if listed is None and languages:
        shortest = strings.shortest(languages, budget)
        if shortest is None:
            return None
        candidates.append(shortest)
    budget.spend(len(candidates))
    for value in candidates:
        if _is_of(domain, value) and all(holds(each, value, strings) for each in conditions):
            return value
    if listed is None and languages:
        raise Undecided("one key is compared both as text and as a number, date or address")
    if domain == "number" and _has_dates(conditions):
        raise Undecided("a number is compared as a date")  # four digits are a year
    return None


def _is_of(domain: str, value: str) -> bool:
    """Whether a key of this domain can have the value at all."""
    if domain == "address":
        return "/" not in value and parse_network(value) is not None
    if domain == "date":
        return "T" in value and parse_date(value) is not None  # told with the time of day
    return domain != "number" or parse_number(value) is not None


def _points(conditions: tuple[Condition, ...], domain: str) -> list[str]:
    """One value of every cell that the conditions cut the domain into.

    Conditions of another kind hold for all its values or for none, and cut nothing.
    """
    networks = [each for each in conditions if isinstance(each, Network)]
    if domain == "address":
        return _addresses(networks)
    points = sorted({p for each in conditions if isinstance(each, Compare) for p in each.points})
    cells = [0, 3600 * UNIT, *(p + step for p in points for step in (-UNIT, 0, UNIT))]
    cells += [(low + high) // 2 for low, high in pairwise(points)]
    if domain == "date":
        return _dates(cells)
    numbers = [print_number(cell) for cell in cells]
    if domain == "number":
        return numbers
    dates = _dates(cells) if _has_dates(conditions) else []
    return [*(_addresses(networks) if networks else ()), *dates, *numbers]


def _dates(cells: list[int]) -> list[str]:
    """The instants as calls tell them, which is in whole seconds."""
    whole = [each for cell in cells for each in (cell // UNIT, -(-cell // UNIT))]
    return [print_date(each) for each in (1_798_761_600, *dict.fromkeys(whole))]


def _has_dates(conditions: tuple[Condition, ...]) -> bool:
    return any(isinstance(each, Compare) and each.domain == "date" for each in conditions)


def _addresses(networks: list[Network]) -> list[str]:
    from ipaddress import IPv4Address, IPv6Address  # noqa: PLC0415 - slow and seldom needed

    found = ["198.51.100.7", "2001:db8::7"]
    tops = {4: (1 << 32) - 1, 6: (1 << 128) - 1}
    for network in networks:
        for version, first, last in network.ranges:
            make = IPv4Address if version == 4 else IPv6Address
            near = (first, first + 1, (first + last) // 2, last, first - 1, last + 1)
            found.extend(str(make(each)) for each in near if 0 <= each <= tops[version])
    return found

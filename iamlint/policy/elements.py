"""Finds the elements of a policy or statement by name, and reports the names that are none."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.policy.faults import Faults
from iamlint.policy.spelling import one_of, quoted
from iamlint.policy.texts import effective, inner
from iamlint.syntax.value import Member, Value


class Names:
    """The element names that one kind of object has."""

    __slots__ = ("advice", "by_lower", "exact")

    def __init__(self, names: Iterable[str], refused: Iterable[str] = ()) -> None:
        names = tuple(names)
        self.exact = frozenset((*names, *refused))
        self.by_lower = {name.lower(): name for name in self.exact}
        self.advice = f"use {one_of(names)}"


POLICY = Names(("Version", "Id", "Statement"))
STATEMENT = Names(
    ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"),
    refused=("Resource", "NotResource"),
)


class Elements:
    """The members of an object under the names of their elements."""

    __slots__ = ("_found", "_meant")

    def __init__(self, found: dict[str, Member], meant: frozenset[str]) -> None:
        self._found = found
        self._meant = meant

    def get(self, name: str) -> Member | None:
        return self._found.get(name)

    def meant(self, name: str) -> bool:
        """Was a misspelt name probably this one? Then its absence needs no fault of its own."""
        return name in self._meant


def read_elements(value: Value, names: Names, faults: Faults) -> Elements:
    """The elements of an object; one in other letter case is reported, and understood."""
    found: dict[str, Member] = {}
    strange: list[Member] = []
    for member in effective(value):
        if member.key.data in names.exact:
            found[member.key.data] = member
        else:
            strange.append(member)
    if not strange:
        return Elements(found, frozenset())
    meant = frozenset([_strange(member, names, found, faults) for member in strange])
    return Elements(found, meant)


def _strange(member: Member, names: Names, found: dict[str, Member], faults: Faults) -> str:
    """Report a name that is no element's, and return the one that was probably meant."""
    name = member.key.data
    known = names.by_lower.get(name.lower(), "")
    near = known or faults.guess(name, names.exact)
    if known:
        found.setdefault(known, member)
    help = f"write `{near}`" if near else names.advice
    message = f"{quoted(name)} is not an element of a trust policy"
    faults.add("unknown-element", message, inner(member.key), help, name, near)
    return near

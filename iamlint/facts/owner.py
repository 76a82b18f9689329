"""Facts of the account that a principal is of: whose it is, by the table of known accounts.

NOTE: the table is read when a rule first asks about a principal of another account.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from iamlint.data.vendors import ROWS, SAMPLES


def owner_of(account: str) -> tuple[str, str]:
    """The kind of owner an account has, and the owner's name where one is known."""
    if account in SAMPLES:
        return "sample", ""
    return _accounts().get(account, ("unknown", ""))


def namesake(text: str, vendors: Iterable[str], owner: tuple[str, str]) -> str | None:
    """The first of some vendors that a text names and that is not the owner of an account.

    `vendors` in small letters. Names are compared by their letters and digits.
    """
    if owner[0] in ("none", "own", "trusted", "aws"):
        return None
    bare = _bare(text)
    named = next((each for each in sorted(vendors) if _bare(each) and _bare(each) in bare), None)
    return spelled(named) if named and named != owner[1].casefold() else None


def spelled(vendor: str) -> str | None:
    """The name of a vendor as the table has it, whatever its case; None where it has not."""
    return _vendors().get(vendor.casefold())


@cache
def _vendors() -> dict[str, str]:
    return {name.casefold(): name for kind, name, _ in ROWS if kind == "vendor"}


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@cache
def _accounts() -> dict[str, tuple[str, str]]:
    return {account: (kind, name) for kind, name, listed in ROWS for account in listed.split()}

"""Facts of the account that a principal is of: whose it is, by the table of known accounts.

NOTE: the table is read when a rule first asks about a principal of another account.
"""

from __future__ import annotations

from functools import cache

from iamlint.data.vendors import ROWS, SAMPLES


def owner_of(account: str) -> tuple[str, str]:
    """The kind of owner an account has, and the owner's name where one is known."""
    if account in SAMPLES:
        return "sample", ""
    return _accounts().get(account, ("unknown", ""))


@cache
def _accounts() -> dict[str, tuple[str, str]]:
    return {account: (kind, name) for kind, name, listed in ROWS for account in listed.split()}

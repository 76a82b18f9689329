"""Reads configurations of Terraform; what does so is only imported when there are some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iamlint.formats.module_files import claims
from iamlint.formats.reading import Around, Reading
from iamlint.source import Source
from iamlint.typed import Any

__all__ = ["HINT", "Kept", "claims", "read"]

HINT = "assume_role_policy"  # stands in every file with a role in it


class Kept:
    """What `read` keeps of one check for the next one; nobody else looks into it."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held: Any = None


def read(found: Sequence[Source], around: Around, kept: Kept | None = None) -> Iterator[Reading]:
    """What the modules in whose folders the files are give, each root module by itself.

    With what was kept of an earlier check a role in which nothing changed but its place is the very
    same object, and its places tell where it is now. All else is as it would be without.
    """
    from iamlint.formats.terraform import reading  # noqa: PLC0415 - a cost for Terraform only

    if kept is None:
        return reading.read(found, around)
    if kept.held is None:
        from iamlint.formats.terraform import keeping  # noqa: PLC0415 - a cost for editors only

        kept.held = keeping.Kept()
    return reading.read(found, around, kept.held)

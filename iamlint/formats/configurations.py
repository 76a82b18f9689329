"""Reads configurations of Terraform; what does so is only imported when there are some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iamlint.formats.module_files import claims
from iamlint.formats.reading import Around, Reading
from iamlint.source import Source

__all__ = ["HINT", "claims", "read"]

HINT = "assume_role_policy"  # stands in every file with a role in it


def read(found: Sequence[Source], around: Around) -> Iterator[Reading]:
    """What the modules in whose folders the files are give, each root module by itself."""
    from iamlint.formats.terraform import reading  # noqa: PLC0415 - a cost for Terraform only

    return reading.read(found, around)

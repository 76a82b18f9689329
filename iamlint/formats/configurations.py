"""Tells the files of Terraform configurations from others, by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iamlint.formats.reading import Around, Reading
from iamlint.source import Source

NAME = "terraform"
NATIVE = (".tf", ".tofu")
SUFFIXES = (*NATIVE, ".tf.json", ".tofu.json")


def claims(name: str) -> bool:
    """Whether a file is a part of a module."""
    return name.endswith(SUFFIXES)


def read(found: Sequence[Source], around: Around) -> Iterator[Reading]:
    """What the modules in whose folders the files are give, each root module by itself."""
    from iamlint.formats.terraform import reading  # noqa: PLC0415 - a cost for Terraform only

    return reading.read(found, around)

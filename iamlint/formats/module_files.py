"""Tells the files of Terraform's modules from others, by their names."""

from __future__ import annotations

NATIVE = (".tf", ".tofu")
SUFFIXES = (*NATIVE, ".tf.json", ".tofu.json")


def claims(name: str) -> bool:
    """Whether a file is a part of a module."""
    return name.endswith(SUFFIXES)

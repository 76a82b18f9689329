"""Tells the files of Terraform's modules from others, by their names."""

from __future__ import annotations

from collections.abc import Iterable

NATIVE = (".tf", ".tofu")
SUFFIXES = (*NATIVE, ".tf.json", ".tofu.json")


def claims(name: str) -> bool:
    """Whether a file is a part of a module."""
    return name.endswith(SUFFIXES)


def replaced(names: Iterable[str]) -> dict[str, str]:
    """The files of a folder that others of it are read instead of, and these others.

    OpenTofu reads `x.tofu` and not `x.tf`, and `x.tofu.json` and not `x.tf.json`, where both are
    there: https://opentofu.org/docs/language/files/#extension-precedence. Who keeps both means
    them for OpenTofu: Terraform knows only the other one.
    """
    known = set(names)
    pairs = ((name, _of_opentofu(name)) for name in known)
    return {name: other for name, other in pairs if other != name and other in known}


def _of_opentofu(name: str) -> str:
    for suffix in (".tf.json", ".tf"):
        if name.endswith(suffix):
            return name.removesuffix(suffix) + suffix.replace(".tf", ".tofu")
    return name

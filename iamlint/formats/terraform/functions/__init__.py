"""The functions of Terraform by name; what few configurations call is imported when it is."""

from __future__ import annotations

from collections.abc import Mapping

from iamlint.formats.terraform.signatures import Function

Functions = Mapping[str, Function]


def function(name: str) -> Function | None:
    """The function of a name; None where there is none."""
    return None


NAMES: tuple[str, ...] = ()

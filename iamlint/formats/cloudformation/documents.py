"""Reads a trust policy out of what a template gives for it."""

from __future__ import annotations

from iamlint.formats.cloudformation.intrinsics import NO_VALUE, intrinsic
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.policy_texts import Document, parsed, readable
from iamlint.syntax.value import Value

__all__ = ["Document", "read"]


def read(run: Run, written: Value) -> Document:
    """The trust policy that a property gives, as an object or as its text."""
    call = intrinsic(written)
    if call is not None and call.name == "Fn::ToJsonString":
        written = call.argument  # the text of an object is the object
    value = run.value(written)
    if value is NO_VALUE:
        return Document(None)
    holes = run.world.table.holes
    return readable(parsed(value, holes) if value.kind == "string" else Document(value), holes)

"""Tells plans and states of Terraform from other files, without what it takes to read them."""

from __future__ import annotations

from iamlint.formats import shapes
from iamlint.formats.reading import Around, Reading
from iamlint.source import Source
from iamlint.syntax.value import Value

NAME = shapes.PLAN
KINDS = (shapes.PLAN, shapes.STATE)
SUFFIXES = (".json", ".tfstate")
HINT = "assume_role_policy"


def recognise(value: Value, source: Source) -> bool:
    """Whether a document is a plan or a state, as `terraform show -json` or a backend writes it."""
    return shapes.foreign_kind(value) in KINDS


def read(value: Value, source: Source, around: Around) -> Reading:
    """The roles of a plan or a state; what reads them is only imported when there is one."""
    from iamlint.formats.terraform import plan  # noqa: PLC0415 - a cost for plans only

    return plan.read(value, source, around)

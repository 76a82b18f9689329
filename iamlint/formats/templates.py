"""Tells CloudFormation templates from other files, without what it takes to read them."""

from __future__ import annotations

from iamlint.formats import shapes
from iamlint.formats.parsing import parse
from iamlint.formats.reading import Around, Reading
from iamlint.source import Source
from iamlint.syntax.value import Value

__all__ = ["HINT", "NAME", "SUFFIXES", "parse", "read", "recognise"]

NAME = shapes.TEMPLATE
SUFFIXES = (".yaml", ".yml", ".template")
# NOTE: charts and workflows are YAML, too, and speak of `sts:AssumeRole` without having a role.
HINT = "AssumeRolePolicyDocument"


def recognise(value: Value, source: Source) -> bool:
    """Whether a document is a template."""
    return shapes.foreign_kind(value) == NAME


def read(value: Value, source: Source, around: Around) -> Reading:
    """The roles of a template; the evaluator is only imported when there is one."""
    from iamlint.formats.cloudformation import reading  # noqa: PLC0415 - a cost for templates only

    return reading.read(value, source, around)

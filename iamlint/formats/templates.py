"""Tells CloudFormation templates from other files, without what it takes to read them."""

from __future__ import annotations

from iamlint.formats import shapes
from iamlint.formats.parsing import parse
from iamlint.formats.role import Role
from iamlint.source import Problem, Source
from iamlint.syntax.value import Value

NAME = shapes.TEMPLATE
__all__ = ["NAME", "SUFFIXES", "parse", "recognise", "roles"]

SUFFIXES = (".yaml", ".yml", ".template")


def recognise(value: Value, source: Source) -> bool:
    """Whether a document is a template."""
    return shapes.foreign_kind(value) == NAME


def roles(value: Value, source: Source) -> tuple[list[Role], list[Problem], str]:
    """The roles of a template; the evaluator is only imported when there is one."""
    from iamlint.formats.cloudformation import reading  # noqa: PLC0415 - a cost for templates only

    return reading.roles(value, source)

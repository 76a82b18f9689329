"""Reads a file that is a template, or a part of a file that is one."""

from __future__ import annotations

from iamlint.formats.cloudformation.evaluate import evaluate
from iamlint.formats.cloudformation.roles import NAME
from iamlint.formats.role import Role
from iamlint.source import Problem, Source
from iamlint.syntax.value import Value


def roles(value: Value, source: Source) -> tuple[list[Role], list[Problem], str]:
    """The roles of a template in the order written, what is wrong with it, and what it is."""
    found = evaluate(value, source)
    return found.roles, found.problems, NAME

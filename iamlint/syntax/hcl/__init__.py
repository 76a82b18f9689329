"""Reads HCL 2, the language of Terraform, into a syntax tree with the place of every part."""

from __future__ import annotations

from iamlint.source import Problem, Source
from iamlint.syntax.hcl.bodies import Body
from iamlint.syntax.hcl.body_reader import Bodies
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.problems import Fault
from iamlint.syntax.hcl.templates import Template
from iamlint.syntax.hcl.tokens import FREE


def parse(source: Source) -> tuple[Body, list[Problem]]:
    """Reads a file. What is broken is told and left out; `complete` says where."""
    reader = Bodies(source)
    return reader.file(), reader.told.all()


def parse_template(source: Source) -> tuple[Template | None, list[Problem]]:
    """Reads a text that is a template as a whole, such as a string of the JSON syntax."""
    reader = Bodies(source)
    try:
        return reader.whole(), reader.told.all()
    except Fault as fault:
        reader.told.tell(fault)
        return None, reader.told.all()


def parse_expression(source: Source) -> tuple[Expression | None, list[Problem]]:
    """Reads a text that is one expression, over as many lines as it likes."""
    reader = Bodies(source)
    reader.mode = FREE
    try:
        made = reader.expression()
        if reader.gap(FREE) < len(source.text):
            raise reader.misplaced("where the expression is to end")
    except Fault as fault:
        reader.told.tell(fault)
        return None, reader.told.all()
    return made, reader.told.all()

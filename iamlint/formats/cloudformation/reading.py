"""Reads a file that is a template, or a part of a file that is one."""

from __future__ import annotations

from functools import partial
from posixpath import dirname, join

from iamlint.formats import shapes
from iamlint.formats.cloudformation.evaluate import Evaluation, evaluate
from iamlint.formats.cloudformation.keeping import Kept
from iamlint.formats.cloudformation.roles import NAME
from iamlint.formats.cloudformation.stacks import Nested, StackCall
from iamlint.formats.parsing import parse
from iamlint.formats.reading import UNREADABLE, Around, Call, Reading
from iamlint.source import Source
from iamlint.syntax.holes import Table
from iamlint.syntax.value import Value


def read(value: Value, source: Source, around: Around) -> Reading:
    """The roles of a template in the order written, and the nested stacks that it deploys."""
    kept = _kept(source, around)
    nested = _nested(source, around, kept)
    found = evaluate(value, source, around.bindings, nested=nested, kept=kept)
    return _reading(found, source, around, "")


def _reading(found: Evaluation, source: Source, around: Around, scope: str) -> Reading:
    folder = dirname(source.name)
    calls = tuple(
        Call(join(folder, call.path), partial(_called, call, found.table, around, scope))
        for call in found.calls
    )
    made = Reading(found.roles, found.problems, NAME, calls, found.parameters)
    return made._replace(looks_around=True)


def _called(call: StackCall, table: Table, around: Around, scope: str, source: Source) -> Reading:
    """The roles of a nested stack's template, with the values that the stack gives it."""
    value, problems = parse(source)
    if value is None or shapes.foreign_kind(value) != shapes.TEMPLATE:
        return Reading([], problems, UNREADABLE)
    inner = f"{scope}{call.logical}/"
    found = evaluate(
        value, source, call.bindings, table=table, scope=inner, nested=_nested(source, around)
    )
    reading = _reading(found, source, around, inner)
    return reading._replace(problems=[*problems, *reading.problems])


def _kept(source: Source, around: Around) -> Kept | None:
    """What is kept of a template, unless a file that it nests is another one by now."""
    if around.kept is None:
        return None
    kept: Kept = around.kept.template(source.name)
    if any(around.source(path) is not known for path, known in kept.beside.items()):
        kept.forget()
    return kept


def _nested(source: Source, around: Around, kept: Kept | None = None) -> Nested:
    """Gives the templates that stand beside a file."""

    def nested(path: str) -> tuple[Value, Source] | None:
        place = join(dirname(source.name), path)
        beside = around.source(place)
        if kept is not None:
            kept.beside[place] = beside
        value = parse(beside)[0] if beside is not None else None
        return None if value is None or beside is None else (value, beside)

    return nested

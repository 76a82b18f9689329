"""Writes an evaluated value as JSON text, as `Fn::ToJsonString` does."""

from __future__ import annotations

from json.encoder import encode_basestring

from iamlint.formats.cloudformation.arguments import listed
from iamlint.formats.cloudformation.faults import Fault
from iamlint.formats.cloudformation.intrinsics import NO_VALUE, Call
from iamlint.formats.cloudformation.run import Run
from iamlint.syntax.holes import Piece
from iamlint.syntax.value import Value


def to_json_string(run: Run, call: Call) -> Value:
    """`Fn::ToJsonString`: an object or a list as text; each string in it keeps its place."""
    value = run.value(call.argument)
    if value is NO_VALUE or value.kind not in ("object", "array"):
        listed(call, 0, 1_000_000)  # says what it takes
        raise Fault("there is nothing to write as JSON", call.span)
    pieces: list[Piece] = []
    # What is to be written: a value, or a text that stands between values.
    todo: list[Value | str] = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, str):
            pieces.append(Piece(part, value, 0, call.span))
        elif part.kind in ("object", "array"):
            todo += reversed(_written(part))
        else:
            pieces.append(Piece(_scalar(part), part, 0, part.span))
    return run.composed(pieces, call.span)


def _written(value: Value) -> list[Value | str]:
    """The parts of an object or an array, in order."""
    is_object = value.kind == "object"
    parts: list[Value | str] = ["{" if is_object else "["]
    for number, item in enumerate(value.data):
        if number:
            parts.append(",")
        parts += [item.key, ":", item.value] if is_object else [item]
    parts.append("}" if is_object else "]")
    return parts


def _scalar(value: Value) -> str:
    if value.kind == "string":
        return str(encode_basestring(value.data))
    if value.kind == "boolean":
        return "true" if value.data else "false"
    return "null" if value.kind == "null" else value.span.text

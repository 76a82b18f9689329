"""Reads texts and members off located values, whatever syntax they came from."""

from __future__ import annotations

import re

from iamlint.policy.document import Text
from iamlint.source import Span
from iamlint.syntax.value import Member, Value

# What messages call a value of each kind.
KIND_WORDS = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "number": "a number",
    "boolean": "a boolean",
    "null": "null",
    "bad": "unreadable",
}
_JSON_NUMBER = r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?"


def inner(value: Value) -> Span:
    """The place of a string without its quotes; of the empty string and other values, all of it."""
    span = value.span
    source, start, end = span
    data = value.data
    if value.kind != "string" or not data:
        return span
    # Most strings are a plain copy between two quotes: say so without looking for escapes.
    if end - start == len(data) + 2 and source.text.startswith(data, start + 1):
        return Span(source, start + 1, end - 1)
    return value.part(0, len(data))


def written(value: Value) -> Text | None:
    """A string, number or boolean as text; None for any other kind."""
    if value.kind == "string":
        return Text(value.data, inner(value))
    if value.kind == "boolean":
        return Text("true" if value.data else "false", value.span)
    if value.kind == "number":
        return Text(_number(value), value.span)
    return None


def _number(value: Value) -> str:
    """The JSON text of a number: as it stands in JSON; computed when another syntax wrote it."""
    text = value.span.text
    if re.fullmatch(_JSON_NUMBER, text, re.ASCII):
        return text
    try:
        return str(value.data)
    except ValueError:  # too many digits for Python to print
        return text


def raw(value: Value) -> str:
    """What a message quotes of a value: its text, or for a container what stands in the source."""
    text = written(value)
    return value.span.text if text is None else text.text


def effective(value: Value) -> tuple[Member, ...]:
    """The members of an object that count: of a repeated name only the last, as JSON parsers do."""
    members = value.members
    if len(members) < 2:
        return members
    last = {member.key.data: member for member in members}
    return members if len(last) == len(members) else tuple(last.values())

"""Finds what value a parameter has, or what is known of the value that it lacks."""

from __future__ import annotations

import re

from iamlint.formats.cloudformation.patterns import may_be_wild
from iamlint.formats.cloudformation.template import number_or_text, text_of
from iamlint.syntax.holes import Composed, Hole, pieces_of
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

_STORED = "AWS::SSM::Parameter::Value<"
_TAME = re.compile(r"(?:List<)?(?:Number|AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+\.?(?:Id|Name))>?")
_MOST_VALUES = 64  # a hole that may be more texts than these may as well be any
_MOST_ITEMS = 10_000  # of a list


class Parameter(NamedTuple):
    """One parameter: its value, if it has one, and the hole that stands for it if not."""

    value: Value | None  # a string or an array
    is_default: bool
    hole: Hole

    @property
    def is_missing(self) -> bool:
        """Whether it has no value that anybody could mean: an empty default waits to be filled."""
        return self.value is None or (self.is_default and not self.value.data)


def parameter(name: str, declared: Value, bound: Value | None) -> Parameter:
    """What is known of a parameter; `bound` is the value that it is given from outside."""
    kind = text_of(declared.get("Type")) or "String"
    hole = _hole(name, kind, declared)
    if bound is not None:
        return Parameter(_typed(bound, kind), is_default=False, hole=hole)
    if kind.startswith(_STORED):  # its default is where the value is kept
        return Parameter(None, is_default=False, hole=hole)
    default = declared.get("Default")
    if default is None or number_or_text(default) is None:
        return Parameter(_only_value(declared, kind), is_default=False, hole=hole)
    return Parameter(_typed(default, kind), is_default=True, hole=hole)


def _only_value(declared: Value, kind: str) -> Value | None:
    allowed = declared.get("AllowedValues")
    items = allowed.items() if allowed is not None else ()
    if len(items) != 1 or number_or_text(items[0]) is None:
        return None
    return _typed(items[0], kind)


def _is_list(kind: str) -> bool:
    return "CommaDelimitedList" in kind or "List<" in kind


def _typed(value: Value, kind: str) -> Value:
    if value.kind == "array":
        return value
    if not _is_list(kind):
        return as_string(value)
    return listed(as_string(value))


def as_string(value: Value) -> Value:
    """A scalar as the text it is for CloudFormation."""
    text = None if value.kind == "string" else number_or_text(value)
    return value if text is None else Value("string", text, value.span)


def listed(value: Value) -> Value:
    """A text with commas as the list that it means, each item in its place."""
    items, at = [], 0
    for part in value.data.split(",", _MOST_ITEMS):
        start = at + len(part) - len(part.lstrip())
        end = at + len(part.rstrip())
        at += len(part) + 1
        if start < end:
            items.append(part_of(value, start, end))
    return Value("array", tuple(items), value.span)


def part_of(value: Value, start: int, end: int) -> Value:
    """A part of a string, with the places of its characters."""
    if start == 0 and end == len(value.data):
        return value
    return Composed(pieces_of(value, start, end), value.span)


def _hole(name: str, kind: str, declared: Value) -> Hole:
    allowed = declared.get("AllowedValues")
    texts = [number_or_text(item) for item in allowed.items()] if allowed is not None else []
    values = tuple(dict.fromkeys(text for text in texts if text is not None))
    if _is_list(kind):
        return Hole(name, "list", (), _may_be_wild(kind, values, declared))
    known = values if 0 < len(values) <= _MOST_VALUES else ()
    return Hole(name, "text", known, _may_be_wild(kind, values, declared))


def _may_be_wild(kind: str, values: tuple[str, ...], declared: Value) -> bool:
    if _TAME.fullmatch(kind):
        return False
    if values:
        return any(char in value for value in values for char in "*?")
    pattern = declared.get("AllowedPattern")
    return pattern is None or pattern.kind != "string" or may_be_wild(pattern.data)

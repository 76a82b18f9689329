"""Tells the intrinsic functions of a template from other values, however they are written."""

from __future__ import annotations

from iamlint.source import Source, Span
from iamlint.syntax.value import Value
from iamlint.syntax.yaml_values import Tagged, YamlValue, tag_of
from iamlint.typed import NamedTuple

LOOP = "Fn::ForEach::"
_BARE = frozenset(("Ref", "Condition"))

# What `AWS::NoValue` is: whatever is given by it is not there. Only ever compared by identity.
NO_VALUE = Value("null", None, Span(Source("AWS::NoValue", ""), 0, 0))


class Call(NamedTuple):
    """One use of an intrinsic function."""

    name: str  # in its long form: `Fn::Sub`, `Ref`, `Condition`
    argument: Value
    span: Span  # all of it


def intrinsic(value: Value) -> Call | None:
    """The function that a value calls: `!Sub x`, or an object with the one member `Fn::Sub`.

    `Condition` counts only as a tag: an object with that one member may be a statement.
    """
    tag = tag_of(value)
    if tag:
        return _tagged(value, tag)
    if value.kind == "object" and len(value.data) == 1:
        (key, argument) = value.data[0]
        name = key.data
        if name == "Ref" or (name.startswith("Fn::") and not name.startswith(LOOP)):
            return Call(name, argument, value.span)
    return None


def is_text(value: Value) -> bool:
    """Whether a value is a text as it stands there, and calls nothing."""
    return value.kind == "string" and not tag_of(value)


def condition_call(value: Value) -> Call | None:
    """The same inside of a condition, where an object may refer to another condition."""
    if value.kind == "object" and len(value.data) == 1 and value.data[0].key.data == "Condition":
        return Call("Condition", value.data[0].value, value.span)
    return intrinsic(value)


def _tagged(value: Value, tag: str) -> Call:
    name = tag.removeprefix("!")
    place = value.tag_span if isinstance(value, YamlValue) else None
    whole = value.span if place is None else place.cover(value.span)
    return Call(name if name in _BARE or "::" in name else f"Fn::{name}", bare(value), whole)


def bare(value: Value) -> Value:
    """The same value without its tag, to be evaluated in its turn."""
    if isinstance(value, Retagged):
        return value.of
    return YamlValue(value.kind, value.data, value.span) if tag_of(value) else value


class Retagged(Tagged):
    """A value that was made out of one with a tag."""

    __slots__ = ("of",)

    def __init__(self, of: Value, tag: str, tag_span: Span) -> None:
        super().__init__(of.kind, of.data, of.span, tag, tag_span)
        self.of = of


def tagged_like(pattern: Value, value: Value) -> Value:
    """The value with the tag of another one, if that has any."""
    if isinstance(pattern, YamlValue) and pattern.tag and pattern.tag_span:
        return Retagged(value, pattern.tag, pattern.tag_span)
    return value


def is_loop(name: str) -> bool:
    """Whether a key is that of a `Fn::ForEach`."""
    return name.startswith(LOOP)

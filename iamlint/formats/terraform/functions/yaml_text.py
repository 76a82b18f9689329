"""`yamlencode` and `yamldecode`."""

from __future__ import annotations

import json
import re

from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.functions.encodings import whole
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, STRING
from iamlint.formats.terraform.values import (
    DEEPEST,
    Datum,
    Entry,
    boolean,
    children,
    mapping,
    null,
    sequence,
    string,
)
from iamlint.syntax.escapes import decoded
from iamlint.syntax.value import Value
from iamlint.syntax.yaml_values import YamlValue

_TRUE = frozenset(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"))
_FALSE = frozenset(("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"))
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_HEX = re.compile(r"0[xX][0-9a-fA-F]{1,64}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# What other loaders of YAML take for a number, or a moment; left alone, for there is no telling.
_ODD = re.compile(
    r"[-+]?0[xXbBoO0-9].*|[-+]?[0-9][0-9_,:]*_.*|[-+]?\.(?i:inf|nan)|[0-9]{4}-[0-9].*"
)


def _yamldecode(asked: Asked) -> Datum:
    from iamlint.syntax import yaml  # noqa: PLC0415 - for few configurations only

    written = asked.arguments[0]
    value, problems = yaml.parse(decoded(written.text))
    if value is None or problems:
        reason = f": {problems[0].message}" if problems else ""
        raise asked.fault(f"this text is not YAML{reason}", 0)
    return _read(asked, value, 0)


def _read(asked: Asked, value: Value, depth: int) -> Datum:
    asked.run.spend(1, asked.span)
    if depth > DEEPEST:
        raise asked.fault(f"this is nested more than {DEEPEST} levels deep", 0)
    span = value.span
    if value.kind == "object":
        entries = {
            str(key.data): Entry(key, _read(asked, held, depth + 1)) for key, held in value.members
        }
        return mapping("object", entries, span)
    if value.kind == "array":
        return sequence("tuple", [_read(asked, i, depth + 1) for i in value.items()], span)
    if value.kind == "null":
        return null(span)
    return _plain(asked, value) if is_plain(value) else Datum("string", value, span)


def is_plain(value: Value) -> bool:
    """Whether a scalar is written without quotes, so that it may be no string."""
    return isinstance(value, YamlValue) and value.style == "plain" and not value.tag


def _plain(asked: Asked, value: Value) -> Datum:
    text, span = str(value.data), value.span
    if text in _TRUE or text in _FALSE:
        return boolean(text in _TRUE, span)
    if _DATE.fullmatch(text):
        return string(f"{text}T00:00:00Z", span)
    if _ODD.fullmatch(text) and text != "0":
        made = numbers.number(str(int(text, 16))) if _HEX.fullmatch(text) else None
        return asked.unknown(ANY) if made is None else Datum("number", made, span)
    made = numbers.number(text) if _NUMBER.fullmatch(text) else None
    return Datum("string", value, span) if made is None else Datum("number", made, span)


def _yamlencode(asked: Asked) -> Datum:
    if _has_lines(asked.arguments[0]):
        return asked.unknown(
            STRING
        )  # NOTE: in how many ways those are written is not repeated here
    return whole(asked, "".join(_lines(asked, asked.arguments[0], "", first=True)))


def _has_lines(datum: Datum) -> bool:
    """Whether some text in a value has several lines."""
    todo = [datum]
    while todo:
        each = todo.pop()
        if each.kind == "string" and "\n" in each.string:
            return True
        todo += children(each)
    return False


def _lines(asked: Asked, datum: Datum, indent: str, *, first: bool) -> list[str]:
    """A value from where it stands in its line on, with all its line ends."""
    asked.run.spend(1, asked.span)
    if datum.kind in types.SEQUENCES and datum.items:
        found: list[str] = []
        for number, item in enumerate(datum.items):
            lead = "" if number == 0 and first else indent
            found += [lead, "- ", *_lines(asked, item, indent + "  ", first=True)]
        return found
    if datum.kind in types.MAPPINGS and datum.entries:
        found = []
        for number, entry in enumerate(datum.ordered()):
            lead = "" if number == 0 and first else indent
            found += [lead, _quoted(entry.key.data), ":", *_held(asked, entry.value, indent)]
        return found
    return [_scalar(datum), "\n"]


def _held(asked: Asked, datum: Datum, indent: str) -> list[str]:
    """What stands behind a key."""
    if datum.kind in types.SEQUENCES and datum.items:
        return ["\n", *_lines(asked, datum, indent, first=False)]
    if datum.kind in types.MAPPINGS and datum.entries:
        return ["\n", *_lines(asked, datum, indent + "  ", first=False)]
    return [" ", _scalar(datum), "\n"]


def _scalar(datum: Datum) -> str:
    if datum.kind in types.SEQUENCES:
        return "[]"
    if datum.kind in types.MAPPINGS:
        return "{}"
    if datum.kind == "string":
        return _quoted(datum.string)
    if datum.kind == "number":
        return numbers.text(datum.data)
    return {None: "null", True: "true", False: "false"}[datum.data]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


FUNCTIONS = {
    "yamldecode": Function("string", ANY, _yamldecode),
    "yamlencode": Function("any?", STRING, _yamlencode),
}

"""`yamlencode` and `yamldecode`."""

from __future__ import annotations

import json
import re

from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.functions.encodings import whole
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, STRING
from iamlint.formats.terraform.values import DEEPEST, Datum, Entry, boolean, mapping, null, sequence
from iamlint.syntax.escapes import decoded
from iamlint.syntax.value import Value

_INTEGER = re.compile(r"[+-]?[0-9]+")
_SPECIAL = re.compile(r"0[xob]?[0-9a-fA-F_]+|[+-]?[0-9][0-9_]*_[0-9_]*|[+-]?\.(?:inf|nan)", re.I)


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
    if value.kind == "number":
        made = numbers.number(span.text)
        return asked.unknown(ANY) if made is None else Datum("number", made, span)
    if value.kind == "string":
        return Datum("string", value, span)
    return null(span) if value.kind == "null" else boolean(bool(value.data), span)


def _yamlencode(asked: Asked) -> Datum:
    asked.run.spend(10, asked.span)
    return whole(asked, "".join(_lines(asked, asked.arguments[0], "", first=True)))


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
        text = datum.string
        if "\n" in text:
            raise NotImplementedError
        return _quoted(text)
    if datum.kind == "number":
        return numbers.text(datum.data)
    return {None: "null", True: "true", False: "false"}[datum.data]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


FUNCTIONS = {
    "yamldecode": Function("string", ANY, _yamldecode),
    "yamlencode": Function("any?", STRING, _yamlencode),
}

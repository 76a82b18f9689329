"""`jsonencode` and `jsondecode`: what was a value before it was a text keeps its places."""

from __future__ import annotations

from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.documents import Encoded, encoded
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, STRING
from iamlint.formats.terraform.values import (
    DEEPEST,
    Datum,
    Entry,
    Rest,
    boolean,
    mapping,
    null,
    sequence,
)
from iamlint.source import Problem
from iamlint.syntax import json
from iamlint.syntax.escapes import decoded
from iamlint.syntax.holes import has_private
from iamlint.syntax.value import Value
from iamlint.typed import cast


def _jsonencode(asked: Asked) -> Datum:
    return encoded(asked.run, asked.arguments[0], asked.span)


def _jsondecode(asked: Asked) -> Datum:
    run, written = asked.run, asked.arguments[0]
    if isinstance(written, Encoded):
        return _again(run, written.of)
    if written.kind == "unknown" or run.holes(written.string[:1]):
        return asked.unknown(ANY)
    run.spend(len(written.string) // 4, asked.span)
    value, problems = json.parse(decoded(written.text))
    if value is None or any(map(_is_wrong, problems)):
        if run.holes(written.string):
            return asked.unknown(ANY)
        reason = f": {problems[0].message}" if problems else ""
        raise asked.fault(f"this text is not JSON{reason}", 0)
    return _Reader(asked, written.string).value(value, 0)


def _is_wrong(problem: Problem) -> bool:
    return problem.blocking or problem.code == "not-strict-json"


def _again(run: Run, datum: Datum) -> Datum:
    """A value that was made a text, and is made a value again: JSON knows fewer types."""
    run.spend(1, datum.span)
    if datum.kind in types.SEQUENCES:
        return sequence("tuple", [_again(run, item) for item in datum.items], datum.span)
    if datum.kind in types.MAPPINGS:
        made = {k: e._replace(value=_again(run, e.value)) for k, e in datum.entries.items()}
        return mapping("object", made, datum.span)
    if datum.kind == "rest":
        rest = cast(Rest, datum)
        return Rest(_again(run, rest.each), rest.name, rest.span)
    return null(datum.span) if datum.kind == "null" else datum


class _Reader:
    """Makes values of a document that was read from a text."""

    def __init__(self, asked: Asked, text: str) -> None:
        self._asked = asked
        self._text = text

    def value(self, value: Value, depth: int) -> Datum:
        self._asked.run.spend(1, self._asked.span)
        if depth > DEEPEST:
            raise self._asked.fault(f"this is nested more than {DEEPEST} levels deep", 0)
        span = value.span
        if value.kind == "object":
            entries = {
                self.text(each.key).data: Entry(each.key, self.value(each.value, depth + 1))
                for each in value.members
            }
            return mapping("object", entries, span)
        if value.kind == "array":
            return sequence("tuple", [self.value(i, depth + 1) for i in value.items()], span)
        if value.kind == "string":
            return Datum("string", self.text(value), span)
        if value.kind == "number":
            made = numbers.number(span.text)
            if made is None:
                raise self._asked.fault("a number in this text is too large, or too small", 0)
            return Datum("number", made, span)
        return null(span) if value.kind == "null" else boolean(bool(value.data), span)

    def text(self, value: Value) -> Value:
        """A string of the document. Raises Fault when an escape in it looks like a hole."""
        if not value.data.isascii() and has_private(value.data):
            for char in value.data:
                if ord(char) >= 0xF0000 and char not in self._text:
                    raise self._asked.fault("this text holds characters for private use", 0)
        return value


FUNCTIONS = {
    "jsonencode": Function("any?", STRING, _jsonencode, open=True),
    "jsondecode": Function("string", ANY, _jsondecode, open=True),
}

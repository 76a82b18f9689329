"""Functions that convert a value to another type, or mark it."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.formats.terraform import types
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, BOOL, NUMBER, STRING, Type
from iamlint.formats.terraform.values import Datum, boolean, is_sensitive


def _to(wanted: Type) -> Callable[[Asked], Datum]:
    def work(asked: Asked) -> Datum:
        return convert(asked.run, asked.arguments[0], wanted, asked.place(0))

    return work


def _sensitive(asked: Asked) -> Datum:
    asked.run.world.has_sensitive = True
    return asked.arguments[0].marked()


def _nonsensitive(asked: Asked) -> Datum:
    return asked.arguments[0].like(sensitive=False)


def _issensitive(asked: Asked) -> Datum:
    datum = asked.arguments[0]
    if datum.kind == "unknown" and not datum.sensitive:
        return asked.unknown(BOOL)
    return boolean(is_sensitive(datum), asked.span)


def _same(asked: Asked) -> Datum:
    return asked.arguments[0]


def _refused(asked: Asked) -> Datum:
    """What is different each time it is asked for, or needs what is not there."""
    name = f"{asked.full} #{asked.run.counted()}"
    return asked.run.unknown(name, asked.span, STRING, nullable=False, wild=False)


def _now(asked: Asked) -> Datum:
    return asked.run.unknown(asked.full, asked.span, STRING, nullable=False, wild=False)


FUNCTIONS = {
    "bcrypt": Function("string, *number", STRING, _refused, open=True),
    "ephemeralasnull": Function("any?", ANY, _same, open=True),
    "issensitive": Function("any?", BOOL, _issensitive, open=True),
    "nonsensitive": Function("any?", ANY, _nonsensitive, open=True),
    "plantimestamp": Function("", STRING, _now),
    "rsadecrypt": Function("string, string", STRING, _now, open=True),
    "sensitive": Function("any?", ANY, _sensitive, open=True),
    "timestamp": Function("", STRING, _now),
    "tobool": Function("any?", BOOL, _to(BOOL), open=True),
    "tolist": Function("any?", types.list_of(ANY), _to(types.list_of(ANY)), open=True),
    "tomap": Function("any?", types.map_of(ANY), _to(types.map_of(ANY)), open=True),
    "tonumber": Function("any?", NUMBER, _to(NUMBER), open=True),
    "toset": Function("any?", types.set_of(ANY), _to(types.set_of(ANY)), open=True),
    "tostring": Function("any?", STRING, _to(STRING), open=True),
    "uuid": Function("", STRING, _refused),
}

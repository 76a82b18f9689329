"""Functions on moments, written as RFC 3339 says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from iamlint.formats.faults import quoted
from iamlint.formats.terraform.functions.encodings import whole
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import NUMBER, STRING
from iamlint.formats.terraform.values import Datum
from iamlint.typed import NamedTuple

_MOMENT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|([+-])(\d{2}):(\d{2}))",
    re.ASCII,
)
_UNITS = {"h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000}
_UNITS |= {"ms": 1_000_000, "us": 1_000, "µs": 1_000, "ns": 1}
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = "January February March April May June July August September October November December"


class Moment(NamedTuple):
    """A moment; parts of a second are kept apart, for Go counts smaller ones than Python."""

    at: datetime
    nanoseconds: int


def _moment(asked: Asked, argument: int) -> Moment:
    text = asked.arguments[argument].string
    found = _MOMENT.fullmatch(text)
    help = "a moment looks like `2024-01-31T12:30:00Z`"
    try:
        if found is None:
            raise ValueError
        numbers = [int(found[number]) for number in range(1, 7)]
        zone = UTC
        if found[9]:
            away = timedelta(hours=int(found[10]), minutes=int(found[11]))
            zone = timezone(-away if found[9] == "-" else away)
        fraction = int((found[7] or "0")[:9].ljust(9, "0"))
        at = datetime(*numbers, tzinfo=zone)  # type: ignore[arg-type,misc]
        return Moment(at, fraction)
    except (ValueError, OverflowError):
        raise asked.fault(f"{quoted(text)} is not a moment", argument, help) from None


def _timeadd(asked: Asked) -> Datum:
    moment, text = _moment(asked, 0), asked.arguments[1].string
    bare = text.lstrip("+-")
    parts = list(_DURATION.finditer(bare))
    if (
        "".join(part[0] for part in parts) != bare
        or (not parts and bare != "0")
        or len(text) - len(bare) > 1
    ):
        raise asked.fault(f"{quoted(text)} is not a duration", 1, "one looks like `1h30m`")
    total = sum(_nanoseconds(part[1], _UNITS[part[2]]) for part in parts)
    total = moment.nanoseconds + (-total if text[:1] == "-" else total)
    try:
        at = moment.at + timedelta(seconds=total // 1_000_000_000)
    except OverflowError:
        raise asked.fault("this moment is too far away", 1) from None
    return whole(asked, _iso(at))


def _nanoseconds(text: str, unit: int) -> int:
    whole_, _, behind = text.partition(".")
    part = int(behind[:18] or "0") * unit // 10 ** len(behind[:18]) if behind else 0
    return int(whole_[:18] or "0") * unit + part


def _iso(at: datetime) -> str:
    text = at.strftime(f"{at.year:04}-%m-%dT%H:%M:%S")
    return text + (_zone(at, ":") if at.utcoffset() else "Z")


def _zone(at: datetime, colon: str) -> str:
    away = at.utcoffset() or timedelta()
    minutes = int(away.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{colon}{abs(minutes) % 60:02}"


def _timecmp(asked: Asked) -> Datum:
    one, two = _moment(asked, 0), _moment(asked, 1)
    return Datum("number", (one > two) - (one < two), asked.span)


def _formatdate(asked: Asked) -> Datum:
    moment = _moment(asked, 1).at
    made: list[str] = []
    for token in _TOKEN.finditer(asked.arguments[0].string):
        if token[0] == "'":
            raise asked.fault("a quote in this format is never closed", 0)
        if token[1] is not None:
            made.append(token[1].replace("''", "'") or "'")
        elif token[2]:
            made.append(_dated(asked, moment, token[0]))
        else:
            made.append(token[0])
    return whole(asked, "".join(made))


def _dated(asked: Asked, at: datetime, letters: str) -> str:
    """One part of a date."""
    hour = at.hour % 12 or 12
    month, day = _MONTHS.split()[at.month - 1], _DAYS[at.weekday()]
    known = {
        "YYYY": f"{at.year:04}",
        "YY": f"{at.year % 100:02}",
        "MMMM": month,
        "MMM": month[:3],
        "MM": f"{at.month:02}",
        "M": str(at.month),
        "DD": f"{at.day:02}",
        "D": str(at.day),
        "EEEE": day,
        "EEE": day[:3],
        "hh": f"{at.hour:02}",
        "h": str(at.hour),
        "HH": f"{hour:02}",
        "H": str(hour),
        "AA": "AM" if at.hour < 12 else "PM",
        "aa": "am" if at.hour < 12 else "pm",
        "mm": f"{at.minute:02}",
        "m": str(at.minute),
        "ss": f"{at.second:02}",
        "s": str(at.second),
        "ZZZZZ": _zone(at, ":"),
        "ZZZZ": _zone(at, ""),
        "ZZZ": _zone(at, "") if at.utcoffset() else "UTC",
        "Z": _zone(at, ":") if at.utcoffset() else "Z",
    }
    if letters not in known:
        raise asked.fault(f"{quoted(letters)} is not a part of a date", 0)
    return known[letters]


FUNCTIONS = {
    "formatdate": Function("string, string", STRING, _formatdate),
    "timeadd": Function("string, string", STRING, _timeadd),
    "timecmp": Function("string, string", NUMBER, _timecmp),
}

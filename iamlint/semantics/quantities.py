"""Numbers and instants, exactly: each is a whole count of very small units.

NOTE: never as floats. They round what has more than 15 digits, and a bound that is rounded up lets
somebody in. `fractions` would do, but takes longer to import than most checks take in all.
"""

from __future__ import annotations

import re

from iamlint.semantics.budget import Undecided

_PLACES = 60
UNIT = 10**_PLACES
"""How many units are one, or one second."""

_LONGEST = 1_000  # characters of a number that we read; those of real policies have twenty or so
_NUMBER = r"([+-]?)(?:(\d++)(?:\.(\d*+))?|\.(\d++))(?:[eE]([+-]?\d++))?"
_DATE = (
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d++))?)?(Z|[+-]\d\d:?\d\d))?)?)?"
)
_SECONDS = r"-?(?:\d{1,3}|\d{5,})(?:\.\d++)?"  # four digits are a year


def parse_number(text: str) -> int | None:
    """The number an IAM numeric operator reads, in units; None when it is not one.

    Raises Undecided when it has more digits than units can tell, or an exponent made to be hard.
    """
    match = re.fullmatch(_NUMBER, text, re.ASCII)
    if match is None:
        return None
    sign, whole, decimals, bare, exponent = match.groups(default="")
    fraction = decimals or bare
    if len(text) > _LONGEST or len(exponent) > 3:
        raise Undecided("a number is too long to be compared")
    # the last place stays free, so that there is a number between any two
    shift = _PLACES - 1 - len(fraction) + int(exponent or 0)
    units: int = int(whole + fraction) * 10 ** max(shift, 0)
    cut: int = 10 ** max(-shift, 0)
    if units % cut:
        raise Undecided("a number has too many decimals to be compared")
    return units // cut * (-10 if sign == "-" else 10)


def parse_date(text: str) -> int | None:
    """The instant of an ISO 8601 date (W3C profile) or of a count of seconds, in units since 1970.

    None when it is neither. Raises Undecided as `parse_number` does.
    """
    if re.fullmatch(_SECONDS, text, re.ASCII):
        return parse_number(text)
    match = re.fullmatch(_DATE, text, re.ASCII)
    if match is None:
        return None
    from datetime import datetime  # noqa: PLC0415 - slow to import and seldom needed

    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        when = datetime.fromisoformat(
            f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
            f"{(zone or 'Z').replace('Z', '+00:00')}"
        )
    except ValueError:
        return None
    part = parse_number(f"0.{fraction or 0}")
    return None if part is None else int(when.timestamp()) * UNIT + part


def print_number(units: int) -> str:
    """The number as IAM reads it."""
    whole, rest = divmod(abs(units), UNIT)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}" + f".{rest:0{_PLACES}}".rstrip("0").rstrip(".")


def print_date(seconds: int) -> str:
    """The instant of a whole number of seconds since 1970; just the number where dates end."""
    from datetime import UTC, datetime  # noqa: PLC0415 - slow to import and seldom needed

    try:
        text = datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return str(seconds)
    return text.replace("+00:00", "Z")

"""The tokens of JSON: what a sound piece looks like, and what an unsound one is cut down to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json.decoder import JSONDecoder

from iamlint.source import Span
from iamlint.syntax.escapes import ESCAPE
from iamlint.syntax.value import Value
from iamlint.typed import Any, NoReturn

_WS = r"[ \t\n\r]*+"
_PLAIN = r'("[^"\\\x00-\x1f]*+")'  # a string without escapes
_SCALAR = r"(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?|true|false|null)"

# One match takes a whole plain item and what ends it. Groups: key, string, other scalar, opener.
MEMBER = re.compile(rf"{_WS}{_PLAIN}{_WS}:{_WS}(?:(?:{_PLAIN}|{_SCALAR}){_WS}[,}}]|([{{\[]))").match
ITEM = re.compile(rf"{_WS}()(?:(?:{_PLAIN}|{_SCALAR}){_WS}[,\]]|([{{\[]))").match
STRING, OPENER = 2, 4
AFTER = re.compile(rf"{_WS}([,\]}}])").match

# Invisible characters that JSON does not count as blank; pasted text is full of them.
_ODD = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u2064\u3000\ufeff"
)
_SOLID = frozenset('{}[]":,') | {""}  # what is no gap, at one look
_GAP = (
    r"(?P<blank>[ \t\n\r]++)|(?P<comment>//[^\n\r]*+|#[^\n\r]*+|/\*.*?\*/)"
    rf"|(?P<unclosed>/\*.*)|(?P<odd>[{_ODD}]++)"
)
_NO_COMMENT = r"(?!//|/\*|#)"
_WORD = rf"""(?!:)(?:{_NO_COMMENT}[^ \t\n\r{_ODD},{{}}\[\]"'])+"""
_NAME = rf"""(?:{_NO_COMMENT}[^ \t\n\r{_ODD},{{}}\[\]"':=])+"""
_LOOSE = r"Q[^Q\\\n\r]*(?:\\[^\n\r][^Q\\\n\r]*)*(Q?)"
_MARK = rf"{ESCAPE}|(?P<bad>\\(?:u[0-9a-zA-Z]{{0,4}}|.)|[\x00-\x1f])"
_SURROGATE_ESCAPE = r"\\u[dD][89a-fA-F]"

_LITERALS: dict[str, tuple[str, bool | None]] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "null": ("null", None),
}


# Patterns of the careful path are compiled, and kept by `re`, when first needed: a sound file
# does not pay for them.


def gap(text: str, at: int) -> re.Match[str] | None:
    """Blanks, a comment or characters that nobody sees, if there are some."""
    if text[at : at + 1] in _SOLID:
        return None
    return re.compile(_GAP, re.DOTALL).match(text, at)


def word(text: str, at: int) -> re.Match[str] | None:
    """What stands where a value is due and has no quotes; it may hold `:`, as an ARN does."""
    return re.compile(_WORD).match(text, at)


def name(text: str, at: int) -> re.Match[str] | None:
    """What stands where a key is due and has no quotes."""
    return re.compile(_NAME).match(text, at)


def loose_string(text: str, at: int, quote: str) -> re.Match[str] | None:
    """A string up to its closing quote (group 1) or the end of its line, whatever is inside."""
    return re.compile(_LOOSE.replace("Q", quote)).match(text, at)


def bad_marks(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Bad escapes and raw control characters inside a string."""
    found = re.compile(_MARK).finditer(text, start, end)
    return (mark for mark in found if mark.lastgroup == "bad")


def lone_surrogate(data: str) -> re.Match[str] | None:
    """The first run of surrogates in decoded text."""
    return re.compile("[\ud800-\udfff]+").search(data)


def is_scalar(text: str) -> bool:
    return re.compile(_SCALAR).fullmatch(text) is not None


def scalar(text: str, span: Span) -> Value:
    """The value of a sound number or literal."""
    literal = _LITERALS.get(text)
    return Value(*literal, span) if literal else Value("number", _number(text), span)


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:  # a fraction, an exponent, or more digits than Python will convert
        return float(text)


def raw_surrogate(text: str) -> tuple[int, int] | None:
    """The first run of surrogates that stand in the text itself."""
    try:
        if not text.isascii():
            text.encode()
    except UnicodeEncodeError as error:
        return error.start, error.end
    return None


def sound_end(text: str, start: int, room: int) -> int:
    """The end of the container at `start` if the reader would find no fault in it, else 0.

    `room` is the number of levels that it may be nested.
    """
    try:
        data, end = _SKIMMER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return 0
    if re.compile(_SURROGATE_ESCAPE).search(text, start, end):
        return 0
    brackets = text.count("[", start, end) + text.count("{", start, end)
    return end if brackets <= room or _depth_within(data, room) else 0


def _depth_within(data: Any, room: int) -> bool:
    """Whether skimmed data is nested at most `room` levels."""
    level = [data]
    for _ in range(room):
        level = [child for holder in level for child in _held(holder) if type(child) in _HOLDERS]
        if not level:
            return True
    return False


def _held(holder: tuple[tuple[str, Any], ...] | list[Any]) -> list[Any]:
    return holder if isinstance(holder, list) else [value for _, value in holder]


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


# Numbers stay text, for Python converts only so many digits; pairs keep what a dict would drop.
_HOLDERS = (tuple, list)
_SKIMMER = JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=tuple
)

"""Decodes the escapes of JSON strings and of URLs, keeping where every character was written."""

from __future__ import annotations

import re
from collections.abc import Callable

from iamlint.source import Derivation, Source, Span
from iamlint.syntax.value import Value

ESCAPE = (
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r'|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]'
)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_PERCENT = "(?i:%[0-7]H|%(?:c[2-9a-f]|dH)C|%eHCC|%f[0-4]CCC)".replace("C", "%[89ab]H").replace(
    "H", "[0-9a-f]"
)


class Quoted(Value):
    """A string between quotes, written with the escapes of JSON."""

    __slots__ = ()

    def derivation(self) -> Derivation:
        return decode(_inner(self.span), ESCAPE, _character)[1]


def unescaped(span: Span) -> str:
    """The text between the quotes of a span; what is no escape of JSON stays as it is."""
    return decode(_inner(span), ESCAPE, _character)[0]


def decoded(value: Value) -> Source:
    """The text inside a string, as a source whose spans lead back to the very characters."""
    return Source(value.span.source.name, str(value.data), value.derivation())


def url_decoded(source: Source) -> Source:
    """The text with its percent escapes read as UTF-8; malformed ones stay as they are."""
    text, derivation = decode(Span(source, 0, len(source.text)), _PERCENT, _percent)
    return Source(source.name, text, derivation)


def _inner(span: Span) -> Span:
    return Span(span.source, span.start + 1, span.end - 1)


def decode(span: Span, pattern: str, read: Callable[[str], str]) -> tuple[str, Derivation]:
    """Copies the span's text, each match of the pattern read as one step."""
    text, here, size = span.source.text, span.start, 0
    pieces, starts, origins = [], [0], [here]
    for found in re.compile(pattern).finditer(text, here, span.end):
        left, right = found.span()
        for piece, stop in ((text[here:left], left), (read(found.group()), right)):
            if stop > here:
                pieces.append(piece)
                size += len(piece)
                starts.append(size)
                origins.append(stop)
                here = stop
    pieces.append(text[here : span.end])
    starts.append(size + span.end - here)
    origins.append(span.end)
    return "".join(pieces), Derivation(span.source, starts, origins)


def _character(escape: str) -> str:
    if len(escape) == 12:
        high, low = int(escape[2:6], 16), int(escape[8:], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    if escape[1] == "u":
        return chr(int(escape[2:], 16))
    return _SHORT.get(escape[1], escape[1])


def _percent(escape: str) -> str:
    try:
        return bytes.fromhex(escape.replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:  # overlong, a surrogate, beyond Unicode
        return escape

"""Decodes the literal text of templates, keeping where every character was written."""

from __future__ import annotations

import re
from collections.abc import Callable

from iamlint.source import Derivation, Source

Cut = tuple[int, int]  # the code points `[start, end)` of a source
Tell = Callable[[int, int], None]

# What Unicode calls a space and HCL strips: narrower than `str.isspace`, which knows U+001C too.
SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
SPACE += "\u2028\u2029\u202f\u205f\u3000"

_BRACES = r"\$\$\{|%%\{"
_QUOTED = rf"\\(?:u[0-9a-fA-F]{{4}}|U[0-9a-fA-F]{{8}}|.)|{_BRACES}"
_SHORT = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def decoded(
    source: Source, cuts: tuple[Cut, ...], quoted: bool, tell: Tell | None = None
) -> tuple[str, Derivation]:
    """The text written in the cuts, and how it came out of them.

    Only a `quoted` text has escapes with a backslash. What is no escape of HCL stays as it is,
    and its place is told.
    """
    pattern = re.compile(_QUOTED if quoted else _BRACES)
    here, size = cuts[0][0], 0
    pieces, starts, origins = [], [0], [here]
    for start, end in cuts:
        steps = [("", here, start)]  # text between two cuts leaves nothing behind
        here = start
        for found in pattern.finditer(source.text, start, end):
            left, right = found.span()
            steps += [(source.text[here:left], here, left), (_read(found, tell), left, right)]
            here = right
        steps.append((source.text[here:end], here, end))
        here = end
        for piece, left, right in steps:
            if right > left:
                pieces.append(piece)
                size += len(piece)
                starts.append(size)
                origins.append(right)
    return "".join(pieces), Derivation(source, starts, origins)


def trimmed(source: Source, cut: Cut, quoted: bool, side: str) -> Cut:
    """The cut without the space that its decoded text has on the `left` or the `right` side."""
    text, derivation = decoded(source, (cut,), quoted)
    kept = text.lstrip(SPACE) if side == "left" else text.rstrip(SPACE)
    if side == "left":
        place = derivation.span(len(text) - len(kept), len(text))
        return (place.start if kept else cut[1], cut[1])
    return (cut[0], derivation.span(0, len(kept)).end if kept else cut[0])


def _read(found: re.Match[str], tell: Tell | None) -> str:
    """The text that an escape stands for."""
    escape = found.group()
    if escape[0] != "\\":
        return escape[1:]
    if len(escape) > 2:
        code = int(escape[2:], 16)
        if code < 0xD800 or 0xDFFF < code < 0x110000:
            return chr(code)
    elif escape[1] in _SHORT:
        return _SHORT[escape[1]]
    if tell:
        tell(*found.span())
    return escape

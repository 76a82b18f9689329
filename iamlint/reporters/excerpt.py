"""Cuts the line of a span out of its text, safe for a terminal, and measures where carets go."""

from __future__ import annotations

from iamlint.source import Span
from iamlint.typed import NamedTuple

WIDTH = 100  # code points of a line that are shown
BEFORE = 30  # of these, before the span, when more of the line follows it


class Excerpt(NamedTuple):
    """One line of a text as a terminal may show it; `indent` and `carets` in terminal cells."""

    line: int
    column: int
    text: str
    indent: int
    carets: int
    more_lines: int


class _Window(NamedTuple):
    """The part `[left, right)` of a line that is shown, and on which sides it is cut."""

    left: int
    right: int
    cut_left: bool
    cut_right: bool


def excerpt(span: Span) -> Excerpt:
    """The first line of a span, or as much of it around the span as is readable."""
    text = span.source.text
    line, column = span.source.position(span.start)
    last_line, _ = span.source.position(max(span.start, span.end - 1))
    window = _window(text, span.start - column + 1, span.start)
    before = clean(text[window.left : span.start])
    marked = clean(text[span.start : max(span.start, min(span.end, window.right))])
    after = clean(text[max(span.start, min(span.end, window.right)) : window.right])
    left, right = "…" * window.cut_left, "…" * window.cut_right
    return Excerpt(
        line=line,
        column=column,
        text=f"{left}{before}{marked}{after}{right}".rstrip(),
        indent=len(left) + cells(before),
        carets=max(1, cells(marked)),
        more_lines=last_line - line,
    )


def _window(text: str, start: int, point: int) -> _Window:
    """The readable part around `point` of the line that begins at `start`.

    Nothing here depends on the length of the line: minified JSON is one line of many megabytes.
    """
    end = text.find("\n", point, point + WIDTH)
    if end > start and text[end - 1] == "\r":
        end -= 1
    open_end = end < 0 and point + WIDTH < len(text)
    if end < 0:
        end = min(point + WIDTH, len(text))
    if end - start <= WIDTH:
        return _Window(start, end, False, open_end)
    left = max(start, min(point - BEFORE, end - WIDTH))
    right = min(end, left + WIDTH)
    return _Window(left, right, left > start, open_end or right < end)


def clean(text: str) -> str:
    """Make a stranger's text harmless to print: nothing that moves, colours or reorders."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _visible(char) for char in text)


def _visible(char: str) -> str:
    code = ord(char)
    if char == "\t":
        return "    "
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of the control character
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def cells(text: str) -> int:
    """How many cells of a terminal a clean text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(char: str) -> int:
    from unicodedata import category, east_asian_width  # noqa: PLC0415 - rarely needed

    if category(char) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(char) in ("W", "F") else 1

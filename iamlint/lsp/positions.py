"""Turns places of a text into positions of the protocol, and back."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"  # the units that columns are counted in
Position = tuple[int, int]
"""A line and a column, both from 0, the column in the units of an encoding."""

_LINE_END = re.compile("\r\n|\n|\r")


class Lines:
    """A text as lines: they end with `\\r\\n`, `\\n` or `\\r`, and their ends have no column."""

    __slots__ = ("_ascii", "_ends", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        if "\r" in text:
            found = [match.span() for match in _LINE_END.finditer(text)]
            self._ends = [start for start, _ in found]
            self._starts = [0, *(end for _, end in found)]
        else:
            self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]
            self._ends = [start - 1 for start in self._starts[1:]]
        self._ends.append(len(text))

    def offset(self, line: int, column: int, encoding: str) -> int | None:
        """The code point at a position; None where that would be inside of one.

        What lies behind the end of a line is its end; behind the last line, the end of the text.
        """
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self._ends[line]
        if self._ascii or encoding == UTF32:
            return min(start + column, end)
        written = self.text[start:end]
        if written.isascii():
            return min(start + column, end)
        inside = _points(written, column, encoding)
        return None if inside is None else start + inside

    def position(self, offset: int, encoding: str) -> Position:
        """The position of a code point; between the two of a line end it is that of both."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        stop = min(offset, self._ends[line])
        if self._ascii or encoding == UTF32:
            return line, stop - start
        return line, units(self.text[start:stop], encoding)


def units(text: str, encoding: str) -> int:
    """How many units of an encoding a text takes; half of a surrogate pair is one of UTF-16."""
    if encoding == UTF32 or text.isascii():
        return len(text)
    if encoding == UTF16:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass"))


def _points(text: str, column: int, encoding: str) -> int | None:
    """How many code points take so many units, at most all; None for a part of one."""
    if encoding == UTF16:
        data, width = text.encode("utf-16-le", "surrogatepass"), 2
        name = "utf-16-le"
    else:
        data, width = text.encode("utf-8", "surrogatepass"), 1
        name = "utf-8"
    if column * width >= len(data):
        return len(text)
    before = data[: column * width]
    try:
        found = len(before.decode(name, "surrogatepass"))
    except UnicodeDecodeError:
        return None
    return found if text[:found].encode(name, "surrogatepass") == before else None

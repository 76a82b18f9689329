"""A place in a YAML text and what stands around it, line by line."""

from __future__ import annotations

import re

from iamlint.source import Source, Span
from iamlint.typed import NamedTuple

_WORD = re.compile(r"[^\s,\]}]+|[,\]}]")
_REST = re.compile(r"[^\n\r]*?(?=[ \t]+#|[ \t]*(?:[\n\r]|\Z))")


class Spot(NamedTuple):
    """Where reading stopped (`at`), and where that which was being read began; code points."""

    source: Source
    at: int
    begin: int

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def line_start(self) -> int:
        return self.start_of(self.at)

    @property
    def line(self) -> str:
        return self.text[self.line_start : self.end_of(self.at)]

    @property
    def before(self) -> str:
        """What stands on the line before the place."""
        return self.text[self.line_start : self.at]

    @property
    def start_above(self) -> int:
        """Where the line above begins, blank lines left out; the line itself when it is first."""
        above = len(self.text[: self.line_start].rstrip())
        return self.start_of(above) if above else self.line_start

    @property
    def line_above(self) -> str:
        start = self.start_above
        return self.text[start : self.end_of(start)] if start < self.line_start else ""

    def start_of(self, at: int) -> int:
        """Where the line of a place begins."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def end_of(self, at: int) -> int:
        """Where the line of a place ends."""
        ends = (self.text.find("\n", at), self.text.find("\r", at))
        return min((end for end in ends if end >= 0), default=len(self.text))

    def column(self, at: int) -> int:
        """The column of a place, from 0."""
        return at - self.start_of(at)

    def position(self, at: int) -> tuple[int, int]:
        """Line and column of a place in the file, from 1."""
        place = Span(self.source, at, at).root()
        return place.source.position(place.start)

    def indent_of(self, at: int) -> int:
        """How far the line of a place is indented."""
        start = self.start_of(at)
        return self.indent(self.text[start : self.end_of(start)])

    @staticmethod
    def indent(line: str) -> int:
        return len(line) - len(line.lstrip(" "))

    def rest(self, at: int) -> str:
        """What stands from a place to the end of its line, without a comment."""
        found = _REST.match(self.text, at)
        return found.group() if found else ""

    def word(self, at: int) -> str:
        """The text at a place up to a blank, a `,` or a closing bracket; empty at the end."""
        found = _WORD.match(self.text, at)
        return found.group() if found else self.text[at : at + 1].strip()

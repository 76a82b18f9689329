"""Tells where in a TOML text each key and each value stands, which `tomllib` does not.

The text has been read by `tomllib` before, so what is not here is every check of its grammar.
"""

from __future__ import annotations

import re
import tomllib

from iamlint.settings.errors import Steps
from iamlint.typed import NamedTuple

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*(\.?)""")
_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}' r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.S,
)  # fmt: skip
_BARE = re.compile(r"[^,\]}#\n]*")


class Place(NamedTuple):
    """Where a key (that of an item of a list: the item) and its value stand, in code points."""

    key: tuple[int, int]
    value: tuple[int, int]


def places(text: str) -> dict[Steps, Place]:
    """The place of every key and item of a sound TOML text, by the steps that lead to it.

    A table that is opened several times stands where it is opened first.
    """
    reader = _Reader(text)
    reader.run()
    return reader.found


class _Reader:
    """One walk over the text."""

    __slots__ = ("_at", "_counts", "_text", "found")

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counts: dict[Steps, int] = {}  # of the tables in arrays of tables
        self.found: dict[Steps, Place] = {}

    def run(self) -> None:
        table: Steps = ()
        while self._skip():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self) -> bool:
        """Passes over blanks and comments; whether anything follows."""
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        return self._at < len(self._text)

    def _header(self) -> Steps:
        """Reads `[a.b]` or `[[a.b]]`, and gives the table that it opens."""
        start = self._at
        many = self._text.startswith("[[", start)
        self._at += 2 if many else 1
        names = self._names()
        self._at = self._text.index("]", self._at) + (2 if many else 1)
        here = (start, self._at)
        steps: Steps = ()
        for number, (name, _, _) in enumerate(names):
            steps = (*steps, name)
            last = number + 1 == len(names)
            if last and many:
                self._keep(steps, here, here)
                self._counts[steps] = self._counts.get(steps, -1) + 1
            if steps in self._counts:
                steps = (*steps, self._counts[steps])
            self._keep(steps, here, here)
        return steps

    def _names(self) -> list[tuple[str, int, int]]:
        """The parts of a dotted key, each with its place."""
        found: list[tuple[str, int, int]] = []
        while (part := _KEY.match(self._text, self._at)) is not None:
            found.append((_plain(part[1]), part.start(1), part.end(1)))
            self._at = part.end()
            if not part[2]:
                break
        return found

    def _pair(self, table: Steps) -> None:
        """Reads `a.b = value`."""
        names = self._names()
        self._at = self._text.index("=", self._at) + 1
        steps = table
        opened = [(steps := (*steps, name), (start, end)) for name, start, end in names]
        value = self._value(steps)
        for inner, key in opened:
            self._keep(inner, key, value)

    def _value(self, steps: Steps) -> tuple[int, int]:
        """Reads a value and gives its place."""
        self._skip()
        start = self._at
        opening = self._text[start : start + 1]
        if opening == "[":
            self._items(steps)
        elif opening == "{":
            self._inline(steps)
        else:
            match = _TEXT.match(self._text, start)
            if match is None:
                match = _BARE.match(self._text, start)
                assert match is not None
                self._at = start + len(match[0].rstrip())
            else:
                self._at = match.end()
        return start, self._at

    def _items(self, steps: Steps) -> None:
        self._at += 1
        number = 0
        while self._skip() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            item = self._value((*steps, number))
            self._keep((*steps, number), item, item)
            number += 1
        self._at += 1

    def _inline(self, steps: Steps) -> None:
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._pair(steps)
        self._at += 1

    def _keep(self, steps: Steps, key: tuple[int, int], value: tuple[int, int]) -> None:
        self.found.setdefault(steps, Place(key, value))


def _plain(key: str) -> str:
    """A part of a key without its quotes."""
    if key[0] not in "\"'":
        return key
    (name,) = tomllib.loads(f"{key} = 0")
    return name

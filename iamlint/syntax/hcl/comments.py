"""Finds the comments of an HCL text, and nothing that only looks like one in a string."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.source import Source, Span
from iamlint.syntax.hcl.text import SPACE
from iamlint.syntax.hcl.tokens import name_end

# INVARIANT: as in `tokens`, no match goes back over what it has read.
_CODE = re.compile(r'[^#/"<{}]++|(?:#|//)[^\n]*+|/\*(?>(?:[^*]++|\*(?!/))*)(?:\*/|\Z)|<<-?|.', re.S)
_QUOTED = re.compile(r'[^"\\$%\n]++|\\[^\n]|\$\$\{|%%\{|[$%]\{|.', re.S)
_HEREDOC = re.compile(r"[^$%\n]++|\$\$\{|%%\{|[$%]\{|.", re.S)
_OPEN = ("${", "%{")


def comments(source: Source) -> Iterator[Span]:
    """The comments in the order of the text, each with its marks and without its line end."""
    return _Scanner(source).found()


class _Scanner:
    """One walk over a text, sound or broken: a string ends with its line at the latest."""

    __slots__ = ("_at", "_levels", "_source", "_text")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._at = 0
        # What is open: the tag of a heredoc, `"` of a string, or how many braces are open in code.
        self._levels: list[str | int] = [0]

    def found(self) -> Iterator[Span]:
        while self._at < len(self._text):
            level = self._levels[-1]
            if isinstance(level, int):
                yield from self._code(level)
            elif level == '"':
                self._quoted()
            else:
                self._heredoc(level)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        assert found is not None, "every character matches"
        self._at = found.end()
        return found[0]

    def _code(self, braces: int) -> Iterator[Span]:
        start = self._at
        word = self._take(_CODE)
        if word.startswith(("#", "//", "/*")):
            end = self._at - word.endswith("\r")
            yield Span(self._source, start, end)
        elif word == '"':
            self._levels.append('"')
        elif word.startswith("<<"):
            self._begin_heredoc()
        elif word == "{":
            self._levels[-1] = braces + 1
        elif word == "}" and not braces and len(self._levels) > 1:
            self._levels.pop()  # the sequence of a template ends
        elif word == "}":
            self._levels[-1] = max(braces - 1, 0)

    def _quoted(self) -> None:
        word = self._take(_QUOTED)
        if word in _OPEN:
            self._levels.append(0)
        elif word in ('"', "\n"):
            self._levels.pop()

    def _begin_heredoc(self) -> None:
        end = name_end(self._text, self._at)
        tag = self._text[self._at : end]
        line = self._text.find("\n", end)
        if tag and line >= 0 and not self._text[end:line].strip("\r"):
            self._at = line  # its text begins behind this line end
            self._levels.append(tag)

    def _heredoc(self, tag: str) -> None:
        word = self._take(_HEREDOC)
        if word in _OPEN:
            self._levels.append(0)
        elif word == "\n":
            end = self._text.find("\n", self._at)
            line = self._text[self._at : end if end >= 0 else len(self._text)]
            if line.strip(SPACE) == tag:
                self._at += len(line)
                self._levels.pop()

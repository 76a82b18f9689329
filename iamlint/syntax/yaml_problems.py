"""Tells what is wrong with a YAML text: each trouble once, for people, and not too many."""

from __future__ import annotations

import re

from iamlint.source import Problem, Source, Span
from iamlint.syntax.json_problems import code_point, shown
from iamlint.syntax.json_problems import in_quotes as in_json_quotes

DEPTH = 500  # levels; templates need fewer than thirty
TOO_DEEP = f"the YAML is nested more than {DEPTH} levels deep"
_FAULTS = 16  # problems told of one text
_VALUES = 3_000_000  # of one text: each needs one of the marks below
_MARKS = ":,-?[{"
_DIRECTIVES = 100  # `%TAG`s of one text; libyaml compares each with every other
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # by YAML 1.1
)


class YamlProblems:
    """The problems of one text, collected while it is read."""

    __slots__ = ("_dropped", "_found", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: list[Problem] = []
        self._dropped = 0

    def fault(
        self,
        start: int,
        end: int,
        message: str,
        advice: str | None = None,
        code: str = "invalid-yaml",
    ) -> None:
        """A blocking problem of the code points `[start, end)`."""
        if len(self._found) == _FAULTS:
            self._dropped += 1
            return
        span = Span(self._source, start, end)
        self._found.append(Problem(code, message, self._source.name, span, advice))

    def has(self, code: str) -> bool:
        """Whether a problem of that kind was told already."""
        return any(problem.code == code for problem in self._found)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether something was told of a part of `[start, end)` already."""
        spans = [problem.span for problem in self._found if problem.span]
        return any(span.start < end and start < span.end for span in spans)

    def all(self) -> list[Problem]:
        """Everything told, in the order of the text."""
        found = sorted(self._found, key=lambda problem: problem.span.start if problem.span else 0)
        if self._dropped:
            message = f"{found[-1].message} (and {self._dropped} more after it)"
            found[-1] = found[-1]._replace(message=message)
        return found


def too_many_values(source: Source) -> Problem | None:
    """What to say of a text that would take gigabytes or hours to read, without reading it."""
    if source.text.count("%TAG") > _DIRECTIVES:
        message = f"the text has more than {_DIRECTIVES} `%TAG`, which is the most that is read"
    elif sum(map(source.text.count, _MARKS)) > _VALUES:
        message = f"the text may hold more than {_VALUES:,} values, which is the most that is read"
    else:
        return None
    span = Span(source, 0, min(1, len(source.text)))
    return Problem("too-large", message, source.name, span, "split it into several files")


def in_quotes(text: str) -> str:
    """Advice to write a plain text as a quoted one."""
    return 'put it in double quotes: `"…"`' if "`" in text else in_json_quotes(text)


def forbidden(text: str) -> tuple[int, str, str] | None:
    """The first character that may not stand in YAML: its place, a message and advice."""
    found = _FORBIDDEN.search(text)
    if not found:
        return None
    character = found.group()
    if "\ud800" <= character <= "\udfff":
        message = f"{code_point(character)} is half of a surrogate pair and no character"
        return found.start(), message, "remove it, or write the character it was part of"
    message = f"{code_point(character)} may not stand in YAML"
    escape = f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
    return found.start(), message, f"remove it, or write {shown(escape)} in double quotes"

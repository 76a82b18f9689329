"""Tells what is wrong with an HCL text: for people, in its place, and not too much of it."""

from __future__ import annotations

import re

from iamlint.source import Problem, Source, Span
from iamlint.syntax.json_problems import code_point, shown

_FAULTS = 16  # told of one text
_HOPELESS = 1000  # faults, told or not, after which a text is not worth reading on

_QUOTES = 'a string stands between double quotes: `"…"`'
_ODD = {
    "'": ("`'` is not a quote in HCL", _QUOTES),
    "`": (
        "a backtick is not a quote in HCL",
        f"{_QUOTES}; one of many lines is a heredoc: `<<EOT`",
    ),
    ";": ("`;` separates nothing in HCL", "put what follows on a line of its own"),
    "&": ("`&` is not an operator of HCL", "and is written `&&`"),
    "|": ("`|` is not an operator of HCL", "or is written `||`"),
    "^": ("`^` is not an operator of HCL", "a power is `pow(base, exponent)`"),
    "~": (
        "`~` is not an operator of HCL",
        "not is written `!`; `~` may stand only in `${~` and `~}`",
    ),
    "\r": ("U+000D ends no line when it stands alone", "end the line with U+000A"),
}
_ODD |= {quote: (f"`{quote}` is not a quote in HCL", _QUOTES) for quote in "“”„‟‘’«»"}
_TOKEN = r'=>|[=!<>]=|\w[\w-]*|"(?:[^"\\\n]|\\.)*"|(.)\1*'


class Fault(Exception):
    """What keeps a part of a text from being read: its place, the trouble, and advice."""

    def __init__(self, start: int, end: int, message: str, advice: str | None = None) -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.message = message
        self.advice = advice


class HclProblems:
    """The problems of one text, collected while it is read."""

    __slots__ = ("_dropped", "_faults", "_source", "hopeless")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._faults: list[Problem] = []
        self._dropped = 0
        self.hopeless = False

    def tell(self, fault: Fault) -> None:
        if len(self._faults) == _FAULTS:
            self._dropped += 1
            self.hopeless = self._dropped + _FAULTS >= _HOPELESS
            return
        end = min(max(fault.end, fault.start + 1), len(self._source.text))
        span = Span(self._source, min(fault.start, end), end)
        name = self._source.name
        self._faults.append(Problem("invalid-hcl", fault.message, name, span, fault.advice))

    def all(self) -> list[Problem]:
        """Everything told, in the order of the text."""
        found = list(self._faults)
        if self._dropped:
            count = f"at least {self._dropped}" if self.hopeless else str(self._dropped)
            message = f"{found[-1].message} (and {count} more after it)"
            found[-1] = found[-1]._replace(message=message)
        return sorted(found, key=lambda problem: problem.span.start if problem.span else 0)


def misplaced(text: str, at: int, due: str, advice: str | None = None) -> Fault:
    """The fault of what stands at `at`, where something else is due: `where a value is due`."""
    mark = text[at : at + 1]
    if not mark:
        return Fault(at - 1, at, f"the text ends {due}", advice)
    if mark == "\n" or text.startswith("\r\n", at):
        return Fault(at, at + 1, f"the line ends {due}", advice)
    if text.startswith("/*", at):
        return Fault(at, at + 2, "this comment is never closed", "end it with `*/`")
    if mark in _ODD:
        return Fault(at, at + 1, *_ODD[mark])
    if not mark.isprintable() or mark.isspace():
        message = f"{code_point(mark)} may stand only inside a string"
        return Fault(at, at + 1, message, "remove it, or put a plain space there")
    found = re.compile(_TOKEN).match(text, at)
    token = found.group() if found else mark
    return Fault(at, at + len(token), f"{shown(token)} stands {due}", advice)

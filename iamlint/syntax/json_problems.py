"""Tells what is wrong with a JSON text: each trouble once, for people, and not too many."""

from __future__ import annotations

import re

from iamlint.source import Problem, Source, Span

_FAULTS = 16  # blocking problems told of one text; with one of each kind in `_NOTES` at most 20
_HOPELESS = 1000  # faults, told or not, after which a text is not worth reading on
_VALUES = 3_000_000  # of one text; fifty megabytes of an account's roles hold two millions
_SHOWN = 40  # code points of a user's text in a message

_NUMERIC = r"[-+]?\.?[0-9]"
_ACCOUNT = r"0[0-9]{11}"
_NOT_FINITE = frozenset(("nan", "infinity", "-infinity", "inf", "-inf"))
_MEANT = {name: name for name in ("true", "false", "null")}
_MEANT |= dict.fromkeys(("none", "nil", "undefined"), "null")

_STRICT = "remove it: IAM refuses a policy that is not strict JSON"
_NOTES = {
    "mark": ("not-strict-json", "the text begins with a byte order mark", _STRICT),
    "comment": ("not-strict-json", "JSON has no comments; this one was read past", _STRICT),
    "comma": ("not-strict-json", "nothing follows this `,`; it was read past", _STRICT),
    "surrogate": (
        "lone-surrogate",
        "half of a surrogate pair stands alone and is no character",
        "write both halves of the pair, or remove it",
    ),
}


class JsonProblems:
    """The problems of one text, collected while it is read."""

    __slots__ = (
        "_counts",
        "_dropped",
        "_faults",
        "_firsts",
        "_left",
        "_run",
        "_source",
        "hopeless",
    )

    def __init__(self, source: Source) -> None:
        self._source = source
        self._faults: list[Problem] = []
        self._dropped = 0
        self._left = _HOPELESS
        self.hopeless = False
        self._run = (len(source.text) + 1, 0)  # the last fault and all that tripped over it
        self._firsts: dict[str, Span] = {}  # of each kind of note
        self._counts = dict.fromkeys(_NOTES, 0)

    def fault(self, start: int, end: int, message: str, advice: str | None = None) -> None:
        """A blocking problem; what only trips over the one just before it is not told."""
        self._left -= 1
        self.hopeless = self._left <= 0
        first, last = self._run
        near = first <= start and not self._source.text[last:start].strip()
        self._run = (first if near else start, max(last, end))
        if near:
            return
        if len(self._faults) == _FAULTS:
            self._dropped += 1
            return
        span = Span(self._source, start, end)
        self._faults.append(Problem("invalid-json", message, self._source.name, span, advice))

    def note(self, kind: str, start: int, end: int) -> None:
        """Something read past, of a kind in `_NOTES`; the first is shown, the others counted."""
        self._counts[kind] += 1
        if kind not in self._firsts:
            self._firsts[kind] = Span(self._source, start, end)

    def all(self) -> list[Problem]:
        """Everything told, in the order of the text."""
        found = list(self._faults)
        if self._dropped:
            count = f"at least {self._dropped}" if self.hopeless else str(self._dropped)
            message = f"{found[-1].message} (and {count} more after it)"
            found[-1] = found[-1]._replace(message=message)
        found += [self._noted(kind, span) for kind, span in self._firsts.items()]
        return sorted(found, key=lambda problem: problem.span.start if problem.span else 0)

    def _noted(self, kind: str, span: Span) -> Problem:
        code, message, advice = _NOTES[kind]
        count = self._counts[kind]
        more = f" (and {count - 1} more like it)" if count > 1 else ""
        return Problem(code, message + more, self._source.name, span, advice, blocking=False)


def too_many_values(source: Source) -> Problem | None:
    """What to say of a text that would take gigabytes to read, without reading it."""
    if sum(map(source.text.count, ",[{")) <= _VALUES:
        return None
    message = f"the text holds more than {_VALUES:,} values, which is the most that is read"
    span = Span(source, 0, min(1, len(source.text)))
    return Problem("too-large", message, source.name, span, "split it into several files")


def shown(text: str) -> str:
    """A user's text, made fit for one line of any output, between backticks."""
    cut = text[:_SHOWN] + "…" if len(text) > _SHOWN else text
    return f"`{''.join(c if c.isprintable() else _escaped(c) for c in cut)}`"


def code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def in_quotes(text: str) -> str:
    """Advice to write the text as a JSON string."""
    if len(text) > _SHOWN or not text.isprintable() or '"' in text or "\\" in text:
        return 'put it in double quotes: `"…"`'
    return f'write `"{text}"`'


def word_fault(word: str) -> tuple[str, str]:
    """Message and advice for a word that is no JSON value."""
    meant = _MEANT.get(word.lower())
    if meant:
        return f"{shown(word)} is not a JSON value", f"write `{meant}`, or put it in double quotes"
    if word.lower() in _NOT_FINITE:
        return f"{shown(word)} is not a JSON number", "JSON has finite numbers only, or `null`"
    if re.fullmatch(_ACCOUNT, word):
        return f"{shown(word)} is not a JSON number", f"an account id is text: {in_quotes(word)}"
    if re.match(_NUMERIC, word):
        return f"{shown(word)} is not a JSON number", "one looks like `12`, `-1.5` or `1e3`"
    return f"{shown(word)} is not in quotes", in_quotes(word)


def mark_fault(mark: str) -> tuple[str, str]:
    """Message and advice for a bad escape, or a control character, inside a string."""
    if mark[0] != "\\":
        escape = {"\t": "\\t", "\b": "\\b", "\f": "\\f"}.get(mark, f"\\u{ord(mark):04x}")
        return f"{code_point(mark)} may not stand inside a string", f"write `{escape}`"
    if mark[1] == "u":
        return f"{shown(mark)} is not an escape of JSON", "`\\u` takes four hexadecimal digits"
    known = '`\\"` `\\\\` `\\/` `\\b` `\\f` `\\n` `\\r` `\\t` `\\uXXXX`'
    return f"{shown(mark)} is not an escape of JSON", f"a backslash is `\\\\`; escapes are {known}"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()

"""Collects what is wrong in a template, in words for people, each place once."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.source import Problem, Source, Span

_SHOWN = 60  # code points of a user's text in a message


class Told(Exception):
    """Something to tell of a template, in its place."""

    def __init__(
        self, message: str, span: Span, help: str | None = None, code: str = "invalid-template"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.help = help
        self.code = code


class Fault(Told):
    """A part of a template cannot be evaluated as it is written: what it gives is a hole."""


class TooMuch(Told):
    """A part of a template would take too long to evaluate: its role is not judged."""

    def __init__(self, message: str, span: Span, help: str | None = None) -> None:
        super().__init__(message, span, help, "too-large")


class Faults:
    """The problems of one template."""

    __slots__ = ("_seen", "_source", "count", "found")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seen: set[tuple[str, Span]] = set()
        self.found: list[Problem] = []
        self.count = 0  # of all that was told, again or not

    def tell(self, fault: Told, *, blocking: bool = True) -> None:
        """Keeps a fault as a problem; the same fault of the same place is kept once."""
        problem = Problem(
            fault.code, fault.message, self._source.name, fault.span, fault.help, blocking
        )
        self.add([problem])

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.count += 1
            key = (problem.message, problem.span) if problem.span else (problem.message, None)
            if key not in self._seen:
                self._seen.add(key)  # type: ignore[arg-type]
                self.found.append(problem)


def quoted(text: str) -> str:
    """A text of the user in backticks, on one line, cut when it is long."""
    cut = text[:_SHOWN] + "…" if len(text) > _SHOWN else text
    return f"`{''.join(c if c.isprintable() else _escaped(c) for c in cut)}`"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def one_of(words: Iterable[str], most: int = 8) -> str:
    """A list of what would have been valid: `` `a`, `b` or `c` ``."""
    named = [quoted(word) for word in words]
    if len(named) > most:
        return f"{', '.join(named[:most])} or one of {len(named) - most} more"
    *others, last = named or ["nothing"]
    return f"{', '.join(others)} or {last}" if others else last


def nearest(word: str, choices: Iterable[str]) -> str:
    """The choice most like a word; empty when none is near."""
    known = list(choices)
    if not word or len(word) > 64 or len(known) > 2_000:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import, and needed for faults only

    by_lower = {choice.lower(): choice for choice in known}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.75)
    return by_lower[found[0]] if found else ""


def meant(word: str, choices: Iterable[str], what: str) -> str:
    """Advice for a name that is not there: the nearest, else all there are."""
    known = list(choices)
    near = nearest(word, known)
    if near:
        return f"did you mean {quoted(near)}?"
    return f"the {what} are {one_of(known)}" if known else f"there are no {what}"

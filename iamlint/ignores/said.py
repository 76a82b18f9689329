"""Holds an ignore as somebody wrote it, and checks what all ways to write one have in common."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.config import Config
from iamlint.findings import Justification, Place
from iamlint.ignores.ignore import Ignore
from iamlint.rules.book import RuleBook
from iamlint.rules.paths import near_miss
from iamlint.source import Problem, Span
from iamlint.typed import NamedTuple

INVALID = "invalid-ignore"
HOW = "write `iamlint: ignore[RULE]: reason`, or `iamlint: ignore[RULE] until 2027-01-01: reason`"

_DAY = 24 * 60 * 60  # seconds
_EPOCH = 719_163  # the ordinal of 1970-01-01


class Part(NamedTuple):
    """A text, and where it is written."""

    text: str
    place: Span


class Reader:
    """Takes ignores that are in order; of all others it tells what is wrong."""

    __slots__ = ("_config", "_ids", "problems")

    def __init__(self, book: RuleBook, config: Config) -> None:
        self._config = config
        self._ids = {rule.id for rule in book.rules}
        self.problems: list[Problem] = []

    def tell(self, place: Span, message: str, help: str = HOW, code: str = INVALID) -> None:
        """Says what is wrong with an ignore, which counts for nothing then.

        That blocks nothing: what it would hide is shown.
        """
        path = place.source.name
        self.problems.append(Problem(code, message, path, place, help or None, blocking=False))

    def take(self, rules: list[Part], until: Part | None, reason: str, place: Span) -> list[Ignore]:
        """The ignores of some rules that are in force; `place` is all that says so."""
        day = self._day(until) if until is not None else ""
        known = [rule for rule in rules if self._is_known(rule)]
        if day is None or not known:
            return []
        said = reason.strip()
        if not said and self._config.require_reason:
            help = "say why, behind a colon: `iamlint: ignore[RULE]: reason`"
            message = "an ignore has to give a reason here, and this one counts for nothing"
            self.tell(place, message, help, "ignore-without-reason")
            return []
        return [
            Ignore(rule.text, Justification(said, Place(rule.place), day))
            for rule in known
            if not self._is_over(rule, day)
        ]

    def _is_known(self, rule: Part) -> bool:
        if rule.text in self._ids:
            return True
        near = near_miss(rule.text, sorted(self._ids))
        meant = f"did you mean `{near}`? " if near else ""
        help = f"{meant}`iamlint rules` lists them all"
        self.tell(rule.place, f"there is no rule `{rule.text}` to ignore", help)
        return False

    def _day(self, until: Part) -> str | None:
        """The day as written; None, with a problem, where it is none."""
        if _ordinal(until.text) is not None:
            return until.text
        help = "write the last day on which it is to count, like `2027-01-01`"
        self.tell(until.place, f"`{until.text}` is no day", help)
        return None

    def _is_over(self, rule: Part, day: str) -> bool:
        """Whether the last day of an ignore is gone."""
        last, now = _ordinal(day), self._config.now
        if last is None or now is None or now < (last - _EPOCH + 1) * _DAY:
            return False
        message = f"this ignore of `{rule.text}` ended with {day}"
        help = "mend what it hid, or give it another day"
        self.tell(rule.place, message, help, "expired-ignore")
        return True


def parts(text: str, span: Span, start: int) -> Iterator[Part]:
    """The ids between commas of a text that begins at `start`."""
    at = start
    for each in text.split(","):
        word = each.strip()
        begin = at + len(each) - len(each.lstrip())
        yield Part(word, Span(span.source, begin, begin + len(word)))
        at += len(each) + 1


def _ordinal(day: str) -> int | None:
    """The number of a day like `2027-01-01`; None for any other text."""
    from datetime import date  # noqa: PLC0415 - few ignores end

    if len(day) != 10 or day[4] != "-" or not day.isascii():
        return None
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return None

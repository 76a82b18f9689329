"""Times the phases of a check, and shows on a terminal how far a long one has come."""

from __future__ import annotations

import sys
from itertools import count
from time import perf_counter

from iamlint.cli.output import tell
from iamlint.config import Config
from iamlint.findings import Report
from iamlint.rules.book import RuleBook
from iamlint.source import Entries, Files
from iamlint.typed import Any

AFTER = 1.0  # seconds that nobody needs to be told of
EVERY = 0.1  # seconds between two looks of the bar


class Progress:
    """Watches a check: what each part takes, and how many roles are done."""

    __slots__ = ("_bar", "_began", "_last", "_looked", "_shows", "_spent", "_times", "_unseen")

    def __init__(self, started: float, shows: bool, times: bool) -> None:
        self._shows = shows
        self._times = times
        self._bar: Any = None
        self._unseen = 0  # roles that the bar does not show yet
        self._began = 0.0
        self._looked = started + AFTER - EVERY
        self._last = started
        self._spent = dict.fromkeys(("settings", "rules", "disk", "reading", "judging"), 0.0)

    def judge(self, files: Files, paths: list[str], config: Config, book: RuleBook) -> Report:
        """Judge as the library does."""
        from iamlint.linting import lint_with  # noqa: PLC0415 - wrong usage is refused without it

        try:
            return lint_with(_Timed(files, self._spent), paths, config, book, self)
        finally:
            self._close()

    def ended(self, phase: str) -> None:
        """A part of the check is over; reading is what is left of it without disk and judging."""
        now = perf_counter()
        inner = self._spent["disk"] + self._spent["judging"] if phase == "reading" else 0.0
        self._spent[phase] = max(0.0, now - self._last - inner)
        self._last = now

    def tell(self) -> None:
        """Say how long the parts took, where that was asked for."""
        if self._times:
            parts = (f"{name} {round(spent * 1000)} ms" for name, spent in self._spent.items())
            tell("time: " + " · ".join(parts))

    def begins(self) -> None:
        """A role is looked at."""
        self._began = perf_counter()

    def judged(self) -> None:
        """The role is judged."""
        now = perf_counter()
        self._spent["judging"] += now - self._began
        self._unseen += 1
        if self._shows and now - self._looked >= EVERY:
            self._looked = now
            self._show()

    def _show(self) -> None:
        if self._bar is None:
            from click import progressbar  # noqa: PLC0415 - a short check does without it

            # nobody knows how many there will be: what is read tells where to read on
            self._bar = progressbar(
                count(), label="roles judged", show_pos=True, show_eta=False, file=sys.stderr
            )
            self._bar.__enter__()
        self._bar.update(self._unseen)
        self._unseen = 0

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.update(self._unseen)
            self._bar.render_finish()
            self._bar = None


class _Timed:
    """Files, and how long it took to get them."""

    __slots__ = ("_files", "_spent")

    def __init__(self, files: Files, spent: dict[str, float]) -> None:
        self._files = files
        self._spent = spent

    def read(self, path: str) -> bytes:
        started = perf_counter()
        try:
            return self._files.read(path)
        finally:
            self._spent["disk"] += perf_counter() - started

    def list(self, path: str) -> Entries:
        started = perf_counter()
        try:
            return self._files.list(path)
        finally:
            self._spent["disk"] += perf_counter() - started

    def kind(self, path: str) -> str | None:
        started = perf_counter()
        try:
            return self._files.kind(path)
        finally:
            self._spent["disk"] += perf_counter() - started

"""Decides when to check: soon after the last change, and never two checks at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from iamlint.lsp.worker import Superseded, Ticket

Check = Callable[[frozenset[str], bool, Ticket], Awaitable[None]]


class Schedule:
    """The next check, and the one under way: what is asked for later takes its place."""

    __slots__ = ("_changed", "_check", "_everything", "_task", "_ticket", "_timer")

    def __init__(self, check: Check) -> None:
        self._check = check
        self._changed: frozenset[str] = frozenset()  # keys of documents that no check has covered
        self._everything = False
        self._timer: asyncio.TimerHandle | None = None
        self._ticket = Ticket()
        self._task: asyncio.Task[None] | None = None

    def ask(self, changed: Iterable[str], delay: float = 0.0, *, everything: bool = False) -> None:
        """Check some documents, or all of them, in so many seconds unless more is asked by then."""
        self._changed |= frozenset(changed)
        self._everything = self._everything or everything
        self._ticket.end()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(delay, self._begin)

    def end(self) -> None:
        """Check no more."""
        self._ticket.end()
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self) -> None:
        self._timer = None
        self._ticket = Ticket()
        self._task = asyncio.ensure_future(self._run(self._changed, self._everything, self._ticket))

    async def _run(self, changed: frozenset[str], everything: bool, ticket: Ticket) -> None:
        try:
            await self._check(changed, everything, ticket)
        except Superseded:
            return
        if ticket.is_wanted:
            self._changed, self._everything = frozenset(), False

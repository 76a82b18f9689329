"""The one thread that checks, so that whoever types does not wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

from iamlint.typed import NamedTuple, cast

Result = TypeVar("Result")


class Superseded(Exception):
    """The work is not wanted any more: the text has moved on."""


class Ticket:
    """Says of one piece of work whether it is still wanted; also a `Watch` that ends a check."""

    __slots__ = ("_ended",)

    def __init__(self) -> None:
        self._ended = False

    def end(self) -> None:
        """Nobody wants it any more."""
        self._ended = True

    @property
    def is_wanted(self) -> bool:
        return not self._ended

    def begins(self) -> None:
        """Go on, or not; raises Superseded."""
        if self._ended:
            raise Superseded

    def judged(self) -> None:
        """A role is judged."""


class _Job(NamedTuple):
    work: Callable[[], object]
    done: Callable[[object, BaseException | None], None]


class Worker:
    """Does one thing after the other, in a thread that does not keep the process alive."""

    __slots__ = ("_jobs", "_thread")

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._thread: Thread | None = None

    async def run(self, work: Callable[[], Result]) -> Result:
        """What the work gives; raises what it raises. Others go on meanwhile."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()

        def done(result: object, error: BaseException | None) -> None:
            with suppress(RuntimeError):  # nobody waits: the loop is closed
                loop.call_soon_threadsafe(
                    partial(_answer, cast("asyncio.Future[object]", answer), result, error)
                )

        self._jobs.put(_Job(work, done))
        if self._thread is None:
            self._thread = Thread(target=self._work, name="iamlint", daemon=True)
            self._thread.start()
        return await answer

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job.done(job.work(), None)
            except Exception as error:
                job.done(None, error)


def _answer(answer: asyncio.Future[object], result: object, error: BaseException | None) -> None:
    if answer.cancelled():
        return
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(result)

"""Shows that something is going on, where that takes longer than a person would expect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

PATIENCE = 1.0  # seconds without a sign of life


@asynccontextmanager
async def shown(
    server: LanguageServer, able: bool, patience: float = PATIENCE
) -> AsyncIterator[None]:
    """Show the progress of what is done meanwhile, in an editor that is `able` to."""
    if not able:
        yield
        return
    progress = _Progress(server)
    timer = asyncio.ensure_future(progress.begin(patience))
    try:
        yield
    finally:
        timer.cancel()
        progress.end()


class _Progress:
    """One bar, or none yet."""

    __slots__ = ("_begun", "_server", "_token")

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._token = f"iamlint {uuid4()}"
        self._begun = False

    async def begin(self, patience: float) -> None:
        await asyncio.sleep(patience)
        try:
            await self._server.work_done_progress.create_async(self._token)
        except JsonRpcException:  # the editor would rather not
            return
        self._begun = True
        begin = types.WorkDoneProgressBegin("iamlint", message="judging who can get in")
        self._server.work_done_progress.begin(self._token, begin)

    def end(self) -> None:
        if self._begun:
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
        self._server.work_done_progress.tokens.pop(self._token, None)  # the library keeps them all

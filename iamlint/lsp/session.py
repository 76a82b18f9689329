"""Holds what the server knows of one editor: its documents, its settings, and what was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from traceback import format_exception
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from iamlint.lsp import progress
from iamlint.lsp.buffers import Buffers, Document, key_of
from iamlint.lsp.checking import Checked, Checks, Judged, Request
from iamlint.lsp.client import Client
from iamlint.lsp.diagnostics import Places, Telling
from iamlint.lsp.pages import Pages
from iamlint.lsp.preferences import Preferences
from iamlint.lsp.schedule import Schedule
from iamlint.lsp.worker import Superseded, Ticket, Worker
from iamlint.project.fault import UsageFault
from iamlint.reporters.text import problem_text
from iamlint.source import Problem
from iamlint.typed import NamedTuple
from iamlint.version import VERSION

Result = TypeVar("Result")


class Shown(NamedTuple):
    """What an editor shows of one version of a document, and where that comes from."""

    judged: Judged
    diagnostics: list[types.Diagnostic]  # those of the findings first, in their order


class Session:
    """One editor at the other end; everything here happens in the thread of its messages."""

    def __init__(self, server: LanguageServer, environment: Mapping[str, str]) -> None:
        self.server = server
        self.client = Client()
        self.preferences = Preferences()
        self.folders: tuple[str, ...] = ()
        self.buffers = Buffers()
        self.checks = Checks(environment)
        self.shown: dict[str, Shown] = {}  # by key of the document
        self.schedule = Schedule(self._check)
        self.hover = Ticket()  # of the last place that was asked for
        self._pages = Pages(environment)
        self._worker = Worker()
        self._told: set[str] = set()
        self._elsewhere: set[str] = set()

    def log(self, message: str) -> None:
        """A line for whoever looks for it."""
        shown = types.LogMessageParams(types.MessageType.Info, message)
        self.server.window_log_message(shown)

    def fault(self, error: Exception) -> None:
        """Leave a trace of what must not happen."""
        self.log(f"iamlint {VERSION} failed; this is a fault of iamlint: {_trace(error)}")

    def warn(self, message: str) -> None:
        """Something that a person has to know; each thing is said once until it changes."""
        if message not in self._told:
            self._told.add(message)
            self.say(message, types.MessageType.Warning)

    def say(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """An answer to what a person has just done."""
        self.server.window_show_message(types.ShowMessageParams(kind, message))

    def withdraw(self, document: Document) -> None:
        """Show nothing of a document any more."""
        self.shown.pop(key_of(document.uri), None)
        self._publish(document, [])

    def by_path(self) -> dict[str, Document]:
        """The open documents that are files, by absolute path."""
        return {each.path: each for each in self.buffers if each.path is not None}

    def request(self, changed: frozenset[str], everything: bool) -> Request:
        """What to check, as it is now."""
        return Request(tuple(self.buffers), changed, everything, self.preferences, self.folders)

    async def apart(self, work: Callable[[], Result]) -> Result:
        """Do something in the thread of checks; raises what it raises."""
        return await self._worker.run(work)

    async def _check(self, changed: frozenset[str], everything: bool, ticket: Ticket) -> None:
        request = self.request(changed, everything)
        work = partial(_work, self.checks, request, ticket, self.client, self._pages)
        try:
            async with progress.shown(self.server, self.client.progress):
                checked, shown = await self.apart(work)
        except Superseded:
            raise
        except Exception as error:
            self._failed(request, error)
            return
        if not ticket.is_wanted:
            return
        for fault in checked.faults:
            self.warn(_told(fault))
        if not checked.faults:
            self._told.clear()
        self._log_problems(checked.elsewhere)
        for each in shown:
            self._show(each)

    def _log_problems(self, problems: list[Problem]) -> None:
        """Say once what could not be judged in files that nobody has open."""
        told = {f"{each.path}: {each.message}" for each in problems}
        for each in sorted(told - self._elsewhere):
            self.log(each)
        self._elsewhere = told

    def _failed(self, request: Request, error: Exception) -> None:
        """Say nothing of documents, rather than something wrong, where a check failed."""
        for document in request.documents:
            self.withdraw(document)
        self.fault(error)

    def _show(self, shown: Shown) -> None:
        """Show what was found, unless the text has moved on."""
        document = shown.judged.document
        if self.buffers.get(document.uri) is document:
            self.shown[key_of(document.uri)] = shown
            self._publish(document, shown.diagnostics)

    def _publish(self, document: Document, diagnostics: list[types.Diagnostic]) -> None:
        version = document.version if self.client.versions else None
        self.server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(document.uri, diagnostics, version)
        )


def _work(
    checks: Checks, request: Request, ticket: Ticket, client: Client, pages: Pages
) -> tuple[Checked, list[Shown]]:
    """Check, and put what is found into words; raises Superseded."""
    checked = checks.run(request, ticket)
    by_path = {each.path: each for each in request.documents if each.path and each.text is not None}
    shown = []
    for judged in checked.judged:
        places = Places(judged.here, by_path, client)
        shown.append(Shown(judged, Telling(judged, client, pages, places).all()))
    return checked, shown


def _told(fault: UsageFault) -> str:
    details = "\n\n".join(map(problem_text, fault.problems))
    help = f"\nhelp: {fault.help}" if fault.help else ""
    return f"iamlint: {fault.message}{help}" + (f"\n{details}" if details else "")


def _trace(error: Exception) -> str:
    return "".join(format_exception(error))

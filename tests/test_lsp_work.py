"""The work behind an editor: in a thread of its own, and given up when nobody wants it any more."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event, get_ident
from typing import Any, cast

import pytest
from lsprotocol import types
from pygls.lsp.server import LanguageServer

from iamlint.lsp.buffers import Document
from iamlint.lsp.checking import Checked, Checks, Request
from iamlint.lsp.features import syncing
from iamlint.lsp.files import BufferFiles
from iamlint.lsp.preferences import Preferences
from iamlint.lsp.schedule import Schedule
from iamlint.lsp.session import Session
from iamlint.lsp.worker import Superseded, Ticket, Worker
from iamlint.source import FileError

OPEN = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
ROLES = 20


def template(roles: int) -> str:
    """A template with roles that differ, so that each is judged."""
    made = {
        f"Role{n}": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        OPEN | {"Condition": {"StringEquals": {"aws:PrincipalTag/n": str(n)}}}
                    ],
                }
            },
        }
        for n in range(roles)
    }
    return json.dumps({"Resources": made})


def request_of(*documents: Document) -> Request:
    return Request(documents, frozenset(), True, Preferences(), ())


class Counting(Ticket):
    """Ends after some roles."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.left = most
        self.roles = 0

    def judged(self) -> None:
        self.roles += 1
        self.left -= 1
        if not self.left:
            self.end()


def test_a_check_that_nobody_wants_ends_between_two_roles(tmp_path: Path) -> None:
    document = Document((tmp_path / "a.json").as_uri(), "json", 1, template(ROLES))
    checks = Checks(os.environ)
    (judged,) = checks.run(request_of(document), Ticket()).judged
    assert len(judged.findings) == ROLES
    ticket = Counting(3)
    with pytest.raises(Superseded):
        checks.run(request_of(document), ticket)
    assert ticket.roles == 3
    (again,) = checks.run(request_of(document), Ticket()).judged
    told = [(each.fingerprint, each.place.span.start) for each in judged.findings]
    assert [(each.fingerprint, each.place.span.start) for each in again.findings] == told


def test_a_check_that_nobody_wants_reads_nothing_more(tmp_path: Path) -> None:
    ticket = Ticket()
    (tmp_path / "a.json").write_text("{}")
    files = BufferFiles(str(tmp_path), [str(tmp_path)], {}, ticket.begins)
    assert files.read("a.json") == b"{}"
    ticket.end()
    with pytest.raises(Superseded):
        files.read("a.json")


def test_buffers_lie_over_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text("disk")
    (tmp_path / "b.tf").write_text("disk")
    (tmp_path.parent / "beyond.tf").write_text("no")
    documents = {
        str(tmp_path / name): Document((tmp_path / name).as_uri(), "", 1, text)
        for name, text in {
            "a.tf": "buffer",
            "new.tf": "😀",
            "sub/c.tf": "c",
            "lost.tf": None,
        }.items()
    }
    files = BufferFiles(str(tmp_path), [str(tmp_path)], documents, lambda: None)
    assert [files.read(name) for name in ("a.tf", "./b.tf", "sub/../new.tf", "sub/c.tf")] == [
        b"buffer",
        b"disk",
        "😀".encode(),
        b"c",
    ]
    listed = {entry.name: entry.size for entry in files.list(".")}
    assert listed == {"a.tf": 6, "b.tf": 4, "new.tf": 4, "lost.tf": 0}
    assert [entry.name for entry in files.list("sub")] == ["c.tf"]
    assert [files.kind(name) for name in ("new.tf", "b.tf", "none.tf")] == ["file", "file", None]
    with pytest.raises(FileError):
        files.read("../beyond.tf")
    assert not files.lost
    with pytest.raises(FileError):
        files.read("lost.tf")
    assert files.lost


def test_nothing_else_waits_for_a_check() -> None:
    async def scene() -> None:
        worker, released = Worker(), Event()
        first = asyncio.ensure_future(worker.run(released.wait))
        second = asyncio.ensure_future(worker.run(get_ident))
        await asyncio.sleep(0)  # everything else goes on, or this would hang for ever
        released.set()
        assert await first
        assert await second != get_ident()
        with pytest.raises(ZeroDivisionError):
            await worker.run(lambda: 1 // 0)
        assert await worker.run(lambda: 5) == 5

    asyncio.run(scene())


def test_what_is_asked_for_later_takes_the_place_of_what_is_under_way() -> None:
    seen: list[tuple[set[str], bool, bool]] = []

    async def scene() -> None:
        started, go = asyncio.Event(), asyncio.Event()

        async def check(changed: frozenset[str], everything: bool, ticket: Ticket) -> None:
            started.set()
            await go.wait()
            seen.append(({*changed}, everything, ticket.is_wanted))
            ticket.begins()

        schedule = Schedule(check)
        schedule.ask(["a"])
        await started.wait()
        started.clear()
        schedule.ask(["b"], 60, everything=True)
        schedule.ask(["c"])
        await started.wait()
        go.set()
        while len(seen) < 2:
            await asyncio.sleep(0)
        started.clear()
        schedule.ask(["d"])
        await started.wait()
        while len(seen) < 3:
            await asyncio.sleep(0)
        schedule.ask(["e"], 60)
        schedule.end()

    asyncio.run(scene())
    assert seen[0] == ({"a"}, False, False)
    assert seen[1] == ({"a", "b", "c"}, True, True), "nothing that was asked for is forgotten"
    assert seen[2] == ({"d"}, False, True)


class Recorder:
    """Stands for the library's server."""

    def __init__(self) -> None:
        self.shown: list[types.PublishDiagnosticsParams] = []
        self.logged: list[str] = []

    def text_document_publish_diagnostics(self, params: types.PublishDiagnosticsParams) -> None:
        self.shown.append(params)

    def window_log_message(self, params: types.LogMessageParams) -> None:
        self.logged.append(params.message)


def play(scene: Callable[[Session, Recorder], Awaitable[None]]) -> None:
    """Run a scene with a session that nobody is at the other end of."""

    async def played() -> None:
        recorder = Recorder()
        session = Session(cast("LanguageServer", recorder), os.environ)
        await scene(session, recorder)
        session.schedule.end()

    asyncio.run(played())


def opened(session: Session, uri: str, version: int = 1) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [OPEN]})
    document = {"uri": uri, "languageId": "json", "version": version, "text": text}
    syncing.opened(session, {"textDocument": document})


async def until(ready: Callable[[], Any]) -> None:
    while not ready():
        await asyncio.sleep(0.001)


def test_what_was_found_in_a_text_that_has_moved_on_is_not_shown() -> None:
    """Even where the check could not be given up in time."""

    async def scene(session: Session, recorder: Recorder) -> None:
        began, go = Event(), Event()
        checks = session.checks

        class Slow(Checks):
            def run(self, request: Request, ticket: Ticket) -> Checked:
                found = checks.run(request, Ticket())
                began.set()
                go.wait()
                return found

        session.checks = Slow(os.environ)
        opened(session, "untitled:a")
        await until(began.is_set)
        change = {"uri": "untitled:a", "version": 2}
        syncing.changed(session, {"textDocument": change, "contentChanges": [{"text": "{}"}]})
        go.set()
        await until(lambda: recorder.shown)
        assert [list(each.diagnostics) for each in recorder.shown] == [[]]

    play(scene)


def test_a_check_that_fails_says_nothing_of_the_text() -> None:
    async def scene(session: Session, recorder: Recorder) -> None:
        opened(session, "untitled:a")
        await until(lambda: recorder.shown)

        class Broken(Checks):
            def run(self, request: Request, ticket: Ticket) -> Checked:
                raise KeyError("oh")

        whole, session.checks = session.checks, Broken(os.environ)
        opened(session, "untitled:a", 2)
        await until(lambda: len(recorder.shown) == 2)
        assert [bool(each.diagnostics) for each in recorder.shown] == [True, False]
        assert "this is a fault of iamlint" in recorder.logged[-1]
        assert "oh" in recorder.logged[-1]
        session.checks = whole
        opened(session, "untitled:a", 3)
        await until(lambda: len(recorder.shown) == 3)
        assert recorder.shown[-1].diagnostics

    play(scene)

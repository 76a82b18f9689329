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
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError
from pygls.lsp.server import LanguageServer

from iamlint.findings import Change
from iamlint.lsp import progress
from iamlint.lsp.buffers import Buffers, Document, Edit, Range
from iamlint.lsp.checking import Checked, Checks, Request
from iamlint.lsp.client import Client
from iamlint.lsp.editing import edit_of, rewriting
from iamlint.lsp.features import syncing
from iamlint.lsp.files import BufferFiles
from iamlint.lsp.preferences import Preferences
from iamlint.lsp.schedule import Schedule
from iamlint.lsp.session import Session
from iamlint.lsp.worker import Superseded, Ticket, Worker
from iamlint.source import FileError, Source, Span

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


def test_of_a_file_that_is_open_twice_the_later_text_counts(tmp_path: Path) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [OPEN]})
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    first, second = (
        Document(f"{tmp_path.as_uri()}/{folder}/a.json", "json", 1, text)
        for folder in ("link", "real")
    )
    judged = Checks(os.environ).run(request_of(first, second), Ticket()).judged
    shown = {each.document.uri: len(each.findings) for each in judged}
    assert shown == {first.uri: 0, second.uri: 1}


def test_edits_are_made_of_the_text_that_was_judged_only(tmp_path: Path) -> None:
    path = tmp_path / "a.tf"
    path.write_bytes("\ufeff# 😀 = *\r\n".encode())
    source = Source("a.tf", "# 😀 = *\r\n")
    change = Change(Span(source, 6, 7), "é")
    client = Client(document_changes=True)
    document = Document(path.as_uri(), "", 3, "\ufeff# 😀 = *\r\n")
    places = []
    for documents in ({}, {str(path): document}):
        made = edit_of([change], str(tmp_path), documents, client)
        assert made is not None
        assert made.document_changes is not None
        (of_file,) = made.document_changes
        assert isinstance(of_file, types.TextDocumentEdit)
        (edit,) = of_file.edits
        assert of_file.text_document.uri == path.as_uri()
        places.append((of_file.text_document.version, edit.range.start.character))
    assert places == [(None, 7), (3, 8)], "an editor that keeps the mark counts it"
    later = document.at(4, "# 😀 = **\r\n")
    assert edit_of([change], str(tmp_path), {str(path): later}, client) is None
    path.write_text("# other", "utf-8")
    assert edit_of([change], str(tmp_path), {}, client) is None
    path.unlink()
    assert edit_of([change], str(tmp_path), {}, client) is None


@given(st.text("ab\r\n😀", max_size=20), st.text("ab\r\n😀", max_size=20), st.booleans())
def test_a_text_is_rewritten_line_by_line(before: str, after: str, mark: bool) -> None:
    client = Client(document_changes=True)
    document = Document("file:///a", "", 1, "\ufeff" * mark + before)
    made = rewriting(document, after, client)
    if before == after:
        assert made is None
        return
    assert made is not None
    assert made.document_changes is not None
    (whole,) = made.document_changes
    assert isinstance(whole, types.TextDocumentEdit)
    buffers = Buffers()
    buffers.open("file:///a", "", 1, document.text or "")
    for version, edit in enumerate(reversed(whole.edits), 2):
        assert isinstance(edit, types.TextEdit)
        start, end = ((each.line, each.character) for each in (edit.range.start, edit.range.end))
        buffers.change("file:///a", version, [Edit(Range(start, end), edit.new_text)])
    (left,) = buffers
    assert left.text == "\ufeff" * mark + after


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
        self.work_done_progress: object = None

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


class Bars:
    """Stands for what the library does about progress."""

    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.tokens: dict[object, object] = {}
        self.log: list[str] = []

    async def create_async(self, token: object) -> None:
        self.log.append("create")
        if self.refuses:
            raise JsonRpcInternalError
        self.tokens[token] = None

    def begin(self, token: object, value: types.WorkDoneProgressBegin) -> None:
        self.log.append("begin")

    def end(self, token: object, value: types.WorkDoneProgressEnd) -> None:
        self.log.append("end")


async def waited(bars: Bars, able: bool, patience: float, ready: Callable[[], Any]) -> None:
    """Work until something has been shown."""
    recorder = Recorder()
    recorder.work_done_progress = bars
    async with progress.shown(cast("LanguageServer", recorder), able, patience):
        await until(ready)
    assert not bars.tokens


def test_what_takes_long_is_shown_as_such() -> None:
    bars, quick, refusing, unable = Bars(), Bars(), Bars(refuses=True), Bars()
    asyncio.run(waited(bars, True, 0, lambda: "begin" in bars.log))
    assert bars.log == ["create", "begin", "end"]
    asyncio.run(waited(quick, True, 60, lambda: True))
    assert quick.log == []
    asyncio.run(waited(refusing, True, 0, lambda: refusing.log))
    assert refusing.log == ["create"]
    asyncio.run(waited(unable, False, 0, lambda: True))
    assert unable.log == []

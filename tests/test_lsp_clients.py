"""Clients that do what no client should, and clients that go away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsp_support import COMMAND, OPEN, SECONDS, Editor, codes, marked, running
from lsprotocol import types
from running import environment

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    folder = tmp_path_factory.mktemp("workspace")
    async with running(folder, {"debounce": 1}, encodings=["utf-8", "utf-16"]) as found:
        yield found


@pytest.fixture
def editor(shared: Editor) -> Iterator[Editor]:
    yield shared
    shared.close_all()


def place(line: object, start: object, last: object, end: object) -> dict[str, object]:
    return {"start": {"line": line, "character": start}, "end": {"line": last, "character": end}}


GARBAGE: dict[str, dict[str, Any]] = {
    "inverted": {"range": place(1, 5, 0, 0), "text": ""},
    "negative": {"range": place(0, -1, 0, 0), "text": ""},
    "fraction": {"range": place(0, 0.5, 0, 1), "text": ""},
    "text": {"range": place(0, "0", 0, 1), "text": ""},
    "bool": {"range": place(0, False, 0, True), "text": ""},
    "huge": {"range": place(0, 0, 10**12, 0), "text": ""},
    "no end": {"range": {"start": {"line": 0, "character": 0}}, "text": ""},
    "a list": {"range": [0, 0, 0, 1], "text": ""},
    "no text": {"range": place(0, 0, 0, 0)},
    "a number": {"text": 5},
    "in a character": {"range": place(3, 1, 3, 1), "text": ""},
}


@pytest.mark.parametrize("name", GARBAGE)
async def test_after_garbage_nothing_is_said(editor: Editor, name: str) -> None:
    uri = editor.open(editor.folder / f"{name}.json", OPEN + "\né")
    await editor.diagnostics(uri)
    logged = len(editor.client.log_messages)
    first = len(editor.shown)
    editor.edit(uri, GARBAGE[name])
    editor.edit(uri, {"range": place(0, 0, 0, 0), "text": " "})
    assert not await editor.shown_next(uri, first)
    told = [each.message for each in editor.client.log_messages[logged:]]
    assert len([each for each in told if uri in each]) == 1, "it is said once"
    editor.edit(uri, {"text": OPEN})
    assert codes(await editor.diagnostics(uri)) == ["public-trust"]


async def test_a_later_text_in_the_same_message_counts(editor: Editor) -> None:
    uri = editor.open(editor.folder / "later.json", OPEN)
    editor.edit(uri, GARBAGE["inverted"], {"text": f" {OPEN}"})
    (found,) = await editor.diagnostics(uri)
    assert marked(f" {OPEN}", found, "utf-8") == "*"


async def test_places_beyond_the_end_are_the_end(editor: Editor) -> None:
    uri = editor.open(editor.folder / "beyond.json", OPEN[:-1])
    editor.edit(uri, {"range": place(99, 0, 2**31 - 1, 7), "text": "}"})
    assert codes(await editor.diagnostics(uri)) == ["public-trust"]
    line = OPEN.split("\n")[1]
    editor.edit(uri, {"range": place(1, len(line), 1, 10**6), "text": " "})
    assert codes(await editor.diagnostics(uri)) == ["public-trust"]


async def test_edits_out_of_order_end_what_is_said(editor: Editor) -> None:
    uri = editor.open(editor.folder / "order.json", OPEN)
    await editor.diagnostics(uri)
    editor.edit(uri, {"range": place(0, 0, 0, 0), "text": " "}, version=7)
    editor.edit(uri, {"range": place(0, 0, 0, 0), "text": "{"}, version=6)
    await editor.becomes(uri, [])
    editor.save(uri, OPEN)
    await editor.becomes(uri, ["public-trust"])


async def test_a_lost_file_of_a_module_silences_the_module(editor: Editor) -> None:
    here = editor.folder / "module"
    text = f"""resource "aws_iam_role" "mine" {{\n  assume_role_policy = jsonencode({OPEN})\n}}\n"""
    roles = editor.open(here / "roles.tf", text)
    assert codes(await editor.diagnostics(roles)) == ["public-trust"]
    other = editor.open(here / "other.tf", "locals {}\n")
    await editor.diagnostics(other)
    editor.edit(other, GARBAGE["inverted"])
    await editor.becomes(roles, [])
    editor.close(other)
    await editor.becomes(roles, ["public-trust"])


async def test_what_is_not_open_can_be_changed_saved_and_closed(editor: Editor) -> None:
    uri = (editor.folder / "never.json").as_uri()
    editor.edit(uri, {"text": OPEN}, version=3)
    editor.save(uri)
    editor.close(uri)
    editor.close(uri)
    other = editor.open(editor.folder / "double.json", OPEN)
    editor.open(
        editor.folder / "double.json", OPEN.replace("*", "arn:aws:iam::210987654321:role/a")
    )
    assert await editor.diagnostics(other) == []
    editor.close(other)
    editor.close(other)
    assert codes(await editor.found(editor.folder / "alive.json", OPEN)) == ["public-trust"]
    assert not editor.since(0, uri)


async def test_folders_come_go_and_are_renamed(editor: Editor) -> None:
    old, new = editor.folder / "old", editor.folder / "new"
    old.mkdir()
    (old / "iamlint.toml").write_text('ignore = ["public-trust"]\n')
    uri = editor.open(old / "role.json", OPEN)
    assert await editor.diagnostics(uri) == []
    old.rename(new)
    editor.save(uri)
    await editor.becomes(uri, ["public-trust"])  # its settings are gone, its text is not
    editor.close(uri)
    moved = editor.open(new / "role.json", OPEN)
    assert await editor.diagnostics(moved) == []
    gone = types.WorkspaceFolder((editor.folder / "never").as_uri(), "never")
    event = types.WorkspaceFoldersChangeEvent(added=[], removed=[gone, gone])
    editor.client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(event)
    )
    await editor.becomes(moved, [])


STRANGE: list[Any] = [
    {"method": "textDocument/didOpen", "params": None},
    {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": 5}}},
    {"method": "textDocument/didChange", "params": []},
    {"method": "textDocument/didChange", "params": {"textDocument": {"uri": None}}},
    {"method": "textDocument/didClose", "params": {"textDocument": 1}},
    {"method": "textDocument/didSave"},
    {"method": "textDocument/didSave", "params": {"textDocument": {"uri": "a"}, "text": 5}},
    {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file://[", "text": ""}}},
    {
        "method": "textDocument/didOpen",
        "params": {
            "textDocument": {
                "uri": "file:///half\ud800/a.json",
                "languageId": "json",
                "version": 1,
                "text": OPEN,
            }
        },
    },
    {"method": "workspace/didChangeConfiguration", "params": {"settings": 5}},
    {"method": "workspace/didChangeWatchedFiles", "params": {"changes": 5}},
    {"method": "$/cancelRequest", "params": {"id": 99}},
    {"method": "$/unknown", "params": {}},
    {"method": "unknown"},
    {"method": 5},
    {"id": 1000, "result": None},
    {"id": 1001, "error": {"code": -1, "message": "no"}},
    {},
]


@pytest.mark.parametrize("message", STRANGE, ids=json.dumps)
async def test_strange_messages_are_passed_over(editor: Editor, message: dict[str, Any]) -> None:
    editor.client.protocol._send_data({"jsonrpc": "2.0", **message})
    assert codes(await editor.found(editor.folder / "strange.json", OPEN)) == ["public-trust"]


async def test_whoever_asks_is_answered() -> None:
    server = Raw(None)
    server.send("textDocument/codeAction", {"range": 5}, id=2)
    assert server.until(None)["error"]["code"] == -32602
    server.send("no/such/method", {}, id=3)
    assert server.until(None)["error"]["code"] == -32601
    server.send("textDocument/codeAction", 5, id=4)
    assert server.until(None)["id"] == 4
    assert server.ends() == 1


BODIES = [b"", b"{", b"[]", b"null", b"5", b'"x"', b"\xff", b"[" * 100_000, b'{"jsonrpc": "1.0"}']


async def test_what_is_no_message_is_passed_over(tmp_path: Path) -> None:
    server = Raw(os.getpid())
    for body in BODIES:
        server.send_bytes(body)
    server.process.stdin.write(b"Strange: header\r\n\r\nContent-Length: -5\r\n\r\n")
    uri = (tmp_path / "role.json").as_uri()
    document = {"uri": uri, "languageId": "json", "version": 1, "text": OPEN}
    server.send("textDocument/didOpen", {"textDocument": document})
    shown = server.until("textDocument/publishDiagnostics")
    assert [each["code"] for each in shown["params"]["diagnostics"]] == ["public-trust"]
    assert server.ends() == 1, "it went without a goodbye"


# not the checkout that the tests may be run in: a wheel may be what is tested
ELSEWHERE = Path(__file__).parent / "data"


class Raw:
    """A server, and a client that writes what it likes."""

    def __init__(self, process: int | None) -> None:
        self.process: Any = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), cwd=ELSEWHERE
        )
        self.send("initialize", {"processId": process, "capabilities": {}}, id=1)

    def send(self, method: str, params: object = None, **more: object) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params, **more}
        self.send_bytes(json.dumps(message).encode())

    def send_bytes(self, body: bytes) -> None:
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def until(self, method: str | None) -> dict[str, Any]:
        while True:
            size = 0
            while line := self.process.stdout.readline().strip():
                name, _, value = line.partition(b":")
                size = int(value) if name == b"Content-Length" else size
            message: dict[str, Any] = json.loads(self.process.stdout.read(size))
            if message.get("method") == method and message.get("id") != 1:
                return message

    def ends(self) -> int:
        """Hang up; the status the server ends with."""
        self.process.stdin.close()
        status: int = self.process.wait(SECONDS)
        return status


async def test_a_server_ends_when_it_is_told() -> None:
    server = Raw(None)
    server.send("shutdown", id=2)
    assert server.until(None)["id"] == 2
    server.send("exit")
    assert server.process.wait(SECONDS) == 0


async def test_an_exit_without_a_goodbye_has_another_status() -> None:
    server = Raw(None)
    server.send("exit")
    assert server.process.wait(SECONDS) == 1


@pytest.mark.skipif(os.name != "posix", reason="nobody can be asked without harm on Windows")
async def test_a_server_ends_with_its_editor() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    server = Raw(gone.pid)
    assert server.process.wait(SECONDS) == 1, "its input is still open"


async def test_a_client_that_reads_nothing_more_is_no_trouble() -> None:
    server = Raw(None)
    server.process.stdout.close()
    document = {"uri": "untitled:a", "languageId": "json", "version": 1, "text": OPEN}
    server.send("textDocument/didOpen", {"textDocument": document})
    assert server.ends() == 1

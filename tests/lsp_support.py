"""An editor for the tests of the language server: opens, types, and waits for what is shown."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client
from running import environment

SECONDS = 60  # after which a test gives up; nothing waits that long

COMMAND = [sys.executable, "-m", "iamlint", "lsp"]

OPEN = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
]}"""


def capabilities(encodings: list[str] | None = None, **others: Any) -> types.ClientCapabilities:
    """Those of an editor that can do everything."""
    shown = types.PublishDiagnosticsClientCapabilities(
        related_information=True,
        tag_support=types.ClientDiagnosticsTagOptions(list(types.DiagnosticTag)),
        version_support=True,
        code_description_support=True,
        data_support=True,
    )
    actions = types.CodeActionClientCapabilities(
        code_action_literal_support=types.ClientCodeActionLiteralOptions(
            types.ClientCodeActionKindOptions(["", "quickfix", "source", "source.fixAll"])
        ),
        is_preferred_support=True,
        data_support=True,
        resolve_support=types.ClientCodeActionResolveOptions(["edit"]),
    )
    hover = types.HoverClientCapabilities(content_format=list(types.MarkupKind)[::-1])
    document = types.TextDocumentClientCapabilities(
        publish_diagnostics=shown, code_action=actions, hover=hover
    )
    workspace = types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        **others,
    )
    general = types.GeneralClientCapabilities(
        position_encodings=[types.PositionEncodingKind(each) for each in encodings or ["utf-16"]]
    )
    return types.ClientCapabilities(text_document=document, workspace=workspace, general=general)


Shown = list[types.Diagnostic]


class Editor:
    """A client, with all that it was shown."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.shown: list[types.PublishDiagnosticsParams] = []
        self.registered: list[types.Registration] = []
        self.encoding = "utf-16"
        self._more = asyncio.Event()
        self._versions: dict[str, int] = {}
        self._open: set[str] = set()
        publish = client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]

        def told(params: types.PublishDiagnosticsParams) -> None:
            publish(params)
            self.shown.append(params)
            self._more.set()

        client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = told

        def register(params: types.RegistrationParams) -> None:
            self.registered.extend(params.registrations)

        client.feature(types.CLIENT_REGISTER_CAPABILITY)(register)

    async def start(self, options: object = None, **given: Any) -> types.InitializeResult:
        """Say hello, with one folder open."""
        params = types.InitializeParams(
            given.pop("capabilities", None) or capabilities(**given),
            root_uri=self.folder.as_uri(),
            workspace_folders=[types.WorkspaceFolder(self.folder.as_uri(), self.folder.name)],
            initialization_options=options,
        )
        result = await self.client.initialize_session(params)
        agreed = result.capabilities.position_encoding
        self.encoding = types.PositionEncodingKind(agreed or "utf-16").value
        return result

    def open(self, path: Path | str, text: str, language: str = "json") -> str:
        """Open a document with a text that is not on the disk; its URI."""
        uri = path.as_uri() if isinstance(path, Path) else path
        self._versions[uri] = self._versions.get(uri, 0) + 1
        self._open.add(uri)
        document = types.TextDocumentItem(uri, language, self._versions[uri], text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return uri

    async def found(self, path: Path | str, text: str, language: str = "json") -> Shown:
        """Open a document, and what is shown of it."""
        return await self.diagnostics(self.open(path, text, language))

    def version(self, uri: str) -> int:
        """The version that a document has now."""
        return self._versions[uri]

    def write(self, uri: str, text: str) -> int:
        """Put another text in its place; the version then."""
        return self.edit(uri, {"text": text})

    def edit(self, uri: str, *changes: dict[str, Any], version: int | None = None) -> int:
        """Send changes as they are, sound or not."""
        if version is None:
            version = self._versions[uri] = self._versions[uri] + 1
        self.send(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [*changes]},
        )
        return version

    def send(self, method: str, params: Any) -> None:
        """Send a notification that need not be a sound one."""
        self.client.protocol._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    def save(self, uri: str, text: str | None = None) -> None:
        identifier = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(identifier, text))

    def close_all(self) -> None:
        """Close what a test left open."""
        for uri in tuple(self._open):
            self.close(uri)

    def close(self, uri: str) -> None:
        self._open.discard(uri)
        identifier = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    async def until(self, what: Callable[[types.PublishDiagnosticsParams], bool]) -> Any:
        """The first thing shown from here on that fits."""
        seen = len(self.shown)
        return await self._since(seen, what)

    async def diagnostics(self, uri: str, version: int | None = None) -> Shown:
        """What is shown for a version of a document, by default the last one."""
        wanted = self._versions[uri] if version is None else version
        found = await self._since(0, lambda each: each.uri == uri and each.version == wanted)
        return list(found.diagnostics)

    def since(self, start: int, uri: str) -> list[Shown]:
        """What was shown of a document since a moment."""
        return [list(each.diagnostics) for each in self.shown[start:] if each.uri == uri]

    async def becomes(self, uri: str, expected: list[str]) -> Shown:
        """Wait until the codes that are shown of a document are these; what is shown then."""
        await self._until(lambda: [codes(each) for each in self.since(0, uri)[-1:]] == [expected])
        return self.since(0, uri)[-1]

    async def shown_next(self, uri: str, start: int) -> Shown:
        """The first thing shown of a document since a moment."""
        await self._until(lambda: bool(self.since(start, uri)))
        return self.since(start, uri)[0]

    async def actions(
        self, uri: str, place: types.Range, *only: str, resolved: bool = True
    ) -> list[types.CodeAction]:
        """What is offered at a place, each with its edit if it has one."""
        context = types.CodeActionContext(diagnostics=[], only=list(only) or None)
        identifier = types.TextDocumentIdentifier(uri)
        asked = types.CodeActionParams(identifier, place, context)
        found = await self.client.text_document_code_action_async(asked)
        actions = [each for each in found or () if isinstance(each, types.CodeAction)]
        if not resolved:
            return actions
        return [await self.client.code_action_resolve_async(each) for each in actions]

    async def _until(self, ready: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not ready():
                self._more.clear()
                await self._more.wait()

    async def _since(
        self, start: int, what: Callable[[types.PublishDiagnosticsParams], bool]
    ) -> Any:
        async with asyncio.timeout(SECONDS):
            while True:
                for each in self.shown[start:]:
                    if what(each):
                        return each
                self._more.clear()
                await self._more.wait()


@asynccontextmanager
async def running(folder: Path, options: object = None, **given: Any) -> AsyncIterator[Editor]:
    """An editor with a server that is ready; `folder` becomes a repository."""
    (folder / ".git").mkdir(exist_ok=True)
    client = make_test_lsp_client()
    # not the checkout that the tests may be run in: a wheel may be what is tested
    await client.start_io(*COMMAND, env=environment(), cwd=folder)
    editor = Editor(client, folder)
    await editor.start(options, **given)
    yield editor
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]


def codes(diagnostics: Shown) -> list[str]:
    return [str(each.code) for each in diagnostics]


def marked(text: str, found: types.Diagnostic, encoding: str = "utf-16-le") -> str:
    """The text that a diagnostic underlines, found by the units of an encoding alone."""
    width = {"utf-16-le": 2, "utf-8": 1, "utf-32-le": 4}[encoding]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start, end = found.range.start, found.range.end
    if start.line != end.line:
        return "\n".join(lines[start.line : end.line + 1])
    data = lines[start.line].encode(encoding)
    return data[start.character * width : end.character * width].decode(encoding)


def applied(
    text: str,
    action: types.CodeAction,
    uri: str,
    version: int | None = None,
    encoding: str = "utf-16",
) -> str:
    """A text after an edit of it alone."""
    assert action.edit is not None
    assert action.edit.document_changes is not None
    (made,) = action.edit.document_changes
    assert isinstance(made, types.TextDocumentEdit)
    assert made.text_document.uri == uri
    assert version is None or made.text_document.version == version
    edits = [each for each in made.edits if isinstance(each, types.TextEdit)]
    return edited(text, edits, encoding)


def edited(text: str, edits: list[types.TextEdit], encoding: str = "utf-16") -> str:
    """A text after some edits, whose columns are units of an encoding."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    name = "utf-8" if width == 1 else f"{encoding}-le"
    data, end = text.encode(name), "\n".encode(name)
    ends = (at for at in range(0, len(data), width) if data[at : at + width] == end)
    starts = [0, *(each + width for each in ends)]

    def offset(position: types.Position) -> int:
        return starts[position.line] + width * position.character

    for edit in sorted(edits, key=lambda each: offset(each.range.start), reverse=True):
        first, last = offset(edit.range.start), offset(edit.range.end)
        data = data[:first] + edit.new_text.encode(name) + data[last:]
    return data.decode(name)

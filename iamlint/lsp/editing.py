"""Puts changes of texts into the words of the protocol, for the very versions they are about."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from lsprotocol import types

from iamlint.disk import DiskFiles
from iamlint.findings import Change
from iamlint.formats.encoding import decode
from iamlint.lsp.buffers import Document
from iamlint.lsp.client import Client
from iamlint.lsp.diagnostics import range_in, range_of
from iamlint.lsp.positions import Lines
from iamlint.lsp.uris import uri_of
from iamlint.source import FileError, Source, Span

_MARK = "\ufeff"
_MOST_LINES = 4_000  # that are compared; more are written over as a whole

TextEdits = list["types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit"]


def edit_of(
    changes: Iterable[Change], here: str, documents: Mapping[str, Document], client: Client
) -> types.WorkspaceEdit | None:
    """The edit that makes some changes; None where one of the texts is not what it was.

    `documents` are those that are open now, by absolute path.
    """
    by_path: dict[str, list[Change]] = {}
    for change in changes:
        path = os.path.normpath(os.path.join(here, change.span.source.name))
        by_path.setdefault(path, []).append(change)
    made: list[types.TextDocumentEdit] = []
    for path, of_file in by_path.items():
        edits = _edits(path, of_file, documents.get(path), client)
        if edits is None:
            return None
        made.append(edits)
    return _workspace_edit(made, client)


def rewriting(document: Document, text: str, client: Client) -> types.WorkspaceEdit | None:
    """The edit that makes another text of a document; None where it would change nothing."""
    source = Source("", _plain(document))
    changes = [Change(Span(source, *place), new) for *place, new in _differences(source.text, text)]
    if not changes:
        return None
    made = types.TextDocumentEdit(
        types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version),
        [_text_edit(document, change, client) for change in changes],
    )
    return _workspace_edit([made], client)


def _edits(
    path: str, changes: list[Change], document: Document | None, client: Client
) -> types.TextDocumentEdit | None:
    """The edits of one file; None where its text is not the one that was judged."""
    if document is not None:
        if any(_plain(document) != change.span.source.text for change in changes):
            return None
        identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        return types.TextDocumentEdit(
            identifier, [_text_edit(document, change, client) for change in changes]
        )
    text = _on_disk(path)
    if text is None or any(text != change.span.source.text for change in changes):
        return None
    lines = Lines(text)
    edits: TextEdits = [
        types.TextEdit(range_of(lines, change.span, 0, client.encoding), change.text)
        for change in changes
    ]
    return types.TextDocumentEdit(
        types.OptionalVersionedTextDocumentIdentifier(uri_of(path)), edits
    )


def _text_edit(document: Document, change: Change, client: Client) -> types.TextEdit:
    return types.TextEdit(range_in(document, change.span, client.encoding), change.text)


def _plain(document: Document) -> str:
    """The text of a document as it is judged: without a byte order mark."""
    return (document.text or "").removeprefix(_MARK)


def _on_disk(path: str) -> str | None:
    try:
        data = DiskFiles([os.path.dirname(path)]).read(path)
    except FileError:
        return None
    return next((each.text for each in decode(path, data) if isinstance(each, Source)), None)


def _workspace_edit(made: list[types.TextDocumentEdit], client: Client) -> types.WorkspaceEdit:
    if client.document_changes:
        return types.WorkspaceEdit(document_changes=list(made))
    changes = {
        each.text_document.uri: [edit for edit in each.edits if isinstance(edit, types.TextEdit)]
        for each in made
    }
    return types.WorkspaceEdit(changes=changes)


def _differences(before: str, after: str) -> Iterator[tuple[int, int, str]]:
    """What to write over in a text, from where to where, to make another one of it."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(old), len(new)) > _MOST_LINES:
        if before != after:
            yield 0, len(before), after
        return
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield starts[i], starts[j], "".join(new[k:m])

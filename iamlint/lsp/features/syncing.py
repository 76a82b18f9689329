"""Follows what happens to documents, and asks for checks."""

from __future__ import annotations

from iamlint.lsp.buffers import Edit, Range, key_of
from iamlint.lsp.positions import Position
from iamlint.lsp.session import Session
from iamlint.typed import Any

_MOST = 2**31 - 1  # of a line or a column, and of a version, as the protocol says
_MILLI = 1_000


class _Garbled(Exception):
    """A message that does not say what the protocol has it say."""


def opened(session: Session, params: Any) -> None:
    """A document is open; its text is ours from now on."""
    try:
        document = _table(_table(params).get("textDocument"))
        uri, text = _text(document.get("uri")), _text(document.get("text"))
        version, language = _number(document.get("version")), _text(document.get("languageId"))
    except _Garbled:
        _lost(session, params)
        return
    if not session.buffers.open(uri, language, version, text):
        session.log(f"{uri} was opened twice; the later text counts")
    session.schedule.ask([key_of(uri)])


def changed(session: Session, params: Any) -> None:
    """A text has moved on."""
    try:
        identifier = _table(_table(params).get("textDocument"))
        uri, version = _text(identifier.get("uri")), _number(identifier.get("version"))
        edits = [_edit(each) for each in _list(params.get("contentChanges"))]
    except _Garbled:
        _lost(session, params)
        return
    before = session.buffers.get(uri)
    document = session.buffers.change(uri, version, edits)
    if document is None:
        session.log(f"{uri} was changed without being open; that was passed over")
        return
    if document.text is None:
        if before is not None and before.text is not None:
            _tell_lost(session, uri)
        return
    if session.preferences.on_change:
        session.schedule.ask([key_of(uri)], session.preferences.debounce / _MILLI)


def saved(session: Session, params: Any) -> None:
    """A document is on the disk; settings and rules may be others now."""
    try:
        uri = _text(_table(_table(params).get("textDocument")).get("uri"))
        text = params.get("text")
        written = None if text is None else _text(text)
    except _Garbled:
        return
    before = session.buffers.get(uri)
    document = session.buffers.save(uri, written)
    if before is not None and before.text is not None and document is not before:
        session.log(f"{uri} was saved with another text than the edits made; that text counts")
    session.schedule.ask([key_of(uri)], everything=True)


def closed(session: Session, params: Any) -> None:
    """A document is what it is on the disk again."""
    try:
        uri = _text(_table(_table(params).get("textDocument")).get("uri"))
    except _Garbled:
        return
    document = session.buffers.close(uri)
    if document is None:
        return
    session.withdraw(document)
    session.schedule.ask(key_of(each.uri) for each in session.buffers)


def _lost(session: Session, params: Any) -> None:
    """After a message that nobody understands: which text is still that of the editor?"""
    document = params.get("textDocument") if isinstance(params, dict) else None
    uri = document.get("uri") if isinstance(document, dict) else None
    named = [uri] if isinstance(uri, str) else [each.uri for each in session.buffers]
    for each in named:
        before = session.buffers.get(each)
        if before is not None and before.text is not None:
            session.buffers.lose(each)
            _tell_lost(session, each)


def _tell_lost(session: Session, uri: str) -> None:
    session.log(
        f"{uri}: an edit could not be followed, so nothing is said of this document until it is"
        " opened again, or saved"
    )
    document = session.buffers.get(uri)
    if document is not None:
        session.withdraw(document)
    session.schedule.ask(key_of(each.uri) for each in session.buffers)


def _edit(change: Any) -> Edit:
    table = _table(change)
    text, place = _text(table.get("text")), table.get("range")
    if place is None:
        return Edit(None, text)
    ends = _table(place)
    return Edit(Range(_position(ends.get("start")), _position(ends.get("end"))), text)


def _position(value: Any) -> Position:
    table = _table(value)
    return _number(table.get("line")), _number(table.get("character"))


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Garbled
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _Garbled
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Garbled
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise _Garbled
    return value

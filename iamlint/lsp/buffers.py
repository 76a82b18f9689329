"""Keeps the texts of open documents as the editor has them, or knows that it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iamlint.lsp.positions import UTF16, Lines, Position, units
from iamlint.lsp.uris import path_of, written_path
from iamlint.typed import NamedTuple


class Document:
    """One version of an open document; its text is None where nobody knows it."""

    __slots__ = ("_data", "_lines", "language", "path", "text", "uri", "version")

    def __init__(self, uri: str, language: str, version: int, text: str | None) -> None:
        self.uri = uri
        self.path = path_of(uri)  # absolute; None for what is no file
        self.language = language
        self.version = version
        self.text = text
        self._data: bytes | None = None
        self._lines: Lines | None = None

    def __repr__(self) -> str:
        return f"Document({self.uri!r}, version {self.version})"

    @property
    def data(self) -> bytes:
        """The text as a file would hold it."""
        if self._data is None:
            self._data = (self.text or "").encode("utf-8", "surrogatepass")
        return self._data

    @property
    def lines(self) -> Lines:
        if self._lines is None:
            self._lines = Lines(self.text or "")
        return self._lines

    def at(self, version: int, text: str | None) -> Document:
        """A later version of it."""
        return Document(self.uri, self.language, version, text)


class Range(NamedTuple):
    """A part of a document, in the units of the client."""

    start: Position
    end: Position


class Edit(NamedTuple):
    """What a change puts where; without a place it is the whole text."""

    place: Range | None
    text: str


class Buffers:
    """The open documents by URI. INVARIANT: a text that is kept is that of the editor."""

    __slots__ = ("_open", "encoding")

    def __init__(self, encoding: str = UTF16) -> None:
        self.encoding = encoding
        self._open: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self._open.values())

    def get(self, uri: str) -> Document | None:
        """The document as it is now, if it is open."""
        return self._open.get(key_of(uri))

    def open(self, uri: str, language: str, version: int, text: str) -> bool:
        """Take a document in; whether it was not open before."""
        fresh = key_of(uri) not in self._open
        self._open[key_of(uri)] = Document(uri, language, version, text)
        return fresh

    def close(self, uri: str) -> Document | None:
        """Forget a document, if it was open."""
        return self._open.pop(key_of(uri), None)

    def change(self, uri: str, version: int, edits: Sequence[Edit]) -> Document | None:
        """Follow an edit, and give the document as it is then; None for one that is not open.

        Its text is unknown after an edit that is late, or that cannot be followed; until all of it
        is told.
        """
        document = self._open.get(key_of(uri))
        if document is None:
            return None
        if version <= document.version:
            return self.lose(uri)
        text = document.text
        for edit in edits:
            text = self._edited(text, edit)
        return self._put(document.at(version, text))

    def lose(self, uri: str) -> Document | None:
        """Give the text of a document up."""
        document = self._open.get(key_of(uri))
        return document and self._put(document.at(document.version, None))

    def save(self, uri: str, text: str | None) -> Document | None:
        """Take the text of a document that was saved, where it is told."""
        document = self._open.get(key_of(uri))
        if document is None or text is None or text == document.text:
            return document
        return self._put(document.at(document.version, text))

    def _put(self, document: Document) -> Document:
        self._open[key_of(document.uri)] = document
        return document

    def _edited(self, text: str | None, edit: Edit) -> str | None:
        if edit.place is None:
            return edit.text
        return None if text is None else replaced(text, edit.place, edit.text, self.encoding)


def key_of(uri: str) -> str:
    """One name for a document, however its URI is spelled."""
    return written_path(uri) or uri


def replaced(text: str, place: Range, new: str, encoding: str) -> str | None:
    """A text with another one in a place; None for a place that is none."""
    if place.end < place.start:
        return None
    lines = Lines(text)
    start = lines.offset(*place.start, encoding)
    end = lines.offset(*place.end, encoding)
    if encoding == UTF16:
        if start is None or end is None:
            return _in_pairs(lines, place, new)
        return _joined(text[:start], new, text[end:])
    if start is None or end is None:
        return None
    return text[:start] + new + text[end:]


def _joined(left: str, new: str, right: str) -> str:
    """The three as one text; halves of a pair that meet are one character again."""
    text = left + new + right
    seams = (*left[-1:], *new[:1], *new[-1:], *right[:1])
    return _paired(text) if any("\ud800" <= each <= "\udfff" for each in seams) else text


def _paired(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _in_pairs(lines: Lines, place: Range, new: str) -> str:
    """The same where a place begins or ends between the two halves of a character."""
    data = lines.text.encode("utf-16-le", "surrogatepass")
    start, end = (2 * _units_before(lines, *position) for position in place)
    written = new.encode("utf-16-le", "surrogatepass")
    return (data[:start] + written + data[end:]).decode("utf-16-le", "surrogatepass")


def _units_before(lines: Lines, line: int, column: int) -> int:
    """How many units of UTF-16 are in front of a position."""
    start = lines.offset(line, 0, UTF16) or 0
    end = lines.offset(line, 2**31, UTF16) or 0
    return units(lines.text[:start], UTF16) + min(column, units(lines.text[start:end], UTF16))

"""Turns the bytes of a file into text, or says why they are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from iamlint.source import Problem, Source, Span

# Gives what is odd about the bytes of a file at a path, and its text if it has one.
Decode = Callable[[str, bytes], Iterable["Source | Problem"]]

_MARK = b"\xef\xbb\xbf"
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def decode(path: str, data: bytes) -> Iterator[Source | Problem]:
    """What is odd about the bytes of a file, then its text; only a blocking problem if it is none.

    UTF-8 is text; with a byte order mark it is read with a doubt, as is UTF-16 that has one.
    """
    wide = _WIDE.get(data[:2])
    if wide:
        yield from _decode_wide(path, data, wide)
        return
    skip = len(_MARK) if data.startswith(_MARK) else 0
    # A view: the bytes behind a mark are not copied.
    body = memoryview(data)[skip:]
    try:
        text = str(body, "utf-8")
    except UnicodeDecodeError as error:
        yield _binary(path) if b"\0" in data else _not_utf8(path, body, error.start, skip)
        return
    if "\0" in text:
        yield _binary(path)
        return
    if skip:
        message = f"`{path}` begins with a byte order mark, which was passed over"
        help = "save it as UTF-8 without a mark: JSON has none, and other tools refuse it"
        yield Problem("byte-order-mark", message, path, help=help, blocking=False)
    yield Source(path, text)


def encode(text: str, data: bytes) -> bytes:
    """The bytes of a text in the encoding of `data`, with its mark where that has one."""
    wide = _WIDE.get(data[:2])
    if wide:
        return data[:2] + text.encode(wide, "surrogatepass")
    mark = _MARK if data.startswith(_MARK) else b""
    return mark + text.encode("utf-8", "surrogatepass")


def _decode_wide(path: str, data: bytes, encoding: str) -> Iterator[Source | Problem]:
    try:
        text = str(memoryview(data)[2:], encoding)
    except UnicodeDecodeError as error:
        message = f"`{path}` is not UTF-16 text, though it begins like it: byte {error.start + 2:,}"
        yield Problem("not-text", message, path, help="save it as UTF-8")
        return
    if "\0" in text:
        yield _binary(path)
        return
    message = f"`{path}` is UTF-16 text; it was read, but AWS and most tools take UTF-8 only"
    yield Problem("utf-16", message, path, help="save it as UTF-8", blocking=False)
    yield Source(path, text)


def _binary(path: str) -> Problem:
    message = f"`{path}` is not text: it holds NUL bytes"
    help = "if it is UTF-16 or UTF-32 text, save it as UTF-8; otherwise leave it out"
    return Problem("not-text", message, path, help=help)


def _not_utf8(path: str, body: memoryview, start: int, skip: int) -> Problem:
    """The problem with its place: the text is decoded with U+FFFD for each bad sequence."""
    message = f"`{path}` is not UTF-8 text: byte 0x{body[start]:02X} at offset {start + skip:,}"
    before = len(str(body[:start], "utf-8"))
    shown = Source(path, str(body, "utf-8", "replace"))
    span = Span(shown, before, before + 1)
    return Problem("not-text", message, path, span, help="save it as UTF-8")

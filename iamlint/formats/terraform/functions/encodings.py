"""Functions that write text as other text: Base64, URLs, hashes, CSV."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from uuid import UUID, uuid5

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import types
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, STRING
from iamlint.formats.terraform.values import Datum, Entry, mapping, sequence, string
from iamlint.syntax.holes import Composed, Piece, has_private
from iamlint.syntax.value import Value

_PLAIN = re.compile("[0-9A-Za-z_.~-]")
_CODECS = {
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "shift_jis": "shift_jis",
    "euc-jp": "euc_jp",
    "gbk": "gbk",
    "big5": "big5",
    "koi8-r": "koi8_r",
}
_NAMESPACES = {
    "dns": UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
    "url": UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8"),
    "oid": UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8"),
    "x500": UUID("6ba7b814-9dad-11d1-80b4-00c04fd430c8"),
}


def _bytes(asked: Asked) -> bytes:
    return asked.arguments[0].string.encode("utf-8", "surrogatepass")


def whole(asked: Asked, text: str) -> Datum:
    """A text that is made as a whole. Raises Fault when it looks like it had holes."""
    if has_private(text):
        raise asked.fault("the text that comes out holds characters for private use")
    place = asked.place(0)
    piece = Piece(text, Value("string", text, place), 0, place)
    asked.run.spend(len(text) // 64, asked.span)
    return Datum("string", Composed([piece], asked.span), asked.span)


def _base64encode(asked: Asked) -> Datum:
    return whole(asked, base64.b64encode(_bytes(asked)).decode())


def unbase64(asked: Asked) -> bytes:
    text = re.sub("[\r\n]", "", asked.arguments[0].string)
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (ValueError, UnicodeEncodeError):
        raise asked.fault(f"{quoted(asked.arguments[0].string)} is not Base64", 0) from None


def _base64decode(asked: Asked) -> Datum:
    try:
        return whole(asked, unbase64(asked).decode())
    except UnicodeDecodeError:
        raise asked.fault("what is in this Base64 is not text", 0) from None


def _hashed(name: str, *, hexadecimal: bool) -> Callable[[Asked], Datum]:
    def work(asked: Asked) -> Datum:
        return whole(asked, digest(name, _bytes(asked), hexadecimal=hexadecimal))

    return work


def digest(name: str, data: bytes, *, hexadecimal: bool) -> str:
    """A hash of data, in hexadecimal digits or in Base64."""
    found = hashlib.new(name, data, usedforsecurity=False)
    return found.hexdigest() if hexadecimal else base64.b64encode(found.digest()).decode()


def _urlencode(asked: Asked) -> Datum:
    """Every character that stays itself keeps its place."""
    text = asked.arguments[0].text
    pieces: list[Piece] = []
    for piece in asked.run.pieces(text):
        for at, char in enumerate(piece.text):
            asked.run.spend(1, asked.span)
            if _PLAIN.match(char):
                pieces.append(piece._replace(text=char, start=piece.start + at))
            else:
                made = "+" if char == " " else "".join(f"%{byte:02X}" for byte in char.encode())
                pieces.append(Piece(made, piece.value, 0, piece.span(at, at + 1)))
    return asked.run.composed(pieces, asked.span)


def _codec(asked: Asked) -> str | None:
    name = asked.arguments[1].string.lower()
    return _CODECS.get(name)


def _textencode(asked: Asked) -> Datum:
    codec = _codec(asked)
    if codec is None:
        return asked.unknown(STRING)
    try:
        data = asked.arguments[0].string.encode(codec)
    except UnicodeEncodeError:
        raise asked.fault("this text holds characters that the encoding has not", 0) from None
    return whole(asked, base64.b64encode(data).decode())


def _textdecode(asked: Asked) -> Datum:
    codec = _codec(asked)
    if codec is None:
        return asked.unknown(STRING)
    try:
        return whole(asked, unbase64(asked).decode(codec))
    except UnicodeDecodeError:
        raise asked.fault("what is in this Base64 is not text of that encoding", 0) from None


def _uuidv5(asked: Asked) -> Datum:
    space, name = (each.string for each in asked.arguments)
    try:
        known = _NAMESPACES.get(space) or UUID(space)
    except ValueError:
        help = "the namespaces are `dns`, `url`, `oid`, `x500`, and UUIDs"
        raise asked.fault(f"{quoted(space)} is not a namespace", 0, help) from None
    return whole(asked, str(uuid5(known, name)))


def _csvdecode(asked: Asked) -> Datum:
    from csv import Error, reader  # noqa: PLC0415 - for few configurations only

    text = asked.arguments[0].string
    try:
        lines = text.splitlines(keepends=True)
        rows = [row for row in reader(lines, strict=True) if row]
    except Error:
        raise asked.fault("this text is not CSV", 0) from None
    header = rows[0] if rows else []
    if not rows or len(set(header)) < len(header):
        raise asked.fault("the first line has no names, or one of them twice", 0)
    if any(len(row) != len(header) for row in rows):
        raise asked.fault("a line has not as many fields as the first one", 0)
    asked.run.count(len(rows) * len(header), asked.span)
    made = [_row(asked, header, row) for row in rows[1:]]
    element = types.object_of((name, STRING) for name in header)
    return sequence("list", made, asked.span, element)


def _row(asked: Asked, header: list[str], row: list[str]) -> Datum:
    place = asked.place(0)
    fields = zip(header, row, strict=True)
    entries = {n: Entry(Value("string", n, place), string(text, place)) for n, text in fields}
    return mapping("object", entries, place)


def _unknown(asked: Asked) -> Datum:
    return asked.unknown(STRING)


FUNCTIONS = {
    "base64decode": Function("string", STRING, _base64decode),
    "base64encode": Function("string", STRING, _base64encode),
    # NOTE: how well Go packs is not ours to repeat.
    "base64gzip": Function("string", STRING, _unknown),
    "base64sha256": Function("string", STRING, _hashed("sha256", hexadecimal=False)),
    "base64sha512": Function("string", STRING, _hashed("sha512", hexadecimal=False)),
    "csvdecode": Function("string", ANY, _csvdecode),
    "md5": Function("string", STRING, _hashed("md5", hexadecimal=True)),
    "sha1": Function("string", STRING, _hashed("sha1", hexadecimal=True)),
    "sha256": Function("string", STRING, _hashed("sha256", hexadecimal=True)),
    "sha512": Function("string", STRING, _hashed("sha512", hexadecimal=True)),
    "textdecodebase64": Function("string, string", STRING, _textdecode),
    "textencodebase64": Function("string, string", STRING, _textencode),
    "urlencode": Function("string", STRING, _urlencode),
    "uuidv5": Function("string, string", STRING, _uuidv5),
}

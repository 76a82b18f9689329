"""Functions that put texts together and take them apart: every character keeps its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from iamlint.formats.cutter import Cutter
from iamlint.formats.terraform.formulas import named
from iamlint.formats.terraform.functions.graphemes import clusters
from iamlint.formats.terraform.functions.holes import (
    apart_from,
    each_hole,
    edge,
    first_hole,
    word_starts,
)
from iamlint.formats.terraform.functions.patterns import replaced
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import BOOL, STRING, list_of
from iamlint.formats.terraform.values import Datum, Formula, boolean, is_open, sequence
from iamlint.syntax.holes import Piece
from iamlint.syntax.value import Value

_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def _part(asked: Asked, start: int, end: int) -> Datum:
    """A part of the first argument."""
    text = asked.arguments[0].text
    return asked.run.composed(asked.run.pieces(text, start, end), asked.span)


def _join(asked: Asked) -> Datum:
    run = asked.run
    separator, *lists = asked.arguments
    if not lists:
        raise asked.fault("`join` takes at least one list")
    if separator.kind == "unknown" or any(is_open(each) or each.loose for each in lists):
        return asked.unknown(STRING)
    mark = run.pieces(separator.text)
    pieces: list[Piece] = []
    items = [(item, number) for number, each in enumerate(lists, 1) for item in each.items]
    for at, (item, number) in enumerate(items):
        if item.kind == "null":
            raise asked.fault("an element is null, which cannot be joined", number)
        if at:
            pieces += mark
        pieces += run.pieces(run.text(item))
    return run.composed(pieces, asked.span)


def _split(asked: Asked) -> Datum:
    run = asked.run
    separator, written = asked.arguments
    unknown = "unknown" in (separator.kind, written.kind)
    if unknown or run.holes(separator.string) or not apart_from(run, written, separator.string):
        return asked.unknown(list_of(STRING))
    text, mark = written.string, separator.string
    parts = text.split(mark) if mark else list(clusters(text))
    run.count(len(parts), asked.span)
    cutter, at, items = Cutter(written.text), 0, list[Datum]()
    for part in parts:
        pieces = cutter.cut(at, at + len(part))
        items.append(run.composed(pieces, written.span))
        at += len(part) + len(mark)
    return sequence("list", items, asked.span, STRING)


def _cased(change: Callable[[str], str]) -> Callable[[Asked], Datum]:
    """A function that changes letters: each one stays in its place."""

    def work(asked: Asked) -> Datum:
        run, text = asked.run, asked.run.text(asked.arguments[0])
        return run.composed(_changed(asked, text, change(text.data)), asked.span)

    return work


def _changed(asked: Asked, text: Value, made: str) -> Iterator[Piece]:
    if len(made) != len(text.data):
        raise asked.fault("this text has letters whose case cannot be changed one by one", 0)
    at = 0
    for piece in each_hole(asked, text):
        size = len(piece.text)
        is_same = asked.run.holes(piece.text)
        yield piece if is_same else piece._replace(text=made[at : at + size])
        at += size


def _upper(text: str) -> str:
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in text)


def _lower(text: str) -> str:
    # Go knows one letter for each letter; the dotted I is the one that is two in Python.
    return "".join(char.lower() if char != "\u0130" else "i" for char in text)


def _title(text: str) -> str:
    starts = word_starts(text)
    return "".join(_upper(char) if at in starts else char for at, char in enumerate(text))


def _substr(asked: Asked) -> Datum:
    run = asked.run
    written, offset, length = asked.arguments
    if "unknown" in (written.kind, offset.kind, length.kind):
        return asked.unknown(STRING)
    start, size = offset.data, length.data
    if not isinstance(start, int) or not isinstance(size, int):
        raise asked.fault("the offset and the length are whole numbers, -1 for all that is left")
    text = written.string
    parts = list(clusters(text))
    known = first_hole(run, text)
    if known < len(text) and (start < 0 or size < 0 or start + size > known):
        return asked.unknown(STRING)
    if start < 0:
        start = max(start + len(parts), 0)
    end = len(parts) if size < 0 else min(start + size, len(parts))
    left = len("".join(parts[:start]))
    return _part(asked, left, left + len("".join(parts[start:end])))


def _trimmed(asked: Asked, marks: str, left: bool = True, right: bool = True) -> Datum:
    """The text without some characters at its ends."""
    text = asked.arguments[0].string
    kept = text.lstrip(marks) if left else text
    start = len(text) - len(kept)
    kept = kept.rstrip(marks) if right else kept
    ends = kept[:1] * left + kept[-1:] * right
    if asked.run.holes(ends):
        return asked.unknown(STRING)
    return _part(asked, start, start + len(kept))


def _trim(asked: Asked) -> Datum:
    written, marks = asked.arguments
    if "unknown" in (written.kind, marks.kind) or asked.run.holes(marks.string):
        return asked.unknown(STRING)
    return _trimmed(asked, marks.string)


def _trimspace(asked: Asked) -> Datum:
    unknown = asked.arguments[0].kind == "unknown"
    return asked.unknown(STRING) if unknown else _trimmed(asked, _SPACE)


def _chomp(asked: Asked) -> Datum:
    unknown = asked.arguments[0].kind == "unknown"
    return asked.unknown(STRING) if unknown else _trimmed(asked, "\r\n", left=False)


def _trimprefix(asked: Asked) -> Datum:
    return _without(asked, at_end=False)


def _trimsuffix(asked: Asked) -> Datum:
    return _without(asked, at_end=True)


def _without(asked: Asked, *, at_end: bool) -> Datum:
    known = _edge(asked, at_end)
    if not isinstance(known, bool):
        return asked.unknown(STRING)
    written, mark = asked.arguments
    size, cut = len(written.string), len(mark.string) if known else 0
    return _part(asked, 0, size - cut) if at_end else _part(asked, cut, size)


def _edge(asked: Asked, at_end: bool) -> Formula | None:
    """Whether the first text begins, or ends, with the second one; None if nobody can tell."""
    written, mark = asked.arguments
    if "unknown" in (written.kind, mark.kind) or asked.run.holes(mark.string):
        return None
    return edge(asked.run, written.string, mark.string, at_end)


def _startswith(asked: Asked) -> Datum:
    return _told(asked, _edge(asked, at_end=False))


def _endswith(asked: Asked) -> Datum:
    return _told(asked, _edge(asked, at_end=True))


def _strcontains(asked: Asked) -> Datum:
    written, mark = asked.arguments
    if "unknown" in (written.kind, mark.kind) or asked.run.holes(mark.string):
        return _told(asked, None)
    if mark.string in written.string:
        return boolean(True, asked.span)
    return _told(asked, False if apart_from(asked.run, written, mark.string) else None)


def _told(asked: Asked, known: Formula | None) -> Datum:
    """A bool, or what it depends on."""
    if isinstance(known, bool):
        return boolean(known, asked.span)
    full = asked.full
    return asked.run.truth(named(full), asked.run.world.names.written(asked.span, full), asked.span)


def _replace(asked: Asked) -> Datum:
    run = asked.run
    written, mark, by = asked.arguments
    if any(each.kind == "unknown" for each in asked.arguments) or run.holes(mark.string):
        return asked.unknown(STRING)
    text, old = written.string, mark.string
    if len(old) > 1 and old[0] == old[-1] == "/":
        return replaced(asked)
    if not apart_from(run, written, old):
        return asked.unknown(STRING)
    cutter, at, pieces = Cutter(written.text), 0, list[Piece]()
    new = run.pieces(by.text)
    parts = text.split(old) if old else ["", *text, ""]
    for number, part in enumerate(parts):
        run.spend(1 + len(new), asked.span)
        if number:
            pieces += new
            at += len(old)
        pieces += cutter.cut(at, at + len(part))
        at += len(part)
    return run.composed(pieces, asked.span)


def _indent(asked: Asked) -> Datum:
    spaces, written = asked.arguments
    if not isinstance(spaces.data, int) or not 0 <= spaces.data < 10_000:
        raise asked.fault("the number of spaces is a whole number, 0 or more", 0)
    cutter, at, pieces = Cutter(written.text), 0, list[Piece]()
    for line in _lines(written.string):
        if at:
            pieces.append(Piece(" " * spaces.data, written.text, 0, asked.place(0)))
        pieces += cutter.cut(at, at + len(line))
        at += len(line)
    return asked.run.composed(pieces, asked.span)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), lines[-1]]


def _strrev(asked: Asked) -> Datum:
    text = asked.arguments[0].string
    made = "".join(reversed(list(clusters(text))))
    return asked.run.composed([Piece(made, asked.arguments[0].text, 0, asked.place(0))], asked.span)


FUNCTIONS = {
    "chomp": Function("string", STRING, _chomp, open=True),
    "endswith": Function("string, string", BOOL, _endswith, open=True),
    "indent": Function("number, string", STRING, _indent),
    "join": Function("string, *strings", STRING, _join, open=True),
    "lower": Function("string", STRING, _cased(_lower), open=True),
    "replace": Function("string, string, string", STRING, _replace, open=True),
    "split": Function("string, string", list_of(STRING), _split, open=True),
    "startswith": Function("string, string", BOOL, _startswith, open=True),
    "strcontains": Function("string, string", BOOL, _strcontains, open=True),
    "strrev": Function("string", STRING, _strrev),
    "substr": Function("string, number, number", STRING, _substr, open=True),
    "title": Function("string", STRING, _cased(_title), open=True),
    "trim": Function("string, string", STRING, _trim, open=True),
    "trimprefix": Function("string, string", STRING, _trimprefix, open=True),
    "trimspace": Function("string", STRING, _trimspace, open=True),
    "trimsuffix": Function("string, string", STRING, _trimsuffix, open=True),
    "upper": Function("string", STRING, _cased(_upper), open=True),
}

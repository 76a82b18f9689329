"""Values as documents: what `jsonencode` writes, as text and as the tree that it is the text of."""

from __future__ import annotations

import re
from collections.abc import Callable

from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.traces import Record
from iamlint.formats.terraform.types import STRING
from iamlint.formats.terraform.values import DEEPEST, Datum, Rest, Unknown
from iamlint.source import Span
from iamlint.syntax.holes import Piece, pieces_of
from iamlint.syntax.value import Member, Value
from iamlint.typed import Any, cast

# What Go's encoder escapes: three signs of HTML among them, and two line ends of JavaScript.
_ESCAPED = re.compile('[\x00-\x1f"\\\\<>&\u2028\u2029]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SHORT |= {"\b": "\\b", "\f": "\\f"}


class Encoded(Datum):
    """A string that is the JSON text of a value; the text is written only when it is asked for."""

    __slots__ = ("_asked", "_run", "_tree", "of")

    def __init__(self, run: Run, of: Datum, span: Span) -> None:
        super().__init__("string", None, span, STRING, depth=of.depth + 1)
        self._run = run
        self.of = of
        self._tree: Value | None = None
        self._asked: dict[str, Record] = {}  # for what was made, if anybody wants to know

    @property
    def text(self) -> Value:
        if self.data is None:
            self.data = self._made("text", self._composed)
        else:
            self._again("text")
        return cast(Value, self.data)

    def _composed(self) -> Value:
        return self._run.composed(_written(self._run, self.of), self.span).text

    def _made(self, what: str, make: Callable[[], Value]) -> Value:
        world = self._run.world
        if world.trace is None:
            return make()
        made, self._asked[what] = world.trace.watch(world, make)
        return cast(Value, made)

    def _again(self, what: str) -> None:
        """What is made once is asked for by all who use it."""
        trace = self._run.world.trace
        if trace is not None and what in self._asked:
            trace.add(self._asked[what])

    @property
    def tree(self) -> Value:
        """The document itself, each part in its place."""
        if self._tree is None:
            self._tree = self._made("tree", lambda: tree(self._run, self.of))
        else:
            self._again("tree")
        return self._tree

    def like(self, **changed: Any) -> Datum:
        if changed.keys() - {"sensitive"}:
            return super().like(**{"data": self.text, **changed})
        made = Encoded(self._run, self.of, self.span)
        made.sensitive = changed.get("sensitive", self.sensitive)
        return made


def tree(run: Run, datum: Datum) -> Value:
    """A value as a document. A `Rest` is one element in it: any other would be like it."""
    kind, span = datum.kind, datum.span
    run.spend(2, span)
    if kind == "string":
        return datum.text
    if kind in types.MAPPINGS:
        members = [Member(e.key, tree(run, e.value)) for e in datum.ordered()]
        return Value("object", tuple(members), span)
    if kind in types.SEQUENCES:
        return Value("array", tuple([tree(run, item) for item in datum.items]), span)
    if kind == "rest":
        return tree(run, cast(Rest, datum).each)
    if kind == "unknown":
        return Value("string", run.world.char(cast(Unknown, datum).hole, span), span)
    if kind == "number":
        data = datum.data if isinstance(datum.data, int) else numbers.to_float(datum.data)
        return Value("number", data, span)
    return Value("boolean" if kind == "bool" else "null", datum.data, span)


def encoded(run: Run, datum: Datum, span: Span | None = None) -> Encoded:
    """The JSON text of a value."""
    if datum.depth >= DEEPEST:
        raise Fault(f"a value is nested more than {DEEPEST} levels deep here", span or datum.span)
    return Encoded(run, datum, span or datum.span)


def _written(run: Run, datum: Datum) -> list[Piece]:
    pieces: list[Piece] = []
    span = datum.span
    frame = Value("string", "", span)
    # What is to be written: a value, a text of the user, or what stands between them.
    todo: list[Datum | Value | str] = [datum]
    while todo:
        part = todo.pop()
        run.spend(2, span)
        if isinstance(part, str):
            pieces.append(Piece(part, frame, 0, span))
        elif isinstance(part, Value):
            pieces += quoted(run, part)
        elif part.kind in types.SEQUENCES or part.kind in types.MAPPINGS:
            todo += reversed(_parts(part))
        else:
            pieces += _scalar(run, part)
    return pieces


def _parts(datum: Datum) -> list[Datum | Value | str]:
    """The parts of a collection, in order."""
    is_list = datum.kind in types.SEQUENCES
    parts: list[Datum | Value | str] = ["[" if is_list else "{"]
    held: list[list[Datum | Value | str]] = (
        [[item] for item in datum.items]
        if is_list
        else [[entry.key, ":", entry.value] for entry in datum.ordered()]
    )
    for number, each in enumerate(held):
        parts += [",", *each] if number else each
    parts.append("]" if is_list else "}")
    return parts


def _scalar(run: Run, datum: Datum) -> list[Piece]:
    if datum.kind == "string":
        return quoted(run, datum.text)
    if datum.kind == "rest":
        return _written(run, cast(Rest, datum).each)
    if datum.kind == "unknown":
        char = run.world.char(cast(Unknown, datum).hole, datum.span)
        return quoted(run, Value("string", char, datum.span))
    word = {None: "null", True: "true", False: "false"}
    text = numbers.text(datum.data) if datum.kind == "number" else word[datum.data]
    return [Piece(text, Value("string", text, datum.span), 0, datum.span)]


def quoted(run: Run, text: Value) -> list[Piece]:
    """A text between quotes; each character of it keeps its place."""
    run.spend(len(text.data) // 32, text.span)
    mark = Piece('"', text, 0, text.span)
    found = pieces_of(text, 0, len(text.data))
    if not _ESCAPED.search(text.data):
        return [mark, *found, mark]
    pieces = [mark]
    for piece in found:
        at = 0
        for match in _ESCAPED.finditer(piece.text):
            run.spend(4, text.span)
            start = match.start()
            pieces.append(piece._replace(text=piece.text[at:start], start=piece.start + at))
            made = _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"
            pieces.append(Piece(made, piece.value, 0, piece.span(start, start + 1)))
            at = start + 1
        pieces.append(piece._replace(text=piece.text[at:], start=piece.start + at))
    return [*pieces, mark]

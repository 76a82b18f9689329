"""Reads a JSON text again after an edit, and only the value that was edited.

A reader of JSON goes from left to right and knows at each value nothing of what is outside of it.
So where an edit lies inside of a value, and what stands there then is one sound value that ends
where the old one did, all that is around it is as it was.
"""

from __future__ import annotations

from bisect import bisect_right

from iamlint.moving import Move, between
from iamlint.source import Anchor, Problem, Source, Span
from iamlint.syntax.json import parse
from iamlint.syntax.json_problems import too_many_values
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple, cast


class _Piece:
    """A key or a value, read as a text of its own; `anchor` tells where it stands."""

    __slots__ = ("anchor", "levels", "source", "value")

    def __init__(self, source: Source, value: Value, levels: int) -> None:
        self.source = source
        self.anchor = cast(Anchor, source.origin)
        self.value = value
        self.levels = levels  # that are around it

    @property
    def end(self) -> int:
        return self.anchor.offset + len(self.source.text)


_Pool = dict[str, _Piece]
_HOLDERS = ("object", "array")


class _Pair(NamedTuple):
    """A member of an object; `value` is None for the one with members that are pieces, too."""

    key: _Piece
    value: _Piece | None


class JsonPieces:
    """One JSON text in pieces: the members of an object, and those of its member `inner`."""

    __slots__ = ("_held", "_inner", "_members", "_opaque", "_outer", "_pieces", "_source", "_whole")

    def __init__(self, inner: str, opaque: frozenset[str]) -> None:
        self._inner = inner
        self._opaque = opaque
        self._source = Source("", "")
        self._outer: list[_Pair] = []
        self._members: list[_Pair] = []
        self._pieces: list[_Piece] = []  # all of them in the order of the text
        self._whole = self._held = (0, 0)  # where the object is, and the one of the member

    def read(self, source: Source) -> tuple[Value | None, list[Problem]]:
        """What `json.parse` gives; of pieces that are as they were the very same values."""
        if self._pieces and not too_many_values(source) and self._is_mended(source):
            return self._value(source), []
        pool = {piece.source.text: piece for piece in self._pieces}
        found, problems = parse(source, self._opaque)
        self._source, self._outer, self._members, self._pieces = source, [], [], []
        if found is not None and not problems and self._is_cut(source, found, pool):
            return self._value(source), []
        return found, problems

    def _value(self, source: Source) -> Value:
        members = tuple(
            Member(key.value, cast("_Piece", value).value) for key, value in self._members
        )
        held = Value("object", members, Span(source, *self._held))
        every = tuple(
            Member(key.value, held if value is None else value.value) for key, value in self._outer
        )
        return Value("object", every, Span(source, *self._whole))

    def _is_cut(self, source: Source, found: Value, pool: _Pool) -> bool:
        """Takes a text apart that was read whole; False where that cannot be done."""
        names = [key.data for key, _ in found.members]
        held = found.get(self._inner)
        if names.count(self._inner) != 1 or held is None or not held.members:
            return False
        outer = [self._pair(source, each, 1, pool) for each in found.members]
        members = [self._pair(source, each, 2, pool) for each in held.members]
        at = names.index(self._inner)
        outer[at] = outer[at]._replace(value=None)
        self._outer, self._members = outer, members
        self._whole, self._held = found.span[1:], held.span[1:]
        every = [piece for pair in (*outer, *members) for piece in pair if piece is not None]
        self._pieces = sorted(every, key=lambda piece: piece.anchor.offset)
        return True

    def _pair(self, source: Source, member: Member, levels: int, pool: _Pool) -> _Pair:
        key, value = member
        named = self._piece(source, key.span, levels, pool)
        if levels == 1 and key.data == self._inner:
            return _Pair(named, None)
        return _Pair(named, self._piece(source, value.span, levels, pool))

    def _piece(self, source: Source, span: Span, levels: int, pool: _Pool) -> _Piece:
        """A sound part of a text."""
        known = pool.pop(span.text, None)
        if known is not None:
            known.anchor.put(source, span.start)
            return known
        part = source.part(span.start, span.end)
        value, _ = parse(part, self._opaque, around=levels)
        assert value is not None
        return _Piece(part, value, levels)

    def _is_mended(self, source: Source) -> bool:
        """Reads the value again that an edit lies in; False where it lies in none."""
        move = between(self._source.text, source.text)
        at = bisect_right(self._pieces, move.start - 1, key=lambda piece: piece.anchor.offset) - 1
        piece = self._pieces[max(at, 0)]
        is_same = move.start == move.old_end == move.new_end
        if not is_same and not self._is_read_again(source, piece, move):
            return False
        move.follow((each.anchor for each in self._pieces), source)
        start, end = self._held
        self._whole = self._whole[0], self._whole[1] + move.shift
        self._held = (
            start + (move.shift if move.old_end <= start else 0),
            end + (move.shift if move.start < end else 0),
        )
        self._source = source
        return True

    def _is_read_again(self, source: Source, piece: _Piece, move: Move) -> bool:
        start, end = piece.anchor.offset, piece.end
        if not start < move.start <= move.old_end < end or piece.value.kind not in _HOLDERS:
            return False
        part = source.part(start, end + move.shift)
        value, problems = parse(part, self._opaque, around=piece.levels)
        if value is None or problems or value.kind != piece.value.kind:
            return False
        if len(part.text) != value.span.end:
            return False
        piece.source, piece.anchor, piece.value = part, cast(Anchor, part.origin), value
        return True

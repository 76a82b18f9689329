"""Reads a YAML text again after an edit, and only the piece of it that was edited.

A block mapping ends where a line is indented less, so what stands in one of its members, from the
line of the key to the line of the next key, means the same whatever stands before and after it:
the indents that libyaml keeps on its stack are those of the mappings around, and a piece that is
read alone begins with the same one at its first key. Anchors, tags with a handle and the marks of
documents reach further; a text with any of them is read whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from iamlint.moving import between
from iamlint.source import Anchor, Problem, Source, Span
from iamlint.syntax.value import Member
from iamlint.syntax.yaml import Composed, compose
from iamlint.syntax.yaml_problems import too_many_values
from iamlint.syntax.yaml_text import BREAKS
from iamlint.syntax.yaml_values import YamlValue

# Directives, and the marks at which documents begin and end.
_MARK = re.compile(rf"(?:\A|(?<=[{BREAKS}]))(?:%|---|\.\.\.)")


class Piece:
    """One member of a mapping, read as a text of its own; `anchor` tells where it stands."""

    __slots__ = ("anchor", "key", "size", "value")

    def __init__(self, anchor: Anchor, size: int, key: YamlValue, value: YamlValue) -> None:
        self.anchor = anchor
        self.size = size  # code points
        self.key = key
        self.value = value

    @property
    def end(self) -> int:
        return self.anchor.offset + self.size

    @property
    def text(self) -> str:
        return self.key.span.source.text


class Pieces:
    """One YAML text in pieces: its members, and those of the one member that is called `inner`.

    `outer` are all members in their order; that of `inner` is its key with an empty value, and
    its own members stand in `members`.
    """

    __slots__ = ("_column", "_inner", "_members", "_outer", "_source", "_value")

    def __init__(self, inner: str) -> None:
        self._inner = inner
        self._source: Source | None = None
        self._value: YamlValue | None = None  # of a text that cannot be read in pieces
        self._outer: list[Piece] = []
        self._members: list[Piece] = []
        self._column = 0  # of the members

    def read(self, source: Source) -> tuple[YamlValue | None, list[Problem]]:
        """What `yaml.parse` gives; of pieces that are as they were the very same values."""
        endless = too_many_values(source)
        if endless:
            return None, [endless]
        if self._source is not None and source.text == self._source.text and self._outer:
            self._move(source, 0, 0)
            return self._whole(), []
        if self._outer and self._is_mended(source):
            return self._whole(), []
        found = compose(source)
        self._source, self._outer, self._members = source, [], []
        if self._is_cut(source, found):
            return self._whole(), []
        return found.value, found.problems

    # Putting together

    def _whole(self) -> YamlValue:
        """The value of the whole text."""
        members = []
        for piece in self._outer:
            value = piece.value
            if piece.key.data == self._inner:
                value = self._container(self._members)
            members.append(Member(piece.key, value))
        return self._around(members)

    def _container(self, pieces: Sequence[Piece]) -> YamlValue:
        return self._around([Member(piece.key, piece.value) for piece in pieces])

    def _around(self, members: Sequence[Member]) -> YamlValue:
        assert self._source is not None
        start, end = members[0].key.span.root().start, members[-1].value.span.root().end
        return YamlValue("object", tuple(members), Span(self._source, start, end))

    # Taking apart

    def _is_cut(self, source: Source, found: Composed) -> bool:
        """Takes a text apart that was read whole; False where that cannot be done."""
        value, text = found.value, source.text
        if value is None or found.problems or found.repeats or text.startswith("\ufeff"):
            return False
        starts = _starts(value, text, 0)
        if not starts or _MARK.search(text, starts[0]) or _has_directive(text[: starts[0]]):
            return False
        inner = value.get(self._inner)
        if inner is None or [key.data for key, _ in value.members].count(self._inner) > 1:
            return False
        at = [key.data for key, _ in value.members].index(self._inner)
        assert isinstance(inner, YamlValue)
        column = inner.span.start - _line_start(text, inner.span.start)
        begins = _starts(inner, text, column)
        if not begins or begins[0] <= value.members[at].key.span.end:
            return False
        ends = [*starts[1:], len(text)]
        spans = list(zip(starts, ends, strict=True))
        inside = list(zip(begins, [*begins[1:], ends[at]], strict=True))
        spans[at] = (starts[at], begins[0])
        outer = list(_read(source, spans, 0))
        members = list(_read(source, inside, column))
        if len(outer) != len(spans) or len(members) != len(inside) or not _is_head(outer[at]):
            return False
        self._outer, self._members, self._column = outer, members, column
        return True

    # Reading again

    def _is_mended(self, source: Source) -> bool:
        """Reads the pieces again that an edit touched; False where it touched more than those."""
        assert self._source is not None
        move = between(self._source.text, source.text)
        shift = move.new_end - move.old_end
        for pieces, column in ((self._members, self._column), (self._outer, 0)):
            first, last = _touched(pieces, move.start, move.old_end)
            if first < 0:
                continue
            # A comment above a key is a part of the piece before it.
            for begin in range(first, max(first - 2, -1), -1):
                made = self._made(source, pieces[begin:last], column, shift)
                if made:
                    self._move(source, move.old_end, shift)
                    before = {piece.text: piece for piece in pieces[begin:last]}
                    pieces[begin:last] = [_same(before, piece) for piece in made]
                    return True
        return False

    def _made(
        self, source: Source, pieces: Sequence[Piece], column: int, shift: int
    ) -> list[Piece]:
        """What takes the place of pieces in a row, the last of which ends elsewhere by now."""
        if any(one.end != two.anchor.offset for one, two in pairwise(pieces)):
            return []  # others stand between them
        start, end = pieces[0].anchor.offset, pieces[-1].end + shift
        made = list(_run(source, start, end, column))
        is_plain = column or (self._are_plain(pieces) and self._are_plain(made))
        return made if is_plain else []

    def _are_plain(self, pieces: Sequence[Piece]) -> bool:
        """Whether none of the pieces is the one with members of its own."""
        return all(piece.key.data != self._inner for piece in pieces)

    def _move(self, source: Source, after: int, shift: int) -> None:
        """Tells all pieces the text that they are in now, and those after an edit their place."""
        for piece in (*self._outer, *self._members):
            anchor = piece.anchor
            anchor.parent = source
            if anchor.offset >= after:
                anchor.offset += shift
        self._source = source


def _same(before: dict[str, Piece], piece: Piece) -> Piece:
    """The piece as it was, if its text is one that was there, at the place where it is now."""
    known = before.pop(piece.text, None)
    if known is None:
        return piece
    known.anchor.parent, known.anchor.offset = piece.anchor.parent, piece.anchor.offset
    return known


def _touched(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int]:
    """The pieces `[first, last)` that hold all of an edit, or border on it; (-1, -1): none do."""
    places = [piece.anchor.offset for piece in pieces]
    first = bisect_right(places, start - 1) - 1
    first = max(first, 0)
    last = bisect_right(places, end)
    if places[first] > start or last <= first or pieces[last - 1].end < end:
        return -1, -1
    return first, last


def _starts(value: YamlValue, text: str, column: int) -> list[int]:
    """Where the lines of the keys of a block mapping begin; nothing where it is something else."""
    if type(value) is not YamlValue or value.kind != "object" or text[value.span.start] == "{":
        return []
    found = []
    for key, _ in value.members:
        start = _line_start(text, key.span.start)
        if text[start : key.span.start] != " " * column:
            return []
        found.append(start)
    return found


def _has_directive(text: str) -> bool:
    return any(text.startswith("%", found.start()) for found in _MARK.finditer(text))


def _line_start(text: str, offset: int) -> int:
    while offset and text[offset - 1] not in BREAKS:
        offset -= 1
    return offset


def _ends_a_line(text: str, offset: int) -> bool:
    return offset == len(text) or (text[offset - 1] in BREAKS and text[offset] != "\n")


def _read(source: Source, spans: Sequence[tuple[int, int]], column: int) -> Iterator[Piece]:
    """The pieces in some parts of a text, until one of them is none."""
    for start, end in spans:
        made = list(_run(source, start, end, column))
        if len(made) != 1:
            return
        yield made[0]


def _run(source: Source, start: int, end: int, column: int) -> Iterator[Piece]:
    """The members in a part of a text that begins and ends with lines; nothing if it is not whole.

    Their keys stand in that column.
    """
    anchor = Anchor(source, start)
    part = Source(source.name, source.text[start:end], anchor)
    if _MARK.search(part.text) or not _ends_a_line(source.text, end):
        return
    found = compose(part, around=1 + bool(column))
    if found.value is None or found.problems or found.repeats:
        return
    starts = _starts(found.value, part.text, column)
    if len(starts) == 1 and starts[0] == 0:
        key, value = found.value.members[0]
        assert isinstance(key, YamlValue)
        assert isinstance(value, YamlValue)
        yield Piece(anchor, end - start, key, value)
    elif starts and starts[0] == 0:
        ends = [*starts[1:], len(part.text)]
        spans = [(start + one, start + two) for one, two in zip(starts, ends, strict=True)]
        made = list(_read(source, spans, column))
        yield from made if len(made) == len(spans) else ()


def _is_head(piece: Piece) -> bool:
    """Whether a piece is a key and nothing else."""
    return piece.value.kind == "null" and type(piece.value) is YamlValue

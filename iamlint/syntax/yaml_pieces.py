"""Reads a YAML text again after an edit, and only the piece of it that was edited.

A block mapping ends where a line is indented less, so what stands in one of its members, from the
line of the key to the line of the next key, means the same whatever stands before and after it:
the indents that libyaml keeps on its stack are those of the mappings around, and a piece that is
read alone begins with the same one at its first key. Anchors, tags with a handle and the marks of
documents reach further; a text with any of them is read whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from iamlint.moving import Move, between
from iamlint.source import Problem, Source
from iamlint.syntax.yaml import Composed, compose
from iamlint.syntax.yaml_cuts import (
    Cut,
    Stretch,
    ends_a_line,
    has_mark,
    line_start,
    starts_of,
    stretches,
)
from iamlint.syntax.yaml_parts import Piece, Pool, piece_of, pool_of, read_piece
from iamlint.syntax.yaml_problems import too_many_values
from iamlint.syntax.yaml_rescue import Rescued, rescued
from iamlint.syntax.yaml_values import YamlValue


class Pieces:
    """One YAML text in pieces: its members, and those of the one member that is called `inner`.

    `outer` are all members in their order; that of `inner` is its key with an empty value, and
    its own members stand in `members`.
    """

    __slots__ = ("_column", "_inner", "_is_whole", "_members", "_outer", "_source")

    def __init__(self, inner: str) -> None:
        self._inner = inner
        self._source = Source("", "")
        self._outer: list[Piece] = []
        self._members: list[Piece] = []
        self._column = 0  # of the members
        self._is_whole = False  # whether that is all of the text, and nothing of it is broken

    def read(self, source: Source) -> tuple[YamlValue | None, list[Problem]]:
        """What `read_yaml` gives; of pieces that are as they were the very same values."""
        if self._is_whole and not too_many_values(source) and self._is_mended(source):
            return self._value(source), []
        pool = pool_of([*self._outer, *self._members])
        found = compose(source)
        self._source, self._outer, self._members = source, [], []
        self._is_whole = self._is_cut(source, found, pool)
        if self._is_whole:
            return self._value(source), []
        saved = None if found.value is not None else rescued(source, self._inner, pool)
        if saved is None:
            return found.value, found.problems
        self._outer, self._members = saved.outer, saved.members
        return saved.value(source), saved.problems()

    def _value(self, source: Source) -> YamlValue:
        """The value of the whole text."""
        at = [piece.key.data for piece in self._outer].index(self._inner)
        return Rescued(self._outer, at, self._members).value(source)

    # Taking apart

    def _is_cut(self, source: Source, found: Composed, pool: Pool) -> bool:
        """Takes a text apart that was read whole; False where that cannot be done."""
        cut = _cut(source.text, self._inner, found)
        if cut is None:
            return False
        outer = [piece_of(source, *each, 1, pool) for each in cut.outer]
        members = [piece_of(source, *each, 2, pool) for each in cut.inner]
        sound = [piece for piece in (*outer, *members) if piece is not None and not piece.problems]
        if len(sound) != len(outer) + len(members) or not _is_head(sound[cut.at]):
            return False
        self._outer, self._members = sound[: len(outer)], sound[len(outer) :]
        first = self._members[0].key.span.root().start
        self._column = first - line_start(source.text, first)
        return True

    # Reading again

    def _is_mended(self, source: Source) -> bool:
        """Reads the pieces again that an edit touched; False where it touched more than those."""
        move = between(self._source.text, source.text)
        if move.start == move.old_end == move.new_end:
            self._follow(move, source)
            return True
        for pieces, column in ((self._members, self._column), (self._outer, 0)):
            first, last = _touched(pieces, move.start, move.old_end)
            if first < 0:
                continue
            # A comment above a key is a part of the piece before it.
            for begin in range(first, max(first - 2, -1), -1):
                made = self._made(source, pieces[begin:last], column, move.shift)
                if made:
                    self._follow(move, source)
                    before = pool_of(pieces[begin:last])
                    pieces[begin:last] = [_same(before, piece) for piece in made]
                    return True
        return False

    def _made(
        self, source: Source, pieces: Sequence[Piece], column: int, shift: int
    ) -> list[Piece]:
        """What takes the place of pieces in a row, the last of which ends elsewhere by now."""
        if any(one.end != two.start for one, two in pairwise(pieces)):
            return []  # others stand between them
        made = list(_run(source, Stretch(pieces[0].start, pieces[-1].end + shift), column))
        is_plain = column or (self._are_plain(pieces) and self._are_plain(made))
        return made if is_plain else []

    def _are_plain(self, pieces: Sequence[Piece]) -> bool:
        """Whether none of the pieces is the one with members of its own."""
        return all(piece.key.data != self._inner for piece in pieces)

    def _follow(self, move: Move, source: Source) -> None:
        """Tells all pieces the text that they are in now, and those after an edit their place."""
        move.follow((piece.anchor for piece in (*self._outer, *self._members)), source)
        self._source = source


def _cut(text: str, inner: str, found: Composed) -> Cut | None:
    """Where the members stand of a text that was read whole; None where lines do not tell them."""
    value = found.value
    if value is None or found.problems or found.repeats or text.startswith("\ufeff"):
        return None
    starts = starts_of(value, text, 0)
    names = [key.data for key, _ in value.members]
    if not starts or names.count(inner) != 1 or has_mark(text, starts[0]):
        return None
    at = names.index(inner)
    held = value.members[at].value
    assert isinstance(held, YamlValue)
    begins = starts_of(held, text, held.span.start - line_start(text, held.span.start))
    if not begins or begins[0] <= value.members[at].key.span.end:
        return None
    outer = stretches(starts, len(text))
    begin, end = outer[at]
    outer[at] = Stretch(begin, begins[0])
    return Cut(outer, at, stretches(begins, end))


def _same(before: Pool, piece: Piece) -> Piece:
    """The piece as it was, if its text is one that was there, at the place where it is now."""
    known = before.pop(piece.text, None)
    if known is None:
        return piece
    known.anchor.put(piece.anchor.parent, piece.anchor.offset)
    return known


def _touched(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int]:
    """The pieces `[first, last)` that hold all of an edit, or border on it; (-1, -1): none do."""
    places = [piece.start for piece in pieces]
    first = max(bisect_right(places, start - 1) - 1, 0)
    last = bisect_right(places, end)
    if places[first] > start or last <= first or pieces[last - 1].end < end:
        return -1, -1
    return first, last


def _run(source: Source, lines: Stretch, column: int) -> Iterator[Piece]:
    """The members in some lines of a text, their keys in that column; nothing if they are broken.

    Each must be sound by itself: lines that a fault holds together are no members.
    """
    part = source.part(*lines)
    if has_mark(part.text, 0) or not ends_a_line(source.text, lines.end):
        return
    levels = 1 + bool(column)
    found = compose(part, levels)
    if found.value is None or found.problems or found.repeats:
        return
    starts = starts_of(found.value, part.text, column)
    if not starts or starts[0] != 0:
        return
    if len(starts) == 1:
        pieces = [read_piece(part, levels)]
    else:
        cuts = stretches([lines.start + start for start in starts], lines.end)
        pieces = [piece_of(source, *each, levels, {}) for each in cuts]
    sound = [piece for piece in pieces if piece is not None and not piece.problems]
    yield from sound if len(sound) == len(pieces) else ()


def _is_head(piece: Piece) -> bool:
    """Whether a piece is a key and nothing else."""
    return piece.value.kind == "null" and type(piece.value) is YamlValue

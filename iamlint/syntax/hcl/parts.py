"""Reads a file of HCL that is edited again and again: each block is a text of its own.

What stays the same text keeps its tree, wherever it moves to; see `source.Anchor`.

Why this gives what reading the whole text does. The reader goes from left to right, and between
two blocks at the top it keeps nothing but its place: what it makes of a block is due to the text
from the header on to the `}` alone, if nothing is wrong in there, and so are the faults that it
would find. So a block that is sound by itself, and ends where its text does, is the same block
wherever the reader comes to it at the top. It comes there if all that is before is sound, too:
blocks, each with an end of its line, and blanks and comments, which are looked for in the whole
text. Of an edited text only what lies between the last block before the edit and the first one
after it has to be read: the rest is as it was. Whatever is not sound is read as a whole.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from iamlint.moving import between
from iamlint.source import Anchor, Problem, Source
from iamlint.syntax.hcl import parse
from iamlint.syntax.hcl.bodies import Attribute, Block, Body
from iamlint.syntax.hcl.tokens import END, FREE
from iamlint.typed import cast

_BOM = "\ufeff"
_SPLIT = "locals"  # blocks of this type are as many things as they have arguments


class Part:
    """A block at the top of a file, or an argument in one, with the text that it is read from."""

    __slots__ = ("anchor", "inner", "item", "text")

    def __init__(
        self, text: str, anchor: Anchor, item: Block | Attribute, inner: tuple[Part, ...] = ()
    ) -> None:
        self.text = text
        self.anchor = anchor
        self.item = item
        self.inner = inner

    @property
    def end(self) -> int:
        """Where it ends in the file."""
        return self.anchor.offset + len(self.text)


class File:
    """A file as it was read last, in parts where that can be done."""

    __slots__ = ("body", "is_sound", "parts", "problems", "source")

    def __init__(
        self,
        source: Source,
        parts: list[Part],
        body: Body,
        problems: list[Problem],
        *,
        is_sound: bool,
    ) -> None:
        self.source = source
        self.parts = parts  # in the order of the text
        self.body = body
        self.problems = problems
        self.is_sound = is_sound  # all that is in it is in the parts


def read(source: Source, known: File | None) -> File:
    """A file; `known` is what it was when it was read last, of which nothing else is to be used."""
    if known is None:
        return _whole(source, _Pool(()))
    if known.source is source:
        return known
    found = _edited(source, known) if known.is_sound else None
    return found or _whole(source, _Pool(known.parts))


class _Pool:
    """Parts that are not in use any more, by their text."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts: dict[str, list[Part]] = {}
        self._inner: dict[str, list[Part]] = {}
        self._kept: set[Part] = set()  # arguments of blocks that are in use again
        for part in parts:
            self._parts.setdefault(part.text, []).append(part)
            for each in part.inner:
                self._inner.setdefault(each.text, []).append(each)

    def block(self, source: Source, start: int, end: int) -> Part | None:
        """The block that a part of a text is; None if it is more or less than one sound block."""
        text = source.text[start:end]
        known = self._parts.get(text, [])
        while known:
            part = known.pop(0)
            if all(_is_in(part, each) for each in part.inner):
                return self._again(part, source, start)
        made = _sound(source, text, start)
        if made is None or not isinstance(made.item, Block) or made.item.type != _SPLIT:
            return made
        return self._split(made, made.item)

    def _again(self, part: Part, source: Source, start: int) -> Part:
        part.anchor.put(source, start)
        self._kept.update(part.inner)
        return part

    def _split(self, part: Part, block: Block) -> Part:
        """The same with its arguments as parts of their own."""
        source, items, inner = block.source, list[Attribute | Block](), list[Part]()
        for item in block.body.items:
            found = self._argument(source, item.start, item.end)
            items.append(item if found is None else found.item)
            inner += [] if found is None else [found]
        body = Body(source, block.body.start, block.body.end, tuple(items), block.body.complete)
        made = Block(source, block.start, block.end, block.type, block.labels, body)
        return Part(part.text, part.anchor, made, tuple(inner))

    def _argument(self, source: Source, start: int, end: int) -> Part | None:
        text = source.text[start:end]
        known = self._inner.get(text, [])
        while known:
            part = known.pop()
            if part not in self._kept:
                return self._again(part, source, start)
        return _sound(source, text, start)


def _is_in(block: Part, argument: Part) -> bool:
    """Whether an argument was not taken into another block."""
    return argument.anchor.parent is block.item.source


def _sound(source: Source, text: str, start: int) -> Part | None:
    part = source.part(start, start + len(text))
    body, problems = parse(part)
    if problems or len(body.items) != 1:
        return None
    item = body.items[0]
    if (item.start, item.end) != (0, len(text)):
        return None
    return Part(text, cast(Anchor, part.origin), item)


def _whole(source: Source, pool: _Pool) -> File:
    """A file whose blocks are parts as far as they are sound; what is wrong is told as always."""
    body, problems = parse(source)
    parts, items, is_sound = list[Part](), list[Attribute | Block](), not problems
    for item in body.items:
        part = pool.block(source, item.start, item.end) if _is_whole(item) else None
        if part is None:
            is_sound = False
            items.append(item)
        else:
            parts.append(part)
            items.append(part.item)
    parts.sort(key=lambda part: part.anchor.offset)  # what is broken may be told out of order
    made = Body(source, body.start, body.end, tuple(items), body.complete)
    return File(source, parts, made, problems, is_sound=is_sound)


def _is_whole(item: Attribute | Block) -> bool:
    return isinstance(item, Block) and item.body.complete


def _edited(source: Source, known: File) -> File | None:
    """A file, of which only what was edited is read; None where that cannot be done."""
    parts, move = known.parts, between(known.source.text, source.text)
    if known.source.text == source.text:
        move.follow((part.anchor for part in parts), source)
        return _joined(source, parts)
    first = bisect_right(parts, move.start, key=lambda part: part.end)
    last = max(first, bisect_left(parts, move.old_end, key=lambda part: part.anchor.offset))
    start = parts[first - 1].end if first else 0
    end = parts[last].anchor.offset + move.shift if last < len(parts) else len(source.text)
    spans = _between(source, start, end, is_first=not first)
    if spans is None:
        return None
    pool = _Pool(parts[first:last])
    made = [pool.block(source, *span) for span in spans]
    found = [part for part in made if part is not None]
    if len(found) < len(made):
        return None
    move.follow((part.anchor for part in (*parts[:first], *parts[last:])), source)
    return _joined(source, [*parts[:first], *found, *parts[last:]])


def _between(
    source: Source, start: int, end: int, *, is_first: bool
) -> list[tuple[int, int]] | None:
    """The blocks between the end of one and the start of another, if nothing is wrong there."""
    text = source.text
    at = start if is_first else _line_end(text, start)
    if at is None or at > end or (at and text.startswith(_BOM, at)):
        return None
    body, problems = parse(source.part(at, end))
    if problems or not all(isinstance(item, Block) for item in body.items):
        return None
    found = [(at + item.start, at + item.end) for item in body.items]
    rest = _line_end(text, found[-1][1]) if found else at + text.startswith(_BOM, at)
    if rest is None:
        return None
    blank = FREE.blank(text, rest)
    return found if (blank.end() if blank else rest) == end else None


def _line_end(text: str, at: int) -> int | None:
    """Where the next line begins after what ends there; None if more is on its line."""
    found = END(text, at)
    return found.end() if found else None


def _joined(source: Source, parts: list[Part]) -> File:
    items = tuple(part.item for part in parts)
    body = Body(source, 0, len(source.text), items, complete=True)
    return File(source, parts, body, [], is_sound=True)

"""Finds where a document is written that a plan tells the values of.

A plan knows what a configuration will come to, and the configuration knows where that is written.
What both have in the same place of the document stands where the configuration has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.formats.role import Role, Variant
from iamlint.source import Span
from iamlint.syntax.holes import Composed, Holes, Piece, is_hole
from iamlint.syntax.value import Member, Value, content

_MOST_TRIED = 50  # elements of a list that another one may have been written as
_MOST_STEPS = 20_000  # of one document; after them a plan keeps its places
_DEEPEST = 40  # levels; deeper down it does, too


def aligned(known: Value, role: Role) -> Variant:
    """A document with the places of that variant of a role in which most of it is written."""
    made = [_Alignment(role.holes) for _ in role.variants]
    documents = [
        each.value(known, variant.document) or known
        for each, variant in zip(made, role.variants, strict=True)
    ]
    best = max(range(len(made)), key=lambda at: (made[at].count, -at))
    return Variant(documents[best])


class _Alignment:
    """Lays one document over another; `count` tells how many texts are in both."""

    def __init__(self, holes: Holes) -> None:
        self._holes = holes
        self._left = _MOST_STEPS
        self.count = 0

    def value(self, known: Value, written: Value, level: int = 0) -> Value | None:
        """The value where it is written; None where something else is written."""
        self._left -= 1
        if level > _DEEPEST or self._left < 0:
            return None
        if written.kind == "string" and is_hole(written.data) and written.data in self._holes:
            self.count += 1
            return _moved(known, written.span)
        if known.kind != written.kind:
            return None
        if known.kind == "object":
            return self._object(known, written, level)
        if known.kind == "array":
            items = tuple(self._items(known.items(), written.items(), level))
            return Value("array", items, written.span)
        if known.kind == "string":
            return self._text(known, written)
        return Value(known.kind, known.data, written.span) if known.data == written.data else None

    def _object(self, known: Value, written: Value, level: int) -> Value:
        names = [member.key.data for member in known.members]
        open_ = [each for each in written.members if each.key.data not in names]
        members = []
        for key, held in known.members:
            found = _member(written, key.data) or self._like(key, open_)
            if found is None:
                members.append(Member(key, held))
                continue
            name = self._text(key, found.key) or key
            members.append(Member(name, self.value(held, found.value, level + 1) or held))
        return Value("object", tuple(members), written.span)

    def _like(self, key: Value, members: list[Member]) -> Member | None:
        """The member whose key is not known, and may be this one."""
        return next((each for each in members if _fits(key.data, each.key.data, self._holes)), None)

    def _items(
        self, known: tuple[Value, ...], written: tuple[Value, ...], level: int
    ) -> Iterator[Value]:
        by_content: dict[object, list[Value]] = {}
        for item in reversed(written):
            by_content.setdefault(content(item), []).append(item)
        for number, item in enumerate(known):
            same = by_content.get(content(item))
            near = written[number : number + 1]
            tried = [same.pop()] if same else [*near, *written[:_MOST_TRIED]]
            yield self._best(item, tried, level) or item

    def _best(self, known: Value, tried: list[Value], level: int) -> Value | None:
        """An element, where most of it is written."""
        best, start, most = None, self.count, self.count
        for each in tried:
            self.count = start
            found = self.value(known, each, level + 1)
            if found is not None and self.count > most:
                best, most = found, self.count
        self.count = most
        return best

    def _text(self, known: Value, written: Value) -> Value | None:
        if known.data == written.data:
            self.count += 1
            return written
        if not _fits(known.data, written.data, self._holes):
            return None
        self.count += 1
        return _moved(known, written.part(0, len(written.data)))


def _member(written: Value, name: str) -> Member | None:
    return next((each for each in reversed(written.members) if each.key.data == name), None)


def _fits(known: str, written: str, holes: Holes) -> bool:
    """Whether a text is what another one may come to when its holes are filled."""
    parts = _between(written, holes)
    if len(parts) == 1:
        return known == written
    first, *inner, last = parts
    if not (known.startswith(first) and known[len(first) :].endswith(last)):
        return False
    at, end = len(first), len(known) - len(last)
    for part in inner:
        found = known.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _between(text: str, holes: Holes) -> list[str]:
    """What stands before, between and behind the holes of a text."""
    chars = "".join(char for char in dict.fromkeys(text) if char in holes)
    return re.split(f"[{chars}]", text) if chars else [text]


def _moved(value: Value, place: Span) -> Value:
    """A value that stands at one place, with all that is in it."""
    if value.kind == "string":
        return Composed([Piece(value.data, value, 0, place)], place)
    if value.kind == "array":
        return Value("array", tuple(_moved(item, place) for item in value.items()), place)
    if value.kind == "object":
        pairs = ((_moved(key, place), _moved(held, place)) for key, held in value.members)
        return Value("object", tuple(Member(key, held) for key, held in pairs), place)
    return Value(value.kind, value.data, place)

"""Tells which texts the places in a role are in."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.formats.role import Role
from iamlint.source import Anchor, Derivation, Origin, Pieces, Source, Span, Standing
from iamlint.syntax.holes import Piece
from iamlint.syntax.value import Value


def sources(role: Role) -> set[Source]:
    """The outermost texts that places in a role are in without an anchor.

    Where a place reaches from one block to another, it is in the file itself, and does not move.
    """
    walk = _Walk()
    for span in (role.span, *role.beside.names):
        walk.span(span)
    for way in role.ways:
        walk.span(way.origin)
        walk.span(way.use)
    for value in _values(role):
        walk.value(value)
    return walk.found


def _values(role: Role) -> Iterator[Value]:
    yield role.document
    yield from (variant.document for variant in role.variants)
    yield from (policy.value for policy in role.policies if policy.value is not None)


class _Walk:
    """Goes from places to what they were derived from."""

    def __init__(self) -> None:
        self.found: set[Source] = set()
        self._seen: set[int] = set()

    def value(self, value: Value) -> None:
        """All places in a value."""
        todo = [value]
        while todo:
            each = todo.pop()
            self.span(each.span)
            if each.kind == "string" and type(each) is not Value:
                self._origin(each.derivation())
            for member in each.members:
                todo += member
            todo += each.items()

    def span(self, span: Span) -> None:
        """A place, and all that its text was derived from."""
        source = span.source
        if id(source) in self._seen:
            return
        self._seen.add(id(source))
        if source.origin is None:
            self.found.add(source)
        elif not isinstance(source.origin, Anchor):
            self._origin(source.origin, len(source.text))

    def _origin(self, origin: Origin, size: int = 0) -> None:
        if isinstance(origin, Standing):
            self.span(origin.place)
        elif isinstance(origin, Piece):
            if origin.place is not None:
                self.span(origin.place)
            elif type(origin.value) is Value:
                self.span(origin.value.span)
            else:
                self._origin(origin.value.derivation())
        elif isinstance(origin, Pieces):
            self.span(origin.whole)
            for each in origin.origins:
                self._origin(each)
        elif isinstance(origin, Derivation):
            self.span(Span(origin.parent, 0, 0))
        else:
            self.span(origin.span(0, size))

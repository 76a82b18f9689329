"""What all nodes of the syntax tree of HCL have: a place, and children."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.source import Source, Span
from iamlint.typed import ClassVar


class Node:
    """A part of a text, the code points `[start, end)` of `source`; equal only to itself."""

    __slots__ = ("end", "source", "start")
    holds: ClassVar[tuple[str, ...]] = ()  # the attributes with nodes in them, in source order

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.start}:{self.end})"

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def children(self) -> Iterator[Node]:
        """The nodes directly inside this one, in source order."""
        for name in self.holds:
            held = getattr(self, name)
            if isinstance(held, Node):
                yield held
            elif held:
                yield from held

    def walk(self) -> Iterator[Node]:
        """This node and all nodes inside it, each before its children, in source order."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo += reversed(list(node.children()))


class Expression(Node):
    """Something that has a value."""

    __slots__ = ()


class Name(Node):
    """A name that an expression binds: the variables of a `for`."""

    __slots__ = ("text",)

    def __init__(self, source: Source, start: int, end: int, text: str) -> None:
        super().__init__(source, start, end)
        self.text = text


class Head(Node):
    """`for key, value in collection`, of an expression or a directive."""

    __slots__ = ("collection", "key", "value")
    holds = ("key", "value", "collection")

    def __init__(self, start: int, key: Name | None, value: Name, collection: Expression) -> None:
        super().__init__(value.source, start, collection.end)
        self.key = key
        self.value = value
        self.collection = collection

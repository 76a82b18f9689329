"""The nodes of structure: bodies, arguments, blocks."""

from __future__ import annotations

from iamlint.source import Source, Span
from iamlint.syntax.hcl.node import Expression, Node


class Body(Node):
    """The arguments and blocks of a file or of a block, in source order.

    `complete` is False when a part of it could not be read, so that nothing follows from what
    is not there.
    """

    __slots__ = ("complete", "items")
    holds = ("items",)

    def __init__(
        self,
        source: Source,
        start: int,
        end: int,
        items: tuple[Attribute | Block, ...],
        complete: bool,
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.items = items
        self.complete = complete

    def attribute(self, name: str) -> Attribute | None:
        """The argument of that name; of several, which is a fault, the first."""
        for item in self.items:
            if type(item) is Attribute and item.name == name:
                return item
        return None

    def attributes(self) -> tuple[Attribute, ...]:
        return tuple(item for item in self.items if isinstance(item, Attribute))

    def blocks(self, type: str, labels: int = 0) -> tuple[Block, ...]:
        """The blocks of that type directly in this body.

        `labels`: how many such blocks have by right, which only the JSON syntax must be told;
        here a block has those that are written.
        """
        return tuple(item for item in self.items if item.__class__ is Block and item.type == type)

    def names(self) -> tuple[str, ...]:
        """The names of arguments and types of blocks, each once, in the order of the text."""
        named = (i.name if isinstance(i, Attribute) else i.type for i in self.items)
        return tuple(dict.fromkeys(named))


class Attribute(Node):
    """`name = value`, in a body."""

    __slots__ = ("name", "value")
    holds = ("value",)

    def __init__(self, source: Source, start: int, end: int, name: str, value: Expression) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.name = name
        self.value = value

    @property
    def name_span(self) -> Span:
        return Span(self.source, self.start, self.start + len(self.name))


class Block(Node):
    """`type "label" { … }`, in a body."""

    __slots__ = ("body", "labels", "type")
    holds = ("labels", "body")

    def __init__(
        self,
        source: Source,
        start: int,
        end: int,
        type: str,
        labels: tuple[Label, ...],
        body: Body,
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.type = type
        self.labels = labels
        self.body = body

    @property
    def type_span(self) -> Span:
        return Span(self.source, self.start, self.start + len(self.type))

    @property
    def header_span(self) -> Span:
        """The type and the labels."""
        end = self.labels[-1].end if self.labels else self.start + len(self.type)
        return Span(self.source, self.start, end)


class Label(Node):
    """A label of a block, a bare name or a string; `text` is decoded."""

    __slots__ = ("text",)

    def __init__(self, source: Source, start: int, end: int, text: str) -> None:
        super().__init__(source, start, end)
        self.text = text

"""The located value that every syntax is read into."""

from __future__ import annotations

from iamlint.source import Derivation, Origin, Span
from iamlint.typed import Any, NamedTuple, cast


class Value:
    """A piece of data and the place where it is written; equal only to itself.

    kind      data
    object    tuple[Member, ...] in source order, duplicates kept
    array     tuple[Value, ...]
    string    str
    number    int | float (infinite when no int or float of Python can hold it)
    boolean   bool
    null      None
    bad       str: the raw text of what could not be read
    """

    __slots__ = ("data", "kind", "span")

    def __init__(self, kind: str, data: Any, span: Span) -> None:
        self.kind = kind
        self.data = data
        self.span = span

    def __repr__(self) -> str:
        return f"Value({self.kind!r}, {self.span.start}:{self.span.end})"

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of an object; nothing for any other kind."""
        return cast("tuple[Member, ...]", self.data) if self.kind == "object" else ()

    def items(self) -> tuple[Value, ...]:
        """The items of an array; nothing for any other kind."""
        return cast("tuple[Value, ...]", self.data) if self.kind == "array" else ()

    def get(self, name: str) -> Value | None:
        """The last member of exactly that name: the one that JSON parsers keep."""
        for member in reversed(self.members):
            if member.key.data == name:
                return member.value
        return None

    def derivation(self) -> Origin:
        """How the decoded text of a string came out of its source; overridden where escapes exist.

        Text of the same length is a copy; anything else is one step that maps as a whole.
        """
        size = len(self.data) if isinstance(self.data, str) else 0
        return Derivation(self.span.source, [0, size], [self.span.start, self.span.end])

    def part(self, start: int, end: int) -> Span:
        """The place of the code points `[start, end)` of a string's decoded text."""
        return self.derivation().span(start, end) if isinstance(self.data, str) else self.span

    def plain(self) -> Any:
        """The plain Python value; of duplicate names the last one wins."""
        result = _shell(self)
        todo = [(self, result)]
        while todo:
            value, into = todo.pop()
            for key, child in _children(value):
                made = _shell(child)
                if key is None:
                    into.append(made)
                else:
                    into[key] = made
                if child.kind in ("object", "array"):
                    todo.append((child, made))
        return result


class Member(NamedTuple):
    """One `key: value` of an object."""

    key: Value  # of kind string
    value: Value


def content(value: Value) -> tuple[object, ...]:
    """What a value says, wherever it stands: equal for values that differ in their places only."""
    todo, parts = [value], list[object]()
    while todo:
        each = todo.pop()
        parts.append(each.kind)
        if each.kind == "object":
            parts.append(len(each.data))
            for member in each.members:
                parts.append(member.key.data)
                todo.append(member.value)
        elif each.kind == "array":
            parts.append(len(each.data))
            todo += each.items()
        else:
            parts.append(each.data)
    return tuple(parts)


def text_size(value: Value) -> int:
    """How many characters the strings in a value have together, keys included."""
    size = 0
    todo = [value]
    while todo:
        each = todo.pop()
        size += len(each.data) if each.kind == "string" else 0
        for member in each.members:
            todo += member
        todo += each.items()
    return size


def _shell(value: Value) -> Any:
    """A scalar's data, or an empty container to be filled."""
    if value.kind == "object":
        return {}
    return [] if value.kind == "array" else value.data


def _children(value: Value) -> list[tuple[str | None, Value]]:
    if value.kind == "object":
        return [(member.key.data, member.value) for member in value.members]
    return [(None, item) for item in value.items()]

"""Reads the JSON syntax of HCL, as in `.tf.json`, into the same nodes as the native one.

What is an argument and what a block is not written in JSON: whoever asks for it decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.source import Problem, Span
from iamlint.syntax.escapes import decoded
from iamlint.syntax.hcl import parse_template
from iamlint.syntax.hcl.bodies import Attribute, Block, Body, Label
from iamlint.syntax.hcl.expressions import Item, Literal, Number, Object, Tuple, Unreadable
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.templates import Template, Text
from iamlint.syntax.json_problems import shown
from iamlint.syntax.value import Value

_DEPTH = 80  # levels, as in the native syntax
_COMMENT = "//"  # the key of a comment, in a body
_KINDS = {"object": "an object", "array": "an array", "string": "a string", "number": "a number"}


def body(value: Value, problems: list[Problem]) -> Body:
    """The body that an object, or an array of objects, is; faults are added when they are met."""
    made = JsonBody(value, problems)
    made.complete = _objects(value, made.objects, problems)
    return made


def expression(value: Value, problems: list[Problem], depth: int = 0) -> Expression:
    """The expression that a value is: a string is a template, all else is what it looks like."""
    source, start, end = value.span
    if depth > _DEPTH:
        message = f"this is nested too deeply: {_DEPTH} levels are the most that is read"
        _tell(problems, message, value.span)
        return Unreadable(source, start, end)
    if value.kind == "string":
        return _template(value, problems)
    if value.kind == "number":
        return Number(source, start, end)
    if value.kind == "array":
        items = [expression(item, problems, depth + 1) for item in value.items()]
        return Tuple(source, start, end, tuple(items))
    if value.kind == "object":
        return Object(source, start, end, tuple(_items(value, problems, depth)))
    if value.kind == "bad":
        return Unreadable(source, start, end)
    return Literal(source, start, end, value.data)


class JsonBody(Body):
    """A body in the JSON syntax; it has no `items`, for these are not known until asked for."""

    __slots__ = ("_made", "objects", "problems")

    def __init__(self, value: Value, problems: list[Problem]) -> None:
        super().__init__(*value.span, (), True)
        self.objects: list[Value] = []
        self.problems = problems
        self._made: dict[str, Attribute | None] = {}  # to tell a fault once

    def attribute(self, name: str) -> Attribute | None:
        if name not in self._made:
            found = [member for each in self.objects for member in each.members]
            same = [member for member in found if member.key.data == name]
            for member in same[1:]:
                message = f"the argument {shown(name)} is set twice"
                _tell(self.problems, message, member.key.span, "remove one of the two")
            self._made[name] = self._attribute(same[0].key, same[0].value) if same else None
        return self._made[name]

    def attributes(self) -> tuple[Attribute, ...]:
        """All that is there, taken as arguments: for bodies that have no blocks."""
        found = (self.attribute(name) for name in self.names())
        return tuple(attribute for attribute in found if attribute)

    def blocks(self, type: str, labels: int = 0) -> tuple[Block, ...]:
        found = [member for each in self.objects for member in each.members]
        values = [(m.key, m.value) for m in found if m.key.data == type]
        return tuple(b for key, value in values for b in self._blocks(key, value, (), labels))

    def names(self) -> tuple[str, ...]:
        keys = (str(member.key.data) for each in self.objects for member in each.members)
        return tuple(dict.fromkeys(key for key in keys if key != _COMMENT))

    def _attribute(self, key: Value, value: Value) -> Attribute:
        return JsonAttribute(key, value, expression(value, self.problems))

    def _blocks(
        self, key: Value, value: Value, labels: tuple[Label, ...], left: int
    ) -> Iterator[Block]:
        """The blocks in a value under which `left` levels of labels are to come."""
        for one in value.items() if value.kind == "array" else (value,):
            if one.kind == "null":
                continue
            if one.kind != "object":
                self.complete = False
                _refuse(self.problems, one)
            elif not left:
                yield JsonBlock(key, labels, body(one, self.problems))
            else:
                for member in one.members:
                    label = Label(*member.key.span, str(member.key.data))
                    yield from self._blocks(key, member.value, (*labels, label), left - 1)


class JsonAttribute(Attribute):
    """A member taken as an argument."""

    __slots__ = ("key",)

    def __init__(self, key: Value, written: Value, value: Expression) -> None:
        source, start, _ = key.span
        super().__init__(source, start, written.span.end, str(key.data), value)
        self.key = key.span

    @property
    def name_span(self) -> Span:
        return self.key


class JsonBlock(Block):
    """An object taken as a block; its place begins with the type that may be shared by several."""

    __slots__ = ("key",)

    def __init__(self, key: Value, labels: tuple[Label, ...], inside: Body) -> None:
        source, start, _ = key.span
        super().__init__(source, start, inside.end, str(key.data), labels, inside)
        self.key = key.span

    @property
    def type_span(self) -> Span:
        return self.key

    @property
    def header_span(self) -> Span:
        return self.labels[-1].span if self.labels else self.key


def _objects(value: Value, objects: list[Value], problems: list[Problem]) -> bool:
    """Adds the objects that a body is made of; whether there is nothing else."""
    sound = True
    for one in value.items() if value.kind == "array" else (value,):
        if one.kind == "object":
            objects.append(one)
        else:
            sound = False
            _refuse(problems, one)
    return sound


def _refuse(problems: list[Problem], value: Value) -> None:
    if value.kind != "bad":  # the reader of JSON has told that
        kind = _KINDS.get(value.kind, shown(value.span.text))
        _tell(problems, f"{kind} stands where an object is due", value.span)


def _tell(problems: list[Problem], message: str, span: Span, advice: str | None = None) -> None:
    problems.append(Problem("invalid-hcl", message, span.source.name, span, advice))


def _items(value: Value, problems: list[Problem], depth: int) -> Iterator[Item]:
    for member in value.members:
        source, start, _ = member.key.span
        key = _template(member.key, problems)
        made = expression(member.value, problems, depth + 1)
        yield Item(source, start, member.value.span.end, key, made)


def _template(value: Value, problems: list[Problem]) -> Expression:
    """A string as a template; its nodes lie in the decoded text, which knows where it came from."""
    inner = decoded(value)
    if "{" not in inner.text:
        size = len(inner.text)
        parts = (Text(inner, ((0, size),), False, inner.text),) if size else ()
        return Template(inner, 0, size, parts)
    made, told = parse_template(inner)
    problems += told
    return made or Unreadable(inner, 0, len(inner.text))

"""Unrolls `Fn::ForEach`: each item of a list gives members of its own."""

from __future__ import annotations

import re

from iamlint.formats.cloudformation.arguments import listed, wrong
from iamlint.formats.cloudformation.cutter import Cutter
from iamlint.formats.cloudformation.faults import Fault
from iamlint.formats.cloudformation.intrinsics import (
    LOOP,
    Call,
    bare,
    intrinsic,
    is_loop,
    tagged_like,
)
from iamlint.formats.cloudformation.parameters import as_string
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.template import number_or_text
from iamlint.formats.role import Way
from iamlint.source import Span
from iamlint.syntax.holes import Composed, Piece
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple

_MOST_MEMBERS = 5_000  # that the loops of one object may make; a template has 500 resources
_DEPTH = 100


class Made(NamedTuple):
    """One member, and how values came into it if a loop made it."""

    member: Member
    ways: tuple[Way, ...] = ()


def for_each(run: Run, call: Call) -> Value:
    """The object of all members that a loop makes; loops in it are unrolled, too."""
    loop = Member(Value("string", call.name, call.span), call.argument)
    made = unrolled(run, (loop,))
    run.ways.update((way, None) for each in made for way in each.ways)
    return Value("object", tuple(each.member for each in made), call.span)


def unrolled(run: Run, members: tuple[Member, ...]) -> list[Made]:
    """The members with those of loops in the place of the loops."""
    found: list[Made] = []
    todo = [(Made(member), 0) for member in reversed(members)]
    while todo:
        made, level = todo.pop()
        if not is_loop(made.member.key.data):
            found.append(made)
            continue
        inner = _pass(run, made.member, level)
        if len(inner) + len(found) + len(todo) > _MOST_MEMBERS + len(members):
            message = f"loops make more than {_MOST_MEMBERS:,} members here"
            fault = Fault(message, made.member.key.span, code="too-large")
            run.failed(fault, LOOP[:11], _whole(made.member))
            break
        todo += (
            (each._replace(ways=(*made.ways, *each.ways)), level + 1) for each in reversed(inner)
        )
    return found


def _whole(member: Member) -> Span:
    return member.key.span.cover(member.value.span)


def _pass(run: Run, member: Member, level: int) -> list[Made]:
    """What one loop makes; nothing, and a problem, for what is no loop."""
    call = Call(member.key.data, member.value, _whole(member))
    try:
        if level > _DEPTH:
            raise Fault("loops are nested too deep here", call.span)
        return _looped(run, call)
    except Fault as fault:
        run.failed(fault, call.name, call.span)
        return []


def _looped(run: Run, call: Call) -> list[Made]:
    identifier, written, output = listed(call, 3)
    if identifier.kind != "string" or output.kind != "object" or not identifier.data:
        raise wrong(call)
    items = run.value(written)
    if items.kind not in ("array", "string"):
        raise wrong(call)
    found: list[Made] = []
    # A hole may be any list: it is gone through once.
    for item in items.items() if items.kind == "array" else (items,):
        if number_or_text(item) is None:
            raise wrong(call)
        for key, held in output.members:
            each = _Substitution(run, identifier.data, as_string(item))
            member = Member(each.text(key), each.value(held))
            found.append(Made(member, tuple(each.ways)))
    return found


class _Substitution:
    """Puts the item of a loop wherever its identifier stands."""

    def __init__(self, run: Run, identifier: str, item: Value) -> None:
        self._run = run
        self._identifier = identifier
        self._item = item
        self._mark = re.compile(rf"([$&])\{{\s*{re.escape(identifier)}\s*\}}")
        self.ways: dict[Way, None] = {}
        self._way = f"loop variable `{identifier}`"

    def value(self, root: Value, level: int = 0) -> Value:
        """The value with the item in it; parts without are shared."""
        run = self._run
        run.world.spend()
        if root.kind == "string":
            return self.text(root) if "{" in root.data else self._reference(root)
        if root.kind not in ("object", "array"):
            return root
        if level > _DEPTH:
            raise Fault("a loop holds values that are nested too deep", root.span)
        reference = self._reference(root)
        return reference if reference is not root else self._inside(root, level + 1)

    def _inside(self, root: Value, level: int) -> Value:
        if root.kind == "array":
            items = tuple(self.value(item, level) for item in root.items())
            same = all(one is two for one, two in zip(items, root.items(), strict=True))
            return root if same else _like(root, items)
        members = tuple(
            Member(self.text(key), self.value(held, level)) for key, held in root.members
        )
        same = all(
            one.key is two.key and one.value is two.value
            for one, two in zip(members, root.members, strict=True)
        )
        return root if same else _like(root, members)

    def _reference(self, value: Value) -> Value:
        call = intrinsic(value)
        if call is None or call.name != "Ref" or call.argument.data != self._identifier:
            return value
        self.ways[Way(self._item.span, call.span, self._way)] = None
        return self._item

    def text(self, value: Value) -> Value:
        """A text with the item in it; `&{Name}` takes only its letters and digits."""
        found = list(self._mark.finditer(value.data)) if "{" in value.data else []
        if not found:
            return value
        plain = bare(value)
        self._run.world.spend(1 + (len(value.data) + len(found) * len(self._item.data)) // 32)
        origin, cutter, at, pieces = plain.derivation(), Cutter(plain), 0, list[Piece]()
        for match in found:
            start, end = match.span()
            pieces += cutter.cut(at, start)
            place = origin.span(start, end)
            pieces += self._pieces(match[1], place)
            self.ways[Way(self._item.span, place, self._way)] = None
            at = end
        pieces += cutter.cut(at, len(value.data))
        return _like(value, pieces)

    def _pieces(self, mark: str, place: Span) -> list[Piece]:
        if mark == "$":
            return self._run.pieces(self._item, "an item of a loop")
        kept = "".join(char for char in self._item.data if char.isalnum() or ord(char) > 0xEFFFF)
        return [Piece(kept, self._item, 0, place)]


def _like(value: Value, data: object) -> Value:
    """A value with other content and the same tag and place."""
    made = Composed(data, value.span) if value.kind == "string" else None  # type: ignore[arg-type]
    return tagged_like(value, made or Value(value.kind, data, value.span))

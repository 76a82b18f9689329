"""Evaluates values of a template under what is assumed of its unknowns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iamlint.formats.cloudformation.decisions import NOTHING_ASSUMED, State, compare
from iamlint.formats.cloudformation.faults import Fault, TooMuch, meant
from iamlint.formats.cloudformation.intrinsics import NO_VALUE, Call, intrinsic, is_loop
from iamlint.formats.cloudformation.template import KINDS, number_or_text
from iamlint.formats.cloudformation.world import LONGEST_TEXT, World
from iamlint.formats.role import Way
from iamlint.source import Span
from iamlint.syntax.holes import Composed, Hole, Piece, pieces_of
from iamlint.syntax.value import Member, Value
from iamlint.typed import Any

_DEPTH = 100  # levels of values in values, those that are referred to included
_REFERENCE = 3  # levels that something referred to counts for: Python's stack is finite
_ANYTHING = "list"  # the kind of a hole that may be a text, a list, or an object


class Run:
    """One evaluation: what it met on its way is of one role, or of one property.

    `lenient`: a property that nobody judges: what is undecided is a hole, and faults are not told.
    `deciding`: the value is for a condition, where an empty default is a value like any other.
    """

    __slots__ = (
        "_active",
        "_functions",
        "assumed",
        "deciding",
        "depth",
        "lenient",
        "memo",
        "missing",
        "state",
        "ways",
        "world",
    )

    def __init__(
        self,
        world: World,
        functions: Functions,
        state: State = NOTHING_ASSUMED,
        *,
        lenient: bool = False,
    ) -> None:
        self.world = world
        self.state = state
        self.lenient = lenient
        self.deciding = False
        self.memo: dict[Any, Any] = world.memo((state, lenient))
        self.ways: dict[Way, None] = {}
        self.assumed: dict[str, bool] = {}  # conditions that are so only in this state
        self.missing: dict[str, None] = {}  # what could not be read, in words
        self._functions = functions
        self._active: set[object] = set()
        self.depth = 0

    def value(self, value: Value) -> Value:
        """The value with all that it calls evaluated; the very same one when there is nothing."""
        call = intrinsic(value)
        if call is None:
            if value.kind == "string":
                return self.string(value)
            if value.kind not in ("object", "array"):
                return value
        self.deeper(value.span)
        if call is not None:
            found = self.call(call)
        elif value.kind == "object":
            found = self._object(value)
        else:
            found = self._array(value)
        self.depth -= 1
        return found

    def deeper(self, span: Span) -> None:
        """Enters a level; who leaves it takes it off. Raises Fault when it is too deep."""
        self.world.spend()
        if self.depth >= _DEPTH:
            message = f"the template is nested more than {_DEPTH} levels deep here"
            raise TooMuch(message, span, "values that refer to each other count as levels")
        self.depth += 1

    def call(self, call: Call) -> Value:
        """What a function gives; what it cannot give is a hole."""
        function = self._functions.get(call.name)
        depth = self.depth
        try:
            if function is None:
                raise _unknown(call, self._functions)
            return function(self, call)
        except Fault as fault:
            self.depth = depth
            return self.failed(fault, call.name, call.span)

    def failed(self, fault: Fault, name: str, span: Span) -> Value:
        """Tells of a fault, and gives the hole that stands for what is wrong."""
        if not self.lenient:
            self.world.faults.tell(fault)
        self.missing[f"what `{name}` gives"] = None
        line, column = span.root().source.position(span.root().start)
        return self.hole(Hole(f"{name} at {line}:{column}", _ANYTHING), span)

    def string(self, value: Value) -> Value:
        """A plain text, in which only what other tools replace has a meaning."""
        text = value.data
        if "${" in text or "{{resolve:" in text:
            return self._functions[""](self, Call("", value, value.span))
        return value

    def _object(self, value: Value) -> Value:
        members: list[Member] = []
        is_changed = False
        for member in value.members:
            key, held = member
            if key.data.startswith("Fn::"):
                is_changed = True
                members += self._beside(member)
                continue
            made = self.value(held)
            name = self.string(key) if "{" in key.data else key
            if made is NO_VALUE:
                is_changed = True
            elif made is held and name is key:
                members.append(member)
            else:
                is_changed = True
                members.append(Member(name, made))
        return Value("object", tuple(members), value.span) if is_changed else value

    def _beside(self, member: Member) -> list[Member]:
        """The members that a function gives which stands among other members."""
        name, span = member.key.data, member.key.span.cover(member.value.span)
        if is_loop(name):
            looped = self._functions[name[:11]](self, Call(name, member.value, span))
            return [Member(key, held) for key, held in self._object(looped).members]
        self.missing[f"what `{name}` adds"] = None
        if name != "Fn::Transform" and not self.lenient:
            message = f"`{name}` stands beside other members, where it means nothing"
            help = "an object that calls a function holds nothing else"
            self.world.faults.tell(Fault(message, member.key.span, help))
        return []

    def _array(self, value: Value) -> Value:
        items = value.items()
        made = [self.value(item) for item in items]
        if all(one is two for one, two in zip(items, made, strict=True)):
            return value
        return Value("array", tuple(item for item in made if item is not NO_VALUE), value.span)

    # What functions need

    def hole(self, hole: Hole, span: Span) -> Value:
        return self.world.hole(hole, span)

    def may_be(self, one: str, two: str) -> bool:
        """Whether two texts can be equal in this state."""
        return compare(one, two, self.state, self.world.table.holes).outcome is not False

    def text(self, value: Value, what: str) -> str:
        """The text of a value, evaluated, with what is assumed of it filled in."""
        found = self.value(value)
        text = number_or_text(found)
        if text is None:
            raise Fault(f"{what} is {KINDS[found.kind]}, not text", value.span)
        return self.state.settled(text)

    def pieces(self, value: Value, what: str) -> list[Piece]:
        """The pieces of an evaluated scalar."""
        if value.kind == "string":
            self.world.spend(1 + len(value.data) // 32)
            return pieces_of(value, 0, len(value.data))
        text = number_or_text(value)
        if text is None:
            message = f"{what} is {KINDS[value.kind]}, not text"
            raise Fault(message, value.span, "a text is put together from texts only")
        return [Piece(text, value, 0, value.span)]

    def composed(self, pieces: list[Piece], span: Span) -> Value:
        """A text put together."""
        size = sum(len(piece.text) for piece in pieces)
        self.world.spend(1 + (size + len(pieces)) // 32)
        if size > LONGEST_TEXT:
            message = f"a text of more than {LONGEST_TEXT:,} characters is put together here"
            raise TooMuch(message, span, "IAM takes policies of 8,192 characters at most")
        return Composed(pieces, span)

    def once(self, key: object, span: Span, make: Callable[[], Any]) -> Any:
        """What is made for a key, made once in a state. Raises Fault when it needs itself."""
        kept = self.memo.get(key)
        if kept is None:
            if key in self._active:
                raise Fault(f"{self._circle(key)} refers to itself", span, "break the circle")
            self._active.add(key)
            outer = self.assumed, self.missing, self.depth
            self.depth += _REFERENCE
            self.assumed, self.missing = {}, {}
            try:
                kept = (make(), self.assumed, self.missing)
            finally:
                self._active.discard(key)
                self.assumed, self.missing, self.depth = outer
            self.memo[key] = kept
        made, assumed, missing = kept
        self.assumed.update(assumed)
        self.missing.update(missing)
        return made

    def _circle(self, key: object) -> str:
        what, name = key[:2] if isinstance(key, tuple) else ("", key)
        return f"the {what} `{name}`"


Function = Callable[[Run, Call], Value]
Functions = Mapping[str, Function]


def _unknown(call: Call, functions: Functions) -> Fault:
    known = [name for name in functions if name.startswith("Fn::") or name == "Ref"]
    message = f"`{call.name}` is not a function of CloudFormation"
    return Fault(message, call.span, meant(call.name, known, "functions"))

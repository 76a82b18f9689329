"""Renders `aws_iam_policy_document` as the AWS provider does, each scalar where it was written.

What the provider gives depends on the order of hashes where several blocks of a type make one list;
here it is the order of the text, which means the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from iamlint.formats.faults import quoted
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.policy_source import Source, source
from iamlint.source import Span
from iamlint.syntax.holes import Composed, Holes, Piece
from iamlint.syntax.value import Member, Value, content
from iamlint.typed import NamedTuple

_VERSION = "2012-10-17"
_OLD = "2008-10-17"

# The elements of a statement, in the provider's order, and the arguments that give them.
_LISTS = (
    ("Action", "actions"),
    ("NotAction", "not_actions"),
    ("Resource", "resources"),
    ("NotResource", "not_resources"),
)
_BLOCKS = (("Principal", "principals"), ("NotPrincipal", "not_principals"))
_WITH_VARIABLES = frozenset(("Resource", "NotResource"))

Tell = Callable[[Fault], None]


class Rendered(NamedTuple):
    """A document, and the parts of it that nobody knows, in words."""

    value: Value
    missing: tuple[str, ...] = ()


def rendered(block: Value, holes: Holes, tell: Tell) -> Rendered:
    """The document that the arguments of a data source make.

    `block` holds them as a plan does: an object of arguments, with a list for each type of block.
    Where a list is not known as a whole, a text with a hole stands in its place.
    """
    return _Renderer(holes, tell).document(block)


class _Renderer:
    """Renders one document."""

    def __init__(self, holes: Holes, tell: Tell) -> None:
        self._holes = holes
        self._tell = tell
        self._old = False  # a version that knows no variables
        self._missing: dict[str, None] = {}

    def document(self, block: Value) -> Rendered:
        merged = _Merged(block.span)
        self._take(merged, block, ("source_json", "source_policy_documents"), unique=True)
        merged.add(self._own(block))
        self._take(merged, block, ("override_policy_documents", "override_json"), unique=False)
        return Rendered(merged.value(), tuple(self._missing))

    def _take(self, merged: _Merged, block: Value, names: tuple[str, ...], *, unique: bool) -> None:
        """Merges the documents that an argument gives as texts."""
        seen: set[str] = set()
        for text in (text for name in names for text in _items(block.get(name))):
            found = source(text, self._holes, self._tell)
            self._missing.update(dict.fromkeys(found.missing))
            if unique:
                self._told_twice(found.statements, seen)
            merged.add(found)

    def _told_twice(self, statements: Iterable[Value], seen: set[str]) -> None:
        for statement in statements:
            sid = statement.get("Sid")
            if sid is None or not sid.data:
                continue
            if sid.data in seen:
                message = f"two statements have the `sid` {quoted(str(sid.data))}"
                self._tell(Fault(message, sid.span, "the provider takes each `sid` once"))
            seen.add(str(sid.data))

    def _own(self, block: Value) -> Source:
        """The statements that are blocks."""
        version = _scalar(block, "version")
        self._old = version is not None and version.data == _OLD
        version = version or Value("string", _VERSION, block.span)
        id = _scalar(block, "policy_id")
        statements = tuple(self._statement(each) for each in _items(block.get("statement")))
        self._told_twice(statements, set())
        return Source(version, id if id is not None and id.data else None, statements)

    def _statement(self, block: Value) -> Value:
        members: list[Member] = []
        sid = _scalar(block, "sid")
        if sid is not None and sid.data:
            members.append(_member("Sid", block, "sid", sid))
        effect = _scalar(block, "effect") or Value("string", "Allow", block.span)
        members.append(_member("Effect", block, "effect", effect))
        for element, argument in _LISTS:
            held = _unique(_items(block.get(argument)))
            if held:
                if element in _WITH_VARIABLES:
                    held = [self._with_variables(item) for item in held]
                given = block.get(argument)
                assert given is not None
                members.append(_member(element, block, argument, _collapsed(held, given.span)))
        for element, argument in _BLOCKS:
            blocks = _distinct(block.get(argument))
            if blocks:
                members.append(_member(element, block, argument, self._principals(blocks)))
        conditions = _distinct(block.get("condition"))
        if conditions:
            members.append(_member("Condition", block, "condition", self._conditions(conditions)))
        return Value("object", tuple(members), block.span)

    def _principals(self, blocks: list[Value]) -> Value:
        span = _covering(blocks)
        found: dict[str, _List] = {}
        for block in blocks:
            type = _required(block, "type")
            given = block.get("identifiers")
            held = [self._with_variables(item) for item in _unique(_items(given))]
            if len(blocks) == 1 and type.data == "*" and [item.data for item in held] == ["*"]:
                return held[0]
            place = given.span if given is not None else block.span
            found.setdefault(type.data, _List(type)).add(held, place, block)
        return Value("object", tuple(each.member() for each in found.values()), span)

    def _conditions(self, blocks: list[Value]) -> Value:
        span = _covering(blocks)
        found: dict[str, tuple[Value, dict[str, _List]]] = {}
        for block in blocks:
            test, variable = _required(block, "test"), _required(block, "variable")
            given = block.get("values")
            held = [self._with_variables(item) for item in _items(given)]
            _, variables = found.setdefault(test.data, (test, {}))
            place = given.span if given is not None else block.span
            variables.setdefault(variable.data, _List(variable)).add(held, place, block)
        members = []
        for test, variables in found.values():
            inner = tuple(each.member() for each in variables.values())
            parts = (inner[0].key.span, inner[-1].value.span)
            place = _cover(parts[0], (part for part in parts if _is_in(part, blocks)))
            members.append(Member(test, Value("object", inner, place)))
        return Value("object", tuple(members), span)

    def _with_variables(self, text: Value) -> Value:
        """A text in which `&{` stands for the `${` of IAM, which Terraform would take for its own.

        The two are equally long, so each character keeps its place.
        """
        if "&{" not in text.data:
            return text
        if self._old:
            message = f"variables such as in {quoted(text.data)} are not known to version {_OLD}"
            self._tell(Fault(message, text.span, "leave `version` out"))
        return Composed([Piece(text.data.replace("&{", "${"), text)], text.span)


class _Merged:
    """Documents laid one over the other."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._version: Value | None = None
        self._id: Value | None = None
        self._statements: list[Value] = []

    def add(self, other: Source) -> None:
        """Adds statements; one with the `Sid` of another takes its place."""
        if other.id is not None:
            self._id = other.id
        mine = str(self._version.data) if self._version is not None else ""
        if other.version is not None and str(other.version.data) > mine:
            self._version = other.version
        for statement in other.statements:
            sid = statement.get("Sid")
            at = self._at(str(sid.data)) if sid is not None and sid.data else None
            if at is None:
                self._statements.append(statement)
            else:
                self._statements[at] = statement

    def _at(self, sid: str) -> int | None:
        for number, statement in enumerate(self._statements):
            known = statement.get("Sid")
            if known is not None and known.data == sid:
                return number
        return None

    def value(self) -> Value:
        members = []
        if self._version is not None:
            members.append(_named("Version", self._version))
        if self._id is not None:
            members.append(_named("Id", self._id))
        if self._statements:
            statements = Value("array", tuple(self._statements), self._span)
            members.append(Member(Value("string", "Statement", self._span), statements))
        return Value("object", tuple(members), self._span)


class _List:
    """The values of one key: a text where there is one, unless several blocks gave them."""

    def __init__(self, key: Value) -> None:
        self._key = key
        self._items: list[Value] = []
        self._places: list[Span] = []
        self._blocks: list[Value] = []

    def add(self, items: list[Value], place: Span, block: Value) -> None:
        """Adds the values of one block, which need not be written in it."""
        self._items += items
        self._places.append(place)
        self._blocks.append(block)

    def member(self) -> Member:
        first, *others = self._places
        if not others:
            return Member(self._key, _collapsed(self._items, first))
        inside = [place for place in self._places if _is_in(place, self._blocks)]
        span = _cover(first, inside)
        return Member(self._key, Value("array", tuple(self._items), span))


def _collapsed(items: list[Value], span: Span) -> Value:
    return items[0] if len(items) == 1 else Value("array", tuple(items), span)


def _unique(items: Iterable[Value]) -> list[Value]:
    """The elements of a set, as the provider sorts them."""
    found = {item.data: item for item in reversed(list(items))}
    return [found[text] for text in sorted(found, reverse=True)]


def _distinct(held: Value | None) -> list[Value]:
    """The blocks of a type of which there are none twice."""
    found: dict[object, Value] = {}
    for block in _items(held):
        found.setdefault(content(block), block)
    return list(found.values())


def _items(held: Value | None) -> tuple[Value, ...]:
    """The elements of a list without those that are null; one text is a list as a whole."""
    if held is None or held.kind == "null":
        return ()
    if held.kind != "array":
        return (held,)
    return tuple(item for item in held.items() if item.kind != "null")


def _scalar(block: Value, name: str) -> Value | None:
    held = block.get(name)
    return held if held is not None and held.kind == "string" else None


def _required(block: Value, name: str) -> Value:
    """An argument; where it is missing, which the provider refuses, an empty text."""
    return _scalar(block, name) or Value("string", "", block.span)


def _member(element: str, block: Value, argument: str, value: Value) -> Member:
    key = next((key for key, _ in block.members if key.data == argument), None)
    span = key.span if key is not None else block.span
    return Member(Value("string", element, span), value)


def _named(element: str, value: Value) -> Member:
    return Member(Value("string", element, value.span), value)


def _covering(values: list[Value]) -> Span:
    """What is inside of the first block, up to the end of the last: a header is another thing."""
    parts = [part.span for value in values for member in value.members for part in member]
    parts = [part for part in parts if _is_in(part, values)] or [value.span for value in values]
    return _cover(parts[0], parts)


def _is_in(part: Span, blocks: list[Value]) -> bool:
    """Whether something is written in one of some blocks: a value may come from anywhere."""
    if any(part.within(block.span) for block in blocks):
        return True
    root = part.root()
    return root != part and any(root.within(block.span.root()) for block in blocks)


def _cover(first: Span, spans: Iterable[Span]) -> Span:
    """The smallest place that holds some others; the first where there are none."""
    found: Span | None = None
    for span in spans:
        found = span if found is None else found.cover(span)
    return found or first

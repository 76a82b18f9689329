"""The located, typed, partly known values of Terraform; they are never changed once made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from iamlint.formats.terraform import types
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.numbers import Num
from iamlint.formats.terraform.types import ANY, BOOL, NUMBER, STRING, Type
from iamlint.source import Span
from iamlint.syntax.holes import Hole
from iamlint.syntax.value import Value
from iamlint.typed import Any, NamedTuple, cast

DEEPEST = 100  # levels of values in values

_OF_KIND = {"string": STRING, "number": NUMBER, "bool": BOOL}


class Datum:
    """A value, and the text that a person must edit to change it; equal only to itself.

    kind      data
    null      None; `type` may be known nevertheless
    bool      bool
    number    int | Binary
    string    use `text`: a string of the syntax, each character with its place; holes may be in it
    list, set, tuple
              tuple[Datum, ...]; a `Rest` among them stands for any number of them
    map, object
              dict[str, Entry], in the order of the text
    unknown   Hole; always an `Unknown`
    rest      Datum; always a `Rest`

    `loose`: nobody knows in which order the elements come, for some of them are sorted by what is
    not known. INVARIANT: a list holds values of its one element type; a set holds none twice.
    """

    __slots__ = ("_type", "data", "depth", "kind", "loose", "sensitive", "span")

    def __init__(
        self,
        kind: str,
        data: Any,
        span: Span,
        type: Type | None = None,
        *,
        sensitive: bool = False,
        depth: int = 0,
        loose: bool = False,
    ) -> None:
        self.kind = kind
        self.loose = loose
        self.data = data
        self.span = span
        self._type = type
        self.sensitive = sensitive
        self.depth = depth

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kind!r}, {self.span.start}:{self.span.end})"

    @property
    def type(self) -> Type:
        if self._type is None:
            self._type = self._computed()
        return self._type

    @property
    def form(self) -> str:
        """Its kind; of an unknown value that of its type."""
        return self.type.kind if self.kind == "unknown" else self.kind

    def _computed(self) -> Type:
        if self.kind == "tuple":
            return types.tuple_of(item.type for item in self.items)
        if self.kind == "object":
            return types.object_of((name, e.value.type) for name, e in self.entries.items())
        return _OF_KIND.get(self.kind, ANY)

    @property
    def text(self) -> Value:
        """The text of a string."""
        return cast("Value", self.data)

    @property
    def string(self) -> str:
        """The plain text of a string, with the characters of holes in it."""
        return cast("str", self.text.data)

    @property
    def items(self) -> tuple[Datum, ...]:
        """The elements of a list, set or tuple."""
        return cast("tuple[Datum, ...]", self.data)

    @property
    def entries(self) -> dict[str, Entry]:
        """The entries of a map or an object, by key."""
        return cast("dict[str, Entry]", self.data)

    def ordered(self) -> list[Entry]:
        """The entries in the order in which Terraform goes through them."""
        return [self.entries[key] for key in sorted(self.entries)]

    def like(self, **changed: Any) -> Datum:
        """The same with other data, type or mark."""
        given = {"data": self.data, "type": self._type, "sensitive": self.sensitive} | changed
        given.setdefault("loose", self.loose)
        kind, data, span = given.pop("kind", self.kind), given.pop("data"), self.span
        return Datum(kind, data, span, depth=given.pop("depth", self.depth), **given)

    def marked(self) -> Datum:
        """The same, not to be shown."""
        return self if self.sensitive else self.like(sensitive=True)


class Entry(NamedTuple):
    """One key of a map or an object, and its value.

    `many`: it stands for any number of entries, whose keys and values nobody knows.
    """

    key: Value  # of kind string; holes may be in it
    value: Datum
    many: bool = False


# What is at a key of an unknown value (None: at any of them), as far as its maker knows.
Step = Callable[["Datum | None", Span], "Datum | None"]


class Unknown(Datum):
    """A value that cannot be known before deployment.

    `data` is its hole, whose name a user knows it by; equal names are equal values. `nullable`:
    it may be null. `step` gives what is inside. Of a bool, `formula` says what it depends on.
    """

    __slots__ = ("formula", "nullable", "step")

    def __init__(
        self,
        hole: Hole,
        span: Span,
        type: Type = ANY,
        *,
        nullable: bool = True,
        step: Step | None = None,
        formula: Formula | None = None,
    ) -> None:
        super().__init__("unknown", hole, span, type)
        self.nullable = nullable
        self.step = step
        self.formula = formula

    @property
    def hole(self) -> Hole:
        return cast("Hole", self.data)

    @property
    def name(self) -> str:
        return self.hole.name

    def like(self, **changed: Any) -> Datum:
        if changed.get("kind", "unknown") != "unknown":
            return super().like(**changed)
        type = changed.get("type") or self.type
        made = Unknown(changed.get("data", self.hole), self.span, type, nullable=self.nullable)
        made.step, made.formula = self.step, self.formula
        made.sensitive = changed.get("sensitive", self.sensitive)
        return made


class Rest(Datum):
    """Any number of elements of a list, set or tuple, none among them; each is like `each`."""

    __slots__ = ("name",)

    def __init__(self, each: Datum, name: str, span: Span) -> None:
        super().__init__("rest", each, span, each.type, depth=each.depth)
        self.name = name  # of the unknown value that tells how many there are
        self.sensitive = each.sensitive

    @property
    def each(self) -> Datum:
        return cast("Datum", self.data)

    def like(self, **changed: Any) -> Datum:
        made = Rest(self.each, self.name, self.span)
        made.sensitive = changed.get("sensitive", self.sensitive)
        return made


# What must be so for an unknown bool to be true: see `formulas`.
Formula = bool | tuple[Any, ...]


def sequence(kind: str, items: Iterable[Datum], span: Span, element: Type | None = None) -> Datum:
    """A list, set or tuple; `element` is the type of what a list or set holds."""
    held = tuple(items)
    depth = _deeper(held, span)
    return Datum(kind, held, span, element and types.collection(kind, element), depth=depth)


def mapping(
    kind: str, entries: Mapping[str, Entry], span: Span, element: Type | None = None
) -> Datum:
    """A map or an object; `element` is the type of what a map holds."""
    depth = _deeper([entry.value for entry in entries.values()], span)
    return Datum(
        kind, dict(entries), span, element and types.collection(kind, element), depth=depth
    )


def _deeper(held: Iterable[Datum], span: Span) -> int:
    depth = 1 + max((item.depth for item in held), default=0)
    if depth > DEEPEST:
        raise Fault(f"a value is nested more than {DEEPEST} levels deep here", span)
    return depth


def string(text: str, span: Span) -> Datum:
    """A string that is written at a place as a whole."""
    return Datum("string", Value("string", text, span), span)


def number(value: Num, span: Span) -> Datum:
    return Datum("number", value, span)


def boolean(value: bool, span: Span) -> Datum:
    return Datum("bool", value, span)


def null(span: Span, type: Type = ANY) -> Datum:
    return Datum("null", None, span, type)


def loosened(made: Datum, of: Datum) -> Datum:
    """A list made of another one, whose order is not known where that of the other is not."""
    return made.like(loose=True) if of.loose and made.kind in types.SEQUENCES else made


def is_open(datum: Datum) -> bool:
    """Whether it cannot be known how many elements or entries a value has."""
    if datum.kind in types.MAPPINGS:
        return any(entry.many for entry in datum.entries.values())
    if datum.kind in types.SEQUENCES:
        return any(item.kind == "rest" for item in datum.items)
    return datum.kind == "unknown"


def children(datum: Datum) -> list[Datum]:
    """The values directly inside another one."""
    if datum.kind in types.SEQUENCES:
        return list(datum.items)
    if datum.kind in types.MAPPINGS:
        return [entry.value for entry in datum.entries.values()]
    return [cast(Rest, datum).each] if datum.kind == "rest" else []


def is_sensitive(datum: Datum) -> bool:
    """Whether any part of a value is not to be shown."""
    todo = [datum]
    while todo:
        each = todo.pop()
        if each.sensitive:
            return True
        todo += children(each)
    return False

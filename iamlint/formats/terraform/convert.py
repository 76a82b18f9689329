"""Converts values to other types, as Terraform does wherever a type is due."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.formulas import equal_texts
from iamlint.formats.terraform.run import Run, as_text
from iamlint.formats.terraform.types import BOOL, NUMBER, STRING, Type
from iamlint.formats.terraform.values import (
    Datum,
    Entry,
    Rest,
    Unknown,
    boolean,
    children,
    loosened,
    mapping,
    null,
    sequence,
)
from iamlint.source import Span
from iamlint.syntax.holes import Piece
from iamlint.syntax.value import Value
from iamlint.typed import cast

_BOOLS = {"true": True, "1": True, "false": False, "0": False}


def convert(run: Run, datum: Datum, wanted: Type, span: Span | None = None) -> Datum:
    """The value as one of another type. Raises Fault, at the span, when it cannot be one."""
    if wanted.kind == "any":
        return datum
    run.spend(1 + datum.type.size // 32, datum.span)
    if datum.type == wanted:
        return datum
    place = span or datum.span
    if datum.kind == "null":
        return null(datum.span, wanted)
    if datum.kind == "unknown":
        made = _unknown(run, cast(Unknown, datum), wanted, place)
    elif wanted.kind in types.SCALARS:
        made = _SCALARS[wanted.kind](run, datum, place)
    elif wanted.kind in ("list", "set", "tuple"):
        made = _sequence(run, datum, wanted, place)
    else:
        made = _mapping(run, datum, wanted, place)
    return made.marked() if datum.sensitive else made


def _wrong(datum: Datum, wanted: Type, place: Span) -> Fault:
    due, given = types.words(wanted), types.words(datum.type)
    article = types.a(wanted) if due == wanted.kind else f"a {due}"
    if given == due:
        return Fault(f"this {given} does not have the elements that are due here", place)
    is_ = types.a(datum.type) if given == datum.form else f"a {given}"
    return Fault(f"{article} is due here, and this is {is_}", place)


def _unknown(run: Run, datum: Unknown, wanted: Type, place: Span) -> Datum:
    if not types.converts(datum.type, wanted):
        raise _wrong(datum, wanted, place)
    if wanted.kind == "bool":
        char = run.world.char(as_text(datum.hole), place)
        hole = as_text(datum.hole)._replace(values=("true", "false"), wild=False)
        formula = equal_texts(char, "true", run.world.table.holes)
        return Unknown(hole, datum.span, BOOL, nullable=datum.nullable, formula=formula)
    hole = as_text(datum.hole) if wanted.kind in types.SCALARS else datum.hole
    return datum.like(data=hole, type=wanted)


def _to_string(run: Run, datum: Datum, place: Span) -> Datum:
    text = scalar_text(run, datum)
    if text is None:
        raise _wrong(datum, STRING, place)
    return Datum("string", text, datum.span)


def _to_number(run: Run, datum: Datum, place: Span) -> Datum:
    if datum.kind != "string":
        raise _wrong(datum, NUMBER, place)
    if run.holes(datum.string):
        return run.unknown(run.world.names.label(datum), datum.span, NUMBER, nullable=False)
    made = numbers.number(datum.string)
    if made is None:
        raise Fault(f"a number is due here, and {quoted(datum.string)} is none", place)
    return Datum("number", made, datum.span)


def _to_bool(run: Run, datum: Datum, place: Span) -> Datum:
    if datum.kind != "string":
        raise _wrong(datum, BOOL, place)
    text = datum.string
    if run.holes(text):
        formula = equal_texts(text, "true", run.world.table.holes)
        return run.truth(formula, run.world.names.label(datum), datum.span)
    if text not in _BOOLS:
        help = "write `true` or `false`, in lower case"
        raise Fault(f"a bool is due here, and {quoted(text)} is none", place, help)
    return boolean(_BOOLS[text], datum.span)


_SCALARS = {"string": _to_string, "number": _to_number, "bool": _to_bool}


def scalar_text(run: Run, datum: Datum) -> Value | None:
    """A scalar as text; None for what cannot be one: a collection, null."""
    if datum.kind == "string":
        return datum.text
    if datum.kind == "number":
        return Value("string", numbers.text(datum.data), datum.span)
    if datum.kind == "bool":
        return Value("string", "true" if datum.data else "false", datum.span)
    if datum.kind == "unknown" and datum.form in (*types.SCALARS, "any"):
        return run.whole_text(cast(Unknown, datum))
    return None


def scalar_pieces(run: Run, datum: Datum) -> list[Piece] | None:
    """The pieces of a scalar as text."""
    text = scalar_text(run, datum)
    if text is None:
        return None
    if datum.kind in ("string", "unknown"):
        return run.pieces(text)
    return [Piece(text.data, text, 0, datum.span)]


# Collections


def _sequence(run: Run, datum: Datum, wanted: Type, place: Span) -> Datum:
    is_tuple = datum.kind == "tuple"
    if datum.kind not in types.SEQUENCES or (wanted.kind == "tuple" and not is_tuple):
        raise _wrong(datum, wanted, place)
    items = datum.items
    run.spend(len(items), datum.span)
    if wanted.kind == "tuple":
        if len(items) != len(wanted.items):
            raise _wrong(datum, wanted, place)
        pairs = zip(items, wanted.items, strict=True)
        held = [convert(run, item, type, place) for item, type in pairs]
        return sequence("tuple", held, datum.span)
    element = common(wanted.inner, [item.type for item in items], datum, wanted, place)
    made = [_item(run, item, element, place) for item in items]
    if wanted.kind == "set":
        return as_set(run, made, element, datum.span)
    return loosened(sequence("list", made, datum.span, element), datum)


def common(element: Type, held: list[Type], datum: Datum, wanted: Type, place: Span) -> Type:
    """The type of the elements of a collection: the one that is due, else one for all."""
    if element.kind != "any":
        return element
    if datum.type.element is not None:
        return datum.type.element
    made = types.unify(held)
    if made is None:
        help = "all its elements have to be of one type, or to convert to one"
        raise Fault(
            f"this cannot be a {wanted.kind}: its elements have no type in common", place, help
        )
    return made


def _item(run: Run, item: Datum, wanted: Type, place: Span) -> Datum:
    if item.kind == "rest":
        rest = cast(Rest, item)
        return Rest(convert(run, rest.each, wanted, place), rest.name, rest.span)
    return convert(run, item, wanted, item.span)


def _mapping(run: Run, datum: Datum, wanted: Type, place: Span) -> Datum:
    if datum.kind not in types.MAPPINGS:
        raise _wrong(datum, wanted, place)
    entries = datum.entries
    run.spend(len(entries), datum.span)
    if wanted.kind == "map":
        held = [entry.value.type for entry in entries.values()]
        element = common(wanted.inner, held, datum, wanted, place)
        made = {
            name: e._replace(value=convert(run, e.value, element, e.value.span))
            for name, e in entries.items()
        }
        return mapping("map", made, datum.span, element)
    return _object(run, datum, wanted, place)


def _object(run: Run, datum: Datum, wanted: Type, place: Span) -> Datum:
    made: dict[str, Entry] = {}
    for name, type in wanted.attributes:
        entry = datum.entries.get(name)
        if entry is None:
            if any(each.many for each in datum.entries.values()):
                label = f"{run.world.names.label(datum)}.{name}"
                unknown = run.unknown(label, datum.span, type)
                made[name] = Entry(Value("string", name, datum.span), unknown)
                continue
            raise Fault(f"the attribute {quoted(name)} is due here, and is missing", place)
        made[name] = entry._replace(value=convert(run, entry.value, type, entry.value.span))
    return mapping("object", made, datum.span)


# Sets


def as_set(run: Run, items: Iterable[Datum], element: Type, span: Span) -> Datum:
    """A set of values of one type: each once, in Terraform's order."""
    found: dict[object, Datum] = {}
    for number, item in enumerate(items):
        run.spend(1, span)
        found.setdefault(_identity(run, item, number), item)
    held = sorted(found.values(), key=lambda item: order(run, item))
    made = sequence("set", held, span, element)
    return made.like(loose=True) if len(held) > 1 and any(has_holes(run, i) for i in held) else made


def _identity(run: Run, item: Datum, number: int) -> object:
    """What equal values have in common."""
    return (number,) if item.kind == "rest" else hashed(run, item)


def order(run: Run, item: Datum) -> tuple[object, ...]:
    """What sets are sorted by: their own order for scalars, else what is hashed."""
    if item.kind == "rest":
        return (3, "")
    if item.kind == "unknown":
        return (2, cast(Unknown, item).name)
    if item.kind == "null":
        return (1, "")
    if item.kind == "number":
        return (0, _Ordered(item.data))
    if item.kind == "string":
        return (0, item.string)
    return (0, int(item.data)) if item.kind == "bool" else (0, hashed(run, item))


class _Ordered:
    """A number among others that are sorted."""

    __slots__ = ("value",)

    def __init__(self, value: numbers.Num) -> None:
        self.value = value

    def __lt__(self, other: _Ordered) -> bool:
        return numbers.less(self.value, other.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ordered) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


def hashed(run: Run, datum: Datum) -> str:
    """What Terraform hashes of a value: equal for equal values of one type."""
    run.spend(1, datum.span)
    kind = datum.kind
    if kind == "string":
        run.spend(len(datum.string) // 64, datum.span)
        return f'"{datum.string}"'
    if kind == "number":
        return numbers.text(datum.data)
    if kind == "bool":
        return "T" if datum.data else "F"
    if kind == "null":
        return "~"
    if kind == "unknown":
        return f"?{cast(Unknown, datum).name}"
    if kind == "rest":
        return f"*{hashed(run, cast(Rest, datum).each)}"
    if kind in types.SEQUENCES:
        inner = "".join(f"{hashed(run, item)};" for item in datum.items)
        return f"<{inner}>" if kind == "tuple" else f"[{inner}]"
    pairs = sorted(datum.entries.items())
    inner = "".join(f'"{key}":{hashed(run, entry.value)};' for key, entry in pairs)
    return f"<{inner}>" if kind == "object" else f"{{{inner}}}"


def has_holes(run: Run, datum: Datum) -> bool:
    """Whether some part of a value cannot be known."""
    todo = [datum]
    while todo:
        each = todo.pop()
        run.spend(1, datum.span)
        if each.kind in ("unknown", "rest"):
            return True
        if each.kind == "string":
            if run.holes(each.string):
                return True
        elif each.kind in types.MAPPINGS and has_open_keys(run, each):
            return True
        todo += children(each)
    return False


def has_open_keys(run: Run, datum: Datum) -> bool:
    """Whether some keys of a map or an object cannot be known."""
    if datum.kind not in types.MAPPINGS:
        return False
    return any(entry.many or run.holes(key) for key, entry in datum.entries.items())

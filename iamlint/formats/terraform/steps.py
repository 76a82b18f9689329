"""Steps into values: attributes, indexes, and splats."""

from __future__ import annotations

from iamlint.formats.faults import meant, quoted
from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.convert import convert, scalar_text
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.formulas import equal_texts
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.types import ANY, NUMBER
from iamlint.formats.terraform.unknowns import inside, one_of
from iamlint.formats.terraform.values import Datum, Rest, Unknown, is_open, string
from iamlint.source import Span
from iamlint.typed import cast


def attribute(run: Run, datum: Datum, name: str, span: Span, start: int | None = None) -> Datum:
    """`datum.name`; `start` is where the whole expression begins."""
    run.spend(1, span)
    if datum.kind in types.MAPPINGS:
        found = _entry(run, datum, string(name, span), span, _whole(span, start))
    elif datum.kind == "unknown":
        found = _of_unknown(run, cast(Unknown, datum), name, span, _whole(span, start))
    else:
        raise _no_attributes(datum, name, span)
    return found.marked() if datum.sensitive else found


def _whole(span: Span, start: int | None) -> Span:
    return span if start is None else Span(span.source, start, span.end)


def _no_attributes(datum: Datum, name: str, span: Span) -> Fault:
    if datum.kind == "null":
        return Fault(f"this is null, which has no attribute {quoted(name)}", span)
    help = None
    if datum.kind in types.SEQUENCES:
        help = f"to take it of each element write `[*].{name}`, of the first `[0].{name}`"
    return Fault(f"this is {types.a(datum.type)}, which has no attributes", span, help)


def _of_unknown(run: Run, unknown: Unknown, name: str, span: Span, whole: Span) -> Datum:
    type = unknown.type
    if type.kind in types.SCALARS or type.kind in types.SEQUENCES:
        raise _no_attributes(unknown, name, span)
    inner = type.inner if type.kind == "map" else ANY
    if type.kind == "object":
        held = type.attribute(name)
        if held is None:
            known = [each for each, _ in type.attributes]
            raise Fault(f"this object has no attribute {quoted(name)}", span, _meant(name, known))
        inner = held
    return inside(run, unknown, string(name, span), inner, whole)


def _meant(name: str, known: list[str]) -> str:
    return meant(name, known, "attributes")


def _entry(run: Run, datum: Datum, key: Datum, span: Span, whole: Span) -> Datum:
    """What is at a key of a map or an object."""
    text, holes = key.string, run.world.table.holes
    possible: list[Datum] = []
    is_many = False
    for known, entry in reversed(datum.entries.items()):
        # Of equal keys the last one counts, so that one of which nobody knows hides those before.
        is_it = known == text and not entry.many
        if is_it or entry.many or equal_texts(known, text, holes) is not False:
            possible.append(entry.value)
            is_many = is_many or entry.many
        if is_it:
            break
    else:
        if not possible:
            what = "object has no attribute" if datum.kind == "object" else "map has no key"
            raise Fault(f"this {what} {quoted(text)}", span, _meant(text, list(datum.entries)))
    if len(possible) == 1 and text in datum.entries and not is_many:
        return possible[0]
    full = f"{run.label(datum)}[{run.label(key)}]"
    if is_many:
        return run.made(full, whole, datum.type.inner)
    return one_of(run, possible, full, whole)


def index(run: Run, datum: Datum, key: Datum, span: Span, start: int | None = None) -> Datum:
    """`datum[key]`; `start` is where the whole expression begins."""
    whole = _whole(span, start)
    run.spend(1, span)
    if key.kind == "null":
        raise Fault("a key is null, which is at no place", span)
    if datum.kind == "null":
        raise Fault("this is null, which has no elements", span)
    if datum.form in types.MAPPINGS:
        found = _keyed(run, datum, key, span, whole)
    elif datum.form in ("list", "tuple"):
        found = _numbered(run, datum, key, span, whole)
    elif datum.kind == "unknown" and datum.form == "any":
        found = inside(run, cast(Unknown, datum), key, ANY, whole)
    else:
        raise _not_indexed(datum, span)
    return found.marked() if datum.sensitive or key.sensitive else found


def _not_indexed(datum: Datum, span: Span) -> Fault:
    if datum.form == "set":
        help = "the elements of a set have no places: make it a list with `tolist` first"
        return Fault("this is a set, whose elements cannot be asked for", span, help)
    return Fault(f"this is {types.a(datum.type)}, which has no elements", span)


def _keyed(run: Run, datum: Datum, key: Datum, span: Span, whole: Span) -> Datum:
    text = scalar_text(run, key)
    if text is None:
        raise Fault(f"a key is a string, and this is {types.a(key.type)}", key.span)
    name = Datum("string", text, key.span)
    if datum.kind != "unknown":
        return _entry(run, datum, name, span, whole)
    if key.kind == "unknown" or run.holes(name.string):
        return inside(run, cast(Unknown, datum), key, datum.type.inner, whole)
    if datum.form == "object":
        return _of_unknown(run, cast(Unknown, datum), name.string, span, whole)
    return inside(run, cast(Unknown, datum), name, datum.type.inner, whole)


def _numbered(run: Run, datum: Datum, key: Datum, span: Span, whole: Span) -> Datum:
    number = convert(run, key, NUMBER, key.span)
    if number.kind == "unknown":
        return _somewhere(run, datum, key, whole)
    at = number.data
    if not isinstance(at, int) or at < 0:
        help = "the first element is at 0, the last one at `length(list) - 1`"
        raise Fault(f"{numbers.text(at)} is no place in a list", span, help)
    if datum.kind == "unknown":
        held = datum.type.items
        if datum.form == "tuple" and at >= len(held):
            raise _beyond(at, len(held), span)
        inner = held[at] if datum.form == "tuple" else datum.type.inner
        return inside(run, cast(Unknown, datum), number, inner, whole)
    if datum.loose and at < len(datum.items):
        return _somewhere(run, datum, number, whole)
    before = next((n for n, item in enumerate(datum.items) if item.kind == "rest"), None)
    if before is not None and at >= before:
        return _in_rest(run, datum, number, before, whole)
    if at >= len(datum.items):
        raise _beyond(at, len(datum.items), span)
    return datum.items[at]


def _beyond(at: int, count: int, span: Span) -> Fault:
    return Fault(f"there is no element {at} in a list of {count}", span, "the first one is at 0")


def _in_rest(run: Run, datum: Datum, number: Datum, before: int, span: Span) -> Datum:
    """An element of which it is not known which one it is."""
    rest = cast(Rest, datum.items[before])
    if len(datum.items) == 1 and rest.each.kind == "unknown":
        unknown = cast(Unknown, rest.each)
        name = unknown.name.removesuffix("[*]") + f"[{numbers.text(number.data)}]"
        return run.unknown(name, span, unknown.type, wild=unknown.hole.wild)
    return run.made(f"{run.label(datum)}[{run.label(number)}]", span, rest.type)


def _somewhere(run: Run, datum: Datum, key: Datum, span: Span) -> Datum:
    """What is at an unknown place."""
    if datum.kind == "unknown":
        return inside(run, cast(Unknown, datum), key, datum.type.inner, span)
    full = f"{run.label(datum)}[{run.label(key)}]"
    if is_open(datum) or not datum.items:
        return run.made(full, span, datum.type.inner)
    return one_of(run, datum.items, full, span)


def key_text(run: Run, key: Datum, span: Span) -> Datum:
    """The key of an object: a string."""
    if key.kind == "null":
        raise Fault("a key of an object cannot be null", span)
    text = scalar_text(run, key)
    if text is None:
        raise Fault(f"a key of an object is a string, and this is {types.a(key.type)}", span)
    return Datum("string", text, key.span)


__all__ = ["attribute", "index", "key_text"]

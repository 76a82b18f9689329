"""Functions on lists, maps and objects, those of which only a part is known among them."""

from __future__ import annotations

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.compare import equal
from iamlint.formats.terraform.convert import convert, has_open_keys, hashed
from iamlint.formats.terraform.formulas import either, named
from iamlint.formats.terraform.functions.graphemes import length as text_length
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.steps import index as element_at
from iamlint.formats.terraform.types import ANY, BOOL, NUMBER, STRING, Type, list_of, map_of
from iamlint.formats.terraform.unknowns import element as any_element
from iamlint.formats.terraform.unknowns import one_of, pairs
from iamlint.formats.terraform.values import (
    Datum,
    Entry,
    Formula,
    Rest,
    Unknown,
    is_open,
    mapping,
    null,
    sequence,
)
from iamlint.typed import cast


def told(asked: Asked, formula: Formula) -> Datum:
    """A bool, or what it depends on."""
    name = asked.run.world.names.written(asked.span, repr(formula))
    return asked.run.truth(formula, name, asked.span)


def number(asked: Asked, value: int) -> Datum:
    return Datum("number", value, asked.span)


def spread(asked: Asked, datum: Datum) -> list[Datum]:
    """The elements of a list, a `Rest` for those of an unknown one."""
    if datum.kind != "unknown":
        return list(datum.items)
    unknown = cast(Unknown, datum)
    return [Rest(any_element(asked.run, unknown, asked.span), unknown.name, datum.span)]


def sequence_of(asked: Asked, datum: Datum, argument: int = 0) -> Datum:
    """A list, set or tuple, or an unknown one. Raises Fault for anything else."""
    kind = datum.form
    if kind not in types.SEQUENCES and kind != "any":
        raise asked.fault(f"a list is due here, and this is {types.a(datum.type)}", argument)
    return datum


def _ordered(asked: Asked, datum: Datum, argument: int) -> None:
    if datum.form == "set":
        help = "make it a list with `tolist` first"
        raise asked.fault("a list is due here, and this is a set", argument, help)


def _length(asked: Asked) -> Datum:
    datum = asked.arguments[0]
    if datum.kind == "string":
        if asked.run.holes(datum.string):
            return asked.unknown(NUMBER)
        return number(asked, text_length(datum.string))
    if datum.kind == "unknown" and datum.form == "tuple":
        return number(asked, len(datum.type.items))
    if is_open(datum) and datum.form not in ("number", "bool"):
        return asked.unknown(NUMBER)
    if datum.kind in types.SEQUENCES:
        return number(asked, len(datum.items))
    if datum.kind in types.MAPPINGS:
        return number(asked, len(datum.entries))
    raise asked.fault(f"this is {types.a(datum.type)}, which has no length", 0)


def _concat(asked: Asked) -> Datum:
    lists = [sequence_of(asked, each, at) for at, each in enumerate(asked.arguments)]
    if not lists:
        raise asked.fault("there is nothing to be put together")
    for at, each in enumerate(lists):
        _ordered(asked, each, at)
    items = [item for each in lists for item in spread(asked, each)]
    asked.run.count(len(items), asked.span)
    given = [each.type for each in lists]
    if all(type.kind == "list" for type in given):
        element = types.unify([type.inner for type in given])
        if element is not None:
            made = [_as(asked, item, element) for item in items]
            return sequence("list", made, asked.span, element)
    return sequence("tuple", items, asked.span)


def _as(asked: Asked, item: Datum, element: Type) -> Datum:
    if item.kind == "rest":
        rest = cast(Rest, item)
        return Rest(convert(asked.run, rest.each, element), rest.name, rest.span)
    return convert(asked.run, item, element)


def _contains(asked: Asked) -> Datum:
    datum, wanted = sequence_of(asked, asked.arguments[0]), asked.arguments[1]
    if is_open(datum):
        known = [each for each in spread(asked, datum) if each.kind != "rest"]
        formulas = [equal(asked.run, item, wanted) for item in known]
        return told(asked, either((*formulas, named(asked.full))))
    return told(asked, either(equal(asked.run, item, wanted) for item in datum.items))


def _index(asked: Asked) -> Datum:
    datum, wanted = sequence_of(asked, asked.arguments[0]), asked.arguments[1]
    for at, item in enumerate(spread(asked, datum)):
        if datum.loose:
            return asked.unknown(NUMBER)
        known = item.kind != "rest" and equal(asked.run, item, wanted)
        if item.kind == "rest" or not isinstance(known, bool):
            return asked.unknown(NUMBER)
        if known:
            return number(asked, at)
    raise asked.fault("there is no such element in the list", 1)


def _element(asked: Asked) -> Datum:
    datum, at = sequence_of(asked, asked.arguments[0]), asked.arguments[1]
    if at.kind == "unknown" or is_open(datum) or datum.loose:
        small = at.kind == "number" and isinstance(at.data, int) and at.data >= 0
        if datum.kind == "unknown" and small:
            return element_at(asked.run, datum, at, asked.span)
        if is_open(datum):
            return asked.unknown(datum.type.inner)
        return one_of(asked.run, datum.items, asked.full, asked.span)
    if datum.kind == "set" or not datum.items:
        raise asked.fault("an element can only be taken out of a list that has some", 0)
    if not isinstance(at.data, int):
        raise asked.fault(f"{numbers.text(at.data)} is no place in a list", 1)
    return datum.items[at.data % len(datum.items)]


def _compact(asked: Asked) -> Datum:
    run, datum = asked.run, asked.arguments[0]
    kept: list[Datum] = []
    for item in spread(asked, datum):
        if item.kind == "null" or (item.kind == "string" and not item.string):
            continue
        open_ = item.kind == "unknown" or (item.kind == "string" and _all_holes(asked, item))
        kept.append(Rest(item, run.label(item), item.span) if open_ else item)
    return sequence("list", kept, asked.span, STRING)


def _all_holes(asked: Asked, item: Datum) -> bool:
    """Whether a text may be empty."""
    return all(asked.run.holes(char) for char in item.string)


def _distinct(asked: Asked) -> Datum:
    found: dict[object, Datum] = {}
    for item in spread(asked, asked.arguments[0]):
        found.setdefault((item.kind == "rest", hashed(asked.run, item)), item)
    return sequence("list", found.values(), asked.span, asked.arguments[0].type.inner)


def _flatten(asked: Asked) -> Datum:
    run, items = asked.run, list[Datum]()
    todo = list(reversed(spread(asked, sequence_of(asked, asked.arguments[0]))))
    while todo:
        item = todo.pop()
        run.spend(1, asked.span)
        inner = cast(Rest, item).each if item.kind == "rest" else item
        if inner.form in types.SEQUENCES:
            found = spread(asked, inner)
            if item.kind == "rest":
                name = cast(Rest, item).name
                found = [e if e.kind == "rest" else Rest(e, name, e.span) for e in found]
            todo += reversed(found)
        else:
            maybe = item.kind == "unknown" and item.type == ANY
            items.append(Rest(item, run.label(item), item.span) if maybe else item)
    run.count(len(items), asked.span)
    return sequence("tuple", items, asked.span)


def _keys(asked: Asked) -> Datum:
    datum = asked.arguments[0]
    is_object = datum.form == "object"
    if datum.form not in ("map", "object", "any"):
        raise asked.fault(f"a map is due here, and this is {types.a(datum.type)}", 0)
    items = []
    for key, _, many in pairs(asked.run, datum, asked.span) or ():
        items.append(Rest(key, asked.run.label(datum), asked.span) if many else key)
    element = None if is_object else STRING
    made = sequence("tuple" if is_object else "list", items, asked.span, element)
    return made.like(loose=has_open_keys(asked.run, datum))


def _values(asked: Asked) -> Datum:
    datum = asked.arguments[0]
    if datum.form not in ("map", "object", "any"):
        raise asked.fault(f"a map is due here, and this is {types.a(datum.type)}", 0)
    items = []
    for _, value, many in pairs(asked.run, datum, asked.span) or ():
        items.append(Rest(value, asked.run.label(datum), asked.span) if many else value)
    is_map = datum.form == "map"
    element = datum.type.inner if is_map else None
    made = sequence("list" if is_map else "tuple", items, asked.span, element)
    return made.like(loose=has_open_keys(asked.run, datum))


def _lookup(asked: Asked) -> Datum:
    run = asked.run
    datum, key, *default = asked.arguments
    if len(default) > 1:
        raise asked.fault("`lookup` takes at most 3 arguments")
    if datum.form not in ("map", "object", "any"):
        raise asked.fault(f"a map is due here, and this is {types.a(datum.type)}", 0)
    if datum.form == "map":
        default = [convert(run, each, datum.type.inner, asked.place(2)) for each in default]
    if datum.kind == "unknown" or is_open(datum):
        return asked.unknown(datum.type.inner, nullable=True)
    text = run.text(key).data
    if run.holes(text) and text not in datum.entries:
        return one_of(run, [*(e.value for e in datum.ordered()), *default], asked.full, asked.span)
    if text in datum.entries:
        return datum.entries[text].value
    if not default:
        raise asked.fault(f"the map has no key {quoted(run.world.names.words(text))}", 1)
    return default[0]


def _merge(asked: Asked) -> Datum:
    run, entries = asked.run, dict[str, Entry]()
    given = [each for each in asked.arguments if each.kind != "null"]
    for at, datum in enumerate(asked.arguments):
        if datum.kind == "null":
            continue
        found = pairs(run, datum, asked.span) if datum.form in ("map", "object", "any") else None
        if found is None:
            raise asked.fault(f"a map is due here, and this is {types.a(datum.type)}", at)
        run.spend(len(found), asked.span)
        for key, value, many in found:
            text = run.text(key)
            entries.pop(text.data, None)
            entries[text.data] = Entry(text, value, many)
    if not given:
        return mapping("object", {}, asked.span)
    run.count(len(entries), asked.span)
    element = given[0].type.inner
    if all(each.form == "map" and each.type.inner == element for each in given):
        return mapping("map", entries, asked.span, element)
    return mapping("object", entries, asked.span)


def _one(asked: Asked) -> Datum:
    datum = sequence_of(asked, asked.arguments[0])
    items = spread(asked, datum)
    if not items:
        return null(asked.span, datum.type.inner)
    if any(item.kind == "rest" for item in items):
        return _maybe(asked, items)
    if len(items) > 1:
        raise asked.fault(f"a list with at most one element is due here; this has {len(items)}", 0)
    return items[0]


def _maybe(asked: Asked, items: list[Datum]) -> Datum:
    """The one element of a list that may have none."""
    each = cast(Rest, items[0]).each if items[0].kind == "rest" else items[0]
    if each.kind == "unknown" or len(items) > 1:
        return asked.unknown(each.type, nullable=True)
    return each


def _reverse(asked: Asked) -> Datum:
    datum = sequence_of(asked, asked.arguments[0])
    items = list(reversed(spread(asked, datum)))
    if datum.form in ("list", "set"):
        return sequence("list", items, asked.span, datum.type.inner)
    return sequence("tuple", items, asked.span)


def _slice(asked: Asked) -> Datum:
    datum, start, end = asked.arguments
    sequence_of(asked, datum)
    _ordered(asked, datum, 0)
    if "unknown" in (datum.kind, start.kind, end.kind) or datum.loose:
        return asked.unknown(datum.type)
    first, last = start.data, end.data
    if not (isinstance(first, int) and isinstance(last, int) and 0 <= first <= last):
        raise asked.fault("a slice begins at 0 or later, and does not end before it begins", 1)
    items = datum.items
    if any(item.kind == "rest" for item in items[:last]):
        return asked.unknown(list_of(datum.type.inner))
    if last > len(items):
        raise asked.fault(f"the list has {len(items)} elements, and no element {last - 1}", 2)
    element = datum.type.inner if datum.kind == "list" else None
    return sequence(datum.kind, items[first:last], asked.span, element)


def _sort(asked: Asked) -> Datum:
    items = spread(asked, asked.arguments[0])
    known = [i for i in items if i.kind == "string" and not asked.run.holes(i.string)]
    others = [item for item in items if item not in known]
    if any(item.kind == "null" for item in others):
        raise asked.fault("an element is null, which cannot be sorted", 0)
    found = [*sorted(known, key=lambda item: item.string), *others]
    made = sequence("list", found, asked.span, STRING)
    return made.like(loose=True) if others and len(found) > 1 else made


LISTS_OF = list_of(ANY)
FUNCTIONS = {
    "compact": Function("strings", list_of(STRING), _compact, open=True),
    "concat": Function("*any", ANY, _concat, open=True),
    "contains": Function("any, any", BOOL, _contains, open=True),
    "distinct": Function("list", LISTS_OF, _distinct, open=True),
    "element": Function("any, number", ANY, _element, open=True),
    "flatten": Function("any", ANY, _flatten, open=True),
    "index": Function("any, any", NUMBER, _index, open=True),
    "keys": Function("any", list_of(STRING), _keys, open=True),
    "length": Function("any", NUMBER, _length, open=True),
    "lookup": Function("any, string, *any?", ANY, _lookup, open=True),
    "merge": Function("*any?", map_of(ANY), _merge, open=True),
    "one": Function("any", ANY, _one, open=True),
    "reverse": Function("any", ANY, _reverse, open=True),
    "slice": Function("any, number, number", ANY, _slice, open=True),
    "sort": Function("strings", list_of(STRING), _sort, open=True),
    "values": Function("any", LISTS_OF, _values, open=True),
}

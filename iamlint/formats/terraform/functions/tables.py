"""Functions that make lists and maps out of others, and those on sets."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.convert import as_set, convert, hashed
from iamlint.formats.terraform.functions.collections import sequence_of
from iamlint.formats.terraform.run import MOST_ITEMS
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, NUMBER, STRING, Type, list_of, map_of, set_of
from iamlint.formats.terraform.values import Datum, Entry, is_open, mapping, sequence
from iamlint.syntax.value import Value


def _chunklist(asked: Asked) -> Datum:
    datum, size = asked.arguments
    if not isinstance(size.data, int) or size.data < 0:
        raise asked.fault("the size of a chunk is a whole number, 0 or more", 1)
    inner = list_of(datum.type.inner)
    step = size.data or max(len(datum.items), 1)
    starts = range(0, len(datum.items), step)
    chunks = [
        sequence("list", datum.items[at : at + step], asked.span, datum.type.inner) for at in starts
    ]
    return sequence("list", chunks, asked.span, inner)


def _matchkeys(asked: Asked) -> Datum:
    values, keys, wanted = asked.arguments
    if len(values.items) != len(keys.items):
        raise asked.fault("the first two lists have different lengths", 1)
    type = types.unify([keys.type.inner, wanted.type.inner])
    if type is None:
        raise asked.fault("the keys and what is looked for are of different types", 2)
    found = {hashed(asked.run, convert(asked.run, item, type)) for item in wanted.items}
    pairs = zip(values.items, keys.items, strict=True)
    kept = [v for v, key in pairs if hashed(asked.run, convert(asked.run, key, type)) in found]
    return sequence("list", kept, asked.span, values.type.inner)


def _range(asked: Asked) -> Datum:
    given = [each.data for each in asked.arguments]
    if not 1 <= len(given) <= 3:
        raise asked.fault("`range` takes 1, 2 or 3 arguments")
    start, end = (0, given[0]) if len(given) == 1 else given[:2]
    down = numbers.less(end, start)
    step = given[2] if len(given) == 3 else -1 if down else 1
    if step == 0 or (numbers.less(step, 0) is not down and start != end):
        raise asked.fault("the step does not lead from the start to the end", 2)
    items: list[Datum] = []
    at = start
    while numbers.less(at, end) if not down else numbers.less(end, at):
        items.append(Datum("number", at, asked.span))
        if len(items) > 1024:
            raise asked.fault("a range has at most 1,024 numbers")
        at = numbers.plus(at, step)
    asked.run.count(len(items), asked.span)
    return sequence("list", items, asked.span, NUMBER)


def _zipmap(asked: Asked) -> Datum:
    keys, values = asked.arguments
    sequence_of(asked, values, 1)
    if any(is_open(each) or each.loose for each in (keys, values)):
        return asked.unknown(map_of(ANY))
    if len(keys.items) != len(values.items):
        raise asked.fault("there are not as many values as keys", 1)
    entries: dict[str, Entry] = {}
    for key, value in zip(keys.items, values.items, strict=True):
        if key.kind == "null":
            raise asked.fault("a key is null", 0)
        text = asked.run.text(key)
        entries[text.data] = Entry(text, value)
    if values.form == "list":
        return mapping("map", entries, asked.span, values.type.inner)
    return mapping("object", entries, asked.span)


def _transpose(asked: Asked) -> Datum:
    found: dict[str, list[Datum]] = {}
    for entry in asked.arguments[0].ordered():
        if entry.value.kind == "null":
            raise asked.fault("a list in the map is null", 0)
        for item in entry.value.items:
            if item.kind == "null":
                raise asked.fault("an element is null, which cannot be a key", 0)
            found.setdefault(item.string, []).append(Datum("string", entry.key, entry.key.span))
    entries = {
        key: Entry(Value("string", key, asked.span), sequence("list", v, asked.span, STRING))
        for key, v in found.items()
    }
    return mapping("map", entries, asked.span, list_of(STRING))


# Sets


def _common(asked: Asked, sets: list[Datum]) -> list[Datum]:
    """The sets, made of one type."""
    found = [each.type for each in sets if each.type.inner != ANY or each.items]
    wanted = types.unify(found) if found else set_of(ANY)
    if wanted is None:
        raise asked.fault("the elements of these sets have no type in common")
    return [convert(asked.run, each, wanted) for each in sets]


def _union(asked: Asked) -> Datum:
    if any(each.kind == "unknown" for each in asked.arguments):
        return asked.unknown(asked.arguments[0].type)
    sets = _common(asked, asked.arguments)
    items = [item for each in sets for item in each.items]
    return as_set(asked.run, items, _inner(sets), asked.span)


def _inner(sets: list[Datum]) -> Type:
    return next((each.type.inner for each in sets if each.items), sets[0].type.inner)


def _among(keep: Callable[[set[str], str], bool]) -> Callable[[Asked], Datum]:
    """A function that keeps some elements of its first set."""

    def work(asked: Asked) -> Datum:
        first, *others = _common(asked, asked.arguments)
        kept = list(first.items)
        for each in others:
            known = {hashed(asked.run, item) for item in each.items}
            kept = [item for item in kept if keep(known, hashed(asked.run, item))]
        return as_set(asked.run, kept, first.type.inner, asked.span)

    return work


def _setproduct(asked: Asked) -> Datum:
    sets = [sequence_of(asked, each, at) for at, each in enumerate(asked.arguments)]
    if len(sets) < 2:
        raise asked.fault("`setproduct` takes at least 2 sets")
    size = 1
    for each in sets:
        size *= len(each.items)
    asked.run.count(min(size * len(sets), MOST_ITEMS + 1), asked.span)
    element = types.tuple_of(_element(asked, each, at) for at, each in enumerate(sets))
    columns = [
        [convert(asked.run, item, type) for item in each.items]
        for each, type in zip(sets, element.items, strict=True)
    ]
    rows = [sequence("tuple", row, asked.span) for row in product(*columns)]
    if all(each.kind == "set" for each in sets):
        return as_set(asked.run, rows, element, asked.span)
    return sequence("list", rows, asked.span, element)


def _element(asked: Asked, datum: Datum, argument: int) -> Type:
    if datum.type.element is not None:
        return datum.type.inner
    made = types.unify([item.type for item in datum.items])
    if made is None:
        raise asked.fault("the elements of this tuple have no type in common", argument)
    return made


FUNCTIONS = {
    "chunklist": Function("list, number", list_of(list_of(ANY)), _chunklist),
    "matchkeys": Function("list, list, list", list_of(ANY), _matchkeys),
    "range": Function("*number", list_of(NUMBER), _range),
    "setintersection": Function("set, *set", set_of(ANY), _among(lambda known, e: e in known)),
    "setproduct": Function("*any", ANY, _setproduct),
    "setsubtract": Function("set, set", set_of(ANY), _among(lambda known, e: e not in known)),
    "setunion": Function("set, *set", set_of(ANY), _union, open=True),
    "transpose": Function("string-lists", map_of(list_of(STRING)), _transpose),
    "zipmap": Function("strings, any", map_of(ANY), _zipmap, open=True),
}

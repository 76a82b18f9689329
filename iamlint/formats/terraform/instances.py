"""Tells how often a resource or a module is made: `count`, `for_each`, and what they bind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from iamlint.formats.terraform import types
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Inner, Scope
from iamlint.formats.terraform.steps import index
from iamlint.formats.terraform.types import ANY, NUMBER, STRING
from iamlint.formats.terraform.unknowns import Pair, pairs
from iamlint.formats.terraform.values import Datum, Entry, Unknown, mapping, sequence
from iamlint.source import Span
from iamlint.syntax.hcl.bodies import Attribute, Block
from iamlint.syntax.holes import Hole
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

ONE, COUNT, EACH, OPEN = "one", "count", "each", "open"


class Instance(NamedTuple):
    """One of them; `key`: what its address ends with; `names`: `each` or `count`, as it sees it."""

    key: str = ""
    names: Mapping[str, Datum] = {}

    def scope(self, outer: Scope) -> Scope:
        return Inner(outer, self.names) if self.names else outer


class Instances(NamedTuple):
    """All of them, by the keys of a list or a map.

    Of an `open` one it is not known how many there are; the one instance stands for any of them,
    and `at` gives the one at a key.
    """

    kind: str
    items: Mapping[object, Instance]
    keys: Mapping[str, Value] = {}  # of a map, as they are written
    at: Callable[[Datum], Instance] | None = None

    def __iter__(self) -> Iterator[Instance]:  # type: ignore[override]
        return iter(self.items.values())

    def like(self, key: str) -> Instance | None:
        """The instance of a key, as found by another evaluation that may have known less."""
        for each in self.items.values():
            if each.key == key or self.kind == OPEN or not key:
                return each
        return None


SINGLE = Instances(ONE, {None: Instance()})

# The value that an instance is.
Make = Callable[[Instance], Datum]


def is_single(block: Block) -> bool:
    """Whether a block makes one instance, whatever is known."""
    return block.body.attribute("count") is None and block.body.attribute("for_each") is None


def instances(run: Run, block: Block, scope: Scope, address: str) -> Instances:
    """The instances of a block, in the state of the run."""
    count, each = block.body.attribute("count"), block.body.attribute("for_each")
    if count is None and each is None:
        return SINGLE

    def make() -> Instances:
        if each is not None:
            return _each(run, each, scope, address)
        assert count is not None
        return _count(run, count, scope, address)

    # What is kept is no value, but all that is kept with a value is due to it, too.
    return run.once((address, "instances"), address, block.header_span, make)  # type: ignore[arg-type, return-value]


def datum(run: Run, found: Instances, address: str, span: Span, make: Make) -> Datum:
    """What a reference to the whole resource gives: one, a list, or a map of them."""
    if found.kind == ONE:
        return make(found.items[None])
    if found.kind == COUNT:
        return sequence("tuple", [make(each) for each in found], span)
    if found.kind == EACH:
        entries = {
            key: Entry(found.keys[key], make(each))
            for key, each in found.items.items()
            if isinstance(key, str)
        }
        return mapping("object", entries, span)

    def step(key: Datum | None, place: Span) -> Datum | None:
        if key is None or found.at is None:
            return make(next(iter(found)))
        return make(found.at(key))

    return Unknown(Hole(address, "list", (), wild=False), span, nullable=False, step=step)


def _count(run: Run, count: Attribute, scope: Scope, address: str) -> Instances:
    span = count.value.span
    number = _converted(run, evaluate(run, count.value, scope), span, address)
    if number.kind == "unknown":
        hole = run.unknown(f"{address}.count.index", span, NUMBER, nullable=False)
        return Instances(
            OPEN, {0: Instance("", {"count": _object(span, index=hole)})}, {}, _counted(span)
        )
    size = number.data if isinstance(number.data, int) else 0
    run.count(size, span)
    counted = _counted(span)
    items: dict[object, Instance] = {at: counted(Datum("number", at, span)) for at in range(size)}
    return Instances(COUNT, items)


def _counted(span: Span) -> Callable[[Datum], Instance]:
    def at(key: Datum) -> Instance:
        suffix = f"[{key.data}]" if key.kind == "number" else ""
        return Instance(suffix, {"count": _object(span, index=key)})

    return at


def _converted(run: Run, made: Datum, span: Span, address: str) -> Datum:
    try:
        if made.kind == "null":
            raise Fault("`count` is null", span, "give a number")
        return convert(run, made, NUMBER, span)
    except Fault as fault:
        return run.failed(fault, f"count of {address}", span, NUMBER)


def _each(run: Run, each: Attribute, scope: Scope, address: str) -> Instances:
    span = each.value.span
    collection = evaluate(run, each.value, scope)
    found = pairs(run, collection, span) if collection.type.kind not in ("list", "tuple") else None
    if found is None:
        message = f"`for_each` is {types.a(collection.type)}, and takes a map or a set of strings"
        if collection.kind != "unknown":
            help = "make a list a set with `toset`"
            run.failed(Fault(message, span, help), f"for_each of {address}", span)
        found = [Pair(run.unknown(f"{address}.each.key", span, STRING), collection, many=True)]
    items: dict[object, Instance] = {}
    keys: dict[str, Value] = {}
    open_ = False
    for pair in found:
        text = pair.key.string if pair.key.kind == "string" else ""
        open_ = open_ or pair.many or pair.key.kind != "string" or run.holes(text)
        items[text] = _keyed(pair.key, pair.value, span)
        if pair.key.kind == "string":
            keys[text] = pair.key.text
    if not open_:
        return Instances(EACH, items, keys)

    def at(key: Datum) -> Instance:
        if key.kind == "string" and key.string in items:
            return items[key.string]
        is_set = collection.type.kind == "set"
        return _keyed(key, key if is_set else _inside(run, collection, key, span), span)

    # One that is known stands for all, unless there is none.
    return Instances(OPEN, items, keys, at)


def _inside(run: Run, collection: Datum, key: Datum, span: Span) -> Datum:
    try:
        return index(run, collection, key, span)
    except Fault:
        return run.unknown(f"{run.label(collection)}[{run.label(key)}]", span, ANY)


def _keyed(key: Datum, value: Datum, span: Span) -> Instance:
    known = key.kind == "string" and not any(ord(char) >= 0xF0000 for char in key.string)
    suffix = f"[{json.dumps(key.string, ensure_ascii=False)}]" if known else ""
    return Instance(suffix, {"each": _object(span, key=key, value=value)})


def _object(span: Span, **named: Datum) -> Datum:
    held = {name: Entry(Value("string", name, span), each) for name, each in named.items()}
    return mapping("object", held, span)

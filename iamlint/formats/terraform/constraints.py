"""Reads type expressions, such as those of variables, and converts values to them."""

from __future__ import annotations

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import types
from iamlint.formats.terraform.convert import as_set, common, convert
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.types import ANY, Type
from iamlint.formats.terraform.values import Datum, Entry, Rest, mapping, null, sequence
from iamlint.source import Span
from iamlint.syntax.hcl import expressions as hcl
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple, cast

_PLAIN = {"string": types.STRING, "number": types.NUMBER, "bool": types.BOOL, "any": ANY}
_BARE = {"list": types.list_of(ANY), "map": types.map_of(ANY), "set": types.set_of(ANY)}


_ALL = "string, number, bool, any, list(…), set(…), map(…), tuple([…]) and object({…})"


class Constraint(NamedTuple):
    """What a value has to be; `any` inside stands for any one type.

    `parts` are the constraints of elements (of a list, set or map the one), of a tuple's items, or
    of an object's attributes, in the order of `type`; `default` is what an attribute that is left
    out is, where it may be.
    """

    type: Type
    parts: tuple[Constraint, ...] = ()
    optional: bool = False
    default: Expression | None = None


ANYTHING = Constraint(ANY)


def constraint(node: Expression) -> Constraint:
    """The constraint that an expression says. Raises Fault."""
    if isinstance(node, hcl.Variable):
        if node.name in _BARE:  # as old configurations write `list` for `list(any)`
            return Constraint(_BARE[node.name], (ANYTHING,))
        if node.name in _PLAIN:
            return Constraint(_PLAIN[node.name])
    if isinstance(node, hcl.Call) and node.name in _MADE and not node.expand:
        if len(node.arguments) == 1:
            return _MADE[node.name](node.name, node.arguments[0])
        raise Fault(f"{quoted(node.name)} takes 1 argument in a type", node.span)
    raise Fault("this is not a type", node.span, f"the types are {_ALL}")


def _collection(kind: str, node: Expression) -> Constraint:
    inner = constraint(node)
    return Constraint(types.collection(kind, inner.type), (inner,))


def _tuple(_: str, node: Expression) -> Constraint:
    if not isinstance(node, hcl.Tuple):
        raise Fault("a tuple is a list of types, between brackets", node.span)
    parts = tuple(constraint(item) for item in node.items)
    return Constraint(types.tuple_of(part.type for part in parts), parts)


def _object(_: str, node: Expression) -> Constraint:
    if not isinstance(node, hcl.Object):
        raise Fault("an object has types by name, between braces", node.span)
    found: dict[str, Constraint] = {}
    for item in node.items:
        name = item.name
        if name is None:
            raise Fault("the name of an attribute is a plain word", item.key.span)
        if name in found:
            raise Fault(f"the attribute {quoted(name)} is there twice", item.key.span)
        found[name] = _attribute(item.value)
    names = sorted(found)
    made = types.object_of((name, found[name].type) for name in names)
    return Constraint(made, tuple(found[name] for name in names))


def _attribute(node: Expression) -> Constraint:
    if not (isinstance(node, hcl.Call) and node.name == "optional"):
        return constraint(node)
    if not 1 <= len(node.arguments) <= 2:
        raise Fault("`optional` takes a type and, if need be, a default", node.span)
    default = node.arguments[1] if len(node.arguments) == 2 else None
    return constraint(node.arguments[0])._replace(optional=True, default=default)


_MADE = {
    "list": _collection,
    "set": _collection,
    "map": _collection,
    "tuple": _tuple,
    "object": _object,
}


class _Nowhere:
    """The scope of a default, in which there are no names."""

    def find(self, run: Run, reference: object) -> None:
        return None


def conform(run: Run, datum: Datum, wanted: Constraint, span: Span) -> Datum:
    """The value as what is due, with the defaults of what is left out. Raises Fault."""
    return convert(run, _filled(run, datum, wanted, span), wanted.type, span)


def _filled(run: Run, datum: Datum, wanted: Constraint, span: Span) -> Datum:
    """The value with its parts converted, and defaults for what may be left out."""
    kind = wanted.type.kind
    run.spend(1, span)
    if datum.kind in ("null", "unknown") or not wanted.parts:
        return datum
    if kind == "object" and datum.kind in types.MAPPINGS:
        return _with_defaults(run, datum, wanted, span)
    if kind == "map" and datum.kind in types.MAPPINGS:
        pairs = datum.entries.items()
        held = {k: e._replace(value=_part(run, e.value, wanted, span)) for k, e in pairs}
        element = common(ANY, [e.value.type for e in held.values()], datum, wanted.type, span)
        made = {k: e._replace(value=convert(run, e.value, element)) for k, e in held.items()}
        return mapping("map", made, datum.span, element)
    if kind in ("list", "set") and datum.kind in types.SEQUENCES:
        return _elements(run, datum, wanted, span)
    if kind == "tuple" and datum.kind == "tuple" and len(datum.items) == len(wanted.parts):
        zipped = zip(datum.items, wanted.parts, strict=True)
        return sequence("tuple", [conform(run, *pair, span) for pair in zipped], datum.span)
    return datum


def _part(run: Run, datum: Datum, wanted: Constraint, span: Span) -> Datum:
    """An element of a collection as what is due."""
    inner = wanted.parts[0]
    if datum.kind == "rest":
        rest = cast(Rest, datum)
        return Rest(conform(run, rest.each, inner, span), rest.name, rest.span)
    return conform(run, datum, inner, span)


def _elements(run: Run, datum: Datum, wanted: Constraint, span: Span) -> Datum:
    items = [_part(run, item, wanted, span) for item in datum.items]
    found = datum.like(type=None, kind="tuple", data=tuple(items)) if items else datum
    element = common(ANY, [item.type for item in items], found, wanted.type, span)
    if not items:
        element = wanted.type.inner
    made = [_as(run, item, element) for item in items]
    if wanted.type.kind == "set":
        return as_set(run, made, element, datum.span)
    return sequence("list", made, datum.span, element)


def _as(run: Run, item: Datum, element: Type) -> Datum:
    if item.kind == "rest":
        rest = cast(Rest, item)
        return Rest(convert(run, rest.each, element), rest.name, rest.span)
    return convert(run, item, element)


def _with_defaults(run: Run, datum: Datum, wanted: Constraint, span: Span) -> Datum:
    entries: dict[str, Entry] = {}
    is_open = any(entry.many for entry in datum.entries.values())
    for (name, type), part in zip(wanted.type.attributes, wanted.parts, strict=True):
        entry = datum.entries.get(name)
        if entry is not None and not (entry.value.kind == "null" and part.default):
            place = entry.value.span
            entries[name] = entry._replace(value=conform(run, entry.value, part, place))
        elif entry is None and is_open:
            unknown = run.unknown(f"{run.label(datum)}.{name}", datum.span, type)
            entries[name] = Entry(Value("string", name, datum.span), unknown)
        elif part.optional:
            key = Value("string", name, entry.key.span if entry else datum.span)
            entries[name] = Entry(key, _default(run, part, datum.span))
        else:
            raise Fault(f"the attribute {quoted(name)} is due here, and is missing", span)
    return mapping("object", entries, datum.span)


def _default(run: Run, part: Constraint, span: Span) -> Datum:
    if part.default is None:
        return null(span, part.type)
    datum = run.value(part.default, _Nowhere())
    return conform(run, datum, part, part.default.span)

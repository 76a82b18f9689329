"""Reads the type that a variable declares, and makes values of it: defaults of attributes too."""

from __future__ import annotations

from iamlint.formats.terraform import types
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Names
from iamlint.formats.terraform.types import ANY, Type
from iamlint.formats.terraform.values import Datum, Entry, Rest, mapping, null, sequence
from iamlint.source import Source, Span
from iamlint.syntax.hcl.expressions import Call, Literal, Object, Tuple, Variable
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.templates import Template
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple, cast

_SCALARS = {"string": types.STRING, "number": types.NUMBER, "bool": types.BOOL, "any": ANY}
_DEEPEST = 40


class Wanted(NamedTuple):
    """A type, and what attributes of it are when they are left out."""

    type: Type = ANY
    inner: Wanted | None = None  # of what a collection holds
    attributes: tuple[Attribute, ...] = ()
    items: tuple[Wanted, ...] = ()  # of a tuple


class Attribute(NamedTuple):
    """An attribute of an object; `default`: of an optional one, if it says so."""

    name: str
    wanted: Wanted
    optional: bool = False
    default: Expression | None = None


ANYTHING = Wanted()


def wanted(node: Expression | None, depth: int = 0) -> Wanted:
    """The type that an expression writes; anything for what cannot be read."""
    if isinstance(node, Template):  # as it was written once, and is in JSON
        node = node.wrapped or _bare(node)
    if isinstance(node, Variable):
        scalar = _SCALARS.get(node.name)
        return Wanted(scalar) if scalar else _any_collection(node.name)
    if not isinstance(node, Call) or depth > _DEEPEST or not node.arguments:
        return ANYTHING
    argument = node.arguments[0]
    if node.name in types.COLLECTIONS:
        inner = wanted(argument, depth + 1)
        return Wanted(Type(node.name, inner.type), inner)
    if node.name == "tuple" and isinstance(argument, Tuple):
        items = tuple(wanted(item, depth + 1) for item in argument.items)
        return Wanted(types.tuple_of(item.type for item in items), items=items)
    if node.name == "object" and isinstance(argument, Object):
        found = [_attribute(each.name or "", each.value, depth) for each in argument.items]
        type = types.object_of((each.name, each.wanted.type) for each in found)
        return Wanted(type, attributes=tuple(found))
    return ANYTHING


def _bare(node: Template) -> Expression | None:
    """The expression that the text of a string is."""
    from iamlint.syntax.hcl import parse_expression  # noqa: PLC0415 - seldom needed

    text = node.literal
    if text is None:
        return None
    return parse_expression(Source(node.source.name, text))[0]


def _any_collection(name: str) -> Wanted:
    kind = name if name in types.COLLECTIONS else ""
    return Wanted(Type(kind, ANY), ANYTHING) if kind else ANYTHING


def _attribute(name: str, node: Expression, depth: int) -> Attribute:
    if not (isinstance(node, Call) and node.name == "optional" and node.arguments):
        return Attribute(name, wanted(node, depth + 1))
    default = node.arguments[1] if len(node.arguments) > 1 else None
    if isinstance(default, Literal) and default.value is None:
        default = None
    return Attribute(name, wanted(node.arguments[0], depth + 1), True, default)


def fitted(run: Run, datum: Datum, due: Wanted, span: Span) -> Datum:
    """The value as one of the type. Raises Fault."""
    return convert(run, _filled(run, datum, due, span), due.type, span)


def _filled(run: Run, datum: Datum, due: Wanted, span: Span) -> Datum:
    """The value with what its objects leave out."""
    run.spend(1, span)
    if not _has_defaults(due):
        return datum
    if due.attributes and datum.kind in types.MAPPINGS:
        return _object(run, datum, due, span)
    inner = due.inner
    if inner is not None and datum.kind in types.MAPPINGS:
        made = {
            key: entry._replace(value=fitted(run, entry.value, inner, span))
            for key, entry in datum.entries.items()
        }
        return mapping("object", made, datum.span)
    if inner is not None and datum.kind in types.SEQUENCES:
        items = [_item(run, item, inner, span) for item in datum.items]
        return sequence("tuple", items, datum.span)
    return datum


def _item(run: Run, item: Datum, inner: Wanted, span: Span) -> Datum:
    if item.kind == "rest":
        rest = cast(Rest, item)
        return Rest(fitted(run, rest.each, inner, span), rest.name, rest.span)
    return fitted(run, item, inner, span)


def _object(run: Run, datum: Datum, due: Wanted, span: Span) -> Datum:
    made: dict[str, Entry] = {}
    for each in due.attributes:
        entry = datum.entries.get(each.name)
        if entry is not None and (entry.value.kind != "null" or each.default is None):
            value = fitted(run, entry.value, each.wanted, span)
            made[each.name] = entry._replace(value=value)
        elif each.optional:
            key = entry.key if entry is not None else Value("string", each.name, datum.span)
            made[each.name] = Entry(key, _default(run, each, datum.span))
    return mapping("object", made, datum.span)


def _default(run: Run, each: Attribute, span: Span) -> Datum:
    if each.default is None:
        return null(span, each.wanted.type)
    made = evaluate(run, each.default, Names({}))
    return fitted(run, made, each.wanted, each.default.span)


def _has_defaults(due: Wanted) -> bool:
    if any(each.optional for each in due.attributes):
        return True
    inside = (each.wanted for each in due.attributes)
    parts = (*inside, *due.items, *((due.inner,) if due.inner is not None else ()))
    return any(map(_has_defaults, parts))

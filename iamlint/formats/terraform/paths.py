"""Follows references, and the steps after them, into values."""

from __future__ import annotations

from collections.abc import Sequence

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import types
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Found, Reference, Scope
from iamlint.formats.terraform.steps import attribute, index
from iamlint.formats.terraform.types import ANY
from iamlint.formats.terraform.unknowns import pairs
from iamlint.formats.terraform.values import (
    Datum,
    Rest,
    loosened,
    sequence,
)
from iamlint.source import Span
from iamlint.syntax.hcl.expressions import Access, Get, Index, Splat, Step, Variable


def variable(run: Run, node: Variable, scope: Scope) -> Datum:
    """A name that stands alone."""
    span = node.span
    return _found(run, scope, Reference(node.name, (), span, span)).datum


def access(run: Run, node: Access, scope: Scope) -> Datum:
    """Steps into a value."""
    base, steps = node.base, node.steps
    if not isinstance(base, Variable):
        return _followed(run, run.value(base, scope), steps, scope, node.start)
    names = _names(steps)
    end = steps[len(names) - 1].end if names else base.end
    whole = Span(base.source, base.start, end)
    reference = Reference(base.name, names, whole, base.span)
    found = _found(run, scope, reference)
    return _followed(run, found.datum, steps[found.used :], scope, node.start)


def _names(steps: Sequence[Step]) -> tuple[str, ...]:
    names: list[str] = []
    for step in steps:
        if not isinstance(step, Get):
            break
        names.append(step.name)
    return tuple(names)


def _found(run: Run, scope: Scope, reference: Reference) -> Found:
    found = scope.find(run, reference)
    if found is None:
        name = ".".join((reference.root, *reference.path))
        raise Fault(f"{quoted(name)} is not declared", reference.span)
    return found


def _followed(run: Run, datum: Datum, steps: Sequence[Step], scope: Scope, start: int) -> Datum:
    """What the steps lead to; `start` is where the expression begins that they end."""
    for number, step in enumerate(steps):
        if isinstance(step, Get):
            datum = attribute(run, datum, step.name, step.span, start)
        elif isinstance(step, Index):
            datum = index(run, datum, run.value(step.key, scope), step.span, start)
        else:
            rest = steps[number + 1 :]
            inner = rest if step.full else rest[: _dotted(rest)]
            datum = _splat(run, datum, step, inner, scope)
            return _followed(run, datum, rest[len(inner) :], scope, start)
    return datum


def _dotted(steps: Sequence[Step]) -> int:
    """How many steps there are up to the first one with a bracket."""
    for number, step in enumerate(steps):
        if not (isinstance(step, Get) or (isinstance(step, Index) and step.dotted)):
            return number
    return len(steps)


def _splat(run: Run, datum: Datum, splat: Splat, steps: Sequence[Step], scope: Scope) -> Datum:
    """Steps in each element; what is no list is one with a single element, null is an empty one."""
    span = splat.span
    if datum.kind == "null":
        return sequence("tuple", (), datum.span)
    if datum.form not in types.SEQUENCES and datum.type != ANY:
        made = sequence("tuple", [_followed(run, datum, steps, scope, splat.end)], datum.span)
        return made.marked() if datum.sensitive else made
    items: list[Datum] = []
    for pair in pairs(run, datum, span) or ():
        item = _followed(run, pair.value, steps, scope, splat.end)
        items.append(Rest(item, run.label(datum), span) if pair.many else item)
    element = types.unify([item.type for item in items]) or ANY
    is_list = datum.form in ("list", "set")
    if is_list and not items:
        element = _type_of(datum.type.inner, steps)
    made = sequence("list" if is_list else "tuple", items, datum.span, element if is_list else None)
    made = loosened(made, datum)
    return made.marked() if datum.sensitive else made


def _type_of(type: types.Type, steps: Sequence[Step]) -> types.Type:
    """The type of what steps lead to, where there is nothing to follow them into."""
    for step in steps:
        if isinstance(step, Get) and type.kind in (*types.SCALARS, *types.SEQUENCES):
            raise Fault(f"this is {types.a(type)}, which has no attributes", step.span)
        if isinstance(step, Get) and type.kind == "object":
            type = type.attribute(step.name) or ANY
        else:
            type = type.inner if type.kind in types.COLLECTIONS else ANY
    return type

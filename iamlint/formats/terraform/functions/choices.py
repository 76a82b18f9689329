"""Functions that choose among their arguments, or tell what holds of all of them."""

from __future__ import annotations

from iamlint.formats.terraform import types
from iamlint.formats.terraform.compare import equal, is_null, truth
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.formulas import both, either, named
from iamlint.formats.terraform.functions.collections import sequence_of, told
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, BOOL, STRING, Type
from iamlint.formats.terraform.values import Datum, is_open
from iamlint.syntax.value import Value


def _coalesce(asked: Asked) -> Datum:
    return _first(asked, ("", None))


def _first(asked: Asked, without: tuple[object, ...]) -> Datum:
    """The first argument that is neither null nor an empty string."""
    run, given = asked.run, asked.arguments
    type = types.unify([each.type for each in given])
    if type is None or not given:
        raise asked.fault("the arguments have to be of one type")
    left: list[Datum] = []
    for datum in given:
        made = convert(run, datum, type)
        is_text = type == STRING and made.kind in ("string", "unknown")
        empty = equal(run, made, _empty(asked)) if is_text else False
        gone = either((is_null(run, made), empty))
        if gone is True:
            continue
        left.append(made)
        if gone is False:
            break
    if not left:
        raise asked.fault("all arguments are null or empty")
    return left[0] if len(left) == 1 else _undecided(asked, left, type)


def _empty(asked: Asked) -> Datum:
    return Datum("string", Value("string", "", asked.span), asked.span)


def _undecided(asked: Asked, left: list[Datum], type: Type) -> Datum:
    """The first of several of which nobody can tell whether they are there.

    NOTE: what an input is set to is what it is for: whoever deploys this sets the first of them.
    """
    first = left[0]
    if first.kind == "unknown" and type.kind in (*types.SCALARS, "any"):
        return asked.unknown(type)
    return first


def _coalescelist(asked: Asked) -> Datum:
    for at, datum in enumerate(asked.arguments):
        if datum.kind == "null":
            raise asked.fault("a list is due here, and this is null", at)
        sequence_of(asked, datum, at)
        if is_open(datum):
            return asked.unknown(datum.type)
        if datum.items:
            return datum
    raise asked.fault("all lists are empty or null")


def _alltrue(asked: Asked) -> Datum:
    if is_open(asked.arguments[0]):
        return told(asked, named(asked.full))
    items = asked.arguments[0].items
    return told(asked, both(i.kind != "null" and truth(asked.run, i) for i in items))


def _anytrue(asked: Asked) -> Datum:
    if is_open(asked.arguments[0]):
        return told(asked, named(asked.full))
    items = asked.arguments[0].items
    return told(asked, either(i.kind != "null" and truth(asked.run, i) for i in items))


FUNCTIONS = {
    "alltrue": Function("bools", BOOL, _alltrue, open=True),
    "anytrue": Function("bools", BOOL, _anytrue, open=True),
    "coalesce": Function("*any?", ANY, _coalesce, open=True),
    "coalescelist": Function("*any?", ANY, _coalescelist, open=True),
}

"""Evaluates calls of functions."""

from __future__ import annotations

from iamlint.formats import faults
from iamlint.formats.faults import meant, quoted
from iamlint.formats.terraform import types
from iamlint.formats.terraform.convert import has_holes
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.formulas import named
from iamlint.formats.terraform.functions import NAMES, function
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Scope
from iamlint.formats.terraform.signatures import Asked, checked
from iamlint.formats.terraform.values import (
    Datum,
    boolean,
    is_open,
    is_sensitive,
    loosened,
)
from iamlint.source import Span
from iamlint.syntax.hcl.expressions import Call


def call(run: Run, node: Call, scope: Scope) -> Datum:
    """`name(argument, …)`."""
    name = node.name.removeprefix("core::")
    if name in ("try", "can"):
        return _try(run, node, scope) if name == "try" else _can(run, node, scope)
    if name.startswith("provider::"):
        labels = ", ".join(run.label(run.safe(each, scope)) for each in node.arguments)
        return run.made(f"{name}({labels})", node.span)
    found = function(name)
    if found is None:
        help = meant(name, NAMES, "functions")
        raise Fault(f"{quoted(node.name)} is not a function of Terraform", node.name_span, help)
    arguments = [run.safe(each, scope) for each in node.arguments]
    places = [each.span for each in node.arguments]
    asked = Asked(run, name, arguments, node.span, places, scope)
    if node.expand:
        spread = _spread(asked)
        if spread is None:
            return asked.unknown(found.gives)
        asked = asked._replace(arguments=spread)
    asked = checked(asked, found, node)
    if not found.open and any(has_holes(run, each) for each in asked.arguments):
        made = asked.unknown(found.gives)
    else:
        made = found.work(asked)
        for each in asked.arguments:
            made = loosened(made, each)
    if run.world.has_sensitive and name not in ("nonsensitive", "issensitive"):
        return made.marked() if any(map(is_sensitive, asked.arguments)) else made
    return made


def _spread(asked: Asked) -> list[Datum] | None:
    """The arguments, the last one taken apart; None where it cannot be known."""
    *first, last = asked.arguments
    span = asked.place(len(first))
    if last.kind == "unknown" and last.form not in types.SCALARS:
        return None
    if last.kind not in types.SEQUENCES:
        raise Fault(f"`...` stands behind a list, and this is {types.a(last.type)}", span)
    if is_open(last):
        return None
    asked.run.count(len(last.items), span)
    return [*first, *last.items]


def _try(run: Run, node: Call, scope: Scope) -> Datum:
    """The first argument that can be evaluated.

    NOTE: one that is unknown counts as one that can: it may be what the others are, too.
    """
    if not node.arguments:
        raise Fault("`try` takes at least 1 argument, and is given 0", node.span)
    told: list[str] = []
    for argument in node.arguments:
        depth, strict = run.depth, run.strict
        run.strict = True
        try:
            datum = run.value(argument, scope)
            is_last = argument is node.arguments[-1]
            return datum if is_last else _perhaps(run, datum, node.span)
        except faults.Fault as fault:
            told.append(fault.message)
        finally:
            run.depth, run.strict = depth, strict
    message = f"no argument of `try` can be evaluated; of the first one: {told[0]}"
    raise Fault(message, node.span)


def _perhaps(run: Run, datum: Datum, span: Span) -> Datum:
    """What nobody knows to be there, where something else may come instead."""
    if datum.kind != "unknown" or datum.type != types.ANY or datum.data.wild:
        return datum
    return run.made(f"try({run.label(datum)})", span)


def _can(run: Run, node: Call, scope: Scope) -> Datum:
    """Whether an argument can be evaluated."""
    if len(node.arguments) != 1:
        raise Fault(f"`can` takes 1 argument, and is given {len(node.arguments)}", node.span)
    argument = node.arguments[0]
    try:
        datum = run.apart(lambda: run.value(argument, scope), strict=True)
    except faults.Fault:
        return boolean(False, node.span)
    if not has_holes(run, datum):
        return boolean(True, node.span)
    return _whether(run, datum, node.span)


def _whether(run: Run, datum: Datum, span: Span) -> Datum:
    if datum.kind != "unknown" or datum.type != types.ANY:
        return boolean(True, span)
    full = f"can({run.label(datum)})"
    return run.truth(named(full), run.world.names.written(span, full), span)

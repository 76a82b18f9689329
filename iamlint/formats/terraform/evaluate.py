"""Evaluates expressions, as far as that can be done before anything is deployed.

    world = new_world(Table(sources), files)     one for all that belongs together
    run = Run(world, state)                      one for each way in which things may be
    datum = evaluate(run, expression, scope)

`scope.find` tells what names stand for, lazily (see `scope`). What cannot be known is a part of
the value: an `Unknown` in the place of a value, the character of a hole inside of a text, a `Rest`
among the elements of a list. What is wrong is told to `world`, and leaves an unknown value behind
in the smallest list, object or text around it. Two exceptions come out: `Undecided`, when the
value depends on an atom that nobody can tell (assume it true, then false, in a `State`, and
evaluate again in each; a `lenient` run gives an unknown value instead), and `TooMuch`.
"""

from __future__ import annotations

from iamlint.formats import faults
from iamlint.formats.faults import TooMuch
from iamlint.formats.terraform import numbers, operators, types
from iamlint.formats.terraform.calls import call
from iamlint.formats.terraform.compare import truth
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.loops import loop
from iamlint.formats.terraform.paths import access, variable
from iamlint.formats.terraform.rendering import render
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Scope
from iamlint.formats.terraform.steps import key_text
from iamlint.formats.terraform.types import ANY, BOOL, Type
from iamlint.formats.terraform.unknowns import one_of
from iamlint.formats.terraform.values import Datum, Entry, boolean, mapping, null, sequence
from iamlint.formats.terraform.world import STEPS, FilesGiven, Nodes, World
from iamlint.syntax.hcl import expressions as hcl
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.templates import Template
from iamlint.syntax.holes import Table


def new_world(table: Table, files: FilesGiven | None = None, steps: int = STEPS) -> World:
    """What all evaluations of one configuration share."""
    return World(NODES, table, files, steps)


def evaluate(run: Run, node: Expression, scope: Scope) -> Datum:
    """The value of an expression. Raises Undecided and TooMuch only."""
    depth = run.depth
    try:
        return run.safe(node, scope)
    except RecursionError:
        raise TooMuch("this is nested too deeply", node.span) from None
    finally:
        run.depth = depth


def _literal(run: Run, node: hcl.Literal, scope: Scope) -> Datum:
    return null(node.span) if node.value is None else boolean(node.value, node.span)


def _number(run: Run, node: hcl.Number, scope: Scope) -> Datum:
    made = numbers.number(node.text)
    if made is None:
        raise Fault("this number is too large, or too small, to be worked with", node.span)
    return Datum("number", made, node.span)


def _parens(run: Run, node: hcl.Parens, scope: Scope) -> Datum:
    return run.value(node.inner, scope)


def _tuple(run: Run, node: hcl.Tuple, scope: Scope) -> Datum:
    return sequence("tuple", [run.safe(item, scope) for item in node.items], node.span)


def _object(run: Run, node: hcl.Object, scope: Scope) -> Datum:
    entries: dict[str, Entry] = {}
    for item in node.items:
        key = _key(run, item, scope)
        entries[key.string] = Entry(key.text, run.safe(item.value, scope))
    return mapping("object", entries, node.span)


def _key(run: Run, item: hcl.Item, scope: Scope) -> Datum:
    """The key of an item: a bare word is its own name."""
    node = item.key
    if isinstance(node, hcl.Variable | hcl.Literal):
        return _word(node)
    if isinstance(node, hcl.Access):
        help = f"put it in parentheses, `({node.span.text})`, or between quotes"
        raise Fault("a key that is to be evaluated stands in parentheses", node.span, help)
    return key_text(run, run.value(node, scope), node.span)


def _word(node: Expression) -> Datum:
    from iamlint.syntax.value import Value  # noqa: PLC0415

    return Datum("string", Value("string", node.span.text, node.span), node.span)


def _unary(run: Run, node: hcl.Unary, scope: Scope) -> Datum:
    operand = run.value(node.operand, scope)
    work = operators.negated if node.operator.symbol == "-" else operators.inverted
    made = work(run, operand, node.span)
    return made.marked() if operand.sensitive else made


def _operation(run: Run, node: hcl.Operation, scope: Scope) -> Datum:
    made = run.value(node.operands[0], scope)
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        other = run.value(operand, scope)
        sensitive = made.sensitive or other.sensitive
        span = node.operands[0].span.cover(operand.span)
        made = operators.combined(run, operator.symbol, made, other, span)
        made = made.marked() if sensitive else made
    return made


def _conditional(run: Run, node: hcl.Conditional, scope: Scope) -> Datum:
    condition = run.value(node.condition, scope)
    if condition.kind == "null":
        raise Fault("a condition cannot be null", node.condition.span)
    formula = truth(run, convert(run, condition, BOOL, node.condition.span))
    known = run.decide(formula)
    if known is None:
        return _either(run, node, condition, scope)
    chosen, other = (node.then, node.otherwise) if known else (node.otherwise, node.then)
    made = run.value(chosen, scope)
    type = _common(run, node, made, _type_of(run, other, scope))
    made = convert(run, made, type, chosen.span)
    return made.marked() if condition.sensitive else made


def _type_of(run: Run, node: Expression, scope: Scope) -> Datum:
    """What an expression gives whose value is not used, only its type."""
    try:
        return run.apart(lambda: run.value(node, scope), lenient=True)
    except faults.Fault:
        return run.unknown("", node.span)


def _common(run: Run, node: hcl.Conditional, one: Datum, two: Datum) -> Type:
    """The type that both results are made."""
    if ANY in (one.type, two.type):
        alone = two if one.kind == "null" else one if two.kind == "null" else None
        return alone.type if alone and ANY not in (alone.type,) else ANY
    made = types.unify((one.type, two.type))
    if made is None:
        given = f"{types.a(one.type)} and {types.a(two.type)}"
        span = node.then.span.cover(node.otherwise.span)
        raise Fault(f"both results must be of one type; these are {given}", span)
    return made


def _either(run: Run, node: hcl.Conditional, condition: Datum, scope: Scope) -> Datum:
    """One of two results, nobody knows which."""
    results = [run.value(branch, scope) for branch in (node.then, node.otherwise)]
    type = _common(run, node, *results)
    made = [convert(run, result, type) for result in results]
    full = f"{run.label(condition)} ? {run.label(made[0])} : {run.label(made[1])}"
    return one_of(run, made, full, node.span)


def _unreadable(run: Run, node: hcl.Unreadable, scope: Scope) -> Datum:
    """Where nothing could be read; that has been told."""
    place = run.position(node.span)
    run.missing[f"the text at {place}"] = None
    return run.unknown(f"text at {place}", node.span)


NODES: Nodes = {
    hcl.Literal: _literal,
    hcl.Number: _number,
    hcl.Variable: variable,
    hcl.Parens: _parens,
    hcl.Tuple: _tuple,
    hcl.Object: _object,
    hcl.Call: call,
    hcl.Access: access,
    hcl.Unary: _unary,
    hcl.Operation: _operation,
    hcl.Conditional: _conditional,
    hcl.For: loop,
    hcl.Unreadable: _unreadable,
    Template: render,
}

"""The operators between values."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.formats.terraform import numbers
from iamlint.formats.terraform.compare import equal, truth
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.formulas import both, either, named, opposite
from iamlint.formats.terraform.numbers import Num
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.types import BOOL, NUMBER
from iamlint.formats.terraform.values import Datum, Formula, boolean
from iamlint.source import Span

_SUMS: dict[str, Callable[[Num, Num], Num]] = {
    "+": numbers.plus,
    "-": numbers.minus,
    "*": numbers.times,
    "/": numbers.over,
    "%": numbers.remainder,
}
# Each comparison as `less`, with the operands turned round, and the answer turned round.
_ORDER = {"<": (False, False), ">": (True, False), "<=": (True, True), ">=": (False, True)}


def negated(run: Run, datum: Datum, span: Span) -> Datum:
    """`-datum`."""
    value = _operand(run, datum, "number", span)
    if value.kind == "unknown":
        return run.made(f"-{run.label(value)}", span, NUMBER, nullable=False)
    return Datum("number", numbers.minus(0, value.data), span)


def inverted(run: Run, datum: Datum, span: Span) -> Datum:
    """`!datum`."""
    formula = truth(run, _operand(run, datum, "bool", span))
    return _truth(run, opposite(formula), span)


def combined(run: Run, symbol: str, one: Datum, two: Datum, span: Span) -> Datum:
    """`one symbol two`."""
    run.spend(1, span)
    if symbol in ("==", "!="):
        formula = equal(run, one, two)
        return _truth(run, formula if symbol == "==" else opposite(formula), span)
    if symbol in ("&&", "||"):
        truths = [truth(run, _operand(run, each, "bool", each.span)) for each in (one, two)]
        return _truth(run, both(truths) if symbol == "&&" else either(truths), span)
    left, right = _operand(run, one, "number", one.span), _operand(run, two, "number", two.span)
    is_known = left.kind == right.kind == "number"
    if symbol in _ORDER:
        return _truth(run, _ordered(run, symbol, left, right), span)
    if not is_known:
        full = f"{run.label(left)} {symbol} {run.label(right)}"
        return run.made(full, span, NUMBER, nullable=False)
    if symbol == "%" and right.data == 0:
        return Datum("number", left.data, span)  # an oddity of Terraform
    if symbol == "/" and right.data == 0:
        raise Fault("this divides by zero", span)
    return Datum("number", _small(_SUMS[symbol](left.data, right.data), span), span)


def _small(value: Num, span: Span) -> Num:
    """A number that is not too long to write."""
    mantissa, exponent = numbers.parts(value)
    if mantissa.bit_length() > 20_000 or exponent < -20_000:
        raise Fault("this number is too large, or too small, to be worked with", span)
    return value


def _truth(run: Run, formula: Formula, span: Span) -> Datum:
    if isinstance(formula, bool):
        return boolean(formula, span)
    return run.truth(formula, run.world.names.written(span, repr(formula)), span)


def _ordered(run: Run, symbol: str, one: Datum, two: Datum) -> Formula:
    turned, not_ = _ORDER[symbol]
    left, right = (two, one) if turned else (one, two)
    if left.kind == right.kind == "number":
        return numbers.less(left.data, right.data) is not not_
    one_, two_ = run.label(left), run.label(right)
    formula = named(f"{two_} > {one_}" if left.kind == "number" else f"{one_} < {two_}")
    return opposite(formula) if not_ else formula


def _operand(run: Run, datum: Datum, kind: str, span: Span) -> Datum:
    if datum.kind == "null":
        raise Fault(f"a {kind} is due here, and this is null", span)
    return convert(run, datum, NUMBER if kind == "number" else BOOL, span)

"""Functions on numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.numbers import Num
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import NUMBER
from iamlint.formats.terraform.values import Datum

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _of(work: Callable[[Num], Num]) -> Callable[[Asked], Datum]:
    return lambda asked: Datum("number", work(asked.arguments[0].data), asked.span)


def _absolute(value: Num) -> Num:
    return numbers.minus(0, value) if numbers.less(value, 0) else value


def _ceiling(value: Num) -> Num:
    return -numbers.floor(numbers.minus(0, value))


def _sign(value: Num) -> Num:
    return 0 if value == 0 else -1 if numbers.less(value, 0) else 1


def _extreme(*, largest: bool) -> Callable[[Asked], Datum]:
    def work(asked: Asked) -> Datum:
        if not asked.arguments:
            raise asked.fault(f"`{asked.name}` takes at least 1 number")
        found = asked.arguments[0].data
        for each in asked.arguments[1:]:
            if numbers.less(found, each.data) is largest and found != each.data:
                found = each.data
        return Datum("number", found, asked.span)

    return work


def _sum(asked: Asked) -> Datum:
    datum = asked.arguments[0]
    if datum.kind not in types.SEQUENCES or not datum.items:
        raise asked.fault("a list with at least one number is due here", 0)
    total: Num = 0
    for item in datum.items:
        if item.kind == "null":
            raise asked.fault("an element is null, which cannot be added", 0)
        total = numbers.plus(total, convert(asked.run, item, NUMBER, asked.place(0)).data)
    return Datum("number", total, asked.span)


def _float(asked: Asked, work: Callable[[float, float], float]) -> Datum:
    one, two = (numbers.to_float(each.data) for each in asked.arguments)
    try:
        made = numbers.of_float(work(one, two))
    except (ValueError, OverflowError, ZeroDivisionError):
        made = None
    if made is None:
        raise asked.fault(f"`{asked.name}` of these numbers is not a number")
    return Datum("number", made, asked.span)


def _pow(asked: Asked) -> Datum:
    return _float(asked, math.pow)


def _log(asked: Asked) -> Datum:
    return _float(asked, lambda value, base: math.log(value) / math.log(base))


def _parseint(asked: Asked) -> Datum:
    text, base = asked.arguments[0], asked.arguments[1].data
    if text.kind != "string":
        raise asked.fault(f"a string is due here, and this is {types.a(text.type)}", 0)
    if not isinstance(base, int) or not 2 <= base <= 62:
        raise asked.fault("the base is a whole number from 2 to 62", 1)
    found = re.fullmatch(r"([+-]?)([0-9a-zA-Z]+)", text.string)
    digits = [_digit(char, base) for char in found[2]] if found else []
    if found is None or max(digits) >= base or len(digits) > 1_000:
        raise asked.fault(f"{quoted(text.string)} is no whole number in base {base}", 0)
    value = 0
    for digit in digits:
        value = value * base + digit
    return Datum("number", numbers.rounded(-value if found[1] == "-" else value, 0), asked.span)


def _digit(char: str, base: int) -> int:
    return _DIGITS.index(char.lower() if base <= 36 else char)


def _signum(asked: Asked) -> Datum:
    if not isinstance(asked.arguments[0].data, int):
        raise asked.fault("a whole number is due here", 0)
    return _of(_sign)(asked)


FUNCTIONS = {
    "abs": Function("number", NUMBER, _of(_absolute)),
    "ceil": Function("number", NUMBER, _of(_ceiling)),
    "floor": Function("number", NUMBER, _of(numbers.floor)),
    "log": Function("number, number", NUMBER, _log),
    "max": Function("*number", NUMBER, _extreme(largest=True)),
    "min": Function("*number", NUMBER, _extreme(largest=False)),
    "parseint": Function("any, number", NUMBER, _parseint),
    "pow": Function("number, number", NUMBER, _pow),
    "signum": Function("number", NUMBER, _signum),
    "sum": Function("any", NUMBER, _sum),
}

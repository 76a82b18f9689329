"""The numbers of Terraform: binary floats of 512 bits, which Python's own are too short for.

What is integral is an `int`; anything else is a `Binary`. Both are exact, every operation is
rounded once, to the nearest, ties to even, and a number is written with the fewest digits that
tell it from its neighbours: the very digits that Terraform writes.
"""

from __future__ import annotations

import re
from math import isfinite

from iamlint.typed import NamedTuple

_BITS = 512
_MOST_DIGITS = 2_000  # before or behind the point: enough for anything that is no attack
_DECIMAL = re.compile(r"([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?")


class Binary(NamedTuple):
    """`mantissa * 2 ** exponent`, the mantissa odd, the exponent below zero."""

    mantissa: int
    exponent: int


Num = int | Binary


def number(text: str) -> Num | None:
    """The number that a decimal text is; None for what is none, or too large to be one."""
    found = _DECIMAL.fullmatch(text)
    if found is None or not (found[2] or found[3]) or not text.isascii():
        return None
    exponent = int(found[4] or "0") if len(found[4] or "") < 7 else _MOST_DIGITS + 1
    if abs(exponent) > _MOST_DIGITS or len(text) > _MOST_DIGITS:
        return None
    digits = int(found[2] + found[3])
    scale = exponent - len(found[3])
    sign = -1 if found[1] == "-" else 1
    return ratio(sign * digits * 10 ** max(scale, 0), 10 ** max(-scale, 0))


def rounded(mantissa: int, exponent: int) -> Num:
    """The number nearest to `mantissa * 2 ** exponent`."""
    excess = abs(mantissa).bit_length() - _BITS
    if excess > 0:
        sign, size = (-1 if mantissa < 0 else 1), abs(mantissa)
        kept, rest = size >> excess, size & ((1 << excess) - 1)
        half = 1 << (excess - 1)
        kept += rest > half or (rest == half and kept & 1)
        mantissa, exponent = sign * kept, exponent + excess
    if exponent >= 0 or mantissa == 0:
        return mantissa << max(exponent, 0)
    zeros = min((mantissa & -mantissa).bit_length() - 1, -exponent)
    mantissa, exponent = mantissa >> zeros, exponent + zeros
    return Binary(mantissa, exponent) if exponent else mantissa


def ratio(above: int, below: int) -> Num:
    """The number nearest to `above / below`."""
    if below < 0:
        above, below = -above, -below
    shift = max(_BITS + 2 - (abs(above).bit_length() - below.bit_length()), 0)
    quotient, rest = divmod(abs(above) << shift, below)
    # What is left only matters to tell a tie from what is above it.
    mantissa = (quotient << 1) | (rest != 0)
    return rounded(-mantissa if above < 0 else mantissa, -shift - 1)


def parts(value: Num) -> tuple[int, int]:
    """The mantissa and the exponent of a number."""
    return (value, 0) if isinstance(value, int) else (value.mantissa, value.exponent)


def _aligned(one: Num, two: Num) -> tuple[int, int, int]:
    """Two numbers as whole multiples of a power of two, and its exponent."""
    (first, left), (second, right) = parts(one), parts(two)
    lowest = min(left, right)
    return first << (left - lowest), second << (right - lowest), lowest


def plus(one: Num, two: Num) -> Num:
    first, second, exponent = _aligned(one, two)
    return rounded(first + second, exponent)


def minus(one: Num, two: Num) -> Num:
    first, second, exponent = _aligned(one, two)
    return rounded(first - second, exponent)


def times(one: Num, two: Num) -> Num:
    (first, left), (second, right) = parts(one), parts(two)
    return rounded(first * second, left + right)


def over(one: Num, two: Num) -> Num:
    """The quotient; the divisor is not zero."""
    first, second, _ = _aligned(one, two)
    return ratio(first, second)


def remainder(one: Num, two: Num) -> Num:
    """What division towards zero leaves, with the sign of the dividend."""
    first, second, exponent = _aligned(one, two)
    left = abs(first) % abs(second)
    return rounded(-left if first < 0 else left, exponent)


def less(one: Num, two: Num) -> bool:
    first, second, _ = _aligned(one, two)
    return first < second


def floor(value: Num) -> int:
    mantissa, exponent = parts(value)
    return mantissa >> -exponent


def of_float(value: float) -> Num | None:
    """A float of Python; None when it is infinite or not a number."""
    if not isfinite(value):
        return None
    # What is written of it is what tells it from other floats, not all of its digits.
    return number(repr(value))


def to_float(value: Num) -> float:
    mantissa, exponent = parts(value)
    try:
        return mantissa / (1 << -exponent)
    except OverflowError:
        return float("-inf") if mantissa < 0 else float("inf")


def text(value: Num) -> str:
    """The number as Terraform writes it: without an exponent, in the fewest digits."""
    if isinstance(value, int) and value.bit_length() <= _BITS:
        return str(value)
    mantissa, exponent = parts(value)
    sign = "-" if mantissa < 0 else ""
    mantissa = abs(mantissa)
    shift = mantissa.bit_length() - _BITS
    if shift > 0:
        mantissa, exponent = mantissa >> shift, exponent + shift
    else:
        mantissa, exponent = mantissa << -shift, exponent + shift
    digits, point = _shortest(mantissa, exponent)
    return sign + _placed(digits, point)


def _shortest(mantissa: int, exponent: int) -> tuple[str, int]:
    """The fewest digits of a number, and how many of them stand before the point."""
    # Everything is scaled so that the number, and half the way to its neighbours, are integers.
    behind = max(1 - exponent, 0)
    scale = 5**behind if exponent <= 0 else 1 << (exponent - 1)
    exact, half = mantissa * 2 * scale, scale
    if exponent > 0:
        exact, half = mantissa << exponent, 1 << (exponent - 1)
    whole = str(exact)
    closed = mantissa % 2 == 0  # a tie is read as the even one
    for count in range(1, len(whole) + 1):
        unit = 10 ** (len(whole) - count)
        low = exact - exact % unit
        down, up = exact - low, low + unit - exact
        fits = [(gap, made) for gap, made in ((down, low), (up, low + unit)) if gap < half + closed]
        if fits:
            made = str(min(fits)[1])
            return made.rstrip("0"), len(made) - behind
    return whole, len(whole) - behind


def _placed(digits: str, point: int) -> str:
    if point <= 0:
        return f"0.{'0' * -point}{digits}"
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"

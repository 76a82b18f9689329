"""`format` and `formatlist`: what is put into the text keeps its place."""

from __future__ import annotations

import re

from iamlint.formats.cutter import Cutter
from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.convert import convert, scalar_pieces
from iamlint.formats.terraform.documents import encoded
from iamlint.formats.terraform.functions.graphemes import length
from iamlint.formats.terraform.numbers import Num
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, BOOL, NUMBER, STRING, list_of
from iamlint.formats.terraform.unknowns import pairs
from iamlint.formats.terraform.values import Datum, Rest, is_open, sequence
from iamlint.syntax.holes import Piece
from iamlint.syntax.value import Value

_VERB = re.compile(r"%([+\-# 0]*)(\d*)(?:\.(\d*))?(?:\[(\d+)\])?(.)?", re.DOTALL)
_WIDEST = 10_000
_INTEGERS = {"d": "d", "b": "b", "o": "o", "x": "x", "X": "X"}


def _format(asked: Asked) -> Datum:
    template = asked.arguments[0]
    if template.kind == "unknown" or asked.run.holes(template.string):
        return asked.unknown(STRING)
    made = _formatted(asked, asked.arguments[1:])
    return asked.unknown(STRING) if made is None else made


def _formatted(asked: Asked, given: list[Datum]) -> Datum | None:
    """The text; None where it cannot be known."""
    run, template = asked.run, asked.arguments[0].text
    cutter, at, pieces, used, taken = Cutter(template), 0, list[Piece](), 0, 0
    for verb in _VERB.finditer(template.data):
        pieces += cutter.cut(at, verb.start())
        at = verb.end()
        if verb[5] == "%":
            pieces.append(Piece("%", template, verb.start(), template.part(*verb.span())))
            continue
        number = int(verb[4][:6]) if verb[4] else used + 1
        used, taken = number, max(taken, number)
        if not 1 <= number <= len(given):
            raise asked.fault(f"there is no argument for `{verb[0]}`", 0)
        part = _put(asked, verb, given[number - 1], number)
        run.spend(4, asked.span)
        if part is None:
            return None
        pieces += part
    if taken < len(given) and "[" not in template.data:
        raise asked.fault(f"there are {len(given)} arguments, of which {taken} are used", 0)
    pieces += cutter.cut(at, len(template.data))
    return run.composed(pieces, asked.span)


def _put(asked: Asked, verb: re.Match[str], datum: Datum, number: int) -> list[Piece] | None:
    """What one verb puts into the text; None where that cannot be known."""
    flags, width, mode = verb[1], int(verb[2][:6] or 0), verb[5] or ""
    place = asked.place(number)
    if width > _WIDEST or int((verb[3] or "0")[:6]) > _WIDEST:
        raise asked.fault("a width or a precision is too large", 0)
    if mode in ("s", "v") and not width and verb[3] is None and "#" not in flags:
        pieces = _plain(asked, datum, mode, number)
        if pieces is not None:
            return pieces
    if asked.run.holes(asked.run.text(datum).data) if datum.kind == "string" else _open(datum):
        return None
    text = _text(asked, verb, datum, number)
    shown = length(text)
    if shown < width:
        blank = "0" if "0" in flags and "-" not in flags else " "
        text = text + " " * (width - shown) if "-" in flags else _filled(text, blank, width - shown)
    return [Piece(text, Value("string", text, place), 0, place)]


def _open(datum: Datum) -> bool:
    """Whether what is put into the text cannot be known; so it is with a null without a type."""
    if datum.kind == "null":
        return datum.type == ANY
    return datum.kind == "unknown" or (datum.kind not in types.SCALARS and is_open(datum))


def _filled(text: str, blank: str, count: int) -> str:
    if blank == "0" and text[:1] in "+-":
        return text[0] + blank * count + text[1:]
    return blank * count + text


def _plain(asked: Asked, datum: Datum, mode: str, number: int) -> list[Piece] | None:
    """The pieces of a text that is put in as it is."""
    if datum.kind == "null" or (mode == "v" and datum.kind == "number"):
        return None
    if datum.kind == "unknown" and datum.form not in types.SCALARS and mode == "v":
        return None
    return scalar_pieces(asked.run, datum)


def _text(asked: Asked, verb: re.Match[str], datum: Datum, number: int) -> str:
    mode, place = verb[5] or "", asked.place(number)
    if mode == "v":
        return _any(asked, datum, "#" in verb[1])
    if datum.kind == "null":
        raise asked.fault(f"an argument for `{verb[0]}` is null", number)
    if mode in ("s", "q"):
        text = str(convert(asked.run, datum, STRING, place).string)
        text = text if verb[3] is None else text[: int(verb[3] or 0)]
        return text if mode == "s" else str(encoded(asked.run, _as_string(text, datum)).string)
    if mode == "t":
        return "true" if convert(asked.run, datum, BOOL, place).data else "false"
    if mode in _INTEGERS or mode in ("e", "E", "f", "g", "G"):
        value = convert(asked.run, datum, NUMBER, place).data
        return _signed(verb[1], _number(asked, mode, value, verb))
    raise asked.fault(f"`{verb[0]}` is not a verb of `format`", 0)


def _as_string(text: str, datum: Datum) -> Datum:
    return Datum("string", Value("string", text, datum.span), datum.span)


def _any(asked: Asked, datum: Datum, is_json: bool) -> str:
    if datum.kind == "number" and not is_json:
        return general(datum.data)
    if datum.kind == "string" and not is_json:
        return datum.string
    return encoded(asked.run, datum).string


def _signed(flags: str, text: str) -> str:
    if text.startswith("-"):
        return text
    return f"+{text}" if "+" in flags else f" {text}" if " " in flags else text


def _number(asked: Asked, mode: str, value: Num, verb: re.Match[str]) -> str:
    if mode in _INTEGERS:
        if not isinstance(value, int):
            raise asked.fault(f"`{verb[0]}` takes a whole number, not {numbers.text(value)}", 0)
        return format(value, _INTEGERS[mode])
    if mode in ("g", "G") and verb[3] is None:
        return general(value) if mode == "g" else general(value).upper()
    precision = int(verb[3]) if verb[3] else 6 if verb[3] is None else 0
    if mode == "f":
        return fixed(value, precision)
    return format(numbers.to_float(value), f".{precision}{mode}")


def fixed(value: Num, precision: int) -> str:
    """A number with so many digits behind the point."""
    mantissa, exponent = numbers.parts(value)
    scaled = abs(mantissa) * 10**precision
    whole, rest = scaled >> -exponent, scaled & ((1 << -exponent) - 1)
    half = (1 << -exponent) >> 1
    whole += rest > half or (rest == half and exponent < 0 and whole & 1)
    digits = str(whole).rjust(precision + 1, "0")
    sign = "-" if mantissa < 0 else ""
    return sign + (f"{digits[:-precision]}.{digits[-precision:]}" if precision else digits)


def general(value: Num) -> str:
    """A number in the fewest digits, large and small ones with an exponent."""
    text = numbers.text(value)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, behind = text.partition(".")
    digits = (whole + behind).lstrip("0")
    if not digits:
        return "0"
    point = len(whole) if whole != "0" else -(len(behind) - len(behind.lstrip("0")))
    digits = digits.rstrip("0")
    power = point - 1
    if -4 <= power < max(21 if len(digits) > 21 else 6, 6):
        return sign + text
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{'-' if power < 0 else '+'}{abs(power):02}"


def _formatlist(asked: Asked) -> Datum:
    """`format` once for each element of the lists among the arguments."""
    run, given = asked.run, asked.arguments[1:]
    lists = [each for each in given if each.kind in types.SEQUENCES or _is_list(each)]
    if asked.arguments[0].kind == "unknown" or run.holes(asked.arguments[0].string):
        return asked.unknown(list_of(STRING))
    open_ = [each for each in lists if is_open(each)]
    if open_ and len(lists) > 1:
        return asked.unknown(list_of(STRING))
    rows = [pairs(run, each, asked.span) or [] for each in lists]
    sizes = {len(row) for row in rows}
    if len(sizes) > 1:
        raise asked.fault("the lists have different lengths", 1)
    count = sizes.pop() if sizes else 1
    run.count(count, asked.span)
    items: list[Datum] = []
    for at in range(count):
        columns = iter([row[at] for row in rows])
        row = [next(columns) if each in lists else None for each in given]
        values = [each.value if each else one for each, one in zip(row, given, strict=True)]
        made = _formatted(asked, values) or run.made(f"{asked.full}[{at}]", asked.span, STRING)
        many = any(each.many for each in row if each)
        items.append(Rest(made, run.label(lists[0]), asked.span) if many else made)
    return sequence("list", items, asked.span, STRING)


def _is_list(datum: Datum) -> bool:
    return datum.kind == "unknown" and datum.form in types.SEQUENCES


FUNCTIONS = {
    "format": Function("string, *any?", STRING, _format, open=True),
    "formatlist": Function("string, *any?", list_of(STRING), _formatlist, open=True),
}

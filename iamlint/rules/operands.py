"""Decides which values of an expression may meet: types, enum words and nulls of a comparison."""

from __future__ import annotations

from iamlint.rules.parse import ExpressionError, Term
from iamlint.rules.paths import ARTICLES, Fact, advise, listing
from iamlint.typed import Any, NamedTuple

MAX_NUMBER = 10**15  # of a literal
ORDERS = frozenset({"<", "<=", ">", ">="})


class Operand(NamedTuple):
    """A value in an expression: its shipped form, its type, and the fact behind it, if any."""

    data: list[Any]
    type: str  # text number bool enum node null words, or what may not be compared
    nullable: bool
    term: Term
    fact: Fact | None = None

    @property
    def shown(self) -> str:
        return self.fact.path if self.fact else "length"

    @property
    def choices(self) -> tuple[str, ...]:
        return self.fact.choices if self.fact else ()


def names(term: Term) -> tuple[str, ...]:
    """The steps of a path."""
    return (term.value,) if term.kind == "field" else tuple(term.value)


def literal(term: Term) -> Operand:
    """A literal: a text, a finite number, true, false, null or a list of texts."""
    value = term.value
    if isinstance(value, bool):
        kind = "bool"
    elif value is None:
        kind = "null"
    elif isinstance(value, str):
        kind = "text"
    elif isinstance(value, int | float) and abs(value) <= MAX_NUMBER:  # and so no infinity
        kind = "number"
    elif isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        kind = "words"
    else:
        advice = "allowed: a text, a number, `true`, `false`, `null`, a list of texts"
        raise _error(term, "this literal is not part of the language of rules", advice)
    return Operand(["literal", value], kind, False, term)


def agree(left: Operand, right: Operand, name: str, term: Term) -> None:
    """Check `left name right`; a literal stands on the right."""
    for operand in (left, right):
        if operand.type in {"truth", "nodes", "texts", "words"}:
            raise _not_comparable(operand)
    if right.type == "null":
        return _against_null(left, name, term)
    if left.type == "node" or right.type == "node":
        raise _error(term, "a node is compared only with `null`", "compare one of its fields")
    if name in ORDERS:
        return _ordered(left, right, name, term)
    if _kind(left) != _kind(right):
        message = f"{ARTICLES[left.type]} is compared with {ARTICLES[right.type]}"
        raise _error(term, message, _hint(left))
    if left.nullable and right.nullable:
        message = f"`{left.shown}` and `{right.shown}` may both be null, and would be equal then"
        raise _error(term, message, f"first ask `{left.shown} != `null``")
    return _enums(left, right)


def words(term: Term, whole: Operand, part: Operand) -> None:
    """Check the arguments of contains, starts_with and ends_with."""
    searched = {"text", "enum", "texts", "words"} if term.value == "contains" else {"text", "enum"}
    if whole.type not in searched or (whole.data[0] == "literal" and whole.type != "words"):
        message = f"`{term.value}` does not search {_described(whole)}"
        raise _error(whole.term, message, f"write `{term.value}(field, 'text')`")
    if part.type not in {"text", "enum"}:
        message = f"`{term.value}` looks for a text, not for {_described(part)}"
        raise _error(part.term, message, f"write `{term.value}(field, 'text')`")
    if whole.type == "words":
        if part.fact is None:
            raise _error(part.term, "two literals are compared", "write `contains(list, field)`")
        for word in whole.data[1] if part.type == "enum" else ():
            _choice(word, part, whole.term)
    elif whole.choices and part.fact is None:
        _reachable(term.value, whole, part)


def _reachable(function: str, whole: Operand, part: Operand) -> None:
    word = part.data[1]
    if whole.type == "texts":
        return _choice(word, whole, part.term)
    tests = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}
    if not any(tests[function](choice, word) for choice in whole.choices):
        message = f"no word of `{whole.shown}` answers `{function}` with `{word}`"
        raise _error(part.term, message, f"it is one of: {listing(whole.choices)}")
    return None


def _against_null(left: Operand, name: str, term: Term) -> None:
    if name in ORDERS:
        raise _error(term, "null has no order", "compare with `==` or `!=`")
    if not left.nullable:
        state = "never" if left.fact is None or not left.fact.gaps else "at this point never"
        raise _error(term, f"`{left.shown}` is {state} null", "drop the comparison")


def _ordered(left: Operand, right: Operand, name: str, term: Term) -> None:
    for operand in (left, right):
        if operand.type != "number":
            message = f"`{name}` orders numbers, not {ARTICLES[operand.type]}"
            raise _error(operand.term, message, "compare with `==` or `!=`")
        if operand.nullable:
            path = operand.shown
            advice = f"first ask `{path} != `null`` and join with `&&`"
            raise _error(term, f"`{path}` may be null and null has no order", advice)


def _enums(left: Operand, right: Operand) -> None:
    if right.fact is None:
        if left.type == "enum":
            _choice(right.data[1], left, right.term)
        return
    if left.choices and right.choices and not set(left.choices) & set(right.choices):
        message = f"`{left.shown}` and `{right.shown}` have no word in common"
        raise _error(right.term, message, f"`{left.shown}` is one of: {listing(left.choices)}")


def _choice(word: str, enum: Operand, term: Term) -> None:
    if enum.choices and word not in enum.choices:
        message = f"`{word}` is no word of `{enum.shown}`"
        raise _error(term, message, advise(word, enum.choices))


def _not_comparable(operand: Operand) -> ExpressionError:
    advice = {
        "truth": f"write `{operand.shown}` or `!({operand.shown})`",
        "nodes": f"write `length({operand.shown})` or `{operand.shown}[?condition]`",
        "texts": f"write `length({operand.shown})` or `contains({operand.shown}, 'text')`",
        "words": "write `contains(list, field)`",
    }[operand.type]
    return _error(operand.term, f"{_described(operand)} cannot be compared", advice)


def _described(operand: Operand) -> str:
    article = ARTICLES.get(operand.type, "a list of texts")
    return f"`{operand.shown}`, {article}," if operand.fact else article


def _hint(left: Operand) -> str:
    return {
        "number": "write numbers in backticks: `3`",
        "bool": "write `true` or `false` in backticks",
    }.get(left.type, "write texts in single quotes: 'text'")


def _kind(operand: Operand) -> str:
    return "text" if operand.type == "enum" else operand.type


def _error(term: Term, message: str, advice: str = "") -> ExpressionError:
    return ExpressionError(message, term.start, term.end, advice)

"""The fourfold answer of a question about a policy, and Kleene's logic over such answers."""

from __future__ import annotations

from iamlint.typed import NamedTuple

# Which state wins when two answers are combined: the first of these that either side has.
_AND_ORDER = ("no", "undecided", "possible", "yes")
_OR_ORDER = ("yes", "undecided", "possible", "no")
_NEGATED = {"yes": "no", "no": "yes"}


class Truth(NamedTuple):
    """`yes` in every filling of the unknowns, `no` in none, `possible` in some, or `undecided`."""

    state: str
    witness: object | None = None
    assumptions: tuple[str, ...] = ()
    phrase: str = ""


YES = Truth("yes")
NO = Truth("no")


def both(a: Truth, b: Truth) -> Truth:
    """`a && b`: a no decides it, then an undecided, then a possible."""
    joined = _combine(a, b, _AND_ORDER)
    if joined.state == "no" or a.state == b.state:
        return joined
    # NOTE: both sides hold here, so the side that was more certain may still say who gets in.
    surer = b if joined is a else a
    if surer.witness is None and not surer.phrase:
        return joined
    return joined._replace(
        witness=_first(joined.witness, surer.witness), phrase=joined.phrase or surer.phrase
    )


def either(a: Truth, b: Truth) -> Truth:
    """`a || b`: a yes decides it, then an undecided, then a possible."""
    return _combine(a, b, _OR_ORDER)


def negate(a: Truth) -> Truth:
    """`!a`: the witness and the words of `a` tell nothing about its opposite and are dropped."""
    return Truth(_NEGATED.get(a.state, a.state), None, a.assumptions)


def surely(a: Truth) -> Truth:
    """`a` where it is certain: for what is not worth a word when it is merely possible."""
    return NO if a.state == "possible" else a


def _combine(a: Truth, b: Truth, order: tuple[str, ...]) -> Truth:
    if a.state != b.state:
        return a if order.index(a.state) < order.index(b.state) else b
    if a.witness is None and not a.assumptions and not a.phrase:
        return b
    return Truth(
        a.state,
        _first(a.witness, b.witness),
        a.assumptions + tuple(name for name in b.assumptions if name not in a.assumptions),
        a.phrase or b.phrase,
    )


def _first(*witnesses: object | None) -> object | None:
    return next((witness for witness in witnesses if witness is not None), None)

"""Compares values: equal, different, or depending on what cannot be known."""

from __future__ import annotations

from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.formulas import both, either, equal_texts, named, opposite
from iamlint.formats.terraform.run import Run, as_text
from iamlint.formats.terraform.values import Datum, Formula, Unknown, is_open
from iamlint.typed import cast


def equal(run: Run, one: Datum, two: Datum) -> Formula:
    """Whether two values are equal, which those of different types never are."""
    run.spend(1, one.span)
    if "null" in (one.kind, two.kind):
        return _null(run, one, two)
    run.spend((one.type.size + two.type.size) // 32, one.span)
    if one.type.is_known and two.type.is_known and one.type != two.type:
        return False
    if "unknown" in (one.kind, two.kind):
        return _unknown(run, one, two)
    if one.kind != two.kind:
        return False
    if one.kind == "string":
        run.spend((len(one.string) + len(two.string)) // 64, one.span)
        return equal_texts(one.string, two.string, run.world.table.holes)
    if one.kind in ("number", "bool"):
        return bool(one.data == two.data)
    return _collections(run, one, two)


def _null(run: Run, one: Datum, two: Datum) -> Formula:
    other = two if one.kind == "null" else one
    if other.kind == "null":
        return True
    return is_null(run, other)


def is_null(run: Run, datum: Datum) -> Formula:
    """Whether a value is null."""
    if datum.kind != "unknown":
        return datum.kind == "null"
    unknown = cast(Unknown, datum)
    if not unknown.nullable:
        return False
    return named(f"{unknown.name} == null")


def _unknown(run: Run, one: Datum, two: Datum) -> Formula:
    if one.kind == two.kind and cast(Unknown, one).name == cast(Unknown, two).name:
        return True
    if "bool" in (one.type.kind, two.type.kind):
        first, second = truth(run, one), truth(run, two)
        return either((both((first, second)), both((opposite(first), opposite(second)))))
    left, right = _as_text(run, one), _as_text(run, two)
    if left is None or right is None:
        labels = sorted((run.world.names.label(one), run.world.names.label(two)))
        return named(run.world.names.short(" == ".join(labels)))
    return equal_texts(left, right, run.world.table.holes)


def _as_text(run: Run, datum: Datum) -> str | None:
    """The text by which a scalar is compared."""
    if datum.kind == "unknown":
        return run.world.char(as_text(cast(Unknown, datum).hole), datum.span)
    if datum.kind == "number":
        return numbers.text(datum.data)
    return datum.string if datum.kind == "string" else None


def truth(run: Run, datum: Datum) -> Formula:
    """What a bool, known or not, depends on."""
    if datum.kind == "bool":
        return bool(datum.data)
    if datum.kind == "string":
        return equal_texts(datum.string, "true", run.world.table.holes)
    unknown = cast(Unknown, datum)
    if unknown.formula is not None:
        return unknown.formula
    char = run.world.char(as_text(unknown.hole), datum.span)
    return equal_texts(char, "true", run.world.table.holes)


def _collections(run: Run, one: Datum, two: Datum) -> Formula:
    if is_open(one) or is_open(two):
        labels = sorted((run.world.names.label(one), run.world.names.label(two)))
        return labels[0] == labels[1] or named(run.world.names.short(" == ".join(labels)))
    if one.kind in types.SEQUENCES:
        if len(one.items) != len(two.items) and one.kind != "set":
            return False
        if one.kind == "set":
            return both((_within(run, one, two), _within(run, two, one)))
        return both(equal(run, a, b) for a, b in zip(one.items, two.items, strict=True))
    if one.entries.keys() != two.entries.keys():
        return False
    return both(equal(run, e.value, two.entries[k].value) for k, e in one.entries.items())


def _within(run: Run, one: Datum, two: Datum) -> Formula:
    return both(either(equal(run, a, b) for b in two.items) for a in one.items)

"""The condition operators of IAM: their families, and how a written operator is read."""

from __future__ import annotations

from iamlint.policy.document import Operator
from iamlint.policy.faults import Faults

_FAMILIES = {
    "string": (
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ),
    "arn": ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"),
    "numeric": (
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ),
    "date": (
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
    ),
    "boolean": ("Bool",),
    "binary": ("BinaryEquals",),
    "address": ("IpAddress", "NotIpAddress"),
    "null": ("Null",),
}
# Family by base name: the complete list of operators, without quantifier and `IfExists`.
OPERATORS = {base: family for family, bases in _FAMILIES.items() for base in bases}
QUANTIFIERS = ("ForAllValues", "ForAnyValue")

_BASES = {base.lower(): base for base in OPERATORS}
_QUANTIFIERS = {name.lower(): name for name in QUANTIFIERS}
_IF_EXISTS = "ifexists"


def read_operator(written: str) -> Operator | None:
    """The operator meant, in whatever letter case; None when there is none of that name."""
    prefix, colon, rest = written.rpartition(":")
    quantifier = _QUANTIFIERS.get(prefix.lower()) if colon else ""
    lowered = rest.lower()
    base = _BASES.get(lowered.removesuffix(_IF_EXISTS))
    if base is None or quantifier is None:
        return None
    if_exists = lowered.endswith(_IF_EXISTS)
    return Operator(base, quantifier, if_exists, "Not" in base, OPERATORS[base], written)


def spell(operator: Operator) -> str:
    """The operator in the letter case that IAM documents."""
    quantifier = f"{operator.quantifier}:" if operator.quantifier else ""
    return f"{quantifier}{operator.base}{'IfExists' if operator.if_exists else ''}"


def guess_operator(written: str, faults: Faults) -> str:
    """The operator that an unknown one was probably meant to be; empty when none is near."""
    prefix, colon, rest = written.rpartition(":")
    if_exists = rest.lower().endswith(_IF_EXISTS)
    base = faults.guess(rest[: -len(_IF_EXISTS)] if if_exists else rest, OPERATORS)
    quantifier = faults.guess(prefix, QUANTIFIERS) if colon else ""
    if not base or (colon and not quantifier):
        return ""
    return f"{quantifier}{colon}{base}{'IfExists' if if_exists else ''}"

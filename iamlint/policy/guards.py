"""Reads a `Condition` into guards."""

from __future__ import annotations

import re

from iamlint.policy.document import Guard, Operator, Text
from iamlint.policy.faults import Faults
from iamlint.policy.operators import guess_operator, read_operator, spell
from iamlint.policy.spelling import quoted
from iamlint.policy.texts import KIND_WORDS, effective, inner, raw, written
from iamlint.policy.together import together
from iamlint.policy.variables import bad_variable
from iamlint.source import Span
from iamlint.syntax.value import Member, Value

_SHAPE = 'write `"Condition": {"StringEquals": {"aws:PrincipalOrgID": "…"}}`'
# What a value must at least look like; what it means is decided where policies are evaluated.
_LOOKS = {
    "boolean": r"(?i:true|false)",
    "null": r"(?i:true|false)",
    "numeric": r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?",
    "date": r"-?\d{4}.*",
    "address": r"[0-9a-fA-F]*+[.:][0-9a-fA-F.:]*+(?:/\d{1,3})?",
}
_EXAMPLES = {
    "boolean": "`true` or `false`",
    "null": "`true` (the key is absent) or `false` (it is present)",
    "numeric": "a number",
    "date": "a date such as `2026-01-31T00:00:00Z`",
    "address": "an address or a range such as `203.0.113.0/24`",
}
_WITH_VARIABLES = ("string", "arn")


def read_guards(condition: Value, variables: bool, faults: Faults) -> tuple[Guard, ...]:
    """All guards of a statement; `variables` says whether the policy's version has variables."""
    if condition.kind != "object":
        _misshapen(condition, "`Condition`", faults)
        return ()
    guards: list[Guard] = []
    for member in effective(condition):
        operator = _operator(member.key, faults)
        if member.value.kind == "object":
            guards += _block(member, operator, variables, faults)
        else:
            _misshapen(member.value, quoted(member.key.data), faults)
    return tuple(guards)


def _misshapen(value: Value, what: str, faults: Faults) -> None:
    message = f"{what} is {KIND_WORDS[value.kind]}, not an object"
    faults.add("invalid-condition-shape", message, inner(value), _SHAPE, raw(value))


def _operator(key: Value, faults: Faults) -> Operator | None:
    name = key.data
    operator = read_operator(name)
    if operator is None:
        near = guess_operator(name, faults)
        help = f"did you mean `{near}`?" if near else "use an operator such as `StringEquals`"
        message = f"there is no condition operator {quoted(name)}"
        faults.add("unknown-operator", message, inner(key), help, name, near)
        return None
    if operator.base == "Null" and operator.if_exists:
        message = "`Null` itself tests whether the key exists; `IfExists` has no meaning on it"
        faults.add("null-with-if-exists", message, inner(key), "write `Null`", name, "Null")
    if operator.base == "Null" and operator.quantifier:
        message = f"`Null` takes no {quoted(operator.quantifier)}"
        faults.add("null-with-quantifier", message, inner(key), "write `Null`", name, "Null")
    if spell(operator) != name:
        message = f"{quoted(name)} is not written in the letter case of IAM"
        spelt = spell(operator)
        faults.add("operator-case", message, inner(key), f"write `{spelt}`", name, spelt)
    return operator


def _block(
    block: Member, operator: Operator | None, variables: bool, faults: Faults
) -> list[Guard]:
    """The guards under one operator."""
    operator_span = inner(block.key)
    guards: list[Guard] = []
    seen: dict[str, str] = {}
    for member in effective(block.value):
        key, value = member
        key_span = inner(key)
        _check_key(key.data, key_span, seen, faults)
        values = _values(member, operator, variables, faults)
        span = together(key.span, value.span)
        listed = value.kind == "array"
        guards.append(Guard(operator, key.data, values, operator_span, key_span, span, listed))
    return guards


def _check_key(key: str, span: Span, seen: dict[str, str], faults: Faults) -> None:
    lowered = key.lower()
    if lowered in seen:
        message = (
            f"{quoted(key)} is {quoted(seen[lowered])} in other letter case, under the same"
            " operator; AWS does not say which of the two counts"
        )
        help = "merge the values into one list"
        faults.add("same-key-twice", message, span, help, key)
    seen[lowered] = key
    if "${" in key:
        message = f"{quoted(key)} holds a variable; condition keys have none"
        faults.add("variable-not-allowed", message, span, "write the key itself", key)
        return
    prefix, _, name = key.partition(":")
    if not (prefix and name) or key != key.strip():
        message = f"{quoted(key)} is not a condition key"
        help = "write prefix, colon and name, such as `aws:SourceAccount`"
        faults.add("malformed-key", message, span, help, key)


def _values(
    member: Member, operator: Operator | None, variables: bool, faults: Faults
) -> tuple[Text, ...]:
    value = member.value
    listed = value.kind == "array"
    if listed and not value.data:
        message = f"{quoted(member.key.data)} is compared with an empty list"
        help = "name a value, or remove the key"
        faults.add("empty-values", message, value.span, help, member.key.data)
    texts: list[Text] = []
    for item in value.data if listed else (value,):
        text = written(item)
        if text is None:
            message = f"a value of {quoted(member.key.data)} is {KIND_WORDS[item.kind]}"
            help = "write a string, or a list of strings"
            faults.add("invalid-condition-shape", message, item.span, help, raw(item))
            continue
        texts.append(text)
        if operator is not None:
            _check_value(item, text, operator, variables, faults)
    return tuple(texts)


def _check_value(
    value: Value, text: Text, operator: Operator, variables: bool, faults: Faults
) -> None:
    family = operator.family
    has_variable = variables and "${" in text.text
    if has_variable and family in _WITH_VARIABLES:
        bad = bad_variable(text.text)
        if bad:
            start, end, reason, help = bad
            subject = text.text[start:end]
            message = f"the variable {quoted(subject)} {reason}"
            faults.add("bad-variable", message, value.part(start, end), help, subject)
    elif has_variable:
        # NOTE: the documents disagree on variables under Bool, so nothing is said there.
        if family != "boolean":
            message = f"`{operator.base}` knows no variables, but is given {quoted(text.text)}"
            help = "write the value itself"
            faults.add("variable-not-allowed", message, text.span, help, text.text)
    elif family in _LOOKS and not re.fullmatch(_LOOKS[family], text.text, re.ASCII | re.DOTALL):
        message = f"`{operator.base}` cannot read {quoted(text.text)}"
        faults.add("mismatched-value", message, text.span, f"write {_EXAMPLES[family]}", text.text)

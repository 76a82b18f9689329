"""Reads a `Principal` or `NotPrincipal` in every form a person may write."""

from __future__ import annotations

from iamlint.policy.document import Principal
from iamlint.policy.faults import Faults
from iamlint.policy.forms import read_form
from iamlint.policy.spelling import one_of, quoted
from iamlint.policy.texts import KIND_WORDS, effective, inner, raw, written
from iamlint.syntax.value import Member, Value

_TYPES = ("AWS", "Service", "Federated")
_KNOWN = {name.lower(): name for name in (*_TYPES, "CanonicalUser")}


def read_principals(element: Member, faults: Faults) -> tuple[Principal, ...]:
    """All entries of the element, those IAM refuses included."""
    value = element.value
    if value.kind == "string":
        return (_bare(element, faults),)
    if value.kind != "object":
        _wrong_shape(element, faults)
        return ()
    members = effective(value)
    # NOTE: IAM takes an empty list beside one that names somebody. It is what the provider of
    # Terraform makes of `identifiers = []`, and with it the `iam-assumable-role` module, the most
    # used of all, writes `"Service": []` into each of its roles.
    if all(each.value.kind == "array" and not each.value.data for each in members):
        _names_nobody(members[0] if members else element, faults)
    return tuple(principal for member in members for principal in _entries(member, faults))


def _bare(element: Member, faults: Faults) -> Principal:
    text, span = element.value.data, inner(element.value)
    if text != "*":
        _wrong_shape(element, faults)
        return Principal("", text, span, "invalid", "", "", "")
    faults.add(
        "bare-star-principal",
        f"{quoted(element.key.data)} is `*`; IAM refuses this form in a trust policy",
        span,
        'write `{"AWS": "*"}` if every AWS account may try, or name the account',
        "*",
    )
    return Principal("*", text, span, "any", "", "", "")


def _wrong_shape(element: Member, faults: Faults) -> None:
    value = element.value
    message = f"{quoted(element.key.data)} is {KIND_WORDS[value.kind]}, not an object"
    help = f'write an object with {one_of(_TYPES)}, such as `{{"AWS": "…"}}`'
    faults.add("wrong-type", message, inner(value), help, raw(value))


def _names_nobody(element: Member, faults: Faults) -> None:
    message = f"{quoted(element.key.data)} names nobody"
    help = "name an account, a role, a service or a provider, or remove the statement"
    faults.add("empty-principal", message, element.value.span, help, element.key.data)


def _entries(member: Member, faults: Faults) -> list[Principal]:
    """The principals under one type."""
    kind = _type(member.key, faults)
    value = member.value
    if value.kind != "array":
        found = _principal(member, value, kind, faults)
        return [found] if found else []
    entries = (_principal(member, item, kind, faults) for item in value.data)
    return [entry for entry in entries if entry]


def _type(key: Value, faults: Faults) -> str:
    """The type that is meant, in whatever letter case; empty when it is none that can be read."""
    name = key.data
    if name in _TYPES:
        return str(name)
    known = _KNOWN.get(name.lower(), "")
    if known == "CanonicalUser":
        message = "a canonical user cannot assume a role; only S3 knows them"
        help = "name the account by its 12 digits under `AWS`"
        faults.add("canonical-user", message, inner(key), help, name)
        return ""
    near = known or faults.guess(name, _TYPES)
    message = f"{quoted(name)} is not a type of principal"
    help = f"did you mean `{near}`?" if near else f"use {one_of(_TYPES)}"
    faults.add("invalid-principal-type", message, inner(key), help, name)
    return known


def _principal(member: Member, value: Value, kind: str, faults: Faults) -> Principal | None:
    """One entry; None when it is nothing that could be a principal's text."""
    text = written(value) if value.kind in ("string", "number") else None
    if text is None:
        message = f"a principal under {quoted(member.key.data)} is {KIND_WORDS[value.kind]}"
        faults.add("wrong-type", message, value.span, "write a string", raw(value))
        return None
    if not text.text:
        _names_nobody(Member(member.key, value), faults)
        kind = ""
    if not kind:
        return Principal(member.key.data, *text, "invalid", "", "", "")
    form, partition, account, name, slip = read_form(kind, text.text)
    if slip:
        subject = text.text[slip.start : slip.end]
        span = value.part(slip.start, slip.end)
        faults.add(slip.code, slip.message, span, slip.help, subject)
    return Principal(member.key.data, *text, form, partition, account, name)

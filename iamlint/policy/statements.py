"""Reads one statement of a trust policy."""

from __future__ import annotations

from iamlint.policy.actions import check_action
from iamlint.policy.document import Guard, Principal, Statement, Text
from iamlint.policy.elements import STATEMENT, Elements, read_elements
from iamlint.policy.faults import Faults
from iamlint.policy.guards import read_guards
from iamlint.policy.principals import read_principals
from iamlint.policy.spelling import quoted
from iamlint.policy.texts import KIND_WORDS, inner, raw, written
from iamlint.syntax.value import Member, Value


def read_statement(index: int, value: Value, variables: bool, faults: Faults) -> Statement:
    """The statement written as an object; what is missing or wrong in it is left empty."""
    if not value.members:
        faults.add("empty-statement", "a statement is empty", value.span, "remove it", "{}")
        return Statement(index, None, "", (), False, None, (), False, (), value.span, value)
    elements = read_elements(value, STATEMENT, faults)
    _check_resource(elements, faults)
    who = _pair(value, elements, "Principal", faults)
    what = _pair(value, elements, "Action", faults)
    return Statement(
        index,
        _sid(elements, faults),
        _effect(value, elements, faults),
        _principals(who, faults),
        who is not None and _inverted(who),
        who.value.span if who else None,
        _actions(what, faults),
        what is not None and _inverted(what),
        _guards(elements, variables, faults),
        value.span,
        value,
    )


def _check_resource(elements: Elements, faults: Faults) -> None:
    for name in ("Resource", "NotResource"):
        member = elements.get(name)
        if member is not None:
            message = f"{quoted(member.key.data)} is refused in a trust policy"
            help = "remove it: the role itself is the resource"
            span = inner(member.key)
            faults.add("prohibited-resource", message, span, help, member.key.data)


def _pair(statement: Value, elements: Elements, name: str, faults: Faults) -> Member | None:
    """The element of that name or its inversion; with both, the plain one."""
    plain, inverse = elements.get(name), elements.get(f"Not{name}")
    lowered = name.lower()
    if plain is not None and inverse is not None:
        message = f"a statement has either `{name}` or `Not{name}`"
        span = inner(inverse.key)
        faults.add(f"both-{lowered}s", message, span, f"remove `Not{name}`", inverse.key.data)
    elif plain is None and inverse is None and not _misspelt(elements, name):
        message = f"the statement has no `{name}`"
        faults.add(f"missing-{lowered}", message, statement.span, f"add `{name}`", "")
    return plain or inverse


def _misspelt(elements: Elements, name: str) -> bool:
    return elements.meant(name) or elements.meant(f"Not{name}")


def _inverted(member: Member) -> bool:
    return str(member.key.data).lower().startswith("not")


def _sid(elements: Elements, faults: Faults) -> Text | None:
    member = elements.get("Sid")
    if member is None:
        return None
    value = member.value
    sid = written(value)
    if sid is None or value.kind != "string":
        message = f"`Sid` is {KIND_WORDS[value.kind]}, not a string"
        faults.add("wrong-type", message, value.span, "write a string", raw(value))
    elif sid.text and not (sid.text.isascii() and sid.text.isalnum()):
        message = f"the `Sid` {quoted(sid.text)} has characters other than letters and digits"
        faults.add("invalid-sid", message, sid.span, "use letters and digits", sid.text)
    return sid


def _effect(statement: Value, elements: Elements, faults: Faults) -> str:
    member = elements.get("Effect")
    if member is None:
        if not elements.meant("Effect"):
            message, help = "the statement has no `Effect`", "add `Effect`"
            faults.add("missing-effect", message, statement.span, help, "")
        return ""
    value = member.value
    if value.data in ("Allow", "Deny"):  # a word without quotes is the reader's problem
        return str(value.data)
    text = raw(value)
    near = text.strip().capitalize()
    help = f"write `{near}`" if near in ("Allow", "Deny") else "write `Allow` or `Deny`"
    faults.add("invalid-effect", f"{quoted(text)} is not an effect", inner(value), help, text)
    return ""


def _principals(member: Member | None, faults: Faults) -> tuple[Principal, ...]:
    if member is None:
        return ()
    if _inverted(member):
        message = f"{quoted(member.key.data)} is not supported in a trust policy"
        help = (
            "name in `Principal` who may enter; to shut out everybody else, `Deny` "
            '`{"AWS": "*"}` with `ArnNotEquals` on `aws:PrincipalArn`'
        )
        faults.add("not-principal", message, inner(member.key), help, member.key.data)
    return read_principals(member, faults)


def _actions(member: Member | None, faults: Faults) -> tuple[Text, ...]:
    if member is None:
        return ()
    value = member.value
    if value.kind == "array" and not value.data:
        message, help = f"{quoted(member.key.data)} is an empty list", "name an action"
        faults.add("missing-action", message, value.span, help, member.key.data)
    actions: list[Text] = []
    for item in value.data if value.kind == "array" else (value,):
        text = written(item) if item.kind == "string" else None
        if text is None:
            message = f"an action is {KIND_WORDS[item.kind]}, not a string"
            faults.add("wrong-type", message, item.span, "write a string", raw(item))
            continue
        actions.append(text)
        check_action(text, _inverted(member), faults)
    return tuple(actions)


def _guards(elements: Elements, variables: bool, faults: Faults) -> tuple[Guard, ...]:
    member = elements.get("Condition")
    return read_guards(member.value, variables, faults) if member else ()

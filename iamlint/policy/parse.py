"""Parses a located value into the typed trust policy, whatever the value is."""

from __future__ import annotations

from iamlint.policy.content import check_content
from iamlint.policy.document import Statement, TrustPolicy
from iamlint.policy.elements import POLICY, Elements, read_elements
from iamlint.policy.faults import Faults
from iamlint.policy.spelling import one_of, quoted
from iamlint.policy.statements import read_statement
from iamlint.policy.texts import KIND_WORDS, inner, raw, written
from iamlint.syntax.value import Value

_VERSIONS = ("2012-10-17", "2008-10-17")
_ASSUME_PREFIXES = ("sts:assumerole", "sts:assume*", "sts:*")


def parse_policy(value: Value) -> TrustPolicy:
    """The trust policy as written. Never raises: what IAM would refuse becomes a fault."""
    faults = Faults()
    if value.kind != "object":
        message = f"the policy is {KIND_WORDS[value.kind]}, not an object"
        help = "write an object with `Version` and `Statement`"
        faults.add("not-an-object", message, value.span, help, raw(value))
        return TrustPolicy("2008-10-17", None, (), faults.in_order(), value, value.span)
    elements = read_elements(value, POLICY, faults)
    version = _version(elements, faults)
    _check_id(elements, faults)
    statements = _statements(value, elements, version == "2012-10-17", faults)
    _check_sids(statements, faults)
    check_content(value, faults)
    text = elements.get("Version")
    version_text = written(text.value) if text else None
    return TrustPolicy(version, version_text, statements, faults.in_order(), value, value.span)


def _version(elements: Elements, faults: Faults) -> str:
    member = elements.get("Version")
    if member is None:
        return "2008-10-17"
    value = member.value
    if value.data in _VERSIONS:  # of any kind: a word without quotes is the reader's problem
        return str(value.data)
    message = f"{quoted(raw(value))} is not a version of the policy language"
    help = f"write {one_of(_VERSIONS)}"
    faults.add("invalid-version", message, inner(value), help, raw(value))
    # Whoever writes another date means today's language: variables are variables.
    return "2012-10-17"


def _check_id(elements: Elements, faults: Faults) -> None:
    member = elements.get("Id")
    if member is not None and member.value.kind != "string":
        message = f"`Id` is {KIND_WORDS[member.value.kind]}, not a string"
        faults.add("wrong-type", message, member.value.span, "write a string", raw(member.value))


def _statements(
    policy: Value, elements: Elements, variables: bool, faults: Faults
) -> tuple[Statement, ...]:
    member = elements.get("Statement")
    if member is None:
        if not elements.meant("Statement"):
            message, help = "the policy has no `Statement`", "add a `Statement`"
            faults.add("missing-statement", message, policy.span, help, "")
        return ()
    value = member.value
    if value.kind == "array" and not value.data:
        message, help = "`Statement` is an empty list", "add a statement"
        faults.add("empty-statement", message, value.span, help, value.span.text)
    found: list[Statement] = []
    for index, item in enumerate(value.data if value.kind == "array" else (value,)):
        if item.kind == "object":
            found.append(read_statement(index, item, variables, faults))
        else:
            message = f"a statement is {KIND_WORDS[item.kind]}, not an object"
            help = "write an object with `Effect`, `Principal` and `Action`"
            faults.add("wrong-type", message, inner(item), help, raw(item))
    return tuple(found)


def _check_sids(statements: tuple[Statement, ...], faults: Faults) -> None:
    seen: set[str] = set()
    for statement in statements:
        sid = statement.sid
        if sid is None or not sid.text:
            continue
        if sid.text in seen:
            message = f"another statement has the `Sid` {quoted(sid.text)} too"
            faults.add("duplicate-sid", message, sid.span, "give each its own", sid.text)
        seen.add(sid.text)


def trust_like(value: Value) -> bool:
    """Does this look like a trust policy, rather than another policy or anything else?"""
    body = value.get("Statement")
    if body is None:
        return False
    return any(_admits(statement) for statement in (body.items() or (body,)))


def _admits(statement: Value) -> bool:
    """Does the statement say who may assume a role?

    A statement on a resource without a principal is of a permission policy, whatever its actions;
    one with a principal and actions of other services only is of the policy of another resource.
    """
    principal = statement.get("Principal") or statement.get("NotPrincipal")
    resource = statement.get("Resource") or statement.get("NotResource")
    actions = [text.lower() for text in _actions(statement)]
    if any(action.startswith(_ASSUME_PREFIXES) for action in actions):
        return principal is not None or resource is None
    if principal is None or resource is not None:
        return False
    return not actions or any(action == "*" or action.startswith("sts:") for action in actions)


def _actions(statement: Value) -> list[str]:
    value = statement.get("Action") or statement.get("NotAction")
    if value is None:
        return []
    return [item.data for item in (value.items() or (value,)) if item.kind == "string"]

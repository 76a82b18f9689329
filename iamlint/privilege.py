"""Tells how much a role may do, as far as its permission policies are known.

What is not known says nothing: a policy that nobody has read neither raises nor lowers a severity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iamlint.data.privileges import (
    ADMINISTRATOR,
    ESCALATING,
    ESCALATIONS,
    HARMLESS,
    MANAGED,
    WRITES_LOGS,
)
from iamlint.formats.role import AttachedPolicy, Role
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

ORDINARY = "ordinary"
UNKNOWN = "unknown"
_AWS = ":iam::aws:policy/"  # in the ARN of a policy that AWS manages
_LOGS = frozenset(each.lower() for each in WRITES_LOGS)


class Privilege(NamedTuple):
    """How much a role may do, and which of its policies tells so."""

    kind: str  # administrator, escalating, ordinary, harmless, unknown
    by: str = ""  # in words


NOTHING_KNOWN = Privilege(UNKNOWN)


def privilege_of(role: Role) -> Privilege:
    """What the permission policies of a role make of it.

    A boundary may take back what they give, so a bounded role is never more than is known; one
    that may not be attached (`sure`) does not raise it.
    """
    known = [(policy, _of_policy(policy)) for policy in role.policies]
    denied = _denied(role.policies)
    for kind in (ADMINISTRATOR, ESCALATING):
        for policy, found in known:
            if found.kind != kind:
                continue
            certain = policy.sure and not role.bounded and not denied
            return found if certain else NOTHING_KNOWN
    kinds = {found.kind for _, found in known}
    if kinds == {HARMLESS}:
        return Privilege(HARMLESS, known[0][1].by)
    return NOTHING_KNOWN if UNKNOWN in kinds or not kinds else Privilege(ORDINARY)


def _of_policy(policy: AttachedPolicy) -> Privilege:
    _, managed, name = policy.arn.partition(_AWS)
    if managed:
        kind, why = MANAGED.get(name, (UNKNOWN, ""))
        return Privilege(kind, f"`{policy.name}` is attached to it: {why}")
    if policy.value is None:
        return NOTHING_KNOWN
    return _of_document(policy.name, policy.value)


def _of_document(name: str, document: Value) -> Privilege:
    """What one document allows, whatever others deny."""
    called = f"its policy `{name}`" if name else "a policy of it"
    found = Privilege(HARMLESS, f"{called} writes logs")
    for statement in _statements(document):
        if _text(statement.get("Effect")) != "Allow":
            continue
        actions = _texts(statement.get("Action"))
        inverted = statement.get("NotAction") is not None
        if not inverted and actions and all(each.lower() in _LOGS for each in actions):
            continue
        if found.kind == HARMLESS:
            found = Privilege(ORDINARY)
        if inverted or statement.get("Condition") is not None:
            continue
        if "*" not in _texts(statement.get("Resource")):
            continue
        if {"*", "*:*"} & set(actions):
            return Privilege(ADMINISTRATOR, f"{called} allows `*` on `*`")
        strong = next((each for each in actions if _escalates(each.lower())), None)
        if strong is not None:
            found = Privilege(ESCALATING, f"{called} allows `{strong}` on `*`")
    return found


def _escalates(action: str) -> bool:
    """Whether a pattern of actions, in small letters, stands for one that gives its holder more."""
    if "*" not in action and "?" not in action:
        return action in _ESCALATIONS
    if "?" in action or action.count("*") > 1 or not action.endswith("*"):
        return False  # such patterns are rare, and what is not known says nothing
    return any(each.startswith(action[:-1]) for each in _ESCALATIONS)


_ESCALATIONS = frozenset(each.lower() for each in ESCALATIONS)


def _denied(policies: Iterable[AttachedPolicy]) -> bool:
    """Whether some policy denies what makes others strong, or may do so."""
    documents = (policy.value for policy in policies if policy.value is not None)
    for statement in (each for document in documents for each in _statements(document)):
        if _text(statement.get("Effect")) != "Deny":
            continue
        if statement.get("NotAction") is not None:
            return True
        if any(
            each in ("*", "*:*") or _escalates(each.lower())
            for each in _texts(statement.get("Action"))
        ):
            return True
    return False


def _statements(document: Value) -> Iterator[Value]:
    written = document.get("Statement")
    if written is not None:
        yield from written.items() or (written,)


def _texts(value: Value | None) -> list[str]:
    items = (value.items() or (value,)) if value is not None else ()
    return [each.data for each in items if each.kind == "string"]


def _text(value: Value | None) -> str:
    return value.data if value is not None and value.kind == "string" else ""

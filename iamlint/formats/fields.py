"""Reads what IAM says of a role beside its trust policy: names, tags, permission policies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.arn import is_account, parse_arn
from iamlint.formats.role import AttachedPolicy
from iamlint.source import Problem
from iamlint.syntax import json
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

_LIMIT_LAYERS = 4  # texts in texts: JSON in a string, URL-encoded in one; nobody writes more

_ROLE_NAME = r"[A-Za-z0-9_+=,.@-]{1,64}"


class Described(NamedTuple):
    """What identifies a role; None for what is not said."""

    arn: str | None = None
    name: str | None = None
    path: str | None = None
    account: str | None = None
    partition: str | None = None


def field(value: Value, name: str) -> Value | None:
    """A member as IAM spells it, else as AWS Config does, which begins it in lower case."""
    found = value.get(name)
    return value.get(name[0].lower() + name[1:]) if found is None else found


def text(value: Value | None) -> str:
    """The text of a string; empty for anything else."""
    return str(value.data) if value is not None and value.kind == "string" else ""


def role_name(written: str | None) -> str | None:
    """The text when it can be the name of a role."""
    return written if written and re.fullmatch(_ROLE_NAME, written) else None


def own_name(holder: Value) -> str | None:
    """The role's name that an object tells of itself, or of the policy in it."""
    return role_name(text(field(holder, "RoleName")) or text(holder.get("role_name")))


def is_role(holder: Value) -> bool:
    """Does an object speak of a role? A schema or a manual holds other things under its keys."""
    return own_name(holder) is not None or parse_arn(text(field(holder, "Arn"))) is not None


def described(holder: Value) -> Described:
    """What a role's object says of it; its ARN tells what nothing else does."""
    written = text(field(holder, "Arn"))
    name, path = text(field(holder, "RoleName")), text(field(holder, "Path"))
    arn = parse_arn(written)
    if arn is None:
        return Described(None, name or None, path or None)
    kind, slash, resource = arn.resource.partition("/")
    if kind == "role" and slash:
        folder, _, last = resource.rpartition("/")
        name, path = name or last, path or (f"/{folder}/" if folder else "/")
    account = arn.account if is_account(arn.account) else None
    return Described(written, name or None, path or None, account, arn.partition or None)


def tags(holder: Value) -> tuple[tuple[str, str], ...]:
    """The tags in the order written."""
    pairs = ((field(tag, "Key"), field(tag, "Value")) for tag in _items(holder, "Tags"))
    return tuple((text(key), text(value)) for key, value in pairs if key is not None)


def max_session(holder: Value) -> int | None:
    """The longest session, in seconds."""
    value = field(holder, "MaxSessionDuration")
    return value.data if value is not None and _is_whole(value) else None


def _is_whole(value: Value) -> bool:
    return value.kind == "number" and isinstance(value.data, int)


def attached_policies(
    holder: Value, managed: dict[str, Value | None]
) -> tuple[AttachedPolicy, ...]:
    """The managed policies of a role, with the documents `managed` has; then the inline ones."""
    found = []
    for attached in _items(holder, "AttachedManagedPolicies"):
        arn = text(field(attached, "PolicyArn"))
        name = text(field(attached, "PolicyName")) or arn.rpartition("/")[2]
        found.append(AttachedPolicy(name, arn, managed.get(arn)))
    for inline in _items(holder, "RolePolicyList"):
        document = _document(field(inline, "PolicyDocument"))
        found.append(AttachedPolicy(text(field(inline, "PolicyName")), "", document))
    return tuple(found)


def managed_policies(dump: Value) -> dict[str, Value | None]:
    """The documents in force of the managed policies that an account dump lists, by ARN."""
    return dict(_in_force(dump))


def _in_force(dump: Value) -> Iterator[tuple[str, Value | None]]:
    for policy in _items(dump, "Policies"):
        for version in _items(policy, "PolicyVersionList"):
            default = field(version, "IsDefaultVersion")
            if default is not None and default.data is True:
                yield text(field(policy, "Arn")), _document(field(version, "Document"))


def unwrapped(value: Value) -> tuple[Value, list[Problem]]:
    """A document that may be given as its text: JSON in a string, URL-encoded or not, or in layers.

    The string itself comes back, with the problems, when it cannot be read.
    """
    problems: list[Problem] = []
    for _ in range(_LIMIT_LAYERS):
        if value.kind != "string":
            break
        source = json.decoded(value)
        if source.text.lstrip().startswith("%"):
            source = json.url_decoded(source)
        inner, found = json.parse(source)
        problems += found
        if inner is None:
            break
        value = inner
    return value, problems


def _document(written: Value | None) -> Value | None:
    """A permission policy; None when it cannot be read, which is not our question."""
    if written is None:
        return None
    document, problems = unwrapped(written)
    is_sound = not any(problem.blocking for problem in problems)
    return document if is_sound and document.kind == "object" else None


def _items(value: Value, name: str) -> tuple[Value, ...]:
    held = field(value, name)
    return () if held is None else held.items()

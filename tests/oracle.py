"""Decides one request against one policy, slowly and by the book, sharing no code with the engine.

What AWS leaves ambiguous is looked up by name in `assume`. Decided here, where facts are silent: a
malformed operand, on either side, never matches: it fails a positive operator and satisfies a
negated one; so does a variable outside String and Arn. Four digits are a year to Date operators,
other digits seconds. Unknown operators, Null with a set operator or IfExists, Null values but
true and false never pass. Only the words of Bool and Null ignore case. What variables bring in has
no wildcards; one naming a list is missing, an ill-formed one plain text. Only ForAllValues skips
the empty string. A raw unique id names the caller whose `aws:userid` starts so. No provider is
foreign to a role of unknown account."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

OPERATOR = re.compile(
    r"(?:(ForAllValues|ForAnyValue):)?(String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|(?:Not)?IpAddress"
    r"|Arn(?:Not)?(?:Equals|Like)|(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)"
    r"|Bool|BinaryEquals|Null)(IfExists)?"
)
VARIABLE = re.compile(r"\$\{([*?$])\}|\$\{([^,{}]+)(?:, '([^']*)')?\}|.", re.S)
SHAPES = {  # a well-formed operand of each family that is not text
    "Bool": r"(?i:true|false)",
    "Binary": r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",  # compared as text
    "IpAddress": r"[0-9A-Fa-f.:]+(/[0-9]{1,3})?",
    "Numeric": r"[+-]?[0-9]+(\.[0-9]{1,30})?",
    "Date": r"\d{1,13}|\d{4}-\d\d(-\d\d(T(?!24)\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?)?",
}
ANY, ONE = "\0", "\1"  # the wildcards of a pattern, in which `*` and `?` are plain characters
Json = dict[str, Any]


class Request(NamedTuple):  # one call: who makes it, every permission it needs, its one context
    caller: dict[str, str]
    actions: frozenset[str]
    context: dict[str, str | list[str]]


class World(NamedTuple):  # all that an answer depends on besides the statement
    request: Request
    assume: Mapping[str, bool]
    account: str
    variables: bool


def allowed(
    policy: Json, request: Request, assume: Mapping[str, bool], role: Json | None = None
) -> bool:
    """A5, A6a: every action of the call is allowed by some Allow and denied by no Deny."""
    home, version = (role or {}).get("account", ""), policy.get("Version", "")
    world = World(request, assume, home, version == "2012-10-17")
    every = listed(policy.get("Statement", []))
    sets = [{s.get("Effect") for s in every if applies(s, a, world)} for a in request.actions]
    return bool(sets) and all("Allow" in effects and "Deny" not in effects for effects in sets)


def applies(statement: dict[str, Any], action: str, world: World) -> bool:
    inverted = "Action" not in statement
    patterns = listed(statement.get("Action", statement.get("NotAction", "*")))
    named = any(glob(wildcards(pattern.lower()), action.lower()) for pattern in patterns)
    if "NotPrincipal" in statement:
        covered = world.assume["not-principal"] and not covers(statement["NotPrincipal"], world)
    else:
        covered = covers(statement.get("Principal", {}), world)
    guards = every_guard(statement.get("Condition", {}), world)
    return named != inverted and covered and all(passes(*guard, world) for guard in guards)


def covers(element: Any, world: World) -> bool:
    entries = {"AWS": "*"} if element == "*" else element
    known = set(spellings(world.request.caller, world))
    return any((kind, entry) in known for kind in entries for entry in listed(entries[kind]))


def spellings(caller: dict[str, str], world: World) -> Iterator[tuple[str, str]]:
    """All the principal entries that name this caller (A2)."""
    kind, arn, provider = caller["kind"], caller.get("arn", ""), caller.get("provider", "-")
    if arn or world.assume["star-service" if kind == "service" else "star-federated"]:
        yield "AWS", "*"
    home = provider.split(":")[4] if ":" in provider else world.account
    if world.account in ("", home) or world.assume["foreign-provider"]:
        yield "Federated", provider
    yield "Service", caller.get("service", "-")
    if arn:
        _, partition, _, _, account, path = arn.split(":", 5)
        root = f"arn:{partition}:iam::{account}:root"
        session = f"assumed-role/{path.split('/')[-1]}/{caller.get('session', '-')}"
        session = f"arn:{partition}:sts::{account}:{session}"
        unique = str(world.request.context.get("aws:userid", "")).split(":")[0]
        live = [unique] if world.assume["live-id"] else []
        yield from (("AWS", name) for name in (arn, account, root, session, *live))


def every_guard(condition: dict[str, Any], world: World) -> Iterator[tuple[str, str, list[str]]]:
    for operator, keys in condition.items():
        last = {key.lower(): key for key in keys}
        for key, values in keys.items():
            if world.assume["same-key-twice"] or last[key.lower()] == key:
                texts = [v if isinstance(v, str) else json.dumps(v) for v in listed(values)]
                yield operator, key, texts


def passes(operator: str, key: str, values: list[str], world: World) -> bool:
    """Whether one guard lets the request through: the table of A4, set operators outermost."""
    read = OPERATOR.fullmatch(operator)
    if not read or (read[2] == "Null" and (read[1] or read[3])):
        return False
    if not values:
        return world.assume["empty-values"]
    found = world.request.context.get(key.lower(), [])
    actual = listed(found)
    if read[2] == "Null":
        return ("false" if actual else "true") in [value.lower() for value in values]
    if read[1] == "ForAllValues":
        return all(verdict(read[2], values, one, world) for one in actual if one)
    if not actual and read[1] == "ForAnyValue":
        return bool(read[3]) and world.assume["any-value-if-exists"]
    if not actual:
        return bool(read[3]) or "Not" in read[2]
    if isinstance(found, list) and not read[1] and not world.assume["bare-list"]:
        return False
    return any(verdict(read[2], values, one, world) for one in actual)


def verdict(name: str, values: list[str], actual: str, world: World) -> bool:  # after polarity
    matches = [match(name.replace("Not", ""), value, actual, world) for value in values]
    if True not in matches and None in matches:
        return world.assume["arn-shape"]
    return (True in matches) != ("Not" in name)


def match(name: str, value: str, actual: str, world: World) -> bool | None:
    """The base match of one policy value; None for an Arn pattern that has not six fields."""
    if not name.startswith(("String", "Arn")):
        try:
            wanted, given = operand(name, value), operand(name, actual)
        except ValueError:
            return False
        if name == "IpAddress":
            return bool(given.version == wanted.version and given.subnet_of(wanted))
        sign = "Equals" if given == wanted else "Less" if given < wanted else "Greater"
        return sign in name.replace("Bool", "Equals")
    pattern = expanded(value, world) if world.variables else wildcards(value)
    if pattern is None:
        return False
    if name.startswith("Arn"):
        fields, parts = pattern.split(":", 5), actual.split(":", 5)
        return None if len(fields) < 6 else len(parts) == 6 and all(map(glob, fields, parts))
    if name == "StringLike":
        return glob(pattern, actual)
    text = pattern.replace(ANY, "*").replace(ONE, "?")
    return text.lower() == actual.lower() if "IgnoreCase" in name else text == actual


def operand(name: str, text: str) -> Any:
    """The value to compare; numbers are scaled to integers, dates count from 1970."""
    family = next(family for family in SHAPES if name.startswith(family))
    if not re.fullmatch(SHAPES[family], text, re.A):
        raise ValueError(text)
    if family == "IpAddress":
        return ipaddress.ip_network(text, strict=False)
    if family == "Numeric":
        whole, _, fraction = text.partition(".")
        return int(whole + fraction.ljust(30, "0"))
    if family != "Date":
        return text.lower() if family == "Bool" else text
    if text.isdigit() and len(text) != 4:
        return timedelta(seconds=int(text))
    date = datetime.fromisoformat(text + "0000-01-01"[len(text) :])
    return date.replace(tzinfo=date.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)


def expanded(value: str, world: World) -> str | None:
    """The pattern with its variables filled in; None when one has neither value nor default."""
    pattern = ""
    for piece in VARIABLE.finditer(value):
        sign, key, default = piece.groups()
        found = world.request.context.get(key.lower()) if key else sign or wildcards(piece[0])
        if not isinstance(found, str) and default is None:
            return None
        pattern += found if isinstance(found, str) else default
    return pattern


def wildcards(text: str) -> str:
    return text.replace("*", ANY).replace("?", ONE)


def glob(pattern: str, actual: str) -> bool:
    return bool(re.fullmatch(re.escape(pattern).replace(ANY, ".*").replace(ONE, "."), actual, re.S))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

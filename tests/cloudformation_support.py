"""Builds templates around a trust policy, and shows what they evaluate to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iamlint.formats.cloudformation.evaluate import Evaluation, evaluate
from iamlint.formats.role import Role
from iamlint.formats.templates import parse
from iamlint.source import Problem, Source, Span
from iamlint.syntax.value import Value

Json = dict[str, Any]

ROOT = "arn:aws:iam::222222222222:root"
STATEMENT: Json = {
    "Effect": "Allow",
    "Principal": {"AWS": ROOT},
    "Action": "sts:AssumeRole",
}
NO_VALUE = {"Ref": "AWS::NoValue"}


def policy(*statements: Any) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(document: Any, **properties: Any) -> Json:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": document} | properties,
    }


def template(document: Any, **sections: Any) -> Json:
    """A template with one role, `R`; sections are merged with it."""
    resources = {"R": role(document)} | sections.pop("Resources", {})
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources} | sections


def evaluated(
    written: Any, bindings: Mapping[str, Value] | None = None, name: str = "t.json", **more: Any
) -> Evaluation:
    """What a template, as an object or as text, evaluates to."""
    text = written if isinstance(written, str) else json.dumps(written)
    source = Source(name, text)
    value, problems = parse(source)
    assert value is not None
    assert not problems
    return evaluate(value, source, bindings, **more)


def only(written: Any, bindings: Mapping[str, Value] | None = None, name: str = "t.json") -> Role:
    found = evaluated(written, bindings, name)
    assert found.problems == []
    (role,) = found.roles
    return role


def shown(role: Role, value: Any) -> Any:
    """Plain data with every hole as `<Name>`."""
    if isinstance(value, Value):
        value = value.plain()
    if isinstance(value, str):
        return "".join(f"<{role.holes[c].name}>" if c in role.holes else c for c in value)
    if isinstance(value, list):
        return [shown(role, item) for item in value]
    if isinstance(value, dict):
        return {shown(role, key): shown(role, held) for key, held in value.items()}
    return value


def documents(role: Role) -> list[Any]:
    """All variants of a role's policy."""
    return [shown(role, variant.document) for variant in role.variants]


def document(written: Any, bindings: Mapping[str, Value] | None = None) -> Any:
    """The one policy of the one role of a template."""
    role = only(written, bindings)
    assert len(role.variants) == 1
    return shown(role, role.document)


def at(value: Value, *path: str | int) -> Value:
    """A value inside of another one."""
    for step in path:
        found = value.items()[step] if isinstance(step, int) else value.get(step)
        assert found is not None, step
        value = found
    return value


def written(span: Span) -> str:
    """The text that a person must edit."""
    return span.root().text


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    """The codes of problems, each with the text it points at."""
    return [(each.code, written(each.span) if each.span else "") for each in problems]


def short(data: Any) -> str:
    """Plain data as YAML, with functions in their short form."""
    if isinstance(data, dict):
        if len(data) == 1 and (tag := _tag(next(iter(data)))):
            inner = short(next(iter(data.values())))
            if not inner.startswith("!"):  # a value has one tag
                return f"{tag} {inner}"
        inside = (f"{json.dumps(key)}: {short(held)}" for key, held in data.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(short, data)) + "]"
    return json.dumps(data)


def _tag(name: str) -> str:
    if name in ("Ref", "Condition"):
        return f"!{name}"
    is_function = name.startswith("Fn::") and not name.startswith("Fn::ForEach::")
    return f"!{name.removeprefix('Fn::')}" if is_function else ""

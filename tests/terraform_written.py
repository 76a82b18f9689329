"""Writes policies as people write them in Terraform, each with the escapes that it needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LISTS = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
_BLOCKS = {"Principal": "principals", "NotPrincipal": "not_principals"}
_SCALARS = {"Sid": "sid", "Effect": "effect"}


def quoted(text: str) -> str:
    """A string of HCL."""
    escaped = "".join(
        _SHORT.get(char) or (char if char >= " " else f"\\u{ord(char):04x}") for char in text
    )
    return '"' + unfilled(escaped) + '"'


def unfilled(text: str) -> str:
    """A text in which nothing is to be filled in."""
    return text.replace("${", "$${").replace("%{", "%%{")


def expression(value: Any, indent: str = "") -> str:
    """A value as HCL writes it."""
    inner = indent + "  "
    if isinstance(value, dict):
        lines = [f"{inner}{_key(key)} = {expression(held, inner)}\n" for key, held in value.items()]
        return "{\n" + "".join(lines) + indent + "}" if lines else "{}"
    if isinstance(value, list):
        lines = [f"{inner}{expression(item, inner)},\n" for item in value]
        return "[\n" + "".join(lines) + indent + "]" if lines else "[]"
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def _key(key: str) -> str:
    return key if _WORD.fullmatch(key) else quoted(key)


def role(expression: str) -> str:
    """A role with a trust policy."""
    return f'resource "aws_iam_role" "example" {{\n  assume_role_policy = {expression}\n}}\n'


def encoded(policy: Any) -> str:
    return role(f"jsonencode({expression(policy, '  ')})")


def heredoc(policy: Any) -> str:
    return role("<<EOT\n" + unfilled(json.dumps(policy, indent=2, ensure_ascii=False)) + "\nEOT")


def through_a_local(policy: Any) -> str:
    """The policy as the default of a variable, used through a local value."""
    variable = f'variable "trust" {{\n  default = {expression(policy, "  ")}\n}}\n'
    return f"{variable}locals {{\n  trust = var.trust\n}}\n{role('jsonencode(local.trust)')}"


def through_a_module(policy: Any) -> dict[str, str]:
    """The policy as an argument of a module that makes the role."""
    call = f'  source = "./role"\n  trust  = {expression(policy, "  ")}\n'
    made = f'variable "trust" {{\n  type = any\n}}\n{role("jsonencode(var.trust)")}'
    return {"example.tf": f'module "inner" {{\n{call}}}\n', "role/main.tf": made}


def through_a_template(policy: Any) -> dict[str, str]:
    """The policy as a file that is a template."""
    text = unfilled(json.dumps(policy, indent=2, ensure_ascii=False))
    called = role('templatefile("${path.module}/trust.json.tftpl", {})')
    return {"example.tf": called, "trust.json.tftpl": text}


def planned(policy: Any) -> str:
    """A plan of a role."""
    values = {"name": None, "assume_role_policy": json.dumps(policy, ensure_ascii=False)}
    resource = {
        "address": "aws_iam_role.example",
        "mode": "managed",
        "type": "aws_iam_role",
        "name": "example",
        "values": values,
    }
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": [resource]}}}
    return json.dumps(plan, indent=1)


def document(policy: Any) -> str | None:
    """The policy as a data source; None where the provider would write another one."""
    lines = _document(policy)
    if lines is None:
        return None
    body = "".join(f"  {line}\n" for line in lines)
    source = f'data "aws_iam_policy_document" "example" {{\n{body}}}\n\n'
    return source + role("data.aws_iam_policy_document.example.json")


def _document(policy: Any) -> list[str] | None:
    if not policy.keys() <= {"Version", "Id", "Statement"} or not _are_texts(policy, "Version"):
        return None
    statements = policy.get("Statement")
    if not isinstance(statements, list) or not statements or not _are_texts(policy, "Id"):
        return None
    sids = [each.get("Sid") for each in statements if isinstance(each, dict) and "Sid" in each]
    if len(set(map(str, sids))) < len(sids):  # which the provider refuses
        return None
    if policy["Version"] != "2012-10-17" and "${" in json.dumps(statements):  # refused likewise
        return None
    lines = [f"version = {quoted(policy['Version'])}"]
    if "Id" in policy:
        lines.append(f"policy_id = {quoted(policy['Id'])}")
    for statement in statements:
        inner = _statement(statement)
        if inner is None:
            return None
        lines += _block("statement", inner)
    return lines


def _are_texts(holder: Any, name: str) -> bool:
    return isinstance(holder.get(name, "x"), str) and holder.get(name, "x") != ""


def _block(type: str, lines: list[str]) -> list[str]:
    return [f"{type} {{", *(f"  {line}" for line in lines), "}"]


def _statement(statement: Any) -> list[str] | None:
    known = _SCALARS.keys() | _LISTS.keys() | _BLOCKS.keys() | {"Condition"}
    if not isinstance(statement, dict) or not statement.keys() <= known:
        return None
    if "Effect" not in statement or not all(_are_texts(statement, name) for name in _SCALARS):
        return None
    lines: list[str] = []
    for name, held in statement.items():
        if name in _SCALARS:
            lines.append(f"{_SCALARS[name]} = {quoted(held)}")
            continue
        if name in _LISTS:
            made = _values(held, name.endswith("Resource"), ordered=True)
            if made is None:
                return None
            lines.append(f"{_LISTS[name]} = {made}")
            continue
        blocks = _conditions(held) if name == "Condition" else _principals(name, held)
        if blocks is None:
            return None
        lines += blocks
    return lines


def _values(held: Any, variables: bool, *, ordered: bool) -> str | None:
    """A list of texts; None for what the provider would sort or take for one."""
    texts = [held] if isinstance(held, str) else held
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return None
    if (isinstance(held, list) and len(held) < 2) or (ordered and _is_moved(texts)):
        return None
    written = [quoted(text) for text in texts]
    if variables:
        if any("&{" in text for text in texts):
            return None
        written = [text.replace("$${", "&{") for text in written]
    elif any("&{" in text for text in texts):
        return None
    return f"[{', '.join(written)}]"


def _is_moved(texts: list[str]) -> bool:
    return len(texts) > 1 and sorted(set(texts), reverse=True) != texts


def _principals(name: str, held: Any) -> list[str] | None:
    if held == "*":
        held = {"*": "*"}
    elif not isinstance(held, dict) or not held or "*" in held:
        return None
    lines: list[str] = []
    for type, identifiers in held.items():
        made = _values(identifiers, True, ordered=True)
        if made is None:
            return None
        lines += _block(_BLOCKS[name], [f"type = {quoted(type)}", f"identifiers = {made}"])
    return lines


def _conditions(held: Any) -> list[str] | None:
    if not isinstance(held, dict) or not held:
        return None
    lines: list[str] = []
    for test, variable, values in _tests(held):
        made = _values(values, True, ordered=False)
        if made is None or not test:
            return None
        inner = [f"test = {quoted(test)}", f"variable = {quoted(variable)}", f"values = {made}"]
        lines += _block("condition", inner)
    return lines


def _tests(held: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for test, tests in held.items():
        if not isinstance(tests, dict) or not tests:
            yield "", "", None
            continue
        for variable, values in tests.items():
            yield test, variable, values

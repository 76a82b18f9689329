"""Checks that hold for the whole text of a policy: repeated keys, characters, length."""

from __future__ import annotations

import re

from iamlint.policy.faults import Faults
from iamlint.policy.spelling import quoted
from iamlint.policy.texts import inner
from iamlint.syntax.value import Value

MAX_CHARACTERS = 8192  # the largest quota; white space is not counted
_FOREIGN = r"[^\t\n\r -\xff]+"


def check_content(policy: Value, faults: Faults) -> None:
    """Walk over everything in a policy, known or not."""
    most = 0  # an upper bound of the length, cheap enough for every policy
    todo = [policy]
    while todo:
        value = todo.pop()
        most += 3  # quotes or brackets, and a comma or colon
        if value.kind == "string":
            text = value.data
            most += len(text)
            if not (text.isascii() and text.isprintable()):
                _check_characters(value, faults)
        elif value.kind == "object":
            _check_keys(value, faults)
            for member in value.data:
                todo += member
        elif value.kind == "array":
            todo += value.data
        else:
            most += len(value.span.text)
    if most > MAX_CHARACTERS:
        _check_length(policy, faults)


def _check_characters(value: Value, faults: Faults) -> None:
    match = re.search(_FOREIGN, value.data)
    if match is None:
        return
    faults.add(
        "invalid-characters",
        f"{quoted(value.data)} holds U+{ord(match[0][0]):04X}, which IAM does not accept",
        value.part(*match.span()),
        "use tab, line ends and U+0020 to U+00FF; look for invisible characters and other scripts",
        match[0],
    )


def _check_keys(value: Value, faults: Faults) -> None:
    members = value.members
    if len({member.key.data for member in members}) == len(members):
        return
    seen: set[str] = set()
    for member in members:
        name = member.key.data
        if name in seen:
            message = f"{quoted(name)} is repeated in one object; JSON parsers keep only the last"
            help = "merge what they hold into one"
            faults.add("duplicate-key", message, inner(member.key), help, name)
        seen.add(name)


def _check_length(policy: Value, faults: Faults) -> None:
    length = _least_length(policy)
    if length <= MAX_CHARACTERS:
        return
    faults.add(
        "too-long",
        f"the policy has {length} characters besides white space; IAM accepts {MAX_CHARACTERS}",
        policy.span,
        "name accounts instead of each of their roles, or make several roles",
        "",
    )


def _least_length(policy: Value) -> int:
    """A lower bound of what IAM counts: escapes as one character, no white space at all."""
    length = 0
    todo = [policy]
    while todo:
        value = todo.pop()
        if value.kind == "string":
            length += 2 + len("".join(value.data.split()))
        elif value.kind == "object":
            members = value.members
            length += 1 + max(1, 2 * len(members))  # braces, colons, commas
            todo.extend(part for member in members for part in member)
        elif value.kind == "array":
            length += 1 + max(1, len(value.items()))
            todo.extend(value.items())
        else:
            length += len(value.span.text)
    return length

"""Checks that hold for the whole text of a policy: repeated keys, characters, length."""

from __future__ import annotations

import re
from collections.abc import Callable

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
    kept: dict[str, Value] = {}
    for key, held in members:
        earlier = kept.get(key.data)
        kept[key.data] = held
        if earlier is not None:
            message = (
                f"{quoted(key.data)} is repeated in one object; JSON parsers keep only the last"
                f" and drop the earlier {_in_short(earlier)}"
            )
            help = "merge what they hold into one"
            faults.add("duplicate-key", message, inner(key), help, key.data)


def _in_short(value: Value) -> str:
    """What is written there, as much of it as a message quotes, on one line."""
    source, start, end = value.span if value.kind != "string" else inner(value)
    # NOTE: cut before anything else: hostile text repeats keys around all that it holds
    return quoted(" ".join(source.text[start : min(end, start + 500)].split()))


def _check_length(policy: Value, faults: Faults) -> None:
    length = least_length(policy)
    if length <= MAX_CHARACTERS:
        return
    faults.add(
        "too-long",
        f"the policy has {length} characters besides white space; IAM accepts {MAX_CHARACTERS}",
        policy.span,
        "name accounts instead of each of their roles, or make several roles",
        "",
    )


def least_length(policy: Value, unknown: Callable[[str], bool] = lambda _: False) -> int:
    """A lower bound of what IAM counts: escapes as one character, no white space at all.

    Of texts that are `unknown` only the quotes are counted.
    """
    length = 0
    todo = [policy]
    while todo:
        value = todo.pop()
        if value.kind == "string":
            length += 2 + (0 if unknown(value.data) else len("".join(value.data.split())))
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

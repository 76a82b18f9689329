"""Finds policy variables that IAM cannot read."""

from __future__ import annotations

import re

from iamlint.typed import NamedTuple

_LITERALS = ("*", "?", "$")  # `${*}` is how a star itself is written
_DEFAULT = r"([^,']*), '([^']*)'"


class BadVariable(NamedTuple):
    """A variable that is none: where it stands in its text, what is wrong, what to write."""

    start: int
    end: int
    reason: str
    help: str


def bad_variable(text: str) -> BadVariable | None:
    """The first variable of a text that cannot be read; None when all can."""
    start = text.find("${")
    while start >= 0:
        end = text.find("}", start)
        if end < 0:
            return BadVariable(start, len(text), "is not closed", "close the variable with `}`")
        slip = _slip(text[start + 2 : end])
        if slip:
            return BadVariable(start, end + 1, *slip)
        start = text.find("${", end)
    return None


def _slip(body: str) -> tuple[str, str] | None:
    """What is wrong between the braces, and the advice."""
    if body in _LITERALS:
        return None
    default = re.fullmatch(_DEFAULT, body)
    name = default[1] if default else body
    if not name.strip():
        return "is empty", "name a condition key: `${aws:PrincipalTag/team}`"
    if "${" in name:
        return "holds another variable", "variables cannot be nested"
    if "," in name or "'" in name:
        return "has a malformed default", "write a default as `${aws:PrincipalTag/team, 'none'}`"
    # Only the key of a tag may hold spaces, and it comes after the slash.
    if name != name.strip() or any(char.isspace() for char in name.partition("/")[0]):
        return "holds white space", "remove the white space"
    return None

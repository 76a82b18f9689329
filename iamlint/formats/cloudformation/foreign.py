"""Finds in plain texts what is only filled in later: dynamic references, Serverless variables."""

from __future__ import annotations

import re

from iamlint.syntax.holes import Hole

# The sources of variables of the Serverless Framework. `${aws:username}` is none of them: IAM has
# variables of that form.
_SOURCES = (
    r"self:|opt:|env:|file\(|param:|ssm(?:\.[\w-]+)?:|cf(?:\.[\w-]+)?[:(]|s3:|sls:|git:|state:"
    r"|output:|stage:|instance:|terraform:|doppler:|vault:|strToBool\("
    r"|aws:(?:accountId|region)\}"
)
_OPENING = re.compile(rf"\$\{{(?={_SOURCES})")
_REFERENCE = re.compile(r"\{\{resolve:[^{}]*\}\}")
_OWN = {"${aws:accountId}": "own-account", "${aws:region}": "own-region"}
_NAMES = {"own-account": "AWS::AccountId", "own-region": "AWS::Region"}
_LONGEST = 1_000  # code points of one such variable


def foreign_texts(text: str) -> list[tuple[int, int]]:
    """Where the parts of a text stand that are filled in by somebody else, in order."""
    found: list[tuple[int, int]] = []
    if "{{resolve:" in text:
        found += (match.span() for match in _REFERENCE.finditer(text))
    at = 0
    while opening := _OPENING.search(text, at):
        at = _closing(text, opening.start())
        found.append((opening.start(), at))
    return sorted(found)


def foreign_hole(text: str) -> Hole:
    """What stands for such a part."""
    own = _OWN.get(text)
    if own:
        return Hole(_NAMES[own], own)
    # A Serverless variable may be whatever its file says: a text, a list or an object.
    return Hole(text, "text" if text.startswith("{{") else "list")


def _closing(text: str, start: int) -> int:
    """The end of a variable that may hold others."""
    depth = 0
    for at in range(start, min(len(text), start + _LONGEST)):
        if text.startswith("${", at):
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at + 1
    return start + 2

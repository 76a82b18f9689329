"""Tells from the `AllowedPattern` of a parameter whether its value may hold a wildcard."""

from __future__ import annotations

import re

_LONGEST = 2_000  # code points of a pattern that is looked at
_WILD = "*?"

# One atom of a pattern that stands for a character, or a mark of its grammar.
_ATOM = re.compile(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|0[0-7]{1,3}|.)"
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"
    r"|\(\?[^)]?|\{[0-9,]*\}|.",
    re.DOTALL,
)
_JAVA = re.compile(r".\[|&&|--|\|\||~~", re.DOTALL)
_GRAMMAR = frozenset("^$*+?()|")
_SIDELESS = frozenset("bBAZzG")  # escapes that match a place, not a character


def may_be_wild(pattern: str) -> bool:
    """Whether a text that matches the pattern may hold `*` or `?`.

    The pattern is never run on a text, so it costs nothing, whatever it is: it cannot give a
    wildcard when none of its atoms matches one. What is not understood may hold everything.
    """
    if len(pattern) > _LONGEST:
        return True
    return any(_may_match(atom) for atom in _ATOM.findall(pattern))


def _may_match(atom: str) -> bool:
    if atom in _GRAMMAR or atom.startswith("(?") or (len(atom) > 1 and atom[0] == "{"):
        return False
    if atom[0] == "\\" and atom[1:] in _SIDELESS:
        return False
    if len(atom) == 1:
        return atom in ".[\\"  # the last two open what is never closed
    if _JAVA.search(atom):  # of sets in sets, which Python reads otherwise
        return True
    try:
        match = re.compile(atom).fullmatch
    except (re.error, OverflowError, RecursionError):
        return True
    return any(match(char) for char in _WILD)

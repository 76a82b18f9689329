"""Tells whether two parts of a policy are written in one place, and which text holds both.

A value may have travelled: it is written where a variable, a parameter or a local is declared, and
the text from there to the key it is used under is nobody's mistake.
"""

from __future__ import annotations

from iamlint.source import Anchor, Span

_OPENING, _CLOSING = "{[(", "}])"
_COMMENTS = ("#", "//")


def together(one: Span, two: Span) -> Span:
    """The smallest span that holds both where they stand in one place; else the first of them."""
    left, right = one, two
    if one.source is not two.source:
        if isinstance(one.source.origin, Anchor) and isinstance(two.source.origin, Anchor):
            return one
        left, right = one.root(), two.root()
        if left.source is not right.source:
            return one
    whole = left.cover(right)
    if right.start < left.start:
        left, right = right, left
    text = whole.source.text
    is_one = right.start <= left.end or _is_open(text[left.end : right.start])
    if not is_one or (_is_indented(whole) and _goes_back(text, left, right)):
        return one
    return whole


def _is_indented(span: Span) -> bool:
    """Whether the text may be YAML, in which indents are what brackets are elsewhere."""
    source = span.source
    bracketed = source.name.lower().endswith((".json", ".tf", ".tofu", ".hcl", ".tfstate"))
    return not bracketed and not source.text[:99].lstrip().startswith(("{", "["))


def _is_open(gap: str) -> bool:
    """Whether nothing is closed in a text that was open before it."""
    if "\n}" in gap:
        return False
    depth = 0
    for char in gap:
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth -= 1
            if depth < 0:
                return False
    return True


def _goes_back(text: str, left: Span, right: Span) -> bool:
    """Whether a line in between is indented less than the one on which it begins."""
    gap = text[left.end : right.start]
    if "\n" not in gap:
        return False
    start = text.rfind("\n", 0, left.start) + 1
    indent = _indent(text[start : left.start] + "x")
    lines = [line for line in gap.split("\n")[1:-1] if line.strip()]
    lines = [line for line in lines if not line.lstrip().startswith(_COMMENTS)]
    last = text[text.rfind("\n", 0, right.start) + 1 : right.start] + "x"
    return any(_indent(line) < indent for line in (*lines, last))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))

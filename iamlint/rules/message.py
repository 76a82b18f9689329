"""Renders the message of a rule for a node."""

from __future__ import annotations

from collections.abc import Sequence

from iamlint.facts.truth import Truth
from iamlint.rules.closure import Node, getter

# A compiled template: texts, and one-item lists that hold the path of a fact.
Segments = Sequence[object]


def render(segments: Segments, node: Node) -> str:
    """Fill the placeholders from the facts of a node."""
    return "".join(
        segment if isinstance(segment, str) else _shown(_fact(segment, node))
        for segment in segments
    )


def render_bare(segments: Segments, node: Node) -> str | None:
    """The same without backticks around what facts say; None where a fact is null or empty."""
    parts = [
        segment if isinstance(segment, str) else _shown(_fact(segment, node)).replace("`", "")
        for segment in segments
    ]
    return "".join(parts) if all(parts) else None


def _fact(segment: object, node: Node) -> object:
    if not isinstance(segment, list):
        raise ValueError("a message holds something that is no segment")
    return getter(str(segment[0]))(node)


def _shown(value: object) -> str:
    if isinstance(value, Truth):
        return value.phrase
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)

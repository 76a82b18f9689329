"""Finds the comments of a YAML text, and nothing that only looks like one in a scalar."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from iamlint.source import Source, Span
from iamlint.syntax.yaml import events_of
from iamlint.syntax.yaml_text import block_end
from iamlint.typed import Any

_MARK = re.compile("(?:(?<=[\\s\ufeff])|\\A)#[^\n\r\x85\u2028\u2029]*")
_BLOCKS = ("|", ">")


def comments(source: Source, hint: str = "") -> Iterator[Span]:
    """The comments that hold a text, in order, each with its `#` and without its line end.

    Behind a fault of the YAML nothing is known, and nothing is found.
    """
    return iter(comments_before_faults(source, hint)[0])


def comments_before_faults(source: Source, hint: str = "") -> tuple[list[Span], bool]:
    """The same, and whether there is no fault, so that none is missing."""
    marks = [found for found in _MARK.finditer(source.text) if hint in found[0]]
    if not marks:
        return [], True
    scalars, sound = _scalars(source.text)
    return list(_outside(source, marks, scalars, sound)), sound == len(source.text)


def _outside(
    source: Source, marks: list[re.Match[str]], scalars: list[tuple[int, int]], sound: int
) -> Iterator[Span]:
    """The marks that are no part of a scalar, up to where the text is sound."""
    starts = [start for start, _ in scalars]
    for found in marks:
        at = bisect_right(starts, found.start()) - 1
        # what begins within a scalar is a part of its text
        inside = at >= 0 and found.start() < scalars[at][1]
        if not inside and found.end() <= sound:
            yield Span(source, *found.span())


def _scalars(text: str) -> tuple[list[tuple[int, int]], int]:
    """Where the scalars stand, in order, and up to where the text is sound."""
    import yaml  # noqa: PLC0415 - a cost for YAML only

    found: list[tuple[int, int]] = []
    try:
        # a line end in place of a byte order mark shifts no offset and means nothing
        get = events_of(yaml, text.replace("\ufeff", "\n", 1) if text[:1] == "\ufeff" else text)
        while type(event := get()) is not yaml.StreamEndEvent:
            if type(event) is yaml.ScalarEvent:
                found.append(_place(text, event))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        return found, mark.index if mark is not None else 0
    return found, len(text)


def _place(text: str, event: Any) -> tuple[int, int]:
    """The text of a scalar; that of a block begins behind its header, which may have a comment."""
    start, end = event.start_mark.index, event.end_mark.index
    if event.style not in _BLOCKS:
        return start, end
    line = text.find("\n", start, end)
    return (line if line >= 0 else end), block_end(text, start, end)

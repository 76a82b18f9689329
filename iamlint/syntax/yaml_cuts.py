"""Finds where the members of a YAML mapping begin: by what was read, or by the lines alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from iamlint.syntax.yaml_text import BREAKS
from iamlint.syntax.yaml_values import YamlValue
from iamlint.typed import NamedTuple

# Directives, and the marks at which documents begin and end.
_MARK = re.compile(rf"(?:\A|(?<=[{BREAKS}]))(?:%|---|\.\.\.)")
_LINE = re.compile(rf"(?:\A|(?<=[{BREAKS}]))(?P<indent> *)(?P<first>[^\s#])")
# What begins a line inside of a member, though it stands in the column of keys.
_INSIDE = frozenset("-}])|>,")
# After `Resources` a line that begins with anything else is not yet where it belongs.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
_SECTION = re.compile(
    "[\"']?(?:AWSTemplateFormatVersion|Conditions|Description|Globals|Hooks|Mappings|Metadata"
    "|Outputs|Parameters|Rules|Transform)[\"']?[ \t]*:"
)


class Stretch(NamedTuple):
    """The lines of one member: code points `[start, end)`."""

    start: int
    end: int


class Cut(NamedTuple):
    """Where the members of a text stand, and those of one of them, which is the `at`th.

    The lines of that one are those of its key alone.
    """

    outer: list[Stretch]
    at: int
    inner: list[Stretch]


def stretches(starts: Sequence[int], end: int) -> list[Stretch]:
    """From each start to the next one, and from the last one to the end."""
    return [Stretch(*pair) for pair in pairwise([*starts, end])]


def starts_of(value: YamlValue, text: str, column: int) -> list[int]:
    """Where the lines of the keys of a block mapping begin; nothing where it is something else."""
    if type(value) is not YamlValue or value.kind != "object" or text[value.span.start] == "{":
        return []
    found = []
    for key, _ in value.members:
        start = line_start(text, key.span.start)
        if text[start : key.span.start] != " " * column:
            return []
        found.append(start)
    return found


def cut_by_lines(text: str, inner: str) -> Cut | None:
    """Where members seem to stand, by the indents of lines; None without those of `inner`."""
    starts = list(_lines(text, 0, len(text), 0))
    head = re.compile(rf"(?P<quote>[\"']?){inner}(?P=quote)\s*:[ \t]*(?:#.*)?(?=[{BREAKS}])")
    heads = [at for at, start in enumerate(starts) if head.match(text, start)]
    if len(heads) != 1:
        return None
    at = heads[0]
    later = [start for start in starts[at + 1 :] if _SECTION.match(text, start)]
    outer = stretches([*starts[: at + 1], *later], len(text))
    begin, end = outer[at]
    first = _LINE.search(text, begin + 1, end)
    column = len(first["indent"]) if first else 0
    begins = list(_lines(text, begin + 1, end, column)) if column else []
    if not begins:
        return None
    outer[at] = Stretch(begin, begins[0])
    return Cut(outer, at, stretches(begins, end))


def _lines(text: str, start: int, end: int, column: int) -> Iterator[int]:
    for found in _LINE.finditer(text, start, end):
        is_key = found["first"] not in _INSIDE and not _MARK.match(text, found.start())
        if is_key and len(found["indent"]) == column:
            yield found.start()


def line_start(text: str, offset: int) -> int:
    """Where the line begins that an offset is in."""
    while offset and text[offset - 1] not in BREAKS:
        offset -= 1
    return offset


def ends_a_line(text: str, offset: int) -> bool:
    """Whether nothing of a line is left behind an offset."""
    return offset == len(text) or (text[offset - 1] in BREAKS and text[offset] != "\n")


def has_mark(text: str, start: int) -> bool:
    """Whether a text has directives, or more than one document, from its first key on."""
    before = any(text.startswith("%", found.start()) for found in _MARK.finditer(text, 0, start))
    return before or _MARK.search(text, start) is not None

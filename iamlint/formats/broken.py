"""Reads what can be read of a YAML template that is broken, as it is while somebody types.

One member of `Resources` at a time: a member that is no YAML by itself is left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.source import Anchor, Problem, Source, Span
from iamlint.syntax.value import Member, Value
from iamlint.syntax.yaml import YamlValue, compose
from iamlint.typed import NamedTuple

_SECTION = "Resources"
_RAW = 1000  # code points kept of what could not be read
# A line that begins with anything else is somebody's next line, not yet where it belongs.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
_NEXT = re.compile(
    r"^(?:AWSTemplateFormatVersion|Conditions|Description|Globals|Hooks|Mappings|Metadata|Outputs"
    r"|Parameters|Rules|Transform)[ \t]*:",
    re.M,
)
_HEAD = re.compile(rf"^{_SECTION}[ \t]*:[ \t]*(?:#[^\n]*)?\r?\n", re.M)
_FIRST = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?P<indent> +)[^\s#-]")
_KEY = re.compile(r""" *(?:"[^"\n]*"|'[^'\n]*'|[^\s"'#-](?:[^\s:]|:(?=\S))*)[ \t]*:(?=\s|\Z)""")


class _Part(NamedTuple):
    """A member of the section, in code points; `body` is where its value may begin."""

    start: int
    body: int
    end: int


def read_parts(source: Source) -> tuple[YamlValue, list[Problem]] | None:
    """What a template gives without the members that are no YAML, and what is wrong with those.

    None where nothing can be made of it.
    """
    parts = list(_parts(source.text))
    faults = {part: _faults(source, part) for part in parts}
    broken = [part for part in parts if faults[part]]
    if not broken or len(broken) == len(parts):
        return None
    found = compose(Source(source.name, _without(source.text, broken), Anchor(source, 0)))
    if found.value is None:
        return None
    told = [fault for part in broken for fault in faults[part]]
    return _marked(found.value, source, broken), [*told, *found.problems]


def _parts(text: str) -> Iterator[_Part]:
    """The members of the section, by the indents of their lines."""
    head = _HEAD.search(text)
    first = _FIRST.match(text, head.end()) if head is not None else None
    if head is None or first is None:
        return
    after = _NEXT.search(text, head.end())
    stop = after.start() if after is not None else len(text)
    indent = first["indent"]
    starts = [
        match
        for match in re.finditer(rf"^{indent}(?=[^\s#-])", text[:stop], re.M)
        if match.start() >= first.start("indent")
    ]
    ends = [*(match.start() for match in starts[1:]), stop]
    for match, end in zip(starts, ends, strict=True):
        key = _KEY.match(text, match.start(), end)
        yield _Part(match.start(), key.end() if key is not None else match.start(), end)


def _faults(source: Source, part: _Part) -> list[Problem]:
    """Why a member is no YAML by itself; nothing where it is."""
    written = source.text[part.start : part.end]
    alone = compose(Source(source.name, written, Anchor(source, part.start)), around=1)
    whole = alone.value is not None and len(alone.value.members) == 1
    return [] if whole else alone.problems


def _without(text: str, parts: list[_Part]) -> str:
    """The text with blanks in place of some values; lines and offsets stay what they are."""
    for part in parts:
        blank = re.sub(r"[^\r\n]", " ", text[part.body : part.end])
        text = text[: part.body] + blank + text[part.end :]
    return text


def _marked(value: YamlValue, source: Source, broken: list[_Part]) -> YamlValue:
    """The value, with `bad` ones in place of what was left out."""
    members = tuple(
        Member(key, _with(child, tuple(_told(each, source, broken) for each in child.members)))
        if key.data == _SECTION
        else Member(key, child)
        for key, child in value.members
    )
    return _with(value, members)


def _told(member: Member, source: Source, broken: list[_Part]) -> Member:
    at = member.key.span.start
    part = next((each for each in broken if each.start <= at < each.body), None)
    if part is None:
        return member
    span = Span(source, part.body, part.end)
    return Member(member.key, YamlValue("bad", span.text.strip()[:_RAW], span))


def _with(value: Value, members: tuple[Member, ...]) -> YamlValue:
    return YamlValue("object", members, value.span)

"""Reads what can be read of a YAML template that is broken, as it is while somebody types.

One member of `Resources` at a time: a member that is no YAML by itself is left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
    faults = _broken(source)
    if not faults:
        return None
    found = compose(_without(source, faults))
    if found.value is None:
        return None
    told = [fault for each in faults.values() for fault in each]
    return _marked(found.value, source, [*faults]), [*told, *found.problems]


def without_broken(source: Source) -> Source | None:
    """A template with blanks in place of the members that are no YAML; offsets are the same.

    None where nothing can be made of it.
    """
    faults = _broken(source)
    return _without(source, faults) if faults else None


def _broken(source: Source) -> dict[_Part, list[Problem]]:
    """The members that are no YAML, and why; nothing where no other one would be left."""
    every = {part: _faults(source, part) for part in _parts(source.text)}
    broken = {part: faults for part, faults in every.items() if faults}
    return broken if len(broken) < len(every) else {}


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
        start, body = match.start(), key.end() if key is not None else match.start()
        yield _Part(start, body, max(body, _trimmed(text, start, end)))


def _trimmed(text: str, start: int, end: int) -> int:
    """Where a part ends without the comments behind it: they speak of the next one."""
    while end > start:
        line = text.rfind("\n", start, end - 1) + 1
        if line <= start or text[line:end].lstrip()[:1] not in ("", "#"):
            break
        end = line
    return end


def _faults(source: Source, part: _Part) -> list[Problem]:
    """Why a member is no YAML by itself; nothing where it is."""
    written = source.text[part.start : part.end]
    alone = compose(Source(source.name, written, Anchor(source, part.start)), around=1)
    whole = alone.value is not None and len(alone.value.members) == 1
    return [] if whole else alone.problems


def _without(source: Source, parts: Iterable[_Part]) -> Source:
    """The text with blanks in place of some values; lines and offsets stay what they are."""
    text = source.text
    for part in parts:
        blank = re.sub(r"[^\r\n]", " ", text[part.body : part.end])
        text = text[: part.body] + blank + text[part.end :]
    return Source(source.name, text, Anchor(source, 0))


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

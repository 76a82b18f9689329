"""Reads ignores where a format has no comments: in metadata of resources, in tags of roles."""

from __future__ import annotations

import re

from iamlint.ignores.ignore import Ignore
from iamlint.ignores.said import Part, Reader
from iamlint.rules.paths import advise
from iamlint.source import Span
from iamlint.syntax.value import Value

TAG = "iamlint:ignore:"  # and the id of the rule
HOW = "write `iamlint: {ignore: [{rule: RULE, reason: why}]}`, and `until` for its last day"
_KEYS = ("rule", "reason", "until")
_UNTIL = re.compile(r"until[ \t]+(?P<day>[^\s:]+)[ \t]*(?::(?P<reason>.*))?", re.S)


def in_metadata(metadata: Value, reader: Reader) -> list[Ignore]:
    """The ignores under the key `iamlint` of a resource's metadata."""
    listed = metadata.get("ignore")
    strange = [key for key, _ in metadata.members if key.data != "ignore"]
    for key in strange:
        reader.tell(key.span.root(), f"`{key.data}` is not understood here", HOW)
    if listed is None or listed.kind != "array":
        if listed is not None or not strange:
            place = metadata if listed is None else listed
            reader.tell(place.span.root(), "`iamlint` wants a list under `ignore`", HOW)
        return []
    return [ignore for entry in listed.items() for ignore in _entry(entry, reader)]


def _entry(entry: Value, reader: Reader) -> list[Ignore]:
    place = entry.span.root()
    found: dict[str, Part] = {}
    for key, value in entry.members:
        if key.data not in _KEYS:
            help = advise(str(key.data), _KEYS)
            reader.tell(key.span.root(), f"`{key.data}` is not understood in an ignore", help)
        elif value.kind != "string":
            reader.tell(value.span.root(), f"`{key.data}` wants a text", HOW)
        else:
            found[key.data] = Part(value.data, value.span.root())
    rule = found.get("rule")
    if rule is None and entry.get("rule") is None:
        reader.tell(place, "this ignore names no rule", HOW)
    if rule is None:
        return []
    reason = found["reason"].text if "reason" in found else ""
    return reader.take([rule], found.get("until"), reason, place)


def in_tag(key: str, text: str, place: Span, reader: Reader) -> list[Ignore]:
    """The ignore that a tag of the role says; tags have no places of their own."""
    rule = Part(key.removeprefix(TAG), place)
    said = _UNTIL.fullmatch(text.strip())
    until = Part(said["day"], place) if said is not None else None
    reason = text if said is None else said["reason"] or ""
    return reader.take([rule], until, reason, place)

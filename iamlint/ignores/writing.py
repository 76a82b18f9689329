"""Tells how a finding could be ignored beside the policy, in the way that the file's syntax has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from iamlint.findings import Change, Finding
from iamlint.formats import shapes
from iamlint.formats.comments import comments, syntax_of
from iamlint.formats.parsing import parse
from iamlint.source import Source, Span
from iamlint.syntax.value import Value

REASON = "say why this is meant"  # for a person to replace

_MOST = 6  # ways that are worth a try
_BLOCK = re.compile(r"[ \t]*(?:resource|data|module|locals)\b[^\n]*\{[ \t]*\r?$")


def may_have_a_way(finding: Finding) -> bool:
    """A cheap look at whether a finding could be ignored in its file."""
    source = finding.place.span.source
    return "Resources" in source.text or syntax_of(source) != "json"


def ways(finding: Finding) -> Iterator[Change]:
    """Texts to write into the file of a finding, the closest to it first.

    Which of them hides it shows only when the file is judged with it.
    """
    source = finding.place.span.source
    if syntax_of(source) == "json":
        yield from _in_metadata(finding, source)
    else:
        yield from _comments(finding, source)


def _comments(finding: Finding, source: Source) -> Iterator[Change]:
    """A comment on a line of its own, above the finding or above what holds it."""
    left = _MOST
    line, _ = source.position(finding.place.span.start)
    for above in _lines(source, line):
        change = _comment(finding.rule, source, above)
        if left and _is_comment(change):
            left -= 1
            yield change


def _lines(source: Source, line: int) -> Iterator[int]:
    """A line and those that hold it, by their indents; then the block of Terraform it is in."""
    yield line
    indent = _indent(source, line)
    for above in range(line - 1, 0, -1):
        text = source.line_text(above)
        less = bool(text.strip()) and _indent(source, above) < indent
        if less:
            indent = _indent(source, above)
        if less or _BLOCK.match(text):
            yield above


def _indent(source: Source, line: int) -> int:
    text = source.line_text(line)
    return len(text) - len(text.lstrip(" \t"))


def _comment(rule: str, source: Source, line: int) -> Change:
    at = _start(source, line)
    text = source.line_text(line)
    indent = text[: _indent(source, line)]
    end = "\r\n" if _ends_wide(source, line) else "\n"
    return Change(Span(source, at, at), f"{indent}# iamlint: ignore[{rule}]: {REASON}{end}")


def _start(source: Source, line: int) -> int:
    """Where a 1-based line begins."""
    text = source.text
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1
    return at


def _ends_wide(source: Source, line: int) -> bool:
    end = source.text.find("\n", _start(source, line))
    if end < 0:
        end = source.text.rfind("\n")
    return source.text[max(end - 1, 0) : end] == "\r"


def _is_comment(change: Change) -> bool:
    """Whether what is written is a comment there, and not a part of a text."""
    source, at, _ = change.span
    written = Source(source.name, source.text[:at] + change.text + source.text[at:])
    start = at + len(change.text) - len(change.text.lstrip())
    return any(span.start == start for span in comments(written, "iamlint:"))


def _in_metadata(finding: Finding, source: Source) -> Iterator[Change]:
    """An entry in the metadata of each role's resource, where the file is a template."""
    value, _ = parse(source)
    if value is None or shapes.foreign_kind(value) != shapes.TEMPLATE:
        return
    resources = value.get("Resources")
    for role in finding.roles:
        resource = resources.get(role) if resources is not None else None
        if resource is not None and resource.kind == "object":
            yield _entry(finding.rule, source, resource)


def _entry(rule: str, source: Source, resource: Value) -> Change:
    """The ignore in the metadata of a resource, with as much around it as is not there yet."""
    entry = {"rule": rule, "reason": REASON}
    metadata = resource.get("Metadata")
    if metadata is None or metadata.kind != "object":
        return _first(source, resource, "Metadata", {"iamlint": {"ignore": [entry]}})
    ours = metadata.get("iamlint")
    if ours is None or ours.kind != "object":
        return _first(source, metadata, "iamlint", {"ignore": [entry]})
    listed = ours.get("ignore")
    if listed is None or listed.kind != "array":
        return _first(source, ours, "ignore", [entry])
    return _before(source, listed, json.dumps(entry), bool(listed.items()))


def _first(source: Source, holder: Value, key: str, value: object) -> Change:
    """A member in front of those that an object has."""
    return _before(source, holder, f"{json.dumps(key)}: {json.dumps(value)}", bool(holder.members))


def _before(source: Source, holder: Value, text: str, more: bool) -> Change:
    """A text as the first part of an object or a list, laid out as what follows is."""
    at = holder.span.root().start + 1
    rest = source.text[at:]
    space = rest[: len(rest) - len(rest.lstrip())] if more else ""
    comma = "," if more else ""
    return Change(Span(source, at, at), f"{space}{text}{comma}")

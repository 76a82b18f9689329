"""The text of an edit: what to change in the file so that the document says something else.

Only what surely means the same in JSON, YAML and HCL is written: whole words in place of whole
words, members and items taken out with what separates them, and one guard put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.findings import Change
from iamlint.mending.spot import Spot
from iamlint.policy.texts import inner
from iamlint.source import Source, Span
from iamlint.syntax.value import Value

_SAFE = r"[A-Za-z0-9][A-Za-z0-9:/._-]*"
_WORD = r"[A-Za-z0-9_-]"
_INDENT = 2


def over(spot: Spot, text: str) -> Change | None:
    """A text in place of a string."""
    value = spot.value
    span = _as_written(inner(value))
    if span is None or span.text != value.data or not re.fullmatch(_SAFE, text):
        return None
    if spot.member is not None and _is_repeated(span, spot.member.value):
        return None
    quoted = span.source.text[span.start - 1 : span.start] in ('"', "'")
    if not quoted and not set(re.sub(_WORD, "", text)) <= set(span.text):
        return None  # a colon may need quotes where there is none yet
    return Change(span, text)


def _is_repeated(key: Span, value: Value) -> bool:
    """Whether a key is written once for each of several blocks of HCL that make its value."""
    behind = key.source.text[key.end : key.end + 3].lstrip("'\" ")
    return behind[:1] not in (":", "=") and re.search(r"^\s*\}", value.span.text, re.M) is not None


def without(spot: Spot) -> Change | None:
    """Nothing in place of an item, or of the member whose key this is."""
    member = spot.member
    whole = member.key.span.cover(member.value.span) if member else spot.value.span
    span = _as_written(whole)
    if span is None or not _starts_there(span, member is not None):
        return None
    text, start, end = span.source.text, span.start, span.end
    after = _skipped(text, end)
    before = len(text[:start].rstrip())
    if text[after : after + 1] == ",":
        return Change(span._replace(end=_skipped(text, after + 1)), "")
    if text[after : after + 1] in ("}", "]") and text[before - 1 : before] == ",":
        return Change(span._replace(start=before - 1), "")
    return _lines(span, member is not None)


def _starts_there(span: Span, is_member: bool) -> bool:
    """Whether a span begins with what a member or an item begins with.

    NOTE: a block of HCL is an item of the document, and its header is not in its span.
    """
    start = span.text[:1]
    if is_member:
        return start in ('"', "'") or start.isalpha()
    text = span.source.text[: span.start].rstrip()
    return text.endswith(("[", ",", "-"))


def _lines(span: Span, is_member: bool) -> Change | None:
    """The lines of a member or item of YAML or HCL that shares them with nothing else."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    head, tail = text[start : span.start], text[span.end :].partition("\n")[0].rstrip("\r")
    alone = not tail.strip() or tail.lstrip().startswith("#")
    if head.strip() != ("" if is_member else "-") or not alone or not start:
        return None
    before = start - len(_newline(text[max(start - 2, 0) : start]))
    return Change(Span(span.source, before, span.end + len(tail)), "")


def plus_guard(statement: Value, operator: str, key: str, value: str) -> Change | None:
    """A guard more in a statement."""
    if not all(re.fullmatch(_SAFE, each) for each in (operator, key, value)):
        return None
    condition = statement.get("Condition")
    block = condition.get(operator) if condition is not None else None
    if condition is None:
        return _last_member(statement, ("Condition", operator, key), value)
    if block is None:
        return _first_member(condition, (operator, key), value)
    return _first_member(block, (key,), value)


def _first_member(holder: Value, names: tuple[str, ...], value: str) -> Change | None:
    """A member before all others of an object."""
    first = _first(holder)
    if first is None:
        return None
    text, start = first.source.text, first.start
    written = _pair(first, names, value)
    head = text[:start].rstrip(" \t\r\n")
    place = Span(first.source, start, start)
    if head.endswith("{"):
        return Change(place, f"{written},{text[len(head) : start] or ' '}")
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return None if line.strip() else Change(place, f"{written}{_newline(text)}{line}")


def _last_member(holder: Value, names: tuple[str, ...], value: str) -> Change | None:
    """A member behind all others of an object."""
    first = _first(holder)
    last = _as_written(holder.members[-1].value.span) if holder.members else None
    if first is None or last is None or last.source is not first.source:
        return None
    text, start = first.source.text, first.start
    written = _pair(first, names, value)
    place = Span(last.source, last.end, last.end)
    head = text[:start].rstrip(" \t\r\n")
    line = text[text.rfind("\n", 0, start) + 1 : start]
    rest = text[last.end :].partition("\n")[0].strip()
    if not head.endswith("{"):  # a block of YAML
        indent = " " * len(line)
        alone = line.strip() in ("", "-") and not rest
        return Change(place, f"{_newline(text)}{indent}{written}") if alone else None
    if text[_skipped(text, last.end) :][:1] == "}" and text[last.end - 1] != ",":
        separator = "" if _is_hcl(first) and not rest and "\n" in text[start : last.end] else ","
        between = text[len(head) : start] or " "
        return Change(place, f"{separator}{between}{written}")
    return None


def _pair(first: Span, names: tuple[str, ...], value: str) -> str:
    """A member, as those beside it are written."""
    joined = f'"{value}"'
    is_hcl, text = _is_hcl(first), first.source.text
    quoted = text[first.start : first.start + 1] == '"'
    for number, name in enumerate(reversed(names)):
        word = name if name.isalpha() and not quoted else f'"{name}"'
        pad = " " if is_hcl else ""
        held = f"{{{pad}{joined}{pad}}}" if number else joined
        joined = f"{word} = {held}" if is_hcl else f"{word}: {held}"
    return joined


def _is_hcl(key: Span) -> bool:
    """Whether a key is that of an object of HCL, where `=` follows."""
    return key.source.text[key.end : key.end + 99].lstrip(" \t")[:1] == "="


def _first(holder: Value) -> Span | None:
    """Where the first key of an object is written, if that is a key as it stands."""
    key = holder.members[0].key if holder.members else None
    if key is None or inner(key).root().text != key.data:
        return None  # an argument of HCL is called otherwise
    return _as_written(key.span)


def _as_written(span: Span) -> Span | None:
    """The place in the file, where it says there what the span says, to the letter."""
    root = span.root()
    parts = list(_sources(span.placed().source))
    return root if root.text == span.text or (len(parts) > 1 and _same(root, span)) else None


def _sources(source: Source) -> Iterator[Source]:
    yield source
    while source.origin is not None:
        source = source.origin.span(0, len(source.text)).source
        yield source


def _same(root: Span, span: Span) -> bool:
    """Whether two texts differ in the indents of their lines alone: those of a block scalar."""
    lines, written = span.text.split("\n"), root.text.split("\n")
    return len(lines) == len(written) and all(
        line.strip() == other.strip() for line, other in zip(lines, written, strict=True)
    )


def _skipped(text: str, start: int) -> int:
    """The next place that is no white space."""
    while start < len(text) and text[start] in " \t\r\n":
        start += 1
    return start


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"

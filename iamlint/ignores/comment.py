"""Reads ignores out of comments: `# iamlint: ignore[open-subject] until 2027-01-01: reason`."""

from __future__ import annotations

import re

from iamlint.ignores.ignore import Ignore
from iamlint.ignores.said import HOW, Part, Reader, parts
from iamlint.rules.paths import near_miss
from iamlint.source import Span

WORD = "iamlint:"

# A comment may say other things, too: those of other tools, each behind a mark of its own.
_LINE = re.compile(r"(?:^|#|//|/\*)[ \t*#/]*iamlint:[ \t]*(?P<said>[^\n]*)", re.M)
_SAID = re.compile(
    r"ignore[ \t]*\[(?P<rules>[^\]]*)\][ \t]*"
    r"(?:until[ \t]+(?P<until>[^\s:]+)[ \t]*)?(?::(?P<reason>.*))?"
)
_LETTERS = re.compile(r"[A-Za-z-]*")


def read(comment: Span, reader: Reader) -> list[Ignore]:
    """The ignores in a comment, given with its marks."""
    found: list[Ignore] = []
    for line in _LINE.finditer(comment.text):
        text = line["said"].removesuffix("*/").rstrip()
        start = comment.start + line.start("said")
        found += _read(text, Span(comment.source, start, start + len(text)), reader)
    return found


def _read(text: str, place: Span, reader: Reader) -> list[Ignore]:
    said = _SAID.fullmatch(text)
    if said is None:
        reader.tell(place, *_wrong(text))
        return []
    rules = list(parts(said["rules"], place, place.start + said.start("rules")))
    if not any(rule.text for rule in rules):
        reader.tell(place, "this ignore names no rule")
        return []
    until = None
    if said["until"]:
        start, end = (place.start + at for at in said.span("until"))
        until = Part(said["until"], Span(place.source, start, end))
    named = [rule for rule in rules if rule.text]
    return reader.take(named, until, said["reason"] or "", place)


def _wrong(text: str) -> tuple[str, str]:
    """What is wrong with what stands behind `iamlint:`, and what to write."""
    found = _LETTERS.match(text)
    word = found[0] if found else ""
    if word != "ignore":
        near = near_miss(word, ["ignore"])
        meant = f"did you mean `{near}`? " if near else ""
        return f"`{word or text}` is not understood behind `iamlint:`", meant + HOW
    if "[" not in text:
        return "this ignore names no rule, and none is meant without being named", HOW
    if "]" not in text:
        return "the list of rules is not closed", HOW
    rest = text.partition("]")[2].strip()
    return f"`{rest}` is not understood behind the rules of an ignore", HOW

"""Finds tags and anchors in the text before a YAML value, and says which tags mean something."""

from __future__ import annotations

import re

_YAML = "tag:yaml.org,2002:"
NULL = _YAML + "null"
MERGE = _YAML + "merge"
# Tags that say no more than the text of a scalar or the shape of a collection does.
SILENT = {
    "!",
    MERGE,
    NULL,
    *(_YAML + kind for kind in ("str", "int", "float", "bool", "map", "seq")),
}
_MORE = frozenset(("", *" \t\n\r\x85\u2028\u2029#&"))
_ANCHOR = re.compile(r"&[-\w]+")
_TAG = re.compile(r"!<[^>]*>|![^\s,]*")
_GAP = re.compile(r"(?:[ \t\n\r\x85\u2028\u2029]|#[^\n\r\x85\u2028\u2029]*)*")


def properties(text: str, start: int, end: int, tag: str | None) -> tuple[int, int, int]:
    """Where a value with an anchor or a tag really begins, and where its tag begins and ends."""
    if tag and text.startswith(tag, start):  # as most are written: `!Sub "…"`
        stop = start + len(tag)
        if stop < end and text[stop] == " " and text[stop + 1 : stop + 2] not in _MORE:
            return stop + 1, start, stop
    at, begin, stop = start, end, end
    while at < end and text[at] in "&!":
        if text[at] == "!":
            begin, stop = at, _tag_end(text, at, tag)
            at = stop
        else:
            found = _ANCHOR.match(text, at, end)
            at = found.end() if found else at + 1
        at = gap_end(text, at, end)
    return min(at, end), begin, stop


def gap_end(text: str, at: int, end: int) -> int:
    """The end of blanks, line ends and comments."""
    found = _GAP.match(text, at, end)
    return found.end() if found else at


def _tag_end(text: str, at: int, tag: str | None) -> int:
    if tag and text.startswith(tag, at) and not text.startswith("!<", at):
        return at + len(tag)
    found = _TAG.match(text, at)
    return found.end() if found else at + 1

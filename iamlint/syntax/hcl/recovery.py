"""Finds where to read on after a fault in an HCL text."""

from __future__ import annotations

import re

from iamlint.syntax.hcl.text import SPACE

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*+"
# What matters for brackets, and what hides them. A string ends with its line at the latest.
_TOKEN = (
    r"(?P<line>\n)|(?P<open>[\[({])|(?P<close>[\])}])"
    rf"|<<-?(?P<tag>{_NAME})[^\S\n]*+(?=\n)"
    r'|"(?>(?:[^"\\\n]++|\\.)*)"?|(?:#|//)[^\n]*+|/\*(?>(?:[^*]++|\*(?!/))*)(?:\*/|\Z)'
    r'|[^\n\[\](){}"#/<]++|.'
)
_HEADER = rf'{_NAME}(?>(?:[ \t]*+(?:"[^"\n]*+"|{_NAME}))*)[ \t]*+\{{'


def skipped(text: str, start: int, fault: int, endless: set[str]) -> tuple[int, bool]:
    """Where to read on when what begins at `start` has a fault, and whether all blocks end there.

    That is the first line end after the fault outside of the brackets that were opened since, or
    a `}` that closes more than these; but all that is open ends where at the very left a block
    begins or a `}` stands: people indent what is inside. `endless`: tags of heredocs that do not
    end, to be known to the next call too.
    """
    depth, at = 0, start
    token, header = re.compile(_TOKEN).match, re.compile(_HEADER).match
    while found := token(text, at):
        kind, at = found.lastgroup, found.end()
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
            if depth < 0 and found.start() >= fault and found.group() == "}":
                return found.start(), False
            depth = max(depth, 0)
        elif kind == "tag" and found["tag"] not in endless:
            at = _after_heredoc(text, at, found["tag"])
            if at == found.end():
                endless.add(found["tag"])
        elif kind == "line" and found.start() >= fault:
            if not depth:
                return found.start(), False
            if header(text, at):
                return at, True
            if text.startswith("}", at):
                return at + 1, True
    return len(text), False


def _after_heredoc(text: str, at: int, tag: str) -> int:
    """The end of the heredoc's last line, or `at` when there is none."""
    line = at
    while (found := text.find(tag, line)) >= 0:
        end = text.find("\n", found)
        end = end if end >= 0 else len(text)
        if text[text.rfind("\n", 0, found) + 1 : end].strip(SPACE) == tag:
            return end
        line = end
    return at

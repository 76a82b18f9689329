"""The tokens of HCL: what each sound piece looks like, within a line and across lines."""

from __future__ import annotations

import re

# INVARIANT: every repetition is possessive or ends at the first mismatch, so that no text, however
# hostile, makes a match go back over what it has read.
# NOTE: of a group that is `(?>(...)*)`, not `(...)*+`, which Python up to 3.11.4 matches wrongly:
# https://github.com/python/cpython/issues/106052
_NOTE = r"/\*(?>(?:[^*]++|\*(?!/))*)\*/"
_END = r"\r?\n"
# Where a line end means something, only blanks and comments inside the line are passed over.
_LINE = rf"[ \t]*+(?>(?:{_NOTE}[ \t]*+)*)"
_FREE = rf"[ \t\n]*+(?>(?:(?:\r(?=\n)|(?:#|//)[^\n]*+|{_NOTE})[ \t\n]*+)*)"
_REST = rf"{_LINE}(?:(?:#|//)[^\n]*+)?"  # what may follow on a line before its end

_MORE = r"(?![^\x00-\x7f])"  # a name goes on with any letter of Unicode: see `name`
_NAME = rf"[A-Za-z_][A-Za-z0-9_-]*+{_MORE}"
_PLAIN = r'"[^"\\$%\r\n]*+"'  # a string with nothing to decode
_NUMBER = r"[0-9](?:(?:[0-9.]|[eE][-+]?[0-9])*(?:[0-9]|[eE][-+]?[0-9]))?"
_SIGN = r"\|\||&&|==|!=|>=|<=|[<>](?!=)|[-+*%?]|/(?![/*])"


class Mode:
    """What is a blank: line ends too (`free`, inside brackets), or not.

    term      groups: 1 plain string, 2 name and 3 the `.name`s after it, 4 number, 5 another mark
    follow    group 1: an operator, `?`, `.` or `[`
    ends      marks that no operator begins with, to save the looking
    """

    __slots__ = ("blank", "ends", "follow", "term")

    def __init__(self, gap: str, ends: str) -> None:
        self.ends = ends
        self.blank = re.compile(gap).match
        self.term = re.compile(
            rf'{gap}(?:({_PLAIN})|({_NAME})((?>(?:\.{_NAME})*))|({_NUMBER})|(<<|[\[{{("!-]))'
        ).match
        self.follow = re.compile(rf"{gap}({_SIGN}|\.(?!\.\.)|\[)").match


LINE = Mode(_LINE, ",)]}\n")
FREE = Mode(_FREE, ",)]}")

STRING, NAME, DOTTED, NUMBER, MARK = 1, 2, 3, 4, 5

# An item of a body. Groups: 1 the end of the body, 2 a name and 3 its `=`, or 4 its labels.
ITEM = re.compile(
    rf"{_FREE}(?:(\}})|({_NAME}){_LINE}(?:(=)(?![=>])|((?>(?:(?:{_PLAIN}|{_NAME})[ \t]*+)*))\{{))"
).match
LABEL = re.compile(rf"{_PLAIN}|{_NAME}").finditer
END = re.compile(rf"{_REST}(?:{_END}|\Z)").match

# In an object. Groups: 1 a bare key, 2 a plain string as the key. Then 1 `,`, 2 `}`.
KEY = re.compile(rf"{_FREE}(?:({_NAME})|({_PLAIN})){_LINE}(?:=(?![=>])|:(?!:))").match
ITEM_END = re.compile(rf"{_LINE}(?:(,)|(\}})|(?:(?:#|//)[^\n]*+)?{_END})").match

# After an item in brackets. The group, if any, is the closer: 2 without a comma, 3 after `...`.
NEXT = re.compile(rf"{_FREE}(?:,(?:{_FREE}([\])]))?|([\])])|\.\.\.{_FREE}(\)))").match
CLOSER, CLOSER_AFTER_DOTS = 2, 3

# Templates. A run of text goes up to what begins or ends something else.
QUOTED_RUN = re.compile(r'(?>(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))+)').match
RUN = re.compile(r"(?>(?:[^$%]++|\$\$\{|%%\{|[$%](?!\{))+)").match

_EXACT = r"[0-9]++(?:\.[0-9]*+)?(?:[eE][-+]?[0-9]{1,18}+)?"


def is_number(text: str) -> bool:
    """Whether what looks like a number is one."""
    return text.isdecimal() or re.compile(_EXACT).fullmatch(text) is not None


def name_end(text: str, at: int) -> int:
    """The end of the name that begins at `at`, with letters of any script; `at` if there is none.

    Most names are plain and never come here.
    """
    start = at
    for character in text[at : at + 1]:
        if character == "_" or character.isidentifier():
            at += 1
    while start < at < len(text) and (text[at] == "-" or ("a" + text[at]).isidentifier()):
        at += 1
    return at

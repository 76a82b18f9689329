"""Holds what is said about a place of a file; how it looks is another matter."""

from __future__ import annotations

from iamlint.findings import Place
from iamlint.source import Span
from iamlint.typed import NamedTuple


class Line(NamedTuple):
    """One sentence; text of the user stands in backticks."""

    text: str
    item: bool = False  # one of a list


class Part(NamedTuple):
    """What is said of one thing that is written at the place."""

    title: str  # what it is: "principal `…`"
    lines: tuple[Line, ...]


class About(NamedTuple):
    """What is said for some roles, which are alike in it."""

    roles: tuple[str, ...]  # in words
    more: int  # roles of which the same is true, and that are not named
    parts: tuple[Part, ...]


class Explanation(NamedTuple):
    """What is at a place, and who can get in through it."""

    span: Span  # the text it is about, in the file that was asked about
    abouts: tuple[About, ...]
    more: int = 0  # roles that use the place and that nothing is said of
    related: tuple[Place, ...] = ()  # other ends of the way that a value took

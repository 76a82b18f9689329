"""Reads the ignores of a file and of a role, in whatever way they are written."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.config import Config
from iamlint.formats.comments import comments
from iamlint.formats.role import Role
from iamlint.ignores import comment, noted
from iamlint.ignores.ignore import Ignore, Noted
from iamlint.ignores.said import Reader
from iamlint.rules.book import RuleBook
from iamlint.source import Problem, Source, Span


class Written:
    """What is read, and what is wrong with it."""

    __slots__ = ("_reader", "problems")

    def __init__(self, book: RuleBook, config: Config) -> None:
        self._reader = Reader(book, config)
        self.problems: list[Problem] = self._reader.problems

    def of_role(self, role: Role) -> list[Ignore]:
        """The ignores in the metadata and the tags of a role."""
        found: list[Ignore] = []
        if role.beside.metadata is not None:
            found += noted.in_metadata(role.beside.metadata, self._reader)
        for key, text in role.tags:
            if key.startswith(noted.TAG):
                found += noted.in_tag(key, text, _place(role, key), self._reader)
        return found

    def in_comments(self, source: Source) -> list[Noted]:
        """The ignores in the comments of a file."""
        if not any(True for _ in comments(source, comment.WORD)):
            return []
        every = list(comments(source))
        below = _below(every)
        return [
            Noted(ignore, source.position(span.start)[0], below.get(span.start, 0))
            for span in every
            for ignore in comment.read(span, self._reader)
        ]


def _place(role: Role, key: str) -> Span:
    """Where a tag is written; all of the role where that cannot be told."""
    span = role.span.root()
    at = span.source.text.find(key, span.start, span.end)
    return Span(span.source, at, at + len(key)) if at >= 0 else span


def _below(every: Iterable[Span]) -> dict[int, int]:
    """For comments that stand alone, by where they begin: the next line that is no comment."""
    alone = [(span, *_lines(span)) for span in every if _stands_alone(span)]
    ends = {first: last for _, first, last in alone}
    below: dict[int, int] = {}
    for span, _, last in alone:
        line = last + 1
        while line in ends:
            line = ends[line] + 1
        below[span.start] = line
    return below


def _lines(span: Span) -> tuple[int, int]:
    """The first and the last line of a comment."""
    position = span.source.position
    return position(span.start)[0], position(span.end)[0]


def _stands_alone(span: Span) -> bool:
    """Whether nothing else is on the lines of a comment."""
    text = span.source.text
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    end = text.find("\n", span.end)
    after = text[span.end : end if end >= 0 else len(text)]
    return not before.strip() and not after.strip()

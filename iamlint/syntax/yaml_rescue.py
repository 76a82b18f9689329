"""Reads what can be read of a broken YAML text: the members of it that are sound by themselves.

libyaml gives up at the first fault, which may be far below its cause. People see members by their
indent, so each line at the indent of a member's key begins one, and each is read alone: what is
wrong is told where it is, and the others mean what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.source import Problem, Source
from iamlint.syntax.value import Member
from iamlint.syntax.yaml_cuts import cut_by_lines, has_mark, line_start
from iamlint.syntax.yaml_parts import Piece, Pool, mapping, piece_of
from iamlint.syntax.yaml_values import YamlValue
from iamlint.typed import NamedTuple

_ANCHOR = re.compile(r"(?:^|[\s\-:\[{,])&(\w+)", re.M)
_ALIAS = re.compile(r"(?:^|[\s\-:\[{,])\*(\w+)", re.M)
_LOOP = "Fn::ForEach::"
_MOST_TOLD = 16


class Rescued(NamedTuple):
    """All members of a text, and those of the `at`th one of them, some of which are broken."""

    outer: list[Piece]
    at: int
    members: list[Piece]

    def value(self, source: Source) -> YamlValue:
        """What the text is, broken members as objects without anything in them."""
        held = [Member(piece.key, piece.value) for piece in self.outer]
        # what a loop would make has names that nobody knows
        there = [each for each in self.members if not (each.problems and _is_loop(each))]
        inside = mapping(source, [Member(piece.key, piece.value) for piece in there])
        held[self.at] = Member(held[self.at].key, inside)
        return mapping(source, held)

    def problems(self) -> list[Problem]:
        """What is wrong, in the order of the text."""
        return [problem for piece in self.members for problem in piece.problems][:_MOST_TOLD]


def _is_loop(piece: Piece) -> bool:
    return str(piece.key.data).startswith(_LOOP)


def rescued(source: Source, inner: str, pool: Pool) -> Rescued | None:
    """What can be read of a text that is broken in members of its member `inner`, and only there.

    None where it is broken elsewhere, or where a part may reach into others. A member that is
    broken is there nevertheless, so that who refers to it finds it.
    """
    text = source.text
    # what an alias repeats may be the very thing that is broken
    if text.startswith("\ufeff") or {*_ANCHOR.findall(text)} & {*_ALIAS.findall(text)}:
        return None
    cut = cut_by_lines(text, inner)
    if cut is None or has_mark(text, cut.outer[0].start):
        return None
    outer = [piece_of(source, *each, 1, pool) for each in cut.outer]
    members = [piece_of(source, *each, 2, pool) for each in cut.inner]
    if any(piece is None or piece.problems for piece in outer) or None in members:
        return None
    found = Rescued([*filter(None, outer)], cut.at, [*filter(None, members)])
    is_mended = len([piece for piece in found.members if not piece.problems])
    return found if found.problems() and is_mended else None


def texts_of(source: Source, found: Rescued) -> Iterator[Source]:
    """All of a text in parts that can be looked at one by one, each knowing its place.

    The comments behind a broken member are a part of their own: they speak of the next one.
    """
    yield source.part(0, min(piece.start for piece in found.outer))
    for piece in (*found.outer, *found.members):
        end = _trimmed(source.text, piece.start, piece.end) if piece.problems else piece.end
        yield source.part(piece.start, end)
        yield source.part(end, piece.end)


def _trimmed(text: str, start: int, end: int) -> int:
    """Where a part ends without the lines behind it that hold a comment, or nothing."""
    while end > start:
        line = line_start(text, end - 1)
        if line <= start or text[line:end].lstrip()[:1] not in ("", "#"):
            break
        end = line
    return end

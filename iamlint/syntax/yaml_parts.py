"""Reads one member of a YAML mapping as a text of its own, in its place in the whole text."""

from __future__ import annotations

import re

from iamlint.source import Anchor, Problem, Source, Span
from iamlint.syntax.value import Member
from iamlint.syntax.yaml import compose
from iamlint.syntax.yaml_cuts import ends_a_line
from iamlint.syntax.yaml_values import YamlValue
from iamlint.typed import cast

_KEY = re.compile(
    r""" *(?P<quote>["']?)(?P<name>[^\s"'#-](?:[^\s:"']|:(?=\S))*)(?P=quote)[ \t]*:(?=\s|\Z)"""
)


class Piece:
    """One member of a mapping, read by itself; `anchor` tells where its lines stand.

    One that is broken has problems, and a value with nothing in it.
    """

    __slots__ = ("anchor", "key", "problems", "source", "value")

    def __init__(
        self, source: Source, key: YamlValue, value: YamlValue, problems: list[Problem]
    ) -> None:
        self.source = source
        self.anchor = cast(Anchor, source.origin)
        self.key = key
        self.value = value
        self.problems = problems

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def start(self) -> int:
        return self.anchor.offset

    @property
    def end(self) -> int:
        return self.anchor.offset + len(self.source.text)


# Pieces that were read before, by their text; each is taken once.
Pool = dict[str, Piece]


def pool_of(pieces: list[Piece]) -> Pool:
    """What may be taken again of some pieces."""
    return {piece.text: piece for piece in pieces}


def piece_of(source: Source, start: int, end: int, levels: int, pool: Pool) -> Piece | None:
    """The one member in a part of a text; None where there is not one, or it may be repeated.

    `levels`: how many mappings are around it.
    """
    if not ends_a_line(source.text, end):
        return None
    known = pool.pop(source.text[start:end], None)
    if known is not None:
        known.anchor.put(source, start)
        return known
    return read_piece(source.part(start, end), levels)


def read_piece(part: Source, levels: int) -> Piece | None:
    """The one member that a text holds; see `piece_of`."""
    value, problems, repeats = compose(part, levels)
    if value is not None and not problems:
        return None if repeats else _single(part, value)
    named = _KEY.match(part.text)
    if named is None or not problems:
        return None
    place = Span(part, *named.span("name"))
    key = YamlValue("string", named["name"].strip(), place)
    return Piece(part, key, YamlValue("object", (), place), problems)


def _single(part: Source, value: YamlValue) -> Piece | None:
    if value.kind != "object" or len(value.members) != 1:
        return None
    key, held = cast("tuple[YamlValue, YamlValue]", value.members[0])
    return Piece(part, key, held, [])


def mapping(source: Source, members: list[Member]) -> YamlValue:
    """The block mapping that members make."""
    start, end = members[0].key.span.root().start, members[-1].value.span.root().end
    return YamlValue("object", tuple(members), Span(source, start, end))

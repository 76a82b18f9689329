"""Composed strings and their holes: every character keeps the place where it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.source import Source, Span
from iamlint.syntax.escapes import Quoted, decoded, unescaped
from iamlint.syntax.holes import (
    Composed,
    Hole,
    Piece,
    Table,
    fill,
    has_private,
    holes_in,
    is_hole,
    pieces_of,
)
from iamlint.syntax.json import parse
from iamlint.syntax.value import Value

SUB = Source("t.yaml", '!Sub "repo:${Owner}/\\u0061:${Ref}" # default: acme')
TEXT = Quoted("string", unescaped(Span(SUB, 5, 34)), Span(SUB, 5, 34))
DEFAULT = Value("string", "acme", Span(SUB, 46, 50))


def composed(table: Table) -> Composed:
    """`repo:acme/a:` and a hole, as a `Sub` with one default and one parameter without would be."""
    hole = table.char(Hole("Ref"))
    return Composed(
        (
            Piece("repo:", TEXT, 0),
            Piece("acme", DEFAULT, 0),
            Piece("/a:", TEXT, TEXT.data.index("/")),
            Piece(hole, TEXT, 0, TEXT.part(TEXT.data.index("${Ref}"), len(TEXT.data))),
        ),
        TEXT.span,
    )


def test_the_text_is_that_of_the_pieces_in_turn() -> None:
    value = composed(Table())
    assert value.kind == "string"
    assert value.data[:-1] == "repo:acme/a:"
    assert is_hole(value.data[-1])


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (0, 4, "repo"),
        (5, 9, "acme"),
        (6, 8, "cm"),
        (9, 12, "/\\u0061:"),
        (10, 11, "\\u0061"),
        (12, 13, "${Ref}"),
    ],
)
def test_a_part_is_where_it_was_written(start: int, end: int, written: str) -> None:
    assert composed(Table()).part(start, end).text == written


def test_a_part_across_pieces_of_one_text_is_all_that_is_between() -> None:
    value = composed(Table())
    assert value.part(9, 13).text == "/\\u0061:${Ref}"
    # the default stands elsewhere: what holds both is the expression
    assert value.part(0, 9) == value.span


@given(st.lists(st.text("ab:/", max_size=4), max_size=6), st.data())
def test_a_cut_of_a_cut_has_the_places_of_the_first(texts: list[str], data: st.DataObject) -> None:
    source = Source("f", "|".join(texts))
    pieces, at = [], 0
    for text in texts:
        pieces.append(Piece(text, Value("string", text, Span(source, at, at + len(text))), 0))
        at += len(text) + 1
    value = Composed(pieces, Span(source, 0, len(source.text)))
    start = data.draw(st.integers(0, len(value.data)))
    end = data.draw(st.integers(start, len(value.data)))
    part = Composed(pieces_of(value, start, end), value.span)
    assert part.data == value.data[start:end]
    for offset in range(len(part.data)):
        assert part.part(offset, offset + 1) == value.part(start + offset, start + offset + 1)
        assert part.part(offset, offset + 1).text == part.data[offset]


def test_holes_that_are_equal_share_a_character() -> None:
    table = Table()
    assert table.char(Hole("A")) == table.char(Hole("A"))
    assert table.char(Hole("A")) != table.char(Hole("B"))
    assert [hole.name for hole in table.holes.values()] == ["A", "B"]


def test_no_text_can_pretend_to_hold_a_hole() -> None:
    source = Source("f", "\U000f0005")
    table = Table((source,))
    assert table.char(Hole("A")) not in source.text
    full = Table((Source("f", "\U0010fffd"),))
    with pytest.raises(OverflowError):
        full.char(Hole("A"))


@pytest.mark.parametrize(
    ("text", "char"),
    [
        ("\\udb80\\udc05", "\U000f0005"),
        ("\\\\uDBB7\\\\uDFFF", "\U000fdfff"),
        ("\\U000F0005", "\U000f0005"),
        ("%F3%B0%80%85", "\U000f0005"),
    ],
)
def test_no_escape_in_a_text_can_pretend_to_be_a_hole(text: str, char: str) -> None:
    assert has_private(text)
    assert Table((Source("f", text),)).char(Hole("A")) == chr(ord(char) + 1)


@pytest.mark.parametrize(
    "text", ["", "\\ud83d\\ude00", "\\U0001F600", "%F0%9F%98%80", "\U0001f600"]
)
def test_other_characters_beyond_the_first_plane_are_no_holes(text: str) -> None:
    assert not has_private(text)
    assert Table((Source("f", text),)).char(Hole("A")) == "\U000f0000"


def test_a_document_may_be_parsed_with_its_holes_and_filled_afterwards() -> None:
    table = Table()
    hole = table.char(Hole("Issuer"))
    text = Quoted("string", '{"${Issuer}:sub": ["a", 1]}', Span(Source("f", ""), 0, 0))
    value = Composed(
        (Piece('{"', text, 0), Piece(hole, text, 2, None), Piece(':sub": ["a", 1]}', text, 11)),
        text.span,
    )
    document, problems = parse(decoded(value))
    assert document is not None
    assert not problems
    assert holes_in(document, table.holes) == [hole]
    filled = fill(document, {hole: "idp.example"})
    assert filled.plain() == {"idp.example:sub": ["a", 1]}
    assert filled.members[0].value is document.members[0].value  # nothing to fill is shared


def test_what_fills_a_hole_stands_where_the_hole_does() -> None:
    table = Table()
    value = composed(table)
    filled = fill(value, {value.data[-1]: "main"})
    assert filled.data == "repo:acme/a:main"
    assert filled.part(12, 16).text == "${Ref}"
    assert filled.part(13, 14).text == "${Ref}"
    assert filled.part(5, 9).text == "acme"
    assert fill(value, {}) is value


def test_deep_documents_are_filled_without_recursion() -> None:
    span = Span(Source("f", "x"), 0, 1)
    value = Value("string", "\U000f0000", span)
    for _ in range(5_000):
        value = Value("array", (value,), span)
    filled = fill(value, {"\U000f0000": "x"})
    while filled.kind == "array":
        filled = filled.items()[0]
    assert filled.data == "x"

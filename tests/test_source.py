"""Places: lines and columns, spans, texts derived from other texts, files in memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.source import Anchor, Derivation, DictFiles, Entry, FileError, Problem, Source, Span

TEXTS = st.text(alphabet=st.sampled_from("ab\r\n\u2028é🚀\x0c"), max_size=30)


def derived(text: str = "ab\\u00e9cd", decoded: str = "abécd") -> Source:
    """`\\u00e9` in the middle of a parent, which says `<` before and `>` after."""
    parent = Source("p.json", f"<{text}>")
    return Source("p.json", decoded, Derivation(parent, [0, 2, 3, 5], [1, 3, 9, 11]))


def test_position_counts_code_points() -> None:
    source = Source("f", "é🚀x\r\ny\n")
    assert source.position(2) == (1, 3)
    assert source.position(5) == (2, 1)
    assert source.position(7) == (3, 1)


def test_a_lone_carriage_return_ends_no_line() -> None:
    source = Source("f", "a\rb\u2028c\x0cd")
    assert source.line_count == 1
    assert source.position(6) == (1, 7)
    assert source.line_text(1) == "a\rb\u2028c\x0cd"


def test_line_text_is_without_its_line_end() -> None:
    source = Source("f", "a\r\nb\n\nc\r")
    assert [source.line_text(n) for n in range(6)] == ["", "a", "b", "", "c\r", ""]


def test_positions_outside_the_text_are_held_to_it() -> None:
    source = Source("f", "ab")
    assert source.position(-5) == (1, 1)
    assert source.position(99) == (1, 3)


def test_an_empty_text_has_one_line() -> None:
    assert Source("f", "").line_count == 1
    assert Source("f", "").position(0) == (1, 1)


@given(TEXTS, st.data())
def test_position_agrees_with_counting(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset]
    line, column = Source("f", text).position(offset)
    assert line == before.count("\n") + 1
    assert column == len(before) - (before.rfind("\n") + 1) + 1


@given(TEXTS)
def test_lines_make_up_the_text(text: str) -> None:
    source = Source("f", text)
    lines = [source.line_text(n + 1) for n in range(source.line_count)]
    assert "\n".join(lines) == text.replace("\r\n", "\n")


def test_a_derived_span_leads_to_its_origin() -> None:
    source = derived()
    assert Span(source, 0, 2).root().text == "ab"
    assert Span(source, 1, 4).root().text == "b\\u00e9c"
    assert Span(source, 3, 5).root().text == "cd"


def test_an_escape_is_taken_whole() -> None:
    root = Span(derived(), 2, 3).root()
    assert (root.start, root.end) == (3, 9)


def test_empty_spans_stay_empty() -> None:
    source = derived()
    for offset, origin in ((0, 1), (2, 3), (3, 9), (5, 11)):
        root = Span(source, offset, offset).root()
        assert (root.start, root.end) == (origin, origin)


def test_skipped_text_belongs_to_nobody() -> None:
    parent = Source("f", "ab\\\n   cd")
    source = Source("f", "abcd", Derivation(parent, [0, 2, 2, 4], [0, 2, 7, 9]))
    assert Span(source, 0, 2).root() == Span(parent, 0, 2)
    assert Span(source, 2, 4).root() == Span(parent, 7, 9)
    assert Span(source, 1, 3).root().text == "b\\\n   c"


def test_an_escape_may_mean_several_characters() -> None:
    parent = Source("f", "x${a}y")
    source = Source("f", "xLONGERy", Derivation(parent, [0, 1, 7, 8], [0, 1, 5, 6]))
    for offset in range(1, 7):
        assert Span(source, offset, offset + 1).root().text == "${a}"
    assert Span(source, 6, 8).root().text == "${a}y"


def test_offsets_outside_a_derived_text_are_held_to_it() -> None:
    root = Span(derived(), -3, 99).root()
    assert root.text == "ab\\u00e9cd"


def test_derivations_chain() -> None:
    inner = derived()
    outer = Source("p.json", "bé", Derivation(inner, [0, 2], [1, 3]))
    assert Span(outer, 1, 2).root().text == "\\u00e9"
    assert Span(outer, 1, 2).root().source.origin is None


def test_cover_is_the_smallest_span_of_both() -> None:
    source = Source("f", "abcdef")
    assert Span(source, 4, 5).cover(Span(source, 1, 2)) == Span(source, 1, 5)


def test_cover_across_derivations_is_in_the_root() -> None:
    source = derived()
    assert isinstance(source.origin, Derivation)
    parent = source.origin.parent
    assert Span(source, 2, 3).cover(Span(parent, 0, 1)) == Span(parent, 0, 9)


def test_cover_of_strangers_is_the_first() -> None:
    mine = Span(Source("a", "a"), 0, 1)
    assert mine.cover(Span(Source("b", "b"), 0, 1)) is mine


def test_an_anchored_part_follows_its_file() -> None:
    anchor = Anchor(Source("a.tf", "one two three"), 4)
    part = Source("a.tf", "two", anchor)
    escaped = Source("a.tf", "W", Derivation(part, [0, 1], [1, 2]))
    places = [Span(part, 0, 3), Span(escaped, 0, 1)]
    assert [each.root().text for each in places] == ["two", "w"]
    anchor.parent, anchor.offset = Source("a.tf", "zero one two"), 9
    assert [each.root().text for each in places] == ["two", "w"]
    assert [each.root().start for each in places] == [9, 10]
    # what is derived in another way is no part of the file
    assert places[0].placed() == places[0].root()
    assert places[1].placed() is places[1]


def test_a_problem_blocks_unless_said_otherwise() -> None:
    assert Problem("unreadable-file", "permission denied", "a.json").blocking


def test_files_in_memory_are_read_as_bytes() -> None:
    files = DictFiles({"a/b.json": "é", "c": b"\xff"})
    assert files.read("a/b.json") == "é".encode()
    assert files.read("./a//b.json") == "é".encode()
    assert files.read("c") == b"\xff"


def test_folders_in_memory_are_listed_in_order() -> None:
    files = DictFiles({"b/y/z.json": "123", "b/x": "", "a": "1"})
    assert files.list(".") == [Entry("a", "file", 1), Entry("b", "folder", 0)]
    assert files.list("b/") == [Entry("x", "file", 0), Entry("y", "folder", 0)]
    assert DictFiles({}).list("") == []


def test_absolute_paths_are_their_own_tree() -> None:
    files = DictFiles({"/a/b": ""})
    assert files.list("/") == [Entry("a", "folder", 0)]
    assert files.list("/a") == [Entry("b", "file", 0)]
    assert files.list(".") == []


def test_kinds_of_what_is_and_what_is_not() -> None:
    files = DictFiles({"a/b": ""})
    assert [files.kind(path) for path in ("a", "a/b", "a/b/c", ".")] == [
        "folder",
        "file",
        None,
        "folder",
    ]


@pytest.mark.parametrize(
    ("path", "reason"), [("a", "is a folder"), ("x", "no such file"), ("a/b/c", "no such file")]
)
def test_what_cannot_be_read_says_why(path: str, reason: str) -> None:
    with pytest.raises(FileError) as caught:
        DictFiles({"a/b": ""}).read(path)
    assert caught.value.reason == reason


@pytest.mark.parametrize(("path", "reason"), [("a/b", "not a folder"), ("x", "no such folder")])
def test_what_cannot_be_listed_says_why(path: str, reason: str) -> None:
    with pytest.raises(FileError) as caught:
        DictFiles({"a/b": ""}).list(path)
    assert caught.value.reason == reason

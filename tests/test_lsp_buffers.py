"""Texts, positions and URIs of an editor, held against a model that is slow and obvious."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iamlint.lsp.buffers import Buffers, Edit, Range
from iamlint.lsp.positions import UTF8, UTF16, UTF32, Lines
from iamlint.lsp.uris import path_of, uri_of

ENCODINGS = (UTF8, UTF16, UTF32)
ALPHABET = "ab\t \r\n\r\n😀𝒳é漢\u0301\u2028\ufeff\x00\x0b\ud83d\ude00"
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=12)
NUMBERS = st.integers(0, 9)
POSITIONS = st.tuples(NUMBERS, NUMBERS)
EDITS = st.builds(Edit, st.none() | st.builds(Range, POSITIONS, POSITIONS), TEXTS)


class Model:
    """A text as the units that a client counts, one number each."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding

    def units(self, text: str) -> list[int]:
        if self.encoding == UTF32:
            return [ord(character) for character in text]
        if self.encoding == UTF8:
            return list(text.encode("utf-8", "surrogatepass"))
        data = text.encode("utf-16-le", "surrogatepass")
        return [data[at] + 256 * data[at + 1] for at in range(0, len(data), 2)]

    def text(self, units: list[int]) -> str | None:
        if self.encoding == UTF32:
            return "".join(map(chr, units))
        try:
            if self.encoding == UTF8:
                return bytes(units).decode("utf-8", "surrogatepass")
            data = bytes(byte for unit in units for byte in (unit % 256, unit // 256))
            return data.decode("utf-16-le", "surrogatepass")
        except UnicodeDecodeError:
            return None

    def at(self, units: list[int], position: tuple[int, int]) -> int:
        """The unit at a position: walk over the lines, and then over the units."""
        line, column = position
        at = 0
        for _ in range(line):
            while at < len(units) and units[at] not in (10, 13):
                at += 1
            if at == len(units):
                return at
            at += 2 if units[at : at + 2] == [13, 10] else 1
        while column and at < len(units) and units[at] not in (10, 13):
            at, column = at + 1, column - 1
        return at

    def edited(self, text: str | None, edit: Edit) -> str | None:
        if edit.place is None:
            return edit.text
        if text is None or edit.place.end < edit.place.start:
            return None
        units = self.units(text)
        start, end = (self.at(units, position) for position in edit.place)
        return self.text(units[:start] + self.units(edit.text) + units[end:])


def plain(text: str) -> str:
    """A text as it comes out of a message: halves of a pair that stand together are one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@given(st.sampled_from(ENCODINGS), TEXTS, st.lists(st.lists(EDITS, max_size=4), max_size=6))
@example(UTF16, "😀", [[Edit(Range((0, 1), (0, 2)), "")], [Edit(Range((0, 1), (0, 1)), "\ude00")]])
@example(
    UTF16, "a\r\nb", [[Edit(Range((0, 1), (1, 0)), "\r")], [Edit(Range((1, 0), (1, 0)), "\n")]]
)
@example(UTF8, "é", [[Edit(Range((0, 1), (0, 1)), "x")], [Edit(None, "y")]])
def test_a_buffer_is_the_text_of_the_editor(
    encoding: str, text: str, messages: list[list[Edit]]
) -> None:
    buffers, model = Buffers(encoding), Model(encoding)
    expected: str | None = plain(text)
    buffers.open("file:///a", "json", 0, plain(text))
    for version, edits in enumerate(messages, 1):
        sent = [edit._replace(text=plain(edit.text)) for edit in edits]
        document = buffers.change("file:///a", version, sent)
        for edit in sent:
            expected = model.edited(expected, edit)
        assert document is not None
        assert document is buffers.get("file:///a")
        assert (document.version, document.text) == (version, expected)


@given(st.sampled_from(ENCODINGS), TEXTS.map(plain), st.integers(0, 12))
def test_positions_lead_back(encoding: str, text: str, offset: int) -> None:
    offset = min(offset, len(text))
    if text[max(offset - 1, 0) : offset + 1] == "\r\n":
        offset -= 1  # between the two there is no position
    line, column = Lines(text).position(offset, encoding)
    model = Model(encoding)
    assert Lines(text).offset(line, column, encoding) == offset
    assert model.at(model.units(text), (line, column)) == len(model.units(text[:offset]))


def test_columns_are_counted_in_the_units_that_were_agreed_on() -> None:
    lines = Lines("\t😀é = x\r\ny\rz")
    at = lines.text.index("x")
    assert [lines.position(at, encoding) for encoding in ENCODINGS] == [(0, 10), (0, 7), (0, 6)]
    assert lines.position(lines.text.index("z"), UTF16) == (2, 0)
    assert lines.offset(0, 99, UTF16) == lines.text.index("\r")
    assert lines.offset(99, 0, UTF16) == len(lines.text)
    assert lines.offset(0, 2, UTF8) is None  # inside of the emoji
    assert lines.offset(0, 2, UTF16) is None


RANGES = [
    pytest.param(Range((0, 2), (0, 1)), id="inverted"),
    pytest.param(Range((2, 0), (1, 5)), id="inverted-lines"),
]


@pytest.mark.parametrize("place", RANGES)
def test_after_an_impossible_edit_nobody_knows_the_text(place: Range) -> None:
    buffers = Buffers()
    buffers.open("file:///a", "json", 1, "one\ntwo\nthree")
    assert text_after(buffers, 2, Edit(place, "x")) is None
    assert text_after(buffers, 3, Edit(Range((0, 0), (0, 0)), "x")) is None
    assert text_after(buffers, 4, Edit(None, "all")) == "all"


def test_an_edit_that_comes_late_makes_the_text_unknown() -> None:
    buffers = Buffers()
    buffers.open("file:///a", "json", 5, "one")
    assert text_after(buffers, 5, Edit(None, "two")) is None
    assert text_after(buffers, 4, Edit(None, "three")) is None
    assert text_after(buffers, 6, Edit(None, "four")) == "four"
    assert text_after(buffers, 5, Edit(None, "five")) is None
    saved = buffers.save("file:///a", "six")
    assert saved is not None
    assert saved.text == "six"


def text_after(buffers: Buffers, version: int, edit: Edit) -> str | None:
    document = buffers.change("file:///a", version, [edit])
    assert document is not None
    return document.text


def test_what_is_not_open_is_not_changed() -> None:
    buffers = Buffers()
    assert buffers.change("file:///a", 1, [Edit(None, "x")]) is None
    assert buffers.close("file:///a") is None
    assert buffers.save("file:///a", "x") is None
    assert buffers.open("file:///a", "json", 1, "x")
    assert not buffers.open("file:///a", "json", 1, "y")
    assert [each.text for each in buffers] == ["y"]


def test_one_document_has_many_spellings() -> None:
    buffers = Buffers()
    buffers.open("file:///a%20b/c.json", "json", 1, "x")
    assert buffers.get("file:///a b/c.json") is buffers.get("file:///a%20b/./c.json") is not None


URIS = {
    "file:///tmp-x/a%20b/%C3%A4%F0%9F%98%80.tf": "/tmp-x/a b/ä😀.tf",
    "file:///tmp-x/100%25.json": "/tmp-x/100%.json",
    "file://localhost/tmp-x/a.json": "/tmp-x/a.json",
    "file:///tmp-x/what?is#this.json": "/tmp-x/what?is#this.json",
    "FILE:///tmp-x/../tmp-y/a.json": "/tmp-y/a.json",
    "untitled:Untitled-1": None,
    "https://example.com/a.json": None,
    "file:relative.json": None,
    "file:///nul%00.json": None,
    "file://[broken": None,
    "file:///half/\ud800.json": None,
    "file:///half\ud800/a.json": None,
    "": None,
}


@pytest.mark.skipif(os.name != "posix", reason="paths of Windows are others")
@pytest.mark.parametrize("uri", URIS)
def test_uris_name_paths(uri: str) -> None:
    assert path_of(uri) == URIS[uri]


NAMES = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1)


@given(NAMES.filter(lambda name: name not in (".", "..")))
def test_a_path_survives_its_uri(name: str) -> None:
    assert path_of(uri_of(f"/no-such-folder/{name}")) == f"/no-such-folder/{name}"
    assert uri_of(f"/no-such-folder/{name}").isascii()


def test_a_drive_of_windows_has_one_spelling() -> None:
    buffers = Buffers()
    buffers.open("file:///C:/a/b.tf", "terraform", 1, "x")
    assert buffers.get("file:///c%3A/a/b.tf") is not None
    assert uri_of("c:/a/b c.tf") == "file:///c:/a/b%20c.tf"


def test_a_link_is_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert path_of((tmp_path / "link" / "a.json").as_uri()) == str(tmp_path / "real" / "a.json")


def test_json_carries_halves_of_pairs() -> None:
    """What the model takes for granted of messages."""
    assert json.loads('"\\ud83d\\ude00"') == "😀"
    assert json.loads('"\\ud83d"') == "\ud83d"

"""Decoded text leads back to the very characters it was written with."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_texts import read, sound

from iamlint.source import Source, Span
from iamlint.syntax.json import decoded, parse, url_decoded


@given(st.text(st.characters() | st.sampled_from('"\\\n🚀'), max_size=20), st.booleans(), st.data())
def test_a_part_is_written_where_it_says(text: str, ascii_only: bool, data: st.DataObject) -> None:
    value, _ = read(f" [{json.dumps(text, ensure_ascii=ascii_only)}]")
    assert value is not None
    string = value.items()[0]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    part = string.part(start, end)
    assert json.loads(f'"{part.text}"') == string.data[start:end]
    assert Span(decoded(string), start, end).root() == part


def test_every_escape_has_its_place() -> None:
    string = sound(r'"a\n\u00e9\ud83d\ude80\/\"z"')
    parts = [string.part(i, i + 1).text for i in range(len(string.data))]
    assert parts == ["a", r"\n", r"\u00e9", r"\ud83d\ude80", r"\/", r"\"", "z"]


def test_parts_of_other_kinds_are_the_whole() -> None:
    assert sound("1234").part(1, 2).text == "1234"


def test_json_in_json_leads_back_to_the_file() -> None:
    inner = json.dumps({"Sid": "né\n"})
    outer = json.dumps({"Policy": json.dumps({"Doc": inner})})
    policy = sound(outer).get("Policy")
    assert policy is not None
    middle, _ = parse(decoded(policy))
    doc = middle.get("Doc") if middle else None
    assert doc is not None
    innermost, problems = parse(decoded(doc))
    assert problems == []
    sid = innermost.get("Sid") if innermost else None
    assert sid is not None
    assert sid.plain() == "né\n"
    assert sid.part(2, 3).root().text == "\\\\\\\\n"
    assert sid.part(1, 2).root().text == "\\\\\\\\u00e9"


@given(st.text(max_size=20))
def test_what_was_url_encoded_is_decoded(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    source = url_decoded(Source("f", quote(text, safe="")))
    assert source.text == text
    for offset, character in enumerate(text):
        assert Span(source, offset, offset + 1).root().text in (
            quote(character, safe=""),
            character,
        )


@pytest.mark.parametrize(
    "text", ["%", "%4", "%zz", "%ff", "%c3", "%c3(", "%c0%80", "%ed%a0%80", "%f4%90%80%80", "a+b"]
)
def test_malformed_percent_escapes_stay(text: str) -> None:
    source = url_decoded(Source("f", f"x{text}%41"))
    assert source.text == f"x{text}A"
    assert Span(source, len(source.text) - 1, len(source.text)).root().text == "%41"
    assert Span(source, 1, len(text) + 1).root().text == text


def test_a_url_encoded_policy_leads_back_to_the_file() -> None:
    policy = '{"Sid": "né\\n"}'
    document = sound(json.dumps({"Doc": quote(policy)})).get("Doc")
    assert document is not None
    value, problems = parse(url_decoded(decoded(document)))
    assert problems == []
    sid = value.get("Sid") if value else None
    assert sid is not None
    assert sid.plain() == "né\n"
    assert sid.part(1, 2).root().text == "%C3%A9"
    assert sid.part(2, 3).root().text == "%5Cn"

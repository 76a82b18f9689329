"""A JSON text that is read again after an edit says what it says when it is read at first."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.source import Source
from iamlint.syntax.json import parse
from iamlint.syntax.json_pieces import JsonPieces
from iamlint.syntax.value import Value

OPAQUE = frozenset(("PolicyDocument",))
ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "RoleName": 'r"é🚀\n',
        "Policies": [{"PolicyDocument": {"a": [1, -2.5e3, True, None]}}],
        "AssumeRolePolicyDocument": {"Statement": [{"Principal": {"AWS": "*"}}]},
    },
}
TEXT = json.dumps(
    {
        "Description": "é",
        "Resources": {"One": ROLE, "Two": {}, "Three": ROLE, "PolicyDocument": {"x": [{}]}},
        "Outputs": {"A": 1},
    },
    indent=1,
    ensure_ascii=False,
)
TOKENS = [
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a": 1,',
    "null",
    "\\",
    "\n",
    " ",
    "é",
    "🚀",
    "/*",
    "1",
]
TOKENS += ['"Resources": {"Four": {}},', "\ufeff", "\ud83d", "x", '"PolicyDocument": {"b": 2},']
EDITS = st.lists(
    st.tuples(
        st.integers(0, 1000), st.integers(0, 20), st.lists(st.sampled_from(TOKENS), max_size=2)
    ),
    min_size=1,
    max_size=8,
)


@given(EDITS)
@settings(max_examples=150, deadline=None)
def test_after_any_edits_it_is_what_a_first_reading_gives(
    edits: list[tuple[int, int, list[str]]],
) -> None:
    text, pieces = TEXT, JsonPieces("Resources", OPAQUE)
    agrees(pieces, text)
    for at, size, parts in edits:
        start = at * len(text) // 1000
        edited = text[:start] + "".join(parts) + text[start + size :]
        agrees(pieces, edited)
        sound = not parse(Source("t", edited))[1]
        text = edited if sound or at % 3 == 0 else text
        agrees(pieces, text)


def test_only_the_value_that_was_edited_is_read_again() -> None:
    pieces = JsonPieces("Resources", OPAQUE)
    before = members(pieces, TEXT)
    at = TEXT.index("-2500.0")
    text = TEXT[:at] + "77, " + TEXT[at:]
    after = members(pieces, text)
    assert [name for name in before if before[name] is not after[name]] == ["One"]
    moved = members(pieces, text.replace('"Two": {}', '"Four": [], "Two": {}'))
    assert set(moved) - set(after) == {"Four"}
    assert moved["Three"] is after["Three"]


def test_what_is_nested_too_deep_in_a_piece_is_so_in_the_whole() -> None:
    pieces = JsonPieces("Resources", OPAQUE)
    for levels in range(495, 502):
        pieces.read(Source("t.json", TEXT))
        text = TEXT.replace('"AWS": "*"', f'"AWS": {"[" * levels}{"]" * levels}')
        found, expected = pieces.read(Source("t.json", text)), parse(Source("t.json", text))
        assert (found[0] is None) is (expected[0] is None)
        assert list(map(str, found[1])) == list(map(str, expected[1]))


def members(pieces: JsonPieces, text: str) -> dict[str, Value]:
    value, _ = pieces.read(Source("t.json", text))
    inner = value.get("Resources") if value is not None else None
    assert inner is not None
    return {key.data: held for key, held in inner.members}


def agrees(pieces: JsonPieces, text: str) -> None:
    source = Source("t.json", text)
    value, problems = pieces.read(source)
    expected, faults = parse(Source("t.json", text), OPAQUE)
    assert shape(value, source) == shape(expected, None)
    assert [str(each) for each in problems] == [str(each) for each in faults]


def shape(value: Value | None, source: Source | None) -> object:
    """All that a value says, and where; if `source` is given, that is where."""
    if value is None:
        return None
    span = value.span.root()
    assert source is None or span.source is source
    held: object = value.data
    if value.kind == "object":
        held = [(shape(key, source), shape(each, source)) for key, each in value.members]
    elif value.kind == "array":
        held = [shape(each, source) for each in value.items()]
    elif value.kind == "string":
        held = value.data, [value.part(at, at + 1).root()[1:] for at in range(len(value.data))]
    return value.kind, span[1:], held

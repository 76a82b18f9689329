"""A YAML text that is read again after an edit says what it says when it is read at first."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from yaml_texts import NOISE

from iamlint.formats.parsing import parse
from iamlint.source import Source
from iamlint.syntax.value import Value
from iamlint.syntax.yaml import YamlValue
from iamlint.syntax.yaml_pieces import Pieces

TEXT = """\
---
# roles
Description: >-
  several
  lines
Parameters:
  Account: {Type: String, Default: 012345678901}
Resources:
  # the first
  Röle🚀:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
        - Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::${Account}:root'}
          Condition:
            StringLike: [yes, "a
              b", 'it''s']

  Second:
    Text: |+
      {"a": 1}

  # between
  Empty:
  "Third":
    !Sub
    - ${x}
    - x: ~
Outputs:
  A: {Value: !GetAtt Second.Arn}
"""
LINES = [
    "  New: {a: b}\n",
    "    deeper: |\n",
    "Other: x\n",
    "  # note\n",
    "\n",
    "  ? odd\n",
    "   x: y\n",
]
TOKENS = [*NOISE, *LINES, "é", "🚀", "x", "Resources:\n", "<<: {a: b}\n", "!!str ", "%TAG ! x\n"]
EDITS = st.lists(
    st.tuples(
        st.integers(0, 1000), st.integers(0, 30), st.lists(st.sampled_from(TOKENS), max_size=2)
    ),
    min_size=1,
    max_size=6,
)
MOVES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(0, 40)), max_size=4)


@given(EDITS, MOVES, st.booleans())
@settings(max_examples=300, deadline=None)
@example([(1000, 0, ["    foo: bar "])], [], False)
@example([(1000, 0, ["---\n"])], [], False)
def test_after_any_edits_it_is_what_a_first_reading_gives(
    edits: list[tuple[int, int, list[str]]], moves: list[tuple[int, int, int]], crlf: bool
) -> None:
    text = TEXT.replace("\n", "\r\n") if crlf else TEXT
    pieces = Pieces("Resources")
    agrees(pieces, text)
    for at, size, parts in edits:
        start = at * len(text) // 1000
        edited = text[:start] + "".join(parts) + text[start + size :]
        agrees(pieces, edited)
        if parse(Source("t", edited))[0] is not None or at % 3:
            text = edited
        agrees(pieces, text)
    for first, size, into in moves:
        lines = text.splitlines(keepends=True)
        taken = lines[first : first + size]
        del lines[first : first + size]
        lines[into:into] = taken
        text = "".join(lines)
        agrees(pieces, text)


def test_only_the_member_that_was_edited_is_read_again() -> None:
    pieces = Pieces("Resources")
    before = members(pieces, TEXT)
    text = TEXT.replace("{x}", "{longer}")
    after = members(pieces, text)
    assert [name for name in before if before[name] is not after[name]] == ["Third"]
    again = members(pieces, text.replace("# between", "# new\n  Added: {}"))
    assert set(again) - set(after) == {"Added"}
    assert again["Third"] is after["Third"]
    assert again["Röle🚀"] is before["Röle🚀"]


def test_a_member_that_is_gone_takes_nothing_with_it() -> None:
    pieces = Pieces("Resources")
    before = members(pieces, TEXT)
    after = members(pieces, TEXT.replace("  Empty:\n", ""))
    assert list(after) == ["Röle🚀", "Second", "Third"]
    assert after["Röle🚀"] is before["Röle🚀"]


def test_what_is_nested_too_deep_in_a_piece_is_so_in_the_whole() -> None:
    pieces = Pieces("Resources")
    for levels in (496, 497, 498, 499, 500):
        text = TEXT.replace("${x}", "[" * levels + "]" * levels)
        value, problems = pieces.read(Source("t.yaml", text))
        expected, faults = parse(Source("t.yaml", text))
        assert (value is None) is (expected is None)
        assert [str(each) for each in problems] == [str(each) for each in faults]
        pieces.read(Source("t.yaml", TEXT))


def members(pieces: Pieces, text: str) -> dict[str, Value]:
    value, _ = pieces.read(Source("t.yaml", text))
    inner = value.get("Resources") if value is not None else None
    assert inner is not None
    return {key.data: held for key, held in inner.members}


def agrees(pieces: Pieces, text: str) -> None:
    source = Source("t.yaml", text)
    value, problems = pieces.read(source)
    expected, faults = parse(Source("t.yaml", text))
    assert shape(value, source) == shape(expected, None)
    assert [str(each) for each in problems] == [str(each) for each in faults]


def shape(value: Value | None, source: Source | None) -> object:
    """All that a value says, and where; if `source` is given, that is where."""
    if value is None:
        return None
    assert isinstance(value, YamlValue)
    span = value.span.root()
    assert source is None or span.source is source
    tag = value.tag_span.root()[1:] if value.tag_span else None
    use = value.use.root()[1:] if value.use else None
    held: object = value.data
    if value.kind == "object":
        held = [(shape(key, source), shape(each, source)) for key, each in value.members]
    elif value.kind == "array":
        held = [shape(each, source) for each in value.items()]
    return value.kind, span[1:], value.tag, tag, use, value.style, held

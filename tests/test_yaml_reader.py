"""The YAML reader: text stays as written, every place is exact, and every fault is told."""

from __future__ import annotations

import string
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from yaml_texts import (
    STRINGS,
    STYLES,
    TEMPLATE,
    as_written,
    every,
    loaded,
    read,
    sound,
)

from iamlint.source import Derivation, Source, Span
from iamlint.syntax.json import decoded
from iamlint.syntax.yaml import Alias, Tagged, YamlValue, parse, tag_of

# Scalars are the text that was written


NUMBERS = ["012345678901", "111122223333", "0123", "0x1F", "1e3", "1_000", "3600", "-1.5", ".inf"]
WORDS = ["yes", "NO", "on", "true", "False", "=", "2012-10-17", "12:30:45", "2008-10-17T00:00:00Z"]


@pytest.mark.parametrize("text", NUMBERS + WORDS)
def test_no_scalar_is_reinterpreted(text: str) -> None:
    for value in (sound(text), sound(f"- {text}").items()[0], sound(f"{text}: 1").members[0].key):
        assert (value.kind, value.data, value.span.text) == ("string", text, text)


@pytest.mark.parametrize("text", ["~", "null", "Null", "NULL", "!!null x", "--- # nothing"])
def test_null_is_null(text: str) -> None:
    value = sound(text)
    assert (value.kind, value.data) == ("null", None)


@pytest.mark.parametrize("text", ["'null'", '"~"', "nulL", "!!str null", "! null", "!!str", "''"])
def test_what_only_looks_like_null_is_text(text: str) -> None:
    value = sound(text)
    assert value.kind == "string"
    assert value.data == yaml.load(text, yaml.CBaseLoader)


def test_a_key_is_text_whatever_it_is() -> None:
    value = sound("1: a\ntrue: b\n~: c\nnull: d\n2012-10-17: e\n? # f\n: f\n!!null x: g\n")
    assert [member.key.data for member in value.members] == [
        *("1", "true", "~", "null", "2012-10-17", "", "x")
    ]
    assert {member.key.kind for member in value.members} == {"string"}


@pytest.mark.parametrize(
    ("style", "texts"),
    [
        ("plain", ["a", "-a", "", "~"]),
        ("single", ["'a'", "''"]),
        ("double", ['"a"']),
        ("literal", ["|\n a", "|+\n"]),
        ("folded", [">\n a"]),
        ("flow", ["[]", "{}"]),
        ("block", ["\n  - a", "\n- a", "\n  a: b", "\n  'a': b"]),
    ],
)
def test_the_style_is_kept(style: str, texts: list[str]) -> None:
    for text in texts:
        for value in (sound(f"x: {text}").get("x"), sound(f"x: &x !t {text}").get("x")):
            assert isinstance(value, YamlValue)
            assert value.style == style


def test_duplicates_are_kept_and_the_last_is_got() -> None:
    value = sound("a: 1\nb: 2\na: {c: 3}\n")
    assert [member.key.data for member in value.members] == ["a", "b", "a"]
    assert value.plain() == {"a": {"c": "3"}, "b": "2"}


# Places


def place(text: str, name: str = "x") -> str:
    value = sound(text).get(name)
    assert value is not None
    return value.span.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x: ab # c\n", "ab"),
        ("x: ab  \n   cd\n\n# c\ny: 1", "ab  \n   cd"),
        ("x: &a !Sub 'b'\n", "'b'"),
        ("x: !Sub &a # c\n  'b'\n", "'b'"),
        ("x: !<tag:a,b> b\n", "b"),
        ("x: !Sub\ny: 1\n", ""),
        ("x: !Sub \xa0b\n", "\xa0b"),
        ("x:\ny: 1\n", ""),
        ("x: {a: 1} # c\n", "{a: 1}"),
        ("x: !If [a,\n  b]\n", "[a,\n  b]"),
        ("x:\n  - 1\n  - 2\n\n# c\n\ny: 1\n", "- 1\n  - 2"),
        ("x:\n- 1\n- 2\ny: 1\n", "- 1\n- 2"),
        ("x: !T\n- 1\n", "- 1"),
        ("x: &a\n  b: 1\n\n\n# c\ny: 1\n", "b: 1"),
        ("x: |\n  a\n   b\n\n\n# c\ny: 1\n", "|\n  a\n   b"),
        ("x: >+\n  a\n\n\n# c\n", ">+\n  a"),
        ("x: |- # c\n\n  a  \n\n \n", "|- # c\n\n  a  "),
        ("x: |\n\n\ny: 1", "|"),
        ("x: !Sub |\n  a\n", "|\n  a"),
        ("x: [a: 1, b]\n", "[a: 1, b]"),
        ("x:\n  y:\n    - z:\n\n\n", "y:\n    - z:"),
        ("z: &a {}\nx:\n  y: *a\n\n", "y: *a"),
        ("x:\n  ? y\n\n\n# c: d\nz: 1\n", "? y"),
        ("x:\n  ? y # c: d\n  :\n# c\nz: 1\n", "? y # c: d\n  :"),
    ],
)
def test_a_span_is_the_value_and_no_more(text: str, expected: str) -> None:
    for prefix in ("", "\ufeff", "🚀: é\n", "a: 1\r\nb: 2\r\n", "a: 1\x85b: '\u2028'\u2029"):
        assert place(prefix + text) == expected
    crlf = text.replace("\n", "\r\n")
    assert place(crlf) == expected.replace("\n", "\r\n")


def test_the_pair_in_a_list_has_its_place() -> None:
    pair = sound("[a, b: [c] , d]").items()[1]
    assert (pair.kind, pair.span.text) == ("object", "b: [c]")


def test_a_byte_order_mark_moves_nothing() -> None:
    assert place("\ufeffx: '🚀'") == "'🚀'"
    assert sound("\ufeff%YAML 1.1\n---\n- a").items()[0].span.text == "a"


# Tags


def test_tags_have_a_name_and_a_place() -> None:
    value = sound("- !Sub a\n- !GetAtt\n- !If [a, !Ref b]\n- &x !Join {a: 1}\n- !T\n  a: 1\n- b")
    tags = [(tag_of(v), v.tag_span.text) for v in every(value) if isinstance(v, Tagged)]
    assert sorted(tags) == sorted((t, t) for t in ("!Sub", "!GetAtt", "!If", "!Ref", "!Join", "!T"))
    sub, att, *_, plain = value.items()
    assert (sub.kind, sub.data, att.kind, att.data) == ("string", "a", "string", "")
    assert tag_of(plain) == ""
    assert isinstance(plain, YamlValue)
    assert plain.tag_span is None


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("!!python/object/apply:os.system [a]", "tag:yaml.org,2002:python/object/apply:os.system"),
        ("!!binary aGk=", "tag:yaml.org,2002:binary"),
        ("!<!Sub> a", "!Sub"),
        ("!<tag:x,y> a", "tag:x,y"),
        ("!a%20b a", "!a b"),
        ("!e!foo a", "tag:e,2000:foo"),
    ],
)
def test_a_tag_constructs_nothing(written: str, tag: str) -> None:
    value = sound(f"%TAG !e! tag:e,2000:\n---\n- {written}").items()[0]
    assert isinstance(value, Tagged)
    assert (value.tag, value.tag_span.text) == (tag, written.partition(" ")[0])
    assert value.plain() in ("a", ["a"], "aGk=")


@pytest.mark.parametrize("tag", ["!!str", "!!int", "!!float", "!!bool", "!!map", "!!seq", "!"])
def test_a_tag_that_says_no_more_than_the_text_is_none(tag: str) -> None:
    content = {"!!map": "{}", "!!seq": "[]"}.get(tag, "0123")
    value = sound(f"{tag} {content}")
    assert (type(value), value.span.text) == (YamlValue, content)
    assert value.plain() in ({}, [], "0123")


# Anchors, aliases, merges


def test_an_alias_knows_both_places() -> None:
    value = sound("a: &x !If [b, c]\nd: *x\ne: &y y\n*y : *y\n")
    first, used = value.get("a"), value.get("d")
    assert isinstance(used, Alias)
    assert used.definition is first
    assert first is not None
    assert used.data is first.data
    assert (used.use.text, used.span.text, used.tag) == ("*x", "[b, c]", "!If")
    assert used.tag_span is not None
    assert used.tag_span.text == "!If"
    key, text = value.members[-1]
    assert isinstance(key, Alias)
    assert (key.data, key.use.text, key.span.text, text.data) == ("y", "*y", "y", "y")


def test_an_anchor_holds_until_the_next_of_its_name() -> None:
    text = "- &a 1\n- *a\n- &a [&a 2, *a]\n- *a\n"
    assert sound(text).plain() == ["1", "1", ["2", "2"], "2"]


MAPPINGS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9).map(str), max_size=3)


@given(st.lists(MAPPINGS, min_size=1, max_size=4), MAPPINGS, st.data())
def test_merges_are_those_of_yaml(
    bases: list[dict[str, str]], own: dict[str, str], data: st.DataObject
) -> None:
    names = data.draw(st.lists(st.sampled_from(range(len(bases))), max_size=4))
    flow = [str(base).replace("'", '"') for base in bases]
    lines = [f"- &m{i} {base}" for i, base in enumerate(flow)]
    merge = [f"*m{i}" for i in names] + data.draw(st.sampled_from([[], [flow[0]]]))
    form = merge[0] if len(merge) == 1 else f"[{', '.join(merge)}]"
    text = "\n".join([*lines, *(f"- {{<<: {form}, {str(own)[1:-1]}}}" for _ in "1")])
    text = text.replace(", }", "}").replace("'", '"')
    assert sound(text).plain() == yaml.safe_load(text)


def test_what_was_merged_says_so() -> None:
    text = "a: &x {b: 1, c: 2}\nd: &y\n  <<: *x\n  c: 3\ne:\n  <<: [{f: 4}, *y]\n"
    value = sound(text).get("e")
    assert value is not None
    assert value.plain() == {"f": "4", "b": "1", "c": "3"}
    found = {}
    for key, member in value.members:
        assert isinstance(key, Alias)
        found[key.data] = (key.use.text, key.span.text, member.span.text)
    assert found == {"f": ("<<", "f", "4"), "b": ("*y", "b", "1"), "c": ("*y", "c", "3")}
    own = sound(text).get("d")
    assert own is not None
    assert [type(member.key) for member in own.members] == [Alias, YamlValue]


def test_of_two_merges_the_last_wins() -> None:
    text = "- &x {a: b}\n- &y {a: c}\n- {<<: *x, <<: *y}\n"
    # as PyYAML had it up to 6.0.3; since then the first one does
    assert sound(text).plain() == [{"a": "b"}, {"a": "c"}, {"a": "c"}]


def test_a_quoted_merge_is_a_name() -> None:
    assert sound("'<<': {a: 1}").plain() == {"<<": {"a": "1"}}


# Decoded text and its places


BREAKS = "\n\r\x85\u2028\u2029"


def check_parts(value: YamlValue) -> None:
    """Every character is where it was written, and every range from its first to its last."""
    data, text = value.data, value.span.source.text
    spans = [value.part(at, at + 1) for at in range(len(data))]
    for at, span in enumerate(spans):
        assert value.part(at, at) == Span(span.source, span.start, span.start)
        assert decodes(value.style, span.text, data[at]), (span.text, data[at])
        after = spans[at + 1] if at + 1 < len(spans) else None
        assert after is None or span == after or span.end <= after.start
        for end in range(at + 1, min(len(data), at + 8) + 1):
            part = value.part(at, end)
            assert part == Span(span.source, span.start, spans[end - 1].end)
            if not set(part.text) & set(BREAKS + "\\'"):
                assert part.text == data[at:end]
    derivation = value.derivation()
    assert isinstance(derivation, Derivation)
    _, starts, origins = derivation
    assert (starts, origins) == (sorted(starts), sorted(origins))
    assert (starts[0], starts[-1], len(starts)) == (0, len(data), len(origins))
    assert text[value.span.start : origins[0]].strip(BREAKS + "|>+-0123456789 \t#c'\"") == ""


def decodes(style: str, written: str, character: str) -> bool:
    if written == character:
        return True
    if style == "double" and written[0] == "\\" and written[1] not in BREAKS:
        return bool(yaml.safe_load(f'"{written}"') == character)
    if style == "single" and written == "''":
        return character == "'"
    lines = set(BREAKS + " \t\\")  # a fold and the indent around it
    return character in " \n\u2028\u2029" and set(written) <= lines


@given(STRINGS, st.sampled_from(STYLES), st.integers(2, 5), st.integers(4, 20), st.booleans())
@example("a\n\n\nb\n c\n\n d\n", ">", 2, 10, False)
@example("\n\n  a\n\n", "|", 3, 10, True)
@example("a b c d e f g h", ">", 2, 4, True)
@example("🚀 'a'  \x85 b \u2028 c", "'", 2, 4, False)
def test_what_pyyaml_writes_is_read_and_placed(
    text: str, style: Any, indent: int, width: int, crlf: bool
) -> None:
    written = yaml.dump(
        {"🚀": [text], text[:2]: {"x": text}},
        default_style=style,
        indent=indent,
        width=width,
        allow_unicode=True,
        line_break="\r\n" if crlf else "\n",
    )
    try:
        expected = loaded(written)
    except yaml.YAMLError:  # PyYAML does not read all that it writes
        assume(False)
    value = sound(written)
    assert as_written(value) == expected
    for scalar in every(value):
        if scalar.kind == "string":
            check_parts(scalar)


LINES = st.lists(st.sampled_from(["", "a", " b", "  c", "d e ", "\t", "é🚀", "- x", "# y", "   "]))
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])


@given(LINES, ENDS, st.sampled_from("|>"), st.sampled_from(["", "+", "-"]), st.integers(0, 3))
@example(["a", "", "b"], "\u2028", ">", "", 0)
@example(["   ", "a"], "\n", "|", "", 1)
@example(["", "", "a", "", ""], "\r\n", ">", "+", 0)
def test_block_scalars_are_placed(
    lines: list[str], end: str, mark: str, chomp: str, digit: int
) -> None:
    indent = "  " + " " * max(digit, 1)
    body = end.join(indent + line if line else line for line in lines)
    text = f"x:\n  y: !t {mark}{digit or ''}{chomp} # c{end}{body}{end}z: 1\n"
    try:
        expected = loaded(text)
    except yaml.YAMLError:
        assume(False)
    value = sound(text)
    assert as_written(value) == expected
    scalar = next(v for v in every(value) if v.tag == "!t")
    derivation = scalar.derivation()
    assert isinstance(derivation, Derivation)
    check_parts(scalar)
    if scalar.data.strip():
        assert len(derivation.starts) > 2 or len(scalar.data) == 1


FLOW = st.lists(
    st.sampled_from(["a", "b c", " ", "  ", "\t", "''", '\\"', "\\n", "\\x41", "\\u00e9", "é🚀"])
    | st.sampled_from(["\\U0001F680", "\\\n", "\\\r\n  ", "\n", "\r\n", "\x85", "\u2028", "\\ "])
    | st.sampled_from(["\\/", "\\_", "\\N", "\\L", "\\P", "\\0", "\\\t", "\n\n", " \n  \n "]),
    max_size=8,
).map("".join)


@given(FLOW, st.sampled_from("'\" "))
@example("a\u2028\n b", '"')
@example("a \\\n\n\n b", '"')
@example("a\n\n \u2029b", " ")
def test_flow_scalars_are_placed(inside: str, quote: str) -> None:
    text = f"- [{quote}{inside}{quote}, z]"
    try:
        expected = loaded(text)
    except yaml.YAMLError:
        assume(False)
    value = sound(text)
    assert as_written(value) == expected
    for scalar in every(value):
        if scalar.kind == "string":
            check_parts(scalar)


def test_every_escape_is_known() -> None:
    for letter in string.printable:
        text = f'"x\\{letter}41"' if letter not in "uU" else f'"x\\{letter}00000041"'
        try:
            data = loaded(text)
        except yaml.YAMLError:
            continue
        value = sound(text)
        assert value.data == data
        assert value.part(0, 1).text == "x"
        assert letter in "\n\r" or value.part(1, 2).text.startswith("\\")
        check_parts(value)


def test_json_inside_a_block_leads_back_to_the_template() -> None:
    text = 'Policy: !Sub |\r\n  {\r\n    "a": "${X}",\r\n    "b": [1]\r\n  }\r\n'
    value = sound(text).get("Policy")
    assert value is not None
    inner, problems = parse(decoded(value))
    assert not problems
    assert inner is not None
    found = {v.data: v.span.root().text for v in every(inner) if v.kind == "string"}
    assert found == {"a": '"a"', "${X}": '"${X}"', "b": '"b"', "1": "1"}


# What cannot be read


@pytest.mark.parametrize(
    ("text", "at", "message", "advice"),
    [
        ("", "", "the text is empty", None),
        ("# c\n", "# c\n", "the text holds no YAML value", None),
        ("Principal: *\n", "*", "`*` is not in quotes", 'write `"*"`'),
        ("- *.a.com\n", "*.a.com", "`*.a.com` is not in quotes", 'write `"*.a.com"`'),
        ("a: [b, *]\n", "*", "`*` is not in quotes", 'write `"*"`'),
        ("a: &\n", "&", "`&` is not in quotes", 'write `"&"`'),
        ("a:\n\tb: 1\n", "\t", "a tab indents this line", "spaces only"),
        ("a:\n  b: 1\n\tc: 2\n", "\t", "a tab indents this line", "spaces only"),
        ("a: |\n\tb\n", "\t", "a tab indents this line", "spaces only"),
        ("a: {{ b }}\n", "{{ b }}", "`{{ b }}` is not in quotes", "in quotes"),
        ("a: {{ b }}-c\n", "{{ b }}", "`{{ b }}` is not in quotes", "in quotes"),
        ("a: x-{{ b: }}: c\n", "{{ b: }}", "`{{ b: }}` is not in quotes", "in quotes"),
        ("{% if b %}\n", "{% if b %}", "`{% if b %}` is not in quotes", "in quotes"),
        ("a: @b # c\n", "@b", "plain text cannot begin with `@`", 'write `"@b"`'),
        ("a: %b\n", "%b", "plain text cannot begin with `%`", 'write `"%b"`'),
        ("a: `b`\n", "`b`", "plain text cannot begin with a backtick", "double quotes"),
        ("a: b: c\n", ":", "`:` followed by a space is in the middle", 'write `"b: c"`'),
        ("a: !Sub b: c\n", ":", "`:` followed by a space is in the middle", 'write `"b: c"`'),
        ("- a: 'b\n", "'", "this `'` is never closed", "put `'` where it ends"),
        ('a: "b\n---\n', '"', 'this `"` is never closed', 'put `"` where it ends'),
        ("a: 'it's'\n", "s'", "`s'` follows the closing `'`", "is written `''`"),
        ('a: "b" c\n', "c", '`c` follows the closing `"`', 'is written `\\"`'),
        ("a: [b] c\n", "c", "`c` follows the closing `]`", "the whole text in quotes"),
        ("a:1\nb: 2\n", ":", "a space is missing after this `:`", "`key: value`"),
        ("b: 2\na:1\nc: 3\n", ":", "a space is missing after this `:`", "`key: value`"),
        ("a:\xa01\nb: 2\n", ":\xa0", "the space after this `:` is U+00A0", "plain space"),
        ("a: 1\nfoo\n", "foo", "`foo` stands where a key is due", "`key: value`"),
        ("a: 1\n  b: 2\n", "b:", "`b` is indented more than the line above", "alike"),
        (" a: 1\nb: 2\n", "b:", "`b:` is outside of what the text began with", "alike"),
        ("a:\n   b: 1\n  c: 2\n", "c:", "`c:` is indented like nothing above it", "alike"),
        ("- a\nb: 1\n", "b:", "`b:` stands where an item of a list is due", "alike"),
        ("a: 1\n- b\n", "-", "a list item stands where a key is due", "alike"),
        ("a: - b\n", "-", "a list cannot begin on the line of its key", "next line"),
        ("a: -\n", "-", "`-` is not in quotes", 'write `"-"`'),
        ("a: ? b\n", "? b", "`? b` is not in quotes", 'write `"? b"`'),
        ("a: [1, 2\nb: 3\n", "[", "this `[` is never closed", "put `]` where it ends"),
        ("a: {b: 1\n", "{", "this `{` is never closed", "put `}` where it ends"),
        ("a: [1}\n", "}", "`}` cannot close the `[` at 1:4", "write `]`"),
        ("a: ['b' 'c']\n", "'c'", "`,` or `]` is missing before this", "in quotes"),
        ("a: ,b\n", ",", "`,` separates nothing here", "in quotes"),
        ("a: [b]]\n", "]", "`]` closes nothing here", "remove it"),
        ('a: "\\d"\n', "\\d", "`\\d` is not an escape of YAML", "a backslash is `\\\\`"),
        ('a: "\\x4"\n', "\\x4", "`\\x4` is not an escape of YAML", "a backslash is `\\\\`"),
        ('a: "b\\ud800"\n', "\\ud800", "`\\ud800` is not an escape", "a backslash is `\\\\`"),
        ("a: b\x01\n", "\x01", "U+0001 may not stand in YAML", "write `\\x01`"),
        ("a: \ud83d\n", "\ud83d", "U+D83D is half of a surrogate pair", "remove it"),
        ("a: !e!x b\n", "!e!x", "the tag `!e!x` begins with a handle", "one `!`"),
        ("a: !Foo{b}\n", "!Foo{b", "`!Foo{b` is not a tag", "a space follows a tag"),
        ("a: !%ed%a0%80 b", "!%ed%a0%80", "`!%ed%a0%80` cannot be read", "odd escapes"),
        ("a: |x\n  b\n", "|x", "`|x` begins no text", "on the next lines"),
        ("%YAML 2.0\n--- a\n", "%YAML 2.0", "`%YAML 2.0` is a directive", "remove it"),
        ("a: *b\n", "*b", "`*b` repeats `&b`, which is nowhere above", 'write `"*b"`'),
        ("a: &b [*b]\n", "*b", "`*b` would repeat a value inside itself", "write it out"),
        ("? {a: 1}\n: b\n", "{a: 1}", "`{a: 1}` is a mapping as a key", "in quotes"),
        ("&x [a]: b\n*x : c\n", "[a]", "`[a]` is a list as a key", "in quotes"),
        ("<<: a\n", "<<", "`<<` merges mappings, and this is none", "`<<: *name`"),
        ("<<: [a, {}]\n", "<<", "`<<` merges mappings, and this is none", "`<<: *name`"),
        ("a" * 1025 + ": 1\n", "a" * 1025, "a key has at most 1,024 characters", "`? `"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, at: str, message: str, advice: Any) -> None:
    problem, *others = read(text)[1]
    assert [p.message.split("`")[2] for p in others] in ([], [" is a list as a key"])
    assert (problem.code, problem.blocking, problem.path) == ("invalid-yaml", True, "f.yaml")
    assert problem.message.startswith(message)
    assert problem.span is not None
    assert problem.span.text == at
    assert (problem.help is None) if advice is None else advice in (problem.help or "")


@pytest.mark.parametrize("more", ["b: 2", "- x", "'"])
def test_further_documents_are_said(more: str) -> None:
    value, (problem,) = read(f"a: 1\n---\n{more}\n")
    assert value is not None
    assert value.plain() == {"a": "1"}
    assert (problem.code, problem.blocking) == ("several-documents", True)
    assert problem.span is not None
    assert (problem.span.text, problem.span.start) == ("---", 5)


def test_nothing_after_the_document_is_no_document() -> None:
    assert sound("--- # c\na: 1\n...\n---\n# c\n---\n").plain() == {"a": "1"}


def test_what_yaml_allows_is_read_around_a_problem() -> None:
    value, problems = read("a: *x\nb: {{ y }}\n? [c]\n: d\ne: 1\n<<: f\n")
    assert value is not None
    assert value.plain() == {"a": "*x", "b": "{{ y }}", "[c]": "d", "e": "1", "<<": "f"}
    assert [member.value.kind for member in value.members][:2] == ["bad", "bad"]
    assert len(problems) == 4


def test_at_most_sixteen_problems() -> None:
    _, problems = read("".join(f"- *a{i}\n" for i in range(100)))
    assert len(problems) == 16
    assert problems[-1].message.endswith("(and 84 more after it)")


def test_lines_in_a_message_are_those_of_the_file() -> None:
    value = sound("\n\nx: |\n  a: 0\n  b: [1}\n").get("x")
    assert value is not None
    problem = parse(decoded(value))[1][0]
    assert problem.message == "`}` cannot close the `[` at 5:6"


# Without libyaml


def slowly(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[YamlValue | None, list[Any]]:
    with monkeypatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", False)
        return read(text)


def test_the_reader_without_libyaml_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "\ufeff" + TEMPLATE,
        TEMPLATE.replace("\n", "\r\n"),
        "- [!a , {b, c: }]\n- ! x\n- !<y>",
    ]
    for text in texts:
        fast, slow = sound(text), slowly(text, monkeypatch)
        assert slow[1] == []
        assert slow[0] is not None
        ours, theirs = every(fast), every(slow[0])
        assert [shape(v) for v in ours] == [shape(v) for v in theirs]


def shape(v: YamlValue) -> Any:
    places = [span and span[1:] for span in (v.span, v.use, v.tag_span)]
    return v.kind, v.tag, v.style, places, v.data if v.kind == "string" else None


def test_a_source_of_any_name_is_read() -> None:
    value, problems = parse(Source("x", "a"))
    assert value is not None
    assert (value.data, problems) == ("a", [])

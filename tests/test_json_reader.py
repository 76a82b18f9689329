"""The JSON reader: sound text is read exactly, and every fault is told in its place."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from json_texts import every, printed, read, sound

from iamlint.syntax.json import decoded, parse

# What is sound is read exactly


@given(printed())
def test_plain_is_what_json_loads(case: tuple[Any, str]) -> None:
    data, text = case
    value = sound(text)
    assert repr(value.plain()) == repr(json.loads(text))
    assert value.plain() == data


@given(printed())
def test_the_text_of_every_span_is_the_value_again(case: tuple[Any, str]) -> None:
    for value in every(sound(case[1])):
        assert json.loads(value.span.text) == value.plain()


@given(printed())
def test_nothing_lies_outside_its_container(case: tuple[Any, str]) -> None:
    for value in every(sound(case[1])):
        inner = [child for member in value.members for child in member] + list(value.items())
        ends = [value.span.start + 1, *(e for c in inner for e in c.span[1:]), value.span.end - 1]
        assert not inner or ends == sorted(ends)


def test_duplicates_are_kept_and_the_last_is_got() -> None:
    value = sound('{"a": 1, "b": 2, "a": {"c": 3}}')
    assert [member.key.data for member in value.members] == ["a", "b", "a"]
    last = value.get("a")
    assert last is not None
    assert last.plain() == {"c": 3}
    assert list(value.plain().items()) == [("a", {"c": 3}), ("b", 2)]
    assert value.get("A") is None


def test_members_and_items_of_others_are_empty() -> None:
    for text in ("1", '"x"', "null"):
        assert sound(text).members == ()
        assert sound(text).items() == ()
        assert sound(text).get("x") is None
    assert sound("[1]").members == ()
    assert sound('{"a":1}').items() == ()


@pytest.mark.parametrize("digits", [4300, 4301, 5000, 100_000])
def test_numbers_of_any_length_are_read(digits: int) -> None:
    value = sound(f"[{'1' * digits}, -{'9' * digits}]")
    big, small = value.plain()
    assert big > 10**300
    assert small < -(10**300)
    assert len(value.items()[0].span.text) == digits


def test_numbers_keep_their_type() -> None:
    assert repr(sound("[1, 1.0, -0, -0.0, 1e2, 1E400]").plain()) == "[1, 1.0, 0, -0.0, 100.0, inf]"


def test_huge_floats_are_infinite() -> None:
    assert math.isinf(sound("-1e999").plain())


# What is not strict JSON but can be read


@pytest.mark.parametrize(
    ("text", "at", "plain"),
    [
        ("\ufeff[1]", "\ufeff", [1]),
        ("[1 // c\n]", "// c", [1]),
        ("[1 # c\n]", "# c", [1]),
        ("[1 /* c\n */]", "/* c\n */", [1]),
        ("# c\n[1]", "# c", [1]),
        ("[1] // c", "// c", [1]),
        ("[1,]", ",", [1]),
        ("[[] , \n]", ",", [[]]),
        ('{"a":1 , }', ",", {"a": 1}),
        ('{"a" /* c */ : 1}', "/* c */", {"a": 1}),
    ],
)
def test_what_is_read_past_is_said(text: str, at: str, plain: object) -> None:
    value, problems = read(text)
    assert value is not None
    assert value.plain() == plain
    (problem,) = problems
    assert (problem.code, problem.blocking, problem.path) == ("not-strict-json", False, "f.json")
    assert problem.span is not None
    assert problem.span.text == at
    assert problem.help is not None
    assert "IAM refuses" in problem.help


def test_many_of_a_kind_are_told_once() -> None:
    value, problems = read("[1, // a\n 2, // b\n 3, // c\n]")
    assert value is not None
    assert value.plain() == [1, 2, 3]
    assert [problem.message[-20:] for problem in problems if "comment" in problem.message] == [
        "(and 2 more like it)"
    ]


@pytest.mark.parametrize("text", [r'"\ud83d"', r'"\ude80\ud83d"', '"\ud83d"', r'"\ud83dx\ude80"'])
def test_half_a_surrogate_pair_is_said_and_kept(text: str) -> None:
    value, problems = read(text)
    assert value is not None
    assert value.data == json.loads(text)
    (problem,) = problems
    assert (problem.code, problem.blocking) == ("lone-surrogate", False)
    assert problem.span is not None
    assert problem.span.text in (r"\ud83d", r"\ude80", r"\ude80\ud83d", "\ud83d")
    problem.message.encode()


# What is wrong is told, where it is


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("", "", "the text is empty"),
        (" \n", " \n", "the text holds no JSON value"),
        ("[NaN]", "NaN", "`NaN` is not a JSON number"),
        ("[-Infinity]", "-Infinity", "`-Infinity` is not a JSON number"),
        ("[True]", "True", "`True` is not a JSON value"),
        ("[012345678901]", "012345678901", "`012345678901` is not a JSON number"),
        ("[.5]", ".5", "`.5` is not a JSON number"),
        ("[-]", "-", "`-` is not in quotes"),
        ("[arn:aws:iam::1:root]", "arn:aws:iam::1:root", "`arn:aws:iam::1:root` is not in quotes"),
        ("['a']", "'a'", "`'a'` is in single quotes"),
        ("{a: 1}", "a", "the key `a` is not in quotes"),
        ("[1 2]", "2", "`,` or `]` is missing before this"),
        ('{"a": 1 "b": 2}', '"', "`,` or `}` is missing before this"),
        ('{"a" 1}', "1", "`:` is missing after the key `a`"),
        ('{"a" = 1}', "=", "`:` is missing after the key `a`"),
        ('{"a"}', "}", "`:` is missing after the key `a`"),
        ('{"a": }', "}", "`}` stands where a value is due"),
        ('{"a": "b": 2}', ":", "`:` follows a value, not a key"),
        ("[:]", ":", "`:` stands where a value is due"),
        ("[,1]", ",", "there is nothing before this `,`"),
        ("[1,,2]", ",", "there is nothing before this `,`"),
        ("{[]}", "[", "`[` stands where a key is due"),
        ("{: 1}", ":", "`:` stands where a key is due"),
        ("[1] [2]", "[2]", "there is more after the end of the JSON value"),
        ("{}}", "}", "there is more after the end of the JSON value"),
        ('["a\tb"]', "\t", "U+0009 may not stand inside a string"),
        (r'["\d"]', r"\d", r"`\d` is not an escape of JSON"),
        (r'["\u12"]', r"\u12", r"`\u12` is not an escape of JSON"),
        ('["a', '"a', "this string is not closed on its line"),
        ('["a,\n1]', '"a', "this string is not closed on its line"),
        ("[1] /* c", "/* c", "this comment is never closed"),
        ("[\xa01]", "\xa0", "U+00A0 may stand only inside a string"),
        ("[\x001]", "\x00", "U+0000 may stand only inside a string"),
        ("[1", "[", "the text ends while the `[` at 1:1 is open"),
        ('{"a": [1}', "}", "`}` cannot close the `[` of `a` at 1:7"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, at: str, message: str) -> None:
    problems = [problem for problem in read(text)[1] if problem.message == message]
    assert len(problems) == 1
    (problem,) = problems
    assert (problem.code, problem.blocking, problem.path) == ("invalid-json", True, "f.json")
    assert problem.span is not None
    assert problem.span.text == at


def test_truncated_text_says_all_that_was_open() -> None:
    _, (problem,) = read('{\n "Statement": [\n  {"Effect": "Allow",')
    assert problem.message == (
        "the text ends while the `{` at 3:3 is open, "
        "inside the `[` of `Statement` at 2:15, inside the `{` at 1:1"
    )
    assert problem.help is not None
    assert "`}]}`" in problem.help
    assert problem.span is not None
    assert (problem.span.start, problem.span.end) == (20, 21)


def test_truncated_text_inside_a_string_names_lines_of_the_file() -> None:
    value = sound('\n\n{"Policy": "{\\"a\\": ["}').get("Policy")
    assert value is not None
    _, (problem,) = parse(decoded(value))
    assert "the `[` of `a` at 3:21 is open" in problem.message
    assert problem.span is not None
    assert problem.span.root().text == "["


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("{'a': 'b\\n'}", {"a": "b\n"}),
        ("{a: 1, b: 2}", {"a": 1, "b": 2}),
        ('{"a": "b,\n "c": 1}', {"a": '"b', "c": 1}),
        ('{"a": [1, 2}', {"a": [1, 2]}),
        ('[{"a": 1]', [{"a": 1}]),
        (r'["arn:\d+"]', [r"arn:\d+"]),
        ('{"a": {"b": 1', {"a": {"b": 1}}),
        ("[1] 2", [1]),
        ("[NaN, 1]", ["NaN", 1]),
    ],
)
def test_the_rest_is_read_all_the_same(text: str, plain: object) -> None:
    value, problems = read(text)
    assert value is not None
    assert value.plain() == plain
    assert any(problem.blocking for problem in problems)


@pytest.mark.parametrize("text", ["", "}", "nope", '"open', ",", "'open", "NaN"])
def test_nothing_is_made_of_nothing(text: str) -> None:
    assert read(text)[0] is None


def test_one_trouble_is_told_once() -> None:
    _, problems = read("[foo bar baz, 1]")
    assert [problem.message for problem in problems] == ["`foo` is not in quotes"]


def test_at_most_twenty_problems() -> None:
    text = '\ufeff[ // c\n"\\ud83d",' + "x, 1, " * 300 + "]"
    value, problems = read(text)
    assert value is not None
    assert len(problems) == 20
    assert problems[-2].message.endswith("(and 284 more after it)")
    assert read("[" + "x, 1, " * 3000)[0] is None

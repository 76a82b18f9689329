"""Faults in HCL are told in their place, in plain words, and the rest of the file is read."""

from __future__ import annotations

import pytest
from hcl_texts import bodies, read, shape
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.syntax.hcl.bodies import Body
from iamlint.syntax.hcl.expressions import Unreadable

TOLD = [
    # structure
    ("a\n", "\n", "the line ends where `=` or `{` is due"),
    ("a", "a", "the text ends where `=` or `{` is due"),
    ("a : 1\n", ":", "`:` stands where `=` or `{` is due"),
    ("a == 1\n", "==", "`==` stands where `=` or `{` is due"),
    ('a "b"\n{}\n', "\n", "the line ends where `{` or a label is due"),
    ('"a" = 1\n', '"a"', '`"a"` stands where an argument or a block is due'),
    ("1 = 2\n", "1", "`1` stands where an argument or a block is due"),
    ('a "${b}" {}\n', '"${b}"', "a label is plain text, nothing can be filled in"),
    ("a = 1, b = 2\n", ",", "`,` stands where the line is to end"),
    ("a = 1 b = 2\n", "b", "`b` stands where the line is to end"),
    ("a {} b {}\n", "b", "`b` stands where the line is to end"),
    ("a { b = 1, c = 2 }\n", ",", "`,` stands where `}` is due"),
    ("a { b {} }\n", "{", "`{` stands where `=` is due"),
    ("}\n", "}", "this `}` closes nothing"),
    ('a "b" {\n', 'a "b" {', "this block is never closed"),
    ("a = 1\nb = 2\na = 3\n", "a", "the argument `a` is set twice"),
    ("a = 1 /* c\n", "/*", "this comment is never closed"),
    # characters
    ("a\u00a0= 1\n", "\u00a0", "U+00A0 may stand only inside a string"),
    ("a = 1\u200b\n", "\u200b", "U+200B may stand only inside a string"),
    ("a = 1\x00\n", "\x00", "U+0000 may stand only inside a string"),
    ("a = 1\rb = 2\n", "\r", "U+000D ends no line when it stands alone"),
    ("a = \u201cb\u201d\n", "\u201c", "`\u201c` is not a quote in HCL"),
    ("a = 'b'\n", "'", "`'` is not a quote in HCL"),
    ("a = `b`\n", "`", "a backtick is not a quote in HCL"),
    ("a = 1;\n", ";", "`;` separates nothing in HCL"),
    ("a = b & c\n", "&", "`&` is not an operator of HCL"),
    ("a = b | c\n", "|", "`|` is not an operator of HCL"),
    ("a = ~b\n", "~", "`~` is not an operator of HCL"),
    # values
    ("a = \n", "\n", "the line ends where a value is due"),
    ("a = # c\n", "#", "`#` stands where a value is due"),
    ("a =", "=", "the text ends where a value is due"),
    ("a = b +\n", "\n", "the line ends where a value is due"),
    ("a = b ? c\n", "\n", "the line ends where `:` is due"),
    ("a = 1.2.3\n", "1.2.3", "this is not a number"),
    ("a = b.0.1\n", ".0.1", "one index after another needs brackets"),
    ("a = b.*.c.*\n", ".*", "`.*` stands inside another `.*`"),
    ("a = b.\n", "\n", "the line ends where a name is due"),
    ("a = x::f\n", "\n", "the line ends where `(` is due"),
    ("a = (b\n", "(", "this `(` is never closed"),
    ("a = [1 2]\n", "2", "`2` stands where `,` or `]` is due"),
    ("a = [1,\n", "\n", "the text ends where a value is due"),
    ("a = [1\n", "[", "this `[` is never closed"),
    ("a = f(1 2)\n", "2", "`2` stands where `,` or `)` is due"),
    ("a = f(b..., c)\n", "...", "`...` stands where `,` or `)` is due"),
    ("a = { b = 1 c = 2 }\n", "c", "`c` stands where a line break, `,` or `}` is due"),
    ("a = { b }\n", "}", "`}` stands where `=` is due"),
    ("a = {\n", "{", "this `{` is never closed"),
    ("a = [for b of c : d]\n", "of", "`of` stands where `in` is due"),
    ("a = [for 1 in c : d]\n", "1", "`1` stands where the name of a variable is due"),
    ("a = {for b in c : d}\n", "}", "`}` stands where `=>` is due"),
    ("a = [for b in c : d => e]\n", "=>", "`=>` stands where `]` is due"),
    # templates
    ('a = "b\n', '"b', "this string is not closed on its line"),
    ('a = "\\d"\n', "\\d", "`\\d` is not an escape of HCL"),
    ('a = "\\ud800"\n', "\\ud800", "`\\ud800` is not an escape of HCL"),
    ('a = "${b c}"\n', "c", "`c` stands where `}` is due"),
    ('a = "${}"\n', "}", "`}` stands where a value is due"),
    ('a = "%{ while b }"\n', "while", "`while` is not a directive"),
    ('a = "%{ if b }"\n', "%{ if b }", "this `%{ if }` is never closed"),
    ('a = "%{ endif }"\n', "%{ endif }", "`%{ endif }` closes nothing"),
    (
        'a = "%{ for b in c }%{ endif }"\n',
        "%{ endif }",
        "`%{ endif }` stands where `%{ endfor }` is due",
    ),
    ("a = <<E\nb\n", "<<E", "this heredoc is never closed"),
    ("a = <<E\nb\nE", "<<E", "this heredoc is never closed"),
    ("a = <<E \nb\nE\n", "<<E", "the line of `<<E` goes on"),
    ("a = << E\nb\nE\n", "<<", "`<<` begins no heredoc here"),
    ("a = <<E\nb\rc\nE\n", "\r", "U+000D ends no line when it stands alone"),
]


@pytest.mark.parametrize(("text", "at", "message"), TOLD)
def test_what_is_wrong_is_told_where_it_is(text: str, at: str, message: str) -> None:
    problem = read(text)[1][0]
    assert problem.message == message
    assert problem.span is not None
    assert problem.span.text == at
    assert (problem.code, problem.path, problem.blocking) == ("invalid-hcl", "main.tf", True)


def test_most_faults_come_with_advice() -> None:
    advice = [read(text)[1][0].help for text, _, _ in TOLD]
    assert sum(text is None for text in advice) < 12
    assert all(text is None or text.isprintable() for text in advice)


def test_what_is_open_is_named_with_its_place() -> None:
    (problem,) = read('a = f([\n  1,\n  "b" "c",\n])\n')[1]
    assert problem.help == "what the `[` at 1:7 opens is not closed yet"


# Reading on


def names(body: Body) -> list[str]:
    return [item.span.text.split()[0] for item in body.items]


def block(body: Body, type: str, index: int = 0) -> Body:
    return body.blocks(type)[index].body


def test_a_broken_argument_is_one_place_and_the_others_are_read() -> None:
    body, (problem,) = read("a {\n  b = [1 2]\n  c = 3\n}\nd = 4\n")
    assert problem.message == "`2` stands where `,` or `]` is due"
    inner = block(body, "a")
    assert [item.name for item in inner.attributes()] == ["b", "c"]
    broken = inner.attribute("b")
    assert broken is not None
    assert isinstance(broken.value, Unreadable)
    assert broken.value.span.text == "[1 2]"
    assert not inner.complete
    assert body.complete
    assert names(body) == ["a", "d"]


def test_a_broken_argument_of_many_lines_is_left_as_a_whole() -> None:
    text = 'a {\n  b = f({\n    c = 1 2\n    d = "}"\n  }, <<E\n ( [ {\nE\n  )\n  e = 3\n}\nf {}\n'
    body, problems = read(text)
    assert len(problems) == 1
    assert [item.name for item in block(body, "a").attributes()] == ["b", "e"]
    assert names(body) == ["a", "f"]


@pytest.mark.parametrize(
    "opened",
    [
        "x = [1,",
        "x = f(",
        "x = {",
        'x = "${f(',
        "x = [for a in",
        "y { ",
        "y {\n z = [",
        'x = "',
        "x = (;",
        "x = <<EOT",
        "x = jsonencode({ a = [",
    ],
)
def test_the_next_block_at_the_left_is_read(opened: str) -> None:
    text = f'a "b" {{\n  w = 1\n  {opened}\n}}\nc "d" {{\n  e = 1\n}}\nf = 1\n'
    body, problems = read(text)
    assert 1 <= len(problems) <= 2
    assert names(body)[0] == "a"
    assert block(body, "a").attribute("w") is not None
    assert not block(body, "a").complete
    assert block(body, "c").attribute("e") is not None
    assert block(body, "c").complete
    assert body.attribute("f") is not None


def test_a_block_that_lacks_its_end_does_not_hold_the_others() -> None:
    text = 'a "b" {\n  c = 1\n  d {\n    e = 2\n}\n\nf "g" {\n  h = 3\n}\n\ni = 4\n'
    body, (problem,) = read(text)
    assert problem.message == "this block is never closed"
    assert problem.span is not None
    assert problem.span.text == 'a "b" {'
    assert names(body) == ["a", "f", "i"]
    first = block(body, "a")
    assert not first.complete
    assert first.names() == ("c", "d")
    assert not body.complete
    assert first.span.text == "{\n  c = 1\n  d {\n    e = 2\n}"
    assert block(body, "f").complete


def test_two_ends_are_missing() -> None:
    text = "a {\n  b {\n    c {\n      d = 1\n\ne {\n  f = 1\n}\ng {}\n"
    body, (problem,) = read(text)
    assert names(body) == ["a", "e", "g"]
    assert problem.span is not None
    assert problem.span.text == "c {"
    inner = block(block(block(body, "a"), "b"), "c")
    assert inner.names() == ("d",)


def test_one_end_too_many() -> None:
    body, (problem,) = read("a {\n  b = 1\n}\n}\nc {\n  d = 1\n}\n")
    assert problem.message == "this `}` closes nothing"
    assert names(body) == ["a", "c"]
    assert not body.complete


def test_a_bad_escape_is_told_and_read_past() -> None:
    body, problems = read('a = "x\\dy\\u12z"\nb = 1\n')
    assert [problem.message for problem in problems] == [
        *("`\\d` is not an escape of HCL", "`\\u` is not an escape of HCL"),
    ]
    assert shape(body.items[0]) == ("attribute", "a", ("template", ("x\\dy\\u12z",)))
    assert body.complete


def test_an_argument_set_twice_is_kept_twice() -> None:
    body, (problem,) = read("a = 1\nb = 2\na = 3\n")
    assert names(body) == ["a", "b", "a"]
    first = body.attribute("a")
    assert first is not None
    assert first.value.span.text == "1"
    assert problem.span is not None
    assert problem.span.start == 12


def test_many_faults_are_counted_and_not_all_told() -> None:
    body, problems = read("".join(f"a{n} = 'x'\n" for n in range(50)))
    assert len(problems) == 16
    assert problems[-1].message == "`'` is not a quote in HCL (and 34 more after it)"
    assert len(body.items) == 50


def test_after_very_many_faults_nothing_is_read() -> None:
    body, problems = read("".join(f"a{n} = 'x'\n" for n in range(5000)))
    assert problems[-1].message.endswith("(and at least 984 more after it)")
    assert not body.complete
    assert len(body.items) == 1000


FAULTS = (
    "= 1",
    "x = [1,",
    "x = f(",
    'x = "a',
    "x = 'a'",
    "x = 1 2",
    "x {",
    "}",
    "= {",
    "\u00a0y = 1",
)


@settings(max_examples=60, deadline=None)
@given(bodies(15), st.sampled_from(FAULTS), bodies(15))
def test_what_stands_before_a_fault_is_read(
    before: tuple[object, str], fault: str, after: tuple[object, str]
) -> None:
    body, problems = read(before[1] + fault + "\n" + after[1])
    assert problems != []
    assert not body.complete or len(problems) == sum("twice" in p.message for p in problems)
    sound = shape(read(before[1])[0])[1]
    assert shape(body)[1][: len(sound)] == sound


@pytest.mark.parametrize("fault", FAULTS)
def test_what_stands_after_a_broken_block_is_read(fault: str) -> None:
    body, problems = read(f'a "b" {{\n  {fault}\n}}\nc "d" {{\n  e = 1\n}}\n')
    assert problems != []
    assert block(body, "c").attribute("e") is not None

"""The text of HCL templates: what `~`, indents and escapes leave of it, and where it was written.

What Terraform makes of each was recorded from Terraform 1.11.4; it is asked again where it is
installed, and of drawn templates too.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import cast

import pytest
from hcl_oracle import HAS_TERRAFORM, values
from hcl_texts import expression
from hypothesis import given
from hypothesis import strategies as st

from iamlint.source import Source
from iamlint.syntax.hcl.expressions import Literal, Tuple, Variable
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.templates import Choice, Interpolation, Part, Template, Text
from iamlint.syntax.hcl.text import SPACE, decoded, trimmed

RENDERED = [
    # escapes
    ('"$"', "$"),
    ('"$$"', "$$"),
    ('"$${a}"', "${a}"),
    ('"$$${a}"', "$${a}"),
    ('"$$$${a}"', "$$${a}"),
    ('"%%{a"', "%{a"),
    ('"%"', "%"),
    ('"$%{if true}x%{endif}"', "$x"),
    ('"%${"a"}"', "%a"),
    ('"$$%{if true}x%{endif}"', "$$x"),
    ('"%%${"a"}"', "%%a"),
    ('"\\U0001F680\\u00e9\\t\\r\\n\\"\\\\"', '\U0001f680é\t\r\n"\\'),
    ('"a\tb"', "a\tb"),
    ('"\\\\n\\\\\\\\"', "\\n\\\\"),
    ("<<E\n$${a} %%{b} \\n $ % $$ \nE\n", "${a} %{b} \\n $ % $$ \n"),
    ('<<E\n"\\u00e9"\nE\n', '"\\u00e9"\n'),
    # what `~` takes away
    ('"x $  ${~"y"}"', "x $y"),
    ('"${"y"~}  $  z"', "y$  z"),
    ('"${"y"~}  \\n $z"', "y$z"),
    ('"a\\n${~"y"}"', "ay"),
    ('"a\\u0020${~"y"}"', "ay"),
    ('"a\u00a0\u2003${~"y"}"', "ay"),
    ('"a\\\\n ${~"y"}"', "a\\ny"),
    ('" ${~"a"~} "', "a"),
    ('" ${~"a"~} ${~"b"~} "', "ab"),
    ('"%{if true~}  a  %{~else}b%{endif}"', "a"),
    ('"%{if true}  a  %{else}b%{endif}"', "  a  "),
    ('"%{if false}a%{else~} b %{endif} c"', "b  c"),
    ('"%{if false}a%{endif}"', ""),
    ('"%{for x in ["a","b"]}${x},%{endfor}"', "a,b,"),
    ('"%{ for x in ["a","b"] ~}  ${x} %{~ endfor }"', "ab"),
    ('<<E\nfoo\n   ${~"y"}\nE\n', "foo\ny\n"),
    ('<<E\nfoo\n${~"y"}\nE\n', "fooy\n"),
    ('<<E\n${"y"~}  \n   foo\nE\n', "y   foo\n"),
    ('<<E\n%{ for x in ["a","b"] ~}\n  - ${x}\n%{ endfor ~}\ndone\nE\n', "  - a\n  - b\ndone\n"),
    ("<<E\n%{ if true ~}\r\n  a\r\n%{ endif ~}\r\nE\r\n", "  a\r\n"),
    ('<<E\n% \n${~"y"}\nE\n', "% y\n"),
    ('<<E\n%  \n${~"y"}\nE\n', "%y\n"),
    ('<<E\n$$$\t\r\n${~"y"}\nE\n', "$$$\ty\n"),
    # indents
    ("<<-E\n    a\n\n  b\n     \n    c\n  E\n", "  a\n\nb\n     \n  c\n"),
    ("<<-E\n\ta\n    b\n  E\n", "a\n   b\n"),
    ("<<-E\n  $a\n    b\nE\n", "$a\n  b\n"),
    ("<<-E\n  %a\n    b\nE\n", "%a\n  b\n"),
    ("<<-E\n  $${a}\n    b\nE\n", "${a}\n  b\n"),
    ("<<-E\n    a\n  b\nE\n", "  a\nb\n"),
    ("<<-E\na\n  b\n  E\n", "a\n  b\n"),
    ('<<-E\n    ${~"x"}\n      b\n  E\n', "x\n      b\n"),
    ('<<-E\n    ${"x"}\n      b\n  E\n', "x\n  b\n"),
    ('<<-E\n    a\n  ${"x"~}\n        b\n  E\n', "  a\nx        b\n"),
    (
        '<<-E\n  %{ for x in ["a","b"] ~}\n  - ${x}\n  %{ endfor ~}\n  done\n  E\n',
        "  - a\n  - b\n  done\n",
    ),
    ("<<-E\r\n  a\r\n\r\n   b\r\n  E\r\n", "a\r\n\r\n b\r\n"),
    ("<<E\na\n  b\n  E\n", "a\n  b\n"),
    # ends of heredocs
    ("<<E\na\n  E  \t\n", "a\n"),
    ("<<E\na\n E\u00a0\n", "a\n"),
    ("<<E\nE\n", ""),
    ("<<E\nEE\nE E\n.E\nE\n", "EE\nE E\n.E\n"),
    ('<<E\n${"x"}E\nE\n', "xE\n"),
    ("<<E\n$E\nE\n", "$E\n"),
    ("<<E\r\na\r\nb\r\nE\r\n", "a\r\nb\r\n"),
]


def rendered(node: Expression, bound: dict[str, str]) -> str:
    """A template in which only texts, lists of texts, truths and loop variables occur."""
    if isinstance(node, Variable):
        return bound[node.name]
    assert isinstance(node, Template)
    return "".join(filled(part, bound) for part in node.parts)


def filled(part: Part, bound: dict[str, str]) -> str:
    if isinstance(part, Text):
        return part.text
    if isinstance(part, Interpolation):
        return rendered(part.value, bound)
    if isinstance(part, Choice):
        chosen = part.then if cast("Literal", part.condition).value else part.otherwise
        return "".join(filled(inner, bound) for inner in chosen)
    items = cast("Tuple", part.head.collection).items
    rounds = [{**bound, part.head.value.text: rendered(item, bound)} for item in items]
    return "".join(filled(inner, each) for each in rounds for inner in part.parts)


@pytest.mark.parametrize(("text", "made"), RENDERED)
def test_templates_are_what_terraform_makes_of_them(text: str, made: str) -> None:
    assert rendered(expression(text), {}) == made


@pytest.mark.skipif(not HAS_TERRAFORM, reason="the terraform binary is not installed")
def test_terraform_still_makes_the_same(tmp_path: Path) -> None:
    assert values([text for text, _ in RENDERED], tmp_path) == [made for _, made in RENDERED]


BLANKS = ("", " ", "  ", "    ", "\t", "\u00a0")
SIGNS = {"$", "%"}
PIECES = ("a", "b", "$", "%", "$${", "%%{", ".", "é", "a b", "")


class Draw:
    """Draws templates with much space in them."""

    def __init__(self, random: Random) -> None:
        self.one = random.choice

    def sequence(self, text: str) -> str:
        return f"{text[:2]}{self.one(('', '~'))} {text[2:]} {self.one(('', '~'))}}}"

    def line(self, end: str) -> str:
        made = self.one(BLANKS)
        for _ in range(self.one((0, 1, 1, 2))):
            if self.one((True, False)):
                made += "-" if made[-1:] in ("$", "%") else ""  # `$${` would be an escape
                made += self.sequence('${"x"')
            else:
                made += self.one(PIECES)
            made += self.one(BLANKS)
        # NOTE: Terraform doubles a `\r` that follows a `$`; that is not worth having.
        return f"{made}ab{end}" if end == "\r\n" and SIGNS & set(made[-2:]) else made + end

    def lines(self, end: str, most: int = 3, depth: int = 0) -> str:
        made = ""
        for _ in range(self.one(range(1, most + 1))):
            made += self.line(end)
            if depth < 2 and self.one((True, False, False)):
                made += self.directive(end, depth + 1)
        return made

    def directive(self, end: str, depth: int) -> str:
        inner = self.lines(end, 2, depth)
        if self.one((True, False)):
            loop = self.sequence('%{for v in ["1", "2"]')
            return f"{self.one(BLANKS)}{loop}{inner}{self.sequence('%{endfor')}{end}"
        opener = self.sequence(f"%{{if {self.one(('true', 'false'))}")
        other = self.sequence("%{else") + self.lines(end, 1, depth) if self.one((1, 0)) else ""
        return f"{self.one(BLANKS)}{opener}{inner}{other}{self.sequence('%{endif')}{end}"

    def template(self) -> str:
        if self.one((True, False, False)):
            end = self.one(("\\n", "\\r\\n", "\\\\n", " "))
            return f'"{self.lines(end)}"'
        return f"{self.one(('<<E', '<<-E', '<<-E'))}\n{self.lines(self.one(LINES), 5)}  E\n"


LINES = ("\n", "\n", "\n", "\r\n")


@pytest.mark.skipif(not HAS_TERRAFORM, reason="the terraform binary is not installed")
def test_terraform_makes_the_same_of_drawn_templates(tmp_path: Path) -> None:
    draw = Draw(Random(11))
    texts = [draw.template() for _ in range(400)]
    made = values(texts, tmp_path)
    ours = [rendered(expression(text), {}) for text in texts]
    assert [case for case in zip(texts, ours, made, strict=True) if case[1] != case[2]] == []


# Where it was written


@pytest.mark.parametrize("text", [text for text, _ in RENDERED])
def test_every_character_leads_back(text: str) -> None:
    for node in expression(text).walk():
        if isinstance(node, Text):
            assert node.part(0, len(node.text)) == (node.span if node.text else node.part(0, 0))
            assert "".join(spelled(node)) == node.text


def spelled(node: Text) -> Iterable[str]:
    """The text put together again from the place of every character, decoded one by one."""
    places = [node.part(at, at + 1) for at in range(len(node.text))]
    before = None
    for place in places:
        if place != before:
            cut = (place.start, place.end)
            yield decoded(place.source, (cut,), node.quoted)[0]
        before = place


def test_the_lines_of_a_heredoc_lead_back_past_the_indents() -> None:
    text = '<<-EOT\n    {\n      "a": "b"\n\n    }\n    EOT\n'
    template = expression(text)
    assert isinstance(template, Template)
    (part,) = template.parts
    assert isinstance(part, Text)
    assert part.text == '{\n  "a": "b"\n\n}\n'
    at = part.text.index('"b"')
    assert part.part(at, at + 3).text == '"b"'
    assert part.part(at, at + 3).start == text.index('"b"')
    assert part.part(0, 1).text == "{"
    assert part.part(2, 3).text == " "
    assert part.part(2, 3).start == text.index("      ") + 4
    assert template.span.text == text.rstrip("\n")


def test_an_escape_is_one_place() -> None:
    template = expression('"a\\u00e9$${b}\\n"')
    assert isinstance(template, Template)
    (part,) = template.parts
    assert isinstance(part, Text)
    assert part.text == "aé${b}\n"
    assert [part.part(at, at + 1).text for at in range(7)] == [
        *("a", "\\u00e9", "$${", "$${", "b", "}", "\\n"),
    ]
    assert part.part(1, 7).text == "\\u00e9$${b}\\n"


def test_a_text_that_is_all_stripped_stays_and_is_empty() -> None:
    template = expression('"  ${~ a }"')
    assert isinstance(template, Template)
    first = template.parts[0]
    assert isinstance(first, Text)
    assert first.text == ""
    assert first.part(0, 0).text == ""
    assert template.wrapped is None


@given(st.text(alphabet=" \t\n\r\u00a0\u2003\x1cab", max_size=8))
def test_space_is_stripped_as_unicode_has_it(text: str) -> None:
    source = Source("x", f"<{text}>")
    cut = (1, 1 + len(text))
    left, right = (trimmed(source, cut, False, side) for side in ("left", "right"))
    assert source.text[slice(*left)] == text.lstrip(SPACE)
    assert source.text[slice(*right)] == text.rstrip(SPACE)
    assert "\x1c" not in SPACE

"""The HCL reader on text that means harm: it ends, in time, and says so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import Random

import pytest
from hcl_snippets import ACCEPTED, REFUSED
from hcl_texts import bodies, expression, read, sound
from hypothesis import given, settings
from hypothesis import strategies as st
from work import counted

from iamlint.source import Source
from iamlint.syntax.hcl import parse, parse_expression, parse_template
from iamlint.syntax.hcl.expressions import Access, Operation, Tuple

N = 200_000
MOST = 10_000_000  # calls of functions, of what is done in seconds
DEEP = {
    "tuple": ("[", "]"),
    "parens": ("(", ")"),
    "object": ("{a=", "}"),
    "call": ("f(", ")"),
    "index": ("b[", "]"),
    "template": ('"${', '}"'),
    "for": ("[for b in c : ", "]"),
    "for in for": ("[for b in ", " : b]"),
    "not": ("!", ""),
    "minus": ("- ", ""),
    "then": ("b ? ", " : c"),
    "otherwise": ("b ? c : ", ""),
    "directive": ('"%{ if ', ' }%{ endif }"'),
    "directives": ('"%{ for b in ', ' }%{ endfor }"'),
}


@pytest.mark.parametrize(("opener", "closer"), DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("closed", [True, False])
def test_deep_nesting_is_a_problem_in_its_place(opener: str, closer: str, closed: bool) -> None:
    text = f"a = {opener * N}1{closer * N if closed else ''}\nb = 1\n"
    body, problems = read(text)
    problem = problems[0]
    assert problem.message == "this is nested too deeply: 80 levels are the most that is read"
    assert problem.span is not None
    assert problem.span.start <= 4 + 81 * len(opener)
    assert len(list(body.walk())) < 10


@pytest.mark.parametrize(("opener", "closer"), DEEP.values(), ids=DEEP)
def test_the_deepest_allowed_is_read_far_down_in_a_program(opener: str, closer: str) -> None:
    def read_below(calls: int) -> None:
        if calls:
            read_below(calls - 1)
        else:
            sound(f"a = {opener * 79}1{closer * 79}\n")

    frame, used = sys._getframe(), 0
    while frame.f_back:
        frame, used = frame.f_back, used + 1
    read_below(max(0, 380 - used))


def test_blocks_may_be_nested_as_deep() -> None:
    assert sound("a {\n" * 80 + "}\n" * 80)
    assert "too deeply" in read(" a {\n" * 81 + " }\n" * 81)[1][0].message
    assert (
        "too deeply" in read('a = "' + "%{ if b }" * 81 + "%{ endif }" * 81 + '"\n')[1][0].message
    )


def test_long_chains_are_flat() -> None:
    node = expression("a" + " + b" * 20_000)
    assert isinstance(node, Operation)
    assert len(node.operands) == 20_001
    mixed = expression("a" + " + b * c && d == e || f" * 5_000)
    assert len(list(mixed.walk())) > 40_000
    for step in (".b", "[0]", '["b"]', ".b[0]"):
        steps = expression("a" + step * 10_000)
        assert isinstance(steps, Access)
        assert len(steps.steps) >= 10_000


HOSTILE = {
    "brackets": "a = " + "[" * N,
    "wrong closers": "a = [" + "}" * N,
    "blocks": "a {\n" * N,
    "indented blocks": " a {\n" * N,
    "ends": "}\n" * N,
    "junk": "@" * N,
    "equals": "=" * N,
    "strings": 'a = "x\n' * N,
    "quotes": '"' * N,
    "heredocs": "a = <<E\n" * N,
    "many heredocs": "".join(f"a = <<E{n}\n" for n in range(N // 4)),
    "nested heredocs": "a = <<E\n${" * N,
    "heredoc ends inside": "a = <<E\n" + "${<<E\nE\n}" * 20_000,
    "near ends": "a = <<E\n" + "E E\n" * N,
    "comments": "/*" * N,
    "comment lines": "a = /*\n" * N,
    "stars": "/*" + "*" * N,
    "odd spaces": "a\u00a0=\u00a01\n" * N,
    "returns": "\r" * N,
    "labels": 'a "' + 'b" "' * (N // 10),
    "digits and dots": "a = " + "1." * N,
    "exponents": "a = 1" + "e1" * N,
    "bad escapes": 'a = "' + "\\d" * (N // 10) + '"\n',
    "directives": 'a = "' + "%{ if b }" * N + '"\n',
    "unclosed in blocks": 'r "a" "b" {\n x = [\n' * N,
    "same name": "a = 1\n" * (N // 10),
    "objects": "a = {\n" * N,
    "open fors": "a = " + "[for b in " * N,
    "comment in brackets": "a = (#\n" * N,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_to_an_end(text: str) -> None:
    (_, problems), calls = counted(lambda: read(text))
    assert 0 < len(problems) <= 17
    assert calls < MOST


LARGE: dict[str, Callable[[int], str]] = {
    "arguments": lambda n: "".join(f"a{i} = 1\n" for i in range(n)),
    "items": lambda n: "a = [" + "1,\n" * n + "]\n",
    "members": lambda n: "a = {\n" + "b = 1\n" * n + "}\n",
    "operators": lambda n: "a = b" + " + c * d" * n + "\n",
    "interpolations": lambda n: 'a = "' + "${b} c ~" * n + '"\n',
    "stripped": lambda n: 'a = "' + "${~ b ~} c " * n + '"\n',
    "heredoc": lambda n: "a = <<-E\n" + "  x ${~ b ~} E\n" * n + "  E\n",
    "nested ends": lambda n: "a = <<E\n" + "${f(\nE\n)}\n" * n + "E\n",
    "escapes": lambda n: 'a = "' + "\\n$${" * n + '"\n',
    "letters": lambda n: "é" * n + " = 1\n",
    "directives": lambda n: 'a = "' + "%{ if b }c%{ endif }" * n + '"\n',
    "comments": lambda n: "# c\n/* d */\n" * n,
}


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_work_grows_with_the_text_and_no_faster(make: Callable[[int], str]) -> None:
    def cost(size: int) -> int:
        source = Source("main.tf", make(size))
        (_, problems), calls = counted(lambda: parse(source))
        assert problems == []
        return calls

    cost(10)  # what is worked out once
    assert cost(4_000) < 9 * cost(500)


NOISE = (
    *('"', "${", "%{", "}", "{", "[", "]", "(", ")", "\n", " ", "~", ".", "...", ",", "=", "=>"),
    *(":", "?", "!", "-", "/", "<<E\n", "E\n", "<<-E\n", "a", "for", "in", "if", "endif", "else"),
    *("1", "#", "/*", "*/", "\\", "$", "\r\n", "\r", "\ufeff", "\ud800", "é", "\x00", 'a "b" {\n'),
)


def mutated(seed: int) -> str:
    draw = Random(seed)
    text = draw.choice([*ACCEPTED, *REFUSED])
    for _ in range(draw.randint(1, 6)):
        at = draw.randint(0, len(text))
        text = text[:at] + draw.choice(NOISE) + text[at + draw.randint(0, 2) :]
    return text


texts = (
    st.integers(0, 2**32).map(mutated)
    | st.lists(st.sampled_from(NOISE), max_size=30).map("".join)
    | st.text()
)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_text_is_read_without_a_crash(text: str) -> None:
    source = Source("main.tf", text)
    body, problems = parse(source)
    assert len(problems) <= 16
    for node in body.walk():
        assert node.source is source
        assert 0 <= node.start <= node.end <= len(text)
    for problem in problems:
        assert problem.span is not None
        assert problem.span.source is source
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        assert problem.message.isprintable()
        assert (problem.help or "").isprintable()
        f"{problem.message}{problem.help}".encode()


@settings(max_examples=150, deadline=None)
@given(texts)
def test_any_expression_and_template_is_read_without_a_crash(text: str) -> None:
    for read_one in (parse_expression, parse_template):
        node, problems = read_one(Source("x", text))
        assert node is not None or problems != []


@settings(max_examples=60, deadline=None)
@given(bodies(30), st.data())
def test_a_cut_text_is_read_without_a_crash(drawn: tuple[object, str], data: st.DataObject) -> None:
    text = drawn[1]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    body, problems = read(text[:start] + text[end:])
    assert body.complete or problems != []


def test_a_long_list_has_no_depth() -> None:
    node = expression("[" + "[1]," * 10_000 + "]")
    assert isinstance(node, Tuple)
    assert len(node.items) == 10_000

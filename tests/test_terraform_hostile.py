"""What is wrong, huge or made to hang: bounded, told in its place, never an exception of Python."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from terraform_support import evaluated
from terraform_texts import EXPRESSIONS
from work import counted

from iamlint.formats.faults import TooMuch
from iamlint.formats.terraform.evaluate import new_world
from iamlint.formats.terraform.functions import NAMES
from iamlint.formats.terraform.re2_match import find_all
from iamlint.formats.terraform.re2_syntax import BadPattern, Unsupported, compiled
from iamlint.formats.terraform.run import Run
from iamlint.source import Source, Span
from iamlint.syntax.hcl import parse_expression
from iamlint.syntax.holes import Piece, Table
from iamlint.syntax.value import Value

SPAN = Span(Source("main.tf", ""), 0, 0)
MOST = 20_000_000  # calls of functions, of what is done in seconds


def told(text: str, prelude: str = "", steps: int = 2_000_000) -> list[str]:
    """What is told of an expression, for no more work than an attack may make."""

    def said() -> list[str]:
        try:
            return evaluated(text, prelude, steps=steps).messages
        except TooMuch as fault:
            return [fault.message]

    messages, calls = counted(said)
    assert calls < MOST
    return messages


def doubled(start: str, step: str, count: int = 30) -> str:
    """Locals each of which holds the one before it twice."""
    lines = [f"  x0 = {start}"]
    lines += [f"  x{at} = {step.replace('@', f'local.x{at - 1}')}" for at in range(1, count)]
    return "locals {\n" + "\n".join(lines) + "\n}\n"


HUGE = "a text of more than 300,000 characters is put together here"
BOMBS = {
    "text": ("local.x29", doubled('"lol"', '"${@}${@}"'), HUGE),
    "join": ("local.x29", doubled('"lol"', 'join("", [@, @])'), HUGE),
    "format": ("local.x29", doubled('"lol"', 'format("%s%s", @, @)'), HUGE),
    "replace": ("local.x29", doubled('"lol"', 'replace(@, "l", "llllll")'), ""),
    "json": ("length(local.x29)", doubled('"lol"', "jsonencode([@, @])"), "too"),
    "tree": ("length(jsonencode(local.x29))", doubled('"lol"', "[@, @]"), "takes too long"),
    "concat": ("local.x29", doubled('["lol"]', "concat(@, @)"), "more than 20,000 elements"),
    "setproduct": ("local.x29", doubled('["a", "b"]', "setproduct(@, @)"), "20,000 elements"),
    "equal": ("local.x29 == local.x28", doubled('"lol"', "[@, @]"), ""),
    "distinct": ("toset([local.x29, local.x28])", doubled('["a"]', "[@, @]"), ""),
    "flatten": ("flatten(local.x29)", doubled('["a"]', "[@, @]"), "takes too long"),
    "numbers": ("local.x29", doubled("10", "@ * @"), "too large"),
    "pow": ("pow(10, 400)", "", "is not a number"),
    "literal": ("1e999999999", "", "too large"),
    "range": ("range(1000000000)", "", "at most 1,024 numbers"),
    "fraction": ("range(0, 1, 0.0000001)", "", "at most 1,024 numbers"),
    "loops": (
        "[for a in local.r : [for b in local.r : [for c in local.r : 1]]]",
        "locals { r = range(1000) }\n",
        "takes too long",
    ),
    "template": (
        '"%{ for a in local.r }%{ for b in local.r }xxxxxxxxxx%{ endfor }%{ endfor }"',
        "locals { r = range(1000) }\n",
        "",
    ),
    "width": ('format("%999999999d", 1)', "", "too large"),
    "indent": ('indent(999999999, "a\\nb")', "", "spaces"),
    "deep locals": ("local.x399", doubled("[]", "[@]", 400), "levels deep"),
    "deep jsondecode": (f'jsondecode("{"[" * 5000}{"]" * 5000}")', "", "not JSON"),
    "deep yamldecode": (f'yamldecode("{"[" * 5000}{"]" * 5000}")', "", ""),
    "formula": ("local.x299 ? 1 : 2", doubled("var.a", "!(@ || var.b) && !@", 300), ""),
    "units": ('timeadd("2020-01-01T00:00:00Z", "99999999999999h")', "", "too far"),
    "regex": (f'regex("(a+)+$", "{"a" * 5000}b")', "", ""),
    "regex nested": (f'regex("((a*)*)*$", "{"a" * 3000}b")', "", ""),
    "regex large": ('regex("((a{1000}){1000}){1000}", "a")', "", ""),
    "regex long": (f'regexall("(.*.*.*.*=)?b", "{"a" * 20000}")', "", "takes too long"),
    "private": ('jsondecode("\\"\\\\\\\\udb80\\\\\\\\udc00\\"")', "", ""),
    "names": ('lower("${local.x29}${var.u}")', doubled("lower(var.u)", "lower(@)"), ""),
    "cidr": ('cidrsubnet("::/0", 128, 1e30)', "", ""),
    "parseint": (f'parseint("{"9" * 5000}", 10)', "", "no whole number"),
    "keys": ("{for x in range(1000) : x => {for y in range(1000) : y => 1}}", "", "takes too long"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_bounded(name: str) -> None:
    text, prelude, expected = BOMBS[name]
    prelude += 'variable "u" { type = string }\nvariable "a" { type = bool }\n'
    prelude += 'variable "b" { type = bool }\n'
    assert expected in " ".join(told(text, prelude))


@pytest.mark.parametrize("depth", [10, 60, 79])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [("[", "]"), ("(", ")"), ("{a = ", "}"), ("upper(", ")"), ('"${', '}"'), ("!", ""), ("-", "")],
)
def test_deep_expressions_are_no_trouble(depth: int, opening: str, closing: str) -> None:
    text = f"{opening * depth}1{closing * depth}"
    if parse_expression(Source("main.tf", text))[0] is not None:
        told(text)


def test_long_chains_are_no_trouble() -> None:
    told(" + ".join(["1"] * 5_000))
    told("a" + ".b" * 5_000)
    told("[0]" + "[0]" * 5_000)
    told("var.x" + "[*]" * 70, 'variable "x" {}')
    told(" ? 1 : ".join(["true"] * 70) + " ? 1 : 2")


_ATOMS = [
    *("1", "0", "-1", "1.5", '"a"', '""', '"/a/"', '"%s"', "true", "null", "[]", "{}"),
    *("var.u", "var.a", "var.l", "var.any", "local.o", "nosuch", '"x${var.u}"', '"(a"'),
]
_PRELUDE = """
variable "u" { type = string }
variable "a" { type = bool }
variable "l" { type = list(string) }
variable "any" {}
locals {
  o = { a = 1, b = ["x", var.u] }
}
"""


def _call(arguments: list[str], name: str) -> str:
    return f"{name}({', '.join(arguments)})"


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"])
    return st.one_of(
        st.builds(_call, st.lists(inner, max_size=3), st.sampled_from(NAMES)),
        st.builds(lambda a, o, b: f"({a} {o} {b})", inner, operators, inner),
        st.builds(lambda a, b, c: f"({a} ? {b} : {c})", inner, inner, inner),
        st.builds(lambda items: f"[{', '.join(items)}]", st.lists(inner, max_size=3)),
        st.builds(lambda k, v: f"{{({k}) = {v}, k = {v}}}", inner, inner),
        st.builds(lambda c, r: f"[for k, v in {c} : {r}]", inner, inner),
        st.builds(lambda c, r: f"{{for k, v in {c} : k => {r}...}}", inner, inner),
        st.builds(lambda a, b: f"({a})[{b}]", inner, inner),
        st.builds(lambda a: f"({a})[*].a", inner),
        st.builds(lambda a: f'"x${{{a}}}y"', inner),
        st.builds(lambda a: f"!({a})", inner),
        st.builds(lambda a, n: f"{n}({a}...)", inner, st.sampled_from(NAMES)),
    )


_TREES = st.recursive(st.sampled_from((*_ATOMS, "k", "v")), _grown, max_leaves=12)


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(_TREES)
def test_random_expressions_never_raise(text: str) -> None:
    try:
        result = evaluated(text, _PRELUDE, steps=20_000)
    except TooMuch:
        return
    assert all(problem.message and problem.span for problem in result.world.problems.values())
    assert result.words
    assert result.datum.type


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(EXPRESSIONS), st.sampled_from(EXPRESSIONS), st.data())
def test_expressions_put_into_each_other_never_raise(
    one: str, two: str, data: st.DataObject
) -> None:
    places = [found.start() for found in re.finditer(r"\d+|var\.\w+", one)] or [0]
    at = data.draw(st.sampled_from(places))
    text = one[:at] + f"({two})" + one[at:]
    if parse_expression(Source("main.tf", f"{text}\n"))[0] is not None:
        told(text)


_PATTERNS = st.text("ab.*+?()|[]^$\\dw{}12-,:", max_size=12)


@settings(max_examples=400, deadline=None)
@given(_PATTERNS, st.text("ab1 \n", max_size=12))
def test_patterns_match_as_those_of_python(pattern: str, text: str) -> None:
    """Where both know a pattern they find the same, but for the empty matches of `*`."""
    try:
        program = compiled(pattern)
    except (BadPattern, Unsupported):
        return
    try:
        known = re.compile(pattern.replace("$", r"\Z"), re.ASCII)
    except re.error:
        return
    steps: list[int] = []
    ours = next(find_all(program, text, steps.append), None)
    theirs = known.search(text)
    assert sum(steps) <= (len(program.ops) + 1) * (len(text) + 2) + len(text) + 2
    if re.search(r"[*+?}][+?*{]|\)[*+?{]|\\\d|\[[^]]*\[", pattern):
        return  # possessive repetitions, repeated groups, references: not the same in both
    assert (ours is None) == (theirs is None)
    if ours is not None and theirs is not None:
        assert (ours[0], ours[1]) == theirs.span()


def test_text_that_is_put_together_of_many_pieces_costs_as_many_steps() -> None:
    world = new_world(Table())
    run = Run(world)
    value = Value("string", "a", SPAN)
    before = world.left
    made = run.composed([Piece("a", value)] * 10_000, SPAN)
    assert before - world.left >= 10_000
    # what is taken whole is not cut up again
    assert run.pieces(made.text)[0] is made.text.pieces[0]  # type: ignore[attr-defined]

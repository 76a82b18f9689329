"""The HCL reader: what is written is in the tree, and every part knows its place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hcl_texts import Drawn, bodies, expression, shape, sound
from hypothesis import given, settings

from iamlint.source import Source
from iamlint.syntax.hcl import parse, parse_expression, parse_template
from iamlint.syntax.hcl.bodies import Attribute, Block, Label
from iamlint.syntax.hcl.expressions import (
    Access,
    Call,
    Conditional,
    For,
    Index,
    Item,
    Object,
    Operation,
    Tuple,
)
from iamlint.syntax.hcl.node import Expression, Name
from iamlint.syntax.hcl.templates import Template, Text

# Trees that are drawn, printed and read again


@settings(max_examples=250, deadline=None)
@given(bodies())
def test_what_is_printed_is_read_again(drawn: Drawn) -> None:
    made, text = drawn
    assert shape(sound(text)) == made


@settings(max_examples=100, deadline=None)
@given(bodies())
def test_the_text_of_every_expression_is_that_expression(drawn: Drawn) -> None:
    for node in sound(drawn[1]).walk():
        if isinstance(node, Expression):
            text = node.span.text
            heredoc = text.startswith("<<") or "<<EOT" in text
            assert shape(expression(text + "\n" if heredoc else text)) == shape(node)


@settings(max_examples=100, deadline=None)
@given(bodies())
def test_nothing_lies_outside_of_its_parent(drawn: Drawn) -> None:
    for node in sound(drawn[1]).walk():
        places = [(child.start, child.end) for child in node.children()]
        assert node.start <= node.end
        if places:
            assert node.start <= places[0][0]
            assert places[-1][1] <= node.end
        assert all(left[1] <= right[0] for left, right in pairwise(places))


@settings(max_examples=100, deadline=None)
@given(bodies())
def test_names_and_labels_stand_where_they_say(drawn: Drawn) -> None:
    for node in sound(drawn[1]).walk():
        if isinstance(node, Attribute):
            assert node.name_span.text == node.name
            assert node.end == node.value.end
        elif isinstance(node, Block):
            assert node.type_span.text == node.type
            assert node.span.text[-1] == node.body.span.text[-1] == "}"
            assert node.body.span.text[0] == "{"
            assert node.header_span.text.endswith(
                node.labels[-1].span.text if node.labels else node.type
            )
        elif isinstance(node, Call):
            assert node.name_span.text == node.name
        elif isinstance(node, Name) or (isinstance(node, Label) and node.span.text[0] != '"'):
            assert node.span.text == node.text


# What is not seen in shapes


def test_a_file_is_one_body() -> None:
    body = sound('a = 1\nb "c" d {\n  e = 2\n  f {}\n}\nb {}\n')
    assert (body.start, body.end, body.complete) == (0, len(body.source.text), True)
    assert body.names() == ("a", "b")
    assert [block.span.text for block in body.blocks("b")] == [
        'b "c" d {\n  e = 2\n  f {}\n}',
        "b {}",
    ]
    assert body.blocks("c") == ()
    attribute = body.attribute("a")
    assert attribute is not None
    assert attribute.value.span.text == "1"
    assert body.attribute("b") is None
    inner = body.blocks("b")[0]
    assert inner.header_span.text == 'b "c" d'
    assert [label.text for label in inner.labels] == ["c", "d"]
    assert [label.span.text for label in inner.labels] == ['"c"', "d"]
    assert [item.name for item in inner.body.attributes()] == ["e"]
    assert inner.body.names() == ("e", "f")


def test_a_byte_order_mark_counts_for_places_but_is_no_content() -> None:
    body = sound("\ufeffa = 1\n")
    assert body.items[0].span.text == "a = 1"
    assert body.items[0].start == 1


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("a + b - c", "((a + b) - c)"),
        ("a + b * c", "(a + (b * c))"),
        ("a * b + c", "((a * b) + c)"),
        ("a || b && c == d", "(a || (b && (c == d)))"),
        ("a == b && c || d", "(((a == b) && c) || d)"),
        ("a < b == c < d", "((a < b) == (c < d))"),
        ("a - b / c % d + e", "((a - ((b / c) % d)) + e)"),
        ("-a * b", "((-a) * b)"),
        ("!a.b[0] && c", "((!a.b[0]) && c)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a || b ? c + d : e", "((a || b) ? (c + d) : e)"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a >= b != c <= d", "((a >= b) != (c <= d))"),
    ],
)
def test_precedence(text: str, grouped: str) -> None:
    assert bracketed(expression(text)) == grouped


def bracketed(node: Expression) -> str:
    """The expression with brackets around all that is done first."""
    if isinstance(node, Operation):
        made = bracketed(node.operands[0])
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            made = f"({made} {operator.symbol} {bracketed(operand)})"
        return made
    if isinstance(node, Conditional):
        parts = [bracketed(child) for child in (node.condition, node.then, node.otherwise)]
        return f"({parts[0]} ? {parts[1]} : {parts[2]})"
    made = shape(node)
    return f"({made[1]}{node.span.text[1:]})" if made[0] == "unary" else node.span.text


def test_equal_precedence_makes_one_flat_node() -> None:
    node = expression("a + b - c + d")
    assert isinstance(node, Operation)
    assert [operand.span.text for operand in node.operands] == ["a", "b", "c", "d"]
    assert [operator.span.text for operator in node.operators] == ["+", "-", "+"]
    assert [child.span.text for child in node.children()] == ["a", "+", "b", "-", "c", "+", "d"]


def test_steps_are_one_flat_node() -> None:
    node = expression('a.b["c"].0[*].*.d[x]')
    assert isinstance(node, Access)
    assert [step.span.text for step in node.steps] == [
        *(".b", '["c"]', ".0", "[*]", ".*", ".d", "[x]"),
    ]
    assert isinstance(node.steps[2], Index)
    assert node.steps[2].dotted
    assert node.base.span.text == "a"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("a", "a"),
        ("a-b", "a-b"),
        ("é", "é"),
        ("true", "true"),
        ("null", "null"),
        ('"a b"', "a b"),
        ('""', ""),
        ('"a\\n$${b}"', "a\n${b}"),
        ('"a${b}"', None),
        ('"${b}"', None),
        ("(a)", None),
        ("a.b", None),
        ("1", None),
        ("f(a)", None),
    ],
)
def test_keys_that_are_names_as_written(key: str, name: str | None) -> None:
    node = expression(f"{{ {key} = 1 }}")
    assert isinstance(node, Object)
    (item,) = node.items
    assert isinstance(item, Item)
    assert item.name == name
    assert item.key.span.text == key
    assert item.span.text == f"{key} = 1"


@pytest.mark.parametrize(
    ("text", "wrapped", "literal"),
    [
        ('"${a}"', "a", None),
        ('"${ [1] }"', "[1]", None),
        ('"${~ a ~}"', "a", None),
        ('" ${~ a}"', None, None),
        ('"${a}${b}"', None, None),
        ('"%{ if a }b%{ endif }"', None, None),
        ('"a"', None, "a"),
        ('""', None, ""),
        ('"a\\tb"', None, "a\tb"),
        ("<<E\na\nE\n", None, "a\n"),
        ("<<E\nE\n", None, ""),
        ("<<E\n${a}\nE\n", None, None),
    ],
)
def test_wrapped_and_literal_templates(text: str, wrapped: str | None, literal: str | None) -> None:
    node = expression(text)
    assert isinstance(node, Template)
    inner = node.wrapped
    assert (inner.span.text if inner else None) == wrapped
    assert node.literal == literal


def test_a_call_with_a_namespace() -> None:
    node = expression("provider :: x::f (1, a...)")
    assert isinstance(node, Call)
    assert (node.name, node.expand) == ("provider::x::f", True)
    assert node.name_span.text == "provider :: x::f"


def test_a_for_knows_its_parts() -> None:
    node = expression("{ for k, v in m : k => v... if v != null }")
    assert isinstance(node, For)
    assert node.head.span.text == "for k, v in m"
    assert [child.span.text for child in node.children()] == [
        *("for k, v in m", "k", "v", "v != null"),
    ]
    assert node.group


def test_all_items_of_a_long_list_are_there() -> None:
    node = expression("[" + "\n1, # c\n" * 1000 + "]")
    assert isinstance(node, Tuple)
    assert len(node.items) == 1000


def test_an_expression_is_the_whole_text() -> None:
    node, (problem,) = parse_expression(Source("x", "a b"))
    assert node is None
    assert problem.message == "`b` stands where the expression is to end"
    assert expression("\n a # c\n + b\n").span.text == "a # c\n + b"


def test_a_whole_text_as_a_template() -> None:
    source = Source("t.tftpl", 'a "${b}" $ %% $${c}\n%{ if d ~}\n  e\n%{ endif ~}\nf $')
    node, problems = parse_template(source)
    assert problems == []
    assert node is not None
    assert shape(node) == (
        "template",
        (
            'a "',
            ("fill", ("variable", "b")),
            '" $ %% ${c}\n',
            ("choice", ("variable", "d"), ("  e\n",), ()),
            "f $",
        ),
    )
    assert parse_template(Source("t", ""))[0] is not None
    assert parse_template(Source("t", "${"))[0] is None


@settings(max_examples=100, deadline=None)
@given(bodies())
def test_every_character_of_a_text_has_a_place(drawn: Drawn) -> None:
    for node in sound(drawn[1]).walk():
        if not isinstance(node, Text):
            continue
        for at, character in enumerate(node.text):
            written = node.part(at, at + 1).text
            assert written == character or written in SPELLINGS[character]
        assert node.part(0, len(node.text)) == node.span


SPELLINGS = {
    "$": ("$${", "\\u0024"),
    "%": ("%%{", "\\u0025"),
    "{": ("$${", "%%{"),
    "\n": ("\\n",),
    "\t": ("\\t",),
    '"': ('\\"',),
    "\\": ("\\\\",),
    "\u00e9": ("\\u00e9",),
    "\U0001f680": ("\\U0001F680",),
}


def test_nodes_show_what_and_where_they_are() -> None:
    body, _ = parse(Source("main.tf", "a = b.c\n"))
    assert [repr(node) for node in body.walk()] == [
        *("Body(0:8)", "Attribute(0:7)", "Access(4:7)", "Variable(4:5)", "Get(5:7)"),
    ]

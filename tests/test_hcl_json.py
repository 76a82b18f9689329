"""The JSON syntax of HCL: the same nodes, the same questions, places in the JSON text."""

from __future__ import annotations

import json

import pytest
from hcl_texts import expression as native
from hcl_texts import shape, sound
from hypothesis import given
from hypothesis import strategies as st

from iamlint.source import Problem, Source
from iamlint.syntax.hcl.bodies import Body
from iamlint.syntax.hcl.expressions import Item, Literal, Number, Object, Tuple, Unreadable
from iamlint.syntax.hcl.json import body, expression
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.templates import Template, Text
from iamlint.syntax.json import parse


def read(text: str) -> tuple[Body, list[Problem]]:
    value, problems = parse(Source("main.tf.json", text))
    assert value is not None
    assert problems == []
    return body(value, problems), problems


def made(text: str) -> tuple[Expression, list[Problem]]:
    value, problems = parse(Source("main.tf.json", text))
    assert value is not None
    return expression(value, problems), problems


ROLE = """{
  "//": "a comment",
  "resource": {
    "aws_iam_role": {
      "a": {"name": "x-${var.y}", "assume_role_policy": "${jsonencode({})}"},
      "b": [{"name": "q\\u0024{z}\\n"}, {"name": 1, "tags": {"${k}": [true, null]}}]
    }
  },
  "locals": [{"a": 1}, {"b": "$${x}"}],
  "variable": null
}"""


def test_blocks_are_what_is_asked_for_as_blocks() -> None:
    top, problems = read(ROLE)
    blocks = top.blocks("resource", 2)
    assert [[label.text for label in block.labels] for block in blocks] == [
        *(["aws_iam_role", "a"], ["aws_iam_role", "b"], ["aws_iam_role", "b"]),
    ]
    assert [label.span.text for label in blocks[0].labels] == ['"aws_iam_role"', '"a"']
    assert blocks[0].type == "resource"
    assert blocks[0].type_span.text == '"resource"'
    assert blocks[0].header_span.text == '"a"'
    assert blocks[0].body.span.text.startswith('{"name": "x-')
    assert [block.body.names() for block in blocks] == [
        *(("name", "assume_role_policy"), ("name",), ("name", "tags")),
    ]
    assert [block.body.names() for block in top.blocks("locals")] == [("a",), ("b",)]
    assert top.blocks("variable", 1) == top.blocks("nothing") == ()
    assert top.names() == ("resource", "locals", "variable")
    assert problems == []
    assert top.complete


def test_strings_are_templates_and_lead_back() -> None:
    top, problems = read(ROLE)
    first, second, third = (block.body for block in top.blocks("resource", 2))
    name = first.attribute("name")
    assert name is not None
    assert name.name_span.text == '"name"'
    assert shape(name.value) == shape(native('"x-${var.y}"'))
    policy = first.attribute("assume_role_policy")
    assert policy is not None
    assert isinstance(policy.value, Template)
    assert policy.value.wrapped is not None
    assert policy.value.wrapped.span.root().text == "jsonencode({})"
    escaped = second.attribute("name")
    assert escaped is not None
    assert isinstance(escaped.value, Template)
    assert [part.span.root().text for part in escaped.value.parts] == ["q", "\\u0024{z}", "\\n"]
    tags = third.attribute("tags")
    assert tags is not None
    assert shape(tags.value) == shape(native('{ "${k}" = [true, null] }'))
    assert problems == []


def test_all_members_taken_as_arguments() -> None:
    _, second = read(ROLE)[0].blocks("locals")
    (only,) = second.body.attributes()
    assert isinstance(only.value, Template)
    assert only.value.literal == "${x}"
    part = only.value.parts[0]
    assert isinstance(part, Text)
    assert part.part(0, 2).root().text == "$${"


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.50",
        "true",
        "false",
        "null",
        '""',
        '"a"',
        '"${a}"',
        "[]",
        '[1, "a${b}", []]',
        "{}",
        '{"a": {"b": 1}}',
        '{"${a}:sub": ["b"]}',
        '"%{ if a }b%{ endif }"',
    ],
)
def test_values_mean_what_the_native_syntax_means(text: str) -> None:
    node, problems = made(text)
    assert problems == []
    assert shape(node) == shape(native(text))
    inner = [n for n in node.walk() if not isinstance(n, Template | Item)]
    assert all(n.source is node.source for n in inner if isinstance(n, Tuple | Object | Number))


DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(0, 10**6)
    | st.text(alphabet='ab ${}%\\"\n', max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(alphabet="ab\\", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(DATA)
def test_data_without_braces_stays_itself(data: object) -> None:
    text = json.dumps(data).replace("${", "$$").replace("%{", "%%")
    node, problems = made(text)
    assert problems == []
    assert plain(node) == json.loads(text)


def plain(node: Expression) -> object:
    if isinstance(node, Tuple):
        return [plain(item) for item in node.items]
    if isinstance(node, Object):
        return {item.name: plain(item.value) for item in node.items}
    if isinstance(node, Number):
        return json.loads(node.text)
    if isinstance(node, Literal):
        return node.value
    assert isinstance(node, Template)
    return node.literal


def test_faults_in_templates_are_told_in_the_json_text() -> None:
    top, problems = read('{"locals": {"a": "\\u0041${b c}", "d": 1}}')
    (block,) = top.blocks("locals")
    for _ in range(2):  # once, however often it is asked for
        broken = block.body.attribute("a")
        assert broken is not None
        assert isinstance(broken.value, Unreadable)
    (problem,) = problems
    assert problem.message == "`c` stands where `}` is due"
    assert problem.path == "main.tf.json"
    assert problem.span is not None
    assert problem.span.root().text == "c"
    assert block.body.attribute("d") is not None


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ('{"a": 1}', "a number stands where an object is due", "1"),
        ('{"a": ["x"]}', "a string stands where an object is due", '"x"'),
        ('{"a": true}', "`true` stands where an object is due", "true"),
        ('{"a": [[{}]]}', "an array stands where an object is due", "[{}]"),
    ],
)
def test_what_is_no_block_is_told(text: str, message: str, at: str) -> None:
    top, problems = read(text)
    assert top.blocks("a") == ()
    (problem,) = problems
    assert problem.message == message
    assert problem.span is not None
    assert problem.span.text == at
    assert not top.complete


def test_a_file_may_be_a_list_of_bodies() -> None:
    top, problems = read('[{"a": 1}, {"b": {}}, {"b": {}}, 3]')
    assert top.names() == ("a", "b")
    assert len(top.blocks("b")) == 2
    assert not top.complete
    assert [problem.message for problem in problems] == ["a number stands where an object is due"]


def test_an_argument_set_twice_is_told() -> None:
    top, problems = read('{"a": 1, "a": 2}')
    attribute = top.attribute("a")
    assert attribute is not None
    assert attribute.value.span.text == "1"
    assert [problem.message for problem in problems] == ["the argument `a` is set twice"]
    assert top.attribute("b") is None


def test_deep_json_is_a_problem() -> None:
    node, problems = made("[" * 81 + "1" + "]" * 81)
    assert [p.message for p in problems] == [
        "this is nested too deeply: 80 levels are the most that is read"
    ]
    assert sum(isinstance(inner, Unreadable) for inner in node.walk()) == 1
    assert made("[" * 80 + "1" + "]" * 80)[1] == []


def test_the_native_body_answers_the_same_questions() -> None:
    top = sound('resource "a" "b" {\n  c = 1\n}\nlocals {}\n')
    assert top.names() == ("resource", "locals")
    assert [block.labels[1].text for block in top.blocks("resource", 2)] == ["b"]

"""JSON texts to try readers with, sound and broken, and a way to look at what was read."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from iamlint.source import Problem, Source
from iamlint.syntax.json import parse
from iamlint.syntax.value import Value

ALPHABET = st.characters(codec="utf-8") | st.sampled_from('"\\/\b\n\t\x7f\u2028é🚀')
STRINGS = st.text(ALPHABET, max_size=12)
KEYS = st.sampled_from(["Statement", "Policies", "a", ""]) | STRINGS
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | STRINGS
)
DATA = st.recursive(
    SCALARS,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(KEYS, children, max_size=4),
    max_leaves=12,
)
NOISE = ['"', "'", "\\", "{", "}", "[", "]", ",", ":", "=", "/", "*", "#", "//", "/*", "*/", "\n"]
NOISE += [" ", "\t", "0", "-", ".", "e", "NaN", "true", "nul", "\\u", "\\ud83d", "\ud83d", "\ufeff"]
NOISE += ["\xa0", "\x00", "é", "🚀", ",]", ",}", "// x\n", "/* x */", '"a"', '"Policies":']


@st.composite
def printed(draw: st.DrawFn) -> tuple[Any, str]:
    """Any JSON value and one of the ways to print it."""
    data = draw(DATA)
    text = json.dumps(
        data,
        indent=draw(st.none() | st.integers(0, 4) | st.just("\t")),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\r\n", "\t: ")])),
        ensure_ascii=draw(st.booleans()),
    )
    return data, draw(st.sampled_from(["", " ", "\r\n"])) + text + draw(st.sampled_from(["", "\n"]))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Valid JSON with a few pieces put in, cut out or swapped."""
    text = draw(printed())[1]
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 3)))
        text = text[:start] + draw(st.just("") | st.sampled_from(NOISE)) + text[end:]
    return text


def read(text: str, *opaque: str) -> tuple[Value | None, list[Problem]]:
    return parse(Source("f.json", text), frozenset(opaque))


def sound(text: str, *opaque: str) -> Value:
    value, problems = read(text, *opaque)
    assert problems == []
    assert value is not None
    return value


def every(value: Value) -> list[Value]:
    """The value, its keys and all inside it."""
    found, todo = [], [value]
    while todo:
        value = todo.pop()
        found.append(value)
        for member in value.members:
            found.append(member.key)
            todo.append(member.value)
        todo += value.items()
    return found

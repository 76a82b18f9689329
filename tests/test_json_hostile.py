"""The JSON reader on text that means harm, or is just broken: it ends, and says so."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from json_texts import KEYS, NOISE, every, mutated, read, sound

from iamlint.source import Source
from iamlint.syntax.json import _Reader, parse
from iamlint.syntax.value import Value


def refuse(name: str) -> NoReturn:
    raise ValueError(name)


def strict(text: str) -> bool:
    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        return False
    return True


TOLERATED = re.compile(r'("(?:[^"\\\n\r]|\\[^\n\r])*"?)|//[^\n\r]*|#[^\n\r]*|/\*.*?\*/', re.DOTALL)
COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|(?<![\[{,:\s])(\s*),(?=\s*[\]}])', re.DOTALL)


def without_the_tolerated(text: str) -> str:
    """Slow and obvious: comments become a space, a byte order mark and trailing commas vanish."""
    text = TOLERATED.sub(lambda found: found[1] or " ", text.removeprefix("\ufeff"), count=0)
    return COMMA.sub(lambda found: found[1] or found[2], text)


def dump(value: Value | None) -> Any:
    """Everything that can be seen of a value, for comparison."""
    if value is None:
        return None
    return [
        (v.kind, None if v.members or v.items() else repr(v.data), v.span) for v in every(value)
    ]


@pytest.mark.parametrize("depth", [10_000, 200_000])
@pytest.mark.parametrize(("opener", "closer"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
@pytest.mark.parametrize("opaque", [(), ("a",)])
def test_deep_nesting_is_a_problem(
    depth: int, opener: str, closer: str, opaque: tuple[str, ...]
) -> None:
    for text in (opener * depth, opener * depth + "1" + closer * depth):
        value, (problem,) = read(text, *opaque)
        assert value is None
        assert problem.message == "the JSON is nested more than 500 levels deep"
        assert problem.blocking
        assert problem.span is not None
        before = text[: problem.span.start]
        assert before.count("{") + before.count("[") == 500


@pytest.mark.parametrize("opaque", [(), ("a",)])
def test_the_deepest_allowed_is_read(opaque: tuple[str, ...]) -> None:
    text = '{"a":' * 499 + "[1]" + "}" * 499
    assert sound(text, *opaque).plain() == json.loads(text)
    assert read('{"a":' * 500 + "[1]" + "}" * 500, *opaque)[0] is None


def test_a_dropped_duplicate_counts_for_depth() -> None:
    text = '{"a": {"b": ' + "[" * 500 + "]" * 500 + ', "b": 1}}'
    source = Source("f.json", text)
    assert parse(source, frozenset("a"))[1] == parse(source)[1] != []


def test_what_is_opaque_waits_until_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    container = _Reader.container

    def spy(reader: _Reader, start: int) -> Any:
        asked.append(start)
        return container(reader, start)

    monkeypatch.setattr(_Reader, "container", spy)
    value = sound('{"a": [{"b": 1}], "c": {"a": {}}, "a": 1}', "a")
    assert [member.value.kind for member in value.members] == ["array", "object", "number"]
    assert asked == []
    assert value.members[0].value.items()[0].span.text == '{"b": 1}'
    assert value.members[0].value.plain() == [{"b": 1}]
    assert asked == [6]


@pytest.mark.parametrize(
    "inside", ["[NaN]", "[1,]", r'["\ud83d"]', "[" + "1" * 5000 + "]", "[tru]", "[01]", "[1e999]"]
)
def test_opaque_keys_hide_no_problem(inside: str) -> None:
    text = f'{{"a": {inside}, "b": [], "a": {inside}}}'
    plain, opaque = read(text), read(text, "a")
    assert [problem[:2] for problem in opaque[1]] == [problem[:2] for problem in plain[1]]
    assert opaque[0] is not None
    assert plain[0] is not None
    assert repr(opaque[0].plain()) == repr(plain[0].plain())


@pytest.mark.parametrize(
    "text",
    [
        "[" + "}" * 1_000_000,
        "[" + "," * 1_000_000,
        '{"a":' * 499 + "]" * 1_000_000,
        '["' + '\n"' * 500_000,
        '["\\d",' * 200_000,
        '{"a":[' * 200 + "tru",
        "[1" + "\xa0 " * 500_000,
        "/*" * 500_000,
        '"' + "\\n" * 500_000,
        "['" + "\\" * 500_001,
        '{"a":1' + " " * 1_000_000 + "/",
        "[" + "[] " * 200_000,
        "-" * 1_000_000,
    ],
    ids=range(13),
)
@pytest.mark.parametrize("opaque", [(), ("a",)])
def test_hostile_text_comes_to_an_end(text: str, opaque: tuple[str, ...]) -> None:
    problems = read(text, *opaque)[1]
    assert 0 < len(problems) <= 20
    assert any(problem.blocking for problem in problems)


@settings(max_examples=500)
@given(mutated() | st.lists(st.sampled_from(NOISE), max_size=12).map("".join) | st.text())
@example('{"a":"\\')
@example("[1,//")
def test_any_text_is_read_without_a_crash(text: str) -> None:
    source = Source("f.json", text)
    value, problems = parse(source)
    assert len(problems) <= 20
    spans = [problem.span for problem in problems]
    if value is not None:
        spans += [inner.span for inner in every(value)]
        value.plain()
    for span in spans:
        assert span is not None
        assert span.source is source
        assert 0 <= span.start <= span.end <= len(text)
    for problem in problems:
        assert problem.message.isprintable()
        assert (problem.help or "").isprintable()
        f"{problem.message}{problem.help}".encode()


@settings(max_examples=500)
@given(mutated() | st.lists(st.sampled_from(NOISE), max_size=8).map("".join))
@example("[1,]")
@example("[,]")
@example('{"a":1,"b"}')
@example("\ufeff\ufeff1")
@example("[1,/**/]")
@example("1//")
def test_a_problem_blocks_exactly_what_strict_json_refuses(text: str) -> None:
    value, problems = read(text)
    blocked = any(problem.blocking for problem in problems)
    if strict(text):
        assert not blocked
        assert all(problem.code == "lone-surrogate" for problem in problems)
    else:
        assert problems != []
    assert blocked != strict(without_the_tolerated(text))
    if not blocked:
        assert value is not None
        assert repr(value.plain()) == repr(json.loads(without_the_tolerated(text)))


@settings(max_examples=300)
@given(mutated(), st.sets(KEYS, max_size=3))
def test_opaque_keys_change_nothing_in_broken_text(text: str, opaque: set[str]) -> None:
    source = Source("f.json", text)
    plain, waiting = parse(source), parse(source, frozenset(opaque))
    assert waiting[1] == plain[1]
    assert dump(waiting[0]) == dump(plain[0])

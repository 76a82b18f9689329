"""The YAML reader on text that means harm, or is just broken: it ends, and says so."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from yaml_texts import NOISE, STRINGS, TEMPLATE, as_written, dump, every, loaded, mutated, read

from iamlint.syntax.yaml import YamlValue

# Depth and size


@pytest.mark.parametrize("depth", [10_000, 200_000])
@pytest.mark.parametrize(
    "opener", ["[", "{a: ", "{{", "- ", "? ", "[{", "- - ? ", "!t [", "[[a]: "]
)
def test_deep_nesting_is_a_problem(depth: int, opener: str) -> None:
    for text in (opener * depth, opener * 501 + "a"):
        value, problems = read(text)
        assert value is None
        problem = problems[-1]
        assert problem.message == "the YAML is nested more than 500 levels deep"
        assert problem.blocking
        assert problem.span is not None
        assert problem.span.start < 3000


def test_deep_indentation_is_a_problem() -> None:
    text = "".join(f"{' ' * depth}a:\n" for depth in range(2000))
    value, (problem,) = read(text)
    assert value is None
    assert problem.span is not None
    assert problem.span.start == text.index("a", text.index(" " * 500 + "a"))


def test_the_deepest_allowed_is_read() -> None:
    for text in ("[" * 500 + "a" + "]" * 500, "- " * 500 + "a", "{a: " * 500 + "}" * 500):
        value, problems = read(text)
        assert value is not None
        assert not problems
        depth = 0
        while value.data:
            value = (value.items() or [member.value for member in value.members])[0]  # type: ignore[assignment]
            depth += 1
            if value.kind == "string":
                break
        assert depth == 500


def test_a_text_of_too_many_values_is_not_read() -> None:
    value, (problem,) = read("- a\n" * 3_000_001)
    assert value is None
    assert problem.code == "too-large"


# Aliases


def bomb(levels: int, width: int = 10) -> str:
    lines = ["a0: &a0 [lol]"]
    for level in range(1, levels + 1):
        uses = ", ".join([f"*a{level - 1}"] * width)
        lines.append(f"a{level}: &a{level} [{uses}]")
    return "\n".join(lines)


@pytest.mark.parametrize("levels", [5, 9, 100])
def test_an_alias_bomb_is_a_problem_where_it_goes_off(levels: int) -> None:
    text = bomb(levels)
    value, problems = read(text)
    assert value is not None
    assert {problem.code for problem in problems} == {"too-large"}
    assert problems[0].blocking
    assert problems[0].span is not None
    assert problems[0].span.text == "*a4"
    assert len(every(value)) < 400_000
    assert any(inner.kind == "bad" for inner in value.members[5].value.items())


def test_what_aliases_repeat_is_counted_exactly() -> None:
    value, problems = read(bomb(4) + "\nb: [*a4, *a4, *a3]")
    assert value is not None
    assert not problems
    thousand = value.get("a3")
    assert thousand is not None
    assert len(every(thousand)) == 1 + 10 + 100 + 1000 + 1000


@pytest.mark.parametrize(
    "text",
    [
        "&a [*a]",
        "&a {b: *a}",
        "&a [[[*a]]]",
        "&a {*a : b}",
        "&a {<<: *a}",
        "- &a\n  - b: {<<: [*a]}",
    ],
)
def test_a_value_inside_itself_is_a_problem(text: str) -> None:
    value, problems = read(text)
    assert [problem.message for problem in problems] == ["`*a` would repeat a value inside itself"]
    assert value is not None
    assert len(every(value)) < 10


def test_merges_that_grow_are_bounded() -> None:
    lines = ["m0: &m0 {" + ", ".join(f"k{i}: v" for i in range(1000)) + "}"]
    lines += [f"m{i}: &m{i} {{<<: *m{i - 1}, x{i}: v}}" for i in range(1, 2000)]
    value, problems = read("\n".join(lines))
    assert value is not None
    assert {problem.code for problem in problems} == {"too-large"}
    assert sum(len(member.value.members) for member in value.members) < 300_000


# Nonsense


@pytest.mark.parametrize(
    "text",
    [
        "[" + "]" * 1_000_000,
        "[" + "a," * 100_000,
        ("[" * 400 + "]" * 400 + ",\n") * 50,
        "a: " * 500_000,
        "a:\n" * 50_000,
        "'" + "''" * 1_000_000,
        '"' + "\\n" * 1_000_000,
        '"' + "\\x4" * 300_000,
        "|\n" + " \n" * 1_000_000,
        "!" * 1_000_000,
        "&a " * 300_000,
        "*a " * 300_000,
        "- *a\n" * 20_000,
        "? " * 499 + "{{" * 100_000,
        "{{ a }}\n" * 100_000,
        "{% a %}" * 100_000,
        "---\n" * 300_000 + "a",
        "a\n" + "---\n" * 300_000,
        "# " * 1_000_000,
        "%" * 1_000_000,
        "\t" * 1_000_000,
        "a b\n" * 500_000 + ":",
        "\x00\xff\xfe\x01" * 500_000,
        "\ud83d" * 1_000_000,
        "\ufeff" * 500_000,
        "<<: {a: b}\n" * 10_000,
        "{a: b}: c\n" * 10_000,
        "".join(f"%TAG !e{i}! a\n" for i in range(100_000)) + "--- a",
    ],
    ids=range(28),
)
def test_hostile_text_comes_to_an_end(text: str) -> None:
    value, problems = read(text)
    assert len(problems) <= 16
    assert value is not None or any(problem.blocking for problem in problems)


def test_binary_is_a_problem() -> None:
    value, (problem,) = read(bytes(range(256)).decode("latin-1") * 1000)
    assert value is None
    assert problem.message == "U+0000 may not stand in YAML"


def check(text: str) -> tuple[YamlValue | None, list[Any]]:
    """Reads any text, and looks at all that comes out of it."""
    value, problems = read(text)
    assert value is not None or any(problem.blocking for problem in problems)
    assert len(problems) <= 16
    spans = [problem.span for problem in problems]
    for problem in problems:
        assert problem.message.isprintable()
        assert (problem.help or "").isprintable()
        f"{problem.message}{problem.help}".encode()
    for inner in every(value) if value is not None else ():
        spans += [span for span in (inner.span, inner.use, inner.tag_span) if span is not None]
        if inner.kind == "string":
            spans.append(inner.part(0, 1))
            spans.append(inner.part(len(inner.data) - 1, len(inner.data)))
    for span in spans:
        assert span is not None
        assert 0 <= span.start <= span.end <= len(text)
    return value, problems


def test_every_truncation_of_a_template_is_read_or_told() -> None:
    for end in range(len(TEMPLATE)):
        check(TEMPLATE[:end])


PIECES = st.lists(st.sampled_from(NOISE), max_size=12).map("".join)


@settings(max_examples=300)
@given(mutated() | PIECES | STRINGS | st.text())
@example("a: {{ }}")
@example("? a # b: c\n? d")
@example("{? , b: *a, : c}")
@example("!t")
@example("- &a !t\n- *a")
@example("a: |")
@example("a: >2-\n   b\n\n c")
@example("<<: [<<: {a: b}]")
def test_any_text_is_read_without_a_crash(text: str) -> None:
    check(text)


@settings(max_examples=250)
@given(mutated() | PIECES)
@example("a: &x b\n*x : c")
@example("!x :")
@example("---\n---\n\t")
@example("- !x \xa0y\n- &a \xa0")
def test_what_is_read_is_what_pyyaml_loads(text: str) -> None:
    value, problems = check(text)
    expected, reason = loaded_or_not(text)
    if reason is not None:
        # YAML lets an anchor be named again; the composer of libyaml does not.
        assert problems or "found duplicate anchor" in reason
        return
    assume(not problems and "<<" not in text)
    assert value is not None
    assert as_written(value) == expected


def loaded_or_not(text: str) -> tuple[Any, str | None]:
    """What PyYAML loads, or why it does not."""
    try:
        return loaded(text), None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        return None, str(error)


def test_without_libyaml_nothing_crashes_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    for end in range(0, len(TEMPLATE), 13):
        check(TEMPLATE[:end] + NOISE[end % len(NOISE)] + TEMPLATE[end + 3 :])
    for text in (
        '"\\U00110000"',
        '"\\UFFFFFFFF"',
        '"\\ud800"',
        "[" * 3000,
        "%YAML " + "1" * 5000 + ".1",
    ):
        check(text)


def test_both_parsers_see_the_same_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["a: *\n", "a: @b\n", "a: b: c\n", "a: 'b\n", 'a: "\\d"\n', "a: [1}\n", "a: 'b' c\n"]
    texts += [
        "a:1\nb: 2\n",
        "a: 1\nfoo\n",
        "a: - b\n",
        "a: 1\n- b\n",
        "a: !e!x b\n",
        "a: {{ b }}-c",
    ]
    texts += ["a: |x\n b", "a: [1\nb: c\n", "a: b\x01", "a: ,", " a: 1\nb: 2", "a:\n\tb: 1"]
    fast = [read(text)[1] for text in texts]
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    for text, ours in zip(texts, fast, strict=True):
        theirs = read(text)[1]
        assert [problem[:2] for problem in theirs] == [problem[:2] for problem in ours]
        assert [p.span and p.span[1:] for p in theirs] == [p.span and p.span[1:] for p in ours]


def test_reading_twice_gives_the_same() -> None:
    assert str(dump(read(TEMPLATE)[0])) == str(dump(read(TEMPLATE)[0]))

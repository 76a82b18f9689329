"""How explanations look: nothing that a stranger wrote is markup, and nothing is endless."""

from __future__ import annotations

import re

from explaining_support import explained_at, words
from hypothesis import given
from hypothesis import strategies as st
from test_explaining import CASES, TEMPLATE, TERRAFORM

from iamlint.explaining.explanation import About, Explanation, Line, Part
from iamlint.findings import Place
from iamlint.reporters.hover import MOST_ALL, markdown, plain
from iamlint.source import Source, Span

# what a renderer of Markdown may take for something else than text
MARKUP = re.compile(r"[`*_\[\]<>|~&@#$!^]|://|www\.", re.I)
strange = st.text() | st.text("`[]()<>!*_#\\\n w.:/@&", max_size=30)


def saying(*texts: str) -> Explanation:
    """An explanation made of some texts."""
    source = Source(texts[0], "".join(texts) or "x")
    span = Span(source, 0, 1)
    lines = tuple(Line(text, item=bool(number % 2)) for number, text in enumerate(texts))
    about = About(texts[:2], 3, (Part(texts[-1], lines),))
    return Explanation(span, (about,), 2, (Place(span, texts[0]),))


def outside(block: str) -> str:
    """What of a block is neither code nor escaped; a span of code ends in the block."""
    left, at = "", 0
    while at < len(block):
        if block[at] == "\\":
            at += 2
        elif block[at] == "`":
            at = block.index("`", at + 1) + 1
        else:
            left += block[at]
            at += 1
    return left


@given(st.lists(strange, min_size=2, max_size=6))
def test_nothing_of_a_stranger_is_markup(texts: list[str]) -> None:
    for block in markdown(saying(*texts)).split("\n\n"):
        for line in block.split("\n"):
            ours = line.removeprefix("- ")
            if ours.startswith("**") and ours.endswith("**"):
                ours = ours[2:-2]
            assert not MARKUP.search(outside(ours)), line


@given(st.lists(strange, min_size=2, max_size=6))
def test_every_character_can_be_seen(texts: list[str]) -> None:
    for text in (plain(saying(*texts)), markdown(saying(*texts))):
        assert all(line.isprintable() for line in text.split("\n"))


def test_backticks_are_code_and_the_rest_is_as_it_was() -> None:
    assert "by `a_b*`: x\\_y" in markdown(saying("by `a_b*`: x_y", "z"))
    assert "**guard `a`**" in markdown(saying("z", "guard `a`"))
    assert "guard `a`:" in plain(saying("z", "guard `a`"))
    assert "2 more roles use this, each in its own way." in plain(saying("a", "b"))


def test_long_texts_are_cut() -> None:
    found = markdown(saying(*(f"`{'x' * 5_000}`" for _ in range(6))))
    assert "x" * 701 not in found
    many = About(("`a`",), 0, tuple(Part(f"part {n}", (Line("x" * 600),)) for n in range(99)))
    source = Source("a", "b")
    whole = Explanation(Span(source, 0, 1), (many,))
    for text in (plain(whole), markdown(whole)):
        assert len(text) <= MOST_ALL + 10
        assert text.endswith("…")


FILES = [
    *((files, "role.json") for files, _ in CASES.values()),
    (TERRAFORM, "main.tf"),
    (TERRAFORM, "m/main.tf"),
    (TEMPLATE, "stack.yaml"),
]
PIECES = ("", "", "{", "}", "[", '"', "\n", "🎉", "${", "*", "`", "\t", "!Ref x", "null", "\r\n")


@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from(PIECES)), max_size=3),
    st.floats(0, 1),
)
def test_a_text_that_is_being_written_never_hurts(
    known: tuple[dict[str, str], str], edits: list[tuple[float, int, str]], place: float
) -> None:
    files, path = {**known[0]}, known[1]
    text = files[path]
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    files[path] = text
    offset = int(place * len(text))
    found = explained_at(files, path, offset)
    if found is not None:
        assert found.span.start <= offset < found.span.end
        assert words(found)
        assert markdown(found)

"""A file of HCL that is read in parts, again and again, is what it is when it is read whole."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from terraform_edits import HEAD, configuration, edited

from iamlint.source import Problem, Source
from iamlint.syntax.hcl import parse, parts
from iamlint.syntax.hcl.bodies import Attribute, Body

_SCRAPS = (
    *("}", "{", '"', "\n", "x", " ", "# c", "# c\n", "//", "/*", "*/", "<<EOT\n", "EOT\n"),
    *(
        "\r\n",
        "\r",
        "\ufeff",
        "😀",
        "${",
        "$",
        "=",
        'a "b" {}\n',
        "locals {\n  a = 1\n}\n",
        "x = 1\n",
    ),
)


def _nodes(body: Body) -> list[tuple[object, ...]]:
    return [
        (type(node), node.span.root()[1:], getattr(node, "name", None), getattr(node, "type", None))
        for node in body.walk()
    ]


def _told(problems: list[Problem]) -> list[tuple[object, ...]]:
    return [
        (each.code, each.message, each.path, each.help, each.span.root()[1:] if each.span else None)
        for each in problems
    ]


def agrees(text: str, known: parts.File | None) -> parts.File:
    source = Source("main.tf", text)
    found = parts.read(source, known)
    body, problems = parse(Source("main.tf", text))
    assert _told(found.problems) == _told(problems)
    assert _nodes(found.body) == _nodes(body)
    assert found.body.complete == body.complete
    assert {node.span.root().source for node in found.body.walk()} == {source}
    return found


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_a_file_in_parts_is_the_file(seed: int) -> None:
    draw = Random(seed)
    text = "\n\n".join(configuration(draw).values())
    file = sound = agrees(text, None)
    for _ in range(8):
        if not file.is_sound and draw.random() < 0.6:
            file = agrees(sound.source.text, file)
        text = file.source.text
        at = draw.randrange(len(text) + 1)
        if draw.random() < 0.5:
            text = edited({"main.tf": text, "t.tpl": "", "doc.json": ""}, draw)["main.tf"]
        elif draw.random() < 0.5:
            text = text[:at] + draw.choice(_SCRAPS) + text[at:]
        else:
            text = text[:at] + text[at + draw.choice((1, 1, 2, 30, 300)) :]
        sound = file if file.is_sound else sound
        file = agrees(text, file)


BLOCK = 'a "b" {\n  x = "y"\n}\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BLOCK + BLOCK, BLOCK + "# " + BLOCK),
        (BLOCK + BLOCK, BLOCK[:-1] + BLOCK),
        (BLOCK + BLOCK, BLOCK + "\ufeff" + BLOCK),
        (BLOCK + "\n" + BLOCK, BLOCK + "c {}" + BLOCK),
        (BLOCK, "\ufeff" + BLOCK),
        ("\ufeff" + BLOCK, BLOCK),
        (BLOCK, BLOCK[:-1] + "}"),
        (BLOCK, BLOCK[:-1] + " x\n"),
        (BLOCK, BLOCK[:-1]),
        (BLOCK + BLOCK, BLOCK + "/*\n" + BLOCK),
        (BLOCK + "# */\n" + BLOCK, "/*" + BLOCK + "# */\n" + BLOCK),
        (BLOCK + BLOCK, BLOCK + "x = 1\n" + BLOCK),
        (BLOCK + BLOCK, BLOCK),
        (BLOCK, BLOCK * 3),
        (BLOCK, BLOCK.replace("\n", "\r\n")),
        (BLOCK, ""),
        ("", BLOCK),
    ],
)
def test_an_edit_between_blocks(before: str, after: str) -> None:
    agrees(before, agrees(after, agrees(before, None)))


def test_only_what_was_edited_is_new() -> None:
    text = HEAD + BLOCK + BLOCK.replace("y", "z")
    known = agrees(text, None)
    found = agrees("# moved\n\n" + text.replace('"z"', '"zz"'), known)
    assert len(found.body.items) == len(known.body.items)
    assert found.body.items[:-1] == known.body.items[:-1]
    assert found.body.items[-1] is not known.body.items[-1]
    turned = agrees(BLOCK.replace("y", "z") + HEAD + BLOCK, known)
    assert set(turned.body.items) == set(known.body.items)


def test_only_the_local_that_was_edited_is_new() -> None:
    known = agrees(HEAD, None)
    found = agrees(HEAD.replace("token.actions", "gitlab"), known)
    assert [
        old.name for old, new in zip(_locals(known), _locals(found), strict=True) if old is not new
    ] == ["host"]


def _locals(file: parts.File) -> tuple[Attribute, ...]:
    (block,) = file.body.blocks("locals")
    return block.body.attributes()


def test_two_blocks_of_locals_do_not_share_an_argument() -> None:
    """The second is as it was, and the first holds now what the second one holds."""
    one, two = "locals {\n  a = 1\n  b = 2\n}\n", "locals {\n  a = 3\n  b = 4\n}\n"
    for before, after in (
        (one + two, "locals {\n  a = 3\n  c = 2\n}\n" + two),
        (one + two, two + two),
        (two + BLOCK + two, one + BLOCK + two),
        (two + BLOCK, "locals {\n  a = 3\n}\n" + BLOCK.replace("}", "}}") + two),
        (one + BLOCK + two, two + "locals {\n  b = 4\n}\n" + BLOCK + one),
    ):
        agrees(before, agrees(after, agrees(before, None)))

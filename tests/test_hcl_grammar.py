"""The HCL reader accepts and refuses what HashiCorp's own parser accepts and refuses."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from hcl_oracle import (
    HAS_PYGOHCL,
    HAS_TERRAFORM,
    accepted_by_pygohcl,
    accepted_by_terraform,
)
from hcl_snippets import ACCEPTED, REFUSED

from iamlint.source import Source
from iamlint.syntax.hcl import parse

ALL = [*ACCEPTED, *REFUSED]
FRAGMENTS = (
    *('"', "${", "%{", "}", "{", "[", "]", "(", ")", "\n", " ", "~", ".", "..", "...", ","),
    *("=", "=>", "==", ":", "::", "?", "!", "-", "+", "*", "/", "<<E\n", "E\n", "<<-E\n", "a"),
    *("for", "in", "if", "endif", "else", "endfor", "1", ".0", "0.5", "#", "//", "/*", "*/"),
    *("\\", "$", "%", "$$", "\t", "é", "\r\n", "\r", "&&", "||", "<", "null", '"x"', "f("),
    *("[*]", ".*", "\u00a0", "\u0301"),
)


def accepts(text: str) -> bool:
    return not parse(Source("main.tf", text))[1]


def mutated(draw: Random) -> str:
    """A text of the table with one or two small faults."""
    text = draw.choice(ALL)
    for _ in range(draw.choice((1, 1, 2))):
        at = draw.randint(0, len(text))
        gone = draw.choice((0, 0, 1, 2))
        text = text[:at] + draw.choice(("", *FRAGMENTS)) + text[at + gone :]
    return text


@pytest.mark.parametrize("text", ACCEPTED)
def test_sound_text_is_read_without_a_problem(text: str) -> None:
    body, problems = parse(Source("main.tf", text))
    assert problems == []
    assert body.complete


@pytest.mark.parametrize("text", REFUSED)
def test_unsound_text_is_a_located_problem(text: str) -> None:
    _, problems = parse(Source("main.tf", text))
    assert problems != []
    for problem in problems:
        assert (problem.code, problem.path, problem.blocking) == ("invalid-hcl", "main.tf", True)
        assert problem.span is not None
        assert problem.span.start < problem.span.end
        assert problem.message.isprintable()


def test_the_table_is_large_and_has_no_doubles() -> None:
    assert len(set(ALL)) == len(ALL)
    assert len(ACCEPTED) >= 200
    assert len(REFUSED) >= 200


@pytest.mark.skipif(not HAS_TERRAFORM, reason="the terraform binary is not installed")
def test_terraform_says_the_same(tmp_path: Path) -> None:
    said = accepted_by_terraform(ALL, tmp_path)
    assert [text for text, sound in zip(ALL, said, strict=True) if sound] == ACCEPTED


@pytest.mark.skipif(not HAS_TERRAFORM, reason="the terraform binary is not installed")
def test_terraform_says_the_same_of_mutants(tmp_path: Path) -> None:
    draw = Random(7)
    texts = [text for text in {mutated(draw): None for _ in range(1500)} if "\0" not in text]
    said = accepted_by_terraform(texts, tmp_path)
    ours = [accepts(text) for text in texts]
    different = [t for t, theirs, our in zip(texts, said, ours, strict=True) if theirs != our]
    assert different == []
    assert 100 < sum(said) < len(said) - 100


@pytest.mark.skipif(not HAS_PYGOHCL, reason="pygohcl is not installed")
def test_the_parser_of_go_says_the_same() -> None:
    draw = Random(8)
    texts = [*ALL, *(mutated(draw) for _ in range(5000))]
    harmless = [t for t in texts if "\0" not in t and not re.search(r"[eE][-+]?\d{4}", t)]
    said = {text: accepted_by_pygohcl(text) for text in harmless}  # it writes 1e9999 out
    different = [text for text, sound in said.items() if sound not in (None, accepts(text))]
    assert different == []

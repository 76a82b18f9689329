"""Our evaluator gives what the real terraform gives."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hcl_oracle import HAS_TERRAFORM, terraform
from terraform_oracle import RECORDED, ask
from terraform_support import answer
from terraform_texts import EXPRESSIONS

from iamlint.formats.terraform.functions import NAMES

ANSWERS: dict[str, Any] = json.loads(RECORDED.read_text())
# Where we answer otherwise, and why.
OTHERWISE = {
    'true ? "a" : nosuch': "what is not evaluated is not looked at: that is for who reads files",
    "try(nosuch, 2)": "the same",
    'element(["a", "b"], -1)': "newer versions count from the end",
    'textencodebase64("hello", "nope")': "there are more encodings than we know",
    'yamlencode("line\\nbreak\\n")': "texts of several lines are left unknown",
    "tolist([[1], null])": "an element of an unknown type is taken for one of any type",
    "tolist([[1], local.dyn])": "the same",
}


def is_open(unknown: Any) -> bool:
    """Whether any part of a value is unknown."""
    if isinstance(unknown, dict):
        unknown = list(unknown.values())
    return any(map(is_open, unknown)) if isinstance(unknown, list) else bool(unknown)


def agrees(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether two answers are the same; we may know more than Terraform does when it plans."""
    if "error" in theirs or "error" in ours:
        return ("error" in theirs) == ("error" in ours)
    if theirs["unknown"] is True:
        return True
    if is_open(theirs["unknown"]) or is_open(ours["unknown"]):
        return is_open(theirs["unknown"]) == is_open(ours["unknown"])
    return bool(ours["value"] == theirs["value"] and ours["type"] == theirs["type"])


def test_the_table_is_large_and_recorded() -> None:
    assert list(ANSWERS) == EXPRESSIONS
    assert len(EXPRESSIONS) >= 1_400
    assert sum("error" in answer for answer in ANSWERS.values()) >= 300
    assert sum(is_open(answer.get("unknown")) for answer in ANSWERS.values()) >= 80


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_gives_what_terraform_gives(text: str) -> None:
    assert agrees(answer(text), ANSWERS[text]) is (text not in OTHERWISE), answer(text)


def test_little_is_known_here_and_not_there() -> None:
    """A sharper answer is for a reason: what is unknown has parts that are known."""
    whole = [text for text, theirs in ANSWERS.items() if theirs.get("unknown") is True]
    sharper = [text for text in whole if answer(text).get("unknown") is not True]
    assert len(sharper) <= 40


@pytest.mark.skipif(not HAS_TERRAFORM, reason="the terraform binary is not installed")
def test_terraform_still_says_so(tmp_path: Path) -> None:
    sample = Random(4).sample(EXPRESSIONS, 150)
    moving = {"timestamp()", "uuid()"}
    said = ask(sample, tmp_path)
    for text in sample:
        if text not in moving:
            assert said[text] == ANSWERS[text], text


@pytest.mark.skipif(not HAS_TERRAFORM, reason="the terraform binary is not installed")
def test_all_functions_are_known(tmp_path: Path) -> None:
    said = json.loads(terraform(tmp_path, "metadata", "functions", "-json"))
    names = {name for name in said["function_signatures"] if "::" not in name}
    assert set(NAMES) == names

"""A template of YAML that is broken in one place: the other roles are judged as they are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iamlint.config import Config
from iamlint.findings import Report
from iamlint.linting import lint_with
from iamlint.memory import Memory
from iamlint.project.books import open_rules
from iamlint.rules.book import RuleBook
from iamlint.source import DictFiles

ROLE = """\
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: "*"
            Action: !Sub sts:AssumeRole # é
"""
NAMES = ("One", "Two", "Three")
TEMPLATE = (
    "Description: roles\nResources:\n"
    + "\n".join(ROLE.format(name=name) for name in NAMES)
    + "Outputs:\n  Out:\n    Value: !Ref Two\n"
)
START = TEMPLATE.index("Two:\n")
END = TEMPLATE.index("  Three:")


@cache
def book() -> RuleBook:
    return open_rules((), os.environ)


def judged(text: str, memory: Memory | None = None) -> Report:
    config = Config(as_found=True)
    return lint_with(DictFiles({"a.yaml": text}), ["a.yaml"], config, book(), None, memory)


def told(report: Report, names: Iterable[str] = NAMES) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.rule, each.roles) for each in report.findings if {*each.roles} & {*names}]


PUBLIC = [("public-trust", (name,)) for name in NAMES]


def broken(where: str, text: str, wide: bool = False) -> str:
    """The template with something in front of a text of the second role."""
    at = TEMPLATE.index(where, START)
    made = TEMPLATE[:at] + text + TEMPLATE[at:]
    return made.replace("\n", "\r\n") if wide else made


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("text", ['"', "'", "{", "[", "*", "&", "x\n", "  ", "!", "%", "\t"])
@pytest.mark.parametrize("where", ["Principal:", "Effect:", '"*"', "Properties:", "- Effect"])
def test_the_other_roles_are_judged(where: str, text: str, wide: bool) -> None:
    report = judged(broken(where, text, wide))
    assert told(report, ("One", "Three")) == [PUBLIC[0], PUBLIC[2]]
    if "invalid-yaml" in [each.code for each in report.problems]:
        assert not told(report, ("Two",)), "what is not read whole is not judged"


def test_what_is_broken_is_told_where_it_is() -> None:
    """And not where a string that was never closed meets the next quote."""
    text = broken('"*"', '"')
    report = judged(text)
    (problem,) = report.problems
    assert problem.span is not None
    source, start, _ = problem.span.root()
    assert source.text == text
    assert text.index("Two:") < start < text.index("Three:")
    assert problem.blocking


def test_a_line_that_is_not_where_it_belongs_yet() -> None:
    for text in ("x", "x:", "Wh", "Resou"):
        report = judged(broken("            Principal:", f"{text}\n"))
        assert told(report) == [PUBLIC[0], PUBLIC[2]]
        assert [each.blocking for each in report.problems] == [True]


@pytest.mark.parametrize("text", ['"', "{", "x\n"])
def test_what_is_ignored_stays_ignored(text: str) -> None:
    mark = "  # iamlint: ignore[public-trust]: é, it is meant\n"
    made = broken("Principal:", text)
    for name in ("  One:", "  Three:"):
        made = made.replace(name, f"{mark}{name}")
    report = judged(made)
    assert told(report) == []
    assert [each.roles for each in report.ignored] == [("One",), ("Three",)]
    inside = made.replace("            Action", f"            {mark}            Action", 3)
    assert told(judged(inside)) == []


def test_a_loop_is_left_out_whole() -> None:
    text = TEMPLATE.replace("  Two:\n", "  Fn::ForEach::Two: {\n")
    assert told(judged(text)) == [PUBLIC[0], PUBLIC[2]]


OTHERS = {
    "nothing but one": "Resources:\n  One: {\n",
    "no section": "a: {\nb: AssumeRolePolicyDocument\n",
    "another section": TEMPLATE.replace("Description: roles", "Description: {"),
    "a chart": "Resources:\n{{- range .Values.roles }}\n  {{ .name }}: AssumeRolePolicyDocument\n",
    "an empty section": "Resources:\nOutputs: {\nx: AssumeRolePolicyDocument\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_cannot_be_read_in_parts_is_not_read(name: str) -> None:
    report = judged(OTHERS[name])
    assert not report.findings
    assert len(report.problems) <= 1


PIECES = st.text(st.sampled_from("\"'{}[]:-#&*!|>%@` \n\tx"), min_size=1, max_size=6)


@given(st.integers(START, END - 1), PIECES, st.integers(0, 20))
def test_whatever_is_typed_into_one_role(at: int, text: str, cut: int) -> None:
    made = TEMPLATE[:at] + text + TEMPLATE[min(at + cut, END) :]
    memory = Memory()
    judged(TEMPLATE, memory)
    kept, fresh = judged(made, memory), judged(made)
    assert [each.message for each in kept.problems] == [each.message for each in fresh.problems]
    assert told(kept) == told(fresh)
    assume("invalid-yaml" in [each.code for each in fresh.problems])
    assert set(told(fresh, ("One", "Three"))) <= {PUBLIC[0], PUBLIC[2]}, "nothing is made up"
    assert any(each.blocking for each in fresh.problems)
    assert told(judged(TEMPLATE, memory)) == PUBLIC

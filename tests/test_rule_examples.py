"""The shipped rules against their own examples: found as said, in every form, every term needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from examples_support import (
    HIT,
    Case,
    Seen,
    all_seen,
    breaks,
    cases,
    judged,
    nodes,
    renderings,
    speaks,
    underlined,
)

from iamlint.cli import main
from iamlint.facts.node import Node
from iamlint.facts.truth import NO
from iamlint.facts.vocabulary import VOCABULARY
from iamlint.findings import Report, severity_rank
from iamlint.policy.faults import FAULTS
from iamlint.rules.book import Rule
from iamlint.rules.mutants import mutants
from iamlint.rules.page import explain, index, markdown
from iamlint.semantics.strings import Strings
from iamlint.shipped import shipped_book, shipped_language

BOOK = shipped_book()
LANGUAGE = shipped_language()
CASES = cases(BOOK)
BAD = [case for case in CASES if case.kind == "bad"]
RULES = pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)


@pytest.fixture(scope="module")
def known() -> dict[str, list[Node]]:
    """The nodes of every example, with the facts that were asked of them."""
    strings = Strings()
    return {str(case): nodes(case.example, strings) for case in CASES}


# --- examples ------------------------------------------------------------------------------------


# One form without the role's ARN and one with it are asked all questions. What the others could
# do is to lose or misplace what is found, so they are asked only for that, which is faster.
IN_FULL = ("text", "pretty", "get-role")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_example_is_judged_as_it_says_in_every_form(case: Case) -> None:
    said: list[tuple[str, list[Seen]]] = []
    asked = {case.rule.id}
    for rendering in renderings(case.example):
        form, text, path, beside = rendering
        select = () if not said or form in IN_FULL else tuple(asked)
        report = judged(text, BOOK, case.example, select, path, beside=beside)
        assert report.problems == (), form
        _check(case, report)
        asked |= speaks(report)
        said.append((form, all_seen(report, rendering)))
    assert said, "the example has no form"
    for form, findings in said:
        assert findings == said[0][1], form


def _check(case: Case, report: Report) -> None:
    rule, also = case.rule.id, set(case.example.get("also", ()))
    assert (rule in speaks(report)) is (case.kind == "bad")
    others = [each for each in report.findings if each.rule != rule]
    unexpected = {each.rule for each in others if severity_rank(each.severity) > 0} - also
    assert not unexpected, "list them in `also`, or make the example say one thing"
    assert also <= {each.rule for each in others}, "`also` names what is not found"


@pytest.mark.parametrize("case", BAD, ids=str)
def test_what_is_underlined_is_what_the_example_marks(case: Case) -> None:
    # one form is enough: that all forms say the same is shown above
    text = next(renderings(case.example)).text
    report = judged(text, BOOK, case.example, select=(case.rule.id,))
    marked = [each.place.span.text for each in report.findings]
    assert marked
    assert all(underlined(case.example["marks"], text) for text in marked), marked
    witnesses = [each.witness or "" for each in report.findings]
    assert any(case.example.get("who", "") in witness for witness in witnesses), witnesses


@pytest.mark.parametrize(
    ("marks", "text", "same"),
    [
        ("a b", "a b", True),
        ("a b", "ab", False),
        ("\u200b", "\\u200b", True),
        ('"k": ["v"]', '"k" : [\n"v" ]', True),
        ('"k": ["v"]', '"k": "v"', False),
        ('{"a": 1, "a": 2}', '{"a": 2}', False),
        ('a", "b', 'a",\n  "b', True),
        ('"a": "x y"}, "B": {"b": "z"', '"a":"x y"},"B":{"b":"z"', True),
        ('"a": "x y"}, "B": {"b": "z"', '"a":"xy"},"B":{"b":"z"', False),
        ('{"a": […]}', '{"a":[1,2]}', True),
        ('{"a": […]}', '{"b":[1,2]}', False),
    ],
)
def test_what_counts_as_the_very_text(marks: str, text: str, same: bool) -> None:
    assert underlined(marks, text) is same


@RULES
def test_an_example_that_is_wrong_is_noticed(rule: Rule, known: dict[str, list[Node]]) -> None:
    case = next(case for case in BAD if case.rule is rule)
    around = known[str(case)]
    assert breaks(case._replace(kind="good"), rule.when, around)
    elsewhere = case._replace(example=case.example | {"marks": case.example["marks"] + "x"})
    assert breaks(elsewhere, rule.when, around)
    assert breaks(case, lambda _: NO, around)


def test_names_of_examples_tell_them_apart() -> None:
    names = [str(case) for case in CASES]
    assert len(set(names)) == len(names)


# --- mutants -------------------------------------------------------------------------------------


@RULES
def test_every_term_of_a_condition_is_needed(rule: Rule, known: dict[str, list[Node]]) -> None:
    around = [(case, known[str(case)]) for case in CASES if case.rule is rule]
    assert not [str(case) for case, found in around if breaks(case, rule.when, found)]
    survivors = [
        mutant.description
        for mutant in mutants(rule.tree, rule.node, LANGUAGE)
        if not any(breaks(case, mutant.test, found) for case, found in around)
    ]
    argued = [each["mutant"] for each in rule.mutants]
    assert sorted(survivors) == sorted(argued)


# --- the book as a whole -------------------------------------------------------------------------


class FaultFacts:
    """A fault as rules see it, without a policy around it."""

    def __init__(self, code: str, effect: str) -> None:
        self._facts = {"code": code, "effect": effect, "refused": FAULTS[code].certain}

    def fact(self, name: str) -> object:
        return self._facts[name]


@pytest.mark.parametrize("code", FAULTS)
@pytest.mark.parametrize("effect", VOCABULARY["fault"]["effect"].choices)
def test_of_every_fault_exactly_one_rule_speaks(code: str, effect: str) -> None:
    fault = FaultFacts(code, effect)
    said = [rule.id for rule in BOOK.of_node("fault") if rule.when(fault).state in HIT]
    assert len(said) == 1, said


def test_every_fault_a_reader_can_meet_is_in_an_example(known: dict[str, list[Node]]) -> None:
    met = {
        str(node.fact("code"))
        for case in BAD
        for node in known[str(case)]
        if node.kind == "fault" and case.rule.when(node).state in HIT
    }
    # what is no object is told as a problem of the file: it never comes as far as the rules
    assert set(FAULTS) - met == {"not-an-object"}


def _named(rule: Rule) -> Iterator[str]:
    yield from rule.subsumes
    for examples in rule.examples.values():
        for example in examples:
            yield from example.get("also", ())


@RULES
def test_rules_that_are_named_exist_and_are_others(rule: Rule) -> None:
    for name in _named(rule):
        assert BOOK.get(name) is not None, name
        assert name != rule.id


@RULES
def test_a_rule_can_be_read(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z].*[^.]", rule.title)
    assert not re.match(r"[A-Z][a-z]", rule.fix), "help starts in lower case"
    assert "\n" not in rule.fix.strip(), "help is one line"
    assert 1 <= len(re.findall(r"[.!?](?:\s|$)", rule.why)) <= 4
    for page in (explain(rule), markdown(rule)):
        assert rule.title in page
        assert "TODO" not in page
    assert f"[`{rule.id}`]({rule.id}.md)" in index(BOOK.rules)


@RULES
def test_iamlint_explains_the_rule(rule: Rule, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule.id]) == 0
    assert capsys.readouterr().out == explain(rule)


def test_iamlint_lists_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in BOOK.rules]
    assert main(["rules", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["title"] for row in rows] == [rule.title for rule in BOOK.rules]

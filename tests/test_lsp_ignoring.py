"""An ignore can be written for whatever is found, wherever a comment or metadata can be."""

from __future__ import annotations

import os
from functools import cache

import pytest
from examples_support import Case, Rendering, cases, renderings

from iamlint.ignores.writing import REASON, may_have_a_way, ways
from iamlint.lsp.buffers import Document
from iamlint.lsp.checking import Checks, Judged, Request
from iamlint.lsp.preferences import Preferences
from iamlint.lsp.worker import Ticket
from iamlint.project.books import open_rules

FORMS = {"jsonencode", "heredoc", "document", "local", "module", "plan-beside"} | {
    f"template{kind}" for kind in ("", "-block", "-flow", "-text")
}


@cache
def one_of_each_rule() -> list[tuple[Case, Rendering]]:
    """The first example of each rule, the forms one after the other."""
    found: dict[str, tuple[Case, Rendering]] = {}
    for case in cases(open_rules((), os.environ)):
        forms = [each for each in renderings(case.example) if each.form in FORMS]
        if case.kind == "bad" and forms:
            found.setdefault(case.rule.id, (case, forms[len(found) % len(forms)]))
    return list(found.values())


@pytest.fixture(scope="module")
def checks() -> Checks:
    return Checks(os.environ)


@pytest.mark.parametrize("part", range(4))
def test_every_rule_can_be_ignored_in_some_form(checks: Checks, part: int) -> None:
    seen = 0
    for case, rendering in one_of_each_rule()[part::4]:
        for judged, request in judgements(checks, rendering):
            for finding in judged.findings[:2]:
                assert may_have_a_way(finding)
                change = checks.ignoring(request, judged, finding)
                assert change is not None, f"{case} in {rendering.form}"
                assert REASON in change.text
                assert finding.rule in change.text
                seen += 1
    assert seen > 10


def judgements(checks: Checks, rendering: Rendering) -> list[tuple[Judged, Request]]:
    documents = tuple(
        Document(f"file:///nowhere/{path}", "", 1, text) for path, text in rendering.files.items()
    )
    request = Request(documents, frozenset(), True, Preferences(level="info"), ())
    return [(judged, request) for judged in checks.run(request, Ticket()).judged]


def test_what_has_no_comments_has_no_way(checks: Checks) -> None:
    pretty = first_pretty()
    ((judged, request),) = judgements(checks, pretty)
    (finding, *_) = judged.findings
    assert not may_have_a_way(finding)
    assert not list(ways(finding))
    assert checks.ignoring(request, judged, finding) is None


def first_pretty() -> Rendering:
    return next(
        each
        for case, _ in one_of_each_rule()
        for each in renderings(case.example)
        if each.form == "pretty"
    )

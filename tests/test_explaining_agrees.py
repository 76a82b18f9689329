"""Editor and gate never disagree: at the place of every finding the explanation says the same."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import Any

import pytest
from examples_support import FILE, Case, cases, config_of, judged, renderings
from explaining_support import book, explained_at, words

from iamlint.config import Config
from iamlint.findings import Finding

STEP = int(os.environ.get("IAMLINT_STEP", "12"))
BAD = [case for case in cases(book()) if case.kind == "bad"]
# what is said where a rule speaks, and is certain
SAID = {
    "void-guard": "Void: every call",
    "idle-deny": "Idle: it takes nothing away",
    "deny-locks-everyone-out": "what the policy allows it denies as well",
    "dead-statement": "Dead: nobody gets in|Dead: no call|Nobody gets in by it",
    "expired-statement": "is over",
    "dead-principal": "Nobody gets in by it",
    "redundant-statement": "Shadowed: ",
    "shadowed-guard": "Shadowed: ",
    "action-principal-mismatch": "which the statement does not name",
    "misspelt-key": "was probably meant",
    "key-never-present": "never carry",
    "other-partition": "Nobody gets in by it: it is of another partition",
    "public-trust": "[Aa]ny AWS account",
    "open-subject": "any .*(organisation|group|namespace|workspace|account|pool)",
    "foreign-account-without-external-id": "anybody of account",
    "own-account-trust": "anybody of the role's own account",
    "service-for-any-customer": "on behalf of customers without end",
    "any-certificate": "whoever has a certificate",
    "any-pod": "any pod of any cluster",
    "deny-spares-absent-key": "spares: .*without|may come without",
    "guard-passes-without-key": "may come without|Void",
}
# and what is not said where a rule says that somebody gets in, or that something has an effect
CONTRARY = ("Nobody gets in", "Dead: ", "Idle: ", "Nobody.")


@pytest.mark.parametrize("case", BAD, ids=str)
def test_a_finding_and_its_explanation(case: Case) -> None:
    told = text_of(case.example)
    config = config_of(case.example)
    report = judged(told, book(), case.example)
    for finding in report.findings:
        if finding.certainty != "certain":
            continue
        said = said_at(told, finding, config)
        assert re.search(SAID.get(finding.rule, ""), said), (finding.rule, finding.message, said)
        if finding.witness is not None:
            assert not any(each in said for each in CONTRARY), (finding.rule, said)


def text_of(example: dict[str, Any]) -> str:
    return next(iter(renderings(example))).text


def said_at(text: str, finding: Finding, config: Config) -> str:
    return words(explained_at({FILE: text}, FILE, finding.place.span.start, config))


def test_all_that_is_to_be_said_is_said_by_some_example() -> None:
    counts: Counter[str] = Counter()
    for case in BAD:
        counts.update([case.rule.id])
    assert set(SAID) <= set(counts)


@pytest.mark.parametrize("case", BAD[::STEP], ids=str)
def test_an_explanation_is_the_same_in_every_form(case: Case) -> None:
    """Wherever a policy is written: JSON, a template, a module, a plan beside its configuration."""
    said: dict[str, set[str]] = {}
    config, around = config_of(case.example), set[str]()
    for rendering in renderings(case.example):
        if rendering.form.startswith("plan"):  # the places of a plan are those of an attribute
            continue
        report = judged(
            rendering.text, book(), case.example, path=rendering.path, beside=rendering.beside
        )
        for finding in report.findings:
            span = finding.place.span
            if rendering.form == "pretty" and span.text[0] in "{[":
                around.add(finding.rule)  # where it begins there may be something smaller
            if finding.certainty == "certain" and finding.rule not in around:
                found = explained_at(rendering.files, span.source.name, span.start, config)
                said.setdefault(rendering.form, set()).add(f"{finding.rule}: {words(found)}")
    assert len({frozenset(each) for each in said.values()}) <= 1, said

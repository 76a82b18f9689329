"""The catalogue's pairs of policies: the risk is found, the repaired form not blamed for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from examples_support import judged, speaks

from iamlint.findings import Report, severity_rank
from iamlint.shipped import shipped_book

BOOK = shipped_book()
PAIRS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "risk_pairs.json").read_text(encoding="utf-8")
)["pairs"]
RULES: dict[str, set[str]] = {}
for _rule in BOOK.rules:
    for _name in _rule.tags.get("catalogue", ()):
        RULES.setdefault(_name, set()).add(_rule.id)
COVERED = [name for name in PAIRS if name in RULES]

# Pairs that no rule stands for yet, and the fact that is missing.
UNCOVERED: dict[str, str] = {}

# What else is said, above `info`, of the repaired policies, and why that is right.
ALSO = {
    "R040": {
        "foreign-account-without-external-id": "the pair is about the digits of the account, and"
        " both policies let in all of it",
    },
}


def said(policy: dict[str, Any]) -> Report:
    report = judged(json.dumps(policy, indent=2), BOOK, {"now": "2026-11-24"})
    assert report.problems == ()
    assert report.summary.roles == 1
    return report


@pytest.mark.parametrize("name", COVERED)
def test_the_risk_is_found(name: str) -> None:
    assert speaks(said(PAIRS[name]["bad"])) & RULES[name]


@pytest.mark.parametrize("name", COVERED)
def test_the_repaired_policy_is_not_blamed_for_it(name: str) -> None:
    assert not speaks(said(PAIRS[name]["good"])) & RULES[name]


@pytest.mark.parametrize("name", PAIRS)
def test_what_else_is_said_of_the_repaired_policy_is_argued(name: str) -> None:
    findings = said(PAIRS[name]["good"]).findings
    others = {each.rule for each in findings if severity_rank(each.severity) > 0}
    assert others == set(ALSO.get(name, {}))


def test_what_is_not_covered_is_known() -> None:
    assert set(PAIRS) - set(COVERED) == set(UNCOVERED)
    assert set(ALSO) <= set(PAIRS)
    reasons = [*UNCOVERED.values(), *(why for each in ALSO.values() for why in each.values())]
    assert all(reasons)

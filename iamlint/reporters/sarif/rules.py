"""Writes the table of rules of a SARIF run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sarif_om as om

from iamlint.findings import Finding
from iamlint.reporters.sarif import limits
from iamlint.reporters.sarif.objects import words
from iamlint.rules import page
from iamlint.rules.book import Rule
from iamlint.typed import Any

LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# GitHub sorts alerts by these: above 9 critical, from 7 high, from 4 medium, above 0 low.
SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}


def descriptors(findings: Iterable[Finding], rules: Sequence[Rule]) -> list[Any]:
    """The rule book, and what a finding names beyond it.

    Of a book that is too long for GitHub only the rules that were broken.
    """
    named = {finding.rule: finding for finding in findings}
    whole = len(rules) + len(named) <= limits.RULES_PER_RUN
    told = {rule.id: _descriptor(rule) for rule in rules if whole or rule.id in named}
    for rule, finding in named.items():
        if rule not in told:
            told[rule] = _unknown(finding)
    return [told[rule] for rule in sorted(told)]


def _unknown(finding: Finding) -> Any:
    """What a finding says of its rule."""
    title = words(limits.cut(finding.title or finding.rule, limits.DESCRIPTION))
    return om.ReportingDescriptor(
        id=finding.rule,
        short_description=title,
        full_description=title,
        help=title,
        default_configuration=om.ReportingConfiguration(level=LEVELS[finding.severity]),
    )


def _descriptor(rule: Rule) -> Any:
    return om.ReportingDescriptor(
        id=rule.id,
        name=limits.cut(_pascal(rule.id), limits.NAME),
        short_description=words(limits.cut(rule.title, limits.DESCRIPTION)),
        full_description=words(limits.cut(rule.why, limits.DESCRIPTION)),
        help=om.MultiformatMessageString(text=page.explain(rule), markdown=page.markdown(rule)),
        help_uri=next(iter(rule.references), None),
        default_configuration=om.ReportingConfiguration(level=LEVELS[rule.severity]),
        properties={
            "tags": _tags(rule),
            "precision": "very-high",
            "problem.severity": _problem_severity(rule.severity),
            "security-severity": SCORES[rule.severity],
        },
    )


def _pascal(name: str) -> str:
    """The name of a rule as readers of SARIF expect it: it may not be the id itself."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("-"))


def _tags(rule: Rule) -> list[str]:
    """Words to search for: weaknesses as GitHub knows them, and techniques of attack."""
    weaknesses = [f"external/cwe/{name.lower()}" for name in rule.tags.get("cwe", ())]
    attacks = [f"attack/{name.lower()}" for name in rule.tags.get("attack", ())]
    return ["security", "aws", "iam", *weaknesses, *attacks][: limits.TAGS]


def _problem_severity(severity: str) -> str:
    return "recommendation" if severity == "info" else LEVELS[severity].replace("note", "warning")

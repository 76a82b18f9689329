"""The page of the catalogue against the rules: what it says of an entry, the rules say too."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from iamlint.shipped import shipped_book

PAGE = Path(__file__).parent.parent / "docs" / "catalogue.md"
ROW = re.compile(r"\| (R\d{3}) \| ([^|]+) \| ([^|]+) \|")
BOOK = shipped_book()
FIRST, LAST = "R001", "R239"


@cache
def rules_of() -> dict[str, list[str]]:
    """The rules that speak for each entry; those named otherwise are providers, not entries."""
    found: dict[str, list[str]] = {}
    for rule in BOOK.rules:
        for entry in rule.tags.get("catalogue", ()):
            found.setdefault(entry, []).append(rule.id)
    return {entry: sorted(rules) for entry, rules in found.items()}


def written(page: str) -> str:
    """The page with its column of rules as the rule files have it."""
    rules = rules_of()

    def row(found: re.Match[str]) -> str:
        entry, words, told = found.groups()
        named = ", ".join(f"`{rule}`" for rule in rules.get(entry, ()))
        return f"| {entry} | {words} | {named or told} |"

    return ROW.sub(row, page)


def test_the_page_is_what_the_rules_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("IAMLINT_UPDATE_SNAPSHOTS") == "1":
        page = written(page)
        PAGE.write_text(page, encoding="utf-8")
    assert page == written(page)


def test_every_entry_has_a_rule_or_a_reason() -> None:
    rows = [found.groups() for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))]
    entries = [entry for entry, _, _ in rows]
    assert len(set(entries)) == len(entries)
    assert (min(entries), max(entries), len(entries)) == (FIRST, LAST, 224)
    assert {entry for entry in rules_of() if re.fullmatch(r"R\d{3}", entry)} <= set(entries)
    for entry, _, told in rows:
        if entry not in rules_of():
            # a reason may name rules that speak in its place, but is more than their names
            assert len(told.split()) > 2, entry
            named = re.findall(r"`([a-z][a-z-]+-[a-z-]+)`", told)
            assert all(BOOK.get(name) for name in named), entry

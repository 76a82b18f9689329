"""The one entry of the library: read what was named, judge every role in it, decide what shows."""

from __future__ import annotations

from collections.abc import Sequence

from iamlint.config import Config
from iamlint.engine import Engine, merge_equals
from iamlint.findings import Finding, Report
from iamlint.formats import UNREADABLE, read
from iamlint.formats.discovery import discover
from iamlint.rules.book import RuleBook
from iamlint.source import Files, Problem, Source
from iamlint.triage import Counts, triage


def lint_with(files: Files, paths: Sequence[str], config: Config, book: RuleBook) -> Report:
    """Judge every role in the files that `paths` name or hold.

    `files` is the only way by which anything is read. Never raises for what a file contains.
    """
    engine = Engine(book, config)
    findings: list[Finding] = []
    problems: list[Problem] = []
    seen = roles = 0
    discovery = discover(files, paths)
    skipped: dict[str, int] = {}
    for found in discovery:
        if not isinstance(found.content, Source):
            problems.append(found.content)
            continue
        seen += 1
        reading = read(found.content, named=found.named)
        problems.extend(reading.problems)
        if reading.kind == UNREADABLE and not reading.problems:
            skipped["unreadable and without a role"] = skipped.get(reading.kind, 0) + 1
        for role in reading.roles:
            roles += 1
            judged = engine.judge(role)
            findings.extend(judged.findings)
            problems.extend(judged.problems)
    counts = Counts(roles=roles, files=seen, skipped={**discovery.skipped, **skipped})
    return triage(merge_equals(findings), problems, config, counts)

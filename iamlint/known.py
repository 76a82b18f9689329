"""Tells new findings from those of before, by the names that they keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iamlint.config import Config
from iamlint.findings import Finding, Known, severity_rank
from iamlint.source import Problem
from iamlint.typed import NamedTuple


class Before(NamedTuple):
    """What is found, to be known later; `problems` are why there may be more."""

    known: tuple[Known, ...]
    problems: tuple[Problem, ...]


class Sifted(NamedTuple):
    """Findings, each of one role, by whether they were there before."""

    new: list[Finding]
    known: list[Finding]
    gone: list[Known]  # those of before that are not found any more


def known_of(findings: Iterable[Finding], config: Config) -> tuple[Known, ...]:
    """Findings, each of one role, as those of before: what is asked for, in a fixed order."""
    lowest = severity_rank(config.level)
    found = (
        Known(each.fingerprint, each.rule, role, each.place.span.source.name, each.message)
        for each in findings
        for role in each.roles
        if severity_rank(each.severity) >= lowest and config.enables(each.rule)
    )
    return tuple(sorted(found, key=lambda each: (each.path, each.rule, each.role, each)))


def sift(
    findings: Sequence[Finding], ignored: Sequence[Finding], before: Sequence[Known]
) -> Sifted:
    """Part findings that were there before from new ones.

    Names are counted: of a defect that was copied, one is new. Where files differ, the one in the
    file of before is the one of before. What is ignored now is not gone.
    """
    if not before:
        return Sifted(list(findings), [], [])
    left: dict[str, list[Known]] = {}
    for each in before:
        left.setdefault(each.fingerprint, []).append(each)
    known: set[int] = set()
    for same_file in (True, False):
        for number, finding in enumerate((*findings, *ignored)):
            if number not in known and _take(left, finding, same_file=same_file):
                known.add(number)
    return Sifted(
        [finding for number, finding in enumerate(findings) if number not in known],
        [finding for number, finding in enumerate(findings) if number in known],
        [each for some in left.values() for each in some],
    )


def _take(left: dict[str, list[Known]], finding: Finding, *, same_file: bool) -> bool:
    """Whether a finding is one of those that are left; it is taken from them."""
    some = left.get(finding.fingerprint, [])
    path = finding.place.span.source.name
    for number, each in enumerate(some):
        if not same_file or each.path == path:
            del some[number]
            return True
    return False

"""Decides what is shown of what was found, counts the rest, and says how the check ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from iamlint.config import Config
from iamlint.findings import SEVERITIES, Finding, Known, Report, Summary, severity_rank
from iamlint.source import Problem
from iamlint.typed import NamedTuple


class Counts(NamedTuple):
    """What the engine saw on its way."""

    roles: int = 0
    files: int = 0
    unresolved: tuple[str, ...] = ()  # values nobody can know before deployment, and of which role
    skipped: Mapping[str, int] = {}  # files and folders passed over, by reason


class Kept(NamedTuple):
    """What was found and is kept back, and what is not found any more."""

    ignored: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    fixed: tuple[Known, ...] = ()


NOTHING_KEPT = Kept()


def triage(
    findings: Iterable[Finding],
    problems: Iterable[Problem],
    config: Config,
    counts: Counts,
    kept: Kept = NOTHING_KEPT,
) -> Report:
    """Return the report: findings asked for, at or above the level, in a fixed order."""
    asked: list[Finding] = []
    ignored = 0
    for finding in findings:
        if config.enables(finding.rule):
            asked.append(_without_unasked_notes(finding, config))
        else:
            ignored += 1
    lowest = severity_rank(config.level)
    told = (f for f in asked if severity_rank(f.severity) >= lowest)
    shown = sorted((_failing(finding, config) for finding in told), key=_order)
    said = sorted(problems, key=_problem_order)
    ignored += len(kept.ignored)
    known, fixed = len(kept.known), len(kept.fixed)
    return Report(
        findings=tuple(shown),
        problems=tuple(said),
        summary=Summary(
            counts=_counted(shown, said) | {"ignored": ignored, "known": known, "fixed": fixed},
            hidden=ignored + known + len(asked) - len(shown),
            roles=counts.roles,
            files=counts.files,
            skipped=sum(counts.skipped.values()),
            unresolved=len(counts.unresolved),
            problems=len(said),
        ),
        skipped=tuple(f"{number} × {why}" for why, number in sorted(counts.skipped.items())),
        unresolved=counts.unresolved,
        ignored=tuple(sorted(kept.ignored, key=_order)),
        known=tuple(sorted(kept.known, key=_order)),
        fixed=tuple(sorted(kept.fixed, key=_known_order)),
    )


def together(reports: Iterable[Report]) -> Report:
    """The reports about inputs with settings of their own as one."""
    listed = list(reports)
    counts: Counter[str] = Counter()
    for report in listed:
        counts.update(report.summary.counts)
    numbers = [report.summary._replace(counts={}) for report in listed]
    sums = [sum(column) for column in zip(*(each[1:] for each in numbers), strict=True)]
    return Report(
        findings=_ordered(each.findings for each in listed),
        problems=tuple(sorted((p for each in listed for p in each.problems), key=_problem_order)),
        summary=Summary({**listed[0].summary.counts, **counts}, *sums),
        skipped=tuple(line for each in listed for line in each.skipped),
        unresolved=tuple(value for each in listed for value in each.unresolved),
        ignored=_ordered(each.ignored for each in listed),
        known=_ordered(each.known for each in listed),
        fixed=tuple(sorted((k for each in listed for k in each.fixed), key=_known_order)),
    )


def exit_status(report: Report) -> int:
    """How `check` ends: 3 something was not judged, 1 findings that fail it, 0 neither."""
    if report.summary.counts["blocking"]:
        return 3
    return 1 if report.summary.counts["failing"] else 0


def _without_unasked_notes(finding: Finding, config: Config) -> Finding:
    notes = tuple(note for note in finding.notes if config.enables(note.rule))
    return finding if len(notes) == len(finding.notes) else finding._replace(notes=notes)


def _counted(shown: list[Finding], problems: list[Problem]) -> dict[str, int]:
    counts = dict.fromkeys((*reversed(SEVERITIES), "certain", "possible"), 0)
    for finding in shown:
        counts[finding.severity] += 1
        counts[finding.certainty] += 1
    counts["failing"] = sum(finding.fails for finding in shown)
    counts["blocking"] = sum(problem.blocking for problem in problems)
    return counts


def _failing(finding: Finding, config: Config) -> Finding:
    """The finding, marked if it fails the check."""
    return finding._replace(fails=True) if _fails(finding, config) else finding


def _fails(finding: Finding, config: Config) -> bool:
    if finding.certainty == "possible" and not config.fail_on_possible:
        return False
    return severity_rank(finding.severity) >= severity_rank(config.fail_on)


def _ordered(findings: Iterable[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    return tuple(sorted((finding for each in findings for finding in each), key=_order))


def _known_order(known: Known) -> tuple[str, str, str, str]:
    return known.path, known.rule, known.role, known.fingerprint


def _order(finding: Finding) -> tuple[str, int, int, str, str, tuple[str, ...], str]:
    # Within one text, offsets order places as lines and columns do, and cost nothing.
    span = finding.place.span
    return (
        span.source.name,
        span.start,
        span.end,
        finding.rule,
        finding.message,
        finding.roles,
        finding.fingerprint,
    )


def _problem_order(problem: Problem) -> tuple[str, int, int, str, str]:
    _, start, end = problem.span.placed() if problem.span else (None, -1, -1)
    return problem.path, start, end, problem.code, problem.message

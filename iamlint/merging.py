"""One defect, one finding: what speaks for what, and what is said of many roles at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iamlint.facts.node import Node
from iamlint.findings import Finding, severity_rank
from iamlint.source import Span
from iamlint.telling import Hit

_OF_PRINCIPAL = {"principal": "self", "grant": "principal"}  # where such a node has its principal


def merged(hits: list[Hit]) -> Iterator[tuple[Hit, list[Hit]]]:
    """Each hit that no other one speaks for, with those it speaks for as notes."""
    taken: dict[int, list[Hit]] = {}
    spoken: set[int] = set()
    order = sorted(range(len(hits)), key=lambda n: -severity_rank(hits[n].rule.severity))
    for place in order:
        if place in spoken:
            continue
        notes = [
            other
            for other in range(len(hits))
            if other != place and other not in spoken and _speaks_for(hits[place], hits[other])
        ]
        spoken.update(notes)
        # what a subsumed finding spoke for goes on with it
        taken[place] = [hit for other in notes for hit in (hits[other], *taken.pop(other, ()))]
    for place, notes_of in sorted(taken.items()):
        if place not in spoken:
            yield hits[place], notes_of


def _speaks_for(hit: Hit, other: Hit) -> bool:
    """Whether the other rule is a lesser view of the same defect: same statement, subsumed.

    NOTE: a certain finding is never hidden behind a merely possible one.
    """
    surer = hit.truth.state == "yes" or other.truth.state == "possible"
    lesser = other.rule.id in hit.rule.subsumes
    # the other way round the certain one speaks for a possible one that would subsume it, unless
    # that is worse: nothing bad is to be found in the notes of what is not even shown
    wider = hit.rule.id in other.rule.subsumes and other.truth.state != hit.truth.state
    wider = wider and severity_rank(hit.rule.severity) >= severity_rank(other.rule.severity)
    return surer and (lesser or wider) and _overlaps(*_homes(hit.node, other.node))


def _homes(one: Node, two: Node) -> tuple[Span, Span]:
    """The nodes themselves; of two kinds of node the statements they stand in.

    A grant is one principal's: what is said of it says nothing of the others.
    """
    if one.kind in _OF_PRINCIPAL and two.kind in _OF_PRINCIPAL:
        return one.point(_OF_PRINCIPAL[one.kind]), two.point(_OF_PRINCIPAL[two.kind])
    if one.kind == two.kind:
        return one.point("self"), two.point("self")
    return one.home(), two.home()


def _overlaps(one: Span, two: Span) -> bool:
    one, two = one.placed(), two.placed()
    return one.source is two.source and one.start <= two.end and two.start <= one.end


def _rank(finding: Finding) -> int:
    return severity_rank(finding.severity)


def merge_equals(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with equal rule, place and message are one that lists all the roles.

    A message may name its role: what is written once and used by many roles is one defect.
    """
    merged: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        span = finding.place.span
        said = finding.message
        for role in finding.roles:
            said = said.replace(f"`{role}`", "")
        place = (span.source.name, span.start, span.end)
        key = (finding.rule, finding.certainty, *place, said, finding.justification)
        known = merged.get(key)
        if known is None:
            merged[key] = finding
        else:
            roles = dict.fromkeys((*known.roles, *finding.roles))
            worst = max(known, finding, key=_rank)  # of equals the first one
            merged[key] = known._replace(
                roles=tuple(roles),
                severity=worst.severity,
                why=worst.why,
                edit=known.edit if known.edit == finding.edit else (),
            )
    return list(merged.values())

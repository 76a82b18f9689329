"""Writes findings as SARIF results."""

from __future__ import annotations

from collections.abc import Iterator

import sarif_om as om

from iamlint.findings import Finding, Place
from iamlint.reporters.sarif import limits
from iamlint.reporters.sarif.objects import harmless, message
from iamlint.reporters.sarif.places import artifact, bare, physical
from iamlint.reporters.sarif.rules import LEVELS, SCORES
from iamlint.typed import Any, NamedTuple


class Told(NamedTuple):
    """A finding, and whether it is kept back."""

    finding: Finding
    kept: str = ""  # where it was said that it is kept back: `inSource`, `external`; else empty


def result(told: Told, indices: dict[str, int]) -> Any:
    """A finding; `indices`: of rules in the table of the run."""
    finding = told.finding
    places = _places(finding)
    return om.Result(
        rule_id=finding.rule,
        rule_index=indices[finding.rule],
        level=LEVELS[finding.severity],
        message=message("\n".join(_sentences(finding, places))),
        locations=[om.Location(physical_location=physical(finding.place.span))],
        related_locations=_related(places) or None,
        code_flows=_flows(finding) or None,
        fixes=_fixes(finding) or None,
        suppressions=_suppressions(told) or None,
        partial_fingerprints={
            "primaryLocationLineHash": finding.fingerprint,
            "iamlint/v1": finding.fingerprint,
        },
        properties=_properties(finding),
    )


def _properties(finding: Finding) -> dict[str, object]:
    more = len(finding.roles) - limits.ROLES
    return {
        "certainty": finding.certainty,
        "severity": finding.severity,
        # NOTE: GitHub reads that of the rule; other readers may take that of the result
        "security-severity": SCORES[finding.severity],
        "roles": list(finding.roles[: limits.ROLES]),
        **({"moreRoles": more} if more > 0 else {}),
    }


def _sentences(finding: Finding, places: list[Place]) -> Iterator[str]:
    sure = finding.certainty == "certain"
    yield _said("" if sure else "possible: ", finding.message)
    if finding.witness:
        yield _said("who: ", finding.witness)
    if not sure:
        for assumption in finding.assumptions:
            yield _said("because: ", assumption)
    if finding.why:
        yield _said("severity: ", finding.why)
    for number, place in enumerate(places, 1):
        if place.label:
            yield f"see: [{_linked(place.label)}]({number})"
    if finding.help:
        yield _said("help: ", finding.help)


def _said(before: str, text: str) -> str:
    return before + harmless(limits.cut(text, limits.MESSAGE))


def _linked(label: str) -> str:
    """The words of a link to a related location, which brackets would end."""
    return limits.cut(label, limits.MESSAGE).translate({ord("["): "(", ord("]"): ")"})


def _places(finding: Finding) -> list[Place]:
    """What a finding speaks of besides its own place."""
    notes = [Place(note.place.span, f"{note.rule}: {note.message}") for note in finding.notes]
    return [*finding.related, *notes][: limits.LOCATIONS - 1]


def _related(places: list[Place]) -> list[Any]:
    return [_labelled(place, number) for number, place in enumerate(places, 1)]


def _labelled(place: Place, number: int | None = None) -> Any:
    return om.Location(
        id=number,
        physical_location=physical(place.span),
        message=message(_said("", place.label or "related")),
    )


def _flows(finding: Finding) -> list[Any]:
    """The ways of values, each from where it is written to where it is used."""
    here = finding.place._replace(label=finding.place.label or finding.message)
    most = min(limits.FLOW_LOCATIONS // 2, limits.LOCATIONS - 1)
    ways = [(here, each) if each.later else (each, here) for each in finding.related[:most]]
    return [
        om.CodeFlow(thread_flows=[om.ThreadFlow(locations=[_step(place) for place in way])])
        for way in ways
    ]


def _step(place: Place) -> Any:
    return om.ThreadFlowLocation(location=_labelled(place))


def _fixes(finding: Finding) -> list[Any]:
    """The edit, as the changes of one file after the other."""
    changes: dict[str, list[Any]] = {}
    for change in finding.edit:
        made = om.Replacement(
            deleted_region=bare(change.span), inserted_content=om.ArtifactContent(text=change.text)
        )
        changes.setdefault(change.span.source.name, []).append(made)
    files = [
        om.ArtifactChange(artifact_location=artifact(path), replacements=made)
        for path, made in changes.items()
    ]
    advice = message(_said("", finding.help)) if finding.help else None
    return [om.Fix(description=advice, artifact_changes=files)] if files else []


def _suppressions(told: Told) -> list[Any]:
    """Who ignored it and why: a comment in the file, or something outside such as a baseline."""
    if not told.kept:
        return []
    why = told.finding.justification
    reason = why.reason if why is not None else ""
    if why is not None and why.until:
        reason = f"until {why.until}: {reason}" if reason else f"until {why.until}"
    return [om.Suppression(kind=told.kept, justification=reason or None)]

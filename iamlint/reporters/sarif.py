"""Writes a report as SARIF 2.1.0, one result a line, for GitHub and other stores of alerts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from urllib.parse import quote

import attr
import sarif_om as om

from iamlint.findings import Finding, Place, Report
from iamlint.reporters import View, region
from iamlint.reporters.json import encoded, listed
from iamlint.rules import page
from iamlint.rules.book import Rule
from iamlint.source import Problem, Span
from iamlint.typed import Any
from iamlint.version import VERSION

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
LONGEST_SNIPPET = 2000  # code points

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# GitHub sorts alerts by these: above 9 critical, from 7 high, from 4 medium, above 0 low.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}


def render(report: Report, view: View) -> str:
    """Return a log of one run; equal reports give equal bytes."""
    rules = _descriptors(report, view)
    indices = {rule.id: index for index, rule in enumerate(rules)}
    run = plain(_run(report, rules))
    results = listed(plain(_result(finding, indices)) for finding in report.findings)
    members = [f"{encoded(name)}: {encoded(value)}" for name, value in run.items()]
    members.append(f'"results": {results}')
    return (
        f'{{"$schema": {encoded(SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n'
        + ",\n".join(members)
        + "\n}]}\n"
    )


def plain(value: Any) -> Any:
    """Turn objects of `sarif_om` into dicts, without what is absent or the default.

    NOTE: `jschema_to_python.to_json` does the same and copies every subtree at every level,
    which is thirty times slower. A level is always written, as not all readers know its default.
    """
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    kind: Any = type(value)
    members = ((key, getattr(value, name), rest) for name, key, rest in _fields(kind))
    return {
        key: plain(member)
        for key, member, rest in members
        if member is not None and (member != rest or key == "level")
    }


@cache
def _fields(kind: Any) -> list[tuple[str, str, Any]]:
    """Attribute, SARIF name and default of the fields of a class."""
    found = []
    for field in attr.fields(kind):
        default: Any = field.default
        if isinstance(default, attr.Factory):  # type: ignore[arg-type] # a class at run time
            default = default.factory()
        found.append((field.name, field.metadata["schema_property_name"], default))
    return found


def _run(report: Report, rules: list[Any]) -> Any:
    driver = om.ToolComponent(name="iamlint", version=VERSION, semantic_version=VERSION)
    driver.rules = rules
    base = om.ArtifactLocation(description=om.Message(text="The folder iamlint was started in."))
    return om.Run(
        tool=om.Tool(driver=driver),
        column_kind="unicodeCodePoints",
        original_uri_base_ids={ROOT: base},
        invocations=[
            om.Invocation(
                execution_successful=not any(problem.blocking for problem in report.problems),
                tool_execution_notifications=[_notification(p) for p in report.problems] or None,
            )
        ],
    )


def _descriptors(report: Report, view: View) -> list[Any]:
    """The table of rules: the rule book, and what a finding names beyond it."""
    told = {rule.id: _descriptor(rule) for rule in view.rules}
    for finding in report.findings:
        if finding.rule not in told:
            told[finding.rule] = om.ReportingDescriptor(
                id=finding.rule,
                short_description=_text(finding.title or finding.rule),
                default_configuration=om.ReportingConfiguration(level=_LEVELS[finding.severity]),
            )
    return [told[rule] for rule in sorted(told)]


def _descriptor(rule: Rule) -> Any:
    return om.ReportingDescriptor(
        id=rule.id,
        name=rule.id,
        short_description=_text(rule.title),
        full_description=_text(rule.why),
        help=om.MultiformatMessageString(text=page.explain(rule), markdown=page.markdown(rule)),
        help_uri=next(iter(rule.references), None),
        default_configuration=om.ReportingConfiguration(level=_LEVELS[rule.severity]),
        properties={
            "tags": ["security", "aws", "iam", *_external_tags(rule)],
            "precision": "very-high",
            "problem.severity": _problem_severity(rule.severity),
            "security-severity": _SCORES[rule.severity],
        },
    )


def _external_tags(rule: Rule) -> list[str]:
    """Weaknesses in the words GitHub knows, and techniques of attack."""
    weaknesses = [f"external/cwe/{name.lower()}" for name in rule.tags.get("cwe", ())]
    return weaknesses + [f"attack/{name.lower()}" for name in rule.tags.get("attack", ())]


def _problem_severity(severity: str) -> str:
    return "recommendation" if severity == "info" else _LEVELS[severity].replace("note", "warning")


def _result(finding: Finding, indices: dict[str, int]) -> Any:
    return om.Result(
        rule_id=finding.rule,
        rule_index=indices[finding.rule],
        level=_LEVELS[finding.severity],
        message=_message("\n".join(_sentences(finding))),
        locations=[om.Location(physical_location=_physical(finding.place.span))],
        related_locations=_related(finding) or None,
        fixes=_fixes(finding) or None,
        partial_fingerprints={
            "primaryLocationLineHash": finding.fingerprint,
            "iamlint/v1": finding.fingerprint,
        },
        properties={
            "certainty": finding.certainty,
            "severity": finding.severity,
            # NOTE: GitHub reads that of the rule; other readers may take that of the result
            "security-severity": _SCORES[finding.severity],
            "roles": list(finding.roles),
        },
    )


def _sentences(finding: Finding) -> Iterator[str]:
    sure = finding.certainty == "certain"
    yield finding.message if sure else f"possible: {finding.message}"
    if finding.witness:
        yield f"who: {finding.witness}"
    if not sure:
        for assumption in finding.assumptions:
            yield f"because: {assumption}"
    if finding.why:
        yield f"severity: {finding.why}"
    if finding.help:
        yield f"help: {finding.help}"


def _related(finding: Finding) -> list[Any]:
    notes = [Place(note.place.span, f"{note.rule}: {note.message}") for note in finding.notes]
    return [
        om.Location(
            id=number,
            physical_location=_physical(place.span),
            message=_message(place.label or "related"),
        )
        for number, place in enumerate((*finding.related, *notes), 1)
    ]


def _fixes(finding: Finding) -> list[Any]:
    """The edit, as the changes of one file after the other."""
    changes: dict[str, list[Any]] = {}
    for change in finding.edit:
        place = _physical(change.span).region
        place.snippet = None
        made = om.Replacement(
            deleted_region=place, inserted_content=om.ArtifactContent(text=change.text)
        )
        changes.setdefault(change.span.source.name, []).append(made)
    files = [
        om.ArtifactChange(artifact_location=_artifact(path), replacements=made)
        for path, made in changes.items()
    ]
    advice = _message(finding.help) if finding.help else None
    return [om.Fix(description=advice, artifact_changes=files)] if files else []


def _notification(problem: Problem) -> Any:
    text = problem.message if problem.help is None else f"{problem.message}\nhelp: {problem.help}"
    if problem.span is None:
        place = om.PhysicalLocation(artifact_location=_artifact(problem.path))
    else:
        place = _physical(problem.span.root())
    return om.Notification(
        descriptor=om.ReportingDescriptorReference(id=problem.code),
        level="error" if problem.blocking else "note",
        message=_message(text),
        locations=[om.Location(physical_location=place)],
    )


def _physical(span: Span) -> Any:
    place = region(span)
    snippet = om.ArtifactContent(text=span.text)
    return om.PhysicalLocation(
        artifact_location=_artifact(span.source.name),
        region=om.Region(
            start_line=place.line,
            start_column=place.column,
            end_line=place.end_line,
            end_column=place.end_column,
            snippet=snippet if 0 < span.end - span.start <= LONGEST_SNIPPET else None,
        ),
    )


def _artifact(path: str) -> Any:
    """A relative URI stands on the base only while it stays below it."""
    uri = _percent_encoded(path)
    if path.startswith("/"):
        return om.ArtifactLocation(uri=f"file://{uri}")
    inside = ".." not in path.split("/")
    return om.ArtifactLocation(uri=uri, uri_base_id=ROOT if inside else None)


def _percent_encoded(path: str) -> str:
    # A name that is no text holds its bytes as lone surrogates, as the operating system gave it.
    try:
        return quote(path, errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(path, errors="replace")


def _text(text: str) -> Any:
    return om.MultiformatMessageString(text=text.strip())


def _message(text: str) -> Any:
    # `[words](target)` is a link to readers of SARIF; a policy must not plant one in an alert.
    return om.Message(text=text.replace("](", "] ("))

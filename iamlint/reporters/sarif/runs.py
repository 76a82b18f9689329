"""Writes what a SARIF run says besides its results."""

from __future__ import annotations

import sarif_om as om

from iamlint.findings import Report
from iamlint.reporters.sarif import limits
from iamlint.reporters.sarif.objects import harmless, message
from iamlint.reporters.sarif.places import ROOT, artifact, physical
from iamlint.source import Problem
from iamlint.typed import Any
from iamlint.version import VERSION


def run(report: Report, rules: list[Any], category: str) -> Any:
    """A run without results; GitHub keeps one analysis for each category."""
    driver = om.ToolComponent(name="iamlint", version=VERSION, semantic_version=VERSION)
    driver.rules = rules
    base = om.ArtifactLocation(description=message("The folder iamlint was started in."))
    return om.Run(
        tool=om.Tool(driver=driver),
        # what stands before the last slash is the category, what follows would name the run
        automation_details=om.RunAutomationDetails(id=f"{category}/"),
        column_kind="unicodeCodePoints",
        original_uri_base_ids={ROOT: base},
        invocations=[
            om.Invocation(
                execution_successful=not any(problem.blocking for problem in report.problems),
                tool_execution_notifications=[_notification(p) for p in report.problems] or None,
            )
        ],
    )


def _notification(problem: Problem) -> Any:
    text = problem.message if problem.help is None else f"{problem.message}\nhelp: {problem.help}"
    if problem.span is None:
        place = om.PhysicalLocation(artifact_location=artifact(problem.path))
    else:
        place = physical(problem.span.root())
    return om.Notification(
        descriptor=om.ReportingDescriptorReference(id=problem.code),
        level="error" if problem.blocking else "note",
        message=message(harmless(limits.cut(text, limits.MESSAGE))),
        locations=[om.Location(physical_location=place)],
    )

"""Publishes the shape of the JSON report as a JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["info", "low", "medium", "high", "critical"]
Line = Annotated[int, Field(ge=1, description="1-based; lines end with LF or CR LF")]
Column = Annotated[int, Field(ge=1, description="1-based, in code points")]
EndColumn = Annotated[int, Field(ge=1, description="1-based, the first column behind the part")]
Count = Annotated[int, Field(ge=0)]


class Shape(BaseModel):
    """What all parts of the report share: no other key than those named, no conversion."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Location(Shape):
    """A part of a file."""

    path: str = Field(description="as shown to the user, with `/` between folders")
    line: Line
    column: Column
    end_line: Line
    end_column: EndColumn


class Related(Location):
    """A further part of a file that a finding speaks of."""

    message: str


class Note(Location):
    """A rule that is broken as well, and that the finding speaks for."""

    rule: str
    message: str


class Change(Location):
    """A part of a file, and what to write in its place."""

    text: str


class Finding(Location):
    """One defect."""

    rule: str
    severity: Severity
    why: str = Field(description="why the severity is not that of the rule; empty where it is")
    certainty: Literal["certain", "possible"]
    message: str
    roles: list[str] = Field(description="ARNs, else names, else paths of the roles concerned")
    witness: str | None = Field(description="a request that gets in")
    assumptions: list[str] = Field(description="what a possible finding hangs on")
    help: str
    fingerprint: str = Field(description="stays the same when lines move or the layout changes")
    related: list[Related]
    notes: list[Note]
    edit: list[Change] = Field(description="what surely ends the finding and lets in nobody new")


class Justification(Location):
    """Why a finding is ignored, and where that is said."""

    reason: str
    until: str = Field(description="the last day on which it counts; empty where there is none")


class Ignored(Finding):
    """A finding that a comment, metadata or a tag hides."""

    justification: Justification


class Fixed(Shape):
    """A finding of before that is not there any more."""

    rule: str
    role: str
    path: str
    message: str
    fingerprint: str


class Problem(Shape):
    """Something that was not read, resolved or decided."""

    code: str
    message: str
    path: str
    line: Line | None
    column: Column | None
    end_line: Line | None
    end_column: EndColumn | None
    help: str | None
    blocking: bool = Field(description="whether some input was not judged because of it")


class Summary(Shape):
    """The numbers of a report."""

    findings: Count
    critical: Count
    high: Count
    medium: Count
    low: Count
    info: Count
    certain: Count
    possible: Count
    failing: Count = Field(description="findings that make the check end with status 1")
    blocking: Count = Field(description="problems that make the check end with status 3")
    ignored: Count = Field(description="findings that an ignore hides, or that nobody asked for")
    known: Count = Field(description="findings that were there before")
    fixed: Count = Field(description="findings of before that are not there any more")
    hidden: Count = Field(description="findings ignored, known, or below the level shown")
    problems: Count
    roles: Count
    files: Count
    skipped: Count = Field(description="files and folders passed over")
    unresolved: Count = Field(description="values that cannot be known before deployment")


class JsonReport(Shape):
    """The JSON report of `iamlint check --format json`."""

    version: str = Field(description="the release of iamlint that wrote the report")
    findings: list[Finding]
    problems: list[Problem]
    ignored: list[Ignored]
    known: list[Finding] = Field(description="findings that were there before")
    fixed: list[Fixed]
    summary: Summary


def schema() -> dict[str, object]:
    """The JSON Schema of the JSON report."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **JsonReport.model_json_schema()}

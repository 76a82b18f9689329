"""Says where something is, in the words of SARIF."""

from __future__ import annotations

from urllib.parse import quote

import sarif_om as om

from iamlint.reporters import region
from iamlint.reporters.sarif import limits
from iamlint.source import Span
from iamlint.typed import Any

ROOT = "%SRCROOT%"


def physical(span: Span) -> Any:
    """A part of a file, with its text where that is not long."""
    snippet = om.ArtifactContent(text=span.text)
    made = om.PhysicalLocation(artifact_location=artifact(span.source.name), region=bare(span))
    if 0 < span.end - span.start <= limits.SNIPPET:
        made.region.snippet = snippet
    return made


def bare(span: Span) -> Any:
    """A region of a file without its text."""
    place = region(span)
    return om.Region(
        start_line=place.line,
        start_column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
    )


def artifact(path: str) -> Any:
    """A file; a relative URI stands on the base only while it stays below it."""
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

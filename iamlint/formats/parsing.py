"""Reads a file whose name does not say whether it is JSON or YAML."""

from __future__ import annotations

from iamlint.source import Problem, Source
from iamlint.syntax import json
from iamlint.syntax.value import Value

RESOURCES = "Resources"


def parse(source: Source) -> tuple[Value | None, list[Problem]]:
    """Reads a file that is JSON if it begins like it, and YAML otherwise.

    Of a broken template that can be read which is sound by itself.

    NOTE: what begins like JSON is never tried as YAML, where tabs, which JSON may hold, are faults.
    An object whose first key has no quotes is YAML in flow style.
    """
    if is_json(source):
        return json.parse(source)
    from iamlint.syntax import yaml  # noqa: PLC0415 - a cost for YAML only

    value, problems = yaml.parse(source)
    if value is not None or RESOURCES not in source.text:
        return value, problems
    from iamlint.syntax.yaml_rescue import rescued  # noqa: PLC0415 - a cost for broken files only

    found = rescued(source, RESOURCES, {})
    return (value, problems) if found is None else (found.value(source), found.problems())


def is_json(source: Source) -> bool:
    """Whether a text begins like an object of JSON."""
    start = source.text[:4096].split(None, 1)
    return bool(start and start[0].startswith("{")) and "".join(start)[1:2] in ('"', "}", "/", "")

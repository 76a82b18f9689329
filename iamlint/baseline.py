"""Writes findings of before to a file, and reads them back; every mistake has its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from iamlint.findings import Known
from iamlint.reporters.json import listed
from iamlint.source import Problem, Source, Span
from iamlint.syntax import json
from iamlint.syntax.value import Value

VERSION = 1
CODE = "invalid-baseline"
_KEY = "iamlint-baseline"
_PRINT = "v1:"  # what fingerprints of this version begin with
_FIELDS = ("rule", "role", "path", "message", "fingerprint")  # in the order for a person
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|\Z)[^\n]*", re.M)
_ANEW = "write it anew: `iamlint baseline --output FILE`"


class BaselineError(Exception):
    """A baseline that cannot be used; `problems` says why, in the order of the text."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.message for problem in problems))


def written(known: Iterable[Known]) -> str:
    """The text of a baseline: one finding a line, in a fixed order, so that diffs are short."""
    ordered = sorted(known, key=lambda each: (each.path, each.rule, each.role, each))
    lines = listed({name: getattr(each, name) for name in _FIELDS} for each in ordered)
    return f'{{"{_KEY}": {VERSION},\n"findings": {lines}}}\n'


def read(source: Source) -> tuple[Known, ...]:
    """The findings in a baseline, paths as they are written there; raises BaselineError."""
    conflict = _CONFLICT.search(source.text)
    if conflict is not None:
        message = "git left the marks of a merge conflict here"
        help = "take the lines of both sides, or " + _ANEW
        raise BaselineError([_problem(source, Span(source, *conflict.span()), message, help)])
    value, faults = json.parse(source)
    if faults or value is None:
        raise BaselineError([fault._replace(code=CODE) for fault in faults])
    _check_version(source, value)
    found, problems = list[Known](), list[Problem]()
    for entry in _listed(source, value).items():
        wrong = list(_wrong(source, entry))
        problems += wrong
        if not wrong:
            found.append(Known(**{name: _text(entry, name) for name in Known._fields}))
    if problems:
        raise BaselineError(problems)
    return tuple(found)


def _check_version(source: Source, value: Value) -> None:
    version = value.get(_KEY)
    if version is None:
        message = f"this is no baseline: it has no `{_KEY}`"
        raise BaselineError([_problem(source, value.span, message, _ANEW)])
    if version.kind != "number" or version.data != VERSION:
        message = f"a baseline of version {version.span.text}; what is read is version {VERSION}"
        raise BaselineError([_problem(source, version.span, message, _ANEW)])


def _listed(source: Source, value: Value) -> Value:
    listed = value.get("findings")
    if listed is None or listed.kind != "array":
        place = value if listed is None else listed
        message = "a baseline wants a list under `findings`"
        raise BaselineError([_problem(source, place.span, message, _ANEW)])
    return listed


def _wrong(source: Source, entry: Value) -> Iterator[Problem]:
    """What is wrong with one finding."""
    for name in _FIELDS:
        value = entry.get(name)
        if value is None or value.kind != "string":
            place = entry if value is None else value
            message = f"a finding in a baseline wants a text under `{name}`"
            yield _problem(source, place.span, message, _ANEW)
        elif name == "fingerprint" and not value.data.startswith(_PRINT):
            message = (
                f"`{value.data}` is no fingerprint of this version: they begin with `{_PRINT}`"
            )
            yield _problem(source, value.span, message, _ANEW)


def _text(entry: Value, name: str) -> str:
    value = entry.get(name)
    return str(value.data) if value is not None else ""


def _problem(source: Source, span: Span, message: str, help: str) -> Problem:
    return Problem(CODE, message, source.name, span, help)

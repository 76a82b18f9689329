"""The formats that roles are read from: one line in a table adds one."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.formats import iam
from iamlint.formats.role import Role
from iamlint.source import Problem, Source
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Format(NamedTuple):
    """One kind of file that holds roles."""

    name: str
    suffixes: tuple[str, ...]  # of the files it is looked for in, in lower case
    parse: Callable[[Source], tuple[Value | None, list[Problem]]]  # formats of one syntax share it
    recognise: Callable[[Value, Source], bool]
    roles: Callable[[Value, Source], tuple[list[Role], list[Problem], str]]


class Reading(NamedTuple):
    """What one file gave."""

    roles: list[Role]
    problems: list[Problem]
    kind: str  # what the file was, e.g. `role-list`; `unreadable` when it could not be told


# The first format that recognises a document reads it. The last one says of a document that none
# recognises what it is.
FORMATS: tuple[Format, ...] = (
    Format(iam.NAME, (".json",), iam.parse, iam.recognise, iam.roles),
)  # fmt: skip

UNREADABLE = "unreadable"


def claims(name: str) -> bool:
    """Whether a file of this name may hold roles of some format."""
    return any(name.lower().endswith(format.suffixes) for format in FORMATS)


def read(source: Source, *, named: bool = False) -> Reading:
    """The roles of one file; `named` says that the user asked for this very file.

    A file that is not sound and has nothing to do with roles is no news, unless it was named: a
    repository's broken or templated JSON stays quiet, and its kind is `unreadable`.
    """
    format, value, faults = _recognised(source)
    if value is None:
        found: list[Role] = []
        problems: list[Problem] = []
        kind = UNREADABLE
    else:
        found, problems, kind = format.roles(value, source)
        if not found and any(fault.blocking for fault in faults):
            kind = UNREADABLE
    if named or found or (kind == UNREADABLE and "AssumeRole" in source.text):
        problems = faults + problems
    return Reading(found, problems, kind)


def _recognised(source: Source) -> tuple[Format, Value | None, list[Problem]]:
    """The format of a file and the file as that format parses it."""
    name = source.name.lower()
    parsed: dict[object, tuple[Value | None, list[Problem]]] = {}
    candidates = [format for format in FORMATS if name.endswith(format.suffixes)] or FORMATS
    for format in candidates:
        if format.parse not in parsed:
            parsed[format.parse] = format.parse(source)
        value, faults = parsed[format.parse]
        if value is not None and format.recognise(value, source):
            return format, value, faults
    last = candidates[-1]
    return last, *parsed[last.parse]

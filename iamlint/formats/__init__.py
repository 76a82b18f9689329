"""The formats that roles are read from: one line in a table adds one."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.formats import configurations, iam, parsing, plans, templates
from iamlint.formats.reading import NOTHING, UNREADABLE, Around, Keeping, Reading
from iamlint.source import Problem, Source
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Format(NamedTuple):
    """One kind of file that holds roles."""

    name: str
    suffixes: tuple[str, ...]  # of the files it is looked for in, in lower case
    parse: Callable[[Source], tuple[Value | None, list[Problem]]]  # formats of one syntax share it
    recognise: Callable[[Value, Source], bool]
    read: Callable[[Value, Source, Around], Reading]
    hint: str  # stands in every text of this syntax that has a role in it


# The first format that recognises a document reads it. The last one says of a document that none
# recognises what it is.
FORMATS: tuple[Format, ...] = (
    Format(templates.NAME, (".json",), iam.parse, templates.recognise, templates.read, iam.HINT),
    Format(plans.NAME, plans.SUFFIXES, iam.parse, plans.recognise, plans.read, plans.HINT),
    Format(iam.NAME, (".json",), iam.parse, iam.recognise, iam.read, iam.HINT),
    Format(
        templates.NAME,
        templates.SUFFIXES,
        parsing.parse,
        templates.recognise,
        templates.read,
        templates.HINT,
    ),
    Format(iam.NAME, templates.SUFFIXES, parsing.parse, iam.recognise, iam.read, templates.HINT),
)


def claims(name: str) -> bool:
    """Whether a file of this name may hold roles of some format."""
    return configurations.claims(name) or any(
        name.lower().endswith(format.suffixes) for format in FORMATS
    )


def read(source: Source, *, named: bool = False, around: Around = NOTHING) -> Reading:
    """The roles of one file; `named` says that the user asked for this very file.

    A file that is not sound and has nothing to do with roles is no news, unless it was named: a
    repository's broken or templated files stay quiet, and their kind is `unreadable`.
    """
    kept = around.kept
    known = kept.reading(source, named=named) if kept is not None else None
    if known is not None:
        return known
    reading = _read(source, named=named, around=around)
    if kept is not None:
        kept.keep(source, reading, named=named)
    return reading


def _read(source: Source, *, named: bool, around: Around) -> Reading:
    format, value, faults = _recognised(source, around.kept)
    reading = format.read(value, source, around) if value else Reading([], [], UNREADABLE)
    if not reading.roles and any(fault.blocking for fault in faults):
        reading = reading._replace(kind=UNREADABLE)
    if named or reading.roles:
        return reading._replace(problems=faults + reading.problems)
    if reading.kind == UNREADABLE and format.hint in source.text:
        # one cause is enough to know that, and a template of another tool has many
        return reading._replace(problems=[*faults[:1], *reading.problems])
    return reading


def _recognised(source: Source, kept: Keeping | None) -> tuple[Format, Value | None, list[Problem]]:
    """The format of a file and the file as that format parses it."""
    name = source.name.lower()
    parsed: dict[object, tuple[Value | None, list[Problem]]] = {}
    candidates = [format for format in FORMATS if name.endswith(format.suffixes)] or FORMATS
    for format in candidates:
        if format.parse not in parsed:
            parsed[format.parse] = _parsed(format, source, kept)
        value, faults = parsed[format.parse]
        if value is not None and format.recognise(value, source):
            return format, value, faults
    last = candidates[-1]
    return last, *parsed[last.parse]


def _parsed(
    format: Format, source: Source, kept: Keeping | None
) -> tuple[Value | None, list[Problem]]:
    if kept is None or format.parse is not parsing.parse or parsing.is_json(source):
        return format.parse(source)
    return kept.tree(source.name).read(source)

"""What reading a file gives, and what is known around a file that is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iamlint.formats.role import Role
from iamlint.source import Entries, Entry, Problem, Source
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

UNREADABLE = "unreadable"
# Codes of problems of what cannot be evaluated as it is written: a hole stands in its place, and
# all around it was read.
EVALUATED = frozenset(("invalid-template", "invalid-terraform"))
VARIABLE = "--var"  # the name of the source of a `NAME=VALUE`


class Reading(NamedTuple):
    """What one file gave."""

    roles: list[Role]
    problems: list[Problem]
    kind: str  # what the file was, e.g. `role-list`; `unreadable` when it could not be told
    calls: tuple[Call, ...] = ()  # other files that it deploys
    parameters: tuple[str, ...] = ()  # the names of values that may be given from outside
    variables: tuple[str, ...] = ()  # the same, of a root module of Terraform
    folder: str = ""  # of that root module


class Call(NamedTuple):
    """A file that another one deploys, with values of its own."""

    path: str  # as `Files` knows it
    read: Callable[[Source], Reading]  # reads that file as it is deployed


def _nothing(_: str) -> Source | None:
    return None


def _empty(_: str) -> list[Entry]:
    return []


def _nothing_given(_: str) -> tuple[Source, ...]:
    return ()


class Around(NamedTuple):
    """What is known around a file: values for its parameters, and other files of the project."""

    bindings: Mapping[str, Value] = {}
    source: Callable[[str], Source | None] = _nothing  # the text at a path; None: it is not there
    list: Callable[[str], Entries] = _empty  # what is in a folder; nothing where it is none
    # for the root module in a folder: files of values for its variables, or a `NAME=VALUE` each
    variables: Callable[[str], tuple[Source, ...]] = _nothing_given


NOTHING = Around()

"""What reading a file gives, and what is known around a file that is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from iamlint.formats.role import Role
from iamlint.source import Entries, Entry, Problem, Source
from iamlint.syntax.value import Value
from iamlint.typed import Any, NamedTuple, Protocol

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
    looks_around: bool = False  # whether that depends on what is around the file


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


class Keeping(Protocol):
    """Keeps what was read for the next check; see `keeping.Kept`."""

    @property
    def configurations(self) -> Any:
        """What is kept of configurations, which is the business of who reads those."""

    def decode(self, path: str, data: bytes) -> Iterable[Source | Problem]:
        """What is odd about the bytes of a file, and its text if it has one."""

    def reading(self, source: Source, *, named: bool) -> Reading | None:
        """What a file gave, if it is as it was."""

    def keep(self, source: Source, reading: Reading, *, named: bool) -> None:
        """Keeps what a file gave, if it gives the same whatever is around it."""

    def tree(self, path: str) -> Tree:
        """Reads a file that is a template of YAML."""

    def json_tree(self, path: str) -> Tree:
        """Reads a file of JSON."""

    def template(self, path: str) -> Any:
        """What is kept of a template, which is the business of who reads those."""


class Tree(Protocol):
    """Reads one file again and again."""

    def read(self, source: Source) -> tuple[Value | None, list[Problem]]:
        """The value in the file, and what is wrong with it."""


class Around(NamedTuple):
    """What is known around a file: values for its parameters, and other files of the project."""

    bindings: Mapping[str, Value] = {}
    source: Callable[[str], Source | None] = _nothing  # the text at a path; None: it is not there
    list: Callable[[str], Entries] = _empty  # what is in a folder; nothing where it is none
    # for the root module in a folder: files of values for its variables, or a `NAME=VALUE` each
    variables: Callable[[str], tuple[Source, ...]] = _nothing_given
    kept: Keeping | None = None  # what earlier readings left


NOTHING = Around()

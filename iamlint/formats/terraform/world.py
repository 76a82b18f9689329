"""What all evaluations of one configuration share: their budget, the holes, what was found out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iamlint.formats.decisions import Atom
from iamlint.formats.faults import Told, TooMuch
from iamlint.formats.role import Way
from iamlint.formats.terraform.names import Names
from iamlint.formats.terraform.traces import HOLE, TELL, TOLD, Record, Trace
from iamlint.formats.terraform.values import Datum
from iamlint.source import Problem, Span
from iamlint.syntax.holes import Hole, Table
from iamlint.typed import Any, NamedTuple, Protocol

STEPS = 5_000_000  # of all evaluations together; one takes a microsecond or two
STEPS_HERE = 500_000  # of one role, or whatever is evaluated as one

# A variable that is declared in no file of its module: some tools write such files when they run,
# so it is told once, and everything was read.
UNDECLARED = "undeclared-variable"


class FilesGiven(Protocol):
    """The files that functions may read; paths are as the configuration writes them.

    A method returns None for a file that is not there, and raises LookupError, with a reason in
    words, where it cannot be told what is there: outside of the project, not readable.
    """

    def read(self, path: str) -> bytes | None:
        """The bytes of a file."""

    def names(self, folder: str) -> list[str] | None:
        """The files in a folder and in the folders inside of it, relative to it."""

    def place(self, path: str) -> str:
        """The name under which a user knows the file."""


# How expressions are evaluated, by their type; in the scope that is the last argument.
Nodes = Mapping[type, Callable[..., Datum]]


class World:
    """What all evaluations of one configuration share."""

    def __init__(
        self, nodes: Nodes, table: Table, files: FilesGiven | None = None, steps: int = STEPS
    ) -> None:
        self.nodes = nodes
        self.table = table
        self.files = files
        self.trace: Trace | None = None  # of what is asked for; None: nobody wants to know
        self.names = Names(table.holes)
        self.problems: dict[object, Problem] = {}
        self.memo: dict[object, Kept] = {}
        self.steps = self._left = steps
        self.left = 0
        self.start()
        self.patterns: dict[str, Any] = {}  # that were read
        self.addresses: set[str] = set()  # holes that are a host and a path, without a scheme
        self.has_sensitive = False  # nothing is looked through for marks before there is one

    def start(self) -> None:
        """Begins with another role, which may spend as much as any."""
        self._left += self.left
        self.left = max(min(STEPS_HERE, self._left), 0)
        self._left -= self.left

    def watch(self, trace: Trace) -> None:
        """Lets a trace see what is asked for from now on."""
        self.trace = self.names.trace = trace

    @property
    def spent(self) -> int:
        """The steps that were taken."""
        return self.steps - self._left - self.left

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left for any other role, either."""
        return self._left <= 0 >= self.left

    def tell(self, fault: Told, *, doubt: bool = False, again: bool = False) -> None:
        """Keeps a fault as a problem; the same fault of the same place is kept once.

        `doubt`: it is worth saying, but nothing need be wrong. `again`: whoever needs what has the
        fault tells it, too.
        """
        is_doubt = doubt or fault.code == UNDECLARED
        key = (fault.message, None if fault.code == UNDECLARED else fault.span)
        if key not in self.problems or self.trace is not None:
            path, blocking = fault.span.root().source.name, not is_doubt
            problem = Problem(fault.code, fault.message, path, fault.span, fault.help, blocking)
            self.keep(problem, key, TOLD if again else TELL)

    def keep(self, problem: Problem, key: object = None, kind: int = TELL) -> None:
        """Keeps a problem, once for a key; without one once for its place."""
        key = key or (problem.message, problem.span)
        self.problems.setdefault(key, problem)
        if self.trace is not None:
            self.trace.asked[kind, problem, key] = None
            self.trace.is_fixed = True

    def char(self, hole: Hole, span: Span) -> str:
        try:
            char = self.table.char(hole)
        except OverflowError:
            raise TooMuch("there are too many unknown values", span) from None
        if self.trace is not None:
            self.trace.asked[HOLE, hole, char] = None
        return char

    def passed(self, steps: int) -> None:
        """Counts steps that were not taken, since somebody else took them before."""
        if self.trace is not None:
            self.trace.hidden += steps

    def is_too_much(self) -> None:
        """Takes notice that something was given up for its size."""
        if self.trace is not None:
            self.trace.is_large = True

    def is_fixed(self) -> None:
        """Takes notice that something tells of lines and columns."""
        if self.trace is not None:
            self.trace.is_fixed = True


class Kept(NamedTuple):
    """What was made once, and what was met on the way."""

    datum: Datum
    ways: dict[Way, None]
    missing: dict[str, None]
    leaned: dict[Atom, bool]
    faults: tuple[Told, ...]
    is_open: bool  # it depends on what is assumed, or may
    record: Record | None = None  # what it asked for, if anybody wants to know

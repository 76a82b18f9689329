"""Remembers what an evaluation asked of its configuration and of its world.

An evaluation is due to nothing else: where all of it is as it was, and is answered as it was, it
gives what it gave. So the next check need not do it again.
"""

from __future__ import annotations

from collections.abc import Callable

from iamlint.typed import Any, NamedTuple, Protocol

# What was looked for in a folder: the kind and the labels of a block, or ("of", kind) for the names
# of all there are. It counts whether it was there or not.
Need = tuple[str, ...]

# What a world was asked, and what it answered: the kind of it, then
WRITTEN = 0  # the text of an expression, what it was made of, and the name of that
SHORT = 1  # a long name, and the short one for it
HOLE = 2  # a hole, and the character for it
TELL = 3  # a problem, and what tells it from others; TOLD: by whoever needs what has it
TOLD = 4
FILE = 5  # the question, a path, and the answer
COLLECT = 6  # (nothing: the policies that stand apart are looked for)
APART = 7  # the name of a role, and the policies for it
MANAGED = 8  # an ARN, and the policy of that
Asked = tuple[Any, ...]


class Record(NamedTuple):
    """What one evaluation asked for, each thing once and in order, and how many steps it took.

    `is_fixed`: it may tell of lines and columns. `is_fragile`: what it gives is due to what was
    evaluated before, too. Steps and levels count as if nothing had been evaluated before.
    """

    needs: frozenset[Need]
    asked: tuple[Asked, ...]
    cost: int
    is_fixed: bool
    is_fragile: bool
    levels: int = 0  # of expressions in expressions, below where it began


class Spending(Protocol):
    """Who counts steps down."""

    left: int


class Trace:
    """What is asked for right now; `is_large`: some budget was, or might have been, too small."""

    __slots__ = ("asked", "hidden", "is_fixed", "is_fragile", "is_large", "needs")

    def __init__(self) -> None:
        self.is_large = False
        self.clear()

    def clear(self) -> None:
        """Forgets all that was asked for."""
        self.needs: set[Need] = set()
        self.asked: dict[Asked, None] = {}
        self.hidden = 0  # steps that were not taken again
        self.is_fixed = self.is_fragile = False

    def add(self, record: Record) -> None:
        """Takes something for asked that was asked before, and is not asked again."""
        self.needs |= record.needs
        self.asked.update(dict.fromkeys(record.asked))
        self.hidden += record.cost
        self.is_fixed = self.is_fixed or record.is_fixed
        self.is_fragile = self.is_fragile or record.is_fragile

    def watch(
        self, budget: Spending, make: Callable[[], Any], *, told: bool = False
    ) -> tuple[Any, Record]:
        """What is made, and what that asks for; with what it told for its own sake, if need be."""
        outer = self.needs, self.asked, self.hidden, self.is_fixed, self.is_fragile
        left = budget.left
        self.clear()
        try:
            made = make()
            asked = tuple(each for each in self.asked if told or each[0] != TOLD)
            cost = left - budget.left + self.hidden
            flags = self.is_fixed, self.is_fragile
            return made, Record(frozenset(self.needs), asked, cost, *flags)
        finally:
            needs, more, hidden, is_fixed, is_fragile = outer
            self.needs = needs | self.needs
            self.asked = more | self.asked
            self.hidden += hidden
            self.is_fixed = self.is_fixed or is_fixed
            self.is_fragile = self.is_fragile or is_fragile

    def aside(self, budget: Spending, make: Callable[[], Any]) -> Any:
        """What is made; what that asks for is the business of somebody else."""
        outer = self.needs, self.asked, self.hidden, self.is_fixed, self.is_fragile
        left = budget.left
        self.clear()
        try:
            return make()
        finally:
            self.needs, self.asked, self.hidden, self.is_fixed, self.is_fragile = outer
            self.hidden += budget.left - left


class WatchedFiles:
    """The files beside a root module, each asked for once, and traced. See `FilesGiven`."""

    __slots__ = ("_files", "_known", "_trace")

    def __init__(self, files: Any, trace: Trace) -> None:
        self._files = files
        self._trace = trace
        self._known: dict[tuple[str, str], tuple[str, Any]] = {}

    def answer(self, question: str, path: str) -> tuple[str, Any]:
        """A reason why there is no answer, or an empty one, and the answer."""
        key = question, path
        known = self._known.get(key)
        if known is None:
            try:
                known = "", getattr(self._files, question)(path)
            except LookupError as error:
                known = str(error.args[0]) if error.args else "it cannot be read", None
            if isinstance(known[1], list):
                known = known[0], tuple(known[1])
            self._known[key] = known
        return known

    def _asked(self, question: str, path: str) -> Any:
        reason, answer = known = self.answer(question, path)
        self._trace.asked[FILE, question, path, known] = None
        if reason:
            raise LookupError(reason)
        return answer

    def read(self, path: str) -> bytes | None:
        found: bytes | None = self._asked("read", path)
        return found

    def names(self, folder: str) -> list[str] | None:
        found = self._asked("names", folder)
        return None if found is None else list(found)

    def place(self, path: str) -> str:
        made: str = self._files.place(path)
        return made

"""What names stand for in an expression."""

from __future__ import annotations

from collections.abc import Mapping

from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.values import Datum
from iamlint.source import Span
from iamlint.typed import NamedTuple, Protocol


class Reference(NamedTuple):
    """A name with the `.names` that follow it: `data.aws_iam_policy_document.this.json`."""

    root: str
    path: tuple[str, ...]
    span: Span  # all of it
    root_span: Span


class Found(NamedTuple):
    """The value of a reference, or of its beginning: `used` names of the path lead to it."""

    datum: Datum
    used: int = 0


class Scope(Protocol):
    """Resolves the names in an expression; called for each reference when it is evaluated.

    `find` may raise Fault, which is then the fault of the expression; None means that nothing of
    that name is declared. Who evaluates something else to answer does so in `run.once`, which
    keeps it, finds circles, and carries the ways along; and adds to `run.ways` how the value came
    here.
    """

    def find(self, run: Run, reference: Reference) -> Found | None: ...


class Inner:
    """A scope in which a few more names stand for values: those that a `for` binds."""

    __slots__ = ("_names", "_outer")

    def __init__(self, outer: Scope, names: Mapping[str, Datum]) -> None:
        self._outer = outer
        self._names = names

    def find(self, run: Run, reference: Reference) -> Found | None:
        datum = self._names.get(reference.root)
        return self._outer.find(run, reference) if datum is None else Found(datum)


class Names:
    """A scope in which only a few names stand for values: that of a template file."""

    __slots__ = ("_names",)

    def __init__(self, names: Mapping[str, Datum]) -> None:
        self._names = names

    def find(self, run: Run, reference: Reference) -> Found | None:
        datum = self._names.get(reference.root)
        return None if datum is None else Found(datum)

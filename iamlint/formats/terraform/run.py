"""What an evaluation has at hand: its budget, the holes, what is assumed, what it met."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from iamlint.formats import faults
from iamlint.formats.decisions import NOTHING_ASSUMED, Atom, State, Undecided
from iamlint.formats.faults import Told, TooMuch
from iamlint.formats.role import Way
from iamlint.formats.terraform import types
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.formulas import NAMED, Decider, is_small, named
from iamlint.formats.terraform.types import ANY, BOOL, Type
from iamlint.formats.terraform.values import Datum, Formula, Step, Unknown, boolean, null
from iamlint.formats.terraform.world import Kept, World
from iamlint.source import Span
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.holes import Composed, Hole, Piece, pieces_of
from iamlint.syntax.value import Value
from iamlint.typed import Any, cast

LONGEST_TEXT = 300_000  # code points of one text that is put together
MOST_ITEMS = 20_000  # of one list or map that is made
_DEPTH = 150  # levels of expressions in expressions, those that are referred to included
_SURE = 140  # levels of which it does not matter whether some were evaluated before
_REFERENCE = 2  # levels that something referred to counts for: Python's stack is finite


class Run:
    """One evaluation; `ways` and `missing` are what it met.

    `lenient`: what is undecided becomes an unknown value instead of a question.
    `quiet`: faults are not told. `strict`: faults are not replaced by unknown values: for `try`.
    """

    __slots__ = (
        "_active",
        "calls",
        "decider",
        "depth",
        "faults",
        "is_open",
        "lenient",
        "memo",
        "missing",
        "nested",
        "quiet",
        "state",
        "strict",
        "top",
        "ways",
        "world",
    )

    def __init__(
        self, world: World, state: State = NOTHING_ASSUMED, *, lenient: bool = False
    ) -> None:
        self.world = world
        self.state = state
        self.lenient = lenient
        self.quiet = False
        self.strict = False
        self.is_open = False  # something unknown was met
        self.decider = Decider(state, world.table.holes)
        self.ways: dict[Way, None] = {}
        self.missing: dict[str, None] = {}  # what had a fault, in words
        self.faults: list[Told] = []  # in what is made for a key right now
        self.memo: dict[tuple[object, bool], Kept] = {}
        self._active: set[object] = set()
        self.depth = 0
        self.top = _DEPTH if world.trace is None else 0  # the most levels that were met
        self.nested = 0  # templates in templates
        self.calls = 0  # of functions that give something else each time

    # Work

    def spend(self, steps: int, span: Span) -> None:
        """Counts work. Raises TooMuch when there was too much of it."""
        self.world.left -= steps
        if self.world.left < 0:
            what = "the configuration" if self.world.is_spent else "this part of the configuration"
            message = f"{what} takes too long to evaluate; it was not read from here on"
            raise TooMuch(message, span, "look for loops in loops, or for text repeated in itself")

    def deeper(self, span: Span, levels: int = 1) -> None:
        """Enters levels; who leaves them takes them off."""
        self.spend(1, span)
        if self.depth + levels > _DEPTH:
            message = f"this is nested more than {_DEPTH} levels deep"
            raise TooMuch(message, span, "values that refer to each other count as levels")
        self.depth += levels

    def _rise(self, span: Span) -> None:
        """Notes the level that is reached, before it is entered."""
        if self.depth >= _DEPTH or self.world.left < 0:
            self.deeper(span)
        self._reach(self.depth + 1)

    def _reach(self, level: int) -> None:
        self.top = min(max(self.top, level), _DEPTH)
        if level > _SURE:
            self.world.is_too_much()

    def value(self, node: Expression, scope: object) -> Datum:
        """What an expression gives. Raises Fault."""
        world = self.world
        world.left -= 2
        if self.depth >= self.top or world.left < 0:
            self._rise(node.span)
        self.depth += 1
        found = world.nodes[type(node)](self, node, scope)
        self.depth -= 1
        return found

    def safe(self, node: Expression, scope: object) -> Datum:
        """What an expression gives; an unknown value where it is wrong."""
        depth = self.depth
        try:
            return self.value(node, scope)
        except faults.Fault as fault:
            self.depth = depth
            return self.failed(fault, self.world.names.written(node.span, ""), node.span)

    def failed(self, fault: faults.Fault, name: str, span: Span, type: Type = ANY) -> Datum:
        """Tells of a fault, and gives the unknown value that stands for what is wrong."""
        if self.strict:
            raise fault
        self.tell(fault)
        self.missing[f"`{name}`"] = None
        return self.unknown(f"{name} at {self.position(span)}", span, type)

    def position(self, span: Span) -> str:
        """Line and column of a place, in words."""
        self.world.is_fixed()
        source, start, _ = span.root()
        line, column = source.position(start)
        return f"{line}:{column}"

    def tell(self, fault: Told) -> None:
        """Tells of a fault, now or when what has it is asked for by somebody who is not quiet."""
        self.faults.append(fault)
        if not self.quiet:
            self.world.tell(fault, again=True)

    def apart(
        self, make: Callable[[], Datum], *, strict: bool = False, lenient: bool | None = None
    ) -> Datum:
        """Evaluates what may fail, or is not used as a value, without a trace."""
        kept = self.strict, self.quiet, self.lenient, self.depth
        met = self.ways, self.missing, self.faults
        self.strict, self.quiet = strict, True
        self.lenient = self.lenient if lenient is None else lenient
        self.ways, self.missing, self.faults = {}, {}, []
        try:
            return make()
        finally:
            self.strict, self.quiet, self.lenient, self.depth = kept
            self.ways, self.missing, self.faults = met

    def once(self, key: object, name: str, span: Span, make: Callable[[], Datum]) -> Datum:
        """What is made for a key, made once. Raises Fault when it needs itself.

        INVARIANT: a key is of one thing in all runs of a world, whatever is assumed in them.
        """
        kept = self.world.memo.get(key) or self.memo.get((key, self.lenient))
        if kept is None:
            if key in self._active:
                self._is_fragile()
                raise Fault(f"`{name}` refers to itself", span, "break the circle")
            kept = self._watched(key, span, make)
            # What depends on nothing that is assumed is the same in every run.
            if kept.is_open:
                self.memo[key, self.lenient] = kept
            else:
                self.world.memo[key] = kept
        elif kept.record is not None and self.world.trace is not None:
            self.world.trace.add(kept.record)
            self._reach(self.depth + kept.record.levels)
        self.ways.update(kept.ways)
        self.missing.update(kept.missing)
        self.decider.leaned.update(kept.leaned)
        self.is_open = self.is_open or kept.is_open
        for fault in kept.faults:
            self.tell(fault)
        return kept.datum

    def _is_fragile(self) -> None:
        """Takes notice that what is evaluated is due to what was evaluated before."""
        if self.world.trace is not None:
            self.world.trace.is_fragile = True

    def counted(self) -> int:
        """The number of a call that gives something else each time."""
        self._is_fragile()
        self.calls += 1
        return self.calls

    def _watched(self, key: object, span: Span, make: Callable[[], Datum]) -> Kept:
        trace = self.world.trace
        if trace is None:
            return self._kept(key, span, make)
        outer, self.top = self.top, self.depth
        try:
            kept, record = trace.watch(self.world, lambda: self._kept(key, span, make))
            levels = self.top - self.depth
        finally:
            self.top = max(self.top, outer)
        made: Kept = kept._replace(record=record._replace(levels=levels))
        return made

    def _kept(self, key: object, span: Span, make: Callable[[], Datum]) -> Kept:
        outer = self.strict, self.depth, self.ways, self.missing, self.faults
        leaned, is_open = self.decider.leaned, self.is_open
        self._active.add(key)
        self.strict = self.is_open = False
        self.ways, self.missing, self.decider.leaned, self.faults = {}, {}, {}, []
        try:
            self.deeper(span, _REFERENCE)
            made = make()
            met = self.ways, self.missing, self.decider.leaned, tuple(self.faults)
            return Kept(made, *met, self.is_open)
        finally:
            self._active.discard(key)
            self.strict, self.depth, self.ways, self.missing, self.faults = outer
            self.decider.leaned = leaned
            self.is_open = is_open

    # The unknown

    def unknown(
        self,
        name: str,
        span: Span,
        type: Type = ANY,
        *,
        kind: str = "",
        nullable: bool = True,
        wild: bool = True,
        step: Step | None = None,
    ) -> Datum:
        """An unknown value; what is assumed of it is filled in."""
        self.is_open = True
        name = self.world.names.short(name)
        hole = Hole(name, kind or ("text" if type.kind in types.SCALARS else "list"), (), wild)
        formula: Formula | None = None
        if type.kind == "bool":
            hole = hole._replace(values=("true", "false"), wild=False)
            formula = self._equal(self.world.char(hole, span), "true")
        elif type.kind == "number":
            hole = hole._replace(wild=False)
        made = Unknown(hole, span, type, nullable=nullable, step=step, formula=formula)
        return made if self.state is NOTHING_ASSUMED else self.settled(made)

    def made(self, full: str, span: Span, type: Type = ANY, **known: Any) -> Datum:
        """The unknown value that an expression gives, called by its text.

        `full` tells it from what the same text gives elsewhere.
        """
        return self.unknown(self.world.names.written(span, full), span, type, **known)

    def label(self, datum: Datum) -> str:
        """A value as a part of a name."""
        self.spend(1, datum.span)
        return self.world.names.label(datum)

    def _equal(self, one: str, two: str) -> Formula:
        return ("atom", (one, two))

    def settled(self, unknown: Unknown) -> Datum:
        """An unknown value, or what is assumed that it is."""
        state, span = self.state, unknown.span
        is_null = (NAMED, f"{unknown.name} == null")
        if unknown.nullable and is_null in state.same:
            self.decider.leaned[is_null] = True
            return null(span, unknown.type)
        if not state.equal:
            return unknown
        char = self.world.char(as_text(unknown.hole), span)
        text = state.settled(char)
        if text == char or unknown.form == "number":
            return unknown
        self.decider.leaned[char, text] = True
        if unknown.form == "bool":
            return boolean(text == "true", span)
        return Datum("string", Value("string", text, span), span)

    def truth(self, formula: Formula, name: str, span: Span) -> Datum:
        """The bool that a formula is; `name`: what it is called if it is too long to keep."""
        if isinstance(formula, bool):
            return boolean(formula, span)
        if not is_small(formula):
            formula = named(self.world.names.short(name))
        hole = Hole(self.world.names.short(name), "text", ("true", "false"), wild=False)
        return Unknown(hole, span, BOOL, nullable=False, formula=formula)

    def assumed(self) -> tuple[str, ...]:
        """What was assumed so far for the values to be as they are, in words."""
        return tuple(self._words(atom, truth) for atom, truth in self.decider.leaned.items())

    def _words(self, atom: Atom, truth: bool) -> str:
        one, two = atom
        hole, words = self.world.table.holes.get(one), self.world.names.words
        text = two if one == NAMED else f'{hole.name if hole else words(one)} == "{words(two)}"'
        if hole and hole.values == ("true", "false") and two in hole.values:
            text, truth = hole.name, truth is (two == "true")
        return f"`{text}` is {str(truth).lower()}"

    def decide(self, formula: Formula) -> bool | None:
        """Whether a formula holds; None where a lenient run cannot tell. Raises Undecided."""
        if isinstance(formula, bool):
            return formula
        try:
            return self.decider.decide(formula)
        except Undecided:
            if self.lenient:
                return None
            raise

    def holes(self, text: str) -> bool:
        """Whether a text holds holes."""
        if text.isascii():
            return False
        holes = self.world.table.holes
        return any(char in holes for char in text)

    # Texts

    def whole_text(self, unknown: Unknown) -> Value:
        """An unknown value as a text: one hole."""
        return Value("string", self.world.char(as_text(unknown.hole), unknown.span), unknown.span)

    def text(self, datum: Datum) -> Value:
        """The text of a string, known or not."""
        return self.whole_text(cast(Unknown, datum)) if datum.kind == "unknown" else datum.text

    def pieces(self, text: Value, start: int = 0, end: int | None = None) -> list[Piece]:
        """The pieces of a part of a text."""
        end = len(text.data) if end is None else end
        self.spend(1 + (end - start) // 64, text.span)
        return pieces_of(text, start, end)

    def composed(self, pieces: Iterable[Piece], span: Span) -> Datum:
        """A string put together."""
        held = list(pieces)
        size = sum(len(piece.text) for piece in held)
        self.spend(1 + len(held) + size // 64, span)
        if size > LONGEST_TEXT:
            message = f"a text of more than {LONGEST_TEXT:,} characters is put together here"
            raise TooMuch(message, span, "IAM takes policies of 8,192 characters at most")
        return Datum("string", Composed(held, span), span)

    def count(self, size: int, span: Span) -> None:
        """Allows a list or map of a size."""
        if size > MOST_ITEMS:
            message = f"a collection of more than {MOST_ITEMS:,} elements is made here"
            raise TooMuch(message, span)
        self.spend(1 + size, span)


def as_text(hole: Hole) -> Hole:
    """A hole that may be a list, where only a text can stand."""
    return hole._replace(kind="text") if hole.kind == "list" else hole

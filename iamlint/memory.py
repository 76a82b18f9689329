"""Remembers from one check to the next what was read and judged, for who checks again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iamlint.config import Config, Local
from iamlint.engine import Engine, Judged
from iamlint.findings import Change, Finding, Place
from iamlint.formats.keeping import Kept
from iamlint.formats.role import Role
from iamlint.ignores.beside import HINT
from iamlint.moving import Move, between
from iamlint.rules.book import RuleBook
from iamlint.source import Source, Span
from iamlint.typed import NamedTuple

Locals = tuple[Local, ...]


class Remembered(NamedTuple):
    """What was found of a role under some settings, each place in the texts of that time."""

    locals: Locals
    judged: Judged
    unresolved: tuple[str, ...]
    sources: frozenset[Source]  # that its places are in
    home: Span  # where its trust policy stood


class Memory:
    """What is remembered between the checks that it is given to, one after the other.

    A role that was read before is the very same object only if nothing changed but its place: see
    `formats.keeping`. Then what was found of it is told again, at the places that it has now.
    A report is the same with a memory and without.
    """

    __slots__ = (
        "_book",
        "_config",
        "_engine",
        "_hinted",
        "_judged",
        "_moves",
        "_next",
        "_texts",
        "kept",
    )

    def __init__(self) -> None:
        self.kept = Kept()
        self._engine: Engine | None = None
        self._book: RuleBook | None = None
        self._config: Config | None = None
        self._judged: dict[Role, Remembered] = {}
        self._next: dict[Role, Remembered] = {}
        self._moves: dict[Source, Move] = {}  # of texts as they were before
        self._texts: dict[str, Source | None] = {}  # as they are now
        self._hinted: dict[Source, bool] = {}

    def engine(self, book: RuleBook, config: Config) -> Engine:
        """The engine for a check that begins; what it learned before is of use if nothing differs.

        What is not asked of a role does not count.
        """
        config = config._replace(known=None)
        if self._engine is None or book is not self._book or config != self._config:
            self._engine, self._judged, self._next = Engine(book, config), {}, {}
        self._book, self._config = book, config
        self._judged |= self._next  # of a check that was broken off
        self._next, self._moves, self._texts, self._hinted = {}, {}, {}, {}
        return self._engine

    def end(self) -> None:
        """Ends a check; of roles that it did not see nothing is remembered."""
        self._judged, self._next = self._next, {}
        if self._engine is not None:
            self._engine.forget(lambda source: self._now(source) is source)
        self._moves, self._texts, self._hinted = {}, {}, {}
        self.kept.end()

    def recall(self, role: Role, locals: Locals) -> Remembered | None:
        """What was found of a role, at the places where it is now; None: it is not known."""
        known = self._judged.get(role)
        if known is None or known.locals != locals:
            return None
        if any(self._now(source) is not source for source in known.sources):
            try:
                known = self._moved(known)
            except _Touched:
                return None
        if known.home != role.document.span.root():
            return None  # of two equal policies it is the other one
        self._next[role] = known
        return known

    def keep(self, role: Role, locals: Locals, judged: Judged) -> None:
        """Remembers what was found of a role.

        NOTE: where something may be ignored, that depends on what stands beside: it is judged anew.
        """
        if role.beside.metadata is not None or any(key.startswith(HINT) for key, _ in role.tags):
            return
        spans = [*_spans(judged), role.span.root(), role.document.span.root()]
        sources = frozenset(span.source for span in spans)
        if not any(map(self._is_hinted, sources)):
            home = role.document.span.root()
            self._next[role] = Remembered(locals, judged, role.unresolved(), sources, home)

    def _now(self, source: Source) -> Source:
        """A text as it is now."""
        if source.name not in self._texts:
            self._texts[source.name] = self.kept.text(source.name)
        return self._texts[source.name] or source

    def _is_hinted(self, source: Source) -> bool:
        """Whether something may be ignored in a text."""
        found = self._hinted.get(source)
        if found is None:
            found = self._hinted[source] = HINT in source.text
        return found

    def _moved(self, known: Remembered) -> Remembered:
        """The same at its new places. Raises _Touched where it has none."""
        sources = frozenset(map(self._now, known.sources))
        if any(map(self._is_hinted, sources)):
            raise _Touched
        findings, problems, ignored = known.judged
        judged = Judged(
            [self._finding(each) for each in findings],
            [each._replace(span=self._span(each.span)) for each in problems],
            [self._finding(each) for each in ignored],
        )
        home = self._placed(known.home)
        return known._replace(judged=judged, sources=sources, home=home)

    def _finding(self, finding: Finding) -> Finding:
        return finding._replace(
            place=self._place(finding.place),
            related=tuple(map(self._place, finding.related)),
            notes=tuple(note._replace(place=self._place(note.place)) for note in finding.notes),
            edit=tuple(map(self._change, finding.edit)),
        )

    def _place(self, place: Place) -> Place:
        return place._replace(span=self._placed(place.span))

    def _change(self, change: Change) -> Change:
        return change._replace(span=self._placed(change.span))

    def _span(self, span: Span | None) -> Span | None:
        return None if span is None else self._placed(span.root())

    def _placed(self, span: Span) -> Span:
        now = self._now(span.source)
        if now is span.source:
            return span
        move = self._moves.get(span.source)
        if move is None:
            move = self._moves[span.source] = between(span.source.text, now.text)
        found = move.of(span, now)
        if found is None:
            raise _Touched
        return found


class _Touched(Exception):
    """A place was edited: what was found there has to be found anew."""


def _spans(judged: Judged) -> Iterator[Span]:
    """All places in what was found."""
    for finding in (*judged.findings, *judged.ignored):
        yield finding.place.span
        places: Iterable[Place] = (*finding.related, *(note.place for note in finding.notes))
        yield from (place.span for place in places)
        yield from (change.span for change in finding.edit)
    for problem in judged.problems:
        if problem.span is not None:
            yield problem.span.root()

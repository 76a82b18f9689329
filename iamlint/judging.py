"""Judges the roles of one check, each under the settings for its file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from iamlint.config import Config, Local
from iamlint.engine import Engine, Judged
from iamlint.findings import Change, Finding
from iamlint.formats.reading import Keeping
from iamlint.formats.role import Role
from iamlint.ignores.beside import Ignores
from iamlint.localities import Localities
from iamlint.localities import Terms as Settings
from iamlint.rules.book import RuleBook
from iamlint.source import Problem, Span
from iamlint.typed import NamedTuple, Protocol
from iamlint.unread import is_broken, missing_parts

Locals = tuple[Local, ...]


class Known(Protocol):
    """What was found of a role before."""

    @property
    def judged(self) -> Judged:
        """It, at the places where it is now."""

    @property
    def unresolved(self) -> tuple[str, ...]:
        """See `Role.unresolved`."""


class Recalling(Protocol):
    """Remembers what was found of roles; see `memory.Memory`."""

    def recall(self, role: Role, locals: Locals) -> Known | None:
        """What was found of a role, if nothing changed but its place."""

    def keep(self, role: Role, locals: Locals, judged: Judged) -> None:
        """Remembers what was found of a role."""


class Remembering(Recalling, Protocol):
    """Remembers what a check read and judged until the next one."""

    @property
    def kept(self) -> Keeping:
        """What was read."""

    def engine(self, book: RuleBook, config: Config) -> Engine:
        """What judges the roles of a check that begins."""

    def end(self) -> None:
        """The check is over."""


class Terms(NamedTuple):
    """What a person says about findings: in settings, and beside the policies."""

    config: Config
    localities: Localities
    ignores: Ignores


def terms_of(book: RuleBook, config: Config) -> Terms:
    """The terms of one check."""
    return Terms(config, Localities(config), Ignores(book, config))


class Told(NamedTuple):
    """What there is to tell of one role."""

    judged: Judged
    unresolved: tuple[str, ...]


class Met(NamedTuple):
    """A role that is only met, and not judged."""

    role: Role
    terms: Settings  # under which it would be
    told: Sequence[Problem]  # what is wrong with what it was read from


class Judge:
    """Judges roles one after the other, and knows where all of their policies stand."""

    __slots__ = ("_documents", "_engine", "_memory", "_terms")

    def __init__(self, engine: Engine, terms: Terms, memory: Recalling | None = None) -> None:
        self._engine = engine
        self._terms = terms
        self._memory = memory
        self._documents: dict[str, dict[Span, set[str]]] = {}  # of roles, by file

    def judge(self, role: Role, home: Locals, told: Sequence[Problem]) -> Told:
        """What is found of a role, and what is said of it besides.

        `home`: the settings of the file that deploys it; `told`: what is wrong with what was read.
        """
        missing = list(missing_parts(role, told))
        if is_broken(role, told):
            return Told(Judged([], missing, []), role.unresolved())
        place = role.document.span.root()
        here = self._documents.setdefault(place.source.name, {})
        here.setdefault(place, set()).add(role.identity)
        found = self._found(role, self._locals(role, home))
        problems = [*missing, *found.judged.problems]
        return Told(found.judged._replace(problems=problems), found.unresolved)

    def meet(self, role: Role, home: Locals, told: Sequence[Problem]) -> Met:
        """A role as it would be judged."""
        return Met(role, self._terms.localities.terms(self._locals(role, home)), told)

    def _locals(self, role: Role, home: Locals) -> Locals:
        localities = self._terms.localities
        return localities.both(localities.of(role.source.name), home)

    def _found(self, role: Role, locals: Locals) -> Known:
        known = self._memory.recall(role, locals) if self._memory is not None else None
        if known is not None:
            return known
        self._terms.ignores.see(role)
        terms = self._terms.localities.terms(locals)
        judged = self._engine.judge(role, terms, self._terms.ignores)
        if self._memory is not None:
            self._memory.keep(role, locals, judged)
        return Told(judged, role.unresolved())

    def unshared(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Findings; without an edit where that would change a role that has no such finding."""
        if not any(finding.edit for finding in findings):  # few ask for them
            yield from findings
            return
        places = {name: _Places(spans) for name, spans in self._documents.items()}
        for finding in findings:
            changed = {role for change in finding.edit for role in _roles_at(change, places)}
            yield finding if changed <= set(finding.roles) else finding._replace(edit=())


class _Places:
    """Where the policies of one file stand, and of which roles they are."""

    __slots__ = ("_longest", "_places", "_starts")

    def __init__(self, spans: dict[Span, set[str]]) -> None:
        self._places = sorted(spans.items(), key=lambda item: item[0].start)
        self._starts = [span.start for span, _ in self._places]
        self._longest = max(span.end - span.start for span in spans)

    def around(self, span: Span) -> Iterator[str]:
        """The roles whose policies hold a part of the file, whenever the file was read."""
        first = bisect_right(self._starts, span.end - self._longest - 1)
        for whole, roles in self._places[first : bisect_right(self._starts, span.start)]:
            if span.end <= whole.end:
                yield from roles


def _roles_at(change: Change, places: dict[str, _Places]) -> Iterator[str]:
    here = places.get(change.span.source.name)
    if here is not None:
        yield from here.around(change.span)

"""Tells which findings are ignored by what stands beside the policies of one check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from iamlint.config import Config
from iamlint.findings import Justification
from iamlint.formats.role import Role
from iamlint.ignores.ignore import Ignore, Noted
from iamlint.rules.book import RuleBook
from iamlint.source import Problem, Source, Span
from iamlint.typed import Protocol

HINT = "iamlint"  # stands in every text with an ignore

_UNUSED = (
    "take it away, or put it where it counts: in the lines of what is underlined, on the line"
    " above them, or above the role or its policy"
)


class Reading(Protocol):
    """Reads ignores; `problems` are those that are not in order."""

    problems: list[Problem]

    def of_role(self, role: Role) -> list[Ignore]:
        """The ignores in the metadata and the tags of a role."""

    def in_comments(self, source: Source) -> list[Noted]:
        """The ignores in the comments of a file."""


class Ignores:
    """The ignores of one check, and which of them hid something.

    Nothing is looked for in a text without the word, so that who ignores nothing pays nothing.
    """

    __slots__ = ("_book", "_comments", "_config", "_missed", "_of_roles", "_reading", "_used")

    def __init__(self, book: RuleBook, config: Config) -> None:
        self._book = book
        self._config = config
        self._reading: Reading | None = None  # is not there before there is something to read
        self._comments: dict[str, list[Noted]] = {}  # by name of the file
        self._of_roles: dict[Role, list[Ignore]] = {}
        self._used: set[tuple[str, str, int]] = set()
        self._missed: dict[tuple[str, str], Span] = {}  # what was found, by rule and file

    def see(self, role: Role) -> None:
        """Takes note of what is said of a role, and in its file."""
        self.look(role.source)
        told = role.beside.metadata is not None or any(key.startswith(HINT) for key, _ in role.tags)
        found = self._read().of_role(role) if told else []
        found += self._heads(role)
        if found:
            self._of_roles[role] = found

    def look(self, source: Source) -> list[Noted]:
        """The ignores in the comments of a file."""
        found = self._comments.get(source.name)
        if found is None:
            found = self._read().in_comments(source) if HINT in source.text else []
            self._comments[source.name] = found
        return found

    def hides(self, role: Role, rule: str, span: Span) -> Justification | None:
        """Why what a rule says of a role at a place, in a file, is ignored; None if it is not."""
        for ignore in self._counting(role, span):
            if ignore.rule == rule:
                self._used.add(_key(ignore))
                return ignore.justification
        if self._comments:
            self._missed.setdefault((rule, span.source.name), span)
        return None

    def problems(self, blocked: Iterable[str], asked: Callable[[str, str], bool]) -> list[Problem]:
        """What is wrong with the ignores, those that hid nothing included.

        Of one in a `blocked` file, not all of which was judged, nobody knows that. `asked` tells
        whether a rule was asked for, for a file.
        """
        every = [noted.ignore for each in self._comments.values() for noted in each]
        every += [ignore for each in self._of_roles.values() for ignore in each]
        skip = set(blocked)
        unused = {
            _key(ignore): self._unused(ignore)
            for ignore in every
            if _key(ignore) not in self._used
            and ignore.place.source.name not in skip
            and asked(ignore.rule, ignore.place.source.name)
        }
        told = self._reading.problems if self._reading is not None else ()
        return [*told, *unused.values()]

    def _read(self) -> Reading:
        if self._reading is None:
            from iamlint.ignores.reading import Written  # noqa: PLC0415 - seldom needed

            self._reading = Written(self._book, self._config)
        return self._reading

    def _heads(self, role: Role) -> Iterator[Ignore]:
        """The comments above a role and above its policy."""
        documents = (variant.document.span.root() for variant in role.variants)
        names = (span.root() for span in role.beside.names)
        for span in (*names, role.span.root(), *documents):
            noted = self.look(span.source)
            if noted:
                line, _ = span.source.position(span.start)
                yield from (each.ignore for each in noted if each.heads(line))

    def _counting(self, role: Role, span: Span) -> Iterator[Ignore]:
        noted = self.look(span.source)
        if noted:
            first, _ = span.source.position(span.start)
            last, _ = span.source.position(max(span.start, span.end - 1))
            yield from (each.ignore for each in noted if each.covers(first, last))
        yield from self._of_roles.get(role, ())

    def _unused(self, ignore: Ignore) -> Problem:
        place, rule = ignore.place, ignore.rule
        missed = self._missed.get((rule, place.source.name))
        help = _UNUSED
        if missed is not None:
            line, column = missed.source.position(missed.start)
            help = f"`{rule}` is found at {line}:{column}: {_UNUSED}"
        message = f"this ignore of `{rule}` hides nothing"
        return Problem("unused-ignore", message, place.source.name, place, help, blocking=False)


def _key(ignore: Ignore) -> tuple[str, str, int]:
    return ignore.rule, ignore.place.source.name, ignore.place.start

"""Tells which settings count for a file: those of its path, and of what deploys it."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import join, normpath

from iamlint.config import Config, Local
from iamlint.formats.ignoring import Patterns
from iamlint.typed import NamedTuple


class Terms(NamedTuple):
    """What differs for the roles of a file."""

    account: str | None = None  # that they are deployed to
    ignore: frozenset[str] = frozenset()  # ids of rules
    severities: Mapping[str, str] = {}  # by id of a rule; the user's word, which nothing moves


class Localities:
    """The settings of all files, each worked out once."""

    __slots__ = ("_config", "_known", "_patterns", "_terms")

    def __init__(self, config: Config) -> None:
        self._config = config
        self._patterns = [
            Patterns(local.match.folder, local.match.lines) if local.match.lines else None
            for local in config.locals
        ]
        self._known: dict[tuple[str, bool], tuple[Local, ...]] = {}
        self._terms: dict[tuple[int, ...], Terms] = {}

    def of(self, path: str, *, folder: bool = False) -> tuple[Local, ...]:
        """The settings of a file, or of the files in a folder."""
        if not self._patterns:
            return ()
        key = (path, folder)
        if key not in self._known:
            here = self._config.here
            place = normpath(join(here, path)) if here != "." else path
            self._known[key] = tuple(
                local
                for local, patterns in zip(self._config.locals, self._patterns, strict=True)
                if patterns is None or patterns.says(place, folder=folder)
            )
        return self._known[key]

    def terms(self, locals: tuple[Local, ...]) -> Terms:
        """What the settings come to; of two the later one counts."""
        key = tuple(map(id, locals))
        if key not in self._terms:
            self._terms[key] = _terms(self._config, locals)
        return self._terms[key]

    def both(self, locals: tuple[Local, ...], others: tuple[Local, ...]) -> tuple[Local, ...]:
        """The settings of a file and of what deploys it, in the order they are written."""
        if locals is others:
            return locals
        wanted = {id(local) for local in (*locals, *others)}
        return tuple(local for local in self._config.locals if id(local) in wanted)


def _terms(config: Config, locals: tuple[Local, ...]) -> Terms:
    accounts = [local.account for local in locals if local.account]
    severities = dict(config.severities)
    for local in locals:
        severities.update(local.severities)
    ignored = frozenset[str]().union(*(local.ignore for local in locals))
    return Terms(accounts[-1] if accounts else None, ignored, severities)

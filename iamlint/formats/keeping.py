"""Keeps what was read for the next check: texts, trees and roles of files that are as they were."""

from __future__ import annotations

from iamlint.formats import configurations, parsing
from iamlint.formats.cloudformation.keeping import Kept as KeptTemplate
from iamlint.formats.encoding import decode
from iamlint.formats.reading import Reading
from iamlint.source import Problem, Source
from iamlint.syntax.yaml_pieces import Pieces
from iamlint.typed import NamedTuple


class Text(NamedTuple):
    """A file, and what its bytes were decoded into."""

    data: bytes
    contents: tuple[Source | Problem, ...]


class Whole(NamedTuple):
    """All that a file gave, whatever is around it."""

    source: Source
    named: bool
    reading: Reading


class Kept:
    """What is kept of the files of one check; of a file that the next one does not read, nothing.

    Not to be used by two checks at a time.
    """

    __slots__ = ("_readings", "_templates", "_texts", "_trees", "_used", "configurations")

    def __init__(self) -> None:
        self.configurations = configurations.Kept()
        self._texts: dict[str, Text] = {}
        self._readings: dict[str, Whole] = {}
        self._trees: dict[str, Pieces] = {}
        self._templates: dict[str, KeptTemplate] = {}
        self._used: set[str] = set()

    def decode(self, path: str, data: bytes) -> tuple[Source | Problem, ...]:
        """What `encoding.decode` gives; of a file that is as it was the very same source."""
        self._used.add(path)
        known = self._texts.get(path)
        if known is None or known.data != data:
            known = self._texts[path] = Text(data, tuple(decode(path, data)))
        return known.contents

    def text(self, path: str) -> Source | None:
        """The text of a file as it is now; None if it was not read."""
        known = self._texts.get(path)
        contents = known.contents if known is not None else ()
        return next((each for each in contents if isinstance(each, Source)), None)

    def reading(self, source: Source, *, named: bool) -> Reading | None:
        """What a file gave, if it is as it was."""
        known = self._readings.get(source.name)
        if known is None or known.source is not source or known.named is not named:
            return None
        return known.reading

    def keep(self, source: Source, reading: Reading, *, named: bool) -> None:
        """Keeps what a file gave, if it gives the same whatever is around it."""
        if not reading.looks_around:
            self._readings[source.name] = Whole(source, named, reading)

    def tree(self, path: str) -> Pieces:
        """Reads a file that is a template of YAML, piece by piece."""
        return self._trees.setdefault(path, Pieces(parsing.RESOURCES))

    def template(self, path: str) -> KeptTemplate:
        """What is kept of a template."""
        return self._templates.setdefault(path, KeptTemplate())

    def end(self) -> None:
        """Ends a check: what it did not use is dropped."""
        for kept in (self._texts, self._readings, self._trees, self._templates):
            for path in kept.keys() - self._used:
                del kept[path]
        self._used = set()

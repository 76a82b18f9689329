"""Keeps the texts of files that other files speak of."""

from __future__ import annotations

from iamlint.formats.encoding import Decode, decode
from iamlint.source import Entries, FileError, Files, Source


class Sources:
    """The texts of files that other files speak of, each read once."""

    def __init__(self, files: Files, decode: Decode = decode) -> None:
        self._files = files
        self._decode = decode
        self._known: dict[str, Source | None] = {}
        self._folders: dict[str, Entries] = {}

    def at(self, path: str) -> Source | None:
        """The text at a path; None when it is not there, or is no text."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def keep(self, source: Source) -> None:
        """Takes a text that was read already."""
        self._known[source.name] = source

    def folder(self, path: str) -> Entries:
        """What is in a folder; nothing where it cannot be listed."""
        if path not in self._folders:
            try:
                self._folders[path] = self._files.list(path)
            except FileError:
                self._folders[path] = []
        return self._folders[path]

    def _read(self, path: str) -> Source | None:
        try:
            data = self._files.read(path)
        except FileError:
            return None
        return next((each for each in self._decode(path, data) if isinstance(each, Source)), None)

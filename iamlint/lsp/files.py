"""Files as the editor has them: the unsaved buffers, laid over the disk below one folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from iamlint.disk import DiskFiles
from iamlint.lsp.buffers import Document
from iamlint.source import Entries, Entry, FileError


class BufferFiles:
    """What a check reads: paths are relative to `here`, or absolute.

    `pause` is called before anything is read, and may raise to end the check. `lost` tells whether
    a document was asked for whose text nobody knows: what was found then counts for nothing.
    """

    __slots__ = ("_by_folder", "_disk", "_here", "_open", "_pause", "lost")

    def __init__(
        self,
        here: str,
        roots: Iterable[str],
        documents: dict[str, Document],
        pause: Callable[[], None],
    ) -> None:
        self._here = here
        self._disk = DiskFiles(roots)
        self._open = documents  # by absolute path
        self._pause = pause
        self._by_folder: dict[str, dict[str, Document]] = {}
        for path, document in documents.items():
            folder, name = os.path.split(path)
            self._by_folder.setdefault(folder, {})[name] = document
        self.lost = False

    def read(self, path: str) -> bytes:
        self._pause()
        whole = self._whole(path)
        document = self._open.get(whole)
        if document is None:
            return self._disk.read(whole)
        if document.text is None:
            self.lost = True
            raise FileError("the editor and the server do not agree on its text")
        return document.data

    def list(self, path: str) -> Entries:
        whole = self._whole(path)
        here = self._by_folder.get(whole, {})
        if not here:
            return self._disk.list(whole)
        try:
            found = {entry.name: entry for entry in self._disk.list(whole)}
        except FileError:  # a folder that is not there yet
            found = {}
        found |= {name: Entry(name, "file", len(each.data)) for name, each in here.items()}
        return sorted(found.values())

    def kind(self, path: str) -> str | None:
        whole = self._whole(path)
        if whole in self._open:
            return "file"
        return self._disk.kind(whole)

    def _whole(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._here, path))

"""Files in which what takes long is kept, in the cache of the user."""

from __future__ import annotations

import os
from collections.abc import Mapping

from iamlint.disk import DiskFiles, write_whole
from iamlint.findings import digest
from iamlint.source import FileError


def folder(environment: Mapping[str, str]) -> str:
    """Where all of it is kept."""
    home = environment.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "iamlint")


class CacheFile:
    """What is kept for one file or folder of a user; where that is not allowed, nothing is.

    INVARIANT: whoever reads it checks that it is what would be made now: others may write there.
    """

    __slots__ = ("_path",)

    def __init__(self, kind: str, made_for: str, environment: Mapping[str, str]) -> None:
        self._path = os.path.join(folder(environment), kind, f"{digest(made_for)}.json")

    def read(self) -> bytes | None:
        """What was kept last; None: nothing that can be read."""
        try:
            return DiskFiles([os.path.dirname(self._path)]).read(self._path)
        except FileError:
            return None

    def write(self, content: bytes) -> None:
        """Keep it."""
        from contextlib import suppress  # noqa: PLC0415 - a check with a cache does without it

        with suppress(OSError):
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            write_whole(self._path, content)

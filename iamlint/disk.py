"""Reads and writes the real disk: reading never leaves the project, writing is all or nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from errno import EACCES, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM

from iamlint.source import Entries, Entry, FileError, Files

MOST_BYTES = 256 * 1024 * 1024  # of one file, whatever its folder says of its size

_MISSING = (ENOENT, ENOTDIR, ENAMETOOLONG)
_REASONS = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    ENOENT: "no such file or folder",
    ENOTDIR: "not a folder",
    EISDIR: "is a folder",
    ELOOP: "its links lead in a circle",
    ENAMETOOLONG: "the name is too long",
}
# A file that turns into a pipe or a link between the look and the opening must not hang or mislead.
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def slashed(path: str) -> str:
    """A path as `Files` and patterns write it: with slashes, whatever the system has."""
    return path if os.sep == "/" else path.replace(os.sep, "/")


def project_root(path: str) -> str:
    """The nearest folder upwards that holds a repository, else `iamlint.toml`, else its own.

    A configuration in a part of a repository does not part it from the rest.
    """
    start = own_folder(path)
    return _upwards(start, ".git") or _upwards(start, "iamlint.toml") or start


def _upwards(folder: str, name: str) -> str | None:
    """The nearest folder upwards that holds something of that name."""
    while not os.path.lexists(os.path.join(folder, name)):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def own_folder(path: str) -> str:
    """The real folder that a path is or is in; a link stands for itself, not for its target."""
    folder, name = os.path.split(path)
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    real = os.path.join(os.path.realpath(folder), name)
    return real if os.path.isdir(real) and not os.path.islink(real) else os.path.dirname(real)


class DiskFiles:
    """The files below some folders of the disk, links resolved before anything is looked at.

    A path may be absolute or relative to the working folder, and is refused outside the folders.
    A link to a folder is `other`: that folder has a place of its own, and links may go in circles.
    """

    __slots__ = ("_roots",)

    def __init__(self, roots: Iterable[str]) -> None:
        self._roots = tuple(sorted({os.path.realpath(root) for root in roots}))

    def read(self, path: str) -> bytes:
        real = self._real(path)
        try:
            if not stat.S_ISREG(os.lstat(real).st_mode):
                raise FileError(_not_a_file(real))
            with open(os.open(real, _OPEN), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise FileError("not a regular file")
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise FileError(_reason(error)) from None
        if len(data) > MOST_BYTES:
            raise FileError(f"larger than {MOST_BYTES:,} bytes")
        return data

    def list(self, path: str) -> Entries:
        try:
            with os.scandir(self._real(path)) as entries:
                return sorted(map(self._entry, entries))
        except OSError as error:
            raise FileError(_reason(error)) from None

    def kind(self, path: str) -> str | None:
        """`link-out` only for a link: any other path outside is refused."""
        try:
            real = self._real(path)
        except FileError:
            if os.path.islink(path):
                return "link-out"
            raise
        try:
            return _kind(os.lstat(real))
        except OSError as error:
            if error.errno in _MISSING:
                return None
            raise FileError(_reason(error)) from None

    def _real(self, path: str) -> str:
        try:
            real = os.path.realpath(path)
        except ValueError:  # a NUL character, or half of a surrogate pair
            raise FileError("no file can have that name") from None
        if not self._inside(real):
            raise FileError("outside the project root")
        return real

    def _inside(self, real: str) -> bool:
        return any(
            real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in self._roots
        )

    def _entry(self, entry: os.DirEntry[str]) -> Entry:
        try:
            if entry.is_symlink():
                return self._link(entry)
            found = entry.stat(follow_symlinks=False)
        except OSError:  # gone since the folder was listed, or a name that cannot be looked up
            return Entry(entry.name, "other", 0)
        return Entry(entry.name, _kind(found), found.st_size)

    def _link(self, entry: os.DirEntry[str]) -> Entry:
        target = os.path.realpath(entry.path)
        if not self._inside(target):
            return Entry(entry.name, "link-out", 0)
        found = os.lstat(target)
        kind = _kind(found)
        return Entry(entry.name, "other" if kind == "folder" else kind, found.st_size)


class Overlay:
    """Some documents held in memory, laid over other files."""

    __slots__ = ("_documents", "_files")

    def __init__(self, files: Files, documents: dict[str, bytes]) -> None:
        self._files = files
        self._documents = documents

    def read(self, path: str) -> bytes:
        return self._documents[path] if path in self._documents else self._files.read(path)

    def list(self, path: str) -> Entries:
        return self._files.list(path)

    def kind(self, path: str) -> str | None:
        return "file" if path in self._documents else self._files.kind(path)


def write_whole(path: str, data: bytes) -> None:
    """Put all of the data at the path, or leave what was there; raises OSError."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        _replace(os.path.realpath(path), data, None)
        return
    if stat.S_ISREG(mode):
        _replace(os.path.realpath(path), data, stat.S_IMODE(mode))
    else:  # a terminal, a pipe, `/dev/null`: there is nothing to replace
        with open(path, "wb") as file:
            file.write(data)


def _replace(path: str, data: bytes, mode: int | None) -> None:
    folder, name = os.path.split(path)
    draft = os.path.join(folder, f".{name[:100]}.{os.getpid()}.tmp")
    handle = os.open(draft, _CREATE, 0o666)  # less what the user's mask takes away
    try:
        with open(handle, "wb") as file:
            file.write(data)
        if mode is not None:
            os.chmod(draft, mode)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _kind(found: os.stat_result) -> str:
    if stat.S_ISREG(found.st_mode):
        return "file"
    return "folder" if stat.S_ISDIR(found.st_mode) else "other"


def _not_a_file(real: str) -> str:
    return "is a folder" if os.path.isdir(real) else "not a regular file"


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0) or (error.strerror or "cannot be read").lower()

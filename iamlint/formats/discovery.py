"""Finds the files below the paths a user named that may hold roles, and reads them one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from iamlint.formats import claims, configurations
from iamlint.formats.encoding import Decode, decode
from iamlint.formats.ignoring import Ignoring
from iamlint.source import Entry, FileError, Files, Problem, Source
from iamlint.typed import NamedTuple

LIMIT_BYTES = 50 * 1024 * 1024
# NOTE: bounds what a folder that contains itself costs, should `Files` list a link as a folder.
LIMIT_DEPTH = 100
LIMIT_FOLDERS = 200_000

# What others wrote, or what tools keep for themselves. Any other hidden folder is walked, such as
# `.github`.
SKIPPED_FOLDERS = {
    **dict.fromkeys((".git", ".hg", ".svn", ".bzr", ".jj"), "version control"),
    **dict.fromkeys(
        (
            "node_modules",
            "bower_components",
            "site-packages",
            "vendor",
            "third_party",
            ".terraform",
        ),
        "code of others",
    ),
    **dict.fromkeys((".venv", "venv", ".tox", ".nox", ".eggs"), "a virtual environment"),
    **dict.fromkeys(
        (
            *(
                "__pycache__",
                ".mypy_cache",
                ".ruff_cache",
                ".pytest_cache",
                ".hypothesis",
                ".cache",
            ),
            *(".terragrunt-cache", ".npm", ".yarn", ".pnpm-store", ".gradle", ".idea", ".vscode"),
        ),
        "a cache",
    ),
}
_METADATA = (".dist-info", ".egg-info")

# Text that stands in every file with a role or a trust policy. Action names are case-insensitive
# and may be `*`, so a file is a candidate, too, when it holds any policy with a principal.
_TRUST = b"AssumeRole"
_HINTS = (_TRUST, b"sts:", b"sts%3A", b"sts%3a")
_POLICY = (b'"Statement"', b'"Principal"')
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class Found(NamedTuple):
    """A text to judge, or why there is none; a path may give a doubt and then a text."""

    path: str
    content: Source | Problem
    named: bool  # the user named this very file


class Discovery:
    """The files below some paths, read while they are iterated: named order, folders sorted.

    `skipped` counts what was passed over, by reason, once the iteration is done.
    INVARIANT: a linked folder is not walked. `Files.list` calls a link that leaves the project
    `link-out`, and a link to another folder inside it `other`: that folder has a place of its own.
    """

    __slots__ = (
        "_decode",
        "_files",
        "_ignoring",
        "_limit",
        "_named",
        "_paths",
        "_seen",
        "_selected",
        "_sizes",
        "_strict",
        "skipped",
    )

    def __init__(
        self,
        files: Files,
        paths: Iterable[str],
        limit: int = LIMIT_BYTES,
        ignoring: Ignoring | None = None,
        as_found: bool = False,
        decode: Decode = decode,
    ) -> None:
        self._files = files
        self._decode = decode
        self._strict = not as_found
        self._ignoring = ignoring or Ignoring(files)
        self._paths = tuple(dict.fromkeys(clean(path) for path in paths))
        self._named = frozenset(self._paths)
        self._limit = limit
        self._seen: set[str] = set()
        self._selected: dict[str, bool] = {}
        self._sizes: tuple[str, dict[str, int]] = ("", {})  # of the files in one folder
        self.skipped: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Found]:
        self._seen.clear()
        self._sizes = ("", {})
        self.skipped.clear()
        for path in self._paths:
            yield from self._named_path(path)

    def selects(self, path: str) -> bool:
        """Whether a file was named, or would be found below a folder that was."""
        if path not in self._selected:
            self._selected[path] = path in self._named or self._meets(path)
        return self._selected[path]

    def _meets(self, path: str) -> bool:
        """Whether the walks below the named folders meet a file."""
        tops = (top for top in self._paths if selects((top,), path))
        return any(not self._ignoring.hides(top, path) for top in tops)

    def _named_path(self, path: str) -> Iterator[Found]:
        try:
            kind = self._files.kind(path)
        except FileError as error:
            yield _unreadable(path, error, named=True)
            return
        if kind == "folder":
            yield from self._walk(path)
        elif kind is None:
            yield _problem(path, "no-such-path", f"there is no file or folder `{path}`")
        elif kind == "link-out":
            yield _problem(
                path,
                "outside-project",
                f"`{path}` is a link that leads out of the project",
                help="name what it points to, or set `--root` to a folder that holds both",
            )
        elif self._strict:
            yield from self._named_file(path)
        else:
            yield from self._listed_file(path)

    def _named_file(self, path: str) -> Iterator[Found]:
        if self._size(path) > self._limit:
            yield self._too_large(path)
            return
        try:
            data = self._files.read(path)
        except FileError as error:
            yield _unreadable(path, error, named=True)
            return
        # A pipe and the like have no size before they are read.
        if len(data) > self._limit:
            yield self._too_large(path)
            return
        for content in self._decode(path, data):
            yield Found(path, content, named=True)

    def _listed_file(self, path: str) -> Iterator[Found]:
        """A file that nobody chose: passed over where a search would do so."""
        entry = Entry(path.rpartition("/")[2], "file", self._size(path))
        hidden = "excluded" if self._ignoring.hides(".", path) else ""
        reason = self._skip_file(entry) or hidden
        if reason:
            self.skipped[reason] += 1
        else:
            yield from self._walked_file(path)

    def _size(self, path: str) -> int:
        """The size its folder tells; 0 when that cannot be listed: the file may be readable."""
        folder, slash, name = path.rpartition("/")
        folder = folder or slash or "."
        # Callers name the files of one folder one after the other.
        if self._sizes[0] != folder:
            try:
                sizes = {entry.name: entry.size for entry in self._files.list(folder)}
            except FileError:
                sizes = {}
            self._sizes = folder, sizes
        return self._sizes[1].get(name, 0)

    def _too_large(self, path: str) -> Found:
        message = f"`{path}` is larger than {self._limit:,} bytes, which is the most that is read"
        return _problem(path, "too-large", message)

    def _walk(self, top: str) -> Iterator[Found]:
        """Every candidate below a folder: of each folder the files first, then its folders."""
        todo = [(top, 0)]
        while todo:
            folder, depth = todo.pop()
            if folder in self._seen:
                continue
            if len(self._seen) >= LIMIT_FOLDERS:
                message = f"gave up in `{top}` after {LIMIT_FOLDERS:,} folders"
                yield _problem(folder, "too-many-folders", message)
                return
            self._seen.add(folder)
            try:
                entries = sorted(self._files.list(folder), key=_name)
            except FileError as error:
                yield _unreadable(folder, error, named=folder in self._named)
                continue
            yield from self._walked_files(top, folder, entries)
            todo += [(path, depth + 1) for path in self._folders(top, folder, entries, depth)]

    def _folders(self, top: str, folder: str, entries: list[Entry], depth: int) -> list[str]:
        """The folders to walk next, the last one first."""
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            self.skipped["a virtual environment"] += sum(e.kind == "folder" for e in entries)
            return []
        chosen = []
        for entry in reversed(entries):
            if entry.kind != "folder":
                continue
            reason = _skip_folder(entry.name)
            if depth >= LIMIT_DEPTH:
                reason = f"deeper than {LIMIT_DEPTH} folders"
            path = join(folder, entry.name)
            reason = reason or self._ignoring.reason(top, path, folder=True)
            if reason:
                self.skipped[reason] += 1
            else:
                chosen.append(path)
        return chosen

    def _walked_files(self, top: str, folder: str, entries: list[Entry]) -> Iterator[Found]:
        for entry in entries:
            if entry.kind == "folder":
                continue
            path = join(folder, entry.name)
            if path in self._named:
                continue  # it comes, or came, under its own name
            reason = self._skip_file(entry) or self._ignoring.reason(top, path, folder=False)
            if reason:
                self.skipped[reason] += 1
            else:
                yield from self._walked_file(path)

    def _skip_file(self, entry: Entry) -> str:
        """Why a file is passed over unread; empty when it is not."""
        if entry.kind == "link-out":
            return "a link out of the project"
        if entry.kind != "file":
            return "not a regular file"
        if not claims(entry.name):
            return "not a kind of file that holds roles"
        return f"larger than {self._limit:,} bytes" if entry.size > self._limit else ""

    def _walked_file(self, path: str) -> Iterator[Found]:
        try:
            data = self._files.read(path)
        except FileError as error:
            yield _unreadable(path, error, named=False)
            return
        # A file without a role may be what gives a value to one in another file.
        if not configurations.claims(path) and not may_hold_roles(data):
            self.skipped["no trust policy in it"] += 1
            return
        for content in self._decode(path, data):
            # An unrelated file that is no text is no news.
            if isinstance(content, Problem) and content.blocking and _TRUST not in _narrow(data):
                self.skipped["not UTF-8 text"] += 1
            else:
                yield Found(path, content, named=False)


def discover(
    files: Files,
    paths: Iterable[str],
    limit: int = LIMIT_BYTES,
    ignoring: Ignoring | None = None,
    as_found: bool = False,
    decode: Decode = decode,
) -> Discovery:
    """The files that `/`-separated paths name or hold; `limit` is the most bytes of one file.

    `as_found`: files that are named are taken as if a search had found them. `decode` gives their
    texts.
    """
    return Discovery(files, paths, limit, ignoring, as_found, decode)


def with_siblings(files: Files, paths: Iterable[str]) -> Iterator[str]:
    """The paths, and for each file of a Terraform module the other files of the module.

    What one of them says, or gives a value, may open a role in another one.
    """
    for path in map(clean, paths):
        yield path
        if not configurations.claims(path) and not path.endswith((".tfvars", ".tfvars.json")):
            continue
        folder, slash, _ = path.rpartition("/")
        folder = folder or slash or "."
        try:
            entries = files.list(folder)
        except FileError:
            continue
        for entry in entries:
            if entry.kind == "file" and configurations.claims(entry.name):
                yield join(folder, entry.name)


def may_hold_roles(data: bytes) -> bool:
    """A cheap look at the bytes of a file: could a role or a trust policy be in it?"""
    data = _narrow(data)
    return any(hint in data for hint in _HINTS) or all(word in data for word in _POLICY)


def _narrow(data: bytes) -> bytes:
    """The bytes; of UTF-16 without the zero bytes, so that what is ASCII can be searched."""
    return data.replace(b"\0", b"") if data[:2] in _WIDE else data


def selects(paths: Iterable[str], path: str) -> bool:
    """Whether a path that a user gave names a file, or a folder that it would be found in."""
    for chosen in map(clean, paths):
        if path == chosen:
            return True
        inside = path.removeprefix(chosen.rstrip("/") + "/") if chosen != "." else path
        outside = inside.startswith(("/", "../")) or (chosen != "." and inside == path)
        if not outside and not any(map(_skip_folder, inside.split("/")[:-1])):
            return True
    return False


def clean(path: str) -> str:
    """One spelling for a path: no `.`, no empty parts. `..` stays: a link may stand before it."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    start = "/" if path.startswith("/") else ""
    return start + "/".join(parts) or "."


def join(folder: str, name: str) -> str:
    if folder == ".":
        return name
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"


def _skip_folder(name: str) -> str:
    if name.endswith(_METADATA):
        return "code of others"
    return SKIPPED_FOLDERS.get(name, "")


def _name(entry: Entry) -> str:
    return entry.name


def _unreadable(path: str, error: FileError, *, named: bool) -> Found:
    return _problem(path, "unreadable-file", f"cannot read `{path}`: {error.reason}", named=named)


def _problem(
    path: str, code: str, message: str, help: str | None = None, *, named: bool = True
) -> Found:
    return Found(path, Problem(code, message, path, help=help), named)

"""Reads files as they were at a revision, through the plumbing of git and without a checkout.

Nothing is fetched, no hook or filter runs, and nothing of the repository is written.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from posixpath import dirname, join, normpath

from iamlint.disk import MOST_BYTES, project_root, slashed
from iamlint.formats.discovery import selects
from iamlint.project.fault import UsageFault
from iamlint.source import Entries, Entry, FileError, Files
from iamlint.typed import NamedTuple

_LINK, _MODULE = "120000", "160000"
_MOST_LINKS = 40  # that lead on to another one
_SECONDS = 300  # for what git answers at once
# What hooks set for the git that they are run by, and would lead another one astray.
_ASTRAY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
_QUIET = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# The monitor is a program that the configuration of a repository names.
_COMMAND = ("git", "--no-pager", "-c", "core.fsmonitor=false")
_FETCH = "fetch it first: `git fetch --unshallow`, or `fetch-depth: 0` of actions/checkout"


class _Object(NamedTuple):
    """What a tree holds under a path."""

    mode: str
    name: str  # of the object, in hexadecimal digits


class _Git:
    """Asks git about the repository that a folder is in."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in _ASTRAY}
        self._environment = {**kept, **_QUIET}
        self.refused = ""  # why git refused what it was asked last

    def ask(self, *words: str) -> bytes | None:
        """What git answers; None where it refuses. Raises UsageFault."""
        try:
            done = subprocess.run(
                [*_COMMAND, *words],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            help = "install git, or compare with a file: `iamlint baseline`, `--baseline FILE`"
            raise UsageFault("`--since` needs git, and there is no `git` here", help) from None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UsageFault(f"`git {words[0]}` failed: {type(error).__name__}") from None
        lines = done.stderr.decode("utf-8", "replace").splitlines()
        self.refused = lines[0].removeprefix("fatal: ") if lines else ""
        return done.stdout if done.returncode == 0 else None

    def batch(self) -> subprocess.Popen[bytes]:
        """A git that reads names of objects and writes these objects."""
        return subprocess.Popen(
            [*_COMMAND, "cat-file", "--batch"],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def at(revision: str, files: Files, paths: Sequence[str]) -> Iterator[tuple[Files, list[str]]]:
    """The files at a revision of the repository that all the paths lie in, and these paths then.

    What was renamed since is looked at under the name that it had.

    `files` has what no revision holds: what lies elsewhere, and what `terraform init` fetched.
    Raises UsageFault.
    """
    top = _top(paths)
    git = _Git(top)
    commit = _commit(git, revision)
    tree = _tree(git, commit)
    batch = git.batch()
    then = [old for new, old in _renamed(git, top, commit) if selects(paths, new)]
    try:
        yield RevisionFiles(top, tree, batch, files), [*paths, *then]
    finally:
        batch.kill()
        batch.communicate()


def _top(paths: Sequence[str]) -> str:
    """The folder of the one repository that all the paths lie in."""
    tops: dict[str, str] = {}
    for path in paths:
        root = project_root(path)
        while not os.path.isdir(root):  # a path that is not there is told of later
            root = dirname(root)
        git = _Git(root)
        told = git.ask("rev-parse", "--show-toplevel")
        if told is None and os.path.lexists(os.path.join(root, ".git")):
            raise UsageFault(f"git refuses the repository of `{path}`: {git.refused}")
        if told is None:
            message = f"`{path}` is in no git repository, so `--since` has nothing to compare with"
            raise UsageFault(message, "compare with a file: `iamlint baseline`, `--baseline FILE`")
        tops.setdefault(os.path.realpath(os.fsdecode(told.rstrip(b"\r\n"))), path)
    if len(tops) > 1:
        first, second, *_ = tops.values()
        message = f"`{first}` and `{second}` are in two repositories"
        raise UsageFault(message, "check each by itself: a revision is one repository's")
    return next(iter(tops))


def _commit(git: _Git, revision: str) -> str:
    wanted = f"{revision}^{{commit}}"
    told = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if told is not None:
        return told.decode("ascii").split()[-1]
    shallow = git.ask("rev-parse", "--is-shallow-repository") or b""
    if shallow.strip() == b"true":
        message = f"git knows no revision `{revision}` here, and this clone is shallow"
        raise UsageFault(message, _FETCH)
    raise UsageFault(f"git knows no revision `{revision}` here", _meant(git, revision))


def _meant(git: _Git, revision: str) -> str:
    from iamlint.rules.paths import near_miss  # noqa: PLC0415 - only a mistake needs it

    told = git.ask("for-each-ref", "--format=%(refname:short)") or b""
    near = near_miss(revision, ["HEAD", *told.decode("utf-8", "replace").split()])
    meant = f"did you mean `{near}`? " if near else ""
    return f"{meant}name a branch, a tag or a commit, such as `origin/main` or `HEAD~1`"


def _tree(git: _Git, commit: str) -> dict[str, _Object]:
    """All files of a commit, by their paths below the top."""
    listed = git.ask("ls-tree", "-r", "-z", "--full-tree", commit)
    if listed is None:
        raise UsageFault(f"git cannot read the files of `{commit}`", _FETCH)
    found: dict[str, _Object] = {}
    for line in listed.split(b"\0"):
        said, tab, path = line.partition(b"\t")
        if tab:
            mode, _, name = said.decode("ascii").split(" ")
            found[os.fsdecode(path)] = _Object(mode, name)
    return found


def _renamed(git: _Git, top: str, commit: str) -> Iterator[tuple[str, str]]:
    """What was renamed since: the names now and then, each both absolute and from here.

    NOTE: the index is asked: to look at the files themselves would run the filters of the user.
    """
    told = git.ask("diff-index", "--cached", "-M", "-z", "--diff-filter=R", "--name-status", commit)
    names = [os.fsdecode(each) for each in (told or b"").split(b"\0")]
    for old, new in zip(names[1::3], names[2::3], strict=False):
        places = [os.path.join(top, each) for each in (new, old)]
        yield places[0], places[1]
        yield os.path.relpath(places[0]), os.path.relpath(places[1])


class RevisionFiles:
    """The files of one commit under the names that they have on the disk."""

    __slots__ = ("_batch", "_files", "_folders", "_here", "_top", "_tree")

    def __init__(
        self, top: str, tree: dict[str, _Object], batch: subprocess.Popen[bytes], files: Files
    ) -> None:
        self._top = top
        self._tree = tree
        self._batch = batch
        self._files = files
        self._here = os.path.realpath(".")
        self._folders: dict[str, set[str]] = {"": set()}
        for path in tree:
            folder, _, name = path.rpartition("/")
            while name and name not in self._folders.setdefault(folder, set()):
                self._folders[folder].add(name)
                folder, _, name = folder.rpartition("/")

    def read(self, path: str) -> bytes:
        place = self._place(path)
        if place is None:
            return self._files.read(path)
        place = self._followed(place)
        held = self._tree.get(place)
        if held is None or held.mode == _MODULE:
            raise FileError("is a folder" if place in self._folders else "no such file or folder")
        return self._blob(held.name)

    def list(self, path: str) -> Entries:
        place = self._place(path)
        if place is None:
            return self._files.list(path)
        names = self._folders.get(self._followed(place))
        if names is None:
            raise FileError("no such file or folder")
        entries = (Entry(name, self._kind(join(place, name)), 0) for name in names)
        listed = sorted(entries)
        # what init fetched is in no revision, and is as it is now
        fetched = join(path, ".terraform") if path != "." else ".terraform"
        if ".terraform" not in names and self._now(fetched) == "folder":
            listed.append(Entry(".terraform", "folder", 0))
        return listed

    def kind(self, path: str) -> str | None:
        place = self._place(path)
        if place is None:
            return self._files.kind(path)
        return self._kind(place) if place in self._tree or place in self._folders else None

    def _now(self, path: str) -> str | None:
        try:
            return self._files.kind(path)
        except FileError:
            return None

    def _place(self, path: str) -> str | None:
        """The path below the top; None for what is no part of the revision."""
        folder, name = os.path.split(os.path.join(self._here, path))
        if name in ("", ".", ".."):
            folder, name = os.path.join(folder, name), ""
        whole = slashed(normpath(join(os.path.realpath(folder), name)))
        top = slashed(self._top)
        if whole == top:
            return ""
        inside = whole.removeprefix(top.rstrip("/") + "/")
        return None if inside == whole or ".terraform" in inside.split("/") else inside

    def _kind(self, place: str) -> str:
        if place in self._folders:
            return "folder"
        mode = self._tree[place].mode
        if mode == _MODULE:
            return "other"
        if mode != _LINK:
            return "file"
        try:
            target = self._followed(place)
        except FileError:
            return "link-out"
        return "file" if target in self._tree else "other"

    def _followed(self, place: str) -> str:
        """Where a path leads by its links; raises FileError where that is outside."""
        for _ in range(_MOST_LINKS):
            link = next((each for each in _upwards(place) if self._is_link(each)), None)
            if link is None:
                return place
            target = os.fsdecode(self._blob(self._tree[link].name))
            place = normpath(join(dirname(link), target) + place[len(link) :])
            if place.startswith(("/", "../")) or place == "..":
                raise FileError("outside the project root")
            place = "" if place == "." else place
        raise FileError("its links lead in a circle")

    def _is_link(self, place: str) -> bool:
        held = self._tree.get(place)
        return held is not None and held.mode == _LINK

    def _blob(self, name: str) -> bytes:
        asks, answers = self._batch.stdin, self._batch.stdout
        assert asks is not None
        assert answers is not None
        try:
            asks.write(name.encode("ascii") + b"\n")
            asks.flush()
            head = answers.readline().split()
            size = int(head[2]) if len(head) == 3 and head[1] == b"blob" else -1
            data = answers.read(size + 1)[:size] if size >= 0 else b""
        except (OSError, ValueError):
            size, data = -1, b""
        if size < 0 or len(data) < size or size > MOST_BYTES:
            raise FileError("git does not have its content")
        return data


def _upwards(place: str) -> Iterator[str]:
    """A path and the folders that it is in, from the outermost."""
    parts = place.split("/")
    for end in range(1, len(parts) + 1):
        yield "/".join(parts[:end])

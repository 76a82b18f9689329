"""What is not searched: patterns of `.gitignore` files, and those of a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import dirname, join, normpath

from iamlint.formats.encoding import decode
from iamlint.source import FileError, Files, Source
from iamlint.typed import Any

NAME = ".gitignore"
_MOST_CHARACTERS = 100_000


class Patterns:
    """The patterns of one file, for what lies below its folder.

    NOTE: reading them takes a library that is slower to import than most checks are: whoever asks
    nothing of them does not pay.
    """

    __slots__ = ("_compiled", "_lines", "folder")

    def __init__(self, folder: str, lines: Iterable[str]) -> None:
        self.folder = folder  # absolute, or as `Files` names it
        self._lines = tuple(lines)
        self._compiled: Any = None

    def says(self, path: str, *, folder: bool) -> bool | None:
        """Whether a path is meant, or a folder that it is in; None: nothing is said of it.

        `path` as `folder` is written.
        """
        inside = self._inside(path)
        if inside is None:
            return None
        answer: bool | None = self._spec().check_file(inside + "/" if folder else inside).include
        return answer

    def means(self, path: str, *, folder: bool) -> bool | None:
        """Whether a path itself is meant, as git asks on its way down: the last word counts.

        NOTE: the library takes what means a folder for what means all that is in it, too.
        """
        inside = self._inside(path)
        if inside is None:
            return None
        for pattern in reversed(self._spec().patterns):
            of_folders = str(pattern.pattern).rstrip().endswith("/")
            if pattern.include is None or (of_folders and not folder):
                continue
            written = inside + "/" if of_folders else inside
            found = pattern.match_file(written)
            # a group of the match is the `/` behind a folder: behind this one, or one around it
            if found is not None and (
                not found.match.lastgroup or found.match.end() == len(written)
            ):
                answer: bool = pattern.include
                return answer
        return None

    def _inside(self, path: str) -> str | None:
        """The path as seen from the folder; None where nothing is said of it."""
        return below(self.folder, path) if self._lines else None

    def _spec(self) -> Any:
        if self._compiled is None:
            self._compiled = compiled(self._lines)
        return self._compiled


def compiled(lines: Iterable[str]) -> Any:
    """The patterns in the library's form, without those that it cannot read."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - see Patterns

    return GitIgnoreSpec.from_lines([line for line in lines if is_pattern(line)], backend="simple")


def is_pattern(line: str) -> bool:
    """Whether a line is one that git, too, can read."""
    import re  # noqa: PLC0415 - see Patterns

    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    try:
        GitIgnoreSpec.from_lines([line], backend="simple")
    except (ValueError, re.error):
        return False
    return True


def below(folder: str, path: str) -> str | None:
    """The path as seen from a folder; None for what is not below it."""
    if folder == ".":
        outside = path.startswith(("/", "../")) or path in (".", "..")
        return None if outside else path
    inside = path.removeprefix(folder.rstrip("/") + "/")
    return None if inside == path else inside


class Ignoring:
    """Which files and folders below those that were named are passed over, and why."""

    __slots__ = ("_excludes", "_files", "_git", "_here", "_known", "_named")

    def __init__(
        self, files: Files, excludes: Iterable[Patterns] = (), *, git: bool = True, here: str = "."
    ) -> None:
        self._files = files
        self._excludes = tuple(excludes)
        self._git = git
        self._here = here  # the folder that relative paths start from; `.` where nobody knows
        self._known: dict[str, Patterns | None] = {}  # of git, by folder
        self._named: dict[tuple[Patterns, str], bool] = {}  # whether they would hide what was named

    def reason(self, top: str, path: str, *, folder: bool) -> str:
        """Why something met below the folder `top` is passed over; empty when it is not.

        What lies in a folder that is passed over is not met. Patterns that would hide `top` itself
        do not count: it was named.
        """
        place, start = self._absolute(path), self._absolute(top)
        for patterns in self._excludes:
            if patterns.means(place, folder=folder) and not self._hides(patterns, start):
                return "excluded"
        if not self._git:
            return ""
        for patterns in self._around(start, place):
            answer = patterns.means(place, folder=folder)
            if answer is not None:
                return "ignored by git" if answer else ""
        return ""

    def hides(self, top: str, path: str) -> bool:
        """Whether a walk from the folder `top` would not have met a file."""
        inside = below(top, path)
        if inside is None:
            return False
        parts = inside.split("/")
        for end in range(1, len(parts) + 1):
            here = "/".join(parts[:end])
            met = here if top == "." else f"{top.rstrip('/')}/{here}"
            if self.reason(top, met, folder=end < len(parts)):
                return True
        return False

    def _absolute(self, path: str) -> str:
        return normpath(join(self._here, path)) if self._here != "." else path

    def _around(self, start: str, place: str) -> Iterable[Patterns]:
        """The patterns of git that speak of a place, the nearest ones first."""
        folder = dirname(place) or "."
        while True:
            found = self._of(folder)
            if found is not None and not (folder != start and self._hides(found, start)):
                yield found
            above = dirname(folder) or "."
            if folder in (above, "."):
                return
            folder = above

    def _hides(self, patterns: Patterns, start: str) -> bool:
        """Whether the patterns pass over the folder that was named, or one that it is in."""
        key = (patterns, start)
        if key not in self._named:
            self._named[key] = any(
                patterns.means(path, folder=True) for path in _upwards(patterns.folder, start)
            )
        return self._named[key]

    def _of(self, folder: str) -> Patterns | None:
        if folder not in self._known:
            self._known[folder] = self._read(folder)
        return self._known[folder]

    def _read(self, folder: str) -> Patterns | None:
        path = NAME if folder == "." else f"{folder.rstrip('/')}/{NAME}"
        try:
            content = self._files.read(path) if self._files.kind(path) == "file" else b""
        except FileError:
            return None
        if len(content) > _MOST_CHARACTERS:
            return None
        text = next((each for each in decode(path, content) if isinstance(each, Source)), None)
        lines = text.text.splitlines() if text is not None else []
        return Patterns(folder, lines) if any(map(_speaks, lines)) else None


def _speaks(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _upwards(folder: str, path: str) -> Iterator[str]:
    """A path and the folders that it is in, as far as they are below a folder."""
    while below(folder, path):
        yield path
        path = dirname(path)

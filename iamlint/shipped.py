"""Reads the rule book that comes with this package from the disk: the default store of the edge."""

from __future__ import annotations

import os

from iamlint.rules.book import RuleBook
from iamlint.rules.errors import CODE, RuleBookError
from iamlint.rules.language import Language
from iamlint.rules.opening import open_book
from iamlint.source import Problem

_SUFFIXES = (".yaml", ".yml")


class DiskStore:
    """The rule book beside this file: rule files in a checkout, the compiled book in a wheel.

    `cache` is the path of the file in which a checkout keeps its compiled book; without one it
    compiles on every run.
    """

    __slots__ = ("_cache", "_package")

    def __init__(self, cache: str | None = None, package: str | None = None) -> None:
        self._cache = cache
        self._package = package or os.path.dirname(os.path.abspath(__file__))

    def rule_files(self) -> dict[str, bytes] | None:
        """The files of the `rules` folder beside the package, in a checkout only."""
        root = os.path.dirname(self._package)
        folder = os.path.join(root, "rules")
        # NOTE: an installed package may have a stranger's `rules` beside it, but no project file.
        if not os.path.isdir(folder) or not os.path.isfile(os.path.join(root, "pyproject.toml")):
            return None
        return {_named(path, root): _rule(path, root) for path in _below(folder)}

    def compiled(self) -> bytes | None:
        """The book that the build hook wrote into the wheel."""
        try:
            return _read(os.path.join(self._package, "_rulebook.json"))
        except OSError:
            return None

    def language(self) -> Language:
        """The vocabulary of this version."""
        return shipped_language()

    def read_cache(self) -> bytes | None:
        """The last compiled book; a cache that cannot be read is no cache."""
        if self._cache is None:
            return None
        try:
            return _read(self._cache)
        except OSError:
            return None

    def write_cache(self, content: bytes) -> None:
        """Replace the cache in one step; where that is not allowed there is none."""
        if self._cache is None:
            return
        draft = f"{self._cache}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(self._cache) or ".", exist_ok=True)
            with open(draft, "wb") as file:
                file.write(content)
            os.replace(draft, self._cache)
        except OSError:
            from contextlib import suppress  # noqa: PLC0415 - a small check does without it

            with suppress(OSError):
                os.unlink(draft)


def shipped_book(cache: str | None = None) -> RuleBook:
    """Load the rules that come with this package."""
    return open_book(DiskStore(cache))


def shipped_language() -> Language:
    """Return what rules of this version may say."""
    # Only compiling needs the vocabulary, and a wheel's book is compiled already.
    from iamlint.facts.vocabulary import POINTS, VOCABULARY  # noqa: PLC0415

    return Language(VOCABULARY, POINTS)


def _named(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _rule(path: str, root: str) -> bytes:
    try:
        return _read(path)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise RuleBookError([Problem(CODE, reason, _named(path, root))]) from None


def _below(folder: str) -> list[str]:
    return sorted(
        os.path.join(path, name)
        for path, _, names in os.walk(folder)
        for name in names
        if name.endswith(_SUFFIXES) and not name.startswith(".")  # editors leave hidden drafts
    )


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()

"""Reads a configuration: out of a cache where that is still true, else checked anew.

Checking takes pydantic and tomllib, which cost more than a small check does. What is cached is
data, keyed by the content of the file; it is never trusted to be more than that.
"""

from __future__ import annotations

import json
import re

from iamlint.findings import digest
from iamlint.settings.errors import CODE, Steps
from iamlint.source import Problem, Source, Span
from iamlint.typed import Any, NamedTuple, Protocol
from iamlint.version import VERSION

FORMAT = 1  # of the cached data; raise it whenever the check writes something else
PROJECT = "pyproject.toml"
NAMES = ("iamlint.toml", PROJECT)

# How a key is written, be it in `[tool.iamlint]`, `tool.iamlint.level` or `{iamlint = …}`.
_KEY = rb"iamlint[\"']?[ \t]*[.\]=]"


class Cache(Protocol):
    """Where the checked form of one configuration is kept."""

    def read(self) -> bytes | None:
        """What was kept last; None: nothing that can be read."""

    def write(self, content: bytes) -> None:
        """Keep it, where that is possible."""


class Loaded(NamedTuple):
    """A configuration that is in order."""

    source: Source
    folder: str  # absolute: what its patterns and paths are relative to
    settings: dict[str, Any]  # those that it makes, under the names they have in the file
    places: dict[str, list[int]]  # of key and value, by the steps to a setting, one a line

    def span(self, *steps: str | int, key: bool = False) -> Span:
        """Where a setting stands, or else the table that it would stand in."""
        while steps and "\n".join(map(str, steps)) not in self.places:
            steps = steps[:-1]
        place = self.places.get("\n".join(map(str, steps)), [0, 0, 0, 0])
        return Span(self.source, *(place[:2] if key else place[2:]))

    def problem(self, steps: Steps, message: str, help: str = "", *, key: bool = False) -> Problem:
        """A mistake in it that only the rest of the world shows."""
        return Problem(CODE, message, self.source.name, self.span(*steps, key=key), help or None)


def holds_settings(name: str, data: bytes) -> bool:
    """Whether a file may hold settings of ours: a cheap look at its bytes."""
    if not name.endswith(PROJECT):
        return True
    return b"iamlint" in data and re.search(_KEY, data) is not None


def load(source: Source, folder: str, cache: Cache) -> Loaded | None:
    """The settings in a file; None where it makes none. Raises SettingsError."""
    within = ("tool", "iamlint") if source.name.endswith(PROJECT) else ()
    key = _key(source.text, within)
    found = _unpacked(cache.read(), key)
    if found is None:
        from iamlint.settings.check import checked  # noqa: PLC0415 - see above

        found = checked(source, within) or {"settings": None, "places": {}}
        cache.write(json.dumps({"key": key, **found}).encode())
    if found["settings"] is None:
        return None
    return Loaded(source, folder, found["settings"], found["places"])


def _key(text: str, within: Steps) -> str:
    return digest(f"{FORMAT}\n{VERSION}\n{within}\n{text}")


def _unpacked(content: bytes | None, key: str) -> dict[str, Any] | None:
    """What is cached; None when it is missing, stale or damaged."""
    try:
        found = json.loads(content or b"")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("key") == key else None

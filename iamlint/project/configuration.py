"""Finds the configuration of a file or folder, and makes settings of a check out of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from posixpath import normpath
from time import time

from iamlint.config import Config
from iamlint.disk import DiskFiles, own_folder, project_root, slashed
from iamlint.formats.encoding import decode
from iamlint.project.caches import CacheFile
from iamlint.project.fault import UsageFault
from iamlint.rules.book import RuleBook
from iamlint.settings.applying import applied
from iamlint.settings.errors import CODE, SettingsError, Steps
from iamlint.settings.loading import NAMES, Loaded, holds_settings, load
from iamlint.source import FileError, Problem, Source

_DAY = 24 * 60 * 60  # seconds


class Configurations:
    """Configurations by their paths, each read once; named as seen from the folder `here`."""

    __slots__ = ("_environment", "_here", "_known")

    def __init__(self, environment: Mapping[str, str], here: str) -> None:
        self._environment = environment
        self._here = here  # absolute
        self._known: dict[str, Loaded | None] = {}

    def nearest(self, start: str, root: str | None = None) -> Loaded | None:
        """The nearest settings of a file or folder, upwards to the root of its project.

        `root`: another folder to end at. Raises UsageFault.
        """
        folder = own_folder(start)
        within = os.path.join(os.path.realpath(root) if root else project_root(start), "")
        while os.path.join(folder, "").startswith(within):
            for name in NAMES:
                loaded = self.at(os.path.join(folder, name))
                if loaded is not None:
                    return loaded
            above = os.path.dirname(folder)
            if above == folder:
                break
            folder = above
        return None

    def at(self, file: str) -> Loaded | None:
        """What a file sets, if it is there and does; raises UsageFault."""
        if file not in self._known:
            self._known[file] = self._read(file) if os.path.lexists(file) else None
        return self._known[file]

    def _read(self, file: str) -> Loaded | None:
        folder, shown = os.path.dirname(file), shown_from(self._here, file)
        try:
            data = DiskFiles([project_root(file)]).read(file)
        except FileError as error:
            reason = f"cannot read the configuration: {error.reason}"
            raise unusable([Problem(CODE, reason, shown)]) from None
        if not holds_settings(shown, data):
            return None
        contents = list(decode(shown, data))
        source = next((each for each in contents if isinstance(each, Source)), None)
        if source is None:
            raise unusable([each for each in contents if isinstance(each, Problem)])
        try:
            return load(source, slashed(folder), CacheFile("settings", file, self._environment))
        except SettingsError as error:
            raise unusable(error.problems) from None


def settings_of(loaded: Loaded | None, here: str, home: str) -> Config:
    """The settings that a configuration makes, as of today; raises UsageFault.

    `here`: the absolute folder that relative paths start from; `home`: the repository, if any.
    """
    base = shown_from(here, loaded.folder) if loaded is not None else "."
    if loaded is not None:
        _check_folders(loaded, here, base)
    given = applied(loaded, slashed(here), base)
    return given._replace(home=home, now=int(time()) // _DAY * _DAY)


def home_of(paths: Iterable[str]) -> str:
    """The one repository that all paths are in; empty where there is none."""
    tops = {project_root(path) for path in paths}
    top = tops.pop() if len(tops) == 1 else ""
    return slashed(top) if top and os.path.lexists(os.path.join(top, ".git")) else ""


def below_rules(folders: Iterable[str]) -> list[str]:
    """Patterns for what is in folders of rules: the policies there are examples, and no roles."""
    inside = (normpath(folder) for folder in folders if not folder.startswith("/"))
    return [
        "/" + re.sub(r"([*?\[\]\\ ])", r"\\\1", folder) + "/"
        for folder in inside
        if folder != "." and not folder.startswith("..")
    ]


def check_rules(loaded: Loaded, book: RuleBook) -> None:
    """Refuse settings for rules that do not exist; raises UsageFault."""
    ids = [rule.id for rule in book.rules]
    problems = [
        loaded.problem(steps, f"there is no rule `{name}`", _meant(name, ids), key=key)
        for steps, name, key in _rules_in(loaded)
        if book.get(name) is None
    ]
    if problems:
        raise unusable(problems)


def unusable(problems: Sequence[Problem]) -> UsageFault:
    """What to say of a configuration that cannot be used."""
    return UsageFault("the configuration cannot be used", problems=problems)


def shown_from(here: str, path: str) -> str:
    """A path as a person in the folder `here` would write it."""
    return slashed(os.path.relpath(path, here))


def _rules_in(loaded: Loaded) -> Iterable[tuple[Steps, str, bool]]:
    """Every id of a rule in a configuration, and whether it stands there as a key."""
    made = loaded.settings
    places: list[tuple[Steps, dict[str, object]]] = [((), made)]
    places += [(("paths", n), each) for n, each in enumerate(made.get("paths", ()))]
    for steps, each in places:
        for kind in ("select", "ignore"):
            listed = each.get(kind, ())
            assert isinstance(listed, (list, tuple))
            yield from (((*steps, kind, n), name, False) for n, name in enumerate(listed))
        by_rule = each.get("severity", {})
        assert isinstance(by_rule, dict)
        yield from (((*steps, "severity", name), name, True) for name in by_rule)


def _meant(name: str, ids: list[str]) -> str:
    from iamlint.rules.paths import near_miss  # noqa: PLC0415 - only a mistake needs it

    near = near_miss(name, ids)
    return f"did you mean `{near}`? " * bool(near) + "`iamlint rules` lists them all"


def _check_folders(loaded: Loaded, here: str, base: str) -> None:
    missing = [
        loaded.problem(("rules", number), f"there is no folder `{name}`")
        for number, name in enumerate(loaded.settings.get("rules", ()))
        if not os.path.isdir(os.path.join(here, base, name))
    ]
    if missing:
        raise unusable(missing)

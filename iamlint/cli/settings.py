"""Finds the configuration of each input, and lays the command line over it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from time import time

from iamlint.cli.caches import CacheFile
from iamlint.cli.fault import UsageFault
from iamlint.cli.options import Asked
from iamlint.cli.usage import configured
from iamlint.config import Config
from iamlint.disk import DiskFiles, own_folder, project_root, slashed
from iamlint.formats.encoding import decode
from iamlint.rules.book import RuleBook
from iamlint.settings.applying import applied
from iamlint.settings.errors import CODE, SettingsError, Steps
from iamlint.settings.loading import NAMES, Loaded, holds_settings, load
from iamlint.source import FileError, Problem, Source
from iamlint.typed import NamedTuple

_DAY = 24 * 60 * 60  # seconds


class Group(NamedTuple):
    """Inputs that have their settings in common."""

    paths: tuple[str, ...]
    config: Config
    loaded: Loaded | None


def groups(asked: Asked, environment: Mapping[str, str]) -> list[Group]:
    """The inputs of a command line with what is in force for each; raises UsageFault."""
    opened = _Opened(environment)
    found: dict[str, tuple[Loaded | None, list[str]]] = {}
    for path in asked.paths or (".",):
        loaded = _loaded(asked, path, opened)
        found.setdefault(loaded.source.name if loaded else "", (loaded, []))[1].append(path)
    return [_group(asked, tuple(paths), loaded) for loaded, paths in found.values()]


def _group(asked: Asked, paths: tuple[str, ...], loaded: Loaded | None) -> Group:
    base = _shown(loaded.folder) if loaded is not None else "."
    if loaded is not None:
        _check_folders(loaded, base)
    today = int(time()) // _DAY * _DAY
    given = applied(loaded, slashed(os.getcwd()), base)._replace(home=_home(paths))
    return Group(paths, configured(asked, given, today), loaded)


def _home(paths: tuple[str, ...]) -> str:
    """The one repository that all inputs are in; empty where there is none."""
    tops = {project_root(path) for path in paths if path != "-"}
    top = tops.pop() if len(tops) == 1 else ""
    return slashed(top) if top and os.path.lexists(os.path.join(top, ".git")) else ""


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
    from iamlint.reporters.text import problem_text  # noqa: PLC0415 - a mistake needs it

    details = "\n\n".join(map(problem_text, problems))
    return UsageFault("the configuration cannot be used", details=details)


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


def _loaded(asked: Asked, path: str, opened: _Opened) -> Loaded | None:
    """The settings for an input: of the file that was named, else of the nearest one upwards."""
    if "no-config" in asked.switches:
        return None
    named = asked.last("config")
    if named is not None:
        if not os.path.isfile(named):
            raise UsageFault(f"`--config {named}`: there is no such file")
        return opened.settings(os.path.realpath(named))
    start = "." if path == "-" else path
    root = asked.last("root")
    return _nearest(own_folder(start), os.path.realpath(root) if root else None, start, opened)


def _nearest(folder: str, root: str | None, start: str, opened: _Opened) -> Loaded | None:
    """The nearest settings, from a folder up to the root of its project."""
    root = root or project_root(start)
    within = os.path.join(root, "")
    while os.path.join(folder, "").startswith(within):
        for name in NAMES:
            loaded = opened.settings(os.path.join(folder, name))
            if loaded is not None:
                return loaded
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    return None


class _Opened:
    """Configurations by their paths, each read once."""

    __slots__ = ("_environment", "_known")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._known: dict[str, Loaded | None] = {}

    def settings(self, file: str) -> Loaded | None:
        """What a file sets, if it is there and does; raises UsageFault."""
        if file not in self._known:
            self._known[file] = self._read(file) if os.path.lexists(file) else None
        return self._known[file]

    def _read(self, file: str) -> Loaded | None:
        folder, shown = os.path.dirname(file), _shown(file)
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


def _check_folders(loaded: Loaded, base: str) -> None:
    missing = [
        loaded.problem(("rules", number), f"there is no folder `{name}`")
        for number, name in enumerate(loaded.settings.get("rules", ()))
        if not os.path.isdir(os.path.join(base, name))
    ]
    if missing:
        raise unusable(missing)


def _shown(path: str) -> str:
    """A path as a person here would write it."""
    return slashed(os.path.relpath(path))

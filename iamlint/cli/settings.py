"""Finds the configuration of each input, and lays the command line over it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from iamlint.cli.options import Asked
from iamlint.cli.usage import configured
from iamlint.config import Config
from iamlint.project.configuration import Configurations, home_of, settings_of
from iamlint.project.fault import UsageFault
from iamlint.settings.loading import Loaded
from iamlint.typed import NamedTuple


class Group(NamedTuple):
    """Inputs that have their settings in common."""

    paths: tuple[str, ...]
    config: Config
    loaded: Loaded | None


def groups(asked: Asked, environment: Mapping[str, str]) -> list[Group]:
    """The inputs of a command line with what is in force for each; raises UsageFault."""
    opened = Configurations(environment, os.getcwd())
    found: dict[str, tuple[Loaded | None, list[str]]] = {}
    for path in asked.paths or (".",):
        loaded = _loaded(asked, path, opened)
        found.setdefault(loaded.source.name if loaded else "", (loaded, []))[1].append(path)
    return [_group(asked, tuple(paths), loaded) for loaded, paths in found.values()]


def _group(asked: Asked, paths: tuple[str, ...], loaded: Loaded | None) -> Group:
    home = home_of(path for path in paths if path != "-")
    given = settings_of(loaded, os.getcwd(), home)
    return Group(paths, configured(asked, given), loaded)


def _loaded(asked: Asked, path: str, opened: Configurations) -> Loaded | None:
    """The settings for an input: of the file that was named, else of the nearest one upwards."""
    if "no-config" in asked.switches:
        return None
    named = asked.last("config")
    if named is not None:
        if not os.path.isfile(named):
            raise UsageFault(f"`--config {named}`: there is no such file")
        return opened.at(os.path.realpath(named))
    return opened.nearest("." if path == "-" else path, asked.last("root"))

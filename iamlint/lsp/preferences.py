"""What a person sets in the editor rather than in the project."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iamlint.findings import SEVERITIES
from iamlint.typed import Any, NamedTuple

SECTION = "iamlint"
_MOST_DEBOUNCE = 60_000  # milliseconds


class Preferences(NamedTuple):
    """The settings under `iamlint` in an editor."""

    level: str | None = None  # the lowest severity to show; None: as the project says
    config: str | None = None  # the configuration to use instead of the nearest one
    on_change: bool = True  # check while somebody types, and not only what is saved
    debounce: int = 150  # milliseconds without a change before a check


class _Setting(NamedTuple):
    field: str
    valid: Callable[[Any], bool]
    wanted: str


_SETTINGS = {
    "level": _Setting(
        "level", lambda value: value in SEVERITIES, "one of: " + ", ".join(SEVERITIES)
    ),
    "config": _Setting("config", lambda value: isinstance(value, str), "the path of a file"),
    "onChange": _Setting("on_change", lambda value: isinstance(value, bool), "`true` or `false`"),
    "debounce": _Setting(
        "debounce",
        lambda value: type(value) is int and 0 <= value <= _MOST_DEBOUNCE,
        f"milliseconds, at most {_MOST_DEBOUNCE:,}",
    ),
}


def preferences_of(given: object) -> tuple[Preferences, list[str]]:
    """The settings that are in order, and what is wrong with the others.

    `given` is the section, or holds it. What is not ours belongs to the editor's extension.
    """
    section = given.get(SECTION, given) if isinstance(given, Mapping) else None
    if not isinstance(section, Mapping):
        return Preferences(), []
    made: dict[str, Any] = {}
    wrong: list[str] = []
    for name, setting in _SETTINGS.items():
        value = section.get(name)
        if value is None or value == "":
            continue
        if setting.valid(value):
            made[setting.field] = value
        else:
            wrong.append(f"the setting `{SECTION}.{name}` wants {setting.wanted}")
    return Preferences(**made), wrong

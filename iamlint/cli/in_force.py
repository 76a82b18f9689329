"""Tells which settings are in force, and where each of them was made; the text is TOML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from iamlint.cli.options import Asked
from iamlint.cli.settings import Group
from iamlint.config import Config
from iamlint.settings.errors import Steps
from iamlint.settings.loading import Loaded

_DEFAULT = "default"
_MOST_COLUMNS = 60  # in front of where a setting was made

# Name in a configuration, field of Config, option that makes it, too.
_SETTINGS = (
    ("level", "level", "level"),
    ("fail-on", "fail_on", "fail-on"),
    ("fail-on-possible", "fail_on_possible", "fail-on-possible"),
    ("select", "select", "select"),
    ("ignore", "ignore", "ignore"),
    ("rules", "rules", "rules"),
    ("exclude", "exclude", "exclude"),
    ("gitignore", "gitignore", ""),
    ("require-reason", "require_reason", ""),
    ("estate.organizations", "organizations", "organization"),
    ("estate.trusted-accounts", "trusted_accounts", "trusted-account"),
    ("estate.vendors", "vendors", ""),
    ("estate.issuers", "issuers", ""),
)
# What is given for this check alone has fields of its own.
_VALUES = (
    ("parameters", "parameters", "parameter"),
    ("parameter-files", "parameter_files", "parameters"),
    ("variables", "variables", "var"),
    ("variable-files", "variable_files", "var-file"),
)


def told(group: Group, asked: Asked) -> str:
    """The settings in force for some inputs."""
    name = group.loaded.source.name if group.loaded else "no configuration"
    head = f"# {', '.join(group.paths)}: {name}"
    lines = [_line(*row) for row in _rows(group, asked)]
    return "\n".join([head, *lines, *_of_paths(group.loaded)]) + "\n"


Row = tuple[str, object, str]


def _rows(group: Group, asked: Asked) -> Iterator[Row]:
    config, loaded = group.config, group.loaded
    for name, field, option in _SETTINGS:
        value = _plain(getattr(config, field))
        if value is not None:
            steps = tuple(name.split("."))
            yield name, value, _origin(loaded, steps, asked, option)
    yield from _accounts(config, loaded)
    for name in ("severity", "estate.tenants"):
        yield from _table(loaded, tuple(name.split(".")))
    for name, field, option in _VALUES:
        made = _written(loaded, (name,))
        if isinstance(made, Mapping):
            yield from _table(loaded, (name,))
        elif made:
            yield name, made, _place(loaded, (name,))
        for value in getattr(config, field):
            yield f"--{option}", value, "command line"


def _accounts(config: Config, loaded: Loaded | None) -> Iterator[Row]:
    for account in config.accounts:
        name = config.names.get(account)
        if name is None:
            yield "--account", account, "command line"
            continue
        steps = ("estate", "accounts", name)
        yield ".".join(steps), _written(loaded, steps), _place(loaded, steps)


def _table(loaded: Loaded | None, steps: Steps) -> Iterator[Row]:
    made = _written(loaded, steps)
    for name, value in made.items() if isinstance(made, Mapping) else ():
        whole = (*steps, name)
        yield ".".join(map(_key, whole)), value, _place(loaded, whole)


def _of_paths(loaded: Loaded | None) -> Iterator[str]:
    made = loaded.settings.get("paths", ()) if loaded else ()
    for number, each in enumerate(made):
        yield "\n[[paths]]"
        for name, value in each.items():
            steps = ("paths", number, name)
            yield _line(_key(name), value, _place(loaded, steps))


def _origin(loaded: Loaded | None, steps: Steps, asked: Asked, option: str) -> str:
    """Where a setting was made: in the configuration, by an option, by both, or nowhere."""
    written = _written(loaded, steps) is not None
    given = option in asked.switches or bool(asked.values.get(option))
    found = [_place(loaded, steps)] if written else []
    if given:
        replaced = option in ("level", "fail-on", "select")
        found = [*([] if replaced else found), f"--{option}"]
    return ", ".join(found) or _DEFAULT


def _written(loaded: Loaded | None, steps: Steps) -> object:
    value: object = loaded.settings if loaded else None
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _place(loaded: Loaded | None, steps: Steps) -> str:
    if loaded is None:
        return _DEFAULT
    span = loaded.span(*steps, key=True)
    return f"{span.source.name}:{span.source.position(span.start)[0]}"


def _plain(value: object) -> object:
    """A setting as it would be written."""
    if not isinstance(value, tuple):
        return value
    listed = ([each] if isinstance(each, str) else each.lines for each in value)
    return [text for texts in listed for text in texts]


def _line(name: str, value: object, origin: str) -> str:
    written = f"{name} = {_toml(value)}" if not name.startswith("-") else f"# {name} {value}"
    return f"{written:{_MOST_COLUMNS}}  # {origin}"


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(name)} = {_toml(each)}" for name, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _key(name: object) -> str:
    text = str(name)
    bare = text.isascii() and text.replace("-", "a").replace("_", "a").isalnum()
    return text if bare else json.dumps(text, ensure_ascii=False)

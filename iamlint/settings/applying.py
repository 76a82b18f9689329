"""Makes settings of a check out of a configuration."""

from __future__ import annotations

import json

from iamlint.config import Config, Excludes, Local, Pair, thresholds
from iamlint.settings.errors import Steps
from iamlint.settings.loading import Loaded
from iamlint.typed import Any


def applied(loaded: Loaded | None, here: str, base: str = ".") -> Config:
    """The settings that a configuration makes; defaults without one.

    `here`: the absolute folder that relative paths start from; `base`: how the folder of the
    configuration is called from there.
    """
    if loaded is None:
        return Config(here=here)
    made = loaded.settings
    level, fail_on = thresholds(made.get("level"), made.get("fail-on"))
    exclude = tuple(made.get("exclude", ()))
    return Config(
        level=level,
        fail_on=fail_on,
        fail_on_possible=made.get("fail-on-possible", False),
        select=tuple(made.get("select", ())),
        ignore=tuple(made.get("ignore", ())),
        severities=made.get("severity", {}),
        rules=_paths(made.get("rules", ()), base),
        exclude=(Excludes(loaded.folder, exclude),) if exclude else (),
        gitignore=made.get("gitignore", True),
        require_reason=made.get("require-reason", False),
        locals=tuple(_locals(loaded, base)),
        here=here,
        **_estate(made.get("estate", {})),
    )


def _estate(made: dict[str, Any]) -> dict[str, Any]:
    accounts = {
        name: each if isinstance(each, dict) else {"id": each}
        for name, each in made.get("accounts", {}).items()
    }
    issuers = made.get("issuers")
    return {
        "accounts": tuple(each["id"] for each in accounts.values()),
        "names": {each["id"]: name for name, each in accounts.items()},
        "environments": {
            each["id"]: each["environment"] for each in accounts.values() if each.get("environment")
        },
        "organizations": tuple(made.get("organizations", ())),
        "trusted_accounts": tuple(made.get("trusted-accounts", ())),
        "vendors": tuple(made.get("vendors", ())),
        "tenants": {issuer: tuple(names) for issuer, names in made.get("tenants", {}).items()},
        "issuers": None if issuers is None else tuple(issuers),
    }


def _paths(paths: tuple[str, ...], base: str) -> tuple[str, ...]:
    return tuple(path if base == "." else f"{base}/{path}" for path in paths)


def _locals(loaded: Loaded, base: str) -> list[Local]:
    """The values for all files, then what differs for some."""
    made = loaded.settings
    found = [_local(loaded, (), made, Excludes(loaded.folder, ()), base)]
    accounts = made.get("estate", {}).get("accounts", {})
    for number, each in enumerate(made.get("paths", ())):
        match = Excludes(loaded.folder, tuple(each["match"]))
        name = each.get("account")
        known = accounts.get(name, name)
        found.append(
            _local(loaded, ("paths", number), each, match, base)._replace(
                account=known["id"] if isinstance(known, dict) else known,
                ignore=frozenset(each.get("ignore", ())),
                severities=each.get("severity", {}),
            )
        )
    return found


def _local(loaded: Loaded, steps: Steps, made: dict[str, Any], match: Excludes, base: str) -> Local:
    """The values for some files."""

    def pairs(kind: str) -> tuple[Pair, ...]:
        return tuple(
            Pair(f"{name}={_text(value)}", loaded.span(*steps, kind, name))
            for name, value in made.get(kind, {}).items()
        )

    return Local(
        match,
        parameters=pairs("parameters"),
        parameter_files=_paths(made.get("parameter-files", ()), base),
        variables=pairs("variables"),
        variable_files=_paths(made.get("variable-files", ()), base),
    )


def _text(value: object) -> str:
    """A value as it would be written behind `NAME=`: Terraform reads lists as expressions."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")

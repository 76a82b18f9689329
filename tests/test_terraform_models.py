"""Public modules that are not there to be read, against what they make of the same inputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_terraform_graph import checked, known, roles, told

from iamlint.formats.role import Role

DATA = Path(__file__).parent / "data" / "terraform"
RECORDED = json.loads((DATA / "modules.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def modelled() -> dict[str, Role]:
    """The roles of `modules/`, of which no source is there."""
    return roles({"main.tf": (DATA / "modules/main.tf").read_text("utf-8")})


def test_there_is_a_role_for_each_that_is_made(modelled: dict[str, Role]) -> None:
    assert sorted(modelled) == sorted(RECORDED)


@pytest.mark.parametrize("address", RECORDED)
def test_a_model_makes_what_its_module_makes(address: str, modelled: dict[str, Role]) -> None:
    role = modelled[address]
    assert meaning(known(role)) == meaning(RECORDED[address])


def meaning(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy without what has no meaning: order, and lists of one."""
    return {**policy, "Statement": sorted((plain(each) for each in policy["Statement"]), key=repr)}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(held) for key, held in sorted(value.items())}
    if isinstance(value, list):
        return sorted((plain(each) for each in value), key=repr) if len(value) != 1 else value[0]
    return value

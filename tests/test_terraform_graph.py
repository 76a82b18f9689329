"""Whole configurations, compared with the plans that Terraform makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from provider_oracle import ACCOUNT, DATA, LIVE, WHY_NOT, plan, policies
from terraform_documents import sorted_where_several

from iamlint import lint
from iamlint.config import Config
from iamlint.findings import Report
from iamlint.formats.configurations import read
from iamlint.formats.encoding import decode
from iamlint.formats.module_files import claims
from iamlint.formats.reading import Around, Reading
from iamlint.formats.role import Role
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles, FileError, Files, Source
from iamlint.syntax.holes import fill

BOOK = shipped_book()
RECORDED: dict[str, Any] = json.loads((DATA / "graph.json").read_text(encoding="utf-8"))
CONFIG = Config(level="info")
OWN = {"own-account": ACCOUNT, "own-partition": "aws", "own-region": "us-east-1"}
OWN["own-suffix"] = "amazonaws.com"


def files_of(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths}


def around(files: Files) -> Around:
    def source(path: str) -> Source | None:
        try:
            found = list(decode(path, files.read(path)))
        except FileError:
            return None
        return next((each for each in found if isinstance(each, Source)), None)

    def entries(path: str) -> Any:
        try:
            return files.list(path)
        except FileError:
            return []

    known: dict[str, Source | None] = {}
    return Around({}, lambda path: known.setdefault(path, source(path)), entries)


def readings(files: dict[str, str]) -> list[Reading]:
    here = around(DictFiles({**files}))
    sources = [here.source(path) for path in sorted(files) if claims(path)]
    return list(read([source for source in sources if source is not None], here))


def roles(files: dict[str, str]) -> dict[str, Role]:
    return {role.identity: role for reading in readings(files) for role in reading.roles}


def known(role: Role) -> Any:
    """The one policy that a role can have."""
    (variant,) = role.variants
    assert not variant.missing
    texts = {char: OWN.get(hole.kind, hole.name) for char, hole in role.holes.items()}
    return fill(variant.document, texts).plain()


def checked(files: dict[str, str], *paths: str, config: Config = CONFIG) -> Report:
    return lint(DictFiles({**files}), list(paths or ["."]), config, BOOK)


def told(files: dict[str, str]) -> list[str]:
    return [problem.message for reading in readings(files) for problem in reading.problems]


GRAPH = files_of(DATA / "graph")


def test_the_roles_of_a_configuration_are_those_of_its_plan() -> None:
    found = roles(GRAPH)
    assert told(GRAPH) == []
    assert sorted(found) == sorted(RECORDED)


@pytest.mark.parametrize("address", RECORDED)
def test_a_policy_is_the_one_of_the_plan(address: str) -> None:
    made, theirs = known(roles(GRAPH)[address]), RECORDED[address]
    assert sorted_where_several(made) == sorted_where_several(theirs)


@pytest.mark.skipif(not LIVE, reason=WHY_NOT)
def test_terraform_still_plans_the_same(tmp_path: Path) -> None:
    made, error = plan(DATA / "graph", tmp_path)
    assert not error
    assert policies(made) == RECORDED

"""The page about editors says what is so, as far as that can be tried without them."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
from editors_support import PAGE, blocks
from running import ROOT

from iamlint.formats import FORMATS
from iamlint.formats.module_files import SUFFIXES
from iamlint.lsp.preferences import Preferences, preferences_of
from iamlint.settings.loading import NAMES

TEXT = PAGE.read_text("utf-8")
EDITORS = ROOT / "editors"
# What a program writes and nobody edits.
_WRITTEN = {".tfstate"}
# Longer spellings are covered by the last part.
LOOKED_AT = {
    suffix
    for suffix in {*(each for one in FORMATS for each in one.suffixes), *SUFFIXES, ".tfvars"}
    if suffix.count(".") == 1
} - _WRITTEN


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the one table under a heading, by their first cell."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", TEXT, re.S | re.M)
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    cells = [re.split(r" (?<!\\)\| ", line.strip("| ")) for line in lines]
    return {first: rest for first, *rest in cells}


def snippet(editor: str, start: str) -> str:
    """A piece of set-up in the cell of an editor."""
    cell, _ = rows("Other editors")[editor]
    (found,) = (each for each in re.findall(r"`([^`]+)`", cell) if each.startswith(start))
    return str(found).replace("\\|", "|")


def test_the_page_tells_every_setting_of_the_server() -> None:
    names = {name.strip("`") for name in rows("Settings")}
    snake = {re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name) for name in names}
    assert snake == set(Preferences._fields)
    assert f"`{Preferences().debounce}`" in rows("Settings")["`debounce`"][1]


def test_all_editors_look_at_the_files_that_the_server_judges() -> None:
    told = re.findall(r"`(\.[a-z]+)`", TEXT[: TEXT.index("## Settings")])
    assert set(told) - {".venv"} == LOOKED_AT
    lua = (EDITORS / "neovim" / "lua" / "iamlint.lua").read_text("utf-8")
    (patterns,) = re.findall(r"PATTERNS = \{(.*?)\}", lua, re.S)
    known = {*(f"*{each}" for each in LOOKED_AT), *NAMES}
    assert set(re.findall(r'"([^"]+)"', patterns)) == known
    source = (EDITORS / "vscode" / "src" / "server.ts").read_text("utf-8")
    (listed,) = re.findall(r'"\*\*/\*\.\{(.*?)\}"', source)
    assert {f".{each}" for each in listed.split(",")} == LOOKED_AT
    (settings,) = re.findall(r'"\*\*/\{(.*?)\}\.toml"', source)
    assert {f"{each}.toml" for each in settings.split(",")} == set(NAMES)
    jetbrains = snippet("JetBrains (LSP4IJ)", "*.json")
    assert {each.removeprefix("*") for each in jetbrains.split(";")} == LOOKED_AT


def _sublime() -> Any:
    (client,) = json.loads(snippet("Sublime Text (LSP)", "{"))["clients"].values()
    return {name.removeprefix("iamlint."): value for name, value in client["settings"].items()}


def _kate() -> Any:
    (server,) = json.loads(snippet("Kate", "{"))["servers"].values()
    assert re.search(server["highlightingModeRegex"], "Terraform")
    return server["initializationOptions"]


def _coc() -> Any:
    (server,) = json.loads(snippet("Vim (coc.nvim)", "{"))["languageserver"].values()
    assert [server["command"], *server["args"]] == ["iamlint", "lsp"]
    return server["initializationOptions"]


def _jetbrains() -> Any:
    return json.loads(snippet("JetBrains (LSP4IJ)", "{"))


def _helix() -> Any:
    lines = [snippet("Helix", start) for start in ("[language-server", "command", "args", "config")]
    (server,) = tomllib.loads("\n".join(lines))["language-server"].values()
    assert [server["command"], *server["args"]] == ["iamlint", "lsp"]
    return server["config"]


@pytest.mark.parametrize("settings", [_sublime, _kate, _coc, _jetbrains, _helix])
def test_set_ups_are_well_formed_and_their_settings_are_understood(settings: Any) -> None:
    found, wrong = preferences_of(settings())
    assert (found.level, wrong) == ("low", [])


def test_every_editor_of_the_table_starts_the_server() -> None:
    for editor, (cell, _) in rows("Other editors").items():
        if editor != "Zed":
            assert re.search(r'iamlint"?\W.*\blsp\b', cell), editor


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", TEXT):
        assert (PAGE.parent / target).exists(), target


def test_the_page_has_no_code_that_is_not_tried() -> None:
    # Lua by test_neovim.py, but for the two mappings; shell by .ci/run and test_vscode.py
    assert (len(blocks("lua")), len(blocks("sh"))) == (3, 2)
    assert set(re.findall(r"^```(\w+)", TEXT, re.M)) == {"lua", "sh"}

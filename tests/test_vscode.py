"""The extension for VS Code compiles, is lint-free, works with the real server, and packages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from editors_support import PAGE
from running import ROOT, environment

from iamlint.lsp.preferences import Preferences

VSCODE = ROOT / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((VSCODE / "package.json").read_text("utf-8"))
PROPERTIES: dict[str, Any] = MANIFEST["contributes"]["configuration"]["properties"]


def npm(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run npm, which keeps nothing outside of the test's folder."""
    program = shutil.which("npm")
    if program is None:
        pytest.skip("needs npm")
    own = {"npm_config_cache": str(folder / "cache"), "IAMLINT_PYTHON": sys.executable}
    return subprocess.run(
        [program, *words],
        cwd=folder / "editors" / "vscode",
        env={**environment(), **own},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the extension and of the examples, with what npm installs for it."""
    folder = tmp_path_factory.mktemp("vscode")
    for name in ("editors/vscode", "examples"):
        left_out = shutil.ignore_patterns("node_modules", "dist")
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    done = npm("ci", folder=folder)
    if done.returncode != 0:
        assert "EUSAGE" not in done.stderr, done.stderr  # the lock file does not fit
        pytest.skip(f"npm could not install: {done.stderr.strip()[-300:]}")
    return folder


def test_check_is_content(checkout: Path) -> None:
    done = npm("run", "check", folder=checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ℹ pass [1-9]\d+$", done.stdout, re.M), done.stdout
    assert re.search(r"^ℹ (fail|skipped) [1-9]", done.stdout, re.M) is None
    with zipfile.ZipFile(checkout / "editors" / "vscode" / "dist" / "iamlint.vsix") as package:
        assert sorted(package.namelist()) == [
            "[Content_Types].xml",
            "extension.vsixmanifest",
            "extension/LICENSE.txt",
            "extension/changelog.md",
            "extension/dist/NOTICES.txt",
            "extension/dist/extension.js",
            "extension/package.json",
            "extension/readme.md",
        ]
        bundled = package.read("extension/dist/NOTICES.txt").decode("utf-8")
        assert all(name in bundled for name in MANIFEST["dependencies"])
        assert package.getinfo("extension/dist/extension.js").file_size < 600_000


def test_versions_are_pinned_and_no_host_is_named() -> None:
    wanted = {**MANIFEST["dependencies"], **MANIFEST["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in wanted.values())
    packages = json.loads((VSCODE / "package-lock.json").read_text("utf-8"))["packages"]
    assert not any("resolved" in each for each in packages.values())
    assert all("integrity" in each for name, each in packages.items() if name)


def test_the_editor_knows_the_settings_of_the_server() -> None:
    spoken = {"level": "level", "config": "config", "onChange": "on_change", "debounce": "debounce"}
    assert set(spoken.values()) == set(Preferences._fields)
    for name, field in spoken.items():
        told = PROPERTIES[f"iamlint.{name}"]["default"]
        assert told == Preferences._field_defaults[field], name


def test_an_untrusted_workspace_chooses_nothing_that_is_executed() -> None:
    limited = MANIFEST["capabilities"]["untrustedWorkspaces"]
    assert limited["supported"] == "limited"
    restricted = {"iamlint.path", "iamlint.interpreter", "iamlint.arguments"}
    assert set(limited["restrictedConfigurations"]) == restricted
    assert {PROPERTIES[each]["scope"] for each in restricted} == {"machine-overridable"}


def test_the_page_tells_every_setting() -> None:
    text = PAGE.read_text("utf-8")
    assert [name for name in PROPERTIES if f"`{name}`" not in text] == []


def test_the_extension_has_the_version_of_the_package() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'version = "{MANIFEST["version"]}"' in text
    assert f"## {MANIFEST['version']}" in (VSCODE / "CHANGELOG.md").read_text("utf-8")
    assert (VSCODE / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.skipif(
    "IAMLINT_REAL_VSCODE" not in os.environ,
    reason="installs VS Code (700 MB): IAMLINT_REAL_VSCODE=1",
)
def test_vs_code_itself_shows_and_fixes(checkout: Path) -> None:
    done = npm("run", "check:real", folder=checkout)
    assert "VS Code: passed" in done.stdout, done.stdout + done.stderr

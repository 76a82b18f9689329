"""A real Neovim with the set-ups of `docs/editors.md` talks to the real language server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from editors_support import block
from running import ROOT, environment, run_iamlint

EXAMPLES = ROOT / "examples"
PLUGIN = ROOT / "editors" / "neovim"

# `nvim` of the PATH, and further ones by their paths, as of other versions
NEOVIMS = [
    found
    for each in ["nvim", *filter(None, os.environ.get("IAMLINT_NVIM", "").split(os.pathsep))]
    if (found := shutil.which(each)) is not None
]

pytestmark = [
    pytest.mark.skipif(not NEOVIMS, reason="needs Neovim 0.7 or later (Debian: `neovim`)"),
    pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for `iamlint` is a script"),
]


class Scene(NamedTuple):
    """What is done with a copy of an example, and what is to be seen."""

    file: str
    opened: list[tuple[int, int, int, str]]  # line, column and last column in bytes, code
    edits: list[tuple[str, str]]
    changed: list[tuple[int, int, int, str]]
    hovered: str
    hover: str
    fixes: list[dict[str, Any]]
    fixed: list[tuple[str, str]]  # what the fixes make of the text


# Neovim counts bytes: each of the two emoji is four.
TERRAFORM = Scene(
    "roles.tf",
    opened=[(32, 20, 46, "open-subject"), (51, 46, 102, "unusable-external-id")],
    edits=[
        ("${var.organisation}*:*", "${var.organisation}/app:ref:refs/heads/main"),
        ("Condition = {", "Condition = { /* \U0001f44b\U0001f44b */"),
    ],
    changed=[(51, 61, 117, "unusable-external-id")],
    hovered="arn:aws:iam::${var.vendor_account}",
    hover="IAM user `arn:aws:iam::${var.vendor_account}:user/mallory`",
    fixes=[{"at": "sts:ExternalId", "title": "Fix unusable-external-id: ", "left": []}],
    fixed=[("StringEqualsIfExists = {", "StringEquals = {")],
)
JSON = Scene(
    "organization.json",
    opened=[(13, 11, 46, "leaky-fence"), (16, 11, 60, "leaky-fence")],
    edits=[("o-a1b2c3d4e5", "o-z9b2c3d4e5")],
    changed=[(13, 11, 46, "leaky-fence"), (16, 11, 60, "leaky-fence")],
    hovered="aws:PrincipalOrgId",
    hover="any AWS account",
    fixes=[
        {"at": "aws:PrincipalOrgId", "title": "Fix leaky-fence: ", "left": ["jumping-wildcard"]},
        {"at": "aws:PrincipalArn", "title": "Fix jumping-wildcard: ", "left": []},
    ],
    fixed=[("StringEqualsIfExists", "StringEquals"), ("StringLike", "ArnLike")],
)


def machine(folder: Path, setup: str, program: str | None = None) -> dict[str, str]:
    """The environment of somebody who has done what the page says, and nothing else."""
    (folder / "bin").mkdir()
    if program is not None:
        (folder / "bin" / "iamlint").write_text(f"#!/bin/sh\n{program}\n")
        (folder / "bin" / "iamlint").chmod(0o755)
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    (folder / "config" / "nvim").mkdir(parents=True)
    lua = setup.replace("/path/to/iamlint/editors/neovim", str(PLUGIN))
    (folder / "config" / "nvim" / "init.lua").write_text(lua, "utf-8")
    path = f"{folder / 'bin'}{os.pathsep}{os.defpath}"
    return {**environment(), **homes, "HOME": str(folder), "PATH": path, "LC_ALL": "C.UTF-8"}


def play(neovim: str, scene: Scene, folder: Path, setup: str) -> dict[str, Any]:
    """What was seen of a scene."""
    work = folder / "work"
    work.mkdir()
    shutil.copy(EXAMPLES / scene.file, work)
    env = machine(folder, setup, f'exec "{sys.executable}" -m iamlint "$@"')
    codes = {name: [each[-1] for each in getattr(scene, name)] for name in ("opened", "changed")}
    script, seen = folder / "scene.json", folder / "seen.json"
    script.write_text(json.dumps({**scene._asdict(), **codes}), "utf-8")
    done = start(
        [neovim, "--headless", "-c", f"luafile {ROOT / 'tests' / 'neovim.lua'}"],
        work,
        {**env, "IAMLINT_SCENE": str(script), "IAMLINT_SEEN": str(seen)},
    )
    assert seen.exists(), done.stdout + done.stderr
    told: dict[str, Any] = json.loads(seen.read_text("utf-8"))
    assert told.get("problem") is None, told["problem"]
    assert done.returncode == 0
    return told


def start(words: list[str], folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def places(seen: list[dict[str, Any]]) -> list[tuple[int, int, int, str]]:
    assert {each["source"] for each in seen} <= {"iamlint"}
    return [(each["line"], each["column"], each["last"], each["code"]) for each in seen]


def replaced(text: str, pairs: list[tuple[str, str]]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def gate(text: str, name: str, folder: Path) -> list[tuple[int, int, str]]:
    """What the command line finds in a text; columns in bytes, as Neovim has them."""
    folder.mkdir()
    (folder / name).write_text(text, "utf-8")
    done = run_iamlint("check", name, "--format", "json", cwd=folder)
    found = []
    for each in json.loads(done.out)["findings"]:
        before = text.splitlines()[each["line"] - 1][: each["column"] - 1]
        found.append((each["line"], len(before.encode()) + 1, each["rule"]))
    return found


def minor(neovim: str) -> int:
    """0.11 gives 11."""
    done = start([neovim, "--version"], ROOT, dict(os.environ))
    return int(done.stdout.split()[1].split(".")[1])


SETUPS = {"plugin": ("require", 7), "native": ("vim.lsp.enable", 11)}


@pytest.mark.parametrize("scene", [TERRAFORM, JSON], ids=lambda scene: scene.file)
@pytest.mark.parametrize("setup", SETUPS)
@pytest.mark.parametrize("neovim", NEOVIMS)
def test_a_person_at_neovim_sees_and_fixes(
    neovim: str, setup: str, scene: Scene, tmp_path: Path
) -> None:
    holding, oldest = SETUPS[setup]
    if minor(neovim) < oldest:
        pytest.skip(f"needs Neovim 0.{oldest}")
    seen = play(neovim, scene, tmp_path, block("lua", holding))
    assert places(seen["opened"]) == scene.opened
    assert places(seen["changed"]) == scene.changed
    assert seen["unsaved"] is True
    assert places(seen["saved"]) == scene.changed
    original = (EXAMPLES / scene.file).read_text("utf-8")
    typed = replaced(original, scene.edits)
    expected = [(line, column, code) for line, column, _, code in scene.changed]
    assert gate(typed, scene.file, tmp_path / "gate") == expected
    assert {each["severity"] for each in seen["saved"]} == {"ERROR"}
    assert all("who: " in each["text"] for each in seen["saved"])
    assert scene.hover in seen["hover"]
    assert seen["text"] == replaced(typed, scene.fixed)
    assert seen["after"] == []
    assert (tmp_path / "work" / scene.file).read_text("utf-8") == seen["text"]


@pytest.mark.parametrize("neovim", NEOVIMS)
def test_who_has_no_server_is_told_what_to_install(neovim: str, tmp_path: Path) -> None:
    env = machine(tmp_path, block("lua", "require"))
    words = [neovim, "--headless", "-c", "edit role.json", "-c", "qall!"]
    done = start(words, tmp_path, env)
    assert '`iamlint` is not there: python3 -m pip install "iamlint[lsp]"' in done.stderr
    assert "Error" not in done.stderr

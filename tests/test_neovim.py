"""A real Neovim with the set-up of `docs/editors.md` talks to the real language server."""

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
from running import ROOT, environment

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
    """What is done with a copy of an example, and the codes that are to be seen."""

    file: str
    opened: list[str]
    edits: list[tuple[str, str]]
    changed: list[str]
    hovered: str
    fixes: list[dict[str, Any]]


TERRAFORM = Scene(
    "roles.tf",
    opened=["open-subject", "unusable-external-id"],
    edits=[
        ("${var.organisation}*:*", "${var.organisation}/app:ref:refs/heads/main"),
        ("Condition = {", "Condition = { /* \U0001f44b\U0001f44b */"),
    ],
    changed=["unusable-external-id"],
    hovered="arn:aws:iam::${var.vendor_account}",
    fixes=[{"at": "sts:ExternalId", "title": "", "left": []}],
)
JSON = Scene(
    "organization.json",
    opened=["leaky-fence", "leaky-fence"],
    edits=[("o-a1b2c3d4e5", "o-z9b2c3d4e5")],
    changed=["leaky-fence", "leaky-fence"],
    hovered="aws:PrincipalOrgId",
    fixes=[
        {"at": "aws:PrincipalOrgId", "title": "", "left": ["jumping-wildcard"]},
        {"at": "aws:PrincipalArn", "title": "", "left": []},
    ],
)


def machine(folder: Path) -> dict[str, str]:
    """The environment of somebody who has done what the page says, and nothing else."""
    (folder / "bin").mkdir()
    program = folder / "bin" / "iamlint"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m iamlint "$@"\n')
    program.chmod(0o755)
    (folder / "config" / "nvim").mkdir(parents=True)
    setup = block("lua", "require").replace("/path/to/iamlint/editors/neovim", str(PLUGIN))
    (folder / "config" / "nvim" / "init.lua").write_text(setup, "utf-8")
    homes = {name: str(folder / name[4:-5].lower()) for name in
             ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**environment(), **homes, "HOME": str(folder), "PATH": path, "LC_ALL": "C.UTF-8"}


def play(neovim: str, scene: Scene, folder: Path, env: dict[str, str]) -> dict[str, Any]:
    """What was seen of a scene."""
    work = folder / "work"
    work.mkdir()
    shutil.copy(EXAMPLES / scene.file, work)
    script, seen = folder / "scene.json", folder / "seen.json"
    script.write_text(json.dumps(scene._asdict()), "utf-8")
    done = subprocess.run(
        [neovim, "--headless", "-c", f"luafile {ROOT / 'tests' / 'neovim.lua'}"],
        cwd=work,
        env={**env, "IAMLINT_SCENE": str(script), "IAMLINT_SEEN": str(seen)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert seen.exists(), done.stdout + done.stderr
    told: dict[str, Any] = json.loads(seen.read_text("utf-8"))
    assert told.get("problem") is None, told
    assert done.returncode == 0
    return told


@pytest.mark.parametrize("scene", [TERRAFORM, JSON], ids=lambda scene: scene.file)
@pytest.mark.parametrize("neovim", NEOVIMS)
def test_a_person_at_neovim_sees_and_fixes(neovim: str, scene: Scene, tmp_path: Path) -> None:
    print(json.dumps(play(neovim, scene, tmp_path, machine(tmp_path)), indent=1))

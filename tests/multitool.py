"""Runs the validator of SARIF that GitHub names, from npm; its exit status says nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

PACKAGE = "@microsoft/sarif-multitool@5.7.0"

# What is told of every file of ours, and why it stays.
ALLOWED = {
    "SARIF2002": "messages are sentences about one policy, not templates with arguments",
    "SARIF2003": "the commit is not looked up: reports are the same wherever they are made",
    "SARIF2006": "references cannot be reached from where tests run",
    "SARIF2009": "rules are named by what is wrong, as in ignore comments, and not by numbers",
    "SARIF2011": "the region and its snippet are what must be changed; viewers show the file",
}
BOOKLESS = {  # where a test renders without a rule book
    ("SARIF2012", "Note_ProvideHelpUri"),
    ("SARIF2012", "Note_ProvideFriendlyName"),
}
HOMELESS = ("SARIF2005", "Warning_ProvideToolnformationUri")  # as long as no address is told


def validator(folder: Path) -> Path:
    """Install the tool below a folder; skips the test where that cannot be."""
    npm = shutil.which("npm")
    if npm is None or os.uname().sysname != "Linux":
        pytest.skip("needs npm on Linux")
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    tools = list(folder.glob("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"))
    if done.returncode != 0 or not tools:
        pytest.skip(f"npm could not install {PACKAGE}: {done.stderr.strip()[-200:]}")
    tools[0].chmod(0o755)  # npm leaves the tool's own install script out
    return tools[0]


def complaints(tool: Path, files: Sequence[Path], folder: Path) -> list[str]:
    """What the validator says of the files, but for what is allowed."""
    out = folder / "complaints.sarif"
    done = subprocess.run(
        [
            *(str(tool), "validate", *map(str, files)),
            *("--rule-kind", "GHAS;Sarif", "--level", "Error;Warning;Note", "--kind", "Fail"),
            *("-o", str(out), "--log", "ForceOverwrite", "-q"),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert out.exists(), done.stdout + done.stderr
    (run,) = json.loads(out.read_bytes())["runs"]
    assert f"{len(files)} files scanned" in done.stdout, done.stdout + done.stderr
    return [
        f"{said['ruleId']} {json.dumps(said['message'])} {json.dumps(said['locations'])[:300]}"
        for said in run["results"]
        if not _is_allowed(said)
    ]


def _is_allowed(said: dict[str, object]) -> bool:
    message = said["message"]
    assert isinstance(message, dict)
    if said.get("level") == "note" and said["ruleId"] in ALLOWED:
        return True
    return (said["ruleId"], message.get("id")) in BOOKLESS | {HOMELESS}

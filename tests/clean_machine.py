"""Copies this repository into one of its own, and runs commands as on a machine with nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from running import ROOT, Done

# How packages are reached is no business of a test; all else a clean machine does not have.
_KEPT = ("PIP_", "UV_", "SSL_", "REQUESTS_", "CURL_", "HTTP_", "HTTPS_", "NO_PROXY", "ALL_PROXY")
_GIT = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def environment(home: Path) -> dict[str, str]:
    """The variables of a machine on which nothing was set."""
    kept = {name: value for name, value in os.environ.items() if name.upper().startswith(_KEPT)}
    return {**kept, **_GIT, "PATH": os.defpath + ":/usr/local/bin", "HOME": str(home)}


def run(words: Sequence[str], cwd: Path, env: Mapping[str, str], seconds: float = 300) -> Done:
    """Run a command."""
    done = subprocess.run(
        list(words),
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def tool(name: str) -> str:
    """A tool of the development group; the test is skipped where it is not installed."""
    beside = os.path.dirname(sys.executable)
    found = shutil.which(name, path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        pytest.skip(f"`{name}` is not installed (`pip install --group dev`)")
    return found


def committed(folder: Path, env: Mapping[str, str]) -> str:
    """Put all files of a folder into a new repository, and return the commit."""
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "all"]):
        done = run(["git", *words], folder, env)
        assert done.status == 0, done.err
    return run(["git", "rev-parse", "HEAD"], folder, env).out.strip()


def own_clone(folder: Path, env: Mapping[str, str]) -> str:
    """A repository with the files of this one as they are now; returns its commit."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    listed = run(["git", "ls-files", "-co", "--exclude-standard", "-z"], ROOT, env)
    if listed.status != 0:
        pytest.skip("this is no checkout")
    for name in filter(None, listed.out.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return committed(folder, env)


def skip_if_offline(done: Done) -> None:
    """Skip where packages could not be fetched."""
    for sign in ("No matching distribution", "Could not find a version", "ConnectionError"):
        if sign in done.out + done.err:
            pytest.skip(f"packages cannot be fetched: {sign}")

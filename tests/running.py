"""Runs iamlint as people do: in a process of its own, the package under test and no other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import iamlint

SOURCE = Path(iamlint.__file__).parent.parent  # a checkout, or `site-packages`
ROOT = Path(__file__).resolve().parent.parent  # the repository


class Done(NamedTuple):
    """How a process ended and what it printed."""

    status: int
    out: str
    err: str


def environment() -> dict[str, str]:
    """The environment without what would change the output."""
    changing = {"NO_COLOR", "COLUMNS", "IAMLINT_DEBUG", "PYTHONIOENCODING"}
    kept = {name: value for name, value in os.environ.items() if name not in changing}
    return kept | {"PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"}


def run_python(
    *arguments: str,
    cwd: Path | None = None,
    seconds: float = 120,
    env: Mapping[str, str] | None = None,
) -> Done:
    """Run the interpreter of the tests."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**environment(), **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def run_iamlint(*arguments: str, cwd: Path | None = None, seconds: float = 120) -> Done:
    """Run a command line of iamlint."""
    return run_python("-m", "iamlint", *arguments, cwd=cwd, seconds=seconds)

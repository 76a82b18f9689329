"""What the benchmarks have in common: the cost of a process, and a table of what was measured.

Every figure is processor time (user and system) of a process of its own on one core: the clock on
the wall tells more about the neighbours than about iamlint.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

MIB = 1024


class Cost(NamedTuple):
    """What one run of a command took."""

    seconds: float  # user and system
    mebibytes: float  # the most memory it held


class Row(NamedTuple):
    """One line of the table."""

    name: str
    measured: str
    aim: str
    met: bool


def quietly(command: Sequence[str | Path]) -> None:
    subprocess.run([str(part) for part in command], check=True, env=environment())


def environment() -> dict[str, str]:
    """That of this process, but Python may keep what it has compiled."""
    return {name: value for name, value in os.environ.items() if name not in HINDRANCES}


HINDRANCES = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONSTARTUP", "IAMLINT_DEBUG")


def run(command: Sequence[str | Path], statuses: tuple[int, ...] | None = (0, 1)) -> Cost:
    """Run a command with its output thrown away; findings are no failure."""
    words = [str(part) for part in command]
    silent = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, silent, stream) for stream in (1, 2)]
    process = os.posix_spawn(words[0], words, environment(), file_actions=actions)
    _, status, used = os.wait4(process, 0)
    os.close(silent)
    if statuses is not None and os.waitstatus_to_exitcode(status) not in statuses:
        sys.exit(f"`{' '.join(words)}` ended with status {os.waitstatus_to_exitcode(status)}")
    scale = MIB * MIB if sys.platform == "darwin" else MIB
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / scale)


def middle(costs: Sequence[Cost]) -> Cost:
    return Cost(median(cost.seconds for cost in costs), median(cost.mebibytes for cost in costs))


def milli(cost: Cost) -> str:
    return f"{cost.seconds * 1000:.1f}"


def table(rows: Sequence[Row]) -> str:
    lines = [("what", "measured", "aim", "")]
    lines += [(row.name, row.measured, row.aim, "" if row.met else "MISSED") for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[3]]
        )
        for line in lines
    )


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

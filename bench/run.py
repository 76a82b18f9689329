"""Measures iamlint as people meet it, installed out of a wheel, and prints a table of ratios.

    python bench/run.py [--quick] [--venv DIR]

Every figure is processor time (user and system) of a process of its own on one core: the clock on
the wall tells more about the neighbours than about iamlint.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MIB = 1024
SMALL = ROOT / "examples" / "github-prefix.json"
CASES = ROOT / "tests" / "data" / "risk_pairs.json"


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


def main() -> int:
    """Measure and print; status 1 when an aim was missed."""
    asked = arguments()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        python = asked.venv / "bin" / "python" if asked.venv else installed(work)
        # INVARIANT: the first one comes first. A process counts the memory of the one it was
        # forked from, which is this one, so nothing big may be made here.
        rows = [*cold_start(python, 7 if asked.quick else 41)]
        rows += bulk(python, work, 1 if asked.quick else 3)
        rows += questions(python)
    print(table(rows))
    return 0 if all(row.met for row in rows) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure an installed iamlint.")
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument("--venv", type=Path, help="where it is installed; default: a fresh place")
    return parser.parse_args()


def installed(work: Path) -> Path:
    """The interpreter of a fresh environment with the wheel of this checkout."""
    say("building the wheel and installing it ...")
    python = work / "venv" / "bin" / "python"
    quietly([sys.executable, "-m", "venv", work / "venv"])
    quietly([python, "-m", "pip", "wheel", "-q", "--no-deps", "-w", work / "wheel", ROOT])
    quietly([python, "-m", "pip", "install", "-q", *(work / "wheel").glob("*.whl")])
    return python


def quietly(command: Sequence[str | Path]) -> None:
    subprocess.run([str(part) for part in command], check=True, env=environment())


def environment() -> dict[str, str]:
    """That of this process, but Python may keep what it has compiled."""
    return {name: value for name, value in os.environ.items() if name not in HINDRANCES}


HINDRANCES = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONSTARTUP", "IAMLINT_DEBUG")


def run(command: Sequence[str | Path]) -> Cost:
    """Run a command with its output thrown away; findings are no failure."""
    words = [str(part) for part in command]
    silent = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, silent, 1)]
    process = os.posix_spawn(words[0], words, environment(), file_actions=actions)
    _, status, used = os.wait4(process, 0)
    os.close(silent)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"`{' '.join(words)}` ended with status {os.waitstatus_to_exitcode(status)}")
    scale = MIB * MIB if sys.platform == "darwin" else MIB
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / scale)


def cold_start(python: Path, times: int) -> list[Row]:
    """A check of one small file, beside an interpreter that does nothing."""
    say("cold start ...")
    commands: dict[str, list[str | Path]] = {
        "bare": [python, "-c", "pass"],
        "version": [python.parent / "iamlint", "--version"],
        "check": [python.parent / "iamlint", "check", SMALL],
    }
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(times + 2):
        for name, command in commands.items():  # interleaved: a noisy second hits all of them
            cost = run(command)
            if turn > 1:  # the first ones fill the caches
                costs[name].append(cost)
    bare = middle(costs["bare"])
    rows = [Row("bare python", f"{milli(bare)} ms, {bare.mebibytes:.1f} MiB", "", True)]
    for name, aim in (("version", 2.5), ("check", 5.0)):
        cost = middle(costs[name])
        ratio = cost.seconds / bare.seconds
        measured = f"{milli(cost)} ms = {ratio:.1f} × bare, {cost.mebibytes:.1f} MiB"
        met = ratio <= aim and cost.mebibytes < 45
        rows.append(Row(f"iamlint {name}", measured, f"≤ {aim} ×, < 45 MiB", met))
    return rows


def bulk(python: Path, work: Path, times: int) -> list[Row]:
    """An account's dump, and a folder of single policies."""
    say("a dump of 2,350 roles and 1,000 files ...")
    dump, folder = work / "dump.json", work / "policies"
    folder.mkdir()
    quietly([python, HERE / "corpus.py", dump, folder])
    size = dump.stat().st_size / 1e6
    iamlint = python.parent / "iamlint"
    rows = []
    for name, path, aim in (
        (f"{size:.1f} MB dump, 2,350 roles", dump, 3.0),
        ("1,000 distinct policy files", folder, 3.0),
    ):
        cost = middle([run([iamlint, "check", path, "--quiet"]) for _ in range(times)])
        measured = f"{cost.seconds:.2f} s, {cost.mebibytes:.0f} MiB"
        rows.append(Row(name, measured, f"≤ {aim} s", cost.seconds <= aim))
    return rows


def questions(python: Path) -> list[Row]:
    """Each question of each rule about the policies of the catalogue of risks."""
    if not CASES.is_file():
        say("no catalogue of risks: no questions asked")
        return []
    say("questions ...")
    command = [str(python), str(HERE / "questions.py"), str(CASES)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment())
    told = json.loads(done.stdout)
    middle_ms, worst_ms = told["median"] * 1000, told["worst"] * 1000
    measured = f"median {middle_ms:.2f} ms, worst {worst_ms:.0f} ms ({told['where']})"
    met = middle_ms <= 2 and worst_ms <= 500
    return [Row(f"{told['count']:,} questions", measured, "≤ 2 ms, ≤ 500 ms", met)]


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


if __name__ == "__main__":
    sys.exit(main())

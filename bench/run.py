"""Measures iamlint as people meet it, installed out of a wheel, and prints a table of ratios.

    python bench/run.py [--quick] [--venv DIR] [--rivals DIR ...]

With `--rivals`, environments in which checkov, cfn-lint or cfripper are installed, these check the
template and the configuration of 500 roles in the same run.
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

import terraform
from measuring import Cost, Row, environment, middle, milli, quietly, run, say, table

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SMALL = ROOT / "examples" / "github-prefix.json"
CASES = ROOT / "tests" / "data" / "risk_pairs.json"


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
        small = template(work / "templates", "small.yaml")
        rows = [*cold_start(python, small, 7 if asked.quick else 41)]
        rows += bulk(python, work, 1 if asked.quick else 3)
        rows += templates(python, work / "templates", asked.rivals, 1 if asked.quick else 3)
        rows += terraform.rows(python, work, asked.rivals, 1 if asked.quick else 3)
        rows += questions(python)
        rows += rules(python)
    print(table(rows))
    return 0 if all(row.met for row in rows) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure an installed iamlint.")
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument(
        "--rivals", type=Path, nargs="*", default=[], help="where they are installed"
    )
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


def cold_start(python: Path, small: Path, times: int) -> list[Row]:
    """A check of one small file, beside an interpreter that does nothing."""
    say("cold start ...")
    iamlint = python.parent / "iamlint"
    commands: dict[str, list[str | Path]] = {
        "bare": [python, "-c", "pass"],
        "version": [iamlint, "--version"],
        "check": [iamlint, "check", SMALL],
        "check a template": [iamlint, "check", small],
    }
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(times + 2):
        for name, command in commands.items():  # interleaved: a noisy second hits all of them
            cost = run(command)
            if turn > 1:  # the first ones fill the caches
                costs[name].append(cost)
    bare = middle(costs["bare"])
    rows = [Row("bare python", f"{milli(bare)} ms, {bare.mebibytes:.1f} MiB", "", True)]
    for name, aim in (("version", 2.5), ("check", 5.0), ("check a template", 6.0)):
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
        with_edits = middle(
            [run([iamlint, "check", path, "--format", "json"]) for _ in range(times)]
        )
        ratio = with_edits.seconds / cost.seconds
        measured = f"{with_edits.seconds:.2f} s = {ratio:.1f} × without"
        rows.append(Row(f"{name}, with edits", measured, "≤ 2 ×", ratio <= 2))
    return rows


def template(folder: Path, name: str) -> Path:
    """One of the templates of `templates.py`."""
    if not folder.is_dir():
        folder.mkdir()
        quietly([sys.executable, HERE / "templates.py", folder])
    return folder / name


# name: what to run it with, before the template
RIVALS = {
    "cfn-lint": (),
    "cfripper": ("--format", "json"),
    "checkov": ("--framework", "cloudformation", "--compact", "--quiet", "-f"),
}


def templates(python: Path, folder: Path, rivals: Sequence[Path], times: int) -> list[Row]:
    """Large templates, beside other tools that read them."""
    say("templates of 500 and 5,000 roles ...")
    roles, large = template(folder, "roles.yaml"), template(folder, "large.yaml")
    ours = middle([run([python.parent / "iamlint", "check", roles]) for _ in range(times)])
    rows = []
    fastest = 0.0
    for name, words in RIVALS.items():
        for command in (path / "bin" / name for path in rivals):
            if command.is_file():
                # whatever they find, their status says no more than that they found something
                theirs = run([command, *words, roles], statuses=None)
                fastest = min(fastest or theirs.seconds, theirs.seconds)
                ratio = f"{theirs.seconds / ours.seconds:.1f} × ours"
                rows.append(
                    Row(f"{name}, 500 roles", f"{theirs.seconds:.2f} s = {ratio}", "", True)
                )
    aim = f"≤ {fastest / 5:.2f} s, a fifth of the fastest" if fastest else ""
    measured = f"{ours.seconds:.2f} s, {ours.mebibytes:.0f} MiB"
    met = not fastest or ours.seconds <= fastest / 5
    rows.insert(0, Row("230 KB template, 500 roles", measured, aim, met))
    cost = run([python.parent / "iamlint", "check", large])
    measured = f"{cost.seconds:.2f} s, {cost.mebibytes:.0f} MiB"
    return [*rows, Row("2.3 MB template, 5,000 roles", measured, "", True)]


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


def rules(python: Path) -> list[Row]:
    """The whole rule book, beside reading policies and finding a call that each admits."""
    say("the rule book ...")
    command = [str(python), str(HERE / "rules.py")]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment())
    told = json.loads(done.stdout)
    ratio = told["rules"] / told["admission"]
    measured = f"{told['rules']:.2f} s = {ratio:.1f} × admission ({told['admission']:.2f} s)"
    return [Row(f"{told['count']} rules, 1,000 policies", measured, "≤ 3 ×", ratio <= 3)]


if __name__ == "__main__":
    sys.exit(main())

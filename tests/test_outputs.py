"""One run, several reports: which goes where, and what cannot be."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from running import ROOT, run_iamlint

from iamlint.reporters import FORMATS

OPEN = str(ROOT / "examples" / "public.json")
EVERY = sorted(FORMATS)


def test_one_run_writes_every_format(tmp_path: Path) -> None:
    pairs = [("text", "-"), *((name, f"report.{name}") for name in EVERY)]
    arguments = [part for name, path in pairs for part in ("--format", name, "--output", path)]
    done = run_iamlint("check", OPEN, *arguments, "--color", "never", cwd=tmp_path)
    assert (done.status, done.err) == (1, "")
    assert done.out.startswith("critical[public-trust]")
    assert (tmp_path / "report.text").read_text("utf-8") == done.out
    for name in EVERY:
        alone = run_iamlint("check", OPEN, "--format", name, "--quiet", cwd=tmp_path)
        assert "public-trust" in alone.out
        written = (tmp_path / f"report.{name}").read_text("utf-8")
        assert written.startswith(alone.out[:40])
    assert json.loads((tmp_path / "report.json").read_bytes())["summary"]["critical"] == 1


def test_files_alone_leave_the_closing_line_on_standard_error(tmp_path: Path) -> None:
    arguments = ["--format=json", "--output=a.json", "--format=junit", "--output=a.xml"]
    done = run_iamlint("check", OPEN, *arguments, cwd=tmp_path)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("1 finding (1 critical)")
    assert {path.name for path in tmp_path.iterdir()} == {"a.json", "a.xml"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--format json --format text", "2 formats cannot go to no outputs"),
        ("--format json --output a --output b", "1 format cannot go to 2 outputs"),
        ("--output a --output b", "no formats cannot go to 2 outputs"),
        ("--format json --format text --output a", "2 formats cannot go to 1 output"),
        (
            "--format json --output a --format text --output ./a",
            "two reports cannot both be written to `./a`",
        ),
        (
            "--format json --output=- --format text --output=-",
            "two reports cannot both be written to standard output",
        ),
        ("--diff --format json", "`--diff` shows no report to write"),
        ("--category prod", "`--category` is about a SARIF report, and none is asked for"),
        ("--with-ignored", "`--with-ignored` is about a SARIF report, and none is asked for"),
        ("--format xml", "`xml` is no value of `--format`"),
        ("--format sarif --category=", "`--category` wants a value"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    arguments: str, message: str, tmp_path: Path
) -> None:
    done = run_iamlint("check", OPEN, *arguments.split(), cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"error: {message}\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="no such names there")
def test_names_of_files_do_no_harm(tmp_path: Path) -> None:
    name = "a\n::error::b %0A|`<i>,x:\x1b[2J\udcff.json"
    (tmp_path / name).write_bytes((ROOT / "examples" / "public.json").read_bytes())
    (tmp_path / f"broken {name}").write_text('{"Statement": [{"Principal": "*" "sts:AssumeRole"')
    pairs = [(each, f"out.{each}") for each in EVERY]
    arguments = [part for each, path in pairs for part in ("--format", each, "--output", path)]
    done = run_iamlint("check", ".", *arguments, cwd=tmp_path)
    assert done.status == 3, done.err
    for each, path in pairs:
        text = (tmp_path / path).read_text("utf-8")
        assert text.replace("\n", "").isprintable(), each
        commands = re.findall(r"^\s*::[a-z].*$", text, re.M)
        assert len(commands) == (3 if each == "github" else 0), each
        assert "public-trust" in text


def test_a_folder_that_is_not_there_is_told_before_any_report_is_written(tmp_path: Path) -> None:
    arguments = ["--format=json", "--output=a.json", "--format=text", "--output=no/b.txt"]
    done = run_iamlint("check", OPEN, *arguments, cwd=tmp_path)
    assert done.status == 2
    assert "there is no folder `no`" in done.err
    assert not list(tmp_path.iterdir())

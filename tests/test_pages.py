"""The pages of the rules: written from the rules, each example with what a check of it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, run_iamlint

from iamlint.shipped import shipped_book

sys.path.insert(0, str(ROOT / "docs"))

import pages

BOOK = shipped_book()
# a file, the configuration if there is one, and the command that checks it with what it prints
_SHOWN = re.compile(
    r"`{3,}json\n(.*?)\n`{3,}\n\n`{3,}console\n"
    r"(?:\$ cat iamlint.toml\n((?:[^$`][^\n]*\n)*))?\$ iamlint (.*?)\n(.*?)`{3,}",
    re.S,
)


def test_the_pages_are_up_to_date() -> None:
    assert pages.stale(pages.pages(BOOK)) == [], "run `python docs/pages.py`"


def test_a_page_that_is_not_up_to_date_is_noticed(tmp_path: Path) -> None:
    made = {"a.md": "a", "b.md": "b"}
    (tmp_path / "a.md").write_text("a")
    (tmp_path / "c.md").write_text("c")
    assert pages.stale(made, tmp_path) == ["b.md", "c.md"]


@pytest.mark.parametrize(
    "name",
    [
        *("open-subject", "jumping-wildcard", "own-account-trust"),
        *("expired-statement", "cross-environment", "foreign-tenant", "vendor-mismatch"),
    ],
)
def test_what_a_page_shows_is_what_the_command_prints(name: str, tmp_path: Path) -> None:
    text = (pages.FOLDER / f"{name}.md").read_text("utf-8")
    shown = [found for found in _SHOWN.findall(text) if "more lines" not in found[0]]
    assert shown
    for file, settings, command, printed in shown[:2] + shown[-1:]:
        (tmp_path / "example.json").write_text(file)
        (tmp_path / "iamlint.toml").write_text(settings)
        done = run_iamlint(*command.split(), cwd=tmp_path)
        assert done.out == printed


def test_the_pages_are_written_where_iamlint_is_not_installed(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, str(ROOT / "docs" / "pages.py"), "--check"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

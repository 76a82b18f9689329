"""Progress is shown on a terminal, after a while, on standard error; everywhere else is silence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, environment, run_iamlint

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

import pty

CODE = """
import sys
from iamlint.cli import main, progress
progress.AFTER, progress.EVERY = 0.0, 0.0
sys.exit(main(sys.argv[1:]))
"""


def account(folder: Path, roles: int) -> Path:
    """An account with so many roles, each with a policy of its own."""
    entries = [
        {
            "RoleName": f"r{number}",
            "Arn": f"arn:aws:iam::111122223333:role/r{number}",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::111122223333:role/x{number}"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
        }
        for number in range(roles)
    ]
    path = folder / "account.json"
    path.write_text(json.dumps({"Roles": entries}), "utf-8")
    return path


def on_terminal(*arguments: str, term: str = "xterm") -> tuple[str, str]:
    """Standard output, and what a terminal at standard error was given."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments],
        env=environment() | {"TERM": term},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    told = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so at the end
            break
        if not part:
            break
        told += part
    assert done.stdout is not None
    out = done.stdout.read()
    done.wait(60)
    os.close(ours)
    return out.decode(), told.decode()


def test_a_terminal_shows_how_far_a_long_check_has_come(tmp_path: Path) -> None:
    out, told = on_terminal("check", str(account(tmp_path, 40)), "--format", "json")
    assert json.loads(out)["summary"]["roles"] == 40
    assert "roles judged" in told
    assert re.findall(r"(\d+)/?\s*\x1b\[\?25h", told.replace("\r\n", ""))[-1:] == ["40"]


@pytest.mark.parametrize(
    ("arguments", "term"), [(("--quiet",), "xterm"), ((), "dumb")], ids=["quiet", "dumb"]
)
def test_a_terminal_that_is_left_alone_shows_nothing(
    arguments: tuple[str, ...], term: str, tmp_path: Path
) -> None:
    _, told = on_terminal("check", str(account(tmp_path, 5)), *arguments, term=term)
    assert told == ""


def test_a_short_check_shows_no_bar(tmp_path: Path) -> None:
    code = CODE.replace("0.0, 0.0", "3600.0, 0.0")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(account(tmp_path, 5))],
        env=environment() | {"TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
    )
    os.write(theirs, b"END")
    assert os.read(ours, 1000) == b"END"
    assert done.returncode == 0
    os.close(ours)
    os.close(theirs)


def test_elsewhere_there_is_silence(tmp_path: Path) -> None:
    done = run_iamlint("check", str(account(tmp_path, 20)))
    assert (done.status, done.err) == (0, "")


def test_verbose_tells_what_each_part_took() -> None:
    done = run_iamlint("check", "examples/public.json", "--verbose", cwd=ROOT)
    number = r"\d+ ms"
    parts = ("settings", "rules", "disk", "reading", "judging", "reports")
    assert re.fullmatch(
        "time: " + " · ".join(f"{part} {number}" for part in parts) + "\n", done.err
    )


def test_a_watched_check_says_the_same() -> None:
    arguments = ("check", "examples", "--format", "json")
    plain = run_iamlint(*arguments, cwd=ROOT)
    watched = run_iamlint(*arguments, "--verbose", cwd=ROOT)
    assert (plain.status, plain.out) == (watched.status, watched.out)

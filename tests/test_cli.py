"""The command line: what it reads, refuses, prints, and how it ends. The engine is a stand-in."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_support import assert_screen, book, rule_file, sample
from rules_support import LANGUAGE
from running import run_python

import iamlint
from iamlint.cli import check as checking
from iamlint.cli import commands, main
from iamlint.cli.options import OPTIONS, Asked, plain_check
from iamlint.cli.output import wants_colour
from iamlint.config import Config
from iamlint.findings import Report
from iamlint.project import books
from iamlint.reporters.json_schema import schema
from iamlint.rules.book import RuleBook
from iamlint.source import FileError, Files, Problem
from iamlint.triage import Counts, triage
from iamlint.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path(iamlint.__file__).resolve().parent.parent  # a checkout or `site-packages`
Lint = Callable[..., Report]


class Engine:
    """Stands in for the engine: remembers what it was asked and gives a report."""

    def __init__(self, answer: Callable[[Config], Report]) -> None:
        self.answer = answer
        self.files: Files | None = None
        self.paths: list[str] = []
        self.config = Config()

    def lint(self, files: Files, paths: Sequence[str], config: Config, *, book: RuleBook) -> Report:
        self.files, self.paths, self.config = files, list(paths), config
        assert book.get("open-subject")
        return self.answer(config)


def clean_report(config: Config) -> Report:
    return triage([], [], config, Counts(roles=1, files=1))


def failing_report(config: Config) -> Report:
    everything = sample(config)
    return triage(everything.findings, [], config, Counts(roles=8, files=3))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine(clean_report)
    monkeypatch.setattr(iamlint, "lint", made.lint, raising=False)
    for module in (checking, commands):
        monkeypatch.setattr(module, "open_rules", lambda folders, environment: book())
    for name in ("IAMLINT_DEBUG", "NO_COLOR", "_IAMLINT_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    return made


# --- two parsers, one grammar -------------------------------------------------------------------

flags = [option.flag for option in OPTIONS]
words = st.sampled_from(
    [*flags, "low", "high", "a.json", "-", "x,y", "--", "", "-v", "--unknown", "--level=low", "-h"]
) | st.builds(
    "{}={}".format, st.sampled_from(flags), st.sampled_from(["", "low", "a=b", "-", "--x"])
)


def clicked(arguments: list[str]) -> Asked | None:
    """What click makes of the arguments of `check`; None for a refusal or a help text."""
    seen: list[Asked] = []

    def remember(asked: Asked, *_: object) -> int:
        seen.append(asked)
        return 0

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(commands, "check", remember)
        try:
            commands._group(0.0).main(["check", *arguments], standalone_mode=False)
        except click.ClickException:
            return None
    return seen[0] if seen else None


@given(st.lists(words, max_size=5))
def test_the_plain_parser_reads_as_click_does(arguments: list[str]) -> None:
    asked = plain_check(arguments)
    if asked is not None:
        assert asked == clicked(arguments)


@given(st.lists(st.sampled_from(["a.json", "-", "b/c", "--verbose", "--quiet"]), max_size=5))
def test_plain_lines_need_no_click(arguments: list[str]) -> None:
    assert plain_check(arguments) is not None
    assert plain_check([*arguments, "--level", "high", "--account=111122223333"]) is not None


def test_values_are_split_and_kept_once() -> None:
    asked = plain_check(["--select", "a,b", "--select=b, c,", "--rules", "x,y", "--level", "low"])
    assert asked is not None
    assert asked.all("select") == ("a", "b", "c")
    assert asked.all("rules") == ("x,y",)
    assert asked.last("level") == "low"
    assert asked.last("output") is None


# --- what check asks of the library -------------------------------------------------------------


def test_the_settings_reach_the_engine(engine: Engine, tmp_path: Path) -> None:
    line = "--level medium --fail-on high --fail-on-possible --select open-subject,idle-guard"
    line += " --ignore idle-guard --account 111122223333 --account=222233334444"
    line += " --organization o-a1b2c3d4e5 --trusted-account 333344445555 --format text"
    assert main(["check", str(tmp_path), *line.split(), "--root", str(tmp_path)]) == 0
    config = engine.config
    assert (config.level, config.fail_on, config.fail_on_possible) == ("medium", "high", True)
    assert (config.select, config.ignore) == (("open-subject", "idle-guard"), ("idle-guard",))
    assert config.accounts == ("111122223333", "222233334444")
    assert config.organizations == ("o-a1b2c3d4e5",)
    assert config.trusted_accounts == ("333344445555",)
    assert config.root == str(tmp_path)
    assert engine.paths == [str(tmp_path)]


def test_without_paths_the_working_folder_is_checked(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 0
    assert engine.paths == ["."]
    assert engine.files is not None
    assert engine.files.read("a.json") == b"{}"
    with pytest.raises(FileError, match="outside"):
        engine.files.read("..")


def test_the_root_bounds_what_is_read(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "sub").mkdir()
    assert main(["check", str(tmp_path / "a.json"), "--root", str(tmp_path / "sub")]) == 0
    assert engine.files is not None
    with pytest.raises(FileError, match="outside"):
        engine.files.read(str(tmp_path / "a.json"))


def test_a_dash_is_standard_input(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        class buffer:  # noqa: N801
            @staticmethod
            def read(most: int) -> bytes:
                return b'{"a": 1}'[:most]

    monkeypatch.setattr(sys, "stdin", Input)
    assert main(["check", "-", "x.json"]) == 0
    assert engine.paths == ["<stdin>", "x.json"]
    assert engine.files is not None
    assert engine.files.kind("<stdin>") == "file"
    assert engine.files.read("<stdin>") == b'{"a": 1}'


# --- how it ends --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "arguments", "status"),
    [
        (clean_report, [], 0),
        (failing_report, [], 1),
        (failing_report, ["--ignore", "open-subject"], 0),
        (failing_report, ["--ignore", "open-subject", "--fail-on-possible"], 1),
        (failing_report, ["--fail-on-possible", "--fail-on", "critical"], 1),
        (sample, [], 3),
        (sample, ["--level", "hihg"], 2),
        (sample, ["--ignore", "no-such-rule"], 2),
    ],
)
def test_the_status_says_how_it_went(
    engine: Engine, answer: Callable[[Config], Report], arguments: list[str], status: int
) -> None:
    engine.answer = answer
    assert main(["check", *arguments]) == status


@pytest.mark.parametrize("format", ["text", "json", "sarif"])
def test_reports_go_to_standard_output(
    engine: Engine, capfdbinary: pytest.CaptureFixture[bytes], format: str
) -> None:
    engine.answer = sample
    assert main(["check", "--format", format]) == 3
    out, err = capfdbinary.readouterr()
    assert err == b""
    assert "open-subject" in out.decode("utf-8")
    if format != "text":
        json.loads(out)


@pytest.mark.parametrize("format", ["text", "json", "sarif"])
def test_reports_go_to_a_file(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    engine.answer = sample
    target = tmp_path / "report"
    assert main(["check", "--format", format, "--output", str(target)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("2 findings (1 critical, 1 medium; 1 possible) · 3 problems · ")
    assert "open-subject" in target.read_text("utf-8")
    assert main(["check", "--output", str(target), "--quiet"]) == 3
    assert capsys.readouterr() == ("", "")
    assert main(["check", "--output=-"]) == 3
    assert capsys.readouterr().out.startswith("medium[")


def test_the_closing_line_can_be_left_out(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("no findings · 0 ignored · 1 role in 1 file · ")
    assert main(["check", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_an_interrupt_ends_quietly(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: Config) -> Report:
        raise KeyboardInterrupt

    engine.answer = interrupted
    assert main(["check"]) == 130
    assert capsys.readouterr() == ("", "")
    assert main(["check", "--"]) == 130  # click reads this one, and ends the line of the `^C`
    assert capsys.readouterr() == ("", "\n")


def test_a_fault_of_ours_asks_for_a_report(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Config) -> Report:
        raise ZeroDivisionError("secret \x1b[31m")

    engine.answer = broken
    assert main(["check"]) == 70
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert first.startswith(f"error: iamlint {VERSION} failed at cli/check.py:")
    assert "please report it" in second
    monkeypatch.setenv("IAMLINT_DEBUG", "1")
    assert main(["check"]) == 70
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("when", "environment", "terminal", "coloured"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {}, True, False),
    ],
)
def test_colour_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    environment: dict[str, str],
    terminal: bool,
    coloured: bool,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    assert wants_colour(when, environment) is coloured


# --- screens ------------------------------------------------------------------------------------

FAULTS = {
    "unknown-level": ["check", "--level", "hihg"],
    "unknown-format": ["check", "--format", "yaml"],
    "unknown-rule": ["check", "--ignore", "open-subjects"],
    "unknown-rule-far": ["check", "--select", "zzz"],
    "unknown-rule-explained": ["explain", "idle-gard"],
    "account": ["check", "--account", "1234"],
    "trusted-account": ["check", "--trusted-account", "me"],
    "organization": ["check", "--organization", "acme"],
    "contradiction": ["check", "--fail-on", "low", "--level", "high"],
    "empty-path": ["check", ""],
    "empty-value": ["check", "--root="],
    "root": ["check", "--root", "no/such/folder"],
    "output-folder": ["check", "--output", "no/such/folder/report.json"],
    "output-is-folder": ["check", "--output", "."],
    "hostile": ["check", "--select", "\x1b[2J\u202e\ud83d"],
}


def test_screens_of_wrong_usage(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    screen = ""
    for name, arguments in FAULTS.items():
        assert main(arguments) == 2, name
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("error: ")
        screen += f"# {name}\n{err}\n"
    assert engine.paths == []
    assert_screen("wrong-usage.txt", screen)


@pytest.mark.parametrize(
    ("arguments", "named", "help"),
    [
        (["chek"], "chek", "iamlint --help"),
        (["check", "--levle", "low"], "--levle", "iamlint check --help"),
        (["check", "--output"], "--output", "--help"),
        (["check", "--verbose=1"], "--verbose", "--help"),
        (["explain"], "RULE", "iamlint explain --help"),
    ],
)
def test_what_click_refuses_looks_alike(
    capsys: pytest.CaptureFixture[str], arguments: list[str], named: str, help: str
) -> None:
    assert main(arguments) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("error: ")
    assert named in first
    assert second.startswith(" = help: see `iamlint")
    assert help in second


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    bare = capsys.readouterr().out
    assert main(["--help"]) == 0
    assert capsys.readouterr().out == bare
    assert "check" in bare
    assert "schema" not in bare


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-h"]) == 0
    out = capsys.readouterr().out
    for option in OPTIONS:
        assert option.flag in out
    assert "3 some input was not judged" in " ".join(out.split())


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "check"]])
def test_version(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"iamlint {VERSION}\n"


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == VERSION


def test_rules_are_listed(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    assert_screen("rules.txt", capsys.readouterr().out)
    assert main(["rules", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == ["idle-guard", "open-subject"]
    assert rows[1] == {
        "id": "open-subject",
        "severity": "critical",
        "for": "grant",
        "title": "Any tenant of a shared issuer can enter the role",
    }


def test_a_rule_is_explained(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "open-subject"]) == 0
    assert "Close the owner with a slash." in capsys.readouterr().out


def test_the_schema_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real reading of folders of rules, over a small shipped book and vocabulary."""
    monkeypatch.setattr(books, "shipped_book", lambda cache: book())
    monkeypatch.setattr(books, "shipped_language", lambda: LANGUAGE)


@pytest.mark.usefixtures("shipped")
def test_rules_of_a_user_stand_beside_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "my-own.yaml").write_bytes(rule_file("my-own", "high", "Our house rule"))
    assert main(["rules", "--rules", str(tmp_path)]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "idle-guard",
        "my-own",
        "open-subject",
    ]


@pytest.mark.usefixtures("shipped")
def test_rules_that_are_wrong_are_shown_with_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = rule_file("my-own", "hihg", "Our house rule").replace(b", ", b",\n")
    (tmp_path / "my-own.yaml").write_bytes(text)
    assert main(["check", "--rules", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"--> {tmp_path}/my-own.yaml:3:" in err
    assert '3 | "severity": "hihg",' in err
    assert err.endswith("error: there are rules that cannot be used\n")


@pytest.mark.usefixtures("shipped")
def test_a_folder_of_rules_must_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--rules", "no/such/folder"]) == 2
    assert capsys.readouterr().err == "error: `--rules no/such/folder`: there is no such folder\n"


# --- the process --------------------------------------------------------------------------------

STAND_IN = """
import sys, iamlint
from iamlint.rules.book import RuleBook
from iamlint.findings import Report
from iamlint.cli import main, check
from iamlint.config import Config
from iamlint.source import Problem
from iamlint.triage import Counts, triage
def lint(files, paths, config, book):
    problems = [Problem("odd", "x" * 50, "p", blocking=False)] * {count}
    return triage([], problems, config, Counts())
iamlint.lint = lint
check.open_rules = lambda folders, environment: RuleBook([])
status = main()
"""


def run(
    count: int, after: str, *arguments: str, stdout: int = subprocess.PIPE
) -> tuple[int, bytes, bytes]:
    """Run a command line in a process of its own."""
    code = STAND_IN.format(count=count) + after
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, env=environment, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_plain_check_imports_little() -> None:
    shown = "print(sorted(sys.modules)); sys.exit(status)"
    status, out, err = run(1, shown, "check", "--quiet")
    assert (status, err) == (0, b"")
    modules = set(eval(out.decode().splitlines()[-1]))
    heavy = "click pydantic yaml sarif_om jmespath dataclasses importlib.metadata logging asyncio"
    heavy += " attr inspect difflib traceback urllib tempfile subprocess hashlib"
    assert modules.isdisjoint(heavy.split())


@pytest.mark.skipif(os.name != "posix", reason="pipes")
@pytest.mark.parametrize("count", [1, 50_000])
def test_a_reader_that_went_away_is_no_error(count: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        status, _, err = run(count, "sys.exit(status)", "check", stdout=writing)
    finally:
        os.close(writing)
    assert (status, err) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:
        status, _, err = run(1, "sys.exit(status)", "check", stdout=full.fileno())
    assert status == 2
    assert err == b"error: cannot write to standard output: no space left on device\n"


def test_only_a_process_of_its_own_does_without_the_collector(engine: Engine) -> None:
    assert main(["check", "--quiet"]) == 0
    assert gc.isenabled()
    shown = "import gc; print(gc.isenabled()); sys.exit(status)"
    assert run(0, shown, "check", "--quiet")[:2] == (0, f"False{os.linesep}".encode())


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "iamlint", "--version"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        check=True,
    )
    assert done.stdout.decode() == f"iamlint {VERSION}\n"


def test_a_narrow_encoding_is_no_obstacle() -> None:
    code, out, _ = run(1, "sys.exit(status)", "check", "--level", "low")
    assert code == 0
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-c", STAND_IN.format(count=0), "check"],
        capture_output=True,
        env=environment,
        check=True,
    )
    assert done.stdout.startswith(b"no findings \\xb7 0 ignored")
    assert "no findings · 1 problem · 0 ignored" in out.decode("utf-8")


def test_a_problem_is_printed_like_a_finding(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = Problem("unreadable-file", "cannot read `x`: permission denied", "x")
    engine.answer = lambda config: triage([], [problem], config, Counts())
    assert main(["check", "--quiet"]) == 3
    assert capsys.readouterr().out == (
        "unreadable-file: cannot read `x`: permission denied\n --> x\n"
    )


def test_without_the_extra_the_language_server_says_what_to_install() -> None:
    code = "import sys; sys.modules['pygls'] = None; from iamlint.cli import main; sys.exit(main())"
    for words in (["lsp"], ["lsp", "--stdio"]):
        done = run_python("-c", code, *words)
        assert (done.status, done.out) == (2, "")
        assert "needs `pygls`" in done.err
        assert "pip install 'iamlint[lsp]'" in done.err

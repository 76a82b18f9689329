"""Runs `iamlint check`: gathers what was asked for, asks the library, shows the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from time import perf_counter

from iamlint.cli.books import open_rules
from iamlint.cli.fault import UsageFault
from iamlint.cli.options import Asked
from iamlint.cli.output import check_target, save, show, tell, wants_colour
from iamlint.cli.usage import configured, known_rule
from iamlint.config import Config
from iamlint.disk import MOST_BYTES, DiskFiles, Overlay, project_root
from iamlint.findings import Report
from iamlint.reporters import View, render
from iamlint.reporters.text import summary_line
from iamlint.rules.book import RuleBook
from iamlint.source import Files
from iamlint.triage import exit_status

STDIN = "<stdin>"


def check(asked: Asked, started: float, environment: Mapping[str, str]) -> int:
    """Check what a command line names and return the exit status; raises UsageFault."""
    config = configured(asked)
    output = _output(asked)
    if output is not None:
        check_target(output)
    book = open_rules(config.rules, environment)
    for name in (*config.select, *config.ignore):
        known_rule(book, name)
    paths = asked.paths or (".",)
    files, named = _opened(paths, config)
    if asked.switches & {"fix", "diff"}:
        from iamlint.cli.fix import fixed  # noqa: PLC0415 - seldom asked for

        report = fixed(files, named, config, book, asked)
        if "diff" in asked.switches:
            return exit_status(report)
    else:
        from iamlint import lint  # noqa: PLC0415 - wrong usage is refused without the engine

        report = lint(files, named, config, book=book)
    _deliver(report, asked, config, book, started, environment)
    return exit_status(report)


def _output(asked: Asked) -> str | None:
    """The file to write, if it is not standard output."""
    output = asked.last("output")
    return None if output == "-" else output


def _opened(paths: Sequence[str], config: Config) -> tuple[Files, list[str]]:
    """Where the files are read from, and the paths as they are called there."""
    on_disk = [path for path in paths if path != "-"]
    roots = _roots(on_disk, config.root)
    # a file of parameters or variables is named by the user, and may lie anywhere
    files: Files = DiskFiles([*roots, *config.parameter_files, *config.variable_files])
    if len(on_disk) < len(paths):
        files = Overlay(files, {STDIN: _stdin()})
    return files, [STDIN if path == "-" else _slashed(path) for path in paths]


def _roots(paths: Sequence[str], root: str | None) -> list[str]:
    if root is None:
        return [project_root(path) for path in paths]
    if not os.path.isdir(root):
        raise UsageFault(f"`--root {root}`: there is no such folder")
    return [root]


def _slashed(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")


def _stdin() -> bytes:
    if sys.stdin is None:
        raise UsageFault("there is no standard input to read")
    return sys.stdin.buffer.read(MOST_BYTES)


def _deliver(
    report: Report,
    asked: Asked,
    config: Config,
    book: RuleBook,
    started: float,
    environment: Mapping[str, str],
) -> None:
    output = _output(asked)
    quiet = "quiet" in asked.switches
    colour = asked.last("color") or ("never" if output else "auto")
    milliseconds = round((perf_counter() - started) * 1000)
    view = View(
        rules=book.rules,
        colour=config.format == "text" and wants_colour(colour, environment),
        verbose="verbose" in asked.switches,
        quiet=quiet,
        milliseconds=milliseconds,
    )
    text = render(config.format, report, view)
    if output is None:
        show(text, None if config.format == "text" else "utf-8")
        return
    save(output, text)
    if not quiet:
        tell(summary_line(report.summary, milliseconds, view.verbose))

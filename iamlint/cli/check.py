"""Runs `iamlint check`: gathers what was asked for, asks the library, shows the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from iamlint.cli.books import joined, open_rules
from iamlint.cli.fault import UsageFault
from iamlint.cli.options import Asked
from iamlint.cli.output import check_target, save, show, tell, wants_colour
from iamlint.cli.settings import Group, check_rules, groups
from iamlint.cli.usage import known_rule
from iamlint.config import Config
from iamlint.disk import MOST_BYTES, DiskFiles, Overlay, project_root
from iamlint.findings import Report
from iamlint.reporters import View, render
from iamlint.reporters.text import summary_line
from iamlint.rules.book import Rule, RuleBook
from iamlint.source import Files
from iamlint.triage import exit_status, together

STDIN = "<stdin>"
Judge = Callable[[Files, list[str], Config, RuleBook], Report]


def check(asked: Asked, started: float, environment: Mapping[str, str]) -> int:
    """Check what a command line names and return the exit status; raises UsageFault."""
    output = _output(asked)
    if output is not None:
        check_target(output)
    before = None
    if asked.last("baseline") or asked.last("since"):
        from iamlint.cli.before import check_asked, known  # noqa: PLC0415 - seldom asked for

        check_asked(asked)
        before = known
    found = groups(asked, environment)
    books = [book_of(group, environment) for group in found]
    judge = _plainly
    if asked.switches & {"fix", "diff"}:
        from iamlint.cli.fix import Fixes  # noqa: PLC0415 - seldom asked for

        judge = Fixes(asked).judge
    reports = []
    for group, book in zip(found, books, strict=True):
        files, named = inputs_of(group)
        config = group.config
        if before is not None:
            config = config._replace(known=before(asked, files, named, config, book))
        reports.append(judge(files, named, config, book))
    report = reports[0] if len(reports) == 1 else together(reports)
    if "diff" in asked.switches:
        return exit_status(report)
    rules = books[0].rules if len(books) == 1 else joined(books).rules
    _deliver(report, asked, rules, started, environment)
    return exit_status(report)


def book_of(group: Group, environment: Mapping[str, str]) -> RuleBook:
    """The rules for some inputs; raises UsageFault where the settings name one that is not."""
    config = group.config
    book = open_rules(config.rules, environment)
    if group.loaded is not None:
        check_rules(group.loaded, book)
    for name in (*config.select, *config.ignore):
        known_rule(book, name)
    return book


def _output(asked: Asked) -> str | None:
    """The file to write, if it is not standard output."""
    output = asked.last("output")
    return None if output == "-" else output


def _plainly(files: Files, paths: list[str], config: Config, book: RuleBook) -> Report:
    from iamlint import lint  # noqa: PLC0415 - wrong usage is refused without the engine

    return lint(files, paths, config, book=book)


def inputs_of(group: Group) -> tuple[Files, list[str]]:
    """Where the inputs of a group are read from, and their names there; raises UsageFault."""
    paths, config = group.paths, group.config
    on_disk = [path for path in paths if path != "-"]
    roots = _roots(on_disk, config.root)
    if group.loaded is not None:
        roots.append(group.loaded.folder)
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
    rules: tuple[Rule, ...],
    started: float,
    environment: Mapping[str, str],
) -> None:
    output = _output(asked)
    quiet = "quiet" in asked.switches
    colour = asked.last("color") or ("never" if output else "auto")
    format = asked.last("format") or "text"
    milliseconds = round((perf_counter() - started) * 1000)
    view = View(
        rules=rules,
        colour=format == "text" and wants_colour(colour, environment),
        verbose="verbose" in asked.switches,
        quiet=quiet,
        milliseconds=milliseconds,
    )
    text = render(format, report, view)
    if output is None:
        show(text, None if format == "text" else "utf-8")
        return
    save(output, text)
    if not quiet:
        tell(summary_line(report.summary, milliseconds, view.verbose))

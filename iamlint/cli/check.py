"""Runs `iamlint check`: gathers what was asked for, asks the library, shows the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from iamlint.cli.delivery import deliver, targets
from iamlint.cli.options import Asked
from iamlint.cli.output import somebody_waits
from iamlint.cli.settings import Group, groups
from iamlint.cli.usage import known_rule
from iamlint.config import Config
from iamlint.disk import MOST_BYTES, DiskFiles, Overlay, project_root, slashed
from iamlint.findings import Known, Report
from iamlint.project.books import joined, open_rules
from iamlint.project.configuration import check_rules
from iamlint.project.fault import UsageFault
from iamlint.rules.book import RuleBook
from iamlint.source import Files
from iamlint.triage import exit_status, together
from iamlint.typed import Protocol

STDIN = "<stdin>"
Before = Callable[[Asked, Files, list[str], Config, RuleBook], "tuple[Known, ...] | None"]
Judge = Callable[[Files, list[str], Config, RuleBook], Report]


class Watching(Protocol):
    """Who looks on while a check runs."""

    def judge(self, files: Files, paths: list[str], config: Config, book: RuleBook) -> Report:
        """Judge as the library does."""

    def ended(self, phase: str) -> None:
        """A part of the check is over."""

    def tell(self) -> None:
        """Say how long the parts took."""


def check(asked: Asked, started: float, environment: Mapping[str, str]) -> int:
    """Check what a command line names and return the exit status; raises UsageFault."""
    watching = _watching(asked, started, environment)
    wanted = targets(asked)
    before = _before(asked)
    found = groups(asked, environment)
    watching.ended("settings")
    books = [book_of(group, environment) for group in found]
    watching.ended("rules")
    judge = watching.judge
    if asked.switches & {"fix", "diff"}:
        from iamlint.cli.fix import Fixes  # noqa: PLC0415 - seldom asked for

        judge = Fixes(asked).judge
    reports = [_report(judge, before, asked, *each) for each in zip(found, books, strict=True)]
    watching.ended("reading")
    report = reports[0] if len(reports) == 1 else together(reports)
    if "diff" in asked.switches:
        return exit_status(report)
    rules = books[0].rules if len(books) == 1 else joined(books).rules
    deliver(report, asked, wanted, rules, started, environment)
    watching.ended("reports")
    watching.tell()
    return exit_status(report)


class Unwatched:
    """Nobody looks on while a check runs."""

    __slots__ = ()

    def judge(self, files: Files, paths: list[str], config: Config, book: RuleBook) -> Report:
        from iamlint import lint  # noqa: PLC0415 - wrong usage is refused without the engine

        return lint(files, paths, config, book=book)

    def ended(self, phase: str) -> None:
        """A part of the check is over."""

    def tell(self) -> None:
        """Say how long the parts took."""


def _watching(asked: Asked, started: float, environment: Mapping[str, str]) -> Watching:
    """Who looks on: on a terminal somebody may wait, and `--verbose` wants to know it all."""
    timed = "verbose" in asked.switches
    shown = "quiet" not in asked.switches and somebody_waits(environment)
    if not timed and not shown:
        return Unwatched()
    from iamlint.cli.progress import Progress  # noqa: PLC0415 - nobody looks on in a script

    return Progress(started, shown, timed)


def book_of(group: Group, environment: Mapping[str, str]) -> RuleBook:
    """The rules for some inputs; raises UsageFault where the settings name one that is not."""
    config = group.config
    book = open_rules(config.rules, environment)
    if group.loaded is not None:
        check_rules(group.loaded, book)
    for name in (*config.select, *config.ignore):
        known_rule(book, name)
    return book


def _before(asked: Asked) -> Before:
    """Who knows what was found before; raises UsageFault."""
    if not asked.last("baseline") and not asked.last("since"):
        return lambda *_: None
    from iamlint.cli.before import check_asked, known  # noqa: PLC0415 - seldom asked for

    check_asked(asked)
    return known


def _report(judge: Judge, before: Before, asked: Asked, group: Group, book: RuleBook) -> Report:
    files, named = inputs_of(group)
    known = before(asked, files, named, group.config, book)
    return judge(files, named, group.config._replace(known=known), book)


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
    return files, [STDIN if path == "-" else slashed(path) for path in paths]


def _roots(paths: Sequence[str], root: str | None) -> list[str]:
    if root is None:
        return [project_root(path) for path in paths]
    if not os.path.isdir(root):
        raise UsageFault(f"`--root {root}`: there is no such folder")
    return [root]


def _stdin() -> bytes:
    if sys.stdin is None:
        raise UsageFault("there is no standard input to read")
    return sys.stdin.buffer.read(MOST_BYTES)

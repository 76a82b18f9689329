"""Runs `iamlint baseline`: writes what is found now, so that only what is new is told later."""

from __future__ import annotations

import os
from collections.abc import Mapping

from iamlint.baseline import written
from iamlint.cli.check import book_of, inputs_of
from iamlint.cli.options import Asked
from iamlint.cli.output import check_target, save, show, tell
from iamlint.cli.settings import groups
from iamlint.disk import slashed
from iamlint.findings import Known
from iamlint.linting import known_with
from iamlint.reporters.text import problem_text
from iamlint.source import Problem


def baseline(asked: Asked, environment: Mapping[str, str]) -> int:
    """Write the baseline that a command line asks for and return the exit status.

    Raises UsageFault.
    """
    output = asked.last("output")
    output = None if output == "-" else output
    if output is not None:
        check_target(output)
    found: list[Known] = []
    problems: list[Problem] = []
    for group in groups(asked, environment):
        book = book_of(group, environment)
        files, named = inputs_of(group)
        before = known_with(files, named, group.config, book)
        found += before.known
        problems += before.problems
    _deliver(found, output)
    for problem in problems:
        tell(problem_text(problem))
    return 3 if problems else 0


def _deliver(found: list[Known], output: str | None) -> None:
    folder = os.path.dirname(os.path.abspath(output)) if output is not None else os.getcwd()
    text = written(each._replace(path=_below(folder, each.path)) for each in found)
    if output is None:
        show(text, "utf-8")
        return
    save(output, text)
    tell(f"wrote {len(found)} finding{'' if len(found) == 1 else 's'} to {output}")


def _below(folder: str, path: str) -> str:
    """A path as seen from the folder of the baseline, so that it may be read from anywhere."""
    return slashed(os.path.relpath(os.path.abspath(path), folder))

"""Finds out what was found before: by a baseline, or at a revision."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from iamlint.baseline import BaselineError, read
from iamlint.cli.options import Asked
from iamlint.config import Config
from iamlint.disk import DiskFiles, slashed
from iamlint.findings import Known
from iamlint.formats.encoding import decode
from iamlint.project.fault import UsageFault
from iamlint.rules.book import RuleBook
from iamlint.source import FileError, Files, Problem, Source


def check_asked(asked: Asked) -> None:
    """Refuse what contradicts itself; raises UsageFault."""
    since = asked.last("since")
    if since is None:
        return
    if asked.last("baseline") is not None:
        message = "`--since` and `--baseline` both say what was found before"
        raise UsageFault(message, "leave one of them out")
    if "-" in asked.paths:
        raise UsageFault("standard input has no revisions", "leave `--since` out, or name a file")


def known(
    asked: Asked, files: Files, paths: Sequence[str], config: Config, book: RuleBook
) -> tuple[Known, ...] | None:
    """What was found before in some inputs; None where nobody asks. Raises UsageFault."""
    baseline, since = asked.last("baseline"), asked.last("since")
    if baseline is not None:
        return tuple(_shown(baseline, paths))
    if since is None:
        return None
    from iamlint.cli.revision import at  # noqa: PLC0415 - starts git
    from iamlint.linting import known_with  # noqa: PLC0415 - slow to import

    with at(since, files, paths) as (before, then):
        return known_with(before, then, config._replace(edits=False), book).known


def _shown(path: str, paths: Sequence[str]) -> Iterable[Known]:
    """The findings in a baseline, with paths as those that are checked are named."""
    folder = os.path.dirname(os.path.abspath(path))
    tops = [top for top in paths if os.path.isabs(top)]
    for each in _read(path):
        place = os.path.normpath(os.path.join(folder, each.path))
        named = any(f"{place}/".startswith(f"{top.rstrip('/')}/") for top in tops)
        yield each._replace(path=slashed(place if named else os.path.relpath(place)))


def _read(path: str) -> tuple[Known, ...]:
    """The findings in a baseline, with paths as seen from its folder."""
    try:
        data = DiskFiles([os.path.dirname(os.path.abspath(path))]).read(path)
    except FileError as error:
        help = "write one: `iamlint baseline --output FILE`"
        raise UsageFault(f"cannot read the baseline `{path}`: {error.reason}", help) from None
    contents = list(decode(path, data))
    source = next((each for each in contents if isinstance(each, Source)), None)
    if source is None:
        raise _unusable([each for each in contents if isinstance(each, Problem)])
    try:
        return read(source)
    except BaselineError as error:
        raise _unusable(error.problems) from None


def _unusable(problems: Sequence[Problem]) -> UsageFault:
    return UsageFault("the baseline cannot be used", problems=problems)

"""Runs `iamlint check --fix` and `--diff`: writes what edits make of files, or shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iamlint.cli.options import Asked
from iamlint.cli.output import show, tell, write_back
from iamlint.config import Config
from iamlint.findings import Report
from iamlint.fixing import Rewritten, fix
from iamlint.formats.encoding import decode
from iamlint.project.fault import UsageFault
from iamlint.rules.book import RuleBook
from iamlint.source import FileError, Files, Source


class Fixes:
    """Makes the edits of one command line, or shows them; raises UsageFault for what cannot be."""

    __slots__ = ("_asked", "_writes")

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._writes = "fix" in asked.switches
        if {"fix", "diff"} <= asked.switches:
            message = "`--fix` makes the edits and `--diff` shows them"
            raise UsageFault(message, "leave one of them out")
        if self._writes and "-" in asked.paths:
            message = "`--fix` cannot write to standard input"
            raise UsageFault(message, "use `--diff` to see the edits")
        for name in ("output", "format"):
            if not self._writes and asked.values.get(name):
                raise UsageFault("`--diff` shows no report to write", f"leave `--{name}` out")

    def judge(self, files: Files, paths: list[str], config: Config, book: RuleBook) -> Report:
        """What is left after the edits; where they are only shown, what there is."""
        done = fix(files, paths, config, book)
        if not self._writes:
            show("".join(_diffs(done.files)), "utf-8")
            return done.first
        for path, each in done.files.items():
            _write(files, path, each)
        if "quiet" not in self._asked.switches:
            tell(_told(done.gone, len(done.files)))
        return done.report


def _told(findings: int, files: int) -> str:
    if not findings:
        return "nothing to fix"
    ends = ["" if number == 1 else "s" for number in (findings, files)]
    return f"fixed {findings} finding{ends[0]} in {files} file{ends[1]}"


def _write(files: Files, path: str, each: Rewritten) -> None:
    """Put what was made of a file in its place, unless somebody else was there meanwhile."""
    try:
        now = files.read(path)
    except FileError as error:
        raise UsageFault(f"cannot write `{path}`: {error.reason}") from None
    if now != each.before:
        message = f"`{path}` was changed while it was checked; nothing was written to it"
        raise UsageFault(message, "run `iamlint check --fix` again")
    write_back(path, each.after)


def _diffs(files: Mapping[str, Rewritten]) -> Iterator[str]:
    from difflib import unified_diff  # noqa: PLC0415 - slow to import

    for path, each in files.items():
        before, after = (_lines(path, data) for data in each)
        old, new = (path, path) if path.startswith("/") else (f"a/{path}", f"b/{path}")
        for line in unified_diff(before, after, old, new):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(path: str, data: bytes) -> list[str]:
    text = next(each.text for each in decode(path, data) if isinstance(each, Source))
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])

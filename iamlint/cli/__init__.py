"""Talks to a person at a terminal: reads the command line, prints, and ends with a status."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from time import perf_counter
from types import TracebackType

from iamlint.source import Problem
from iamlint.version import VERSION

USAGE = 2
INTERNAL = 70
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of the process, and return the exit status."""
    started = perf_counter()
    if arguments is not None:
        return _uninterrupted(arguments, started)
    # Trees of values hold no cycles: to look for garbage in them takes twice as long as to make
    # them. What is alive at the end is frozen, or the interpreter would look once more.
    gc.disable()
    status = _uninterrupted(sys.argv[1:], started)
    gc.freeze()
    return status


def _uninterrupted(arguments: Sequence[str], started: float) -> int:
    try:
        return _guarded(list(arguments), started)
    except KeyboardInterrupt:
        return INTERRUPTED


def _guarded(arguments: Sequence[str], started: float) -> int:
    try:
        return _run(arguments, started)
    except Exception as error:
        return _failed(error)


def _run(arguments: Sequence[str], started: float) -> int:
    from iamlint.cli.output import complain, show  # noqa: PLC0415
    from iamlint.project.fault import UsageFault  # noqa: PLC0415

    if arguments == ["--version"]:
        show(f"iamlint {VERSION}\n")
        return 0
    try:
        return _command(arguments, started)
    except UsageFault as fault:
        complain(fault.message, fault.help, _told(fault.problems))
        return USAGE


def _command(arguments: Sequence[str], started: float) -> int:
    # NOTE: click expands patterns on Windows, and answers a shell that asks how to complete a line.
    if arguments[:1] == ["check"] and os.name == "posix" and "_IAMLINT_COMPLETE" not in os.environ:
        from iamlint.cli.check import check  # noqa: PLC0415
        from iamlint.cli.options import plain_check  # noqa: PLC0415

        asked = plain_check(arguments[1:])
        if asked is not None:
            return check(asked, started, os.environ)
    from iamlint.cli.commands import run  # noqa: PLC0415 - click costs more than a small check

    return run(arguments, started)


def _told(problems: Sequence[Problem]) -> str:
    """What is wrong with a configuration or with rules, ready to print."""
    if not problems:
        return ""
    from iamlint.reporters.text import problem_text  # noqa: PLC0415 - a mistake needs it

    return "\n\n".join(map(problem_text, problems))


def _failed(error: Exception) -> int:
    from iamlint.cli.output import complain, tell  # noqa: PLC0415

    if os.environ.get("IAMLINT_DEBUG") == "1":
        from traceback import format_exception  # noqa: PLC0415

        tell("".join(format_exception(error)))
    complain(
        f"iamlint {VERSION} failed at {_place(error.__traceback__)}; this is a fault of iamlint",
        "please report it, with the input if you can; `IAMLINT_DEBUG=1` shows the details",
    )
    return INTERNAL


def _place(traceback: TracebackType | None) -> str:
    """File and line of ours where it happened."""
    place = "an unknown place"
    while traceback is not None:
        path = traceback.tb_frame.f_code.co_filename.replace(os.sep, "/")
        _, ours, inner = path.rpartition("iamlint/")
        if ours:
            place = f"{inner}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place

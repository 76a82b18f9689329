"""Writes to the terminal, to pipes and to files."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from iamlint.project.fault import UsageFault


def show(text: str, encoding: str | None = None) -> None:
    """Write to standard output, in the terminal's encoding unless one is named.

    A reader that went away (`| head`) has seen enough: that is no error.
    """
    out = sys.stdout
    if out is None:  # started without one
        return
    data = text.encode(encoding or out.encoding or "utf-8", "backslashreplace")
    try:
        out.flush()
        out.buffer.write(data)
        out.flush()
    except BrokenPipeError:
        _silence()
    except OSError as error:
        _silence()
        raise UsageFault(f"cannot write to standard output: {_reason(error)}") from None


def save(path: str, text: str) -> None:
    """Write a file, all or nothing; raises UsageFault."""
    write_back(path, text.encode("utf-8", "backslashreplace"))


def write_back(path: str, data: bytes) -> None:
    """Put the bytes of a file in its place, all or nothing; raises UsageFault."""
    from iamlint.disk import write_whole  # noqa: PLC0415 - few checks write

    try:
        write_whole(path, data)
    except OSError as error:
        raise UsageFault(f"cannot write `{path}`: {_reason(error)}") from None


def check_target(path: str) -> None:
    """Refuse a file that cannot be written before the work is done rather than after."""
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path):
        raise UsageFault(f"cannot write `{path}`: is a folder")
    if not os.path.isdir(folder):
        raise UsageFault(f"cannot write `{path}`: there is no folder `{folder}`")


def complain(message: str, help: str = "", details: str = "") -> None:
    """Say on standard error what is wrong."""
    from iamlint.reporters.excerpt import clean  # noqa: PLC0415 - a mistake needs it

    advice = f"\n = help: {clean(help)}" if help else ""
    above = f"{details}\n\n" if details else ""
    tell(f"{above}error: {clean(message)}{advice}")


def tell(text: str) -> None:
    """Write a line to standard error; where nobody can read it, nothing happens."""
    if sys.stderr is None:
        return
    try:
        encoding = sys.stderr.encoding or "utf-8"
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr)
    except OSError:
        return


def wants_colour(when: str, environment: Mapping[str, str]) -> bool:
    """Whether text on standard output is coloured: asked for, or a terminal that did not refuse."""
    if when != "auto":
        return when == "always"
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


def somebody_waits(environment: Mapping[str, str]) -> bool:
    """Whether standard error is a terminal on which something can move."""
    if sys.stderr is None or environment.get("TERM", "dumb") == "dumb":
        return False
    return sys.stderr.isatty()


def _silence() -> None:
    """Let the interpreter's last flush go nowhere, instead of failing once more."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):  # standard output is no file, as in tests
        return


def _reason(error: OSError) -> str:
    return (error.strerror or "it failed").lower()

"""The error of a person who used iamlint wrongly."""

from __future__ import annotations

from collections.abc import Sequence

from iamlint.source import Problem


class UsageFault(Exception):
    """The command line or the configuration is wrong; nothing was checked."""

    def __init__(self, message: str, help: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.problems = tuple(problems)  # of the configuration or the rules, each with its place

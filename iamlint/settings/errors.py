"""Says what is wrong with a configuration."""

from __future__ import annotations

from iamlint.source import Problem

CODE = "invalid-configuration"

Steps = tuple[str | int, ...]
"""The way to a setting: names of tables and settings, numbers of items from 0."""


class SettingsError(Exception):
    """A configuration that cannot be used; `problems` says why, in the order of the text."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.message for problem in problems))

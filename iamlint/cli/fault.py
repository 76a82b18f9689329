"""The error of a person who used iamlint wrongly."""

from __future__ import annotations


class UsageFault(Exception):
    """The command line or the configuration is wrong; nothing was checked."""

    def __init__(self, message: str, help: str = "", details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.details = details  # ready to print, above the message

"""Reads the page about editors."""

from __future__ import annotations

import re

from running import ROOT

PAGE = ROOT / "docs" / "editors.md"


def blocks(language: str) -> list[str]:
    """The texts of all code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.S | re.M)


def block(language: str, holding: str) -> str:
    """The one code block that holds a text."""
    (found,) = (each for each in blocks(language) if holding in each)
    return found

"""Finds the word that was probably meant, and shows a user's text inside a message."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST_WORD = 64  # the comparison below takes quadratic time
_LONGEST_QUOTE = 120


def nearest(word: str, choices: Iterable[str]) -> str:
    """The choice most like the word, letter case aside; empty when none is near."""
    if not word or len(word) > _LONGEST_WORD:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import, and needed for faults only

    by_lower = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.75)
    return by_lower[found[0]] if found else ""


def quoted(text: str) -> str:
    """A text of the user in backticks, on one line, cut when it is long."""
    if len(text) > _LONGEST_QUOTE:
        text = f"{text[:_LONGEST_QUOTE]}…"
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escaped(char) for char in text)
    return f"`{text}`"


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def one_of(words: Iterable[str]) -> str:
    """A list of what would have been valid: `` `a`, `b` or `c` ``."""
    *others, last = [f"`{word}`" for word in words]
    return f"{', '.join(others)} or {last}" if others else last

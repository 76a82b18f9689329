"""Cuts text into what a person sees as one character, as Terraform counts them.

NOTE: the rules of Unicode for scripts in which several letters are one are not all here.
"""

from __future__ import annotations

from collections.abc import Iterator


def clusters(text: str) -> Iterator[str]:
    """The characters of a text, as a person sees them."""
    if text.isascii():
        yield from _ascii(text)
        return
    current = ""
    flags = 0  # how many regional indicators end what has been read
    for char in text:
        if current and not _joined(current, char, flags):
            yield current
            current = ""
        flags = flags + 1 if "\U0001f1e6" <= char <= "\U0001f1ff" else 0
        current += char
    if current:
        yield current


def _ascii(text: str) -> Iterator[str]:
    for number, part in enumerate(text.split("\r\n")):
        if number:
            yield "\r\n"
        yield from part


def _joined(before: str, char: str, flags: int) -> bool:
    """Whether a character belongs to what stands before it."""
    last = before[-1]
    if last == "\r" or last < " ":
        return last == "\r" and char == "\n"
    if char == "\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff" or "\ufe00" <= char <= "\ufe0f":
        return True
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return flags % 2 == 1
    if last == "\u200d":
        return char >= "\u2190"
    return _is_mark(char) or _is_hangul(last, char)


def _is_mark(char: str) -> bool:
    from unicodedata import category  # noqa: PLC0415 - for few texts only

    return char > "\u02ff" and category(char) in ("Mn", "Me", "Mc")


def _is_hangul(last: str, char: str) -> bool:
    if not "\u1100" <= char <= "\u11ff":
        return False
    if "\u1100" <= last <= "\u115f":
        return char <= "\u11a7"
    if "\uac00" <= last <= "\ud7a3":
        return char >= "\u1160"
    return "\u1160" <= last <= "\u11ff" and char >= "\u1160"


def length(text: str) -> int:
    """How many characters a person sees."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in clusters(text))

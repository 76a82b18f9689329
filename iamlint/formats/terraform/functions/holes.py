"""What functions on texts can tell although there are holes in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.signatures import Asked
from iamlint.formats.terraform.values import Datum
from iamlint.syntax.holes import OWN_KINDS, Hole, Piece, pieces_of
from iamlint.syntax.value import Value

# What a hole of a kind of its own is made of.
_ALPHABETS = {
    "own-account": re.compile("[0-9]"),
    "own-partition": re.compile("[a-z-]"),
    "own-region": re.compile("[a-z0-9-]"),
    "own-suffix": re.compile("[a-z.]"),
}


def first_hole(run: Run, text: str) -> int:
    """How many characters stand before the first hole."""
    if text.isascii():
        return len(text)
    holes = run.world.table.holes
    return next((at for at, char in enumerate(text) if char in holes), len(text))


def apart_from(run: Run, datum: Datum, mark: str) -> bool:
    """Whether no hole in a text has anything to do with a mark that is looked for."""
    text = datum.string
    if not mark:
        return not run.holes(text)
    holes = [char for char in text if run.holes(char)]
    return all(_is_apart(run, char, mark) for char in holes)


def _is_apart(run: Run, char: str, mark: str) -> bool:
    if char in run.world.addresses:
        return "://" in mark
    alphabet = _ALPHABETS.get(run.world.table.holes[char].kind)
    return alphabet is not None and not alphabet.search(mark)


def edge(run: Run, text: str, mark: str, at_end: bool) -> bool | None:
    """Whether a text begins, or ends, with a mark; None where that depends on its holes."""
    if at_end:
        text, mark = text[::-1], mark[::-1]
    known = first_hole(run, text)
    if known >= len(mark):
        return text.startswith(mark)
    if text[:known] != mark[:known]:
        return False
    if known == len(text):
        return False
    if text[known] in run.world.addresses and not at_end and "://" in mark[known:]:
        return False
    hole = run.world.table.holes[text[known]]
    alphabet = _ALPHABETS.get(hole.kind)
    # No hole of these kinds is empty.
    return False if alphabet is not None and not alphabet.match(mark[known]) else None


def each_hole(asked: Asked, text: Value) -> Iterator[Piece]:
    """The pieces of a text, each hole one of its own: what the function makes of that hole."""
    run = asked.run
    for piece in pieces_of(text, 0, len(text.data)):
        if not run.holes(piece.text):
            yield piece
            continue
        for at, char in enumerate(piece.text):
            run.spend(1, asked.span)
            made = _worked(asked, char) if run.holes(char) else char
            yield piece._replace(text=made, start=piece.start + at)


def _worked(asked: Asked, char: str) -> str:
    run = asked.run
    hole = run.world.table.holes[char]
    if hole.kind in OWN_KINDS:
        return char
    name = run.world.names.short(f"{asked.name}({hole.name})")
    return run.world.char(Hole(name, hole.kind, (), hole.wild), asked.span)


def word_starts(text: str) -> set[int]:
    """Where words begin, as Go's `strings.Title` sees it."""
    found: set[int] = set()
    before = " "
    for at, char in enumerate(text):
        if _separates(before):
            found.add(at)
        before = char
    return found


def _separates(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return char.isspace()

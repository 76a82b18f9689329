"""Strings put together from pieces, and the holes in them: what nobody knows before deployment.

In the text of a string a hole is one character that no source holds, so that text may be cut,
joined and even parsed with holes in it; a table says what each such character stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from iamlint.source import Origin, Pieces, Source, Span
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple

_FIRST, _LAST = 0xF0000, 0x10FFFD  # the planes for private use, which no policy may hold


class Hole(NamedTuple):
    """A text that cannot be known before deployment.

    `name`: what a user calls it, such as `GitHubOrg` or `Cluster.Arn`. `kind`: what is known of
    it, see `KINDS`. `values`: all it can be, where that is known. `wild`: it may hold `*`.
    `sample`: a value it might have, where the kind alone does not tell one.
    """

    name: str
    kind: str = "text"
    values: tuple[str, ...] = ()
    wild: bool = True
    sample: str = ""


# What a hole can be known to be. The first four belong to the role itself: they are the same
# wherever they are written. A `name` is made up by AWS when a resource is made.
KINDS = ("own-account", "own-partition", "own-region", "own-suffix", "name", "text", "list", "arn")
OWN_KINDS = frozenset(KINDS[:4])
# What nobody could give a value to, and is not counted as unresolved.
GIVEN_KINDS = OWN_KINDS | {"name"}

Holes = Mapping[str, Hole]
NO_HOLES: Holes = {}


class Table:
    """Gives each hole a character of its own; holes that are equal share one."""

    __slots__ = ("_next", "_taken", "holes")

    def __init__(self, sources: Iterable[Source] = (), first: int = 0) -> None:
        self.holes: dict[str, Hole] = {}
        self._taken: dict[Hole, str] = {}
        self._next = max((_FIRST, first, *map(first_free, sources)))

    def char(self, hole: Hole) -> str:
        """The character that stands for the hole. Raises OverflowError when there is none left."""
        found = self._taken.get(hole)
        if found is None:
            if self._next > _LAST:
                raise OverflowError("more holes than characters for them")
            found = self._taken[hole] = chr(self._next)
            self.holes[found] = hole
            self._next += 1
        return found


def first_free(source: Source) -> int:
    """The first character that may stand for a hole beside a text.

    A text may hold such characters of its own, by accident or to deceive.
    """
    text = source.text
    if text.isascii() and not any(mark in text for mark in _MARKS):
        return _FIRST
    used = (code + 1 for code in _private(text) if _FIRST <= code <= _LAST)
    return max(used, default=_FIRST)


# Such a character as it is, or escaped as JSON, YAML and URLs do, however often.
_PRIVATE = (
    r"[\U000f0000-\U0010fffd]"
    r"|\\u(?P<high>[dD][bB][89a-fA-F][0-9a-fA-F])\\+u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\U(?P<code>00(?:0[fF]|10)[0-9a-fA-F]{4})"
    r"|(?P<bytes>%[fF][34](?:%[89abAB][0-9a-fA-F]){3})"
)
# What every such escape holds, however it goes on.
_MARKS = ("\\u", "\\U", "%f", "%F")


def has_private(text: str) -> bool:
    """Whether a text holds characters that a hole could be mistaken for."""
    return re.search(_PRIVATE, text) is not None


def _private(text: str) -> Iterator[int]:
    """The code points of all such characters in a text."""
    for found in re.finditer(_PRIVATE, text):
        if found["high"]:
            high, low = int(found["high"], 16), int(found["low"], 16)
            yield 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        elif found["code"]:
            yield int(found["code"], 16)
        elif found["bytes"]:
            yield ord(max(bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")))
        else:
            yield ord(found[0])


class Piece(NamedTuple):
    """A part of a composed string.

    `text` was written in `value`, from offset `start` of its decoded text on; with a `place` it
    was written there as a whole, whatever its length.
    """

    text: str
    value: Value
    start: int = 0
    place: Span | None = None

    def span(self, start: int, end: int) -> Span:
        """Where the code points `[start, end)` of the piece were written."""
        if self.place is not None:
            return self.place
        return self.value.part(self.start + start, self.start + end)


class Composed(Value):
    """A string put together from pieces; `span` is the expression that did so."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: Iterable[Piece], span: Span) -> None:
        self.pieces = tuple(piece for piece in pieces if piece.text)
        super().__init__("string", "".join(piece.text for piece in self.pieces), span)

    def derivation(self) -> Origin:
        cuts = [0]
        for piece in self.pieces:
            cuts.append(cuts[-1] + len(piece.text))
        origins: list[Origin] = list(self.pieces)
        return Pieces(self.span, cuts, origins)


def pieces_of(value: Value, start: int, end: int) -> list[Piece]:
    """The pieces of the part `[start, end)` of a string's decoded text."""
    if not isinstance(value, Composed):
        text = value.data[start:end]
        return [Piece(text, value, start)] if text else []
    if start <= 0 and end >= len(value.data):
        return list(value.pieces)
    found: list[Piece] = []
    at = 0
    for piece in value.pieces:
        if at >= end:
            break
        left, right = max(start - at, 0), min(end - at, len(piece.text))
        if left < right:
            text = piece.text[left:right]
            found.append(piece._replace(text=text, start=piece.start + left))
        at += len(piece.text)
    return found


class Filled(Value):
    """A string whose holes were given values; it stands where the string with holes does."""

    __slots__ = ("_open", "_parts")

    def __init__(self, open_value: Value, parts: tuple[str, ...]) -> None:
        self._open = open_value
        self._parts = parts  # each stands for one part of `_cut` of the open text
        super().__init__("string", "".join(parts), open_value.span)

    def derivation(self) -> Origin:
        cuts, origins = [0], list[Origin]()
        at = 0
        for part in self._parts:
            cuts.append(cuts[-1] + len(part))
        for written in _cut(self._open.data):
            place = self._open.part(at, at + 1) if is_hole(written) else None
            origins.append(Piece(written, self._open, at, place))
            at += len(written)
        return Pieces(self.span, cuts, origins)


def is_hole(text: str) -> bool:
    """Whether a text is the character of a hole, and nothing else."""
    return len(text) == 1 and ord(text) >= _FIRST


def _cut(text: str) -> list[str]:
    """A text as plain parts and holes."""
    return [part for part in re.split("([\U000f0000-\U0010fffd])", text) if part]


def holes_in(value: Value, holes: Holes) -> list[str]:
    """The characters of all holes in a value, keys included, in the order of their places."""
    found: dict[str, None] = {}
    todo = [value] if holes else []
    while todo:
        each = todo.pop()
        if each.kind == "string":
            if not each.data.isascii():
                found.update((char, None) for char in each.data if char in holes)
            continue
        for member in reversed(each.members):
            todo += (member.value, member.key)
        todo += reversed(each.items())
    return list(found)


def fill(value: Value, texts: Mapping[str, str]) -> Value:
    """The value with `texts` in place of the holes; parts without any are shared, not copied."""
    if not texts:
        return value
    pattern = re.compile("[" + "".join(map(re.escape, texts)) + "]")

    def filled(text: Value) -> Value:
        if not pattern.search(text.data):
            return text
        return Filled(text, tuple(texts.get(part, part) for part in _cut(text.data)))

    return changed(value, filled)


def changed(root: Value, change: Callable[[Value], Value]) -> Value:
    """The value with all its strings changed, keys included; parts without any are shared."""
    # Bottom up, without recursion: documents may be deep.
    done: dict[int, Value] = {}
    todo = [(root, False)]
    while todo:
        value, ready = todo.pop()
        children = _children(value)
        if children and not ready:
            todo.append((value, True))
            todo += ((child, False) for child in children)
        elif value.kind == "string":
            done[id(value)] = change(value)
        else:
            done[id(value)] = _made_of(value, children, done)
    return done[id(root)]


def _made_of(value: Value, children: list[Value], done: Mapping[int, Value]) -> Value:
    if all(done[id(child)] is child for child in children):
        return value
    if value.kind == "array":
        return Value("array", tuple(done[id(item)] for item in children), value.span)
    members = (Member(done[id(key)], done[id(item)]) for key, item in value.members)
    return Value("object", tuple(members), value.span)


def _children(value: Value) -> list[Value]:
    if value.kind == "object":
        return [part for member in value.members for part in member]
    return list(value.items())

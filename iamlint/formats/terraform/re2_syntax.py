"""Reads the regular expressions of Go into programs for `re2_match`.

The dialect is RE2: no look-around, no back-references. Python's own `re` differs in a dozen
places, and takes for ever over some patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import category

from iamlint.typed import NamedTuple

_MOST = 4_000  # instructions
_REPEATS = 1_000
_DEPTH = 60


class BadPattern(Exception):
    """A pattern that Go refuses; the reason in words."""


class Unsupported(Exception):
    """A pattern that Go takes, and that is not read here; the reason in words."""


class Op(NamedTuple):
    """One instruction: `char` with a test, `split` to two, `jump`, `save`, `assert`, `match`."""

    kind: str
    test: Callable[[str], bool] | None = None
    one: int = 0
    two: int = 0


class Program(NamedTuple):
    """A pattern, ready to be matched."""

    ops: list[Op]
    groups: int
    names: tuple[str | None, ...]  # of the groups, in order


Range = tuple[str, str]
Node = tuple[object, ...]

_PERL: dict[str, tuple[Range, ...]] = {
    "d": (("0", "9"),),
    "s": (("\t", "\n"), ("\f", "\r"), (" ", " ")),
    "w": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
}
_POSIX: dict[str, tuple[Range, ...]] = {
    "alnum": (("0", "9"), ("A", "Z"), ("a", "z")),
    "alpha": (("A", "Z"), ("a", "z")),
    "ascii": (("\0", "\x7f"),),
    "blank": (("\t", "\t"), (" ", " ")),
    "cntrl": (("\0", "\x1f"), ("\x7f", "\x7f")),
    "digit": (("0", "9"),),
    "graph": (("!", "~"),),
    "lower": (("a", "z"),),
    "print": ((" ", "~"),),
    "punct": (("!", "/"), (":", "@"), ("[", "`"), ("{", "~")),
    "space": (("\t", "\r"), (" ", " ")),
    "upper": (("A", "Z"),),
    "word": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
    "xdigit": (("0", "9"), ("A", "F"), ("a", "f")),
}
_ESCAPES = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CODE = re.compile(r"x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|([0-7]{2,3}|0)")
_PROPERTY = re.compile(r"\\([pP])(?:\{(\^?)([LMNPSZC][a-z]?)\}|([LMNPSZC]))")
_NAME = re.compile(r"\(\?P?<(\w+)>", re.ASCII)
_FLAGS = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?([:)])")
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}", re.ASCII)


def compiled(pattern: str) -> Program:
    """The program of a pattern. Raises BadPattern and Unsupported."""
    reader = _Reader(pattern)
    node = reader.alternatives(0)
    if reader.at < len(pattern):
        raise BadPattern("there is a `)` without a `(`")
    writer = _Writer()
    writer.write(("group", node, 0))
    writer.ops.append(Op("match"))
    return Program(writer.ops, len(reader.names) + 1, tuple(reader.names))


class _Reader:
    """A cursor in a pattern."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self.at = 0
        self.names: list[str | None] = []
        self._flags = frozenset[str]()

    def _next(self) -> str:
        return self._text[self.at : self.at + 1]

    def alternatives(self, depth: int) -> Node:
        if depth > _DEPTH:
            raise Unsupported("it is nested too deeply")
        outer = self._flags
        found = [self._sequence(depth)]
        while self._next() == "|":
            self.at += 1
            found.append(self._sequence(depth))
        self._flags = outer
        return ("or", found) if len(found) > 1 else found[0]

    def _sequence(self, depth: int) -> Node:
        items: list[Node] = []
        while self._next() not in ("", "|", ")"):
            if self._text.startswith("\\Q", self.at):
                items += self._quoted()
                continue
            item = self._atom(depth)
            if item is not None:
                items.append(self._repeated(item))
        return ("all", items)

    def _quoted(self) -> list[Node]:
        end = self._text.find("\\E", self.at)
        text = self._text[self.at + 2 : end if end >= 0 else len(self._text)]
        self.at = end + 2 if end >= 0 else len(self._text)
        return [self._literal(char) for char in text]

    def _repeated(self, node: Node) -> Node:
        is_repeated = False
        while True:
            span = self._bounds()
            if span is None:
                return node
            if is_repeated:
                raise BadPattern("a repetition is repeated")
            is_repeated = True
            lazy = self._next() == "?"
            self.at += lazy
            node = ("repeat", node, *span, lazy is not ("U" in self._flags))

    def _bounds(self) -> tuple[int, int | None] | None:
        mark = self._next()
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if mark in simple:
            self.at += 1
            return simple[mark]
        found = _COUNT.match(self._text, self.at)
        if found is None:
            return None
        self.at = found.end()
        low = int(found[1][:9])
        high = low if not found[2] else int(found[3][:9]) if found[3] else None
        if low > _REPEATS or (high or 0) > _REPEATS or (high is not None and high < low):
            raise BadPattern("a repetition has a count that is not valid")
        return low, high

    def _atom(self, depth: int) -> Node | None:
        char = self._next()
        if char in "*+?":
            raise BadPattern(f"there is nothing before `{char}` to be repeated")
        if char == "(":
            return self._group(depth)
        if char == "[":
            return ("char", self._class())
        if char == "\\":
            return self._escape()
        self.at += 1
        if char == ".":
            dotall = "s" in self._flags
            return ("char", (lambda _: True) if dotall else (lambda c: c != "\n"))
        if char in "^$":
            multiline = "m" in self._flags
            return ("assert", {"^": "line-start", "$": "line-end"}[char] if multiline else char)
        return self._literal(char)

    def _literal(self, char: str) -> Node:
        if "i" in self._flags:
            folded = {char, char.lower(), char.upper()}
            return ("char", lambda c: c in folded)
        return ("char", lambda c: c == char)

    def _group(self, depth: int) -> Node | None:
        named = _NAME.match(self._text, self.at)
        if named or not self._text.startswith("(?", self.at):
            name = named[1] if named else None
            if name and name in self.names:
                raise BadPattern("two groups have the same name")
            self.names.append(name)
            number = len(self.names)
            self.at = named.end() if named else self.at + 1
            return ("group", self._closed(depth), number)
        flags = _FLAGS.match(self._text, self.at)
        if flags is None:
            raise BadPattern("`(?` is followed by what Go does not know, such as a look-ahead")
        self.at = flags.end()
        made = (self._flags | set(flags[1])) - set(flags[2] or "")
        if flags[3] == ")":
            self._flags = made
            return None
        outer, self._flags = self._flags, made
        node = self._closed(depth)
        self._flags = outer
        return node

    def _closed(self, depth: int) -> Node:
        node = self.alternatives(depth + 1)
        if self._next() != ")":
            raise BadPattern("a `(` is never closed")
        self.at += 1
        return node

    def _escape(self) -> Node:
        char = self._text[self.at + 1 : self.at + 2]
        if char in ("A", "z", "b", "B"):
            self.at += 2
            return ("assert", {"A": "^", "z": "$"}.get(char, char))
        if char.lower() in _PERL and char:
            self.at += 2
            return ("char", _tester(_PERL[char.lower()], char.isupper()))
        if char in ("p", "P"):
            return ("char", self._category())
        return self._literal(self._escaped())

    def _category(self) -> Callable[[str], bool]:
        """`\\pL`, `\\p{Lu}`, `\\P{Nd}`."""
        found = _PROPERTY.match(self._text, self.at)
        if found is None:
            raise Unsupported("a property of characters is not supported here")
        self.at = found.end()
        negated = (found[1] == "P") is not (found[2] == "^")
        name = found[3] or found[4]
        return lambda char: category(char).startswith(name) is not negated

    def _escaped(self) -> str:
        """The one character that an escape stands for."""
        char = self._text[self.at + 1 : self.at + 2]
        if not char:
            raise BadPattern("it ends with a backslash")
        if char in "pPC":
            raise Unsupported(f"`\\{char}` is not supported here")
        code = _CODE.match(self._text, self.at + 1)
        if code:
            self.at = code.end()
            number = int(code[3], 8) if code[3] else int(code[1] or code[2], 16)
            if number > 0x10FFFF:
                raise BadPattern("there is no such character")
            return chr(number)
        self.at += 2
        if char in _ESCAPES:
            return _ESCAPES[char]
        if char.isalnum() or ord(char) > 127:
            raise BadPattern(f"`\\{char}` has no meaning")
        return char

    def _class(self) -> Callable[[str], bool]:
        self.at += 1
        negated = self._next() == "^"
        self.at += negated
        tests: list[Callable[[str], bool]] = []
        ranges: list[Range] = []
        first = True
        while self._next() != "]" or first:
            first = False
            if not self._next():
                raise BadPattern("a `[` is never closed")
            test = self._named_class()
            if test is not None:
                tests.append(test)
            else:
                ranges.append(self._range())
        self.at += 1
        tests.append(_tester(tuple(ranges), False))
        return _any(tests, negated, "i" in self._flags)

    def _named_class(self) -> Callable[[str], bool] | None:
        text, at = self._text, self.at
        if text.startswith("[:", at):
            end = text.find(":]", at)
            name = text[at + 2 : end].removeprefix("^")
            if end > 0 and name in _POSIX:
                self.at = end + 2
                return _tester(_POSIX[name], text[at + 2] == "^")
            raise BadPattern("there is no such class of characters")
        char = text[at + 1 : at + 2]
        if text[at] == "\\" and char and char.lower() in _PERL:
            self.at += 2
            return _tester(_PERL[char.lower()], char.isupper())
        return None

    def _range(self) -> Range:
        low = self._one()
        if self._next() == "-" and self._text[self.at + 1 : self.at + 2] not in ("]", ""):
            self.at += 1
            high = self._one()
            if high < low:
                raise BadPattern("a range of characters ends before it begins")
            return low, high
        return low, low

    def _one(self) -> str:
        if self._next() == "\\":
            return self._escaped()
        self.at += 1
        return self._text[self.at - 1]


def _tester(ranges: tuple[Range, ...], negated: bool) -> Callable[[str], bool]:
    return lambda char: any(low <= char <= high for low, high in ranges) is not negated


def _any(tests: list[Callable[[str], bool]], negated: bool, fold: bool) -> Callable[[str], bool]:
    def test(char: str) -> bool:
        chars = {char, char.lower(), char.upper()} if fold else (char,)
        return any(each(one) for each in tests for one in chars) is not negated

    return test


class _Writer:
    """Writes the instructions of a pattern; recursion is as deep as the reader's."""

    def __init__(self) -> None:
        self.ops: list[Op] = []

    def write(self, node: Node) -> None:
        if len(self.ops) > _MOST:
            raise Unsupported("it is too large")
        getattr(self, f"_{node[0]}")(*node[1:])

    def _char(self, test: Callable[[str], bool]) -> None:
        self.ops.append(Op("char", test))

    def _assert(self, what: str) -> None:
        self.ops.append(Op(what))

    def _all(self, items: list[Node]) -> None:
        for item in items:
            self.write(item)

    def _group(self, node: Node, number: int) -> None:
        self.ops.append(Op("save", None, 2 * number))
        self.write(node)
        self.ops.append(Op("save", None, 2 * number + 1))

    def _or(self, branches: list[Node]) -> None:
        jumps: list[int] = []
        for branch in branches[:-1]:
            split = self._reserve()
            self.write(branch)
            jumps.append(self._reserve())
            self.ops[split] = Op("split", None, split + 1, len(self.ops))
        self.write(branches[-1])
        for jump in jumps:
            self.ops[jump] = Op("jump", None, len(self.ops))

    def _reserve(self) -> int:
        self.ops.append(Op("match"))
        return len(self.ops) - 1

    def _repeat(self, node: Node, low: int, high: int | None, lazy: bool) -> None:
        for _ in range(low):
            self.write(node)
        if high is None:
            split = self._reserve()
            self.write(node)
            self.ops.append(Op("jump", None, split))
            self.ops[split] = self._split(split, lazy)
            return
        splits: list[int] = []
        for _ in range(high - low):
            splits.append(self._reserve())
            self.write(node)
        for split in splits:
            self.ops[split] = self._split(split, lazy)

    def _split(self, at: int, lazy: bool) -> Op:
        inside, behind = at + 1, len(self.ops)
        return Op("split", None, behind, inside) if lazy else Op("split", None, inside, behind)

"""Maps the decoded text of a YAML scalar back to the characters it was written with."""

from __future__ import annotations

import re

from iamlint.source import Derivation, Span
from iamlint.syntax.escapes import decode

BREAKS = "\n\r\x85\u2028\u2029"  # what ends a line in YAML 1.1
_BREAK = "(?:\r\n|[\n\r\x85\u2028\u2029])"
_FOLD = f"[ \t]*(?:{_BREAK}[ \t]*)+"
_ESCAPE = (
    rf"\\x[0-9a-fA-F]{{2}}|\\u[0-9a-fA-F]{{4}}|\\U[0-9a-fA-F]{{8}}|\\(?:{_BREAK}[ \t]*)+|\\[^xuU]"
)
_CODES = "xuU"  # escapes that give the number of a code point
_SHORT = dict(zip("0abtnvfeNL_P", "\0\a\b\t\n\v\f\x1b\x85\u2028\xa0\u2029", strict=True))
_SHORT["r"] = "\r"
_LINE_END = re.compile(_BREAK)
_DECODED_BREAKS = re.compile("[\n\u2028\u2029]*")  # the others come out as `\n`
_SPACES = re.compile(" *")


def block_end(text: str, start: int, end: int) -> int:
    """The end of the last line that is not blank, of the block scalar at `[start, end)`."""
    last = start + len(text[start:end].rstrip(BREAKS + " \t"))
    found = _LINE_END.search(text, last, end)
    return found.start() if found else end


def derive(span: Span, data: str, style: str) -> Derivation | None:
    """How `data` came out of a scalar's span; None when it cannot be followed.

    The text is decoded once more, only now that somebody asks, and must come out the same.
    """
    if style in ("literal", "folded"):
        return _Block(span, data).derivation()
    if style == "plain":
        if span.end - span.start == len(data):
            return Derivation(span.source, [0, len(data)], [span.start, span.end])
        text, derivation = decode(span, _FOLD, _folded)
    else:
        inner = Span(span.source, span.start + 1, span.end - 1)
        if style == "single":
            text, derivation = decode(inner, "''|" + _FOLD, _quoted)
        else:
            text, derivation = decode(inner, f"{_ESCAPE}|{_FOLD}", _escaped)
    return derivation if text == data else None


def _quoted(written: str) -> str:
    return "'" if written == "''" else _folded(written)


def _escaped(written: str) -> str:
    if written[0] != "\\":
        return _folded(written)
    if written[1] in _CODES:
        return chr(int(written[2:], 16))
    if written[1] in BREAKS:  # a line end that is escaped is none; more of them are
        return "".join(_line_ends(written)[1:])
    return _SHORT.get(written[1], written[1])


def _folded(written: str) -> str:
    """Line ends and the blanks around them: one is a space, and of several the first vanishes."""
    first, *others = _line_ends(written)
    if first != "\n":
        return first + "".join(others)
    return "".join(others) or " "


def _line_ends(written: str) -> list[str]:
    return [end if end in "\u2028\u2029" else "\n" for end in _LINE_END.findall(written)]


class _Block:
    """One walk over the lines of a literal or folded scalar, side by side with its decoded text.

    What became of a line end (kept, folded to a space, dropped) is read off the decoded text,
    so the header's indicators and the rules of folding need no second implementation.
    """

    def __init__(self, span: Span, data: str) -> None:
        self.source = span.source
        self.text = span.source.text
        self.data = data
        self.at = self._line_end(span.start)[1]
        self.indent = self._indent()
        self.done = 0  # code points of the decoded text that are mapped
        self.starts = [0]
        self.origins = [self.at]

    def derivation(self) -> Derivation | None:
        while self.done < len(self.data):
            before = self.at
            if not self._line() or self.at == before:
                return None
        return Derivation(self.source, self.starts, self.origins)

    def _line(self) -> bool:
        """Maps one line and its end; False when it is not what the decoded text says."""
        stop, after = self._line_end(self.at)
        start = self._inside(self.at)
        line = self.text[start:stop]
        if not self.data.startswith(line, self.done):
            return False
        self._step(0, start)
        self._step(len(line), stop)
        if self.done < len(self.data) and after > stop:
            self._step(0 if line and self._drops(after) else 1, after)
        self.at = after
        return True

    def _drops(self, after: int) -> bool:
        """Whether a line end vanishes for the blank lines after it."""
        found = _DECODED_BREAKS.match(self.data, self.done)
        kept = found.end() - self.done if found else 0
        return 0 < kept == self._blank_lines(after) and self.done + kept < len(self.data)

    def _blank_lines(self, at: int) -> int:
        count = 0
        while True:
            stop, after = self._line_end(at)
            if self._inside(at) < stop or after == stop:
                return count
            count += 1
            at = after

    def _indent(self) -> int:
        """The columns that every line is indented by: those that the first one has lost."""
        at, first = self.at, 0
        while self.data.startswith(("\n", "\u2028", "\u2029"), first):
            first += 1
            at = self._line_end(at)[1]
        if first == len(self.data):  # there are blank lines only
            return len(self.text)
        return _spaces(self.text, at) - _spaces(self.data, first)

    def _inside(self, at: int) -> int:
        return at + min(self.indent, _spaces(self.text, at))

    def _line_end(self, at: int) -> tuple[int, int]:
        """Where a line ends, and where the next begins."""
        found = _LINE_END.search(self.text, at)
        return found.span() if found else (len(self.text), len(self.text))

    def _step(self, size: int, stop: int) -> None:
        """What the next `size` decoded code points were written as, up to `stop`."""
        if stop > self.origins[-1]:
            self.done += size
            self.starts.append(self.done)
            self.origins.append(stop)


def _spaces(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return found.end() - at if found else 0

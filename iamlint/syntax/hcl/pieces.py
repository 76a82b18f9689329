"""Puts the pieces of a template together: what `~` and indents take away, what directives hold."""

from __future__ import annotations

import re

from iamlint.source import Source
from iamlint.syntax.hcl.node import Expression, Head
from iamlint.syntax.hcl.problems import Fault
from iamlint.syntax.hcl.templates import Choice, Interpolation, Loop, Part, Text
from iamlint.syntax.hcl.text import SPACE, Cut, Tell, decoded, trimmed

# HCL cuts text into tokens, and takes space and indents away from single tokens.
_QUOTED_TOKEN = r"(?:[^\\$%]|\\.)+|\$\$\{|%%\{|[$%]"
# NOTE: that a `$` and the last letter of a line are one is an oddity of its scanner.
_TOKEN = r"[$%](?![{\r\n])[\x00-\x7f](?=\r?\n)|[^$%\n]*\n|[^$%\n]+|\$\$\{|%%\{|[$%]"
_CLOSERS = {"if": "endif", "for": "endfor"}


class Directive:
    """`%{ keyword … }`, with a condition after `if`, a head after `for`."""

    __slots__ = ("condition", "end", "head", "keyword", "start")

    def __init__(
        self, keyword: str, start: int, condition: Expression | None, head: Head | None
    ) -> None:
        self.keyword = keyword
        self.start = start
        self.end = start
        self.condition = condition
        self.head = head


class _Run:
    """Literal text between two sequences; `start` and `end` are what `~` leaves of it."""

    __slots__ = ("cuts", "end", "start", "tokens")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.tokens: list[Cut] = []  # where they have been needed
        self.cuts: tuple[Cut, ...] | None = None  # of a text without its indents

    def split(self, text: str, quoted: bool) -> list[Cut]:
        """The tokens as HCL cuts them."""
        if not self.tokens:
            pattern = re.compile(_QUOTED_TOKEN if quoted else _TOKEN)
            self.tokens = [found.span() for found in pattern.finditer(text, self.start, self.end)]
        return self.tokens


class Pieces:
    """The pieces of one template, collected in the order of the text."""

    __slots__ = ("_all", "_quoted", "_source", "_strip", "_tell")

    def __init__(self, source: Source, quoted: bool, tell: Tell) -> None:
        self._source = source
        self._quoted = quoted
        self._tell = tell
        self._strip = False  # a `~}` has just ended
        self._all: list[_Run | Interpolation | Directive] = []

    def run(self, start: int, end: int) -> None:
        """Adds literal text."""
        if start == end:
            return
        run = _Run(start, end)
        if self._strip:
            first = run.split(self._source.text, self._quoted)[0]
            run.start = trimmed(self._source, first, self._quoted, "left")[0]
        self._strip = False
        self._all.append(run)

    def sequence(self, piece: Interpolation | Directive, before: bool, after: bool) -> None:
        """Adds what is in braces, and whether a `~` strips the text before and after it."""
        last = self._all[-1] if self._all else None
        if before and isinstance(last, _Run):
            token = last.split(self._source.text, self._quoted)[-1]
            cut = (max(token[0], last.start), last.end)
            last.end = trimmed(self._source, cut, self._quoted, "right")[1]
        self._strip = after
        self._all.append(piece)

    @staticmethod
    def levels(piece: Interpolation | Directive) -> int:
        """How many levels deeper what follows the piece is."""
        if isinstance(piece, Interpolation) or piece.keyword == "else":
            return 0
        return 1 if piece.keyword in _CLOSERS else -1

    def parts(self) -> tuple[Part, ...]:
        """The parts, those between directives inside of these; raises Fault."""
        parts: list[Part] = []
        open_: list[_Open] = []
        for piece in self._all:
            if isinstance(piece, _Run):
                parts.append(self._text(piece))
            elif isinstance(piece, Interpolation):
                parts.append(piece)
            elif piece.keyword in _CLOSERS:
                open_.append(_Open(piece, parts))
                parts = []
            else:
                parts = _closed(self._source, piece, open_, parts)
        if open_:
            opener = open_[-1].opener
            closer = f"%{{ {_CLOSERS[opener.keyword]} }}"
            message = f"this `%{{ {opener.keyword} }}` is never closed"
            raise Fault(opener.start, opener.end, message, f"add `{closer}`")
        return tuple(parts)

    def _text(self, run: _Run) -> Text:
        cuts = run.cuts or ((run.start, run.end),)
        text = self._source.text[run.start : run.end]
        if len(cuts) > 1 or "{" in text or (self._quoted and "\\" in text):
            text = decoded(self._source, cuts, self._quoted, self._tell)[0]
        elif run.cuts:
            text = self._source.text[cuts[0][0] : cuts[0][1]]
        return Text(self._source, cuts, self._quoted, text)

    def flush(self) -> None:
        """Takes away the indent that all lines share, as `<<-` asks.

        A line of nothing but space does not count, and keeps its space.
        """
        text = self._source.text
        indents: list[int] = []
        leading: dict[int, int] = {}  # where a line's text begins: where its token ends
        fresh = True  # the next piece begins a line
        for piece in self._all:
            if not isinstance(piece, _Run):
                indents += [0] if fresh else []
                fresh = False
                continue
            for start, end in _kept(piece, text):
                token = text[start:end]
                bare = token.lstrip(SPACE)
                if fresh and (bare or not token.endswith("\n")):
                    indents.append(len(token) - len(bare))
                    leading[start] = end
                fresh = token.endswith("\n")
        indent = min(indents, default=0)
        for piece in self._all:
            if indent and isinstance(piece, _Run):
                cuts = _kept(piece, text)
                piece.cuts = _joined([(s + indent if s in leading else s, e) for s, e in cuts])


class _Open:
    """A directive that waits for its end, and the parts that were read before it."""

    __slots__ = ("before", "opener", "otherwise", "then")

    def __init__(self, opener: Directive, before: list[Part]) -> None:
        self.opener = opener
        self.before = before
        self.then: list[Part] | None = None  # once `else` has been read


def _closed(source: Source, closer: Directive, open_: list[_Open], parts: list[Part]) -> list[Part]:
    """The parts to go on with after an `else` or an end."""
    word = closer.keyword
    frame = open_[-1] if open_ else None
    if frame is None:
        raise Fault(closer.start, closer.end, f"`%{{ {word} }}` closes nothing", "remove it")
    opener = frame.opener
    if word == "else" and opener.keyword == "if" and frame.then is None:
        frame.then = parts
        return []
    due = _CLOSERS[opener.keyword]
    if word != due:
        message = f"`%{{ {word} }}` stands where `%{{ {due} }}` is due"
        raise Fault(closer.start, closer.end, message, f"close the `%{{ {opener.keyword} }}` first")
    open_.pop()
    frame.before.append(_whole(source, frame, closer.end, tuple(parts)))
    return frame.before


def _whole(source: Source, frame: _Open, end: int, parts: tuple[Part, ...]) -> Choice | Loop:
    opener = frame.opener
    if opener.head is not None:
        return Loop(source, opener.start, end, opener.head, parts)
    assert opener.condition is not None
    then, otherwise = (parts, ()) if frame.then is None else (tuple(frame.then), parts)
    return Choice(source, opener.start, end, opener.condition, then, otherwise)


def _kept(run: _Run, text: str) -> list[Cut]:
    """The tokens of a run in a heredoc, without what `~` took away."""
    return [(max(s, run.start), min(e, run.end)) for s, e in run.split(text, quoted=False)]


def _joined(cuts: list[Cut]) -> tuple[Cut, ...]:
    """The same text in as few cuts as can be."""
    cuts = [(start, end) for start, end in cuts if start < end] or cuts[:1]
    joined = cuts[:1]
    for start, end in cuts[1:]:
        if start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)

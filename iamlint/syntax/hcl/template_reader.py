"""Reads templates: strings between quotes, heredocs, and texts that are templates as a whole."""

from __future__ import annotations

import re

from iamlint.syntax.hcl.cursor import Cursor
from iamlint.syntax.hcl.node import Expression, Head
from iamlint.syntax.hcl.pieces import Directive, Pieces
from iamlint.syntax.hcl.problems import Fault, misplaced
from iamlint.syntax.hcl.templates import Interpolation, Template
from iamlint.syntax.hcl.text import SPACE, Cut
from iamlint.syntax.hcl.tokens import FREE, QUOTED_RUN, RUN, name_end
from iamlint.syntax.json_problems import shown

_ESCAPES = (
    'a backslash is `\\\\`; escapes are `\\n` `\\r` `\\t` `\\"` `\\\\` `\\uXXXX` `\\UXXXXXXXX`'
)
_FOR = "it is `for value in collection`, or `for key, value in collection`"
_HEREDOC = "write `<<EOT`, the text on lines of its own, then `EOT` alone on a line"
_LITERALLY = "a `${` that is meant literally is written `$${`, a `%{` is `%%{`"
_WORDS = "directives are `if`, `else`, `endif`, `for` and `endfor`"


class Templates(Cursor):
    """A cursor that reads templates, with the expressions in them."""

    def expression(self) -> Expression:
        raise NotImplementedError

    def whole(self) -> Template:
        """The whole text as one template."""
        start, pieces = self.at, self._pieces(quoted=False)
        while self._run(pieces, len(self.text)):
            self._sequence(pieces)
        return Template(self.source, start, self.at, pieces.parts())

    def quoted(self, start: int) -> Template:
        """The string whose quote is at `start`."""
        pieces, depth = self._pieces(quoted=True), self.depth
        self.at = start + 1
        while True:
            if found := QUOTED_RUN(self.text, self.at):
                pieces.run(self.at, found.end())
                self.at = found.end()
            mark = self.text[self.at : self.at + 1]
            if mark == '"':
                break
            if mark not in ("$", "%"):
                advice = 'put `"` where it ends; a line break inside is written `\\n`'
                raise Fault(start, self.at, "this string is not closed on its line", advice)
            self._sequence(pieces)
        self.at += 1
        self.depth = depth
        return Template(self.source, start, self.at, pieces.parts())

    def heredoc(self, start: int) -> Template:
        """The heredoc whose `<<` is at `start`; the end of its last line is not passed over."""
        tag = self._tag(start)
        pieces, begin, depth = self._pieces(quoted=False), self.at, self.depth
        first, last = self._last_line(start, tag, begin)
        while self._run(pieces, first):
            self._sequence(pieces)
            if self.at > first:  # what looked like the last line was inside of braces
                first, last = self._last_line(start, tag, self.at)
        if self.returns and (lone := re.compile(r"\r(?!\n)").search(self.text, begin, last)):
            raise misplaced(self.text, lone.start(), "in a heredoc")
        if self.text.startswith("-", start + 2):
            pieces.flush()
        self.at, self.depth = last, depth
        end = first + len(self.text[first:last].rstrip(SPACE))
        return Template(self.source, start, end, pieces.parts())

    def head(self, start: int) -> Head:
        """`for key, value in collection`, from after the `for` at `start` on."""
        due = "where the name of a variable is due"
        key, value = None, self.name(due, _FOR)
        if self.take(","):
            key, value = value, self.name(due, _FOR)
        if not self.take_word("in"):
            raise self.misplaced("where `in` is due", _FOR)
        return Head(start, key, value, self.expression())

    def _pieces(self, quoted: bool) -> Pieces:
        return Pieces(self.source, quoted, self._bad_escape)

    def _run(self, pieces: Pieces, stop: int) -> bool:
        """Reads literal text up to `stop`, or to braces; whether these come first."""
        if found := RUN(self.text, self.at, stop):
            pieces.run(self.at, found.end())
            self.at = found.end()
        return self.at < stop

    def _tag(self, start: int) -> str:
        """The tag of the heredoc at `start`; goes on to the line after it."""
        at = start + 2 + self.text.startswith("-", start + 2)
        self.at = name_end(self.text, at)
        tag = self.text[at : self.at]
        if not tag:
            raise Fault(start, at, f"{shown(self.text[start:at])} begins no heredoc here", _HEREDOC)
        end = self.at + self.text.startswith("\r\n", self.at)
        if not self.text.startswith("\n", end):
            advice = "nothing may follow it on its line, not even a blank"
            raise Fault(
                start, self.at, f"the line of {shown(self.text[start : self.at])} goes on", advice
            )
        self.at = end + 1
        return tag

    def _last_line(self, start: int, tag: str, at: int) -> Cut:
        """The line with nothing but the tag, without its end; `at` is the earliest it can begin."""
        text = self.text
        while tag not in self.endless and (found := text.find(tag, at)) >= 0:
            first = text.rfind("\n", 0, found) + 1
            end = text.find("\n", found)
            if first >= at and end >= 0 and text[first:end].strip(SPACE) == tag:
                return first, end - (text[end - 1] == "\r")
            at = end if end >= 0 else len(text)
        self.endless.add(tag)
        advice = f"write {shown(tag)} on a line of its own after the text, and end that line"
        raise Fault(start, start + 2 + len(tag), "this heredoc is never closed", advice)

    def _sequence(self, pieces: Pieces) -> None:
        """Reads what is in the braces at the cursor."""
        start, outer = self.at, self.mode
        self.deeper(start)
        before = self.text.startswith("~", start + 2)
        self.at = start + 2 + before
        self.mode = FREE
        piece: Interpolation | Directive
        if self.text[start] == "$":
            piece = Interpolation(self.source, start, start, self.expression())
        else:
            piece = self._directive(start)
        after = self.take("~}")
        if not after:
            self.expect("}", "where `}` is due", _LITERALLY)
        piece.end = self.at
        self.mode = outer
        self.depth += pieces.levels(piece) - 1
        pieces.sequence(piece, before, after)

    def _directive(self, start: int) -> Directive:
        at = self.gap(FREE)
        word = self.name("where a directive is due", _WORDS).text
        if word == "if":
            return Directive(word, start, self.expression(), None)
        if word == "for":
            return Directive(word, start, None, self.head(at))
        if word in ("else", "endif", "endfor"):
            return Directive(word, start, None, None)
        raise Fault(at, self.at, f"{shown(word)} is not a directive", _WORDS)

    def _bad_escape(self, start: int, end: int) -> None:
        written = shown(self.text[start:end])
        self.told.tell(Fault(start, end, f"{written} is not an escape of HCL", _ESCAPES))

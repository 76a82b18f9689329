"""Reads the structure of HCL: bodies with their arguments and blocks, past what is broken."""

from __future__ import annotations

import re

from iamlint.source import Source
from iamlint.syntax.hcl.bodies import Attribute, Block, Body, Label
from iamlint.syntax.hcl.expression_reader import Expressions
from iamlint.syntax.hcl.expressions import Unreadable
from iamlint.syntax.hcl.problems import Fault
from iamlint.syntax.hcl.recovery import skipped
from iamlint.syntax.hcl.tokens import END, FREE, ITEM, LABEL, LINE
from iamlint.syntax.json_problems import shown

_CLOSER, _NAME, _EQUAL, _LABELS = 1, 2, 3, 4  # groups of ITEM
_NO_ITEM = ("\n", "\r\n", "#", "//", "/*", "}")  # what may follow `{` before a line break
_ITEM_DUE = "where an argument or a block is due"
_FORMS = 'an argument is written `name = value`, a block `type "label" { … }`'
_ONE_LINE = "on one line a block may hold one argument; put each on a line of its own"
_ALONE = "an argument or a block ends with its line"


class Bodies(Expressions):
    """A cursor that reads bodies and notes what is wrong in them.

    `broken`: something of the innermost body is missing. `lost`: a top-level block begins at the
    cursor, or has ended there, whatever is open. `outside`: what was read inside of a block that
    is never closed, and seems to stand after it.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.broken = False
        self.lost = False
        self.outside: list[Attribute | Block] = []
        self.cut_off = False  # the end of the text inside of a block has been told

    def file(self) -> Body:
        """The whole text as one body."""
        items = self._items(inside=False)
        while self.lost:
            self.lost = False
            items += self._items(inside=False)
        items += self.outside
        self._tell_twice(items)
        return Body(self.source, 0, len(self.text), tuple(items), not self.broken)

    def _items(self, inside: bool) -> list[Attribute | Block]:
        """The items up to the `}` of the body, or to the end of the text."""
        items: list[Attribute | Block] = []
        depth = self.depth
        while not (self.lost or self.told.hopeless):
            start = self.at
            try:
                found = ITEM(self.text, start)
                kind = found.lastindex if found else None
                if found is None:
                    start = self.at = self.gap(FREE)
                    if start == len(self.text):
                        return items
                    items.append(self._odd_item(start))
                elif kind == _CLOSER:
                    self.at = found.start(_CLOSER)
                    if inside:
                        return items
                    self._stray()
                elif kind == _EQUAL:
                    self.at = found.end()
                    items.append(self._attribute(found.start(_NAME), found[_NAME]))
                else:
                    items.append(self._plain_block(found))
            except Fault as fault:
                self.depth, self.mode = depth, LINE
                self._skip(fault, start)
        self.broken = True
        return items

    def _stray(self) -> None:
        self.told.tell(Fault(self.at, self.at + 1, "this `}` closes nothing", "remove it"))
        self.broken = True
        self.at += 1

    def _skip(self, fault: Fault, start: int) -> None:
        """Tells a fault and goes to where reading can go on; `start`: what is given up."""
        self.told.tell(fault)
        self.broken = True
        self.at, self.lost = skipped(self.text, start, fault.start, self.endless)

    def _line_end(self) -> None:
        """Goes to the next line, over a fault if need be."""
        if self.text.startswith("\n", self.at):
            self.at += 1
        elif found := END(self.text, self.at):
            self.at = found.end()
        else:
            self._skip(self.misplaced("where the line is to end", _ALONE), self.at)

    def _attribute(self, start: int, name: str, one_line: bool = False) -> Attribute:
        """The argument whose `=` has just been passed over."""
        at, depth = self.at, self.depth
        try:
            value = self.expression()
        except Fault as fault:
            self.depth, self.mode = depth, LINE
            value = self._unreadable(fault, at)
        else:
            if not one_line:
                self._line_end()
        return Attribute(self.source, start, value.end, name, value)

    def _unreadable(self, fault: Fault, at: int) -> Unreadable:
        self.at = at
        start = self.gap(LINE)
        self._skip(fault, at)
        end = max(start, at + len(self.text[at : self.at].rstrip()))
        return Unreadable(self.source, start, end)

    # Blocks

    def _plain_block(self, header: re.Match[str]) -> Block:
        self.at = header.end()
        labels = LABEL(self.text, *header.span(_LABELS))
        made = tuple(self._label(*found.span()) for found in labels)
        return self._block(header.start(_NAME), header[_NAME], made)

    def _label(self, start: int, end: int) -> Label:
        quoted = self.text[start] == '"'
        text = self.text[start + 1 : end - 1] if quoted else self.text[start:end]
        return Label(self.source, start, end, text)

    def _block(self, start: int, type: str, labels: tuple[Label, ...]) -> Block:
        """The block whose `{` has just been passed over."""
        self.deeper(start)
        broken, self.broken = self.broken, False
        opener = self.at - 1
        items = self._items(inside=True) if self._many_lines() else self._one_line()
        closed = not self.lost and self.text.startswith("}", self.at)
        if closed:
            self.at += 1
        else:
            self.broken = True
            items = self._cut_off(start, opener, items)
        end = self.at if closed or not items else max(items[-1].end, opener + 1)
        self._tell_twice(items)
        body = Body(self.source, opener, end, tuple(items), not self.broken)
        self.broken = broken or not closed
        self.depth -= 1
        if closed:
            self._line_end()
        return Block(self.source, start, end, type, labels, body)

    def _many_lines(self) -> bool:
        """Whether the block that has just begun may hold more than one argument."""
        at = self.at if self.text.startswith("\n", self.at) else self.gap(LINE)
        return at == len(self.text) or self.text.startswith(_NO_ITEM, at)

    def _one_line(self) -> list[Attribute | Block]:
        """The one argument of a block on one line."""
        name = self.name("where an argument is due", _ONE_LINE)
        self.expect("=", "where `=` is due", _ONE_LINE)
        made = self._attribute(name.start, name.text, one_line=True)
        self.at = self.gap(LINE)
        if not self.lost and not self.text.startswith("}", self.at):
            raise self.misplaced("where `}` is due", _ONE_LINE)
        return [made]

    def _cut_off(
        self, start: int, opener: int, items: list[Attribute | Block]
    ) -> list[Attribute | Block]:
        """What belongs to a block that is not closed: nothing after a block at the very left."""
        if self.lost or self.told.hopeless:
            return items
        if not self.cut_off:
            self.cut_off = True
            advice = "add `}` on a line of its own"
            self.told.tell(Fault(start, opener + 1, "this block is never closed", advice))
        for index, item in enumerate(items):
            if isinstance(item, Block) and self.text[item.start - 1] == "\n":
                self.outside += items[index:]
                return items[:index]
        return items

    def _odd_item(self, start: int) -> Attribute | Block:
        """What is not written plainly, or not at all well."""
        name = self.name(_ITEM_DUE, _FORMS)
        if self.take("="):
            return self._attribute(start, name.text)
        labels: list[Label] = []
        while not self.take("{"):
            labels.append(self._odd_label(bool(labels)))
        return self._block(start, name.text, tuple(labels))

    def _odd_label(self, later: bool) -> Label:
        due = "where `{` or a label is due" if later else "where `=` or `{` is due"
        at = self.gap(LINE)
        if not self.text.startswith('"', at):
            name = self.name(due, _FORMS)
            return Label(self.source, name.start, name.end, name.text)
        written = self.quoted(at)
        if written.literal is None:
            message = "a label is plain text, nothing can be filled in"
            raise Fault(written.start, written.end, message)
        return Label(self.source, written.start, written.end, written.literal)

    def _tell_twice(self, items: list[Attribute | Block]) -> None:
        """Tells arguments that are set more than once; all are kept."""
        names = [item.name for item in items if type(item) is Attribute]
        if len(names) == len(set(names)):
            return
        seen = set[str]()
        for item in items:
            if isinstance(item, Attribute):
                if item.name in seen:
                    place = item.name_span
                    message = f"the argument {shown(item.name)} is set twice"
                    advice = "remove one of the two"
                    self.told.tell(Fault(place.start, place.end, message, advice))
                seen.add(item.name)

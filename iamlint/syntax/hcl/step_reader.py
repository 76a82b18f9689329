"""Reads the steps into a value: names, indexes and splats."""

from __future__ import annotations

import re

from iamlint.source import Source
from iamlint.syntax.hcl.expressions import Access, Get, Index, Number, Splat, Step
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.problems import Fault
from iamlint.syntax.hcl.template_reader import Templates
from iamlint.syntax.hcl.tokens import DOTTED, FREE, NAME, NUMBER, is_number


class Steps(Templates):
    """A cursor that reads steps.

    INVARIANT: after an operand has been read, `next` is the match of the operator that follows.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.next: re.Match[str] | None = None

    def stepped(self, base: Expression) -> Access:
        start, depth = base.start, self.depth
        steps: list[Step] = []
        if isinstance(base, Access):  # its `.name`s have been read with it
            steps += base.steps
            base = base.base
        dotted = False  # after `.*`, where no other may stand until a bracket ends it
        while (found := self.next) and found[1] in (".", "["):
            at, self.at = found.start(1), found.end()
            taken = self._bracket(at) if found[1] == "[" else self._dot(at)
            first = taken[0]
            if isinstance(first, Splat):
                self.deeper(at)
                if dotted and not first.full:
                    raise Fault(at, self.at, "`.*` stands inside another `.*`", "write `[*]`")
            dotted = first.source.text[at] == "." and (dotted or isinstance(first, Splat))
            steps += taken
            self.next = self.mode.follow(self.text, self.at)
        self.depth = depth
        return Access(self.source, start, steps[-1].end, base, tuple(steps))

    def _dot(self, start: int) -> tuple[Step, ...]:
        """What follows a dot: names, a number, or `*`."""
        found = self.mode.term(self.text, self.at)
        kind = found.lastindex if found else None
        if found and kind == DOTTED:
            self.at = found.end()
            first = Get(self.source, start, found.end(NAME), found[NAME])
            dotted = found[DOTTED]
            return (first, *self.gets(first.end, dotted)) if dotted else (first,)
        if found and kind == NUMBER:
            number = self.number(found)
            if "." in number.text:
                advice = f"write `[{number.text.replace('.', '][')}]`"
                raise Fault(start, self.at, "one index after another needs brackets", advice)
            return (Index(self.source, start, self.at, number),)
        if self.take("*"):
            return (Splat(self.source, start, self.at, False),)
        name = self.name("where a name is due", "a step into a value is `.name`, `[key]` or `[*]`")
        return (Get(self.source, start, name.end, name.text),)

    def _bracket(self, start: int) -> tuple[Step]:
        """What follows `[`: a key or `*`, and the `]`."""
        if self.take("*"):
            self.expect("]", "where `]` is due")
            return (Splat(self.source, start, self.at, True),)
        self.deeper(start)
        outer, self.mode = self.mode, FREE
        key = self.expression()
        if not self.take("]"):
            raise self.unclosed(start, "`]`")
        self.mode = outer
        self.depth -= 1
        return (Index(self.source, start, self.at, key),)

    def gets(self, at: int, dotted: str) -> tuple[Step, ...]:
        steps = []
        for name in dotted[1:].split("."):
            end = at + 1 + len(name)
            steps.append(Get(self.source, at, end, name))
            at = end
        return tuple(steps)

    def number(self, found: re.Match[str]) -> Number:
        self.at = found.end()
        if not is_number(found[NUMBER]):
            raise Fault(
                *found.span(NUMBER), "this is not a number", "one looks like `12` or `1.5e3`"
            )
        return Number(self.source, *found.span(NUMBER))

"""Where the reader of an HCL text stands, and what it does when it cannot go on."""

from __future__ import annotations

import re
from collections.abc import Callable

from iamlint.source import Source
from iamlint.syntax.hcl.node import Name
from iamlint.syntax.hcl.problems import Fault, HclProblems, misplaced
from iamlint.syntax.hcl.tokens import FREE, LINE, Mode, name_end

# Levels of blocks, brackets, templates and conditionals; what people write needs about twenty.
# NOTE: reading takes up to five calls a level, and Python allows a thousand in all.
_DEPTH = 100

Pattern = Callable[[str, int], re.Match[str] | None]


class Cursor:
    """A place in a text, and what counts as blank there."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.at = 1 if source.text.startswith("\ufeff") else 0
        self.mode: Mode = LINE
        self.depth = 0
        self.returns = "\r" in source.text
        self.told = HclProblems(source)

    def deeper(self, at: int) -> None:
        """Goes down a level; whoever does so goes up again, or raises."""
        self.depth += 1
        if self.depth > _DEPTH:
            message = f"this is nested too deeply: {_DEPTH} levels are the most that is read"
            raise Fault(at, at + 1, message, "move a part of it into a local value of its own")

    def expect(self, pattern: Pattern, due: str, advice: str | None = None) -> re.Match[str]:
        """Passes over what the pattern matches, or raises the fault of what stands there."""
        found = pattern(self.text, self.at)
        if found is None:
            raise self.misplaced(due, advice)
        self.at = found.end()
        return found

    def misplaced(self, due: str, advice: str | None = None) -> Fault:
        """The fault of the next thing in the text."""
        return misplaced(self.text, self.gap(self.mode), due, advice)

    def gap(self, mode: Mode) -> int:
        """Where the next thing begins."""
        found = mode.blank(self.text, self.at)
        return found.end() if found else self.at

    def name(self, due: str, advice: str | None = None) -> Name:
        """Passes over a name, with letters of any script."""
        at = self.gap(self.mode)
        end = name_end(self.text, at)
        if end == at:
            raise self.misplaced(due, advice)
        self.at = end
        return Name(self.source, at, end, self.text[at:end])

    def unclosed(self, start: int, opener: str, due: str) -> Fault:
        """The fault where a bracket's content has ended and something else than `due` stands."""
        at = self.gap(FREE)
        if at < len(self.text):
            return misplaced(self.text, at, f"where {due} is due")
        return Fault(start, start + len(opener), f"this `{opener}` is never closed", f"add {due}")

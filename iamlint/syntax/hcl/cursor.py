"""Where the reader of an HCL text stands, and what it does when it cannot go on."""

from __future__ import annotations

from iamlint.source import Source, Span
from iamlint.syntax.hcl.node import Name
from iamlint.syntax.hcl.problems import Fault, HclProblems, misplaced
from iamlint.syntax.hcl.tokens import FREE, LINE, Mode, name_end

# Levels of blocks, brackets, templates and conditionals; what people write needs about twenty.
# NOTE: reading takes up to seven calls a level, and Python allows a thousand in all.
_DEPTH = 80

_LONGER = {"=": ("==", "=>"), ":": ("::",)}  # marks that begin like another one


class Cursor:
    """A place in a text, and what counts as blank there."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.at = 1 if source.text.startswith("\ufeff") else 0
        self.mode: Mode = LINE
        self.depth = 0
        self.returns = "\r" in source.text
        self.endless = set[str]()  # tags of heredocs that no line from here on ends
        self.told = HclProblems(source)

    def deeper(self, at: int) -> None:
        """Goes down a level; whoever does so goes up again, or raises."""
        self.depth += 1
        if self.depth > _DEPTH:
            message = f"this is nested too deeply: {_DEPTH} levels are the most that is read"
            raise Fault(at, at + 1, message, "move a part of it into a local value of its own")

    def take(self, mark: str, mode: Mode | None = None) -> bool:
        """Passes over the mark, if it comes next; `=` is not the one of `==`."""
        at = self.gap(mode or self.mode)
        if not self.text.startswith(mark, at) or self.text.startswith(_LONGER.get(mark, ()), at):
            return False
        self.at = at + len(mark)
        return True

    def take_word(self, word: str, mode: Mode | None = None) -> bool:
        """Passes over the word, if it comes next."""
        at = self.gap(mode or self.mode)
        end = at + len(word)
        if not self.text.startswith(word, at) or name_end(self.text, at) != end:
            return False
        self.at = end
        return True

    def expect(self, mark: str, due: str, advice: str | None = None) -> None:
        """Passes over the mark, or raises the fault of what stands there."""
        if not self.take(mark):
            raise self.misplaced(due, advice)

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

    def unclosed(self, start: int, due: str) -> Fault:
        """The fault where something else than `due` stands in the brackets opened at `start`."""
        opener = self.text[start]
        at = self.gap(FREE)
        if at == len(self.text):
            return Fault(start, start + 1, f"this `{opener}` is never closed", f"add {due}")
        place = Span(self.source, start, start + 1).root()
        line, column = place.source.position(place.start)
        advice = f"what the `{opener}` at {line}:{column} opens is not closed yet"
        return misplaced(self.text, at, f"where {due} is due", advice)

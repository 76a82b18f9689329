"""The nodes of templates: text, and what is filled into it."""

from __future__ import annotations

from iamlint.source import Derivation, Source, Span
from iamlint.syntax.hcl.node import Expression, Head, Node
from iamlint.syntax.hcl.text import Cut, decoded


class Template(Expression):
    """A string between quotes, a heredoc, or a whole text: parts to be put together."""

    __slots__ = ("parts",)
    holds = ("parts",)

    def __init__(self, source: Source, start: int, end: int, parts: tuple[Part, ...]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.parts = parts

    @property
    def literal(self) -> str | None:
        """The text, where nothing in it waits to be filled in."""
        if not self.parts:
            return ""
        first = self.parts[0]
        return first.text if isinstance(first, Text) and len(self.parts) == 1 else None

    @property
    def wrapped(self) -> Expression | None:
        """The expression of `"${expression}"`, whose value is kept as it is, not made a text."""
        first = self.parts[0] if len(self.parts) == 1 else None
        return first.value if isinstance(first, Interpolation) else None


class Text(Node):
    """Literal text of a template, decoded: escapes, indents and what `~` takes away are gone."""

    __slots__ = ("cuts", "quoted", "text")

    def __init__(self, source: Source, cuts: tuple[Cut, ...], quoted: bool, text: str) -> None:
        self.source = source
        self.start = cuts[0][0]
        self.end = cuts[-1][1]
        self.cuts = cuts  # what of the source is kept
        self.quoted = quoted
        self.text = text

    def derivation(self) -> Derivation:
        """Where every character of the text was written."""
        return decoded(self.source, self.cuts, self.quoted)[1]

    def part(self, start: int, end: int) -> Span:
        """The place of the code points `[start, end)` of the text."""
        return self.derivation().span(start, end)


class Interpolation(Node):
    """`${value}`."""

    __slots__ = ("value",)
    holds = ("value",)

    def __init__(self, source: Source, start: int, end: int, value: Expression) -> None:
        super().__init__(source, start, end)
        self.value = value


class Choice(Node):
    """`%{ if condition }then%{ else }otherwise%{ endif }`."""

    __slots__ = ("condition", "otherwise", "then")
    holds = ("condition", "then", "otherwise")

    def __init__(
        self,
        source: Source,
        start: int,
        end: int,
        condition: Expression,
        then: tuple[Part, ...],
        otherwise: tuple[Part, ...],
    ) -> None:
        super().__init__(source, start, end)
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class Loop(Node):
    """`%{ for … }parts%{ endfor }`."""

    __slots__ = ("head", "parts")
    holds = ("head", "parts")

    def __init__(
        self, source: Source, start: int, end: int, head: Head, parts: tuple[Part, ...]
    ) -> None:
        super().__init__(source, start, end)
        self.head = head
        self.parts = parts


Part = Text | Interpolation | Choice | Loop

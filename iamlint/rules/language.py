"""What a rule may say: the vocabulary of facts, and the points that can be underlined."""

from __future__ import annotations

from collections.abc import Mapping

from iamlint.typed import Protocol


class Typed(Protocol):
    """One field of the vocabulary."""

    @property
    def type(self) -> str:
        """truth bool text number enum node nodes texts; a trailing `?` says it may be null."""

    @property
    def doc(self) -> str:
        """What the field means, for the author of a rule."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words of an enum (or of a list of enum words)."""

    @property
    def of(self) -> str:
        """The kind of node that a node or the members of nodes are."""


Vocabulary = Mapping[str, Mapping[str, Typed]]


class Language:
    """The vocabulary, and for each kind of node a rule can be `for`, the parts it can underline."""

    # NOTE: no named tuple, for every run imports this and only compiling uses it.
    __slots__ = ("points", "vocabulary")

    def __init__(self, vocabulary: Vocabulary, points: Mapping[str, tuple[str, ...]]) -> None:
        self.vocabulary = vocabulary
        self.points = points

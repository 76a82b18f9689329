"""What a rule book needs of the world: the edge reads and writes, this layer does not."""

from __future__ import annotations

from iamlint.rules.language import Language
from iamlint.typed import Protocol


class BookStore(Protocol):
    """Where a rule book comes from."""

    def rule_files(self) -> dict[str, bytes] | None:
        """The rule files of a checkout, by name; None where the book was compiled before."""

    def compiled(self) -> bytes | None:
        """The book that the build compiled, if there is one."""

    def language(self) -> Language:
        """The vocabulary and the points that rules are compiled against."""

    def read_cache(self) -> bytes | None:
        """What was last written to the cache, if it can be had."""

    def write_cache(self, content: bytes) -> None:
        """Keep `content` for the next run, where that is possible."""

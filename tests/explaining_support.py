"""Files with places marked in them, and what is said at each place."""

from __future__ import annotations

from functools import cache

from iamlint.config import Config
from iamlint.explaining.at import explain_at
from iamlint.explaining.explanation import Explanation
from iamlint.explaining.spots import At
from iamlint.memory import Memory
from iamlint.rules.book import RuleBook
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles

OWN = Config(accounts=("111111111111",))


@cache
def book() -> RuleBook:
    return shipped_book()


def explained(
    files: dict[str, str], path: str, marked: str, nth: int = 0, config: Config = OWN
) -> Explanation | None:
    """What is said where the nth occurrence of a text begins."""
    at = -1
    for _ in range(nth + 1):
        at = files[path].index(marked, at + 1)
    return explained_at(files, path, at, config)


def explained_at(
    files: dict[str, str],
    path: str,
    offset: int,
    config: Config = OWN,
    memory: Memory | None = None,
) -> Explanation | None:
    """What is said at a code point of a file, when all files are checked."""
    at = At(path, offset)
    return explain_at(DictFiles({**files}), sorted(files), config, book(), at, memory=memory)


def words(found: Explanation | None) -> str:
    """All sentences, one a line."""
    parts = [part for about in found.abouts for part in about.parts] if found else []
    return "\n".join(line for part in parts for line in (part.title, *(x.text for x in part.lines)))

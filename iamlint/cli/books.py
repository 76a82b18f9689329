"""Opens the rule book: what is shipped, and the folders a user adds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from iamlint.cli.fault import UsageFault
from iamlint.rules.book import BookFormatError, RuleBook
from iamlint.rules.errors import RuleBookError
from iamlint.shipped import shipped_book, shipped_language


def open_rules(folders: Iterable[str], environment: Mapping[str, str]) -> RuleBook:
    """All rules; raises UsageFault."""
    try:
        book = shipped_book(_cache(environment))
        for folder in folders:
            book = book.joined(_added(folder, book))
    except BookFormatError as error:
        raise UsageFault(str(error), "install iamlint again") from None
    except RuleBookError as error:
        raise _unusable(error) from None
    return book


def joined(books: Iterable[RuleBook]) -> RuleBook:
    """All rules of some books."""
    first, *others = books
    for book in others:
        first = first.joined(book)
    return first


def _added(folder: str, book: RuleBook) -> RuleBook:
    # Rules of a user are compiled each time, which needs yaml, pydantic and jmespath.
    from iamlint.disk import DiskFiles  # noqa: PLC0415
    from iamlint.rules.compile import compile_book, gather  # noqa: PLC0415

    if not os.path.isdir(folder):
        raise UsageFault(f"`--rules {folder}`: there is no such folder")
    files = gather(DiskFiles([folder]), folder)
    known = [rule.id for rule in book.rules]
    return RuleBook.of(compile_book(files, shipped_language(), known))


def _unusable(error: RuleBookError) -> UsageFault:
    from iamlint.reporters.text import problem_text  # noqa: PLC0415 - a mistake needs it

    details = "\n\n".join(map(problem_text, error.problems))
    return UsageFault("there are rules that cannot be used", details=details)


def _cache(environment: Mapping[str, str]) -> str:
    """Where a checkout keeps its compiled rules."""
    home = environment.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "iamlint", "rulebook.json")

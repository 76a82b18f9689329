"""Opens the rule book: what is shipped, and the folders a user adds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from iamlint.findings import digest
from iamlint.project import caches
from iamlint.project.caches import CacheFile
from iamlint.project.fault import UsageFault
from iamlint.rules.book import BookFormatError, RuleBook, parse_book
from iamlint.rules.errors import RuleBookError
from iamlint.shipped import shipped_book, shipped_language
from iamlint.version import VERSION


def open_rules(folders: Iterable[str], environment: Mapping[str, str]) -> RuleBook:
    """All rules; raises UsageFault."""
    try:
        book = shipped_book(os.path.join(caches.folder(environment), "rulebook.json"))
        for folder in folders:
            book = book.joined(_added(folder, book, environment))
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


def _added(folder: str, book: RuleBook, environment: Mapping[str, str]) -> RuleBook:
    """The rules in a folder; compiling them takes yaml, pydantic and jmespath, and is kept."""
    from iamlint.disk import DiskFiles  # noqa: PLC0415
    from iamlint.rules.cache import book_key, pack, unpack  # noqa: PLC0415
    from iamlint.rules.gathering import gather  # noqa: PLC0415

    if not os.path.isdir(folder):
        raise UsageFault(f"`--rules {folder}`: there is no such folder")
    files, language = gather(DiskFiles([folder]), folder), shipped_language()
    known = [rule.id for rule in book.rules]
    key = f"{VERSION} {book_key(files, language)} {digest(' '.join(known))}"
    cache = CacheFile("rules", os.path.realpath(folder), environment)
    content = unpack(cache.read(), key)
    if content is None:
        from iamlint.rules.compile import book_bytes, compile_book  # noqa: PLC0415

        content = book_bytes(compile_book(files, language, known))
        cache.write(pack(content, key))
    return parse_book(content)


def _unusable(error: RuleBookError) -> UsageFault:
    return UsageFault("there are rules that cannot be used", problems=error.problems)

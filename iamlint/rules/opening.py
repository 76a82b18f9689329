"""Opens the rule book: compiled before in a wheel, compiled on demand in a checkout."""

from __future__ import annotations

from iamlint.rules.book import BookFormatError, RuleBook, parse_book
from iamlint.rules.store import BookStore


def open_book(store: BookStore) -> RuleBook:
    """Load the rule book; raises RuleBookError for a bad rule file of a checkout."""
    files = store.rule_files()
    if files is not None:
        from iamlint.rules.cache import cached_book  # noqa: PLC0415 - only a checkout needs it

        return parse_book(cached_book(files, store))
    content = store.compiled()
    if content is None:
        raise BookFormatError("this installation holds no rule book")
    return parse_book(content)

"""Compiles the rules of a checkout on demand and keeps the result, keyed by what made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from iamlint.rules.book import FORMAT
from iamlint.rules.language import Language
from iamlint.rules.store import BookStore


def cached_book(files: Mapping[str, bytes], store: BookStore) -> bytes:
    """The compiled book of the rule files, out of the cache where that is still true."""
    language = store.language()
    key = book_key(files, language)
    found = unpack(store.read_cache(), key)
    if found is not None:
        return found
    # Compiling needs yaml, pydantic and jmespath: not on the way of a run that has its book.
    from iamlint.rules.compile import book_bytes, compile_book  # noqa: PLC0415

    book = book_bytes(compile_book(files, language))
    store.write_cache(pack(book, key))
    return book


def book_key(files: Mapping[str, bytes], language: Language) -> str:
    """A digest of the rule files, the vocabulary and the compiler's format."""
    digest = hashlib.sha256(f"{FORMAT}\n{_spelled(language)}\n".encode())
    for name in sorted(files):
        digest.update(f"{name}\n{len(files[name])}\n".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _spelled(language: Language) -> str:
    vocabulary = {
        kind: {name: [field.type, field.choices, field.of] for name, field in fields.items()}
        for kind, fields in language.vocabulary.items()
    }
    return json.dumps([vocabulary, dict(language.points)], sort_keys=True)


def pack(book: bytes, key: str) -> bytes:
    """The content of a cache: a line of JSON that vouches for the book below it."""
    head = {"key": key, "digest": hashlib.sha256(book).hexdigest()}
    return json.dumps(head).encode() + b"\n" + book


def unpack(content: bytes | None, key: str) -> bytes | None:
    """The book in a cache; None when it is missing, stale or damaged."""
    head, _, book = (content or b"").partition(b"\n")
    wanted = {"key": key, "digest": hashlib.sha256(book).hexdigest()}
    try:
        return book if json.loads(head) == wanted else None
    except (ValueError, RecursionError):
        return None

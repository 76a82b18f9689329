"""Checks the message template of a rule against the vocabulary and makes its segments."""

from __future__ import annotations

import re
from collections.abc import Collection

from iamlint.rules.language import Language
from iamlint.rules.paths import ARTICLES, UnknownFactError, resolve

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_SHOWN = frozenset({"truth", "text", "texts", "number", "enum"})


class MessageError(Exception):
    """A template that is refused, with the place in it and advice."""

    def __init__(self, message: str, start: int, end: int, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.advice = advice


def compile_message(
    text: str, node: str, language: Language, asked: Collection[str], known: Collection[str] | None
) -> list[object]:
    """Turn a template into segments; raises MessageError.

    `asked` are the truths that `when` asks positively: only those have words when it holds.
    `known` are the paths that are not null when it holds; None where any of them may be null.
    """
    segments: list[object] = []
    for piece in _PIECE.finditer(text):
        written = piece.group()
        if written in {"{{", "}}"}:
            written = written[0]
        elif written[0] in "{}":
            path = piece.group(1)
            _check(path, node, language, asked, known, piece.span())
            segments.append([path])
            continue
        if segments and isinstance(segments[-1], str):
            segments[-1] += written
        else:
            segments.append(written)
    return segments


def _check(
    path: str | None,
    node: str,
    language: Language,
    asked: Collection[str],
    known: Collection[str] | None,
    place: tuple[int, int],
) -> None:
    if path is None or not _PATH.fullmatch(path):
        advice = "write `{field}`, and `{{` or `}}` for a brace of the text"
        raise MessageError("a brace that is no placeholder", *place, advice)
    try:
        fact = resolve(language.vocabulary, node, path.split("."))
    except UnknownFactError as error:
        raise MessageError(error.message, *place, error.advice) from None
    if fact.type not in _SHOWN:
        advice = "a message shows answers, texts, words and numbers"
        raise MessageError(f"`{path}` is {ARTICLES[fact.type]}", *place, advice)
    if known is not None and any(gap not in known for gap in fact.gaps):
        advice = f"let `when` ask `{fact.gaps[0]} != `null``"
        raise MessageError(f"`{fact.gaps[0]}` may be null", *place, advice)
    if fact.type == "truth" and path not in asked:
        advice = f"an answer has words when it holds: let `when` ask `{path}`"
        raise MessageError(f"`{path}` has no words here", *place, advice)

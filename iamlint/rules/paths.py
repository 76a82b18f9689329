"""Follows the dotted paths of rules through the vocabulary, and finds near misses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from iamlint.rules.language import Vocabulary
from iamlint.typed import NamedTuple


class Fact(NamedTuple):
    """What a dotted path leads to. `gaps` are the prefixes of the path that may be null."""

    path: str
    type: str  # without the `?`
    choices: tuple[str, ...] = ()
    of: str = ""
    gaps: tuple[str, ...] = ()


class UnknownFactError(Exception):
    """A path leads nowhere; `index` is the step that failed."""

    def __init__(self, index: int, message: str, advice: str) -> None:
        super().__init__(message)
        self.index = index
        self.message = message
        self.advice = advice


def resolve(vocabulary: Vocabulary, node: str, names: Sequence[str]) -> Fact:
    """Follow a path from a node of kind `node`; raises UnknownFactError."""
    kind, path, gaps = node, "", []
    fact = Fact("", "node", of=node)
    for index, name in enumerate(names):
        if fact.type != "node":
            raise UnknownFactError(index, *_no_fields(path, fact, vocabulary))
        fields = vocabulary.get(fact.of, {})
        field = fields.get(name)
        if field is None:
            message = f"unknown field `{name}` of {kind}"
            raise UnknownFactError(index, message, advise(name, fields, f"{kind} has"))
        path = f"{path}.{name}" if path else name
        if field.type.endswith("?"):
            gaps.append(path)
        kind = field.of
        fact = Fact(path, field.type.rstrip("?"), field.choices, field.of, tuple(gaps))
    return fact


def _no_fields(path: str, fact: Fact, vocabulary: Vocabulary) -> tuple[str, str]:
    if fact.type == "nodes":
        message = f"`{path}` is a list and has no fields of its own"
        return (
            message,
            f"ask its members: `{path}[?{next(iter(vocabulary.get(fact.of, {})), '…')} …]`",
        )
    return f"`{path}` is {ARTICLES[fact.type]} and has no fields", f"end the path at `{path}`"


ARTICLES = {
    "truth": "an answer",
    "bool": "a yes or no",
    "text": "a text",
    "number": "a number",
    "enum": "a word",
    "node": "a node",
    "nodes": "a list of nodes",
    "texts": "a list of texts",
    "null": "null",
}


def advise(word: str, valid: Iterable[str], lead: str = "it is one of") -> str:
    """Name the near miss of `word`, then everything that would have been valid."""
    words = sorted(valid)
    near = near_miss(word, words)
    start = f"did you mean `{near}`? " if near else ""
    return f"{start}{lead}: {listing(words)}" if words else start.strip()


def near_miss(word: str, words: Sequence[str]) -> str:
    """Return the word that was probably meant, or nothing."""
    import difflib  # noqa: PLC0415 - only a mistake needs it

    found = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return found[0] if found else ""


def listing(words: Iterable[str]) -> str:
    """Back-ticked words with commas."""
    return ", ".join(f"`{word}`" for word in words)

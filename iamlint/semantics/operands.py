"""The values of a condition as patterns: wildcards, escapes, ARN fields and policy variables.

Sources: `reference_policies_elements_condition_operators`, `reference_policies_variables`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from iamlint.semantics.glob import NOT_COLON, ONE, STAR, Automaton, Pattern, Token, Wild, fold
from iamlint.typed import NamedTuple, cast

_VARIABLE = r"\$\{([^{}]*)\}"
_WITH_DEFAULT = r"\s*([^,'\s]+)\s*(?:,\s*'([^']*)')?\s*"


class Variable(NamedTuple):
    """A policy variable: the lower-case key it reads, and the default for an absent key."""

    key: str
    default: str | None


Operand = tuple[Token | Variable, ...]


@lru_cache(maxsize=256)
def parse_operand(text: str, *, wildcards: bool, variables: bool) -> Operand:
    """The tokens of one value as written.

    Without `variables` (policy version 2008-10-17) `${…}` is literal text. `${*}`, `${?}` and
    `${$}` are the characters themselves.
    """
    if not variables or "${" not in text:
        return _plain(text, wildcards)
    found: list[Token | Variable] = []
    at = 0
    for match in re.finditer(_VARIABLE, text):
        found.extend(_plain(text[at : match.start()], wildcards))
        found.extend(_variable(match.group(1), match.group(0)))
        at = match.end()
    found.extend(_plain(text[at:], wildcards))
    return tuple(found)


def _plain(text: str, wildcards: bool) -> Operand:
    if not wildcards:
        return tuple(text)
    found: list[Token | Variable] = []
    for char in text:
        if char == "*":
            if not found or found[-1] != STAR:
                found.append(STAR)
        else:
            found.append(ONE if char == "?" else char)
    return tuple(found)


def _variable(inner: str, written: str) -> Operand:
    if inner in ("*", "?", "$"):
        return (inner,)
    match = re.fullmatch(_WITH_DEFAULT, inner)
    if match is None:
        return tuple(written)
    return (Variable(match.group(1).lower(), match.group(2)),)


@lru_cache(maxsize=256)
def variables_in(operand: Operand) -> tuple[Variable, ...]:
    """The variables of an operand."""
    return tuple(token for token in operand if isinstance(token, Variable))


def substitute(operand: Operand, values: dict[str, str | None]) -> tuple[Token, ...] | None:
    """The operand with its variables replaced; None when one is null (absent, no default)."""
    tokens: list[Token] = []
    if not variables_in(operand):
        return cast("tuple[Token, ...]", operand)
    for token in operand:
        if not isinstance(token, Variable):
            tokens.append(token)
            continue
        value = values.get(token.key)
        value = token.default if value is None else value
        if value is None:
            return None
        tokens.extend(value)
    return tuple(tokens)


@lru_cache(maxsize=256)
def finish(tokens: tuple[Token, ...], base: str) -> Pattern | None:
    """The pattern an operator makes of the tokens; None for an ARN pattern without six fields."""
    if base.startswith("Arn"):
        return _arn(tokens)
    return fold(tokens) if base.endswith("IgnoreCase") else tokens


def _arn(tokens: tuple[Token, ...]) -> Pattern | None:
    """Each of the first five colons is literal; wildcards before them stay in their field."""
    found: list[Token] = []
    colons = 0
    for token in tokens:
        colons += token == ":"
        inner = isinstance(token, Wild) and colons < 5
        found.append(Wild(NOT_COLON, token.star) if inner and isinstance(token, Wild) else token)
    return tuple(found) if colons >= 5 else None


def glob_matches(text: str, value: str) -> bool:
    """Whether a value as written, with `*` and `?`, matches a string."""
    tokens = parse_operand(text, wildcards=True, variables=False)
    return Automaton((tuple(t for t in tokens if not isinstance(t, Variable)),)).matches(value)

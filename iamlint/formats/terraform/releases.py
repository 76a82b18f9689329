"""Chooses a release of a module by a version constraint, as `terraform init` does.

The rules are those of hashicorp/go-version, which Terraform reads the constraints of modules with:
https://developer.hashicorp.com/terraform/language/expressions/version-constraints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from iamlint.typed import NamedTuple

_TERM = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*)\s*\Z")


class _Term(NamedTuple):
    operator: str
    given: tuple[int, ...]


def newest(releases: Iterable[str], constraint: str) -> str | None:
    """The newest release that a constraint allows; None where there is none, or it is none."""
    terms = [_term(part) for part in constraint.split(",")] if constraint.strip() else []
    known = [term for term in terms if term is not None]
    if len(known) < len(terms):
        return None
    allowed = [each for each in releases if all(_holds(term, _numbers(each)) for term in known)]
    return max(allowed, key=_numbers, default=None)


def _term(text: str) -> _Term | None:
    found = _TERM.match(text)
    return _Term(found[1] or "=", _numbers(found[2])) if found else None


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in release.split("."))


def _holds(term: _Term, release: tuple[int, ...]) -> bool:
    given = (*term.given, 0, 0, 0)[: max(3, len(term.given))]
    if term.operator == "~>":
        # Only the last part that is written may grow; a lone one may grow without end.
        fixed = len(term.given) - 1
        return release >= given and release[:fixed] == term.given[:fixed]
    return {
        "=": release == given,
        "!=": release != given,
        ">": release > given,
        ">=": release >= given,
        "<": release < given,
        "<=": release <= given,
    }[term.operator]

"""Chooses a release of a module by a version constraint, as `terraform init` does.

The rules are those of hashicorp/go-version, which Terraform reads the constraints of modules with:
https://developer.hashicorp.com/terraform/language/expressions/version-constraints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from iamlint.typed import NamedTuple

_TERM = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*)\s*\Z")


class _Term(NamedTuple):
    operator: str
    given: tuple[int, ...]

    @property
    def release(self) -> tuple[int, ...]:
        """What is written, in full."""
        return (*self.given, 0, 0, 0)[: max(3, len(self.given))]


def newest(releases: Sequence[str], constraint: str) -> str | None:
    """The newest release that a constraint allows; None where there is none, or it is none.

    A release that is newer than the newest one that is known, and of the same major version, is
    taken for that: it may know more, and should do the same with what both know.
    """
    terms = [_term(part) for part in constraint.split(",")] if constraint.strip() else []
    known = [term for term in terms if term is not None]
    if len(known) < len(terms):
        return None
    allowed = [each for each in releases if all(_holds(term, _numbers(each)) for term in known)]
    if allowed:
        return max(allowed, key=_numbers)
    last = max(releases, key=_numbers, default=None)
    later = [term.release for term in known if all(_holds(each, term.release) for each in known)]
    return last if last and any(_is_next(each, _numbers(last)) for each in later) else None


def _is_next(release: tuple[int, ...], last: tuple[int, ...]) -> bool:
    return release > last and release[0] == last[0]


def _term(text: str) -> _Term | None:
    found = _TERM.match(text)
    return _Term(found[1] or "=", _numbers(found[2])) if found else None


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in release.split("."))


def _holds(term: _Term, release: tuple[int, ...]) -> bool:
    given = term.release
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

"""Tells what of the trust policy of a role was not read, or is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iamlint.formats.reading import EVALUATED
from iamlint.formats.role import Role
from iamlint.source import Problem


def missing_parts(role: Role, told: Sequence[Problem]) -> Iterator[Problem]:
    """Says of each part of a trust policy that is not known that it was judged without it.

    A fault in the role that was told already is why: nothing more is to be said.
    """
    home = role.span.root()
    if any(
        problem.code in EVALUATED and problem.span and problem.span.root().within(home)
        for problem in told
    ):
        return
    parts = dict.fromkeys(part for variant in role.variants for part in variant.missing)
    for part in parts:
        yield Problem(
            code="unresolved",
            message=f"{part}, is not known before deployment: `{role.identity}` was judged"
            " without it",
            path=role.source.name,
            span=role.document.span,
            help="what is said of the role is possible, not certain; bind what it depends on",
            blocking=False,
        )


def is_broken(role: Role, problems: Sequence[Problem]) -> bool:
    """Whether the text of the trust policy itself could not be read whole.

    What was recovered of it would only repeat the problem in other words, or be judged by half.
    NOTE: a function that is called in vain is told, and the rest of the policy is judged.
    """
    whole = role.document.span.root()
    return any(
        problem.blocking
        and problem.code not in EVALUATED
        and problem.span is not None
        and problem.span.root().source is whole.source
        and whole.start <= problem.span.root().start <= whole.end
        for problem in problems
    )

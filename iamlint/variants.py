"""Puts together what was found in the variants of one role: certain is what all of them have."""

from __future__ import annotations

from collections.abc import Sequence

from iamlint.findings import Finding
from iamlint.formats.role import Variant

_Key = tuple[str, str, int, int, str]


def together(variants: Sequence[Variant], found: Sequence[list[Finding]]) -> list[Finding]:
    """The findings of a role; `found` are those of each of its variants, in their order.

    A finding that only some variants have, or that a missing part might undo, is possible, and
    says what it hangs on.
    """
    homes: dict[_Key, dict[int, Finding]] = {}
    for number, findings in enumerate(found):
        for finding in findings:
            homes.setdefault(_key(finding), {})[number] = finding
    return [_one(variants, home) for home in homes.values()]


def _key(finding: Finding) -> _Key:
    span = finding.place.span
    return finding.rule, span.source.name, span.start, span.end, finding.message


def _one(variants: Sequence[Variant], home: dict[int, Finding]) -> Finding:
    """The finding that some variants have, by their numbers."""
    where = [variants[number] for number in home]
    everywhere = len(where) == len(variants)
    reasons: dict[str, None] = {}
    if not everywhere:
        reasons.update(dict.fromkeys(_given(where)))
    for variant in where:
        reasons.update(
            (f"{part}, which is not known before deployment", None) for part in variant.missing
        )
    # the surest one speaks; what the others hang on besides counts only where none is sure
    best = min(home.values(), key=lambda finding: finding.certainty != "certain")
    sure = everywhere and not reasons and all(f.certainty == "certain" for f in home.values())
    if sure:
        return best
    assumptions = (*reasons, *(a for f in home.values() for a in f.assumptions))
    return best._replace(certainty="possible", assumptions=tuple(dict.fromkeys(assumptions)))


def _given(where: list[Variant]) -> tuple[str, ...]:
    """What all these variants have in common, else what holds in the first."""
    common = [each for each in where[0].given if all(each in other.given for other in where)]
    return tuple(common) or where[0].given

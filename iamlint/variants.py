"""Puts together what was found in the variants of one role: certain is what all of them have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from iamlint.findings import Finding, severity_rank
from iamlint.formats.role import Variant

_Place = tuple[str, str, int, int]
_Key = tuple[str, str, int, int, str]


def together(variants: Sequence[Variant], found: Sequence[list[Finding]]) -> list[Finding]:
    """The findings of a role; `found` are those of each of its variants, in their order.

    A finding that only some variants have, or that a missing part might undo, is possible, and
    says what it hangs on.
    """
    alone = [Counter(map(_place, findings)) for findings in found]
    homes: dict[_Key, dict[int, Finding]] = {}
    for number, findings in enumerate(found):
        for finding in findings:
            # what is said of one place in other words is one defect all the same
            only = all(counts[_place(finding)] < 2 for counts in alone)
            message = "" if only else finding.message
            homes.setdefault((*_place(finding), message), {})[number] = finding
    return [_one(variants, home) for home in homes.values()]


def _place(finding: Finding) -> _Place:
    span = finding.place.span
    return finding.rule, span.source.name, span.start, span.end


def _one(variants: Sequence[Variant], home: dict[int, Finding]) -> Finding:
    """The finding that some variants have, by their numbers."""
    where = [variants[number] for number in home]
    everywhere = len(where) == len(variants)
    # the surest one speaks; what the others hang on besides counts only where none is sure
    best = min(home.values(), key=_order)
    alike = all(finding.message == best.message for finding in home.values())
    reasons: dict[str, None] = {}
    if not everywhere:
        reasons.update(dict.fromkeys(_given(where)))
    elif not alike:
        number = next(number for number, finding in home.items() if finding is best)
        reasons.update(dict.fromkeys(variants[number].given))
    for variant in where:
        reasons.update(
            (f"{part}, which is not known before deployment", None) for part in variant.missing
        )
    sure = everywhere and not reasons and all(f.certainty == "certain" for f in home.values())
    if sure:
        return best
    assumptions = (*reasons, *(a for f in home.values() for a in f.assumptions))
    return best._replace(certainty="possible", assumptions=tuple(dict.fromkeys(assumptions)))


def _order(finding: Finding) -> tuple[bool, int]:
    return finding.certainty != "certain", -severity_rank(finding.severity)


def _given(where: list[Variant]) -> tuple[str, ...]:
    """What all these variants have in common, else what holds in the first."""
    common = [each for each in where[0].given if all(each in other.given for other in where)]
    return tuple(common) or where[0].given

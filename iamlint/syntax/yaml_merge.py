"""Applies the merge keys of YAML: `<<: *base` takes over the members of another mapping."""

from __future__ import annotations

from iamlint.source import Span
from iamlint.syntax.value import Member
from iamlint.syntax.yaml_values import Alias, YamlValue
from iamlint.typed import cast


def is_merge(key: YamlValue) -> bool:
    """Whether a key is the plain `<<` and no text of that name."""
    return key.data == "<<" and key.use is None and not key.tag and key.style == "plain"


def bases(value: YamlValue) -> list[YamlValue] | None:
    """The mappings that the value of a merge key names; None when it names anything else."""
    found = [value] if value.kind != "array" else list(value.items())
    if value.tag or not all(isinstance(base, YamlValue) for base in found):
        return None
    named = [base for base in found if isinstance(base, YamlValue) and base.kind != "bad"]
    return named if all(base.kind == "object" and not base.tag for base in named) else None


def merged(own: list[Member], merges: list[tuple[YamlValue, YamlValue]]) -> list[Member]:
    """The members that merges add: own names win, of one merge's mappings the first that has it.

    Several merge keys are duplicates, and of duplicates the last wins.
    The values keep their places; each key is an `Alias` whose `use` is the place of the merge.
    """
    taken = {member.key.data for member in own}
    added: list[Member] = []
    for key, value in reversed(merges):
        for base in bases(value) or ():
            place = base.use or value.use or key.span
            fresh = [member for member in base.members if member.key.data not in taken]
            taken.update(member.key.data for member in fresh)
            added += [_by_merge(member, place) for member in fresh]
    return added


def _by_merge(member: Member, place: Span) -> Member:
    return Member(Alias(cast("YamlValue", member.key), place), member.value)

"""What a branch of the search has decided about the strings of a call."""

from __future__ import annotations

from iamlint.semantics.checks import Check
from iamlint.semantics.slots import Slot
from iamlint.semantics.strings import Language
from iamlint.semantics.template import read, write
from iamlint.typed import NamedTuple

Values = tuple[str, ...] | None


class Store(NamedTuple):
    """Checks collected so far, string by string, with values that meet them (None: absent)."""

    checks: dict[str, tuple[Check, ...]]
    values: dict[str, Values]


def languages_of(slot: Slot, store: Store) -> tuple[Language, ...] | None:
    """All a string must match when it is present; None when not only languages bound it."""
    conditions = [
        *slot.base,
        *(
            check.condition
            for check in store.checks.get(slot.master, ())
            if check.mode != "null" and check.condition is not None
        ),
    ]
    languages = tuple(each for each in conditions if isinstance(each, Language))
    return languages if len(languages) == len(conditions) else None


def read_off(slot: Slot, text: str) -> str | None:
    """The value of the slot's key when its master string is `text`."""
    if slot.view is None:
        return text
    parts = read(text, slot.layout)
    return write(parts, slot.view) if parts is not None else None

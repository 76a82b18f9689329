"""What a branch of the search has decided about the strings of a call."""

from __future__ import annotations

from iamlint.semantics.checks import Check
from iamlint.semantics.slots import Slot
from iamlint.semantics.strings import Language
from iamlint.semantics.template import read, write

Values = tuple[str, ...] | None


class Narrowed:
    """A string of a call and the checks on it so far, with a value that meets them (None: absent).

    `met`: whether there is such a value. `next`: what each further check leads to, worked out
    once for all the branches of all the searches that come by.
    """

    __slots__ = ("checks", "met", "next", "value")

    def __init__(self, checks: tuple[Check, ...], value: Values, *, met: bool) -> None:
        self.checks = checks
        self.value = value
        self.met = met
        self.next: dict[Check, Narrowed] = {}


Store = dict[str, Narrowed]
"""What a branch of the search has collected of the strings that it has looked at, by name."""


def checks_on(master: str, store: Store) -> tuple[Check, ...]:
    """The checks on a string so far."""
    found = store.get(master)
    return found.checks if found is not None else ()


def languages_of(slot: Slot, store: Store) -> tuple[Language, ...] | None:
    """All a string must match when it is present; None when not only languages bound it."""
    conditions = [
        *slot.base,
        *(
            check.condition
            for check in checks_on(slot.master, store)
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

"""How a condition key gets its value in one kind of call."""

from __future__ import annotations

from functools import lru_cache

from iamlint.semantics.glob import Pattern, literal
from iamlint.semantics.shapes import Shape
from iamlint.semantics.strings import Language
from iamlint.semantics.template import Layout, lift
from iamlint.semantics.values import Condition
from iamlint.typed import NamedTuple


class Slot(NamedTuple):
    """How a key gets its value in a case.

    `master` names the string it reads off; `view` how (None: it is that string); `layout` the
    string's parts; `base` what every value of the string meets; `many`: it is a set of values;
    `bare`: AWS calls the key multivalued, so it wants a set operator.
    """

    master: str
    domain: str
    presence: str
    many: bool = False
    bare: bool = False
    layout: Layout = ()
    view: Layout | None = None
    base: tuple[Condition, ...] = ()
    samples: tuple[str, ...] = ()


ABSENT = Slot("", "string", "never")


def lifted(patterns: tuple[Pattern, ...], slot: Slot) -> tuple[Pattern, ...]:
    """The patterns on the slot's string that say what `patterns` say on its key."""
    return patterns if slot.view is None else lift(patterns, slot.view, slot.layout)


def slot_of(master: str, form: Shape, presence: str, many: bool = False) -> Slot:
    """A slot whose values have the shape `form`."""
    return Slot(
        master, form.domain, presence, many, many, form.layout, None, form.base(), form.samples
    )


@lru_cache(maxsize=512)
def constant(key: str, value: str) -> Slot:
    """A key that always has this one value."""
    return Slot(key, "string", "always", base=(Language(True, (literal(value),)),))

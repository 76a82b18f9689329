"""A place in a document, and the document with something else there."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.policy.texts import inner
from iamlint.source import Span
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple


class Step(NamedTuple):
    """One step down: into the `key` or the `value` of a member, or into an `item`."""

    holder: Value
    number: int
    slot: str


class Spot(NamedTuple):
    """A value in a document, and the way there from the top."""

    value: Value
    steps: tuple[Step, ...]

    @property
    def member(self) -> Member | None:
        """The member of which this is the key."""
        last = self.steps[-1] if self.steps else None
        return last.holder.members[last.number] if last and last.slot == "key" else None


def find(document: Value, span: Span) -> Spot | None:
    """What stands at a place, quotes counted or not; nothing where several values do.

    What was written once and used in several places cannot be changed in one of them.
    """
    found = [spot for spot in _spots(document) if span in (spot.value.span, inner(spot.value))]
    return found[0] if len(found) == 1 else None


def _spots(document: Value) -> Iterator[Spot]:
    todo = [Spot(document, ())]
    while todo:
        spot = todo.pop()
        yield spot
        value = spot.value
        for number, member in enumerate(value.members):
            todo.append(Spot(member.key, (*spot.steps, Step(value, number, "key"))))
            todo.append(Spot(member.value, (*spot.steps, Step(value, number, "value"))))
        for number, item in enumerate(value.items()):
            todo.append(Spot(item, (*spot.steps, Step(value, number, "item"))))


def replaced(spot: Spot, value: Value) -> Value:
    """The document with another value in this place."""
    for holder, number, slot in reversed(spot.steps):
        parts = list(holder.data)
        if slot != "item":
            value = parts[number]._replace(**{slot: value})  # the member
        parts[number] = value
        value = Value(holder.kind, tuple(parts), holder.span)
    return value


def removed(spot: Spot) -> Value | None:
    """The document without this item, or without the member whose key this is.

    Nothing is left out of a list or object that would be empty then.
    """
    if not spot.steps or spot.steps[-1].slot == "value":
        return None
    holder, number, _ = spot.steps[-1]
    parts = holder.data[:number] + holder.data[number + 1 :]
    if not parts:
        return None
    return replaced(Spot(holder, spot.steps[:-1]), Value(holder.kind, parts, holder.span))

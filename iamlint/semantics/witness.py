"""Turn a branch of a search into a call that a person can imagine."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.semantics.quantities import UNIT, parse_date
from iamlint.semantics.request import Request
from iamlint.semantics.search import Found, Search
from iamlint.semantics.slots import Slot
from iamlint.semantics.store import Values, read_off
from iamlint.semantics.universe import Case


def request_of(found: Found, keys: Iterable[str], search: Search) -> Request:
    """The call: identity always, other keys as far as they are in `keys` and present."""
    case = found.case
    values = _Values(found, search)
    context: dict[str, str | tuple[str, ...]] = {}
    for key in [*_identity_keys(case), *sorted(keys)]:
        slot = case.slot(key)
        value = values.of(slot)
        if slot.presence == "never" or value is None:
            continue
        read_ = [text for each in value if (text := read_off(slot, each)) is not None]
        if read_:
            context[key] = tuple(read_) if slot.bare or slot.many else _told(key, read_[0])
    identity, session = _identity(case, values)
    return Request(case.who.kind, identity, session, case.needs, context)


def value_of(found: Found, slot: Slot, search: Search) -> str | None:
    """The value of a key in the call; None when the call is without it."""
    value = None if slot.presence == "never" else _Values(found, search).of(slot)
    return read_off(slot, value[0]) if value else None


def _told(key: str, text: str) -> str:
    """An instant is a date for one key and a number of seconds for the other."""
    if key != "aws:epochtime" or text.isdigit():
        return text
    instant = parse_date(text)
    return text if instant is None else str(instant // UNIT)


def _identity_keys(case: Case) -> list[str]:
    if case.who.kind in ("user", "session"):
        return ["aws:principalarn", "aws:principalaccount", "aws:userid"]
    if case.subject is not None:
        return [f"{case.subject.url}:sub", f"{case.subject.url}:aud"]
    return []


def _identity(case: Case, values: _Values) -> tuple[str, str]:
    if case.who.kind not in ("user", "session"):
        return case.who.text, ""
    text = (values.of(case.caller()) or ("",))[0]
    arn, *rest = text.split("\0")
    return arn, rest[1] if len(rest) > 1 else ""


class _Values:
    """The values of a call's strings; those nobody asked about are made up when first needed."""

    def __init__(self, found: Found, search: Search) -> None:
        self._store = found.store
        self._search = search
        self._chosen: dict[str, Values] = {}

    def of(self, slot: Slot) -> Values:
        """The value of the string behind a slot; None when it is absent."""
        if slot.master not in self._chosen:
            self._chosen[slot.master] = self._choose(slot._replace(view=None))
        return self._chosen[slot.master]

    def _choose(self, slot: Slot) -> Values:
        known = self._store.get(slot.master)
        if known is not None:
            return known.value
        return self._search.solve(slot, ())[1]

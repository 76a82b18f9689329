"""Policy variables: give the keys behind them values under which all comparisons hold.

Values are tried that the checks list, that the compared key leaves over, and a few plain ones.
When none works and they were not all there are, the search is marked `loose`: not decided.
"""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.semantics.checks import Check, Relation, settle
from iamlint.semantics.glob import STAR, Pattern, Token, literal
from iamlint.semantics.operands import Operand, Variable, finish, variables_in
from iamlint.semantics.slots import Slot, lifted
from iamlint.semantics.store import Store, Values, checks_on, languages_of, read_off
from iamlint.semantics.strings import Language, Strings
from iamlint.semantics.universe import Case
from iamlint.typed import NamedTuple, Protocol


class Solver(Protocol):
    """What settling needs of the search."""

    strings: Strings

    def add(self, store: Store, check: Check, case: Case) -> Store | None:
        """The store with one check more; None when that cannot be met."""

    def solve(self, slot: Slot, checks: tuple[Check, ...]) -> tuple[bool, Values]:
        """Whether the checks on a string can be met, and a value that does."""


class _Values(NamedTuple):
    """Values of one variable worth trying (None: absent); `all`: there are no others."""

    texts: list[str | None]
    all: bool


class Settler:
    """Settles relations on behalf of a search."""

    __slots__ = ("_solver", "loose")

    def __init__(self, solver: Solver) -> None:
        self._solver = solver
        self.loose = False

    def settle(self, store: Store, relations: tuple[Relation, ...], case: Case) -> Store | None:
        """A store in which all relations hold, or None (and `loose`, if that is not proved)."""
        if not relations:
            return store
        first, rest = relations[0], relations[1:]
        for candidate in self._ways(first, store, case):
            settled = self.settle(candidate, rest, case)
            if settled is not None:
                return settled
        return None

    def _ways(self, relation: Relation, store: Store, case: Case) -> Iterator[Store]:
        slot = case.slot(relation.key)
        if relation.absent:
            without = self._solver.add(store, Check(slot.master, True, "null", None), case)
            if without is not None:
                yield without
        if self._impossible(relation, slot, store, case):
            return
        yield from self._assign(relation, relation.keys(), {}, store, case)

    def _assign(
        self,
        relation: Relation,
        keys: list[str],
        values: dict[str, str | None],
        store: Store,
        case: Case,
    ) -> Iterator[Store]:
        """Give the variables `keys` values one after the other, then add the relation itself."""
        if not keys:
            after = self._solver.add(store, settle(relation, values, case), case)
            if after is not None:
                yield after
            return
        slot = case.slot(keys[0])
        tried = self._values(keys[0], slot, relation, store, case)
        self.loose = self.loose or not tried.all
        for text in tried.texts:
            fixed = self._fix(slot, text, store, case)
            if fixed is not None:
                yield from self._assign(relation, keys[1:], {**values, keys[0]: text}, fixed, case)

    def _fix(self, slot: Slot, text: str | None, store: Store, case: Case) -> Store | None:
        if slot.presence == "never" or slot.many or slot.bare:
            return store
        if text is None:
            return self._solver.add(store, Check(slot.master, True, "null", None), case)
        only = Language(True, lifted((literal(text),), slot))
        check = Check(slot.master, False, "one", only)
        return self._solver.add(store, check, case)

    def _values(
        self, key: str, slot: Slot, relation: Relation, store: Store, case: Case
    ) -> _Values:
        if slot.presence == "never" or slot.many or slot.bare:
            # NOTE: a multivalued key is no variable: IAM reads it as null
            return _Values([None], True)
        absent: list[str | None] = [] if slot.presence == "always" else [None]
        listed = self._listed(slot, store)
        if listed is not None:
            return _Values([*listed, *absent], True)
        left = self._left_over(key, relation, case.slot(relation.key), store)
        if left is not None:
            return _Values([*left, *absent], True)
        return _Values([*self._guesses(slot, relation, store, case), *absent], False)

    def _listed(self, slot: Slot, store: Store) -> list[str] | None:
        """All values the key can still have, when the checks on it list them."""
        languages = languages_of(slot, store)
        texts = self._solver.strings.literals(languages) if languages else None
        if texts is None:
            return None
        return [value for text in texts if (value := read_off(slot, text)) is not None]

    def _left_over(
        self, key: str, relation: Relation, compared: Slot, store: Store
    ) -> list[str] | None:
        """What the compared key's listed values leave for the variable; None: not exact."""
        listed = self._listed(compared, store)
        if not relation.inside or listed is None or compared.many:
            return None
        found: dict[str, None] = {}
        for operand in relation.operands:
            around = _around(operand, key)
            if around is None:
                return None
            head, tail = around
            for text in listed:
                if text.startswith(head) and text[len(head) :].endswith(tail):
                    found[text[len(head) : len(text) - len(tail)]] = None
        return list(found)

    def _guesses(self, slot: Slot, relation: Relation, store: Store, case: Case) -> list[str]:
        """Values that a caller may well have: those at hand, and what the relation spells out."""
        compared = case.slot(relation.key)
        texts: list[str | None] = []
        for each in (slot, compared):
            present = store.get(each.master)
            texts.extend(read_off(each, text) for text in (present and present.value) or ())
        texts.extend(map(_spelt_out, relation.operands))
        for each in (slot, compared):
            _, value = self._solver.solve(
                each._replace(presence="always"), checks_on(each.master, store)
            )
            texts.extend(read_off(each, text) for text in (*(value or ()), *each.samples))
        return list(dict.fromkeys(text for text in texts if text))

    def _impossible(self, relation: Relation, slot: Slot, store: Store, case: Case) -> bool:
        """Whether the relation fails even when each variable may be anything."""
        if slot.presence == "never":
            return True
        if not relation.inside:
            return False
        widened = [_widen(operand, relation.base) for operand in relation.operands]
        anything = lifted(tuple(each for each in widened if each is not None), slot)
        check = Check(slot.master, False, relation.mode, Language(True, anything))
        return None not in widened and self._solver.add(store, check, case) is None


def _spelt_out(operand: Operand) -> str | None:
    """The text of an operand without variables and wildcards."""
    texts = [token for token in operand if isinstance(token, str)]
    return "".join(texts) if len(texts) == len(operand) else None


def _around(operand: Operand, key: str) -> tuple[str, str] | None:
    """The literal text before and after the operand's only variable `key`."""
    found = variables_in(operand)
    if len(found) != 1 or found[0].key != key or found[0].default is not None:
        return None
    at = operand.index(found[0])
    sides = (operand[:at], operand[at + 1 :])
    if not all(isinstance(token, str) for side in sides for token in side):
        return None
    return "".join(map(str, sides[0])), "".join(map(str, sides[1]))


def _widen(operand: Operand, base: str) -> Pattern | None:
    """The operand with each variable free to be anything."""
    if base.startswith("Arn"):
        return tuple(STAR if isinstance(token, Variable) else token for token in operand)
    tokens: tuple[Token, ...] = tuple(
        STAR if isinstance(token, Variable) else token for token in operand
    )
    return finish(tokens, base)

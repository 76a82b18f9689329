"""What a guard or a principal asks of a request, as conditions on the strings of a case."""

from __future__ import annotations

import re

from iamlint.policy.document import Guard, Operator
from iamlint.semantics.budget import Undecided
from iamlint.semantics.glob import (
    DIGITS,
    Chars,
    Pattern,
    Wild,
    fold,
    is_literal,
    literal,
    text_of,
)
from iamlint.semantics.operands import (
    Operand,
    finish,
    parse_operand,
    substitute,
    variables_in,
)
from iamlint.semantics.quantities import UNIT, parse_date, parse_number
from iamlint.semantics.shapes import ACCOUNT_ONLY
from iamlint.semantics.slots import Slot, lifted
from iamlint.semantics.strings import Language
from iamlint.semantics.template import may_be
from iamlint.semantics.universe import Case
from iamlint.semantics.values import (
    Compare,
    Condition,
    Network,
    parse_network,
)
from iamlint.typed import NamedTuple


class Check(NamedTuple):
    """A condition on one string of the case, or on the set of values of a multivalued key.

    `absent`: it is met when the key is absent. `mode`: `one` value (the only one), `any` or `all`
    of a set, or `null` (only presence counts). `condition` None: any value will do.
    """

    master: str
    absent: bool
    mode: str
    condition: Condition | None

    def negated(self) -> Check:
        """The check that is met exactly when this one is not."""
        mode = {"any": "all", "all": "any"}.get(self.mode, self.mode)
        if self.mode == "null":
            return self._replace(absent=not self.absent)
        condition = self.condition.negated() if self.condition is not None else NOTHING
        return Check(self.master, not self.absent, mode, condition)


class Relation(NamedTuple):
    """A condition that compares a key with others, by policy variables in its values."""

    key: str
    absent: bool
    mode: str
    inside: bool
    base: str
    operands: tuple[Operand, ...]
    flipped: bool = False
    """Whether this is the opposite of what the policy says."""

    def negated(self) -> Relation:
        """The relation that holds exactly when this one does not."""
        return self._replace(
            absent=not self.absent,
            mode={"any": "all", "all": "any"}.get(self.mode, self.mode),
            inside=not self.inside,
            flipped=not self.flipped,
        )

    def keys(self) -> list[str]:
        """The keys that the values read, each once."""
        found = [v.key for operand in self.operands for v in variables_in(operand)]
        return list(dict.fromkeys(found))


NOTHING = Language(True, ())
_EPOCH = "aws:epochtime"  # the instant of aws:CurrentTime, told as a number of seconds
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_OF_NUMBERS = frozenset("0123456789abcdefABCDEF.:+-TZ/")
Requirement = Check | Relation | bool


def check_guard(guard: Guard, version: str, case: Case) -> Requirement:
    """What the guard asks of a call of this case; True or False when it does not depend on it."""
    operator = guard.operator
    if operator is None:
        return case.filling.assume("unknown-operator")
    key = guard.key.lower()
    slot = case.slot(key)
    if not guard.values:
        return case.filling.assume("empty-values")
    if operator.family == "null":
        return _null(guard, slot)
    absent, mode = _polarity(operator, slot, case)
    if slot.presence == "never":
        return absent
    bare = slot.bare and not operator.quantifier
    if bare and not case.filling.assume("bare-list"):
        return Check(slot.master, absent, mode, NOTHING)
    mode = "any" if bare and slot.many else mode
    if operator.family in ("string", "arn"):
        return _text(guard, operator, (key, absent, mode), version, case)
    if operator.family == "numeric" and slot.domain == "date" and key != _EPOCH:
        condition: Condition = Language(not operator.negated, ())  # dates are no numbers
    else:
        condition = _typed(operator, [value.text for value in guard.values], slot)
    return Check(slot.master, absent, mode, condition)


def needs_key(guard: Guard) -> bool:
    """Whether no call without its key meets the guard, whatever is unknown."""
    operator = guard.operator
    if operator is None or not guard.values or operator.family == "null":
        return False
    return not (operator.if_exists or operator.negated or operator.quantifier == "ForAllValues")


def _null(guard: Guard, slot: Slot) -> Requirement:
    wants = {value.text.lower() for value in guard.values}
    if wants == {"true", "false"}:
        return True
    if not wants <= {"true", "false"}:
        return False
    absent = "true" in wants
    return absent if slot.presence == "never" else Check(slot.master, absent, "null", None)


def _polarity(operator: Operator, slot: Slot, case: Case) -> tuple[bool, str]:
    """(met when the key is absent, how several values are combined)."""
    if operator.quantifier == "ForAllValues":
        return True, "all"
    if operator.quantifier == "ForAnyValue":
        absent = operator.if_exists and case.filling.assume("any-value-if-exists")
        return absent, "any" if slot.many else "one"
    mode = "one" if not slot.many else "all" if operator.negated else "any"
    return operator.if_exists or operator.negated, mode


def _text(
    guard: Guard, operator: Operator, how: tuple[str, bool, str], version: str, case: Case
) -> Requirement:
    key, absent, mode = how
    if key == _EPOCH:
        raise Undecided("the time of a call is compared as text")
    wildcards = operator.base.endswith("Like") or operator.family == "arn"
    variables = version == "2012-10-17"
    operands = tuple(
        parse_operand(value.text, wildcards=wildcards, variables=variables)
        for value in guard.values
    )
    relation = Relation(key, absent, mode, not operator.negated, operator.base, operands)
    if any(variables_in(operand) for operand in operands):
        return _own_variable(relation, case)
    check = settle(relation, {}, case)
    return check if absent or _can_meet(check, case.slot(key)) else False


def _can_meet(check: Check, slot: Slot) -> bool:
    """Whether a string can be what a condition asks for; a wrong answer is always True.

    One look at its shape, where a search for each kind of call would find out the same.
    """
    condition = check.condition
    if check.mode != "one" or type(condition) is not Language or not condition.inside:
        return True
    return any(_can_be(pattern, slot) for pattern in condition.patterns)


def _can_be(pattern: Pattern, slot: Slot) -> bool:
    if is_literal(pattern):
        text = text_of(pattern)
        return all(each.holds(text) for each in slot.base if type(each) is Language)
    return slot.domain != "string" or may_be(pattern, slot.layout)


def _own_variable(relation: Relation, case: Case) -> Requirement:
    """`k = ${k}` holds whenever `k` is present; other relations wait for the values.

    Not so of ARN operators: a value that is no ARN is no pattern of six fields either.
    """
    if relation.base.startswith("Arn"):
        return relation
    slot = case.slot(relation.key)
    for operand in relation.operands:
        own = variables_in(operand)
        # NOTE: a multivalued key is no variable
        if len(operand) == len(own) == 1 and own[0].key == relation.key and not slot.bare:
            condition = None if relation.inside else NOTHING
            return Check(slot.master, relation.absent, relation.mode, condition)
    return relation


def settle(relation: Relation, values: dict[str, str | None], case: Case) -> Check:
    """The relation as a check, once the keys in its values are known (None: absent)."""
    slot = case.slot(relation.key)
    patterns: list[Pattern] = []
    shapeless = False
    for operand in relation.operands:
        tokens = substitute(operand, values)
        pattern = finish(tokens, relation.base) if tokens is not None else ()
        shapeless = shapeless or (pattern is None)
        if pattern is not None and tokens is not None:
            patterns.append(pattern)
    language = Language(relation.inside, lifted(tuple(patterns), slot))
    condition = _shapeless(language, case, relation.flipped) if shapeless else language
    return Check(slot.master, relation.absent, relation.mode, condition)


def _shapeless(language: Language, case: Case, flipped: bool) -> Language | None:
    """An ARN pattern without six fields decides the guard in a way nobody has documented."""
    if case.filling.assume("arn-shape") != flipped:
        return None if language.inside else language
    return language if language.inside else NOTHING


def _typed(operator: Operator, texts: list[str], slot: Slot) -> Condition:
    """Conditions of the operators that do not compare text. Malformed values match nothing."""
    inside = not operator.negated
    if operator.family == "boolean":
        words = [text.lower() for text in texts if text.lower() in ("true", "false")]
        return Language(inside, lifted(tuple(fold(literal(word)) for word in words), slot))
    if operator.family == "binary":
        readable = tuple(literal(text) for text in texts if re.fullmatch(_BASE64, text))
        return Language(inside, lifted(readable, slot))
    if _never_a_number(slot):
        return Language(inside, ())
    if slot.view == ACCOUNT_ONLY:
        return Language(inside, lifted(_accounts(operator, texts), slot))
    if slot.view is not None:
        raise Undecided("a part of an ARN or a subject is compared as a number, date or address")
    if operator.family == "address":
        networks = [parse_network(text) for text in texts]
        return Network(inside, tuple(network for network in networks if network is not None))
    return _compare(operator, texts, slot, inside)


def _never_a_number(slot: Slot) -> bool:
    """Whether fixed text in all values of the key keeps them from being numbers or addresses."""
    fixed = (piece for piece in slot.view or () if isinstance(piece, str))
    return any(not set(piece) <= _OF_NUMBERS for piece in fixed)


def _accounts(operator: Operator, texts: list[str]) -> tuple[Pattern, ...]:
    """The account ids that compare as numbers (as dates: seconds) in the way asked for."""
    dates = operator.family == "date"
    read = (parse_date(text) if dates else parse_number(text) for text in texts)
    points = [point for point in read if point is not None]
    relation = _relation(operator)
    if operator.family == "address" or not points:
        return ()
    if relation == "Equals":
        whole = [point // UNIT for point in points if point % UNIT == 0]
        return tuple(literal(f"{each:012}") for each in whole if 0 <= each < 10**12)
    lowest, highest = min(points), max(points)
    if relation.startswith("Less"):
        return _below(highest // UNIT + 1 if relation.endswith("Equals") else -(-highest // UNIT))
    first = -(-lowest // UNIT) if relation.endswith("Equals") else lowest // UNIT + 1
    # what is above `first` is below its complement when every digit is turned round
    turned = _below(10**12 - max(first, 0), turned=True)
    return turned if first < 10**12 else ()


def _below(number: int, *, turned: bool = False) -> tuple[Pattern, ...]:
    """Texts of twelve digits less than `number`. `turned`: 9 counts as 0, and so on."""
    digits = "9876543210" if turned else "0123456789"
    if number >= 10**12:
        return ((Wild(DIGITS, False),) * 12,)
    wanted = [digits[int(digit)] for digit in f"{max(number, 0):012}"]
    found: list[Pattern] = []
    for place, digit in enumerate(wanted):
        less = Wild(Chars(frozenset(digits[: digits.index(digit)]), False), False)
        found.append((*wanted[:place], less, *(Wild(DIGITS, False),) * (11 - place)))
    return tuple(found)


def _relation(operator: Operator) -> str:
    return operator.base.removeprefix("Date").removeprefix("Numeric").removeprefix("Not")


def _compare(operator: Operator, texts: list[str], slot: Slot, inside: bool) -> Compare:
    dates = operator.family == "date"
    points = [parse_date(text) if dates else parse_number(text) for text in texts]
    relation = _relation(operator)
    domain = "date" if dates or slot.domain == "date" else "number"
    return Compare(inside, domain, relation, tuple(p for p in points if p is not None))

"""A second oracle, made of an SMT solver: whether guards leave any call, or imply other guards.

It knows nothing of the engine: an IAM user calls, a key is a presence and a value, and a guard is a
formula written from the table of operators. It says what theories of strings and numbers can say:
single-valued keys, string and ARN operators, presence, set operators, variables under
`StringEquals`, numeric operators. Import this module only where `z3` is installed.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, NamedTuple

import z3
from oracle import Request

WORK = 4_000_000  # of the solver's own steps for one question, so that every machine says the same
SECONDS = 20  # should a step take long
CHARACTERS = "a-z A-Z 0-9 _ + = , . @ : / -"
SHORTEST = {"sts:externalid": 2}
NUMBERS = {"aws:multifactorauthage"}
RELATIONS = {
    "LessThan": lambda value, bound: value < bound,
    "LessThanEquals": lambda value, bound: value <= bound,
    "GreaterThan": lambda value, bound: value > bound,
    "GreaterThanEquals": lambda value, bound: value >= bound,
    "Equals": lambda value, bound: value == bound,
}
OPERATOR = re.compile(r"(?:(For\w+):)?(String|Arn|Numeric)(Not)?(\w+?)(IfExists)?")
VARIABLE = re.compile(r"([^$]*)\$\{([^}]+)\}([^$]*)")


class Key(NamedTuple):
    """A key of a call: whether it is there, and its value."""

    present: Any
    value: Any


class Calls:
    """All calls of one user at once: every key is a pair of unknowns."""

    __slots__ = ("arn", "keys", "solver")

    def __init__(self, arn: str) -> None:
        self.arn = arn
        self.keys: dict[str, Key] = {}
        self.solver = z3.Solver()
        self.solver.set("rlimit", WORK)
        self.solver.set("timeout", SECONDS * 1_000)

    def key(self, name: str) -> Key:
        lower = name.lower()
        if lower not in self.keys:
            value = z3.Real(lower) if lower in NUMBERS else z3.String(lower)
            self.keys[lower] = Key(z3.Bool(f"{lower} present"), value)
            if lower not in NUMBERS:
                self.solver.add(z3.Length(value) >= SHORTEST.get(lower, 1))
                self.solver.add(z3.InRe(value, z3.Star(_any())))
        return self.keys[lower]

    def answer(self, *formulas: Any) -> tuple[str, Request | None]:
        """`sat` and a call for which all formulas hold; `unsat`, when there is none; `unknown`."""
        self.solver.push()
        self.solver.add(*formulas)
        said = str(self.solver.check())
        call = self._call(self.solver.model()) if said == "sat" else None
        self.solver.pop()
        return said, call

    def _call(self, model: Any) -> Request:
        context: dict[str, str | list[str]] = {"aws:principalarn": self.arn, "aws:userid": "AIDAX"}
        for name, key in self.keys.items():
            if z3.is_true(model.eval(key.present, model_completion=True)):
                context[name] = _told(model.eval(key.value, model_completion=True))
        caller = {"kind": "user", "arn": self.arn}
        return Request(caller, frozenset({"sts:AssumeRole"}), context)

    def admitted(self, policy: dict[str, Any]) -> Any:
        """The calls that some Allow admits and no Deny forbids."""
        allows = [self.met(s) for s in policy["Statement"] if s["Effect"] == "Allow"]
        denies = [self.met(s) for s in policy["Statement"] if s["Effect"] == "Deny"]
        return z3.And(z3.Or(allows), z3.Not(z3.Or(denies)))

    def met(self, statement: dict[str, Any]) -> Any:
        """The calls that meet all guards of a statement."""
        guards = [
            self.guard(operator, key, values)
            for operator, tests in statement.get("Condition", {}).items()
            for key, values in tests.items()
        ]
        return z3.And(guards)

    def failed(self, statement: dict[str, Any]) -> Any:
        """The calls that fail some guard of a statement."""
        return z3.Not(self.met(statement))

    def guard(self, operator: str, name: str, values: list[str]) -> Any:
        key = self.key(name)
        if operator == "Null":
            return z3.Not(key.present) if "true" in values else key.present
        read = OPERATOR.fullmatch(operator)
        assert read is not None
        quantifier, family, negated, base, if_exists = read.groups()
        hit = z3.Or([self.hit(family, base, key, value) for value in values])
        absent = bool(if_exists or negated)
        if quantifier:  # of a set with one value in it, or none
            absent = quantifier == "ForAllValues"
        return z3.If(key.present, z3.Not(hit) if negated else hit, z3.BoolVal(absent))

    def hit(self, family: str, base: str, key: Key, value: str) -> Any:
        """Whether the key's value is what one value of the policy asks for."""
        if family == "Numeric":
            return RELATIONS[base](key.value, z3.RealVal(value))
        variable = VARIABLE.fullmatch(value)
        if variable is None:
            return z3.InRe(key.value, _pattern(family + base, value))
        other = self.key(variable[2])
        text = z3.Concat(z3.StringVal(variable[1]), other.value, z3.StringVal(variable[3]))
        return z3.And(other.present, key.value == text)


def _told(value: Any) -> str:
    """A value of a model as a call carries it."""
    if z3.is_string_value(value):
        return str(value.as_string())
    number = Fraction(value.numerator_as_long(), value.denominator_as_long())
    scaled = number * 10**30
    assert scaled.denominator == 1, "a number without an end"
    sign, digits = "-" if scaled < 0 else "", f"{abs(int(scaled)):031}"
    return f"{sign}{digits[:-30]}.{digits[-30:]}"


def _any(but: str = "") -> Any:
    parts = (part for part in CHARACTERS.split() if part != but)
    ranges = [part.split("-") if len(part) == 3 else (part, part) for part in parts]
    return z3.Union([z3.Range(low, high) for low, high in ranges])


def _pattern(operator: str, value: str) -> Any:
    """The regular expression of one value; a wildcard of an ARN stays within its field."""
    arn, pieces, colons = operator.startswith("Arn"), [z3.Re("")], 0
    for char in value:
        colons += char == ":"
        wild = _any(":" if arn and colons < 5 else "")
        if char in "*?" and (arn or operator == "StringLike"):
            pieces.append(z3.Star(wild) if char == "*" else wild)
        elif operator == "StringEqualsIgnoreCase":
            pieces.append(z3.Union(z3.Re(char.lower()), z3.Re(char.upper())))
        else:
            pieces.append(z3.Re(char))
    return z3.Concat([*pieces, z3.Re("")])

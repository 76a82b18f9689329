"""A second oracle, made of an SMT solver: whether guards on text leave any call, or imply others.

Only what string theories can say: single-valued keys of free text, string operators with globs,
presence. Import this module only where `z3` is installed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import z3

TIMEOUT = 2_000  # milliseconds for one question
CHARACTERS = "a-z A-Z 0-9 _ + = , . @ : / -"
SHORTEST = {"sts:externalid": 2}


class Key(NamedTuple):
    """A key of a call: whether it is there, and its value."""

    present: Any
    value: Any


class Calls:
    """All calls at once: a key is a pair of unknowns."""

    __slots__ = ("keys", "solver")

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {}
        self.solver = z3.Solver()
        self.solver.set("timeout", TIMEOUT)

    def key(self, name: str) -> Key:
        found = self.keys.get(name.lower())
        if found is None:
            lower = name.lower()
            found = Key(z3.Bool(f"{lower} present"), z3.String(lower))
            self.keys[lower] = found
            self.solver.add(z3.Length(found.value) >= SHORTEST.get(lower, 1))
            self.solver.add(z3.InRe(found.value, z3.Star(_characters())))
        return found

    def answer(self, *formulas: Any) -> str:
        """`sat`, `unsat` or `unknown`, whether there is a call for which all formulas hold."""
        self.solver.push()
        self.solver.add(*formulas)
        said = str(self.solver.check())
        self.solver.pop()
        return said

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
        base = operator.removesuffix("IfExists")
        positive = base.replace("Not", "")
        hit = z3.Or([z3.InRe(key.value, _pattern(positive, value)) for value in values])
        absent = operator.endswith("IfExists") or "Not" in base
        met = z3.Not(hit) if "Not" in base else hit
        return z3.If(key.present, met, z3.BoolVal(absent))


def _characters() -> Any:
    ranges = [part.split("-") if len(part) == 3 else (part, part) for part in CHARACTERS.split()]
    return z3.Union([z3.Range(low, high) for low, high in ranges])


def _pattern(operator: str, value: str) -> Any:
    """The regular expression of one value."""
    pieces = [z3.Re("")]
    for char in value:
        if operator == "StringLike" and char in "*?":
            pieces.append(z3.Star(_characters()) if char == "*" else _characters())
        elif operator == "StringEqualsIgnoreCase":
            pieces.append(z3.Union(z3.Re(char.lower()), z3.Re(char.upper())))
        else:
            pieces.append(z3.Re(char))
    return z3.Concat([*pieces, z3.Re("")])

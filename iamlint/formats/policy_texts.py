"""Reads policies out of texts with holes in them, and names the parts that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from iamlint.formats import fields
from iamlint.formats.cutter import Cutter
from iamlint.source import Problem
from iamlint.syntax.holes import Composed, Holes, Piece
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\U000f0000-\U0010fffd]', re.DOTALL)


class Document(NamedTuple):
    """One trust policy; None for one that is not there, or was not read."""

    value: Value | None
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def parsed(value: Value, holes: Holes) -> Document:
    """The policy in a text."""
    chars = [char for char in value.data if char in holes] if holes else []
    if value.data.strip() in chars:
        return unread(value, f"the whole document, given by {_names(chars, holes)}")
    bare = _bare(value, holes) if chars else []
    document, problems = fields.unwrapped(_quoted(value, bare) if bare else value)
    if bare and any(problem.blocking for problem in problems):
        names = _names((value.data[start] for start in bare), holes)
        return unread(value, f"the whole document, whose text depends on {names}")
    return Document(document, (), tuple(problems))


def unread(value: Value, missing: str) -> Document:
    """What there is of a document that was not read."""
    return Document(Value("object", (), value.span), (missing,))


def readable(found: Document, holes: Holes) -> Document:
    """A document without the parts of which only a name is known."""
    policy = found.value
    if policy is None or policy.kind != "object" or not holes:
        return found
    missing: list[str] = []
    members = list(policy.members)
    for at, (key, held) in enumerate(members):
        if key.data == "Statement":
            members[at] = Member(key, _statements(held, holes, missing))
    if not missing:
        return found
    value = Value("object", tuple(members), policy.span)
    return Document(value, (*found.missing, *missing), found.problems)


def all_statements(held: Value, holes: Holes) -> tuple[str, ...]:
    """What is missing where only a name is known of the statements."""
    return (f"all statements, given by {_names(held.data, holes)}",)


def _bare(value: Value, holes: Holes) -> list[int]:
    """Where holes stand in a text of JSON, but not in a string of it."""
    return [found.start() for found in _TOKEN.finditer(value.data) if found[0] in holes]


def _quoted(value: Value, bare: list[int]) -> Value:
    """The text with quotes around such holes: each is a part that will be missing."""
    cutter, at, pieces = Cutter(value), 0, list[Piece]()
    origin = value.derivation()
    for start in bare:
        mark = Piece('"', value, start, origin.span(start, start + 1))
        pieces += [*cutter.cut(at, start), mark, *cutter.cut(start, start + 1), mark]
        at = start + 1
    return Composed([*pieces, *cutter.cut(at, len(value.data))], value.span)


def _names(chars: Iterable[str], holes: Holes) -> str:
    """Holes in words; other characters have none."""
    names = dict.fromkeys(holes[char].name for char in chars if char in holes)
    return ", ".join(f"`{name}`" for name in names)


def _statements(held: Value, holes: Holes, missing: list[str]) -> Value:
    if held.kind == "object":
        reason = _unreadable(held, holes)
        missing += [reason] if reason else []
        return Value("array", (), held.span) if reason else held
    if _is_open(held, holes):
        missing += all_statements(held, holes)
        return Value("array", (), held.span)
    kept: list[Value] = []
    for item in held.items():
        reason = _unreadable(item, holes)
        if reason:
            missing.append(reason)
        else:
            kept.append(item)
    return Value("array", tuple(kept), held.span) if len(kept) < len(held.items()) else held


def _unreadable(statement: Value, holes: Holes) -> str:
    """What a statement lacks so that nothing can be said of it; empty when it can be read."""
    if _is_open(statement, holes):
        return f"the statement given by {_names(statement.data, holes)}"
    for key, held in statement.members:
        name = key.data
        if name in ("Effect", "Principal", "NotPrincipal", "Condition") and _is_open(held, holes):
            return f"the statement whose `{name}` is given by {_names(held.data, holes)}"
        if name == "Condition":
            for operator, tests in held.members:
                if _is_open(tests, holes):
                    what = f"the statement whose `{operator.data}` is given by"
                    return f"{what} {_names(tests.data, holes)}"
    return ""


def _is_open(value: Value, holes: Holes) -> bool:
    return value.kind == "string" and any(char in holes for char in value.data)

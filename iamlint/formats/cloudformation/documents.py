"""Reads a trust policy out of what a template gives for it, and names the parts it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from iamlint.formats import fields
from iamlint.formats.cloudformation.cutter import Cutter
from iamlint.formats.cloudformation.intrinsics import NO_VALUE, intrinsic
from iamlint.formats.cloudformation.run import Run
from iamlint.source import Problem
from iamlint.syntax.holes import Composed, Piece
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\U000f0000-\U0010fffd]', re.DOTALL)


class Document(NamedTuple):
    """One trust policy; None for one that is not there, or was not read."""

    value: Value | None
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(run: Run, written: Value) -> Document:
    """The trust policy that a property gives, as an object or as its text."""
    call = intrinsic(written)
    if call is not None and call.name == "Fn::ToJsonString":
        written = call.argument  # the text of an object is the object
    value = run.value(written)
    if value is NO_VALUE:
        return Document(None)
    found = _parsed(run, value) if value.kind == "string" else Document(value)
    if found.value is None or found.value.kind != "object":
        return found
    policy, missing = _readable(run, found.value)
    return Document(policy, found.missing + missing, found.problems)


def _parsed(run: Run, value: Value) -> Document:
    """The policy in a text."""
    holes = [char for char in value.data if char in run.world.table.holes]
    if value.data.strip() in holes:
        return _unread(value, f"the whole document, given by {_names(run, value)}")
    bare = _bare(run, value) if holes else []
    document, problems = fields.unwrapped(_quoted(value, bare) if bare else value)
    if bare and any(problem.blocking for problem in problems):
        names = _named(run, (value.data[start] for start in bare))
        return _unread(value, f"the whole document, whose text depends on {names}")
    return Document(document, (), tuple(problems))


def _unread(value: Value, missing: str) -> Document:
    return Document(Value("object", (), value.span), (missing,))


def _bare(run: Run, value: Value) -> list[int]:
    """Where holes stand in a text of JSON, but not in a string of it."""
    holes = run.world.table.holes
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


def _names(run: Run, value: Value) -> str:
    """The holes in a text, in words."""
    return _named(run, value.data)


def _named(run: Run, chars: Iterable[str]) -> str:
    holes = run.world.table.holes
    names = dict.fromkeys(holes[char].name for char in chars if char in holes)
    return ", ".join(f"`{name}`" for name in names)


def _readable(run: Run, policy: Value) -> tuple[Value, tuple[str, ...]]:
    """The policy without the parts of which only a name is known, and these in words."""
    missing: list[str] = []
    if not run.world.table.holes:
        return policy, ()
    members = list(policy.members)
    for at, (key, held) in enumerate(members):
        if key.data == "Statement":
            members[at] = Member(key, _statements(run, held, missing))
    return (Value("object", tuple(members), policy.span) if missing else policy), tuple(missing)


def _statements(run: Run, held: Value, missing: list[str]) -> Value:
    if held.kind == "object":
        reason = _unreadable(run, held)
        missing += [reason] if reason else []
        return Value("array", (), held.span) if reason else held
    if _is_open(run, held):
        missing.append(f"all statements, given by {_names(run, held)}")
        return Value("array", (), held.span)
    kept: list[Value] = []
    for item in held.items():
        reason = _unreadable(run, item)
        if reason:
            missing.append(reason)
        else:
            kept.append(item)
    return Value("array", tuple(kept), held.span) if missing else held


def _unreadable(run: Run, statement: Value) -> str:
    """What a statement lacks so that nothing can be said of it; empty when it can be read."""
    if _is_open(run, statement):
        return f"the statement given by {_names(run, statement)}"
    for key, held in statement.members:
        name = key.data
        if name in ("Effect", "Principal", "NotPrincipal", "Condition") and _is_open(run, held):
            return f"the statement whose `{name}` is given by {_names(run, held)}"
        if name == "Condition":
            for operator, tests in held.members:
                if _is_open(run, tests):
                    what = f"the statement whose `{operator.data}` is given by"
                    return f"{what} {_names(run, tests)}"
    return ""


def _is_open(run: Run, value: Value) -> bool:
    return value.kind == "string" and run.world.has_holes(value.data)

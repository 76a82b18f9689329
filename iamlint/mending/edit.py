"""What a rule would have done to a policy, as a document and as a text."""

from __future__ import annotations

from iamlint.facts.node import Node
from iamlint.findings import Change
from iamlint.mending.spot import Spot, find, removed, replaced
from iamlint.mending.text import over, plus_guard, without
from iamlint.rules.book import Edit
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple


class Mended(NamedTuple):
    """A document that was edited, and how the file says it; None where it cannot be said there."""

    document: Value
    change: Change | None


def mended(document: Value, node: Node, edit: Edit) -> Mended | None:
    """The document with an edit about one of its nodes; None where that cannot be done."""
    if edit.kind == "add":
        return _with_guard(document, node, edit.texts)
    spot = find(document, node.point(edit.part))
    if spot is None:
        return None
    if edit.kind == "remove":
        rest = removed(spot)
        return Mended(rest, without(spot)) if rest is not None else None
    return _written(spot, edit.texts[0])


def _written(spot: Spot, text: str) -> Mended | None:
    if spot.value.kind != "string" or spot.value.data == text:
        return None
    made = Value("string", text, spot.value.span)
    return Mended(replaced(spot, made), over(spot, text))


def _with_guard(document: Value, node: Node, texts: tuple[str, ...]) -> Mended | None:
    spot = find(document, node.home())
    if spot is None or spot.value.kind != "object":
        return None
    operator, key, value = texts
    statement = spot.value
    span = statement.span

    condition = statement.get("Condition") or Value("object", (), span)
    block = condition.get(operator) or Value("object", (), span)
    if condition.kind != "object" or block.kind != "object":
        return None
    guarded = _with(condition, operator, _with(block, key, Value("string", value, span)))
    new = _with(statement, "Condition", guarded)
    return Mended(replaced(spot, new), plus_guard(statement, operator, key, value))


def _with(holder: Value, name: str, value: Value) -> Value:
    """An object with one member set."""
    members = [m if m.key.data != name else m._replace(value=value) for m in holder.members]
    if holder.get(name) is None:
        members.append(Member(Value("string", name, holder.span), value))
    return Value("object", tuple(members), holder.span)


def both(before: Value, after: Value) -> Value | None:
    """One document with the statements of two, those of `before` first.

    None where the two are read as different versions of the language and it matters.
    """
    versions = [each.get("Version") for each in (before, after)]
    old, new = (str(each.data) if each is not None else "" for each in versions)
    if old != new and any("${" in text for text in _texts(before)):
        return None
    statements = (*_statements(before), *_statements(after))
    held = Value("array", statements, after.span)
    members = [Member(Value("string", "Statement", after.span), held)]
    if versions[1] is not None:
        members.insert(0, Member(Value("string", "Version", after.span), versions[1]))
    return Value("object", tuple(members), after.span)


def _statements(document: Value) -> tuple[Value, ...]:
    held = document.get("Statement")
    found = () if held is None else held.items() or (held,)
    return tuple(each for each in found if each.kind == "object")


def _texts(value: Value) -> list[str]:
    todo, found = [value], list[str]()
    while todo:
        each = todo.pop()
        found += [each.data] if each.kind == "string" else []
        todo += each.items()
        todo += (part for member in each.members for part in member)
    return found

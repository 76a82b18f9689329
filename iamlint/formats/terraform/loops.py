"""Evaluates `for` expressions, those over collections of which little is known, too."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.formats.decisions import Undecided
from iamlint.formats.faults import quoted
from iamlint.formats.terraform import types
from iamlint.formats.terraform.compare import truth
from iamlint.formats.terraform.convert import convert, has_open_keys
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Inner, Scope
from iamlint.formats.terraform.steps import key_text
from iamlint.formats.terraform.types import BOOL
from iamlint.formats.terraform.unknowns import pairs
from iamlint.formats.terraform.values import Datum, Entry, Rest, mapping, sequence
from iamlint.source import Span
from iamlint.syntax.hcl.expressions import For
from iamlint.syntax.hcl.node import Expression, Head
from iamlint.typed import NamedTuple


class Pass(NamedTuple):
    """One pass of a loop; `many`: it stands for any number of them."""

    scope: Scope
    many: bool


def passes(run: Run, head: Head, scope: Scope) -> tuple[Datum, list[Pass]]:
    """The collection that a loop goes through, and its passes."""
    collection = run.value(head.collection, scope)
    span = head.collection.span
    if collection.kind == "null":
        raise Fault("a loop cannot go through null", span)
    found = pairs(run, collection, span)
    if found is None:
        message = "a loop goes through a list, a set, a map or an object; this is"
        raise Fault(f"{message} {types.a(collection.type)}", span)
    run.count(len(found), span)
    run.spend(3 * len(found), span)
    made: list[Pass] = []
    for key, value, many in found:
        names = {head.value.text: value}
        if head.key is not None:
            names[head.key.text] = key
        made.append(Pass(Inner(scope, names), many))
    return collection, made


def loop(run: Run, node: For, scope: Scope) -> Datum:
    """`[for … : …]` or `{for … : … => …}`."""
    collection, found = passes(run, node.head, scope)
    kept = _kept(run, node, found)
    name = run.label(collection)
    if node.key is None:
        made = _list(run, node, kept, name)
    else:
        made = _object(run, node, node.key, kept, name)
    if collection.loose or has_open_keys(run, collection):
        made = made.like(loose=True)
    return made.marked() if collection.sensitive else made


def _kept(run: Run, node: For, found: list[Pass]) -> Iterator[Pass]:
    """The passes whose condition holds; those that nobody can tell are there or are not."""
    for each in found:
        known = _is_kept(run, node, each)
        if known is not False:
            yield each._replace(many=each.many or known is None)


def _is_kept(run: Run, node: For, each: Pass) -> bool | None:
    if node.condition is None:
        return True
    span = node.condition.span
    datum = run.value(node.condition, each.scope)
    if datum.kind == "null":
        raise Fault("the condition of a loop cannot be null", span)
    formula = truth(run, convert(run, datum, BOOL, span))
    try:
        known = run.decide(formula)
    except Undecided:
        if not each.many:
            raise
        known = None  # there may be none of them in any case
    return known


def _list(run: Run, node: For, kept: Iterator[Pass], name: str) -> Datum:
    items: list[Datum] = []
    for each in kept:
        item = run.safe(node.result, each.scope)
        items.append(Rest(item, name, node.span) if each.many else item)
    return sequence("tuple", items, node.span)


def _object(run: Run, node: For, key: Expression, kept: Iterator[Pass], name: str) -> Datum:
    entries: dict[str, Entry] = {}
    groups: dict[str, list[Datum]] = {}
    for each in kept:
        made = key_text(run, run.value(key, each.scope), key.span)
        value = run.safe(node.result, each.scope)
        text = made.string
        if node.group:
            item = Rest(value, name, node.span) if each.many else value
            groups.setdefault(text, []).append(item)
        elif text in entries:
            raise _twice(text, key.span)
        entries.setdefault(text, Entry(made.text, value, each.many))
    for text, items in groups.items():
        group = sequence("tuple", items, node.span)
        entries[text] = entries[text]._replace(value=group)
    return mapping("object", entries, node.span)


def _twice(key: str, span: Span) -> Fault:
    help = "to collect all values of a key end the result with `...`"
    return Fault(f"two elements have the key {quoted(key)}", span, help)

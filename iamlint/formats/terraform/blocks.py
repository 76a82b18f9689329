"""Evaluates the arguments and the nested blocks of a resource into a value like that in a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iamlint.formats.terraform import types
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.documents import tree
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.formulas import named
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Inner, Scope
from iamlint.formats.terraform.types import STRING, Type
from iamlint.formats.terraform.unknowns import pairs
from iamlint.formats.terraform.values import Datum, Entry, mapping
from iamlint.source import Span
from iamlint.syntax.hcl.bodies import Attribute, Block, Body
from iamlint.syntax.hcl.expressions import Access, Parens, Variable
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.templates import Template
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple

_MOST_BLOCKS = 1_000  # of one type in one body


class Schema(NamedTuple):
    """What a block holds: the types of its arguments, and the schemas of blocks in it."""

    arguments: Mapping[str, Type]
    blocks: Mapping[str, Schema] = {}


_TEXTS = types.list_of(STRING)
_PRINCIPALS = Schema({"type": STRING, "identifiers": _TEXTS})
POLICY_DOCUMENT = Schema(
    {
        "policy_id": STRING,
        "version": STRING,
        "source_json": STRING,
        "override_json": STRING,
        "source_policy_documents": _TEXTS,
        "override_policy_documents": _TEXTS,
    },
    {
        "statement": Schema(
            {
                "sid": STRING,
                "effect": STRING,
                "actions": _TEXTS,
                "not_actions": _TEXTS,
                "resources": _TEXTS,
                "not_resources": _TEXTS,
            },
            {
                "principals": _PRINCIPALS,
                "not_principals": _PRINCIPALS,
                "condition": Schema({"test": STRING, "variable": STRING, "values": _TEXTS}),
            },
        )
    },
)


def value(run: Run, body: Body, span: Span, scope: Scope, schema: Schema) -> Value:
    """A body as an object: its arguments, and a list for each type of block."""
    members: list[Member] = []
    for name, type in schema.arguments.items():
        attribute = body.attribute(name)
        if attribute is not None:
            key = Value("string", name, attribute.name_span)
            members.append(Member(key, _argument(run, attribute, scope, type)))
    for name, inner in schema.blocks.items():
        held = [
            (block.header_span, value(run, block.body, block.span, within, inner))
            for block, within in expanded(run, body, name, scope)
        ]
        if held:
            key = Value("string", name, held[0][0])
            place = held[0][1].span.cover(held[-1][1].span)
            members.append(Member(key, Value("array", tuple(each for _, each in held), place)))
    return Value("object", tuple(members), span)


def _argument(run: Run, attribute: Attribute, scope: Scope, type: Type) -> Value:
    datum = evaluate(run, attribute.value, scope)
    span = attribute.value.span
    try:
        return tree(run, convert(run, datum, type, span))
    except Fault as fault:
        return tree(run, run.failed(fault, f"{attribute.name}", span, type))


def expanded(run: Run, body: Body, name: str, scope: Scope) -> Iterator[tuple[Block, Scope]]:
    """The blocks of a type, those written out and those that `dynamic` makes, with their scopes.

    Blocks of a type keep their order, whichever way they are written.
    """
    written = [(block.start, block) for block in body.blocks(name)]
    made = [(b.start, b) for b in body.blocks("dynamic", 1) if _label(b) == name]
    # Those of several files have no order that starts could tell; the sort keeps theirs.
    same = len({block.source for _, block in (*written, *made)}) == 1
    for _, block in sorted((*written, *made), key=lambda each: each[0] if same else 0):
        if block.type != "dynamic":
            yield block, scope
        else:
            yield from _dynamic(run, block, name, scope)


def _label(block: Block) -> str:
    return block.labels[0].text if block.labels else ""


def _dynamic(run: Run, block: Block, name: str, scope: Scope) -> Iterator[tuple[Block, Scope]]:
    content = next(iter(block.body.blocks("content")), None)
    each = block.body.attribute("for_each")
    if content is None or each is None:
        run.world.tell(Fault("a dynamic block has `for_each` and `content`", block.header_span))
        run.missing[f"the `{name}` blocks at {run.position(block.span)}"] = None
        return
    iterator = block.body.attribute("iterator")
    called = _name(iterator.value) if iterator is not None else name
    collection = evaluate(run, each.value, scope)
    span = each.value.span
    found = pairs(run, collection, span)
    if found is None:
        if collection.kind != "null":
            message = f"`for_each` is {types.a(collection.type)}, which has no elements"
            run.world.tell(Fault(message, span))
        run.missing[f"the `{name}` blocks at {run.position(block.span)}"] = None
        return
    if len(found) > _MOST_BLOCKS:
        run.count(len(found) * _MOST_BLOCKS, span)
    for pair in found:
        if pair.many and not _some(run, collection):
            continue
        entries = {"key": pair.key, "value": pair.value}
        held = {key: Entry(Value("string", key, span), datum) for key, datum in entries.items()}
        yield content, Inner(scope, {called: mapping("object", held, span)})


def _some(run: Run, collection: Datum) -> bool:
    """Whether a collection of which it is not known how much it holds, holds anything."""
    formula = named(run.world.names.short(f"length({run.label(collection)}) > 0"))
    return run.decide(formula) is not False


def _name(node: Expression) -> str:
    """A bare name, as Terraform wants it, in whatever it is wrapped."""
    while isinstance(node, Parens):
        node = node.inner
    if isinstance(node, Template):
        wrapped = node.wrapped
        return _name(wrapped) if wrapped is not None else node.literal or ""
    return node.name if isinstance(node, Variable) and not isinstance(node, Access) else ""

"""Evaluates a template into the roles that it deploys."""

from __future__ import annotations

from collections.abc import Mapping

from iamlint.formats.cloudformation.declare import declare
from iamlint.formats.cloudformation.keeping import Kept
from iamlint.formats.cloudformation.roles import Roles
from iamlint.formats.cloudformation.stacks import Nested, StackCall, Stacks
from iamlint.formats.cloudformation.world import World
from iamlint.formats.role import Role
from iamlint.source import Problem, Source
from iamlint.syntax.holes import Holes, Table, has_private
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Evaluation(NamedTuple):
    """What one template gave."""

    roles: list[Role]
    problems: list[Problem]
    calls: list[StackCall]  # nested stacks, each to be evaluated with this very table
    parameters: tuple[str, ...]  # that the template declares
    table: Table


def evaluate(  # noqa: PLR0913
    template: Value,
    source: Source,
    bindings: Mapping[str, Value] | None = None,
    *,
    table: Table | None = None,
    scope: str = "",
    nested: Nested | None = None,
    depth: int = 0,
    kept: Kept | None = None,
) -> Evaluation:
    """The roles of a template, as far as they can be known before it is deployed.

    `source` is the file it stands in. `bindings` are values of parameters that win over defaults.
    Of a nested stack `table` is that of the template that calls it and `scope` goes before the
    names of what is unknown in it, such as `Network/`. `nested` gives the templates of nested
    stacks, so that their outputs can be known. `kept` is what an earlier evaluation left.
    """
    table, given = _shared(source, bindings or {}, table)
    world = World(template, source, given, table, scope)
    ways = declare(world)
    stacks = Stacks(world, nested, depth)
    world.outputs = stacks.output
    if kept is not None:
        kept.begin(world)
    found = Roles(world, ways, kept)
    found.run()
    for inline in stacks.inlined():
        inner = evaluate(
            inline.value,
            source,
            inline.bindings,
            table=table,
            scope=f"{scope}{inline.logical}/",
            depth=depth + 1,
        )
        found.found += inner.roles
        world.faults.add([*(inline.problems if inner.roles else ()), *inner.problems])
    parameters = tuple(world.template.parameters)
    return Evaluation(found.found, world.faults.found, list(stacks.calls()), parameters, table)


def _shared(
    source: Source, bindings: Mapping[str, Value], table: Table | None
) -> tuple[Table, Mapping[str, Value]]:
    """The table for a template and its bindings; a new one if its text looks like it had holes."""
    if table is None:
        sources = (source, *(value.span.root().source for value in bindings.values()))
        return Table(dict.fromkeys(sources)), bindings
    if not has_private(source.text):
        return table, bindings
    known = {name: value for name, value in bindings.items() if not _is_open(value, table.holes)}
    return Table((source,)), known


def _is_open(value: Value, holes: Holes) -> bool:
    return any(char in holes for item in value.items() or (value,) for char in str(item.data))

"""Evaluates a template into the roles that it deploys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from iamlint.formats.cloudformation.faults import TooMuch
from iamlint.formats.cloudformation.functions import FUNCTIONS
from iamlint.formats.cloudformation.loops import unrolled
from iamlint.formats.cloudformation.roles import Roles
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.world import World
from iamlint.formats.role import Role, Way
from iamlint.source import Problem, Source
from iamlint.syntax.holes import OWN_KINDS, Table
from iamlint.syntax.value import Value


class Evaluation(NamedTuple):
    """What one template gave."""

    roles: list[Role]
    problems: list[Problem]

    @property
    def unresolved(self) -> int:
        """How many values and parts of the judged policies cannot be known."""
        return unresolved(self.roles)


def evaluate(
    template: Value,
    source: Source,
    bindings: Mapping[str, Value] | None = None,
    *,
    table: Table | None = None,
    scope: str = "",
) -> Evaluation:
    """The roles of a template, as far as they can be known before it is deployed.

    `bindings` are values of parameters that win over defaults.
    """
    given = bindings or {}
    sources = dict.fromkeys((source, *(value.span.root().source for value in given.values())))
    world = World(template, source, given, table or Table(sources), scope)
    ways = _resources(world)
    found = Roles(world, ways)
    found.run()
    return Evaluation(found.found, world.faults.found)


def _resources(world: World) -> dict[str, tuple[Way, ...]]:
    """Declares the resources, those of loops included; tells how values came into the latter."""
    run = Run(world, FUNCTIONS)
    written = world.template.resources(world.faults)
    try:
        members = unrolled(run, written)
    except TooMuch as fault:
        world.faults.tell(fault)
        members = list(written)
    own = {id(member.value) for member in written}
    made: dict[str, tuple[Way, ...]] = {}
    for member in members:
        if member.value.kind == "object":
            world.resources[member.key.data] = member.value
            if id(member.value) not in own:
                span = member.value.span
                made[member.key.data] = tuple(
                    way for way in run.ways if span.start <= way.use.start < span.end
                )
    return made


def unresolved(roles: list[Role]) -> int:
    """How many different unknowns stand in the policies of roles, and parts that are missing."""
    holes = {hole.name for role in roles for hole in role.holes.values()}
    own = {hole.name for role in roles for hole in role.holes.values() if hole.kind in OWN_KINDS}
    missing = {
        (role.identity, part) for role in roles for each in role.variants for part in each.missing
    }
    return len(holes - own) + len(missing)

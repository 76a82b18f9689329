"""Declares the resources of a template, those that its loops make included."""

from __future__ import annotations

from iamlint.formats.cloudformation.faults import TooMuch
from iamlint.formats.cloudformation.functions import FUNCTIONS
from iamlint.formats.cloudformation.intrinsics import is_loop
from iamlint.formats.cloudformation.loops import Made, unrolled
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.template import by_name
from iamlint.formats.cloudformation.world import World
from iamlint.formats.role import Way
from iamlint.syntax.value import Member

Ways = dict[str, tuple[Way, ...]]


def declare(world: World) -> Ways:
    """Tells the world its resources; gives how values came into those that loops made, by id."""
    run = Run(world, FUNCTIONS)
    made: Ways = {}
    for member, ways in _unrolled(run, world.template.resources(world.faults)):
        if member.value.kind == "object":
            world.resources[member.key.data] = member.value
            made[member.key.data] = ways
    if any(map(is_loop, world.template.conditions)):
        section = world.template.value.get("Conditions")
        members = _unrolled(run, section.members if section is not None else ())
        world.template.conditions = by_name(tuple(each.member for each in members))
    return made


def _unrolled(run: Run, members: tuple[Member, ...]) -> list[Made]:
    try:
        return unrolled(run, members)
    except TooMuch as fault:
        run.world.faults.tell(fault)
        return [Made(member) for member in members]

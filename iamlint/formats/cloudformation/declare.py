"""Declares the resources of a template, those that its loops make included."""

from __future__ import annotations

from iamlint.formats.cloudformation.faults import TooMuch
from iamlint.formats.cloudformation.functions import FUNCTIONS
from iamlint.formats.cloudformation.loops import unrolled
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.world import World
from iamlint.formats.role import Way
from iamlint.source import Span
from iamlint.syntax.value import Member

Ways = dict[str, tuple[Way, ...]]


def declare(world: World) -> Ways:
    """Tells the world its resources; gives how values came into those that loops made, by id."""
    run = Run(world, FUNCTIONS)
    written = world.template.resources(world.faults)
    members = _unrolled(run, written)
    own = {id(member) for member in written}
    made: Ways = {}
    for member in members:
        if member.value.kind == "object":
            world.resources[member.key.data] = member.value
            if id(member) not in own:
                made[member.key.data] = _within(run, member.value.span)
    if any(name.startswith("Fn::ForEach::") for name in world.template.conditions):
        _conditions(run)
    return made


def _unrolled(run: Run, members: tuple[Member, ...]) -> list[Member]:
    try:
        return unrolled(run, members)
    except TooMuch as fault:
        run.world.faults.tell(fault)
        return list(members)


def _conditions(run: Run) -> None:
    template = run.world.template
    section = template.value.get("Conditions")
    members = _unrolled(run, section.members if section is not None else ())
    template.conditions = {member.key.data: member.value for member in members}


def _within(run: Run, span: Span) -> tuple[Way, ...]:
    """The ways that end in a place."""
    return tuple(
        way
        for way in run.ways
        if way.use.source is span.source and span.start <= way.use.start < span.end
    )

"""Finds the resources of some type in a module and in all modules that it calls."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.formats.faults import TooMuch
from iamlint.formats.terraform.attributes import Resource
from iamlint.formats.terraform.instances import OPEN, SINGLE, Instance, Instances, is_single
from iamlint.formats.terraform.module import Module
from iamlint.formats.terraform.run import Run
from iamlint.syntax.hcl.bodies import Block
from iamlint.typed import NamedTuple

_FIRST = Instance()
_NOTHING = frozenset[str]()
MOST = 20_000  # instances of resources of one root


class Step(NamedTuple):
    """The way into one instance of a module: the block that calls it, and its key."""

    block: Block
    key: str


class Place(NamedTuple):
    """One instance of a resource, as far as a run that assumes nothing can tell it from others.

    `freed`: the variables whose default makes none of it.
    """

    way: tuple[Step, ...]
    block: Block
    key: str
    freed: frozenset[str]


class Search:
    """A walk through the modules below a root, for resources of some types."""

    def __init__(self, root: Module, types: tuple[str, ...]) -> None:
        self._root = root
        self._types = types
        self._count = 0

    def places(self, run: Run) -> Iterator[Place]:
        """All of them, in the order of the text; `run` is lenient."""
        todo: list[tuple[Module, tuple[Step, ...], frozenset[str]]] = [(self._root, (), _NOTHING)]
        while todo:
            module, way, freed = todo.pop()
            yield from self._own(run, module, way, freed)
            inner = []
            for name, block in module.configuration.of("module").items():
                if not name or module.child(block, _FIRST) is None:
                    self._left_out(run, module, block)
                    continue
                found, more = self._instances(run, module, "module", block)
                for one in found:
                    child = module.child(block, one)
                    self._counted(block)
                    if child is not None:
                        inner.append((child, (*way, Step(block, one.key)), freed | more))
            todo += reversed(inner)

    def _own(
        self, run: Run, module: Module, way: tuple[Step, ...], freed: frozenset[str]
    ) -> Iterator[Place]:
        for block in module.configuration.resources(self._types):
            found, more = self._instances(run, module, "resource", block)
            for one in found:
                self._counted(block)
                yield Place(way, block, one.key, freed | more)

    def _left_out(self, run: Run, module: Module, block: Block) -> None:
        circle = module.circle(block)
        if circle is not None:
            run.tell(circle)

    def _counted(self, block: Block) -> None:
        self._count += 1
        if self._count > MOST:
            message = f"there are more than {MOST:,} instances; the rest was not judged"
            raise TooMuch(message, block.header_span)

    def _instances(
        self, run: Run, module: Module, kind: str, block: Block
    ) -> tuple[Instances, frozenset[str]]:
        """The instances of a block; where defaults make none, those that other values make.

        Whoever uses a module that makes nothing by default gives other values.
        """
        if is_single(block):
            return SINGLE, _NOTHING
        ways = run.ways
        run.ways = {}
        try:
            found = module.instances(run, kind, block)
            defaults = {module.tree.met.defaults.get(way) for way in run.ways} - {None}
        finally:
            run.ways = ways
        freed = frozenset(name for name in defaults if name is not None)
        if found.items or not freed:
            return found, _NOTHING
        return Instances(OPEN, {"": _FIRST}), freed


def located(run: Run, root: Module, place: Place) -> tuple[Module, Resource] | None:
    """The instance of a resource in the state of a run; None where there is none."""
    module = root
    for step in place.way:
        one = module.instances(run, "module", step.block).like(step.key)
        child = module.child(step.block, one) if one is not None else None
        if child is None:
            return None
        module = child
    one = module.instances(run, "resource", place.block).like(place.key)
    return None if one is None else (module, module.resource("resource", place.block, one))

"""Takes over from the last check of a root module what would not be otherwise now.

Roles are evaluated one after the other, and little goes from one to the next: the names and the
characters of what is unknown, and the problems. All of it is asked of the world, so it is asked
again for a role that is taken over, in its turn: the world is then as if the role had been
evaluated. Where an answer differs, the role is evaluated; up to there it asks for the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping

from iamlint.formats.role import Role
from iamlint.formats.terraform import traces
from iamlint.formats.terraform.attached import Attached, Unit
from iamlint.formats.terraform.configuration import Configuration, Layered
from iamlint.formats.terraform.found import Place
from iamlint.formats.terraform.places import sources
from iamlint.formats.terraform.traces import Asked, Need, Record, Trace, WatchedFiles
from iamlint.formats.terraform.world import STEPS_HERE, World
from iamlint.source import Source, Span
from iamlint.syntax.hcl.bodies import Block
from iamlint.typed import Any, NamedTuple

# Where something stands: the name of a file, a line and a column.
Position = tuple[str, int, int]


class Known(NamedTuple):
    """What was made of one instance of a resource, and what that is due to.

    `positions`: of what was looked for, where that matters. `sources`: files of which a part that
    is no block is spoken of.
    """

    made: Any
    record: Record
    positions: tuple[Position, ...]
    sources: frozenset[Source]


class Root(NamedTuple):
    """What is kept of a root module; `key`: what is around it. `is_large`: not to be used again."""

    key: object
    modules: Mapping[str, Configuration]
    roles: Mapping[Place, Known]
    units: Mapping[Place, Known]
    is_large: bool


class Reuse:
    """What is taken over for one root module, and what is kept for the next check."""

    def __init__(
        self,
        world: World,
        known: Root | None,
        modules: Mapping[str, Configuration],
        is_file: Callable[[Source], bool],
    ) -> None:
        assert world.trace is not None
        self._world = world
        self._trace: Trace = world.trace
        self._known = known
        self._modules = modules
        self._is_file = is_file  # whether a source is a file that is read in parts, as it is now
        self._changed = changed(known.modules, modules) if known is not None else frozenset()
        self._roles: dict[Place, Known] = {}
        self._units: dict[Place, Known] = {}
        self._attached: Attached | None = None
        self._cost = self._apart = self._most = 0  # steps: of all, of policies apart, of a role
        self.has_reused = False

    def kept(self, key: object) -> Root:
        """What is kept for the next check."""
        units = {place: _elsewhere(known) for place, known in self._units.items()}
        return Root(key, self._modules, self._roles, units, self.is_large())

    def is_large(self) -> bool:
        """Whether a budget was too small, or might be in another order."""
        here = self._most + self._apart
        every = self._world.spent + self._cost + self._apart
        return self._trace.is_large or here > STEPS_HERE or every > self._world.steps

    def role(self, place: Place, make: Callable[[], list[Role]], attached: Attached) -> list[Role]:
        """The role of a place, made now if need be."""
        self._attached = attached
        known = self._known.roles.get(place) if self._known is not None else None
        self._trace.clear()
        if known is None or not (self._holds(place, known) and self._is_same(known.record.asked)):
            made, record = self._trace.watch(self._world, make, told=True)
            known = self._new(place, made, record, sources(made[0]) if made else ())
        else:
            self.has_reused = True
        self._roles[place] = known
        self._cost += known.record.cost
        self._most = max(self._most, known.record.cost)
        found: list[Role] = known.made
        return found

    def unit(self, place: Place, make: Callable[[], Unit | None]) -> Unit | None:
        """See `attached.Keeper`."""
        known = self._known.units.get(place) if self._known is not None else None
        if known is None or not (self._holds(place, known) and self._is_same(known.record.asked)):
            made, record = self._trace.watch(self._world, make, told=True)
            known = self._new(place, made, record, ())
        else:
            self.has_reused = True
            known = _elsewhere(known)
        self._units[place] = known
        self._apart += known.record.cost
        found: Unit | None = known.made
        return found

    def aside(self, make: Callable[[], object]) -> None:
        """See `attached.Keeper`."""
        self._trace.aside(self._world, make)

    def _new(self, place: Place, made: Any, record: Record, spoken: Iterable[Source]) -> Known:
        positions = self._positions(place, record) if record.is_fixed else ()
        return Known(made, record, positions, frozenset(filter(self._is_file, spoken)))

    def _holds(self, place: Place, known: Known) -> bool:
        """Whether all that something is due to is as it was."""
        record = known.record
        if record.is_fragile or not record.needs.isdisjoint(self._changed):
            return False
        if not all(map(self._is_file, known.sources)):
            return False
        return not record.is_fixed or known.positions == self._positions(place, record)

    def _positions(self, place: Place, record: Record) -> tuple[Position, ...]:
        """Where all that is that something is due to."""
        blocks = [place.block, *(step.block for step in place.way)]
        found = [position for block in blocks for position in _of_block(block)]
        for folder, *key in record.needs:
            module = self._modules.get(folder)
            block = module.blocks.get(tuple(key)) if module is not None else None
            local = module.locals.get(key[1]) if module is not None else None
            if block is not None:
                found += _of_block(block)
            elif local is not None and key[0] == "local":
                found.append(_at(local.source))
        return tuple(found)

    def _is_same(self, asked: tuple[Asked, ...]) -> bool:
        """Asks the world again; whether it answers all of it the same."""
        order = _Order()
        return all(self._answers(each, order) for each in asked)

    def _answers(self, asked: Asked, order: _Order) -> bool:
        world, kind = self._world, asked[0]
        if kind == traces.HOLE:
            return self._answers_hole(asked, order)
        if kind == traces.WRITTEN:
            return world.names.taken(asked[1], asked[2]) == str(asked[3])
        if kind == traces.SHORT:
            return world.names.short(asked[1]) == str(asked[2])
        if kind in (traces.TELL, traces.TOLD):
            world.keep(asked[1], asked[2])
            return True
        return self._answers_files(asked) if kind == traces.FILE else self._answers_apart(asked)

    def _answers_hole(self, asked: Asked, order: _Order) -> bool:
        _, hole, char = asked
        try:
            return order.holds(char, self._world.table.char(hole))
        except OverflowError:
            return False

    def _answers_files(self, asked: Asked) -> bool:
        _, question, path, answer = asked
        files = self._world.files
        return isinstance(files, WatchedFiles) and files.answer(question, path) == answer

    def _answers_apart(self, asked: Asked) -> bool:
        assert self._attached is not None
        if asked[0] == traces.APART:
            return self._attached.of_role(asked[1]) == tuple(asked[2])
        if asked[0] == traces.MANAGED:
            return self._attached.of_arn(asked[1]) is asked[2]
        self._attached.collect()
        return True


def _elsewhere(known: Known) -> Known:
    """A unit without what is of one world."""
    return known if known.made is None else known._replace(made=known.made.elsewhere())


class _Order:
    """Compares the characters that holes had with those that they have.

    What is sorted by such a character comes in another order if theirs is another one.
    """

    def __init__(self) -> None:
        self._known: list[tuple[str, str]] = []

    def holds(self, old: str, new: str) -> bool:
        """Whether the order of the characters is still the same, with two more."""
        at = bisect_left(self._known, (old, new))
        if at and self._known[at - 1][1] >= new:
            return False
        if at < len(self._known) and self._known[at][1] <= new:
            return False
        self._known.insert(at, (old, new))
        return True


def _of_block(block: Block) -> list[Position]:
    body = block.body
    return [_at(each.source) for each in (body.layers() if isinstance(body, Layered) else [body])]


def _at(source: Source) -> Position:
    root, start, _ = Span(source, 0, 0).root()
    return root.name, *root.position(start)


def changed(old: Mapping[str, Configuration], new: Mapping[str, Configuration]) -> frozenset[Need]:
    """What may be looked for in some modules, and would not be found as it was."""
    found: set[Need] = set()
    for folder in old.keys() | new.keys():
        before, now = old.get(folder, _NOTHING), new.get(folder, _NOTHING)
        if before is now:
            continue
        found |= {(folder, *key) for key in _differing(before.blocks, now.blocks)}
        found |= {(folder, "local", name) for name in _differing(before.locals, now.locals)}
        if list(before.blocks) != list(now.blocks) or list(before.locals) != list(now.locals):
            kinds = {"local", *(key[0] for key in (*before.blocks, *now.blocks))}
            found |= {
                (folder, "of", kind) for kind in kinds if before.names(kind) != now.names(kind)
            }
    return frozenset(found)


def _differing(old: Mapping[Any, object], new: Mapping[Any, object]) -> list[Any]:
    return [key for key in {**old, **new} if old.get(key) is not new.get(key)]


_NOTHING = Configuration("")

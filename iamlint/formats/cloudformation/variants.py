"""Goes through the ways in which a trust policy may come out of conditions that nobody can tell."""

from __future__ import annotations

from iamlint.formats.cloudformation import conditions, documents
from iamlint.formats.cloudformation.functions import FUNCTIONS
from iamlint.formats.cloudformation.intrinsics import condition_call
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.world import World
from iamlint.formats.decisions import NOTHING_ASSUMED, State, Undecided
from iamlint.formats.faults import Fault
from iamlint.formats.outcomes import MOST_VARIANTS, Found, filled, outcomes, variants
from iamlint.formats.role import Variant, Way
from iamlint.source import Problem
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Outcome(NamedTuple):
    """All that a trust policy may be."""

    variants: tuple[Variant, ...]
    ways: tuple[Way, ...]
    problems: tuple[Problem, ...]


def unread(written: Value, missing: str) -> Outcome:
    """What there is of a policy that was not read."""
    variant = Variant(Value("object", (), written.span), (), (missing,))
    return Outcome((variant,), (), ())


def outcome(world: World, written: Value, condition: str) -> Outcome:
    """The variants of a policy whose resource exists where a condition holds (or always, without).

    A condition that the defaults of parameters make false is taken for true all the same: whoever
    deploys the role gives other values. One that bound values make false makes no role.
    """
    walk = _Walk(world, written, condition)
    walk.run(NOTHING_ASSUMED)
    freed = _defaults_of(world, condition) if not walk.found else frozenset[str]()
    if freed:
        walk.run(State(freed=freed))
    if not walk.found and not _is_bound(world, condition):
        walk = _Walk(world, written, "")
        walk.run(NOTHING_ASSUMED)
    return walk.outcome()


class _Walk:
    """One walk through the states that matter to a policy."""

    def __init__(self, world: World, written: Value, condition: str) -> None:
        self._world = world
        self._written = written
        self._condition = condition
        self._ways: dict[Way, None] = {}
        self._problems: list[Problem] = []
        self._is_cut = False
        self.found: list[Found] = []

    def run(self, start: State) -> None:
        """Evaluates the policy in every state."""
        made = outcomes(self._try, start, self._world.table.holes)
        self.found += made.found
        if made.is_cut and not self._is_cut:
            self._cut()

    def _try(self, state: State) -> Found | None:
        run = Run(self._world, FUNCTIONS, state)
        if self._condition and not self._exists(run):
            return None
        run.assumed.pop(self._condition, None)
        document = documents.read(run, self._written)
        self._ways.update(run.ways)
        self._problems += document.problems
        if document.value is None:
            return None
        world = self._world
        value = filled(document.value, state, world.table.holes, world.kin)
        missing = tuple(dict.fromkeys((*document.missing, *run.missing)))
        given = (
            f"condition `{name}` is {str(is_so).lower()}" for name, is_so in run.assumed.items()
        )
        return Found(document._replace(value=value, missing=missing), tuple(given))

    def _exists(self, run: Run) -> bool:
        found = conditions.named(run, self._condition, self._world.here)
        if not isinstance(found.outcome, bool):
            raise Undecided(found.outcome)
        return found.outcome

    def _cut(self) -> None:
        self._is_cut = True
        message = (
            f"conditions that cannot be known make more than {MOST_VARIANTS} policies of this one;"
            f" the first {len(self.found)} were judged"
        )
        help = "give values to the parameters that the conditions depend on"
        self._world.faults.tell(Fault(message, self._written.span, help, "too-many-variants"))

    def outcome(self) -> Outcome:
        """The variants, and what was met on the way."""
        made = variants(self.found, is_cut=self._is_cut)
        return Outcome(made, tuple(self._ways), tuple(self._problems))


def _parameters_of(world: World, condition: str) -> set[str]:
    """The parameters that a condition depends on, directly or by other conditions."""
    todo, seen, found = [condition], set[str](), set[str]()
    while todo:
        name = todo.pop()
        written = world.template.conditions.get(name)
        if name in seen or written is None:
            continue
        seen.add(name)
        inside = [written]
        while inside:
            value = inside.pop()
            world.spend()
            call = condition_call(value)
            if call is not None and call.argument.kind == "string":
                found |= {call.argument.data} & world.template.parameters.keys()
                found |= _subbed(world, call.argument.data)
                todo.append(call.argument.data)
            inside += [held for _, held in value.members] or value.items()
    return found


def _subbed(world: World, text: str) -> set[str]:
    """The parameters in a text such as `Fn::Sub` takes."""
    parts = text.split("${")[1:]
    return {part.partition("}")[0] for part in parts} & world.template.parameters.keys()


def _defaults_of(world: World, condition: str) -> frozenset[str]:
    found = _parameters_of(world, condition)
    return frozenset(name for name in found if name not in world.bindings)


def _is_bound(world: World, condition: str) -> bool:
    """Whether bound values alone decide a condition."""
    return bool(_parameters_of(world, condition) & world.bindings.keys())

"""Goes through the ways in which a trust policy may come out of conditions that nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.formats.cloudformation import conditions, documents
from iamlint.formats.cloudformation.decisions import NOTHING_ASSUMED, State, Undecided, assume
from iamlint.formats.cloudformation.faults import Fault
from iamlint.formats.cloudformation.functions import FUNCTIONS
from iamlint.formats.cloudformation.intrinsics import condition_call
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.world import World
from iamlint.formats.role import Variant, Way
from iamlint.source import Problem
from iamlint.syntax.holes import OWN_KINDS, fill, holes_in
from iamlint.syntax.value import Value, content
from iamlint.typed import NamedTuple

MOST_VARIANTS = 32
_MOST_RUNS = 256  # that end in a variant, in a question, or in a contradiction


class Outcome(NamedTuple):
    """All that a trust policy may be."""

    variants: tuple[Variant, ...]
    ways: tuple[Way, ...]
    problems: tuple[Problem, ...]


def unread(written: Value, missing: str) -> Outcome:
    """What there is of a policy that was not read."""
    variant = Variant(Value("object", (), written.span), (), (missing,))
    return Outcome((variant,), (), ())


class _Found(NamedTuple):
    """One way that it may be."""

    document: documents.Document
    given: dict[str, bool]


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
        self.found: list[_Found] = []

    def run(self, start: State) -> None:
        """Evaluates the policy in every state; a question splits one in two."""
        todo, runs = [start], 0
        while todo:
            runs += 1
            if len(self.found) == MOST_VARIANTS or runs > _MOST_RUNS:
                self._cut()
                return
            state = todo.pop()
            try:
                self._try(state)
            except Undecided as undecided:
                todo += self._split(state, undecided)

    def _split(self, state: State, undecided: Undecided) -> Iterator[State]:
        for truth in (False, True):
            made = assume(state, undecided.atom, truth, self._world.table.holes)
            if made is not None:
                yield made

    def _try(self, state: State) -> None:
        run = Run(self._world, FUNCTIONS, state)
        if self._condition and not self._exists(run):
            return
        run.assumed.pop(self._condition, None)
        document = documents.read(run, self._written)
        self._ways.update(run.ways)
        if document.value is None:
            self._problems += document.problems
            return
        value = self._filled(document.value, state)
        missing = (*document.missing, *run.missing)
        self.found.append(_Found(document._replace(value=value, missing=missing), run.assumed))
        self._problems += document.problems

    def _exists(self, run: Run) -> bool:
        found = conditions.named(run, self._condition, self._world.here)
        if not isinstance(found.outcome, bool):
            raise Undecided(found.outcome)
        return found.outcome

    def _filled(self, document: Value, state: State) -> Value:
        """The document with what the state knows of its holes."""
        holes = self._world.table.holes
        known: dict[str, str] = {}
        for char in holes_in(document, holes) if state.equal or state.apart else ():
            hole = holes[char]
            text = state.settled(char)
            left = tuple(value for value in hole.values if value not in state.excluded(char))
            if hole.kind in OWN_KINDS:
                continue
            if text != char:
                known[char] = text
            elif len(left) < len(hole.values):
                known[char] = self._world.kin(hole._replace(values=left))
        return fill(document, known)

    def _cut(self) -> None:
        if self._is_cut:
            return
        self._is_cut = True
        message = (
            f"conditions that cannot be known make more than {MOST_VARIANTS} policies of this one;"
            f" the first {len(self.found)} were judged"
        )
        help = "give values to the parameters that the conditions depend on"
        self._world.faults.tell(Fault(message, self._written.span, help, "too-many-variants"))

    def outcome(self) -> Outcome:
        """The variants, those with equal documents as one."""
        merged: dict[object, _Found] = {}
        several = len(self.found) > 1
        for found in self.found:
            key = content(found.document.value) if several and found.document.value else 0
            known = merged.get((key, found.document.missing))
            given = found.given
            if known is not None:
                # What holds for both is all that can be said of them together.
                given = dict(known.given.items() & given.items())
                found = known  # noqa: PLW2901
            merged[key, found.document.missing] = found._replace(given=given)
        left = list(merged.values())
        shared = set.intersection(*(set(each.given.items()) for each in left)) if left else set()
        variants = (self._variant(each, shared) for each in left)
        return Outcome(tuple(variants), tuple(self._ways), tuple(self._problems))

    def _variant(self, found: _Found, shared: set[tuple[str, bool]]) -> Variant:
        given = tuple(
            f"condition `{name}` is {str(truth).lower()}"
            for name, truth in found.given.items()
            if (name, truth) not in shared
        )
        missing = found.document.missing
        if self._is_cut:
            missing += ("what other values of its conditions give",)
        assert found.document.value is not None
        return Variant(found.document.value, given, missing)


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

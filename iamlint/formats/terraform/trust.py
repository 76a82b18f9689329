"""Goes through the ways in which the trust policy of a role may come out of what nobody knows."""

from __future__ import annotations

from iamlint.formats.decisions import NOTHING_ASSUMED, State
from iamlint.formats.faults import Told
from iamlint.formats.outcomes import MOST_VARIANTS, Found, filled, outcomes, variants
from iamlint.formats.policy_texts import Document, parsed, readable, unread
from iamlint.formats.role import Variant, Way
from iamlint.formats.terraform.attributes import Resource
from iamlint.formats.terraform.documents import Encoded
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.found import Place, located
from iamlint.formats.terraform.module import Module
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.values import Datum
from iamlint.formats.terraform.world import World
from iamlint.source import Problem, Span
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.holes import Composed, changed
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

DOCUMENT = "assume_role_policy"
_MOST_STATES = 64  # of which what was found out is kept


class Runs:
    """One run for each state, so that what is found out for one role serves all."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[tuple[State, bool], Run] = {}

    def of(self, state: State, *, lenient: bool = False) -> Run:
        """The run of a state, as if it had met nothing yet."""
        key = (state, lenient)
        run = self._known.get(key)
        if run is None:
            if len(self._known) >= _MOST_STATES:
                oldest = next(each for each in self._known if each[0] is not NOTHING_ASSUMED)
                del self._known[oldest]
            run = self._known[key] = Run(self.world, state, lenient=lenient)
        run.ways, run.missing, run.decider.leaned, run.depth = {}, {}, {}, 0
        run.faults, run.quiet = [], False
        return run


class Outcome(NamedTuple):
    """All that a trust policy may be, and how what is in it came there."""

    variants: tuple[Variant, ...]
    ways: tuple[Way, ...]
    problems: tuple[Problem, ...]


class _Found(NamedTuple):
    """What it is in one state, and how what is in it came there."""

    found: Found
    ways: dict[Way, None]
    faults: dict[tuple[str, Span], Told]


def trust(runs: Runs, root: Module, place: Place) -> Outcome:
    """The variants of the trust policy of one role. Raises TooMuch."""
    start = State(freed=place.freed) if place.freed else NOTHING_ASSUMED
    holes = runs.world.table.holes
    made = outcomes(lambda state: _found(runs.of(state), root, place), start, holes)
    if made.is_cut:
        runs.world.tell(_cut(place, len(made.found)))
    _tell(runs.world, [each.faults for each in made.found])
    found = [each.found for each in made.found]
    ways = dict.fromkeys(way for each in made.found for way in each.ways)
    problems = dict.fromkeys(problem for each in found for problem in each.document.problems)
    return Outcome(variants(found, is_cut=made.is_cut), tuple(ways), tuple(problems))


def _tell(world: World, states: list[dict[tuple[str, Span], Told]]) -> None:
    """Tells of what is wrong; where that is so in some states only, these may never be."""
    for key, fault in {key: fault for each in states for key, fault in each.items()}.items():
        world.tell(fault, doubt=not all(key in each for each in states))


def _found(run: Run, root: Module, place: Place) -> _Found | None:
    """The policy in the state of a run; None where there is no such role, or it says none."""
    run.quiet = True  # what is wrong is told when it is known in how many states that is so
    here = located(run, root, place)
    if here is None:
        return None
    # How often a role is made says nothing of what is in it.
    run.ways, run.missing = {}, {}
    document = _document(run, here[1])
    if document is None or document.value is None:
        return None
    world, span = run.world, document.value.span
    value = filled(
        document.value, run.state, world.table.holes, lambda hole: world.char(hole, span)
    )
    if here[0].configuration.is_model:
        value = settled(value)
    missing = tuple(dict.fromkeys((*document.missing, *run.missing)))
    faults = {(fault.message, fault.span): fault for fault in run.faults}
    made = Found(document._replace(value=value, missing=missing), run.assumed())
    return _Found(made, run.ways, faults)


def settled(document: Value) -> Value:
    """A document of a model in which each text that an input is a part of stands where that does.

    What a person must edit is the input, and never what the model puts around it.
    """
    return changed(document, _settled)


def _settled(text: Value) -> Value:
    if not isinstance(text, Composed) or text.span.is_written():
        return text
    given = next((piece for piece in text.pieces if piece.span(0, 1).is_written()), None)
    if given is None:
        return text
    place = given.place or given.value.part(0, len(given.value.data))
    pieces = [
        piece if piece.span(0, 1).is_written() else piece._replace(place=place)
        for piece in text.pieces
    ]
    return Composed(pieces, place)


def _cut(place: Place, count: int) -> Fault:
    message = (
        f"what cannot be known makes more than {MOST_VARIANTS} policies of this one;"
        f" the first {count} were judged"
    )
    help = "give values to the variables that the conditions depend on"
    return Fault(message, place.block.header_span, help, "too-many-variants")


def _document(run: Run, resource: Resource) -> Document | None:
    """The trust policy in the state of a run; None for a role that says none."""
    attribute = resource.block.body.attribute(DOCUMENT)
    if attribute is None:
        return None
    datum = evaluate(run, attribute.value, resource.scope)
    return read(run, datum, attribute.value)


def read(run: Run, datum: Datum, node: Expression) -> Document:
    """The policy that a value is the text of."""
    holes = run.world.table.holes
    if isinstance(datum, Encoded):
        return readable(Document(datum.tree), holes)
    if datum.kind == "string":
        return readable(parsed(datum.text, holes), holes)
    if datum.kind == "unknown":
        text = run.whole_text(datum)  # type: ignore[arg-type]
        return parsed(text, holes)
    return unread(Value("null", None, node.span), f"the whole document, `{_short(node.span)}`")


def _short(span: Span) -> str:
    text = " ".join(span.text[:80].split())
    return text[:60] + "…" if len(text) > 60 else text

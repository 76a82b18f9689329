"""Goes through the ways in which the trust policy of a role may come out of what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.formats.decisions import NOTHING_ASSUMED, Atom, State, Undecided, assume
from iamlint.formats.policy_texts import Document, parsed, readable, unread
from iamlint.formats.role import Variant, Way
from iamlint.formats.terraform.attributes import Resource
from iamlint.formats.terraform.documents import Encoded
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.formulas import NAMED
from iamlint.formats.terraform.found import Place, located
from iamlint.formats.terraform.module import Module
from iamlint.formats.terraform.run import Run, World
from iamlint.formats.terraform.values import Datum
from iamlint.source import Problem, Span
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.holes import OWN_KINDS, fill, holes_in
from iamlint.syntax.value import Value, content
from iamlint.typed import NamedTuple

DOCUMENT = "assume_role_policy"
MOST_VARIANTS = 32
_MOST_RUNS = 256  # that end in a variant, in a question, or in a contradiction
_BOOLS = ("true", "false")
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
        run.ways, run.missing, run.depth = {}, {}, 0
        return run


class Found(NamedTuple):
    """One way that a trust policy may be."""

    document: Document
    state: State


class Outcome(NamedTuple):
    """All that a trust policy may be, and where it was read."""

    variants: tuple[Variant, ...]
    ways: tuple[Way, ...]
    problems: tuple[Problem, ...]


def trust(runs: Runs, root: Module, place: Place) -> Outcome:
    """The variants of the trust policy of one role. Raises TooMuch."""
    walk = _Walk(runs, root, place)
    walk.run()
    return walk.outcome()


class _Walk:
    """One walk through the states that matter to a policy."""

    def __init__(self, runs: Runs, root: Module, place: Place) -> None:
        self._runs = runs
        self._world = runs.world
        self._root = root
        self._place = place
        self._ways: dict[Way, None] = {}
        self._problems: dict[Problem, None] = {}
        self._is_cut = False
        self._found: list[Found] = []

    def run(self) -> None:
        """Evaluates the policy in every state; a question splits one in two."""
        start = State(freed=self._place.freed) if self._place.freed else NOTHING_ASSUMED
        todo, runs = [start], 0
        while todo:
            runs += 1
            if len(self._found) == MOST_VARIANTS or runs > _MOST_RUNS:
                self._is_cut = True
                self._told_cut()
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
        run = self._runs.of(state)
        found = located(run, self._root, self._place)
        if found is None:
            return
        # How often a role is made says nothing of what is in it.
        run.ways, run.missing = {}, {}
        document = _document(run, found[1])
        if document is None:
            return
        self._ways.update(run.ways)
        self._problems.update(dict.fromkeys(document.problems))
        missing = tuple(dict.fromkeys((*document.missing, *run.missing)))
        value = self._filled(document.value, state) if document.value is not None else None
        self._found.append(Found(Document(value, missing), state))

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
                known[char] = self._world.char(hole._replace(values=left), document.span)
        return fill(document, known)

    def _told_cut(self) -> None:
        from iamlint.formats.terraform.faults import Fault  # noqa: PLC0415 - seldom needed

        message = (
            f"what cannot be known makes more than {MOST_VARIANTS} policies of this one;"
            f" the first {len(self._found)} were judged"
        )
        help = "give values to the variables that the conditions depend on"
        span = self._place.block.header_span
        self._world.tell(Fault(message, span, help, "too-many-variants"))

    def outcome(self) -> Outcome:
        """The variants, those with equal documents as one."""
        merged: dict[object, list[Found]] = {}
        several = len(self._found) > 1
        for found in self._found:
            value = found.document.value
            key = content(value) if several and value is not None else 0
            merged.setdefault((key, found.document.missing), []).append(found)
        given = [self._given(each) for each in merged.values()]
        shared = set.intersection(*map(set, given)) if given else set()
        variants = [
            self._variant(each[0], tuple(word for word in words if word not in shared))
            for each, words in zip(merged.values(), given, strict=True)
        ]
        return Outcome(tuple(variants), tuple(self._ways), tuple(self._problems))

    def _given(self, found: list[Found]) -> tuple[str, ...]:
        """What is assumed in all of several states, in words."""
        said = [tuple(dict.fromkeys(words(each.state, self._world))) for each in found]
        return tuple(word for word in said[0] if all(word in other for other in said))

    def _variant(self, found: Found, given: tuple[str, ...]) -> Variant:
        missing = found.document.missing
        if self._is_cut:
            missing += ("what other values of its conditions give",)
        value = found.document.value
        assert value is not None
        return Variant(value, given, missing)


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


def words(state: State, world: World) -> Iterator[str]:
    """What a state assumes, in words."""
    for char, text in state.equal:
        yield _said(char, text, world, truth=True)
    for truth, atoms in ((True, state.same), (False, state.apart)):
        for atom in sorted(atoms):
            # of two texts that are known by now nobody has to be told that they differ
            if atom[0] == NAMED or any(char in world.table.holes for char in atom[0] + atom[1]):
                yield _assumed(atom, world, truth=truth)


def _assumed(atom: Atom, world: World, *, truth: bool) -> str:
    one, two = atom
    if one == NAMED:
        name = two.removesuffix(" == null")
        if name != two:
            return f"`{name}` is {'' if truth else 'not '}null"
        return f"`{two}` is {str(truth).lower()}"
    return _said(one, two, world, truth=truth)


def _said(one: str, two: str, world: World, *, truth: bool) -> str:
    hole = world.table.holes.get(one)
    name = hole.name if hole is not None else world.names.words(one)
    if two in _BOOLS and hole is not None and hole.values == _BOOLS:
        return f"`{name}` is {two if truth else _BOOLS[two == 'true']}"
    verb = "is" if truth else "is not"
    return f"`{name}` {verb} `{world.names.words(two)}`" if two else f"`{name}` {verb} empty"

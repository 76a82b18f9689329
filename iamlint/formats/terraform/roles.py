"""Finds the roles below a root module, and what is said of them."""

from __future__ import annotations

from functools import partial

from iamlint.formats import fields
from iamlint.formats.decisions import NOTHING_ASSUMED, State
from iamlint.formats.faults import Fault, TooMuch
from iamlint.formats.role import AttachedPolicy, Beside, Role, Variant, Way
from iamlint.formats.terraform import types
from iamlint.formats.terraform.attached import Attached, Keeper
from iamlint.formats.terraform.attributes import Resource
from iamlint.formats.terraform.convert import scalar_text
from iamlint.formats.terraform.found import Place, Search, located
from iamlint.formats.terraform.module import Module
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.trust import DOCUMENT, Outcome, Runs, trust
from iamlint.formats.terraform.values import null
from iamlint.formats.terraform.world import World
from iamlint.source import Source, Span
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.holes import Hole, holes_in
from iamlint.syntax.value import Value

NAME = "terraform"
ROLE = "aws_iam_role"
_NOTHING = null(Span(Source("", ""), 0, 0))


class Roles:
    """The roles below one root module."""

    def __init__(self, world: World, root: Module, keeper: Keeper | None = None) -> None:
        self._world = world
        self._root = root
        self._runs = Runs(world)
        self._keeper = keeper
        self._attached = Attached(root, self._runs, keeper)
        self.found: list[Role] = []

    def run(self) -> None:
        """Evaluates one role after the other, until there is no budget left."""
        try:
            self._world.start()
            places = list(Search(self._root, (ROLE,)).places(self._lenient()))
        except TooMuch as fault:
            self._world.is_too_much()
            self._world.tell(fault)
            return
        for place in places:
            self._world.start()
            if self._world.is_spent:
                message = "the configuration takes too long to evaluate; the rest was not judged"
                self._world.is_too_much()
                self._world.tell(TooMuch(message, place.block.header_span))
                return
            self.found += self._of(place)

    def _of(self, place: Place) -> list[Role]:
        """The role at a place, if it has a policy."""
        if self._keeper is None:
            return self._take(place)
        return self._keeper.role(place, partial(self._take, place), self._attached)

    def _lenient(self, freed: frozenset[str] = frozenset()) -> Run:
        return self._runs.of(State(freed=freed) if freed else NOTHING_ASSUMED, lenient=True)

    def _take(self, place: Place) -> list[Role]:
        world, span = self._world, place.block.header_span
        try:
            found = trust(self._runs, self._root, place)
        except TooMuch as fault:
            world.is_too_much()
            world.tell(fault)
            missing = ("the whole document, which was not evaluated",)
            found = Outcome((Variant(Value("object", (), span), (), missing),), (), ())
            world.start()  # for what else is said of it
        for problem in found.problems:
            world.keep(problem)
        objects = tuple(each for each in found.variants if each.document.kind == "object")
        if objects:
            return self._made(place, found._replace(variants=objects))
        if found.variants and not found.problems:
            self._no_policy(place)
        elif not found.variants and place.block.body.attribute(DOCUMENT) is None:
            self._lacks(place)
        return []

    def _no_policy(self, place: Place) -> None:
        written = place.block.body.attribute(DOCUMENT)
        assert written is not None
        message = f"the trust policy of `{self._label(place)}` is no JSON object, so it was not"
        help = "a trust policy is the text of a JSON object"
        fault = Fault(f"{message} judged", written.value.span, help, "no-trust-policy")
        self._world.tell(fault)

    def _lacks(self, place: Place) -> None:
        if not place.block.body.complete:
            return
        message = f"the role `{self._label(place)}` has no `{DOCUMENT}`"
        help = "a role without a trust policy cannot be made"
        self._world.tell(Fault(message, place.block.header_span, help, "no-trust-policy"))

    def _label(self, place: Place) -> str:
        return ".".join(label.text for label in place.block.labels)

    def _made(self, place: Place, found: Outcome) -> list[Role]:
        table = self._world.table.holes
        holes: dict[str, Hole] = {}
        for variant in found.variants:
            holes.update((char, table[char]) for char in holes_in(variant.document, table))
        run = self._lenient(place.freed)
        here = located(run, self._root, place)
        if here is None:
            return []
        said = _Said(run, here[1])
        block = place.block
        role = Role(
            identity=said.address,
            document=found.variants[0].document,
            span=block.span,
            format=NAME,
            name=said.text("name"),
            path=said.text("path"),
            tags=said.tags(),
            max_session=said.seconds(),
            policies=self._policies(run, said.resource),
            bounded=said.resource.block.body.attribute("permissions_boundary") is not None,
            variants=found.variants,
            holes=holes,
            ways=_written(found.ways),
            plain=False,
            beside=Beside(_names(block)),
        )
        return [role]

    def _policies(self, run: Run, resource: Resource) -> tuple[AttachedPolicy, ...]:
        try:
            return self._attached.to(run, resource)
        except TooMuch:
            self._world.is_too_much()
            return ()
        except Fault:
            return ()


def _names(block: Block) -> tuple[Span, ...]:
    """The beginning of a role, and of the argument with its policy."""
    written = block.body.attribute(DOCUMENT)
    return (block.header_span, *((written.span,) if written is not None else ()))


def _written(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """The ways that a user can follow: what a model does inside is written nowhere."""
    found: dict[tuple[Span, Span, str], Way] = {}
    for way in ways:
        origin, use = way.origin.root(), way.use.root()
        if origin != use:
            found.setdefault((origin, use, way.name), way)
    return tuple(found.values())


class _Said:
    """What the arguments of a role say of it, where that can be known."""

    def __init__(self, run: Run, resource: Resource) -> None:
        self._run = run
        self.resource = resource
        self.address = resource.address

    def _value(self, name: str) -> Value | None:
        try:
            datum = self._run.apart(
                lambda: self.resource.argument(self._run, name) or _NOTHING, lenient=True
            )
            return scalar_text(self._run, datum)
        except TooMuch:
            self._run.world.is_too_much()
            return None
        except Fault:
            return None

    def text(self, name: str) -> str | None:
        text = fields.text(self._value(name))
        return text if text and not self._run.holes(text) else None

    def seconds(self) -> int | None:
        text = self.text("max_session_duration") or ""
        return int(text[:9]) if text.isdecimal() else None

    def tags(self) -> tuple[tuple[str, str], ...]:
        try:
            datum = self._run.apart(
                lambda: self.resource.argument(self._run, "tags") or _NOTHING, lenient=True
            )
        except TooMuch:
            self._run.world.is_too_much()
            return ()
        except Fault:
            return ()
        if datum.kind not in types.MAPPINGS:
            return ()
        pairs = [(key, scalar_text(self._run, e.value)) for key, e in datum.entries.items()]
        known = [(key, fields.text(text)) for key, text in pairs if text is not None]
        return tuple((key, text) for key, text in known if not self._run.holes(key + text))

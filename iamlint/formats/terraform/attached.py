"""Finds the permissions of roles: managed policies, inline ones, those that name their roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from iamlint.formats.decisions import NOTHING_ASSUMED
from iamlint.formats.faults import Fault, TooMuch
from iamlint.formats.policy_texts import parsed
from iamlint.formats.role import AttachedPolicy, Role
from iamlint.formats.terraform import types
from iamlint.formats.terraform.attributes import Resource, attribute
from iamlint.formats.terraform.blocks import expanded
from iamlint.formats.terraform.convert import scalar_text
from iamlint.formats.terraform.documents import Encoded
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.found import Place, Search, located
from iamlint.formats.terraform.module import Module
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.traces import APART, COLLECT, MANAGED
from iamlint.formats.terraform.trust import Runs
from iamlint.formats.terraform.values import Datum
from iamlint.syntax.holes import Hole
from iamlint.syntax.value import Value
from iamlint.typed import Protocol

_POLICY = "aws_iam_policy"
_INLINE = "aws_iam_role_policy"
_ATTACHMENT = "aws_iam_role_policy_attachment"
_ATTACHMENTS = "aws_iam_policy_attachment"
_APART = (_POLICY, _INLINE, _ATTACHMENT, _ATTACHMENTS)
_MOST = 200  # policies of one role

# A text; one with holes as what it is made of.
Name = str | tuple[Hole | str, ...]


class Unit:
    """A policy, or an attachment of one: `names` are its ARN, or those of the roles it is for.

    A name holds holes as they are, and no characters for them: it means the same in any world.
    `token` is the same as long as nothing changed that it is due to. `resource` and `policy` are
    of this world; None: they were not looked for in it yet.
    """

    __slots__ = ("names", "place", "policy", "resource", "token")

    def __init__(
        self,
        place: Place,
        names: tuple[Name, ...],
        resource: Resource | None = None,
        policy: AttachedPolicy | None = None,
        token: object = None,
    ) -> None:
        self.place = place
        self.names = names
        self.resource = resource
        self.policy = policy
        self.token = token or object()

    def elsewhere(self) -> Unit:
        """The same in another world."""
        return Unit(self.place, self.names, token=self.token)


class Keeper(Protocol):
    """Keeps roles and units for the next check, and knows those of the last one."""

    def role(self, place: Place, make: Callable[[], list[Role]], attached: Attached) -> list[Role]:
        """The role of a place, made now if need be; none if it has no policy."""

    def unit(self, place: Place, make: Callable[[], Unit | None]) -> Unit | None:
        """The unit of a place, made now if need be."""

    def aside(self, make: Callable[[], object]) -> None:
        """Makes something that is no business of the role that is evaluated."""


class Attached:
    """The permission policies below a root module, found when the first role asks for them.

    A branch that nobody can tell is taken for attached: this says what a role may be allowed.
    """

    def __init__(self, root: Module, runs: Runs, keeper: Keeper | None = None) -> None:
        self._root = root
        self._runs = runs
        self._keeper = keeper
        self._by_role: dict[Name, list[Unit]] | None = None
        self._managed: dict[Name, Unit] = {}  # by ARN

    def to(self, run: Run, role: Resource) -> tuple[AttachedPolicy, ...]:
        """The policies of one role. Raises TooMuch."""
        _note(run, COLLECT)
        self.collect()
        return run.apart(lambda: self._of(run, role), lenient=True)  # type: ignore[arg-type, return-value]

    def collect(self) -> None:
        """Finds the policies that name the roles they are for, once."""
        if self._by_role is not None:
            return
        self._by_role = {}
        if self._keeper is None:
            self._collected()
        else:
            self._keeper.aside(self._collected)

    def _collected(self) -> None:
        run = self._runs.of(NOTHING_ASSUMED, lenient=True)
        try:
            run.apart(lambda: self._collect(run), lenient=True)  # type: ignore[arg-type, return-value]
        except TooMuch:
            run.world.is_too_much()
        except Fault:
            pass  # as far as it was found

    def of_role(self, name: Name) -> tuple[object, ...]:
        """What stands for the policies that name a role."""
        units = (self._by_role or {}).get(name, ())
        return tuple(unit.token for unit in units)

    def of_arn(self, arn: Name) -> object:
        """What stands for the policy of an ARN, if there is one."""
        unit = self._managed.get(arn)
        return unit.token if unit is not None else None

    def _of(self, run: Run, role: Resource) -> tuple[AttachedPolicy, ...]:
        found: list[AttachedPolicy] = []
        listed = role.argument(run, "managed_policy_arns")
        if listed is not None:
            sure = not _may_vary(role, "managed_policy_arns")
            arns = self._texts(run, listed)
            found += [self._by_arn(run, arn)._replace(sure=sure) for arn in arns]
        for block, scope in expanded(run, role.block.body, "inline_policy", role.scope):
            policy, name = block.body.attribute("policy"), block.body.attribute("name")
            if policy is not None:
                named = self._text(run, evaluate(run, name.value, scope)) if name else ""
                document = _policy(run, evaluate(run, policy.value, scope))
                found.append(AttachedPolicy(named, "", document))
        called = self._text(run, attribute(run, role, "name", role.block.header_span))
        found += self._named(run, _name(run, called))
        return tuple(found)[:_MOST]

    def _named(self, run: Run, name: Name) -> list[AttachedPolicy]:
        """The policies that name a role."""
        _note(run, APART, name, self.of_role(name))
        found: list[AttachedPolicy] = []
        for unit in (self._by_role or {}).get(name, ()):
            if unit.policy is None and self._keeper is not None:
                self._keeper.aside(partial(self._renew, run, unit))
            if unit.policy is not None:
                found.append(unit.policy)
        return found

    def _renew(self, run: Run, unit: Unit) -> None:
        """Evaluates in this world what another one knew of an attachment."""
        made = self._attachment(run, unit.place)
        unit.policy = made.policy if made is not None else None

    def _text(self, run: Run, datum: Datum) -> str:
        text = scalar_text(run, datum)
        return text.data if text is not None else ""

    def _texts(self, run: Run, datum: Datum) -> Iterator[str]:
        held = datum.items if datum.kind in types.SEQUENCES else (datum,)
        for item in held:
            text = self._text(run, item) if item.kind not in ("rest", "null") else ""
            if text:
                yield text

    def _by_arn(self, run: Run, arn: str) -> AttachedPolicy:
        name = _name(run, arn)
        _note(run, MANAGED, name, self.of_arn(name))
        unit = self._managed.get(name)
        if unit is not None and unit.resource is None:
            here = located(run, self._root, unit.place)
            unit.resource = here[1] if here is not None else None
        if unit is None or unit.resource is None:
            return AttachedPolicy(arn.rpartition("/")[2], arn if ":" in arn else "", None)
        return AttachedPolicy(unit.resource.address, arn, _argument(run, unit.resource))

    def _collect(self, run: Run) -> None:
        assert self._by_role is not None
        places = list(Search(self._root, _APART).places(run))
        for place in places:
            unit = self._unit(run, place, self._managing) if _type(place) == _POLICY else None
            if unit is not None:
                self._managed[unit.names[0]] = unit
        for place in places:
            unit = self._unit(run, place, self._attachment) if _type(place) != _POLICY else None
            if unit is not None:
                for name in unit.names:
                    self._by_role.setdefault(name, []).append(unit)

    def _unit(
        self, run: Run, place: Place, make: Callable[[Run, Place], Unit | None]
    ) -> Unit | None:
        if self._keeper is None:
            return make(run, place)
        return self._keeper.unit(place, partial(make, run, place))

    def _managing(self, run: Run, place: Place) -> Unit | None:
        here = located(run, self._root, place)
        if here is None:
            return None
        resource = here[1]
        arn = self._text(run, attribute(run, resource, "arn", resource.block.header_span))
        return Unit(place, (_name(run, arn),), resource)

    def _attachment(self, run: Run, place: Place) -> Unit | None:
        here = located(run, self._root, place)
        if here is None:
            return None
        resource = here[1]
        roles = resource.argument(run, "roles" if resource.type == _ATTACHMENTS else "role")
        if roles is None:
            return None
        if resource.type == _INLINE:
            policy = AttachedPolicy(resource.address, "", _argument(run, resource))
        else:
            arn = resource.argument(run, "policy_arn")
            policy = self._by_arn(run, self._text(run, arn) if arn is not None else "")
        if _may_vary(resource, "count", "for_each", "policy_arn"):
            policy = policy._replace(sure=False)
        names = tuple(_name(run, role) for role in self._texts(run, roles))
        return Unit(place, names, resource, policy)


def _type(place: Place) -> str:
    return place.block.labels[0].text


def _name(run: Run, text: str) -> Name:
    """A text with its holes in place of the characters for them."""
    if not run.holes(text):
        return text
    holes = run.world.table.holes
    return tuple(holes.get(char, char) for char in text)


def _note(run: Run, *asked: object) -> None:
    if run.world.trace is not None:
        run.world.trace.asked[asked] = None


def _may_vary(resource: Resource, *names: str) -> bool:
    """Whether arguments choose: a branch that nobody can tell is taken for the one that is so.

    What is chosen elsewhere (a variable, a local) is not followed: it may vary as well.
    """
    body = resource.block.body
    written = (attribute.value.span.text for name in names if (attribute := body.attribute(name)))
    return any(word in text for text in written for word in ("?", "for ", "var.", "local."))


def _argument(run: Run, resource: Resource) -> Value | None:
    written = resource.argument(run, "policy")
    return _policy(run, written) if written is not None else None


def _policy(run: Run, datum: Datum) -> Value | None:
    """A permission policy; None when it cannot be known."""
    if isinstance(datum, Encoded):
        return datum.tree
    if datum.kind != "string":
        return None
    found = parsed(datum.text, run.world.table.holes)
    if found.missing or any(problem.blocking for problem in found.problems):
        return None
    return found.value if found.value is not None and found.value.kind == "object" else None

"""Finds the roles among the resources of a template, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.formats import fields
from iamlint.formats.cloudformation.attached import Attached
from iamlint.formats.cloudformation.declare import Ways
from iamlint.formats.cloudformation.functions import FUNCTIONS
from iamlint.formats.cloudformation.intrinsics import NO_VALUE, intrinsic
from iamlint.formats.cloudformation.keeping import Kept
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.template import text_of
from iamlint.formats.cloudformation.variants import Outcome, outcome, unread
from iamlint.formats.cloudformation.world import World
from iamlint.formats.faults import Fault, TooMuch
from iamlint.formats.role import AttachedPolicy, Beside, Role, Way
from iamlint.source import Span
from iamlint.syntax.holes import Hole, holes_in
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

NAME = "cloudformation"
DOCUMENT = "AssumeRolePolicyDocument"
FUNCTION = "AWS::Serverless::Function"
_ROLE = "AWS::IAM::Role"
_DEEPEST = 20  # levels in which a resource of no type of AWS is searched


class Place(NamedTuple):
    """Where a trust policy stands: the id of its role, its resource, and the properties of it."""

    identity: str
    resource: Value
    properties: Value
    written: Value


class Roles:
    """The roles of one template."""

    def __init__(self, world: World, ways: Ways, kept: Kept | None = None) -> None:
        self._world = world
        self._kept = kept
        self._ways = ways  # of the resources that loops made
        self._attached = Attached(world)
        self._keys: dict[int, Span] | None = None  # of resources, by identity
        self.found: list[Role] = []

    def run(self) -> None:
        """Evaluates one role after the other, until there is no budget left."""
        for logical, resource in self._world.resources.items():
            if self._world.is_spent:
                return
            if self._kept is None:
                self._of(logical, resource)
            elif not self._is_kept(self._kept, logical):
                self._keep(self._kept, logical, resource)

    def _of(self, logical: str, resource: Value) -> bool:
        """Takes the roles of a resource; tells whether it may have some."""
        self._world.start(resource.span)
        is_role = False
        for place in self._places(logical, resource):
            is_role = True
            self._take(logical, place)
        return is_role

    def _is_kept(self, kept: Kept, logical: str) -> bool:
        """Takes the roles that are kept of a resource, if there are any."""
        known = kept.of(logical)
        if known is None or not self._world.skip(known.steps):
            return False
        self.found += known.roles
        return True

    def _keep(self, kept: Kept, logical: str, resource: Value) -> None:
        """Takes the roles of a resource, and keeps them unless something was told of it."""
        world = self._world
        world.resources.names.clear()
        told, left, before = world.faults.count, world.left, len(self.found)
        is_role = self._of(logical, resource)
        if world.faults.count > told:
            kept.drop(logical)
            return
        asked = set(world.resources.names) if is_role else None
        kept.keep(logical, self.found[before:], left - world.left, asked)

    def _take(self, logical: str, place: Place) -> None:
        world = self._world
        condition = text_of(place.resource.get("Condition"))
        try:
            found = outcome(world, place.written, condition)
        except TooMuch as fault:
            world.faults.tell(fault)
            found = unread(place.written, "the whole document, which was not evaluated")
        world.faults.add(found.problems)
        found = found._replace(
            variants=tuple(each for each in found.variants if each.document.kind == "object")
        )
        if found.variants:
            self._add(place, found, self._ways.get(logical, ()))
        elif not found.problems:
            self._no_policy(place)

    def _no_policy(self, place: Place) -> None:
        condition = text_of(place.resource.get("Condition"))
        if condition:  # bound values say that the role is not there
            return
        message = f"the trust policy of `{place.identity}` is no JSON object, so it was not judged"
        help = "give the policy as an object, or as the text of one"
        fault = Fault(message, place.written.span, help, "no-trust-policy")
        self._world.faults.tell(fault)

    def _add(self, place: Place, found: Outcome, ways: tuple[Way, ...]) -> None:
        world, properties = self._world, place.properties
        table = world.table.holes
        holes: dict[str, Hole] = {}
        for variant in found.variants:
            holes.update((char, table[char]) for char in holes_in(variant.document, table))
        said = _Said(world, properties)
        role = Role(
            identity=world.scope + place.identity,
            document=found.variants[0].document,
            span=place.resource.span,
            format=NAME,
            name=said.text("RoleName"),
            path=said.text("Path") or said.text("RolePath"),
            tags=said.tags(),
            max_session=said.seconds(),
            policies=self._policies(place),
            bounded=properties.get("PermissionsBoundary") is not None,
            variants=found.variants,
            holes=holes,
            ways=(*found.ways, *ways),
            plain=False,
            construct=_construct(place.resource),
            beside=Beside(self._names(place), _metadata(place.resource)),
        )
        self.found.append(role)

    def _policies(self, place: Place) -> tuple[AttachedPolicy, ...]:
        # NOTE: all policies are looked at when the first role asks, whatever this one depends on.
        resources = self._world.resources
        names, resources.names = resources.names, set()
        found = self._attached.to(place.identity, place.properties)
        resources.names = names
        return found

    def _names(self, place: Place) -> tuple[Span, ...]:
        """The keys under which the resource and the policy stand, where they are written."""
        if self._keys is None:
            written = self._world.template.value.get("Resources")
            members = written.members if written is not None else ()
            self._keys = {id(value): key.span for key, value in members}
        found = [key.span for key, value in place.properties.members if value is place.written]
        resource = self._keys.get(id(place.resource))
        return (resource, *found) if resource is not None else tuple(found)

    # Where a trust policy may stand

    def _places(self, logical: str, resource: Value) -> Iterator[Place]:
        kind = text_of(resource.get("Type"))
        properties = resource.get("Properties")
        if properties is None or properties.kind == "null":
            properties = Value("object", (), resource.span)
        if kind == FUNCTION:
            yield from self._of_function(logical, resource, properties)
        elif intrinsic(properties) is not None and kind == _ROLE:
            yield Place(logical, resource, properties, properties)
        elif kind.startswith("AWS::"):
            written = properties.get(DOCUMENT)
            if written is not None:
                yield Place(logical, resource, properties, written)
            elif kind == _ROLE:
                self._lacks(logical, resource, properties)
        else:
            yield from self._of_stranger(logical, resource, properties)

    def _lacks(self, logical: str, resource: Value, properties: Value) -> None:
        if any(key.data.startswith("Fn::") for key, _ in properties.members):
            return
        message = f"the role `{logical}` has no `{DOCUMENT}`"
        help = "a role without a trust policy cannot be deployed"
        fault = Fault(message, resource.span, help, "no-trust-policy")
        self._world.faults.tell(fault, blocking=False)

    def _of_function(self, logical: str, resource: Value, properties: Value) -> Iterator[Place]:
        """A function for which SAM makes a role; unless told otherwise it lets in Lambda only."""
        written = properties.get(DOCUMENT)
        shared = self._world.template.globals
        if written is None and shared is not None:
            of_functions = shared.get("Function")
            written = of_functions.get(DOCUMENT) if of_functions is not None else None
        if written is not None and properties.get("Role") is None:
            yield Place(f"{logical}Role", resource, properties, written)

    def _of_stranger(self, logical: str, resource: Value, properties: Value) -> Iterator[Place]:
        """A resource of a module or a macro: what it holds under that name, however deep."""
        todo = [(properties, 0)]
        found: list[Place] = []
        while todo:
            value, level = todo.pop()
            self._world.spend()
            written = value.get(DOCUMENT)
            if written is not None and _may_be_policy(written):
                found.append(Place(logical, resource, value, written))
            elif level < _DEEPEST:
                inside = [held for _, held in value.members] or value.items()
                todo += [(held, level + 1) for held in reversed(list(inside))]
        yield from found


def _metadata(resource: Value) -> Value | None:
    """What is said to iamlint."""
    metadata = resource.get("Metadata")
    return metadata.get("iamlint") if metadata is not None else None


def _construct(resource: Value) -> str | None:
    """The path of the CDK construct that made a resource."""
    metadata = resource.get("Metadata")
    path = fields.text(metadata.get("aws:cdk:path") if metadata is not None else None)
    return path.removesuffix("/Resource") or None


def _may_be_policy(written: Value) -> bool:
    if written.kind == "object":
        return intrinsic(written) is not None or written.get("Statement") is not None
    return written.kind == "string"


class _Said:
    """What properties say of a role, where that can be known."""

    def __init__(self, world: World, properties: Value) -> None:
        self._world = world
        self._run = Run(world, FUNCTIONS, lenient=True)
        self._properties = properties

    def _value(self, name: str) -> Value | None:
        written = self._properties.get(name)
        if written is None:
            return None
        try:
            value = self._run.value(written)
        except TooMuch:
            return None
        return None if value is NO_VALUE else value

    def text(self, name: str) -> str | None:
        text = fields.text(self._value(name))
        return text if text and not self._world.has_holes(text) else None

    def tags(self) -> tuple[tuple[str, str], ...]:
        value = self._value("Tags")
        if value is None:
            return ()
        pairs = [(fields.text(tag.get("Key")), tag.get("Value")) for tag in value.items()]
        known = [(key, fields.text(held)) for key, held in pairs if held is not None]
        return tuple((key, text) for key, text in known if not self._world.has_holes(key + text))

    def seconds(self) -> int | None:
        value = self._value("MaxSessionDuration")
        if value is not None and value.kind == "string" and value.data.isdecimal():
            return int(value.data[:9])
        is_whole = value is not None and value.kind == "number" and isinstance(value.data, int)
        return value.data if value is not None and is_whole else None

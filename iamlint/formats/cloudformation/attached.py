"""Reads the permissions of roles: managed policies, inline ones, those that name their roles."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.formats.cloudformation import resources
from iamlint.formats.cloudformation.functions import FUNCTIONS
from iamlint.formats.cloudformation.intrinsics import NO_VALUE, intrinsic
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.template import text_of
from iamlint.formats.cloudformation.world import ATTACHED, World
from iamlint.formats.faults import Fault, TooMuch
from iamlint.formats.role import AttachedPolicy
from iamlint.syntax.value import Value

_MANAGED = "AWS::IAM::ManagedPolicy"
_MOST = 200  # policies of one role


class Attached:
    """The permission policies in a template, found when the first role asks for them.

    A branch that nobody can tell is taken for attached: this says what a role may be allowed.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._run = Run(world, FUNCTIONS, lenient=True)
        self._apart: dict[str, list[AttachedPolicy]] | None = None
        self._managed: dict[str, str] = {}  # the id of a managed policy, by its ARN

    def to(self, logical: str, properties: Value) -> tuple[AttachedPolicy, ...]:
        """The policies of one role."""
        try:
            apart = self._all_apart()
            found = [*self._listed(properties), *self._inline(properties)]
            name = self._name(logical)
        except (TooMuch, Fault):
            return ()
        return tuple([*found, *apart.get(name, ())][:_MOST])

    def _name(self, logical: str) -> str:
        return str(resources.described(self._run, logical, "Ref", self._world.here).data)

    def _listed(self, properties: Value) -> Iterator[AttachedPolicy]:
        for name in ("ManagedPolicyArns", "Policies"):
            for item, sure in self._items(properties.get(name)):
                if item.kind == "string":
                    yield self._by_arn(item.data, sure)

    def _by_arn(self, arn: str, sure: bool) -> AttachedPolicy:
        logical = self._managed.get(arn)
        if logical is None:
            # SAM takes the names of policies that AWS manages
            full = arn if ":" in arn else f"arn:aws:iam::aws:policy/{arn}"
            return AttachedPolicy(arn.rpartition("/")[2], full, None, sure)
        resource = self._world.resources[logical]
        sure = sure and resource.get("Condition") is None
        return AttachedPolicy(logical, arn, self._document(resource), sure)

    def _inline(self, properties: Value) -> Iterator[AttachedPolicy]:
        for item, sure in self._items(properties.get("Policies")):
            document = item.get("PolicyDocument")
            if document is not None:
                yield AttachedPolicy(text_of(item.get("PolicyName")), "", document, sure)
            elif item.get("Statement") is not None:  # as SAM takes them
                yield AttachedPolicy("", "", item, sure)

    def _all_apart(self) -> dict[str, list[AttachedPolicy]]:
        """The policies that name the roles they are for, by the name of the role."""
        if self._apart is not None:
            return self._apart
        self._apart = {}
        for logical, resource in self._world.resources.items():
            kind = text_of(resource.get("Type"))
            if kind not in ATTACHED:
                continue
            try:
                self._add_apart(self._apart, logical, resource, managed=kind == _MANAGED)
            except (TooMuch, Fault):
                continue
        return self._apart

    def _add_apart(
        self,
        apart: dict[str, list[AttachedPolicy]],
        logical: str,
        resource: Value,
        *,
        managed: bool,
    ) -> None:
        arn = self._name(logical) if managed else ""
        if managed:
            self._managed[arn] = logical
        for role in self._roles_of(resource):
            sure = resource.get("Condition") is None
            found = AttachedPolicy(logical, arn, self._document(resource), sure)
            apart.setdefault(role, []).append(found)

    def _roles_of(self, resource: Value) -> Iterator[str]:
        properties = resource.get("Properties")
        if properties is not None:
            listed = (role for role, _ in self._items(properties.get("Roles")))
            for role in (*listed, properties.get("RoleName")):
                value = self._run.value(role) if role is not None else None
                if value is not None and value.kind == "string":
                    yield value.data

    def _document(self, resource: Value) -> Value | None:
        properties = resource.get("Properties")
        written = properties.get("PolicyDocument") if properties is not None else None
        value = self._run.value(written) if written is not None else None
        return value if value is not None and value.kind == "object" else None

    def _items(self, written: Value | None) -> Iterator[tuple[Value, bool]]:
        """The items of a list, those of every branch; and whether they stand in no branch."""
        todo = [(written, True)] if written is not None else []
        while todo:
            value, sure = todo.pop()
            call = intrinsic(value)
            if call is not None and call.name == "Fn::If" and call.argument.kind == "array":
                todo += ((each, False) for each in reversed(call.argument.items()[1:]))
                continue
            found = value if value.kind == "array" and call is None else self._run.value(value)
            if found is NO_VALUE:
                continue
            if found is value and value.kind == "array":
                todo += ((each, sure) for each in reversed(value.items()))
            elif found.kind == "array":
                yield from ((each, sure) for each in found.items())
            else:
                yield found, sure

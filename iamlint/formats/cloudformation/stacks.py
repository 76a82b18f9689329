"""Finds the templates that a template nests: files beside it, and texts inside of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from posixpath import normpath

from iamlint.formats.cloudformation import bindings
from iamlint.formats.cloudformation.declare import declare
from iamlint.formats.cloudformation.faults import Fault, TooMuch
from iamlint.formats.cloudformation.functions import FUNCTIONS
from iamlint.formats.cloudformation.intrinsics import NO_VALUE
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.template import number_or_text, text_of
from iamlint.formats.cloudformation.world import World
from iamlint.formats.parsing import parse
from iamlint.source import Problem, Source, Span
from iamlint.syntax.json import decoded
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

# The property that says where a nested template is.
_LOCATIONS = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
_INLINE = "AWS::CloudFormation::StackSet"
_DEEPEST = 5  # stacks in stacks

# Gives the template at a path relative to the one that nests it; None: it is not there.
Nested = Callable[[str], "tuple[Value, Source] | None"]


class StackCall(NamedTuple):
    """One nested stack whose template is a file."""

    logical: str
    path: str  # relative to the folder of the template; never out of it
    bindings: Mapping[str, Value]  # may hold holes of the template
    span: Span  # what names the path


class Inline(NamedTuple):
    """One template that is the text of a property."""

    logical: str
    value: Value
    bindings: Mapping[str, Value]
    problems: list[Problem]


class Stacks:
    """The templates that one template nests."""

    def __init__(self, world: World, nested: Nested | None, depth: int = 0) -> None:
        self._world = world
        self._nested = nested
        self._depth = depth
        self._run = Run(world, FUNCTIONS, lenient=True)
        self._children: dict[str, World | None] = {}

    def calls(self) -> Iterator[StackCall]:
        """The nested stacks whose templates are files below the folder of this one."""
        for logical, resource in self._world.resources.items():
            if text_of(resource.get("Type")) in _LOCATIONS:
                call = self._call(logical, resource)
                if call is not None:
                    yield call

    def _call(self, logical: str, resource: Value) -> StackCall | None:
        properties = resource.get("Properties")
        if properties is None:
            return None
        metadata = resource.get("Metadata")
        # CDK writes the address of the published template, and beside it the file.
        written = metadata.get("aws:asset:path") if metadata is not None else None
        written = written or properties.get(_LOCATIONS[text_of(resource.get("Type"))])
        path = _local(self._text(written))
        if written is None or not path:
            return None
        return StackCall(logical, path, self._bindings(properties), written.span)

    def _text(self, written: Value | None) -> str:
        value = self._value(written)
        text = number_or_text(value) if value is not None else None
        return "" if text is None or self._world.has_holes(text) else text

    def _value(self, written: Value | None) -> Value | None:
        if written is None:
            return None
        try:
            value = self._run.value(written)
        except TooMuch:
            return None
        return None if value is NO_VALUE else value

    def _bindings(self, properties: Value) -> dict[str, Value]:
        value = self._value(properties.get("Parameters"))
        if value is None:
            return {}
        if value.kind == "array":  # as stack sets have them
            return bindings.read_file(value, self._world.source)[0]
        return {
            key.data: held
            for key, held in value.members
            if all(number_or_text(item) is not None for item in held.items() or (held,))
        }

    def inlined(self) -> Iterator[Inline]:
        """The templates that stand as texts in properties."""
        for logical, resource in self._world.resources.items():
            properties = resource.get("Properties")
            if properties is None or text_of(resource.get("Type")) != _INLINE:
                continue
            body = self._value(properties.get("TemplateBody"))
            if body is None or body.kind != "string" or self._depth >= _DEEPEST:
                continue
            value, problems = parse(decoded(body))
            if value is not None and value.kind == "object":
                yield Inline(logical, value, self._bindings(properties), problems)
            elif problems:
                self._world.faults.add(problems)

    def output(self, logical: str, name: str) -> str | None:
        """What an output of a nested stack is; None when its template is not known."""
        if logical not in self._children:
            self._children[logical] = None  # also while it is looked at: stacks may nest in circles
            self._children[logical] = self._child(logical)
        child = self._children[logical]
        written = child.template.outputs.get(name) if child is not None else None
        held = written.get("Value") if written is not None else None
        if child is None or held is None:
            return None
        try:
            value = Run(child, FUNCTIONS, lenient=True).value(held)
        except (Fault, TooMuch):
            return None
        return None if value is NO_VALUE else number_or_text(value)

    def _child(self, logical: str) -> World | None:
        resource = self._world.resources.get(logical)
        kind = text_of(resource.get("Type")) if resource is not None else ""
        call = self._call(logical, resource) if resource and kind in _LOCATIONS else None
        if self._nested is None or call is None or self._depth >= _DEEPEST:
            return None
        found = self._nested(call.path)
        if found is None:
            return None
        scope = f"{self._world.scope}{logical}/"
        child = World(*found, call.bindings, self._world.table, scope)
        declare(child)
        child.outputs = Stacks(child, None, self._depth + 1).output
        return child


def _local(text: str) -> str:
    """A path below the folder of the template; empty for anything else."""
    if not text or "://" in text or text.startswith(("/", "~", "\\")) or "\0" in text:
        return ""
    path = normpath(text)
    return "" if path == ".." or path.startswith("../") or path == "." else path

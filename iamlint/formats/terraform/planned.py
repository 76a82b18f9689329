"""Finds the resources in what Terraform and OpenTofu write of plans and states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from iamlint.formats.fields import text
from iamlint.source import Span
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')


class Resource(NamedTuple):
    """One instance of a resource or a data source, as it is or will be."""

    address: str  # `module.ci["a"].aws_iam_role.deploy[0]`
    module: str  # the address of the instance of the module that it is in; empty: the root
    type: str  # `data.` goes before that of a data source
    values: Value
    span: Span

    @property
    def declared(self) -> str:
        """Its address without the keys of instances: where the configuration declares it."""
        return bare(self.address)


def bare(address: str) -> str:
    """An address without the keys of instances."""
    return _INDEX.sub("", address) if "[" in address else address


def key(address: str) -> str:
    """The key of an instance, as its address ends with it; empty for one without."""
    found = list(_INDEX.finditer(address)) if address.endswith("]") else []
    return found[-1][0] if found else ""


def shown(values: Value | None) -> Iterator[Resource]:
    """The resources in `planned_values`, or in the `values` of a state, in the order written."""
    root = values.get("root_module") if values is not None else None
    todo = [root] if root is not None else []
    while todo:
        module = todo.pop()
        name = text(module.get("address"))
        for item in _items(module, "resources"):
            held = item.get("values")
            if held is not None and held.kind == "object":
                kind = _kind(item)
                yield Resource(text(item.get("address")), name, kind, held, item.span)
        todo += reversed(_items(module, "child_modules"))


def stored(state: Value) -> Iterator[Resource]:
    """The resources in the file that a backend stores."""
    for item in _items(state, "resources"):
        kind, module = _kind(item), text(item.get("module"))
        name = ".".join(part for part in (module, kind, text(item.get("name"))) if part)
        for instance in _items(item, "instances"):
            held = instance.get("attributes")
            if held is not None and held.kind == "object":
                address = name + _key(instance.get("index_key"))
                yield Resource(address, module, kind, held, instance.span)


def _kind(item: Value) -> str:
    return ("data." if text(item.get("mode")) == "data" else "") + text(item.get("type"))


def _key(key: Value | None) -> str:
    if key is None or key.kind == "null":
        return ""
    return f"[{key.span.text}]"  # as JSON writes it, which is how addresses are written


class References:
    """What the configuration of a plan refers to, by declared addresses."""

    __slots__ = ("_expressions",)

    def __init__(self, configuration: Value | None) -> None:
        self._expressions = dict(_declared(configuration))

    def of(self, resource: Resource, argument: str) -> tuple[str, ...]:
        """What an argument of a resource refers to, the most specific names only."""
        held = self._expressions.get(resource.declared)
        written = held.get(argument) if held is not None else None
        names = [text(item) for item in _items(written, "references")]
        return tuple(
            name
            for name in dict.fromkeys(names)
            if not any(other.startswith((f"{name}.", f"{name}[")) for other in names)
        )

    def inside(self, resource: Resource) -> tuple[str, ...]:
        """All that the arguments and the blocks of a resource refer to."""
        found: dict[str, None] = {}
        todo = [held] if (held := self._expressions.get(resource.declared)) is not None else []
        while todo:
            value = todo.pop()
            found.update((text(item), None) for item in _items(value, "references"))
            todo += [inner for _, inner in value.members] + list(value.items())
        return tuple(found)

    def whole(self, resource: Resource, argument: str) -> tuple[str, ...]:
        """What an argument refers to, as the addresses of whole resources beside its own."""
        inside = bare(resource.module)
        prefix = f"{inside}." if inside else ""
        return tuple(prefix + _whole(name) for name in self.of(resource, argument))


def _whole(name: str) -> str:
    """The resource of an attribute that is referred to."""
    parts = bare(name).split(".")
    return ".".join(parts[: 3 if parts[0] == "data" else 2])


def _declared(configuration: Value | None) -> Iterator[tuple[str, Value]]:
    """The expressions of all resources, by their addresses."""
    root = configuration.get("root_module") if configuration is not None else None
    todo = [("", root)] if root is not None else []
    while todo:
        prefix, module = todo.pop()
        for item in _items(module, "resources"):
            expressions = item.get("expressions")
            if expressions is not None:
                yield prefix + text(item.get("address")), expressions
        calls = module.get("module_calls")
        for name, call in calls.members if calls is not None else ():
            inner = call.get("module")
            if inner is not None:
                todo.append((f"{prefix}module.{name.data}.", inner))


def _items(value: Value | None, name: str) -> tuple[Value, ...]:
    held = value.get(name) if value is not None else None
    return held.items() if held is not None else ()


def by_declared(resources: list[Resource]) -> Mapping[str, list[Resource]]:
    """Resources by the address of their declaration."""
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        found.setdefault(resource.declared, []).append(resource)
    return found

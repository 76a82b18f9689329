"""One instance of a module: what the names in its expressions stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from posixpath import relpath

from iamlint.formats.faults import meant, quoted
from iamlint.formats.role import Way
from iamlint.formats.terraform import attributes, variables
from iamlint.formats.terraform.configuration import Configuration
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.instances import Instances, Of, instances
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Found, Reference
from iamlint.formats.terraform.types import STRING
from iamlint.formats.terraform.values import Datum, Entry, mapping, string
from iamlint.source import Span
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.hcl.templates import Template
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple

MOST_MODULES = 20  # in one another

# Gives what a call of a module means, by the folder that calls and the source it names.
Finder = Callable[[str, str, str], "Configuration | None"]


class Tree(NamedTuple):
    """What all modules of one root share."""

    root: Configuration
    find: Finder
    given: Mapping[str, Datum]  # values of variables of the root, from files and options
    defaults: dict[Way, str]  # how defaults came where they are used, and whose they are


class Module:
    """An instance of a module."""

    __slots__ = ("_children", "_self", "address", "block", "caller", "configuration", "depth", "tree")

    def __init__(
        self,
        configuration: Configuration,
        tree: Tree,
        caller: Caller | None = None,
    ) -> None:
        self.configuration = configuration
        self.tree = tree
        self.caller = caller
        self.address = caller.address if caller else ""
        self.depth = caller.module.depth + 1 if caller else 0
        self._children: dict[tuple[str, str], Module | None] = {}

    def named(self, name: str) -> str:
        """The name of something in it as a user of the root knows it."""
        return f"{self.address}.{name}" if self.address else name

    # What names stand for

    def find(self, run: Run, reference: Reference) -> Found | None:
        """See `Scope`."""
        root, path = reference.root, reference.path
        lookup = _LOOKUPS.get(root)
        if lookup is not None:
            return lookup(self, run, reference) if path else None
        if root in ("each", "count", "self"):
            return _astray(root, reference)
        if not path:
            return None
        return self._resource(run, reference, "resource", (root, *path))

    def _variable(self, run: Run, reference: Reference) -> Found:
        name, place = reference.path[0], reference.span
        block = self.configuration.blocks.get(("variable", name))
        if block is None:
            known = list(self.configuration.of("variable"))
            message = f"the variable {quoted(name)} is not declared"
            raise Fault(message, place, meant(name, known, "variables"))
        datum = variables.value(run, self, name, block, place)
        return Found(datum, 1)

    def _local(self, run: Run, reference: Reference) -> Found:
        name, place = reference.path[0], reference.span
        attribute = self.configuration.locals.get(name)
        if attribute is None:
            message = f"the local value {quoted(name)} is not declared"
            raise Fault(message, place, meant(name, list(self.configuration.locals), "locals"))
        value = attribute.value
        made = run.once(
            (self.address, "local", name),
            self.named(f"local.{name}"),
            place,
            lambda: evaluate(run, value, self),
        )
        run.ways[Way(value.span, place, f"local `{self.named(name)}`")] = None
        return Found(made, 1)

    def _path(self, run: Run, reference: Reference) -> Found | None:
        name, place = reference.path[0], reference.span
        if name == "module":
            return Found(string(self._folder(), place), 1)
        return Found(string(".", place), 1) if name in ("root", "cwd") else None

    def _folder(self) -> str:
        """Where its files are, relative to the root module."""
        return relpath(self.configuration.folder, self.tree.root.folder)

    def _terraform(self, run: Run, reference: Reference) -> Found | None:
        name = f"{reference.root}.{reference.path[0]}"
        return Found(run.unknown(name, reference.span, STRING, nullable=False, wild=False), 1)

    def _data(self, run: Run, reference: Reference) -> Found | None:
        if len(reference.path) < 2:
            return None
        found = self._resource(run, reference, "data", reference.path)
        return found

    def _resource(
        self, run: Run, reference: Reference, kind: str, path: tuple[str, ...]
    ) -> Found | None:
        type, name = path[:2]
        used = 2 if kind == "data" else 1
        block = self.configuration.blocks.get((kind, type, name))
        if block is None:
            return self._undeclared(run, reference, kind, (type, name), used)
        return Found(attributes.resource(run, self, kind, block, reference.span), used)

    def _undeclared(
        self, run: Run, reference: Reference, kind: str, path: tuple[str, ...], used: int
    ) -> Found | None:
        """A name of something that is not declared; a broken file may have done so."""
        if kind == "resource" and "_" not in path[0]:
            return None
        name = ".".join(path)
        known = [f"{k[1]}.{k[2]}" for k in self.configuration.blocks if k[0] == kind]
        what = "data source" if kind == "data" else "resource"
        message = f"the {what} {quoted(name)} is not declared"
        raise Fault(message, reference.span, meant(name, known, f"{what}s"))

    # Modules in it

    def _module(self, run: Run, reference: Reference) -> Found:
        name, place = reference.path[0], reference.span
        block = self.configuration.blocks.get(("module", name))
        if block is None:
            known = list(self.configuration.of("module"))
            message = f"the module {quoted(name)} is not called"
            raise Fault(message, place, meant(name, known, "modules"))
        of = Of(self, block, f"module.{name}")
        return Found(instances(run, of).datum(place, lambda one: self._outputs(run, name, one, place)), 1)

    def _outputs(self, run: Run, name: str, one: Instance, place: Span) -> Datum:
        """An instance of a module as a value: its outputs, evaluated when they are asked for."""
        ...


_LOOKUPS = {
    "var": Module._variable,
    "local": Module._local,
    "path": Module._path,
    "terraform": Module._terraform,
    "data": Module._data,
    "module": Module._module,
}

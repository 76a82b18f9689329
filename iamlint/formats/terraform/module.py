"""One instance of a module: what the names in its expressions stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from posixpath import relpath

from iamlint.formats.faults import meant, quoted
from iamlint.formats.role import Way
from iamlint.formats.terraform import attributes, variables
from iamlint.formats.terraform.attributes import Resource
from iamlint.formats.terraform.configuration import Configuration
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.instances import Instance, Instances, datum, instances
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Found, Reference, Scope
from iamlint.formats.terraform.types import ANY, STRING, map_of
from iamlint.formats.terraform.values import Datum, Unknown, string
from iamlint.formats.terraform.variables import Given, Met, Variable
from iamlint.formats.terraform.world import UNDECLARED
from iamlint.source import Span
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.holes import Hole
from iamlint.typed import NamedTuple

_MOST_LEVELS = 10  # of modules in modules
_OBJECT = map_of(ANY)  # something with attributes, of which it is not known which

# Gives the module that a block calls: of the folder it stands in, its address in the tree.
Finder = Callable[[str, Block, str], "Configuration | None"]


class Tree(NamedTuple):
    """What all modules of one root share."""

    root: Configuration
    find: Finder
    given: Mapping[str, Datum]  # values of variables of the root, from files and options
    met: Met  # of variables


class Module:
    """An instance of a module; it is a `Scope`."""

    __slots__ = ("_above", "_call", "_outer", "address", "configuration", "tree")

    def __init__(
        self,
        configuration: Configuration,
        tree: Tree,
        address: str = "",
        *,
        call: Block | None = None,
        outer: Scope | None = None,
        above: tuple[Configuration, ...] = (),
    ) -> None:
        self.configuration = configuration
        self.tree = tree
        self.address = address
        self._above = above  # the modules that it is in
        self._call = call  # the block that calls it, and the scope of the values in it
        self._outer = outer

    def named(self, name: str) -> str:
        """What something in it is called by a user of the root."""
        return f"{self.address}.{name}" if self.address else name

    def find(self, run: Run, reference: Reference) -> Found | None:
        """See `Scope`."""
        lookup = _LOOKUPS.get(reference.root)
        if lookup is not None:
            return lookup(self, run, reference) if reference.path else None
        if reference.root in ("each", "count", "self"):
            return self._astray(run, reference)
        return self._resource(run, reference) if reference.path else None

    def _astray(self, run: Run, reference: Reference) -> Found | None:
        """A name that means something only in some blocks."""
        if reference.root == "self":
            return Found(run.unknown(self.named("self"), reference.span))
        help = f"it is known only in a block with `{_NEEDS[reference.root]}`"
        raise Fault(f"{quoted(reference.root)} is not known here", reference.span, help)

    def _variable(self, run: Run, reference: Reference) -> Found:
        name = reference.path[0]
        block = self._declared(run, "variable", name)
        if block is None:
            return self._stranger(run, reference)
        variable = Variable(self.named(f"var.{name}"), block, self._given(name))
        made = variables.value(run, variable, reference.span, self.tree.met)
        return Found(made, 1)

    def _stranger(self, run: Run, reference: Reference) -> Found:
        """A variable that is not declared, whose declaration some tool may write."""
        name = self.named(f"var.{reference.path[0]}")
        known = self._all(run, "variable")
        message = f"the variable {quoted(name.rpartition('var.')[2])} is not declared"
        help = meant(reference.path[0], known, "variables")
        run.tell(Fault(message, reference.span, help, UNDECLARED))
        return Found(run.unknown(name, reference.span), 1)

    def _given(self, name: str) -> Given:
        if self._call is not None:
            argument = self._call.body.attribute(name)
            value = argument.value if argument is not None else None
            return Given(self._outer, value, called=True)
        return Given(datum=self.tree.given.get(name))

    def _local(self, run: Run, reference: Reference) -> Found:
        name, place = reference.path[0], reference.span
        self.configuration.ask(run.world.trace, "local", name)
        attribute = self.configuration.locals.get(name)
        if attribute is None:
            raise self._undeclared(reference, "local value", name, self._all(run, "local"))
        value, full = attribute.value, self.named(f"local.{name}")
        made = run.once(full, full, place, lambda: evaluate(run, value, self))
        run.ways[Way(value.span, place, f"local `{self.named(name)}`")] = None
        return Found(made, 1)

    def _path(self, run: Run, reference: Reference) -> Found | None:
        name, place = reference.path[0], reference.span
        if name == "module":
            folder = relpath(self.configuration.folder, self.tree.root.folder)
            return Found(string(folder, place), 1)
        # The configuration is applied from the folder of its root module.
        return Found(string(".", place), 1) if name in ("root", "cwd") else None

    def _terraform(self, run: Run, reference: Reference) -> Found | None:
        name = f"{reference.root}.{reference.path[0]}"
        return Found(run.unknown(name, reference.span, STRING, nullable=False, wild=False), 1)

    def _data(self, run: Run, reference: Reference) -> Found | None:
        return self._resource(run, reference) if len(reference.path) > 1 else None

    def _resource(self, run: Run, reference: Reference) -> Found | None:
        names = (reference.root, *reference.path)
        kind, key = ("data", names[:3]) if names[0] == "data" else ("resource", names[:2])
        block = self._declared(run, kind, *key[-2:])
        if block is None:
            if kind == "resource" and "_" not in names[0]:
                return None
            what = "data source" if kind == "data" else "resource"
            raise self._undeclared(reference, what, ".".join(key[-2:]), self._all(run, kind))
        return Found(self.resources(run, kind, block, reference.span), len(key) - 1)

    def _declared(self, run: Run, *key: str) -> Block | None:
        """What is declared in it under a kind and names."""
        self.configuration.ask(run.world.trace, *key)
        return self.configuration.blocks.get(key)

    def _all(self, run: Run, kind: str) -> list[str]:
        """The names of all that is of a kind in it."""
        self.configuration.ask(run.world.trace, "of", kind)
        return self.configuration.names(kind)

    def _undeclared(self, reference: Reference, what: str, name: str, known: list[str]) -> Fault:
        message = f"the {what} {quoted(name)} is not declared"
        return Fault(message, reference.span, meant(name, known, f"{what}s"))

    # Resources in it

    def instances(self, run: Run, kind: str, block: Block) -> Instances:
        """The instances of a block in it."""
        return instances(run, block, self, self._address(kind, block))

    def _address(self, kind: str, block: Block) -> str:
        labels = [label.text for label in block.labels]
        return self.named(".".join(labels if kind == "resource" else [kind, *labels]))

    def resources(self, run: Run, kind: str, block: Block, place: Span) -> Datum:
        """A resource as a value."""
        address = self._address(kind, block)
        found = self.instances(run, kind, block)
        return datum(
            run, found, address, place, lambda one: self._value(run, kind, block, one, place)
        )

    def resource(self, kind: str, block: Block, one: Instance) -> Resource:
        """One instance of a resource."""
        address = self._address(kind, block) + one.key
        return Resource(kind, block, address, one.scope(self))

    def _value(self, run: Run, kind: str, block: Block, one: Instance, place: Span) -> Datum:
        """An instance of a resource as a value: attributes are worked out when asked for."""
        resource = self.resource(kind, block, one)

        def step(key: Datum | None, span: Span) -> Datum | None:
            if key is None or key.kind != "string" or run.holes(key.string):
                return None
            return attributes.attribute(run, resource, key.string, span)

        run.is_open = True  # its attributes are those of this very run
        hole = Hole(resource.address, "list", (), wild=False)
        return Unknown(hole, place, _OBJECT, nullable=False, step=step)

    # Modules in it

    def _module(self, run: Run, reference: Reference) -> Found:
        name, place = reference.path[0], reference.span
        block = self._declared(run, "module", name)
        if block is None:
            raise self._undeclared(reference, "module", name, self._all(run, "module"))
        found = self.instances(run, "module", block)
        address = self.named(f"module.{name}")
        made = datum(run, found, address, place, lambda one: self._outputs(run, block, one, place))
        return Found(made, 1)

    def child(self, block: Block, one: Instance) -> Module | None:
        """The module that a block calls; None where it is not there to be read, or is a circle."""
        address = self._address("module", block)
        found = self.tree.find(self.configuration.folder, block, address)
        above = (*self._above, self.configuration)
        if found is None or found in above or len(above) > _MOST_LEVELS:
            return None
        return Module(
            found,
            self.tree,
            address + one.key,
            call=block,
            outer=one.scope(self),
            above=above,
        )

    def circle(self, block: Block) -> Fault | None:
        """What is wrong with a block that calls a module which it is in."""
        found = self.tree.find(self.configuration.folder, block, self._address("module", block))
        if found is None or found not in (*self._above, self.configuration):
            return None
        message = f"the module in {quoted(found.folder)} calls itself here, directly or not"
        help = "Terraform would load modules in modules without an end: break the circle"
        return Fault(message, block.header_span, help)

    def _outputs(self, run: Run, block: Block, one: Instance, place: Span) -> Datum:
        """An instance of a module as a value: its outputs are worked out when asked for."""
        address = self._address("module", block) + one.key
        child = self.child(block, one)

        def step(key: Datum | None, span: Span) -> Datum | None:
            if key is None or key.kind != "string" or run.holes(key.string):
                return None
            if child is None:
                return attributes.unknown(
                    run, f"{address}.{key.string}", key.string, span, wild=True
                )
            return child.output(run, key.string, span)

        run.is_open = True  # its outputs are those of this very run
        hole = Hole(address, "list", (), wild=True)
        return Unknown(hole, place, _OBJECT, nullable=False, step=step)

    def output(self, run: Run, name: str, place: Span) -> Datum:
        """What an output of it is."""
        block = self._declared(run, "output", name)
        value = block.body.attribute("value") if block is not None else None
        if value is None and self.configuration.is_model:
            return attributes.unknown(run, self.named(name), name, place, wild=True)
        if value is None:
            known = self._all(run, "output")
            message = f"the module has no output {quoted(name)}"
            raise Fault(message, place, meant(name, known, "outputs"))
        full, node = self.named(f"output.{name}"), value.value
        made = run.once(full, full, place, lambda: evaluate(run, node, self))
        run.ways[Way(node.span, place, f"output `{self.named(name)}`")] = None
        return made


_NEEDS = {"each": "for_each", "count": "count"}
_LOOKUPS = {
    "var": Module._variable,
    "local": Module._local,
    "path": Module._path,
    "terraform": Module._terraform,
    "data": Module._data,
    "module": Module._module,
}

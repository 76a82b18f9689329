"""What functions take and give."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import types
from iamlint.formats.terraform.convert import convert
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Scope
from iamlint.formats.terraform.types import ANY, Type
from iamlint.formats.terraform.values import Datum
from iamlint.source import Span
from iamlint.syntax.hcl.expressions import Call
from iamlint.typed import Any, NamedTuple


class Asked(NamedTuple):
    """A function that is asked for its value: `arguments` are of the types that are due."""

    run: Run
    name: str
    arguments: list[Datum]
    span: Span  # of the whole call
    places: list[Span]  # of the arguments as they are written
    scope: Scope

    @property
    def full(self) -> str:
        """What the value depends on, all of it."""
        return f"{self.name}({', '.join(self.run.label(each) for each in self.arguments)})"

    def unknown(self, type: Type = ANY, **known: Any) -> Datum:
        """The value, which cannot be known."""
        known.setdefault("nullable", False)
        return self.run.made(self.full, self.span, type, **known)

    def fault(self, message: str, argument: int | None = None, help: str | None = None) -> Fault:
        """What is wrong with an argument, or with all of them."""
        span = self.span if argument is None else self.place(argument)
        return Fault(message, span, help)

    def place(self, argument: int) -> Span:
        return self.places[min(argument, len(self.places) - 1)] if self.places else self.span


class Parameter(NamedTuple):
    """One parameter; `nullable`: null is a value like any other for it."""

    type: Type
    nullable: bool


class Function(NamedTuple):
    """A function.

    `takes`: `string, number, *any?`: types in order, `*` before the last for any number of them,
    `?` after those that may be null. `open`: it takes unknown values and texts with holes; others
    have an unknown value when one of their arguments has such a part.
    """

    takes: str
    gives: Type
    work: Callable[[Asked], Datum]
    open: bool = False


_TYPES = {
    "string": types.STRING,
    "number": types.NUMBER,
    "bool": types.BOOL,
    "any": ANY,
    "strings": types.list_of(types.STRING),
    "bools": types.list_of(types.BOOL),
    "list": types.list_of(ANY),
    "set": types.set_of(ANY),
    "map": types.map_of(ANY),
    "string-lists": types.map_of(types.list_of(types.STRING)),
}
Parameters = tuple[list[Parameter], "Parameter | None"]
_READ: dict[str, Parameters] = {}


def parameters(takes: str) -> Parameters:
    """The parameters in order, and the one for any number of further arguments."""
    found = _READ.get(takes)
    if found is None:
        fixed: list[Parameter] = []
        variadic = None
        for word in filter(None, takes.split(", ")):
            made = Parameter(_TYPES[word.strip("*?")], word.endswith("?"))
            if word.startswith("*"):
                variadic = made
            else:
                fixed.append(made)
        found = _READ[takes] = (fixed, variadic)
    return found


def checked(asked: Asked, function: Function, node: Call) -> Asked:
    """The call with its arguments converted. Raises Fault where they are not what is due."""
    fixed, variadic = parameters(function.takes)
    count = len(asked.arguments)
    if count < len(fixed) or (variadic is None and count > len(fixed)):
        due = str(len(fixed)) if variadic is None else f"at least {len(fixed)}"
        plural = "" if len(fixed) == 1 else "s"
        message = f"{quoted(node.name)} takes {due} argument{plural}, and is given {count}"
        raise Fault(message, node.span)
    made: list[Datum] = []
    for number, datum in enumerate(asked.arguments):
        parameter = fixed[number] if number < len(fixed) else variadic
        assert parameter is not None
        if datum.kind == "null" and not parameter.nullable:
            raise Fault(f"an argument of {quoted(node.name)} is null", asked.place(number))
        made.append(convert(asked.run, datum, parameter.type, asked.place(number)))
    return asked._replace(arguments=made)

"""The values of a module's variables: what its caller gives, else what they are by default."""

from __future__ import annotations

from iamlint.formats import faults
from iamlint.formats.role import Way
from iamlint.formats.terraform import types
from iamlint.formats.terraform.constraints import ANYTHING, Constraint, conform, constraint
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Names, Scope
from iamlint.formats.terraform.values import Datum
from iamlint.source import Source, Span
from iamlint.syntax.hcl import parse_expression
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.hcl.templates import Template
from iamlint.typed import NamedTuple


class Given(NamedTuple):
    """What stands for a variable, unless that is its default: an expression, or a value."""

    scope: Scope | None = None
    expression: Expression | None = None
    datum: Datum | None = None
    called: bool = False  # the module is called: what its caller leaves out is the default


class Variable(NamedTuple):
    """A variable of one module; `name` is what a user of the root knows it by."""

    name: str
    block: Block
    given: Given

    @property
    def carried(self) -> str:
        return f"variable `{self.name.replace('.var.', '.').removeprefix('var.')}`"


class Met(NamedTuple):
    """What is known of the variables that were met in one configuration.

    `defaults`: how defaults came where they are used, and whose they are; `types`: by variable,
    with the fault of one that cannot be read.
    """

    defaults: dict[Way, str]
    types: dict[str, tuple[Constraint, faults.Fault | None]]


def value(run: Run, variable: Variable, place: Span, met: Met) -> Datum:
    """The value of a variable, used at a place.

    Of a module that nobody calls, a default that is empty stands for nothing: whoever uses it gives
    a value. `met` is told how such a default came to where it is used.
    """
    due = _due(run, variable, met)
    given = variable.given
    if given.expression is not None or given.datum is not None:
        made = _once(run, variable, due, place)
        run.ways[Way(_origin(given), place, variable.carried)] = None
        return made
    default = variable.block.body.attribute("default")
    if default is None or variable.name in run.state.freed:
        return _unknown(run, variable, due, place)
    made = _once(run, variable, due, place)
    if not given.called and _is_missing(made):
        return _unknown(run, variable, due, place)
    way = Way(default.value.span, place, variable.carried)
    run.ways[way] = None
    if not given.called:
        met.defaults[way] = variable.name
        run.is_open = True  # elsewhere it may be assumed to have another value
    return made


def _due(run: Run, variable: Variable, met: Met) -> Constraint:
    """The type that a variable declares; any, where that cannot be read."""
    attribute = variable.block.body.attribute("type")
    if attribute is None:
        return ANYTHING
    known = met.types.get(variable.name)
    if known is None:
        try:
            known = constraint(_written(attribute.value)), None
        except faults.Fault as fault:
            known = ANYTHING, fault
        met.types[variable.name] = known
    due, refused = known
    if refused is not None:
        run.tell(refused)
    return due


def _written(node: Expression) -> Expression:
    """A type without the quotes that it had once, and has in JSON."""
    if not isinstance(node, Template):
        return node
    if node.wrapped is not None:
        return node.wrapped
    return parse_expression(Source(node.source.name, node.literal or ""))[0] or node


def _origin(given: Given) -> Span:
    if given.expression is not None:
        return given.expression.span
    assert given.datum is not None
    return given.datum.span


def _once(run: Run, variable: Variable, due: Constraint, place: Span) -> Datum:
    return run.once((variable.name,), variable.name, place, lambda: _made(run, variable, due))


def _made(run: Run, variable: Variable, due: Constraint) -> Datum:
    given = variable.given
    if given.datum is not None:
        made = given.datum
    elif given.expression is not None and given.scope is not None:
        made = evaluate(run, given.expression, given.scope)
        nullable = variable.block.body.attribute("nullable")
        default = variable.block.body.attribute("default")
        if made.kind == "null" and nullable is not None and default is not None:
            refuses = evaluate(run, nullable.value, Names({}))
            if refuses.kind == "bool" and refuses.data is False:
                made = evaluate(run, default.value, Names({}))
    else:
        default = variable.block.body.attribute("default")
        assert default is not None
        made = evaluate(run, default.value, Names({}))
    try:
        return conform(run, made, due, made.span)
    except faults.Fault as fault:
        return run.failed(fault, variable.name, made.span, due.type)


def _is_missing(made: Datum) -> bool:
    """Whether a default only says that there is none."""
    if made.kind in (*types.SEQUENCES, *types.MAPPINGS):
        return not made.data
    return made.kind == "null" or (made.kind == "string" and not made.string.strip())


def _unknown(run: Run, variable: Variable, due: Constraint, place: Span) -> Datum:
    return run.unknown(variable.name, place, due.type, nullable=_may_be_null(variable))


def _may_be_null(variable: Variable) -> bool:
    """Whether somebody is likely to give null: the default does."""
    default = variable.block.body.attribute("default")
    return default is not None and default.value.span.text == "null"

"""Tells whether a condition is true, as far as that can be known, and chooses by it."""

from __future__ import annotations

from iamlint.formats.cloudformation.arguments import listed, name
from iamlint.formats.cloudformation.decisions import Atom, Comparison, Undecided, believe, compare
from iamlint.formats.cloudformation.faults import Fault, meant
from iamlint.formats.cloudformation.intrinsics import NO_VALUE, Call, condition_call, is_text
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.template import KINDS, number_or_text
from iamlint.source import Span
from iamlint.syntax.holes import Hole
from iamlint.syntax.value import Value


def choose(run: Run, call: Call) -> Value:
    """`Fn::If`: one of two values. Raises Undecided when nobody knows which."""
    condition, yes, no = listed(call, 3)
    if is_text(condition):
        found = named(run, condition.data, condition.span)
    else:
        found = truth(run, condition)
    if isinstance(found.outcome, bool):
        return run.value(yes if found.outcome else no)
    if not run.lenient:
        raise Undecided(found.outcome)
    return _either(run, call, yes, no)


def _either(run: Run, call: Call, yes: Value, no: Value) -> Value:
    """What stands for one of two values where nobody judges it."""
    one, two = run.value(yes), run.value(no)
    if one is NO_VALUE or two is NO_VALUE:
        return two if one is NO_VALUE else one
    if one.kind == two.kind == "string" and one.data == two.data:
        return one
    line, column = call.span.root().source.position(call.span.root().start)
    return run.hole(Hole(f"Fn::If at {line}:{column}", "list"), call.span)


def named(run: Run, name: str, place: Span) -> Comparison:
    """Whether the condition of a name is true."""
    written = run.world.template.conditions.get(name)
    if written is None:
        return _undeclared(run, name, place)
    key = ("condition", name)
    found: Comparison = run.once(key, place, lambda: truth(run, written))
    if found.leaned and isinstance(found.outcome, bool):
        run.assumed[name] = found.outcome
    return found


def _undeclared(run: Run, name: str, place: Span) -> Comparison:
    if not (run.world.template.is_open or run.lenient):
        known = run.world.template.conditions
        message = f"the template has no condition `{name}`"
        run.world.faults.tell(Fault(message, place, meant(name, known, "conditions")))
    found = believe(f"condition {name}", run.state)
    if isinstance(found.outcome, bool):
        run.assumed[name] = found.outcome
    return found


def truth(run: Run, value: Value) -> Comparison:
    """Whether a condition is true; a fault in it leaves that open."""
    call, depth = condition_call(value), run.depth
    run.deeper(value.span)
    try:
        judge = _JUDGES.get(call.name) if call is not None else None
        if call is None or judge is None:
            raise _no_condition(value, call)
        return judge(run, call)
    except Fault as fault:
        run.failed(fault, call.name if call else "a condition", value.span)
        line, column = value.span.root().source.position(value.span.root().start)
        return believe(f"the condition at {line}:{column}", run.state)
    finally:
        run.depth = depth


def _no_condition(value: Value, call: Call | None) -> Fault:
    what = f"`{call.name}`" if call else "this"
    help = "a condition is `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` or `Condition`"
    return Fault(f"{what} is not a condition", value.span, help)


def _referred(run: Run, call: Call) -> Comparison:
    return named(run, name(call), call.span)


def _not(run: Run, call: Call) -> Comparison:
    (inner,) = listed(call, 1)
    found = truth(run, inner)
    if isinstance(found.outcome, bool):
        return found._replace(outcome=not found.outcome)
    return found


def _and(run: Run, call: Call) -> Comparison:
    return _several(run, call, decisive=False)


def _or(run: Run, call: Call) -> Comparison:
    return _several(run, call, decisive=True)


def _several(run: Run, call: Call, *, decisive: bool) -> Comparison:
    """Several conditions, of which one that is `decisive` decides."""
    leaned, atom = False, None
    for inner in listed(call, 1, 10):
        found = truth(run, inner)
        if found.outcome is decisive:
            return found
        leaned |= found.leaned
        if atom is None and not isinstance(found.outcome, bool):
            atom = found.outcome
    outcome: bool | Atom = (not decisive) if atom is None else atom
    return Comparison(outcome, leaned)


def _equals(run: Run, call: Call) -> Comparison:
    one, two = listed(call, 2)
    outer, depth, run.deciding = run.deciding, run.depth, True
    try:
        return compare(
            _text(run, one, call), _text(run, two, call), run.state, run.world.table.holes
        )
    except Undecided as undecided:
        return Comparison(undecided.atom, leaned=False)
    finally:
        run.deciding, run.depth = outer, depth


def _text(run: Run, written: Value, call: Call) -> str:
    value = run.value(written)
    if value.kind == "array":
        return "\0".join(_text(run, item, call) for item in value.items())
    text = number_or_text(value)
    if text is None:
        raise Fault(f"`{call.name}` compares {KINDS[value.kind]}, not texts", written.span)
    return text


_JUDGES = {
    "Condition": _referred,
    "Fn::And": _and,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _or,
}

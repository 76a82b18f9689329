"""The functions that look something up: references, attributes, mappings, what others export."""

from __future__ import annotations

from iamlint.formats.cloudformation import resources
from iamlint.formats.cloudformation.arguments import listed, name, wrong
from iamlint.formats.cloudformation.faults import Fault, meant, quoted
from iamlint.formats.cloudformation.foreign import foreign_hole, foreign_texts
from iamlint.formats.cloudformation.intrinsics import NO_VALUE, Call
from iamlint.formats.cloudformation.parameters import as_string
from iamlint.formats.cloudformation.run import Function, Run
from iamlint.formats.cloudformation.template import text_of
from iamlint.formats.role import Way
from iamlint.source import Span
from iamlint.syntax.holes import Hole
from iamlint.syntax.value import Value

_PSEUDO = {
    "AWS::AccountId": Hole("AWS::AccountId", "own-account"),
    "AWS::Partition": Hole("AWS::Partition", "own-partition"),
    "AWS::Region": Hole("AWS::Region", "own-region"),
    "AWS::URLSuffix": Hole("AWS::URLSuffix", "own-suffix"),
    "AWS::StackName": Hole("AWS::StackName", "text", (), wild=False),
    "AWS::StackId": Hole("AWS::StackId", "arn", (), wild=False),
    "AWS::NotificationARNs": Hole("AWS::NotificationARNs", "list", (), wild=False),
}


def ref(run: Run, call: Call) -> Value:
    """`Ref`: a parameter, a pseudo parameter, or what a resource is called."""
    return reference(run, name(call), call.span)


def reference(run: Run, name: str, place: Span) -> Value:
    """What a name stands for, used at a place."""
    if name == "AWS::NoValue":
        return NO_VALUE
    pseudo = _PSEUDO.get(name)
    if pseudo is not None:
        return run.hole(pseudo, place)
    if name in run.world.template.parameters:
        return _parameter(run, name, place)
    if name in run.world.resources:
        return resources.described(run, name, "Ref", place)
    return _unnamed(run, name, place)


def _parameter(run: Run, name: str, place: Span) -> Value:
    known = run.world.parameter(name)
    if known is None or known.value is None or (name in run.state.freed and known.is_default):
        return run.hole(known.hole if known else Hole(name), place)
    if known.is_missing and not run.deciding:
        return run.hole(known.hole, place)
    run.ways[Way(known.value.span, place, f"parameter `{name}`")] = None
    return known.value


def _unnamed(run: Run, name: str, place: Span) -> Value:
    """A name that the template does not declare, but somebody else may."""
    whole = f"${{{name}}}"
    if foreign_texts(whole):
        return run.hole(foreign_hole(whole), place)
    if _may_be_added(run, name):
        return run.hole(Hole(name), place)
    known = (*run.world.template.parameters, *run.world.resources, *_PSEUDO, "AWS::NoValue")
    message = f"the template has no parameter or resource `{name}`"
    raise Fault(message, place, meant(name, known, "names"))


def _may_be_added(run: Run, name: str) -> bool:
    """Whether somebody else may declare a name: a macro, or a module whose id it begins with."""
    world = run.world
    return world.template.is_open or any(
        name.startswith(logical) and resources.type_of(world, logical).endswith("::MODULE")
        for logical in world.resources
    )


def getatt(run: Run, call: Call) -> Value:
    """`Fn::GetAtt`: an attribute of a resource."""
    argument = call.argument
    if argument.kind == "string":
        logical, dot, attr = argument.data.partition(".")
        if not dot:
            raise wrong(call)
        return attribute(run, logical, attr, call.span)
    first, *others = listed(call, 2, 10)
    logical = run.text(first, "the id of the resource")
    attr = ".".join(run.text(other, "the name of the attribute") for other in others)
    return attribute(run, logical, attr, call.span)


def attribute(run: Run, logical: str, attr: str, place: Span) -> Value:
    """An attribute of a resource, used at a place."""
    if logical in run.world.resources or resources.made_by_sam(run.world, logical):
        return resources.described(run, logical, attr, place)
    whole = f"{logical}.{attr}"
    if foreign_texts(f"${{{whole}}}"):
        return run.hole(foreign_hole(f"${{{whole}}}"), place)
    if _may_be_added(run, logical):
        return run.hole(resources.unknown_attribute(whole), place)
    message = f"the template has no resource `{logical}`"
    raise Fault(message, place, meant(logical, run.world.resources, "resources"))


def find_in_map(run: Run, call: Call) -> Value:
    """`Fn::FindInMap`: an entry of a mapping."""
    arguments = listed(call, 3, 4)
    names = [run.text(argument, "a key") for argument in arguments[:3]]
    default = _default(run, arguments[3]) if len(arguments) == 4 else None
    found = _entries(run, names)
    if default is not None and (not found or any(map(run.world.has_holes, names))):
        found.append(default)
    if not found:
        return _no_entry(run, call, arguments, names)
    if len(found) > 1:
        return _any_of(run, found, names, call.span)
    run.ways[Way(found[0].span, call.span, f"mapping `{run.world.words(names[0])}`")] = None
    return found[0]


def _default(run: Run, written: Value) -> Value | None:
    value = written.get("DefaultValue")
    return None if value is None else run.value(value)


def _entries(run: Run, names: list[str]) -> list[Value]:
    """All entries that it can be, each different from the others."""
    first, *others = names
    found = _chosen(run, list(run.world.template.mappings.items()), first)
    for key in others:
        inside = ([(held.key.data, held.value) for held in each.members] for each in found)
        found = [entry for group in inside for entry in _chosen(run, group, key)]
    distinct = {entry.span.text if entry.kind == "array" else entry.data: entry for entry in found}
    return [as_string(run.value(entry)) for entry in distinct.values()]


def _chosen(run: Run, entries: list[tuple[str, Value]], key: str) -> list[Value]:
    """The entries whose name a key may be."""
    run.world.spend(1 + len(entries) // 32)
    if not run.world.has_holes(key):
        return [value for name, value in reversed(entries) if name == key][:1]
    run.world.spend(len(entries))
    return [value for name, value in entries if run.may_be(name, key)]


def _any_of(run: Run, found: list[Value], names: list[str], span: Span) -> Value:
    """One of several entries: nobody knows which."""
    name = ".".join(run.world.words(part) for part in names)
    texts = [entry.data for entry in found if entry.kind == "string"]
    wild = any(char in text for text in texts for char in "*?")
    if len(texts) < len(found):
        return run.hole(Hole(name, "list"), span)
    known = () if any(map(run.world.has_holes, texts)) else tuple(dict.fromkeys(texts))
    return run.hole(Hole(name, "text", known, wild or not known), span)


def _no_entry(run: Run, call: Call, arguments: tuple[Value, ...], names: list[str]) -> Value:
    """What to say of a mapping or a key that is not there."""
    mappings = run.world.template.mappings
    name = ".".join(run.world.words(part) for part in names)
    if any(key.startswith("Fn::") for key in mappings) or any(map(run.world.has_holes, names)):
        return run.hole(Hole(name, "list"), call.span)
    held: dict[str, Value] = dict(mappings)
    for argument, key in zip(arguments, names, strict=False):
        if key not in held:
            what = "mapping" if held == mappings else "key"
            message = f"`Fn::FindInMap` finds no {what} {quoted(key)}"
            raise Fault(message, argument.span, meant(key, held, f"{what}s"))
        if any(member.key.data.startswith("Fn::") for member in held[key].members):
            return run.hole(Hole(name, "list"), call.span)
        held = {member.key.data: member.value for member in held[key].members}
    raise wrong(call)


def outside(kind: str, *, wild: bool) -> Function:
    """A function whose value only AWS can tell: a hole with its name and what it is given."""

    def given(run: Run, call: Call) -> Value:
        hole = Hole(f"{call.name} {_label(run, call.argument)}".strip(), kind, (), wild)
        return Value("string", run.world.kin(hole), call.span)

    return given


def _label(run: Run, argument: Value) -> str:
    """What a function is given, in a few words."""
    if argument.kind == "object" and argument.get("Name") is not None:  # of a macro
        return _words(run, argument.get("Name"))
    return _words(run, argument)


def _words(run: Run, argument: Value | None) -> str:
    if argument is None:
        return ""
    value = run.value(argument)
    if value.kind == "string":
        return run.world.words(text_of(value))
    line, column = argument.span.root().source.position(argument.span.root().start)
    return f"at {line}:{column}"

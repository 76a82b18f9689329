"""The functions that put texts together and take them apart: every character keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.formats.cloudformation.arguments import listed, wrong
from iamlint.formats.cloudformation.cutter import Cutter
from iamlint.formats.cloudformation.faults import Fault
from iamlint.formats.cloudformation.foreign import foreign_hole, foreign_texts
from iamlint.formats.cloudformation.intrinsics import NO_VALUE, Call, is_text
from iamlint.formats.cloudformation.lookups import attribute, reference
from iamlint.formats.cloudformation.run import Run
from iamlint.formats.cloudformation.template import KINDS, by_name, number_or_text
from iamlint.formats.role import Way
from iamlint.source import Span
from iamlint.syntax.holes import Hole, Piece
from iamlint.syntax.value import Value

# What a hole of a kind of its own can never hold.
_NEVER = {
    "own-account": re.compile(r"[^0-9]"),
    "own-partition": re.compile(r"[^a-z-]"),
    "own-region": re.compile(r"[^a-z0-9-]"),
    "own-suffix": re.compile(r"[^a-z.]"),
}
_SEPARATOR = re.compile(r"[/:,;|=@&?#\s]")
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")


def plain(run: Run, call: Call) -> Value:
    """A text that no function was asked for: other tools may still put something in."""
    value = call.argument
    parts = foreign_texts(value.data)
    if not parts:
        return value
    origin, cutter, at, pieces = value.derivation(), Cutter(value), 0, list[Piece]()
    for start, end in parts:
        pieces += cutter.cut(at, start)
        hole = run.hole(foreign_hole(value.data[start:end]), origin.span(start, end))
        alone = start == 0 and end == len(value.data)
        pieces += run.pieces(hole if alone else as_text(run, hole), "it")
        at = end
    pieces += cutter.cut(at, len(value.data))
    return run.composed(pieces, value.span)


def sub(run: Run, call: Call) -> Value:
    """`Fn::Sub`: a text with `${Name}`, `${Id.Attribute}` and `${!kept}` in it."""
    template, variables = call.argument, dict[str, Value]()
    if template.kind == "array":
        template, given = listed(call, 2)
        if given.kind != "object":
            raise wrong(call)
        variables = by_name(given.members)
    if not is_text(template):
        raise wrong(call)
    template = run.string(template)
    if "${" not in template.data:
        return template
    pieces = [piece for part in _parts(run, template, variables) for piece in part]
    return run.composed(pieces, call.span)


def _parts(run: Run, template: Value, given: dict[str, Value]) -> Iterator[list[Piece]]:
    text, origin, at = template.data, template.derivation(), 0
    plain, known = Cutter(template), dict[str, Value]()
    for found in _VARIABLE.finditer(text):
        start, end = found.span()
        name = found[1].strip()
        yield plain.cut(at, start)
        at = end
        if name.startswith("!"):
            kept = f"${{{name[1:]}}}"
            yield [Piece(kept, template, start, origin.span(start, end))]
        else:
            place = origin.span(start, end)
            if name in given and name not in known:
                known[name] = _scalar(run.value(given[name]), name, given[name].span)
            yield _variable(run, name, known, place, given)
    yield plain.cut(at, len(text))


def _variable(
    run: Run, name: str, known: dict[str, Value], place: Span, given: dict[str, Value]
) -> list[Piece]:
    """What one `${Name}` becomes."""
    run.world.spend()
    value = known.get(name)
    if value is not None:
        run.ways[Way(given[name].span, place, f"variable `{name}`")] = None
        return run.pieces(as_text(run, value), f"the variable `{name}`")
    try:
        value = _named(run, name, place)
    except Fault as fault:
        value = run.failed(_kept(fault, name), f"${{{name}}}", place)
    return run.pieces(as_text(run, _scalar(value, name, place)), f"`${{{name}}}`")


def _kept(fault: Fault, name: str) -> Fault:
    """Whoever writes a variable of IAM in such a text must say that it stays."""
    if ":" in name and not name.startswith("AWS::"):
        help = f"to keep it as a variable of IAM write `${{!{name}}}`"
        return Fault(fault.message, fault.span, help, fault.code)
    return fault


def _named(run: Run, name: str, place: Span) -> Value:
    logical, dot, attr = name.partition(".")
    return attribute(run, logical, attr, place) if dot else reference(run, name, place)


def _scalar(value: Value, name: str, place: Span) -> Value:
    if value is NO_VALUE or number_or_text(value) is None:
        held = "`AWS::NoValue`" if value is NO_VALUE else KINDS[value.kind]
        help = "a text is put together from texts only; a list takes `Fn::Join` first"
        raise Fault(f"`${{{name}}}` is {held}, not text", place, help)
    return value


def as_text(run: Run, value: Value) -> Value:
    """A hole that may be a list, where only a text can stand."""
    hole = run.world.table.holes.get(value.data) if value.kind == "string" else None
    if hole is None or hole.kind != "list":
        return value
    return Value("string", run.world.kin(hole._replace(kind="text")), value.span)


def join(run: Run, call: Call) -> Value:
    """`Fn::Join`: texts with a delimiter between them."""
    delimiter, written = listed(call, 2)
    if delimiter.kind != "string":
        raise wrong(call)
    items = run.value(written)
    if items.kind == "string" and run.world.has_holes(items.data):
        name = f'Fn::Join("{delimiter.data}", {run.world.label(items.data)})'
        return _derived(run, name, items, call.span, kind="text")
    if items.kind != "array":
        raise wrong(call)
    pieces: list[Piece] = []
    for number, item in enumerate(items.items()):
        if number and delimiter.data:
            pieces += run.pieces(delimiter, "the delimiter")
        pieces += run.pieces(as_text(run, item), "an item of `Fn::Join`")
    return run.composed(pieces, call.span)


def split(run: Run, call: Call) -> Value:
    """`Fn::Split`: a text as the list of what is between the delimiters."""
    delimiter, written = listed(call, 2)
    value = run.value(written)
    if delimiter.kind != "string" or not delimiter.data or value.kind != "string":
        raise wrong(call)
    mark = delimiter.data
    if any(_may_hold(run, char, mark) for char in value.data):
        name = f'Fn::Split("{mark}", {run.world.label(value.data)})'
        return _derived(run, name, value, call.span, kind="list")
    cutter, items, at = Cutter(value), list[Value](), 0
    for part in value.data.split(mark):
        items.append(run.composed(cutter.cut(at, at + len(part)), value.span))
        at += len(part) + len(mark)
    return Value("array", tuple(items), call.span)


def _may_hold(run: Run, char: str, mark: str) -> bool:
    """Whether what a character stands for may hold the delimiter."""
    hole = run.world.table.holes.get(char)
    if hole is None:
        return False
    if hole.values:
        return any(mark in value for value in hole.values)
    never = _NEVER.get(hole.kind) or (_SEPARATOR if char in run.world.tame else None)
    return never is None or never.search(mark) is None


def _derived(run: Run, name: str, value: Value, span: Span, *, kind: str) -> Value:
    """What a function makes of a text that cannot be known."""
    holes = run.world.table.holes
    wild = any(holes[char].wild if char in holes else char in "*?" for char in value.data)
    return Value("string", run.world.kin(Hole(name, kind, (), wild)), span)


def select(run: Run, call: Call) -> Value:
    """`Fn::Select`: one item of a list."""
    index, written = listed(call, 2)
    items = run.value(written)
    text = run.text(index, "the index")
    unknown = items if items.kind == "string" and run.world.has_holes(items.data) else None
    if run.world.has_holes(text):
        unknown = Value("string", text, index.span)
    if unknown is not None:
        name = f"Fn::Select({run.world.words(text)}, {_named_list(run, items, written)})"
        return _derived(run, name, unknown, call.span, kind="text")
    if items.kind != "array" or not text.isdecimal():
        raise wrong(call)
    if int(text[:9]) >= len(items.data):
        count = len(items.data)
        raise Fault(f"there is no item {text} in a list of {count}", call.span, "the first is 0")
    return items.items()[int(text)]


def _named_list(run: Run, items: Value, written: Value) -> str:
    if items.kind == "string":
        return run.world.label(items.data)
    line, column = written.span.root().source.position(written.span.root().start)
    return f"the list at {line}:{column}"


def length(run: Run, call: Call) -> Value:
    """`Fn::Length`: how many items a list has."""
    items = run.value(call.argument)
    if items.kind == "string" and run.world.has_holes(items.data):
        hole = Hole(f"Fn::Length({run.world.label(items.data)})", "text", (), wild=False)
        return Value("string", run.world.kin(hole), call.span)
    if items.kind != "array":
        raise wrong(call)
    return Value("string", str(len(items.data)), call.span)

"""Renders templates: every character of the text keeps its place."""

from __future__ import annotations

from iamlint.formats.terraform import types
from iamlint.formats.terraform.compare import truth
from iamlint.formats.terraform.convert import convert, scalar_pieces
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.loops import passes
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Scope
from iamlint.formats.terraform.types import BOOL
from iamlint.formats.terraform.unknowns import one_of
from iamlint.formats.terraform.values import Datum
from iamlint.source import Derivation, Span
from iamlint.syntax.hcl.templates import Choice, Interpolation, Loop, Part, Template, Text
from iamlint.syntax.holes import Piece
from iamlint.syntax.value import Value


class Written(Value):
    """The text of a template as it is written; the escapes in it have places of their own."""

    __slots__ = ("_node",)

    def __init__(self, node: Text, span: Span) -> None:
        super().__init__("string", node.text, span)
        self._node = node

    def derivation(self) -> Derivation:
        return self._node.derivation()


def composed_text(value: Value) -> Value:
    """A text in the one form that Terraform keeps of characters with accents."""
    text = value.data
    if text.isascii():
        return value
    from unicodedata import is_normalized, normalize  # noqa: PLC0415 - for few texts only

    if is_normalized("NFC", text):
        return value
    return Value("string", normalize("NFC", text), value.span)


def render(run: Run, node: Template, scope: Scope) -> Datum:
    """A text; what is in `"${…}"` keeps its type."""
    parts = node.parts
    if not parts:
        return Datum("string", Value("string", "", node.span), node.span)
    first = parts[0]
    if len(parts) == 1:
        if isinstance(first, Text):
            return Datum("string", composed_text(Written(first, node.span)), node.span)
        if isinstance(first, Interpolation):
            return run.value(first.value, scope)
    renderer = _Renderer(run, node.span)
    renderer.parts(parts, scope)
    return renderer.made()


class _Renderer:
    """Puts one text together."""

    def __init__(self, run: Run, span: Span) -> None:
        self._run = run
        self._span = span
        self._pieces: list[Piece] = []
        self._sensitive = False

    def made(self) -> Datum:
        found = self._run.composed(self._pieces, self._span)
        return found.marked() if self._sensitive else found

    def parts(self, parts: tuple[Part, ...], scope: Scope) -> None:
        for part in parts:
            if isinstance(part, Text):
                written = composed_text(Written(part, part.span))
                self._pieces.append(Piece(written.data, written))
            elif isinstance(part, Interpolation):
                self._interpolation(part, scope)
            elif isinstance(part, Choice):
                self._choice(part, scope)
            else:
                self._loop(part, scope)

    def _interpolation(self, part: Interpolation, scope: Scope) -> None:
        run = self._run
        datum = run.safe(part.value, scope)
        pieces = scalar_pieces(run, datum)
        if pieces is None:
            fault = _no_text(datum, part.value.span)
            name = run.world.names.written(part.value.span, "")
            pieces = scalar_pieces(run, run.failed(fault, name, part.value.span)) or []
        self._sensitive = self._sensitive or datum.sensitive
        self._pieces += pieces

    def _choice(self, part: Choice, scope: Scope) -> None:
        run, span = self._run, part.condition.span
        datum = run.value(part.condition, scope)
        if datum.kind == "null":
            raise Fault("a condition cannot be null", span)
        known = run.decide(truth(run, convert(run, datum, BOOL, span)))
        if known is not None:
            self.parts(part.then if known else part.otherwise, scope)
            return
        choices: list[Datum] = []
        for branch in (part.then, part.otherwise):
            inner = _Renderer(run, part.span)
            inner.parts(branch, scope)
            choices.append(inner.made())
        full = f"{run.label(datum)} ? {run.label(choices[0])} : {run.label(choices[1])}"
        self._pieces += scalar_pieces(run, one_of(run, choices, full, part.span)) or []

    def _loop(self, part: Loop, scope: Scope) -> None:
        _, found = passes(self._run, part.head, scope)
        for each in found:
            self.parts(part.parts, each.scope)


def _no_text(datum: Datum, span: Span) -> Fault:
    if datum.kind == "null":
        return Fault("this is null, which cannot be a part of a text", span)
    help = "put its elements together with `join`, or write it as JSON with `jsonencode`"
    return Fault(f"this is {types.a(datum.type)}, which cannot be a part of a text", span, help)

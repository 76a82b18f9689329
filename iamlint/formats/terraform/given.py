"""Reads the values that are given to the variables of a root module: files beside it, options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iamlint.formats.faults import quoted
from iamlint.formats.reading import VARIABLE, Around
from iamlint.formats.terraform.configuration import Configuration, body
from iamlint.formats.terraform.evaluate import evaluate
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Names
from iamlint.formats.terraform.values import Datum
from iamlint.source import Derivation, Problem, Source, Span
from iamlint.syntax.hcl import parse_expression
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.value import Value

_ALWAYS = ("terraform.tfvars", "terraform.tfvars.json")
_AUTOMATIC = (".auto.tfvars", ".auto.tfvars.json")
_SCALARS = ("", "string", "number", "bool")
_NOWHERE = Names({})


def sources(root: Configuration, around: Around) -> list[Source]:
    """The texts that give values to the variables of a root module, those that count more last."""
    return [*_beside(root, around), *around.variables(root.folder)]


def given(
    run: Run, root: Configuration, texts: Iterable[Source]
) -> tuple[dict[str, Datum], list[Problem]]:
    """The values in some texts by name, those that count; and what is wrong with the texts."""
    found: dict[str, Datum] = {}
    problems: list[Problem] = []
    for source in texts:
        if source.name == VARIABLE:
            found.update(_pair(run, root, source))
        else:
            found.update(_file(run, source, problems))
    declared = root.of("variable")
    return {name: datum for name, datum in found.items() if name in declared}, problems


def _beside(root: Configuration, around: Around) -> Iterator[Source]:
    """The files that Terraform reads by itself, in its order."""
    names = [entry.name for entry in around.list(root.folder) if entry.kind == "file"]
    automatic = sorted(name for name in names if name.endswith(_AUTOMATIC))
    for name in (*(name for name in _ALWAYS if name in names), *automatic):
        source = around.source(name if root.folder == "." else f"{root.folder}/{name}")
        if source is not None:
            yield source


def _file(run: Run, source: Source, problems: list[Problem]) -> Iterator[tuple[str, Datum]]:
    _, read, faults = body(source)
    problems += faults
    for attribute in read.attributes() if read is not None else ():
        yield attribute.name, evaluate(run, attribute.value, _NOWHERE)


def _pair(run: Run, root: Configuration, source: Source) -> Iterator[tuple[str, Datum]]:
    """The value in one `NAME=VALUE`: an expression, unless its variable is a text or the like."""
    name, equals, text = source.text.partition("=")
    name = name.strip()
    block = root.blocks.get(("variable", name))
    if block is None or not equals:
        return
    start = len(source.text) - len(text)
    span = Span(source, start, len(source.text))
    if _type(block) in _SCALARS:
        yield name, Datum("string", Value("string", text, span), span)
        return
    origin = Derivation(source, [0, len(text)], [start, len(source.text)])
    node, problems = parse_expression(Source(source.name, text, origin))
    if node is None or problems:
        message = f"the value of {quoted(name)} is no expression"
        run.tell(Fault(message, span, 'a list is written `["a", "b"]`'))
        return
    yield name, evaluate(run, node, _NOWHERE)


def _type(block: Block) -> str:
    attribute = block.body.attribute("type")
    return attribute.value.span.text.strip('"') if attribute is not None else ""

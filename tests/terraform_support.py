"""Evaluates expressions in the configuration of `terraform_texts`, for tests."""

from __future__ import annotations

from posixpath import normpath
from typing import Any

from terraform_texts import FILES, PRELUDE

from iamlint.formats.decisions import NOTHING_ASSUMED, State
from iamlint.formats.terraform import numbers, types
from iamlint.formats.terraform.constraints import ANYTHING, conform, constraint
from iamlint.formats.terraform.evaluate import evaluate, new_world
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Found, Reference
from iamlint.formats.terraform.types import ANY, STRING, Type, object_of
from iamlint.formats.terraform.values import Datum, string
from iamlint.formats.terraform.world import World
from iamlint.source import DictFiles, FileError, Source, Span
from iamlint.syntax.hcl import parse, parse_expression
from iamlint.syntax.hcl.bodies import Block, Body
from iamlint.syntax.holes import Table

UNKNOWN = object_of((name, ANY) for name in ("id", "output", "input", "triggers_replace"))


class Folder:
    """The files beside the configuration."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = DictFiles(dict(files))

    def read(self, path: str) -> bytes | None:
        try:
            return self._files.read(path)
        except FileError:
            return None

    def names(self, folder: str) -> list[str] | None:
        if self._files.kind(folder) != "folder":
            return None
        found: list[str] = []
        todo = [""]
        while todo:
            inside = todo.pop()
            for entry in self._files.list(f"{folder}/{inside}"):
                name = f"{inside}{entry.name}"
                if entry.kind == "file":
                    found.append(name)
                else:
                    todo.append(f"{name}/")
        return found

    def place(self, path: str) -> str:
        return normpath(path)


class Configuration:
    """A scope: variables with their defaults, locals, and one resource that is not known."""

    def __init__(self, text: str = PRELUDE) -> None:
        body, problems = parse(Source("main.tf", f"{text}\n"))
        assert not problems
        self._body = body
        self._locals = {
            attribute.name: attribute.value
            for block in body.blocks("locals")
            for attribute in block.body.attributes()
        }

    def find(self, run: Run, reference: Reference) -> Found | None:
        root, path, span = reference.root, reference.path, reference.span
        if root == "var" and path:
            block = self._block(self._body, path[0])
            if block is None:
                return None
            return Found(run.once(span.text, span.text, span, lambda: _value(run, block)), 1)
        if root == "local" and path and path[0] in self._locals:
            node = self._locals[path[0]]
            return Found(run.once(path, span.text, span, lambda: run.safe(node, self)), 1)
        if root == "terraform_data" and path[:1] == ("u",):
            return Found(_resource(run, span), 1)
        known = {"path.module": ".", "terraform.workspace": "default"}
        text = known.get(".".join((root, *path)))
        return None if text is None else Found(string(text, span), len(path))

    def _block(self, body: Body, name: str) -> Block | None:
        blocks = body.blocks("variable")
        return next((block for block in blocks if block.labels[0].text == name), None)


def _resource(run: Run, span: Span) -> Datum:
    """A resource that is to be made."""

    def step(key: Datum | None, span: Span) -> Datum | None:
        if key is None or key.string != "id":
            return None
        name = "terraform_data.u.id"
        return run.unknown(name, span, STRING, nullable=False, wild=False)

    name = "terraform_data.u"
    return run.unknown(name, span, UNKNOWN, nullable=False, step=step)


def _value(run: Run, block: Block) -> Datum:
    written, default = block.body.attribute("type"), block.body.attribute("default")
    wanted = constraint(written.value) if written else ANYTHING
    if default is None:
        return run.unknown(f"var.{block.labels[0].text}", block.span, wanted.type)
    return conform(run, run.safe(default.value, Configuration("")), wanted, default.span)


class Result:
    """What came of an expression."""

    def __init__(self, world: World, run: Run, datum: Datum) -> None:
        self.world = world
        self.run = run
        self.datum = datum

    @property
    def messages(self) -> list[str]:
        return [problem.message for problem in self.world.problems.values()]

    @property
    def words(self) -> str:
        return self.world.names.label(self.datum)


def evaluated(
    text: str,
    prelude: str = PRELUDE,
    *,
    state: State = NOTHING_ASSUMED,
    lenient: bool = True,
    files: dict[str, str] = FILES,
    steps: int = 2_000_000,
) -> Result:
    source = Source("main.tf", f"{text}\n")
    node, problems = parse_expression(source)
    assert node is not None, problems
    world = new_world(Table((source,)), Folder(files), steps)
    run = Run(world, state, lenient=lenient)
    return Result(world, run, evaluate(run, node, Configuration(prelude)))


def answer(text: str) -> dict[str, Any]:
    """What we make of an expression, in the form of the recorded answers."""
    node, problems = parse_expression(Source("main.tf", f"{text}\n"))
    if node is None or problems:
        return {"error": problems[0].message}
    result = evaluated(text)
    if result.world.problems:
        return {"error": result.messages[0]}
    datum = result.datum
    unknown = _unknown(result.run, datum)
    return {"value": _value_of(result.run, datum), "type": shape(datum.type), "unknown": unknown}


def shape(type: Type) -> Any:
    """A type as Terraform writes it in JSON."""
    if type.kind in types.COLLECTIONS:
        return [type.kind, shape(type.inner)]
    if type.kind == "tuple":
        return ["tuple", [shape(item) for item in type.items]]
    if type.kind == "object":
        return ["object", {name: shape(inner) for name, inner in type.attributes}]
    return "dynamic" if type.kind == "any" else type.kind


def _value_of(run: Run, datum: Datum) -> Any:
    """The known parts of a value; Undecided and unknown ones are None."""
    if datum.kind == "number":
        return {"number": numbers.text(datum.data)}
    if datum.kind == "string":
        return None if run.holes(datum.string) else datum.string
    if datum.kind in types.SEQUENCES:
        return [_value_of(run, item) for item in datum.items]
    if datum.kind in types.MAPPINGS:
        return {"object": {key: _value_of(run, e.value) for key, e in datum.entries.items()}}
    return datum.data if datum.kind == "bool" else None


def _unknown(run: Run, datum: Datum) -> Any:
    """Which parts of a value are not known: True, False, or a structure of them."""
    if datum.kind in ("unknown", "rest"):
        return True
    if datum.kind == "string":
        return run.holes(datum.string)
    if datum.kind in types.SEQUENCES:
        return [_unknown(run, item) for item in datum.items]
    if datum.kind in types.MAPPINGS:
        return {key: _unknown(run, entry.value) for key, entry in datum.entries.items()}
    return False

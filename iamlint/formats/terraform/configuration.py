"""Reads the files of one folder into what its module declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import basename

from iamlint.formats.module_files import SUFFIXES
from iamlint.formats.terraform.traces import Trace
from iamlint.source import Problem, Source, Span
from iamlint.syntax import json as plain_json
from iamlint.syntax.hcl import json as hcl_json
from iamlint.syntax.hcl import parse
from iamlint.syntax.hcl.bodies import Attribute, Block, Body

# The types of blocks of a file, and how many labels they have.
_LABELS = {"variable": 1, "output": 1, "module": 1, "provider": 1, "resource": 2, "data": 2}

# What is declared by a block: its kind and its labels.
Key = tuple[str, ...]
# A file, what is in it, and what is wrong with it.
Read = tuple[Source, "Body | None", list[Problem]]
# Makes one block of two, of which the second changes the first.
Layer = Callable[[Block, Block], Block]


class Configuration:
    """What one folder declares."""

    __slots__ = ("_typed", "blocks", "broken", "folder", "is_model", "locals", "sources", "span")

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.sources: list[Source] = []
        self.blocks: dict[Key, Block] = {}
        self.locals: dict[str, Attribute] = {}
        self.broken: list[list[Problem]] = []  # what is wrong with each file
        self._typed: dict[str, list[tuple[int, Block]]] | None = None
        self.is_model = False  # it says of a module only what makes roles
        self.span = Span(Source(folder, ""), 0, 0)  # of something in it, for want of better

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with its files."""
        return [problem for each in self.broken for problem in each]

    def of(self, kind: str) -> dict[str, Block]:
        """The blocks of a kind with one label."""
        return {key[1]: block for key, block in self.blocks.items() if key[0] == kind}

    def names(self, kind: str) -> list[str]:
        """What all that is of a kind is called."""
        if kind == "local":
            return list(self.locals)
        return [".".join(key[1:]) for key in self.blocks if key[0] == kind]

    def ask(self, trace: Trace | None, *need: str) -> None:
        """Takes notice that something was looked for here, if anybody wants to know.

        A model is due to the block that calls it, and to nothing else.
        """
        if trace is not None and not self.is_model:
            trace.needs.add((self.folder, *need))

    def resources(self, types: tuple[str, ...]) -> list[Block]:
        """The resources of some types, in order; asked for when all is declared."""
        if self._typed is None:
            self._typed = {}
            for number, (key, block) in enumerate(self.blocks.items()):
                if key[0] == "resource":
                    self._typed.setdefault(key[1], []).append((number, block))
        found = [each for type in types for each in self._typed.get(type, ())]
        return [block for _, block in sorted(found, key=lambda each: each[0])]

    def typed(self, kind: str, type: str) -> Iterator[tuple[str, Block]]:
        """The resources, or data sources, of a type, by name."""
        for key, block in self.blocks.items():
            if key[:2] == (kind, type):
                yield key[2], block


def read(folder: str, paths: list[str], source: Callable[[str], Source | None]) -> Configuration:
    """The module in a folder, made of the files at the paths."""
    return made_of(folder, [(path, body(file)) for path, file in files(paths, source)])


def files(paths: list[str], source: Callable[[str], Source | None]) -> list[tuple[str, Source]]:
    """The files at the paths in the order in which they are read: what overrides comes last."""
    ordered = sorted(paths, key=lambda path: (_overrides(path), path))
    return [(path, file) for path in ordered if (file := source(path)) is not None]


def made_of(folder: str, read: list[tuple[str, Read]], layer: Layer | None = None) -> Configuration:
    """The module in a folder, made of its files in order; `layer` is in place of `overridden`."""
    made = Configuration(folder)
    for path, (source, held, problems) in read:
        made.sources.append(source)
        made.broken.append(problems)  # of JSON some are found later
        if held is not None:
            _declare(made, held, layer or overridden if _overrides(path) else None)
    if made.sources:
        made.span = Span(made.sources[0], 0, 0)
    return made


def _overrides(path: str) -> bool:
    """Whether the blocks of a file change those of others, by its name."""
    name = basename(path)
    stem = next((name.removesuffix(end) for end in SUFFIXES if name.endswith(end)), name)
    return stem == "override" or stem.endswith("_override")


def body(source: Source) -> Read:
    """What is in a file, and what is wrong with it; of JSON some of that is only found later."""
    if not source.name.endswith(".json"):
        return source, *parse(source)
    value, problems = plain_json.parse(source)
    return source, None if value is None else hcl_json.body(value, problems), problems


def _declare(made: Configuration, body: Body, layer: Layer | None) -> None:
    for block in body.blocks("locals"):
        for attribute in block.body.attributes():
            made.locals[attribute.name] = attribute
    written = _by_type(body) if type(body) is Body else None
    for kind, labels in _LABELS.items():
        found = written.get(kind, ()) if written is not None else body.blocks(kind, labels)
        for block in found:
            if len(block.labels) != labels:
                continue  # Terraform refuses it, in better words than ours
            key = (kind, *(label.text for label in block.labels))
            known = made.blocks.get(key)
            if known is not None and layer is not None:
                block = layer(known, block)  # noqa: PLW2901
            made.blocks[key] = block


def _by_type(body: Body) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for item in body.items:
        if isinstance(item, Block):
            found.setdefault(item.type, []).append(item)
    return found


def overridden(base: Block, other: Block) -> Block:
    """A block that is changed by another one."""
    body = Layered(base.body, other.body)
    return Block(base.source, base.start, base.end, base.type, base.labels, body)


class Layered(Body):
    """A body of which another one takes the place, argument by argument."""

    __slots__ = ("_base", "_over")

    def __init__(self, base: Body, over: Body) -> None:
        super().__init__(*base.span, (), base.complete and over.complete)
        self._base = base
        self._over = over

    def layers(self) -> list[Body]:
        """The bodies that it is made of."""
        below = self._base.layers() if isinstance(self._base, Layered) else [self._base]
        return [*below, self._over]

    def attribute(self, name: str) -> Attribute | None:
        return self._over.attribute(name) or self._base.attribute(name)

    def attributes(self) -> tuple[Attribute, ...]:
        found = {each.name: each for each in (*self._base.attributes(), *self._over.attributes())}
        return tuple(found.values())

    def blocks(self, type: str, labels: int = 0) -> tuple[Block, ...]:
        """The blocks of a type: those of the other body, if it has any, written out or dynamic."""
        if type == "dynamic":
            over = self._over.blocks(type, 1)
            named = {block.labels[0].text for block in over if block.labels}
            kept = [b for b in self._base.blocks(type, 1) if b.labels and not self._has(b, named)]
            return (*kept, *over)
        if self._over.blocks(type, labels) or self._dynamic(type):
            return self._over.blocks(type, labels)
        return self._base.blocks(type, labels)

    def _has(self, block: Block, named: set[str]) -> bool:
        label = block.labels[0].text
        return label in named or bool(self._over.blocks(label))

    def _dynamic(self, type: str) -> bool:
        found = self._over.blocks("dynamic", 1)
        return any(block.labels and block.labels[0].text == type for block in found)

    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._base.names(), *self._over.names())))

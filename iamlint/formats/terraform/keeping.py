"""Keeps what was read of configurations for the next check of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from iamlint.formats.terraform.configuration import Configuration, Read, body, made_of, overridden
from iamlint.formats.terraform.reusing import Reuse, Root
from iamlint.formats.terraform.world import World
from iamlint.source import Anchor, Problem, Source, Span
from iamlint.syntax.hcl import parts
from iamlint.syntax.hcl.bodies import Block, Body
from iamlint.syntax.holes import first_free
from iamlint.typed import Any, NamedTuple


class _Folder(NamedTuple):
    """The module in a folder, and the bodies of the files that it is made of."""

    bodies: tuple[tuple[str, Body | None], ...]
    made: Configuration


class Kept:
    """What is kept of one check for the next one: files, modules, and what they gave.

    It is made without anything in it, and handed in again and again. What a check does not use is
    dropped at its end. A check that was broken off does no harm.
    """

    __slots__ = ("_files", "_folders", "_free", "_given", "_layers", "_models", "_roots", "_used")

    def __init__(self) -> None:
        self._files: dict[str, parts.File] = {}
        self._folders: dict[str, _Folder] = {}
        self._free: dict[str, tuple[Source, int]] = {}
        self._given: dict[tuple[str, str, int], Source] = {}
        self._layers: dict[tuple[Block, Block], Block] = {}
        self._models: dict[Block, Configuration | None] = {}
        self._roots: dict[str, Root] = {}
        self._used: set[object] = set()

    def configuration(
        self, folder: str, files: list[tuple[str, Source]], told: list[list[Problem]]
    ) -> Configuration:
        """The module in a folder, made of its files in order; `told` is wrong with others."""
        self._used.add(folder)
        read = [(path, self._body(source)) for path, source in files]
        bodies = tuple((path, held) for path, (_, held, _) in read)
        known = self._folders.get(folder)
        if known is None or known.bodies != bodies:
            known = self._folders[folder] = _Folder(bodies, made_of(folder, read, self._layer))
        made = known.made
        made.sources = [source for _, (source, _, _) in read]
        made.span = Span(made.sources[0], 0, 0) if made.sources else made.span
        made.broken = [problems for _, (_, _, problems) in read] + told
        return made

    def _body(self, source: Source) -> Read:
        if source.name.endswith(".json"):
            return body(source)
        self._used.add(source.name)
        file = self._files[source.name] = parts.read(source, self._files.get(source.name))
        return source, file.body, file.problems

    def is_file(self, source: Source) -> bool:
        """Whether this is a file that is read in parts, as it is now."""
        file = self._files.get(source.name)
        return file is not None and file.source is source

    def _layer(self, base: Block, other: Block) -> Block:
        key = base, other
        made = self._layers.get(key)
        if made is None:
            made = self._layers[key] = overridden(base, other)
        self._used.add(key)
        return made

    def model(self, block: Block, make: Callable[[], Configuration | None]) -> Configuration | None:
        """The model of the module that a block calls, if there is one."""
        self._used.add(block)
        if block not in self._models:
            self._models[block] = make()
        return self._models[block]

    def given(self, folder: str, sources: Iterable[Source]) -> list[Source]:
        """The texts of values that are given to a root module: the same ones where they are."""
        found: list[Source] = []
        for number, source in enumerate(sources):
            key = folder, source.name, number
            known = self._given.get(key)
            if known is None or known.text != source.text:
                anchor = Anchor(source, 0)
                known = self._given[key] = Source(source.name, source.text, anchor)
            assert isinstance(known.origin, Anchor)
            known.origin.parent = source
            self._used.add(key)
            found.append(known)
        return found

    def first_free(self, sources: Iterable[Source]) -> int:
        """The first character that may stand for a hole beside some texts."""
        least = 0
        for source in sources:
            known = self._free.get(source.name)
            if known is None or known[0] is not source:
                known = self._free[source.name] = source, first_free(source)
            least = max(least, known[1])
        return least

    def again(
        self,
        key: object,
        world: World,
        modules: list[Configuration],
        make: Callable[[Reuse], Any],
        *,
        anew: bool = False,
    ) -> Any:
        """What is made of a root module, which is the first of its modules, with all it calls.

        `key` is what is around it. None, where what was taken over makes a difference: then it has
        to be made in another world, and `anew`.
        """
        folder = modules[0].folder
        known = None if anew else self._roots.get(folder)
        if known is not None and (known.is_large or known.key != key):
            known = None
        reuse = Reuse(world, known, {each.folder: each for each in modules}, self.is_file)
        made = make(reuse)
        self._roots[folder] = reuse.kept(key)
        self._used.add(("root", folder))
        return None if reuse.has_reused and reuse.is_large() else made

    def end(self) -> None:
        """Ends a check: what it did not use is dropped."""
        used = self._used
        self._files = {path: file for path, file in self._files.items() if path in used}
        self._free = {path: free for path, free in self._free.items() if path in used}
        self._folders = {path: each for path, each in self._folders.items() if path in used}
        self._given = {key: source for key, source in self._given.items() if key in used}
        self._layers = {key: block for key, block in self._layers.items() if key in used}
        self._models = {block: model for block, model in self._models.items() if block in used}
        self._roots = {path: root for path, root in self._roots.items() if ("root", path) in used}
        self._used = set()

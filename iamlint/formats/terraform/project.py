"""Finds the modules of a project: the files in a folder, what a call means, files to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from posixpath import isabs, join, normpath

from iamlint.formats.faults import quoted
from iamlint.formats.module_files import claims, replaced
from iamlint.formats.reading import Around
from iamlint.formats.terraform.attached import Keeper
from iamlint.formats.terraform.configuration import Configuration, files, read
from iamlint.formats.terraform.world import World
from iamlint.source import Entry, Problem, Source, Span
from iamlint.syntax import json
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.hcl.templates import Template
from iamlint.typed import Any, Protocol

_INSTALLED = ".terraform/modules/modules.json"
_MOST_FILES = 10_000  # below one folder, for `fileset`


class Keeping(Protocol):
    """Keeps modules for the next check, and knows those of the last one: see `keeping.Kept`."""

    def configuration(
        self, folder: str, files: list[tuple[str, Source]], told: list[list[Problem]]
    ) -> Configuration:
        """The module in a folder, made of its files in order; `told` is wrong with others."""

    def model(self, block: Block, make: Callable[[], Configuration | None]) -> Configuration | None:
        """The model of the module that a block calls, if there is one."""

    def given(self, folder: str, sources: Iterable[Source]) -> list[Source]:
        """The texts of values that are given to a root module: the same ones where they are."""

    def first_free(self, sources: Iterable[Source]) -> int:
        """The first character that may stand for a hole beside some texts."""

    def again(
        self,
        key: object,
        world: World,
        modules: list[Configuration],
        make: Callable[[Keeper], Any],
        *,
        anew: bool = False,
    ) -> Any:
        """What is made of a root module, if need be `anew`; None where it needs be."""

    def end(self) -> None:
        """Ends a check: what it did not use is dropped."""


class Project:
    """The modules that are read in one check, each folder once."""

    def __init__(self, around: Around, kept: Keeping | None = None) -> None:
        self._around = around
        self._kept = kept
        self._known: dict[str, Configuration] = {}
        self._installed: dict[str, dict[str, str]] = {}
        self._modelled: dict[Span, Configuration | None] = {}

    def module(self, folder: str) -> Configuration:
        """What a folder declares; nothing where it cannot be read."""
        known = self._known.get(folder)
        if known is None:
            found = [entry.name for entry in self._around.list(folder) if entry.kind == "file"]
            names = list(filter(claims, found))
            left_out = replaced(names)
            paths = [_joined(folder, name) for name in names if name not in left_out]
            told = [[_replaced(folder, *pair)] for pair in sorted(left_out.items())]
            known = self._known[folder] = self._read(folder, paths, told)
        return known

    def _read(self, folder: str, paths: list[str], told: list[list[Problem]]) -> Configuration:
        source = self._around.source
        if self._kept is not None:
            return self._kept.configuration(folder, files(paths, source), told)
        made = read(folder, paths, source)
        made.broken += told
        return made

    def called(self, root: str, folder: str, block: Block, address: str) -> str | None:
        """The folder of the module that a block calls; None where it is not in the project."""
        source = local(block)
        if source is not None:
            return _joined(folder, source)
        installed = self._installed.get(root)
        if installed is None:
            installed = self._installed[root] = self._modules(root)
        key = ".".join(part for part in address.split(".") if part != "module")
        found = installed.get(key)
        return _joined(root, found) if found else None

    def modelled(self, block: Block) -> Configuration | None:
        """What is known of a module that is not in the project, by the block that calls it."""
        from iamlint.formats.terraform import models  # noqa: PLC0415 - few call such modules

        place = block.header_span
        if place not in self._modelled:
            make = partial(models.configuration, block)
            self._modelled[place] = make() if self._kept is None else self._kept.model(block, make)
        return self._modelled[place]

    def installed(self, root: str) -> Source | None:
        """The file in which `terraform init` says where it put the modules of a root."""
        return self._around.source(_joined(root, _INSTALLED))

    def _modules(self, root: str) -> dict[str, str]:
        """Where it put them, by the names of their calls."""
        source = self.installed(root)
        value = json.parse(source)[0] if source is not None else None
        listed = value.get("Modules") if value is not None else None
        found: dict[str, str] = {}
        for item in listed.items() if listed is not None else ():
            key, folder = item.get("Key"), item.get("Dir")
            if key is not None and folder is not None and isinstance(folder.data, str):
                found[str(key.data)] = folder.data
        return found


def _replaced(folder: str, name: str, other: str) -> Problem:
    message = f"{quoted(name)} is not read: OpenTofu reads {quoted(other)} instead"
    help = "say in one file what both say, or give them different names"
    return Problem("replaced-file", message, _joined(folder, name), None, help, blocking=False)


def local(block: Block) -> str | None:
    """The folder that a call names, relative to its own; None for what is elsewhere."""
    attribute = block.body.attribute("source")
    node = attribute.value if attribute is not None else None
    text = node.literal if isinstance(node, Template) else None
    return text if text is not None and text.startswith(("./", "../")) else None


def _joined(folder: str, path: str) -> str:
    made = normpath(join(folder, path))
    return "." if made == "" else made


class Given:
    """The files beside a root module, for functions that read some."""

    def __init__(self, around: Around, root: str) -> None:
        self._around = around
        self._root = root

    def place(self, path: str) -> str:
        """The name under which a user knows the file."""
        return _joined(self._root, path)

    def read(self, path: str) -> bytes | None:
        """See `FilesGiven`."""
        if isabs(path) or path.startswith("~"):
            raise LookupError("only files of the project are read")
        place = self.place(path)
        found = self._around.source(place)
        if found is not None:
            return found.text.encode("utf-8", "surrogatepass")
        if self._exists(place):
            raise LookupError("it is no text, or lies outside of the project")
        return None

    def _exists(self, place: str) -> bool:
        folder, _, name = place.rpartition("/")
        return any(entry.name == name for entry in self._around.list(folder or "."))

    def names(self, folder: str) -> list[str] | None:
        """See `FilesGiven`."""
        if isabs(folder) or folder.startswith("~"):
            raise LookupError("only files of the project are read")
        found: list[str] = []
        todo = [(self.place(folder), "")]
        while todo:
            path, prefix = todo.pop()
            for entry in self._around.list(path):
                if entry.kind == "file":
                    found.append(prefix + entry.name)
                elif _is_walked(entry):
                    todo.append((_joined(path, entry.name), f"{prefix}{entry.name}/"))
            if len(found) > _MOST_FILES:
                raise LookupError("there are too many files")
        return found


def _is_walked(entry: Entry) -> bool:
    return entry.kind == "folder"


def sources(known: list[Configuration]) -> list[Source]:
    """The texts of some modules."""
    return [source for each in known for source in each.sources]

"""Reads the modules of a project, each as it is called, and on its own where nobody calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from posixpath import dirname

from iamlint.formats.reading import Around, Reading
from iamlint.formats.role import Role
from iamlint.formats.terraform.attached import Keeper
from iamlint.formats.terraform.configuration import Configuration
from iamlint.formats.terraform.evaluate import evaluate, new_world
from iamlint.formats.terraform.given import given, sources
from iamlint.formats.terraform.module import Module, Tree
from iamlint.formats.terraform.policies import datum
from iamlint.formats.terraform.project import Given, Keeping, Project
from iamlint.formats.terraform.roles import NAME, Roles
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Names
from iamlint.formats.terraform.traces import Trace, WatchedFiles
from iamlint.formats.terraform.variables import Met
from iamlint.formats.terraform.world import World
from iamlint.source import Problem, Source
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.holes import Table
from iamlint.syntax.value import Value

_MOST_MODULES = 2_000  # that one root calls


def read(found: Sequence[Source], around: Around, kept: Keeping | None = None) -> Iterator[Reading]:
    """The roles of the modules in whose folders the files are, each root module by itself.

    A module that another one of them calls is read as it is called; of modules that only call
    each other the first one is a root. With what was kept of an earlier check a role in which
    nothing changed is the very same object.
    """
    project = Project(around, kept)
    folders = list(dict.fromkeys(dirname(source.name) or "." for source in found))
    calls = {folder: _reached(project, folder) for folder in folders}
    called = {inner for folder in folders for inner in calls[folder] if inner != folder}
    seen: set[str] = set()
    told: set[object] = set()
    roots = [folder for folder in folders if folder not in called]
    for folder in (*roots, *(folder for folder in folders if folder in called)):
        if folder not in seen:
            seen |= {folder, *calls[folder]}
            yield _fresh(_root(project, folder, calls[folder], around, kept), told)
    if kept is not None:
        kept.end()


def _fresh(reading: Reading, told: set[object]) -> Reading:
    """The reading without what was told of another root, which calls the same modules."""
    left: list[Problem] = []
    for problem in reading.problems:
        span = problem.span
        key = (problem.message, problem.path, span.placed().start if span else -1)
        if key not in told:
            told.add(key)
            left.append(problem)
    return reading._replace(problems=left)


def _reached(project: Project, root: str) -> list[str]:
    """The folders of the modules that one calls, directly or not."""
    found: dict[str, None] = {}
    todo = [(root, "")]
    while todo and len(found) < _MOST_MODULES:
        folder, prefix = todo.pop()
        for name, block in project.module(folder).of("module").items():
            address = f"{prefix}.module.{name}" if prefix else f"module.{name}"
            inner = project.called(root, folder, block, address)
            if inner is not None and inner not in found:
                found[inner] = None
                todo.append((inner, address))
    return list(found)


def configured(folder: str, around: Around, more: Value | None) -> list[Role]:
    """The roles of one root module, called or not, with the values of a plan for its variables."""
    project = Project(around)
    read = _Root(project, folder, around)
    read.know(more)
    return read.roles().found


def _root(
    project: Project, folder: str, reached: Iterable[str], around: Around, kept: Keeping | None
) -> Reading:
    """The roles below one root module."""
    read = _Root(project, folder, around, reached, kept)
    roles = read.roles() if kept is None else read.again(kept)
    if roles is None and kept is not None:  # what was taken over may make a difference
        read = _Root(project, folder, around, reached, kept)
        roles = read.again(kept, anew=True)
    assert roles is not None
    # What is in a body of JSON is found faulty only when it is asked for.
    problems = [problem for each in read.modules for problem in each.problems]
    problems += (*read.faults, *read.world.problems.values())
    variables = tuple(read.root.of("variable"))
    return Reading(roles.found, problems, NAME, variables=variables, folder=folder)


class _Root:
    """One root module and what it calls; `reached` are the folders of that, if they are known."""

    def __init__(
        self,
        project: Project,
        folder: str,
        around: Around,
        reached: Iterable[str] | None = None,
        kept: Keeping | None = None,
    ) -> None:
        self._project = project
        self.root = project.module(folder)
        called = _reached(project, folder) if reached is None else reached
        self.modules = [self.root, *map(project.module, called)]
        self._given = sources(self.root, around)
        if kept is not None:
            self._given = kept.given(folder, self._given)
        self.world = _world(self.modules, Given(around, folder), kept)
        self._values, self.faults = given(Run(self.world), self.root, self._given)

    def _key(self) -> object:
        """What is around the module, and what it is all made of."""
        installed = self._project.installed(self.root.folder)
        texts = [(source.name, source.text) for source in self._given]
        found = [(each.folder, bool(each.sources)) for each in self.modules]
        return texts, found, installed.text if installed is not None else None

    def know(self, more: Value | None) -> None:
        """Takes the values of variables out of a plan, where they are not those that are written.

        A value that is written beside the plan has a better place than one that the plan repeats.
        """
        declared = self.root.of("variable")
        run = Run(self.world, lenient=True)
        for key, held in more.members if more is not None else ():
            value, block = held.get("value"), declared.get(key.data)
            if value is None or block is None:
                continue
            planned = datum(value)
            default = block.body.attribute("default")
            written = self._values.get(key.data)
            if written is None and default is not None:
                written = evaluate(run, default.value, Names({}))
            if written is None or run.label(written) != run.label(planned):
                self._values[key.data] = planned

    def again(self, kept: Keeping, *, anew: bool = False) -> Roles | None:
        """The roles, some of which may be those of the last check; None if that cannot be."""
        made: Roles | None = kept.again(
            self._key(), self.world, self.modules, self.roles, anew=anew
        )
        return made

    def roles(self, keeper: Keeper | None = None) -> Roles:
        """The roles below it."""
        tree = Tree(self.root, self._find, self._values, Met({}, {}))
        roles = Roles(self.world, Module(self.root, tree), keeper)
        roles.run()
        return roles

    def _find(self, inside: str, block: Block, address: str) -> Configuration | None:
        found = self._project.called(self.root.folder, inside, block, address)
        made = self._project.module(found) if found is not None else None
        if made is not None and made.sources:
            return made
        return self._project.modelled(block)  # a local one that is not there has no model


def _world(modules: Iterable[Configuration], files: Given, kept: Keeping | None) -> World:
    texts = [source for each in modules for source in each.sources]
    if kept is None:
        return new_world(Table(texts), files)
    trace = Trace()
    world = new_world(Table((), kept.first_free(texts)), WatchedFiles(files, trace))
    world.watch(trace)
    return world

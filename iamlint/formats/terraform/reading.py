"""Reads the modules of a project, each as it is called, and on its own where nobody calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from posixpath import dirname

from iamlint.formats.reading import Around, Reading
from iamlint.formats.terraform.configuration import Configuration
from iamlint.formats.terraform.evaluate import new_world
from iamlint.formats.terraform.given import given
from iamlint.formats.terraform.module import Module, Tree
from iamlint.formats.terraform.project import Given, Project
from iamlint.formats.terraform.roles import NAME, Roles
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.variables import Met
from iamlint.source import Problem, Source
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.holes import Table

_MOST_MODULES = 2_000  # that one root calls


def read(found: Sequence[Source], around: Around) -> Iterator[Reading]:
    """The roles of the modules in whose folders the files are, each root module by itself.

    A module that another one of them calls is read as it is called; of modules that only call
    each other the first one is a root.
    """
    project = Project(around)
    folders = list(dict.fromkeys(dirname(source.name) or "." for source in found))
    calls = {folder: _reached(project, folder) for folder in folders}
    called = {inner for folder in folders for inner in calls[folder] if inner != folder}
    seen: set[str] = set()
    told: set[object] = set()
    roots = [folder for folder in folders if folder not in called]
    for folder in (*roots, *(folder for folder in folders if folder in called)):
        if folder not in seen:
            seen |= {folder, *calls[folder]}
            yield _fresh(_root(project, folder, calls[folder], around), told)


def _fresh(reading: Reading, told: set[object]) -> Reading:
    """The reading without what was told of another root, which calls the same modules."""
    left: list[Problem] = []
    for problem in reading.problems:
        span = problem.span
        key = (problem.message, problem.path, span.start if span else -1)
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


def _root(project: Project, folder: str, reached: Iterable[str], around: Around) -> Reading:
    """The roles below one root module."""
    root = project.module(folder)
    modules = [root, *map(project.module, reached)]
    table = Table(source for each in modules for source in each.sources)
    world = new_world(table, Given(around, folder))
    values, faults = given(Run(world), root, around)

    def find(inside: str, block: Block, address: str) -> Configuration | None:
        found = project.called(folder, inside, block, address)
        made = project.module(found) if found is not None else None
        return made if made is not None and made.sources else None

    roles = Roles(world, Module(root, Tree(root, find, values, Met({}, {}))))
    roles.run()
    # What is in a body of JSON is found faulty only when it is asked for.
    problems = [problem for each in modules for problem in each.problems]
    problems += (*faults, *world.problems.values())
    variables = tuple(root.of("variable"))
    return Reading(roles.found, problems, NAME, variables=variables, folder=folder)

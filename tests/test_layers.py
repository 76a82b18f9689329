"""The plan of the house: who may import whom, who touches the world, how long functions may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import iamlint

PACKAGE = Path(iamlint.__file__).parent

# From the bottom to the top. A module imports from layers below and from its own package.
LAYERS = (
    {"typed"},
    {"version", "source"},
    {"moving"},
    {"syntax", "arn", "data"},
    {"policy"},
    {"semantics", "formats"},
    {"facts"},
    {"rules"},
    {"findings", "privilege"},
    {"config", "severity", "spelling", "variants"},
    {"bindings", "ignores", "known", "localities", "telling", "unread"},
    {"merging"},
    {"mending"},
    {"engine", "triage"},
    {"judging"},
    {"linting", "memory"},
    {"fixing", "explaining"},
    {"reporters", "disk", "shipped", "settings"},
    {"baseline"},
    {"iamlint"},  # what users of the library import
    {"project"},
    {"lsp"},
    {"cli"},
    {"__main__"},
)
# What a layer above another one must not know nevertheless.
STRANGERS = {
    "rules": {"semantics", "policy", "syntax", "formats", "arn"},
    "semantics": {"syntax"},
    "facts": {"formats", "syntax"},
    "reporters": {"engine", "facts", "semantics", "policy", "formats", "disk"},
    "disk": {"rules", "facts", "semantics", "formats"},
}
# Who opens files, reads the environment or talks to a person.
WORLDLY = {"cli", "lsp", "project", "disk", "shipped", "__main__"}
WORLD_MODULES = {
    "os",
    "sys",
    "pathlib.Path",
    "io",
    "shutil",
    "tempfile",
    "subprocess",
    "socket",
    "glob",
}
WORLD_CALLS = {"open", "print", "input", "exec", "eval"}


@cache
def modules() -> dict[str, ast.Module]:
    """All modules of the package, by dotted name."""
    return {name_of(path): ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}


def name_of(path: Path) -> str:
    parts = ["iamlint", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_name(module: str) -> str:
    """The file or folder in the package that a module is or is in."""
    return "iamlint" if module == "iamlint" else module.split(".")[1]


def imported(module: str) -> set[str]:
    """The modules of ours that a module imports, at any depth of its code."""
    found = {name for node in ast.walk(modules()[module]) for name in named(node)}
    return {name for name in found if name in modules()} - {module}


def named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert not node.level, "imports are absolute"
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in modules() else str(node.module)
            if inner == "pathlib.Path":
                yield inner


def rank(name: str) -> int:
    return next(rank for rank, names in enumerate(LAYERS) if name in names)


def test_every_module_has_a_layer() -> None:
    known = set[str]().union(*LAYERS)
    assert {layer_name(module) for module in modules()} == known
    assert len(modules()) > 50


def test_a_module_imports_only_from_layers_below() -> None:
    wrong = [
        f"{module} imports {other}"
        for module in modules()
        for other in imported(module)
        if layer_name(module) != layer_name(other)
        and rank(layer_name(module)) <= rank(layer_name(other))
    ]
    assert not wrong


def test_some_layers_do_not_know_each_other() -> None:
    wrong = [
        f"{module} imports {other}"
        for module in modules()
        for other in imported(module)
        if layer_name(other) in STRANGERS.get(layer_name(module), ())
    ]
    assert not wrong


def test_no_imports_go_in_a_circle() -> None:
    TopologicalSorter({module: imported(module) for module in modules()}).prepare()


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_says_its_job_and_hides_no_import(module: str) -> None:
    tree = modules()[module]
    if not tree.body:  # a package that is nothing but a folder
        return
    assert (ast.get_docstring(tree) or "").split("\n")[0].endswith((".", ":"))
    names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
    assert ("TYPE_CHECKING" in names) == (module == "iamlint.typed")
    assert len(tree.body) == 1 or "annotations" in {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    }


@pytest.mark.parametrize("module", sorted(modules()))
def test_only_the_edge_touches_the_world(module: str) -> None:
    if layer_name(module) in WORLDLY:
        return
    for node in ast.walk(modules()[module]):
        names = set(named(node))
        assert WORLD_MODULES.isdisjoint(names | {name.split(".")[0] for name in names})
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in WORLD_CALLS, f"line {node.lineno}"


@pytest.mark.parametrize("module", sorted(modules()))
def test_functions_and_files_are_short(module: str) -> None:
    tree = modules()[module]
    assert max((getattr(node, "end_lineno", 0) for node in tree.body), default=0) < 400
    long = [
        f"{node.name}: {length(node)} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > 40
    ]
    assert not long


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_most_functions_are_very_short() -> None:
    lengths = sorted(
        length(node)
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )
    assert lengths[len(lengths) // 2] <= 10


def test_the_test_sees_what_it_forbids() -> None:
    found = list(named(ast.parse("from iamlint.rules import book, cache").body[0]))
    assert found == ["iamlint.rules.book", "iamlint.rules.cache"]
    assert list(named(ast.parse("import os.path").body[0])) == ["os.path"]
    assert "pathlib.Path" in named(ast.parse("from pathlib import Path").body[0])
    assert "pathlib.Path" not in named(ast.parse("from pathlib import PurePath").body[0])


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python up to 3.11.4 matches `(?:a|b)*+` wrongly; `(?>(?:a|b)*)` means the same."""
    texts = [
        (name, node.value)
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(texts) > 1_000
    found = [(name, text) for name, text in texts if re.search(r"[^'\\(]\)[*+?]\+", text)]
    assert found == []

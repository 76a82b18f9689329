"""What is not searched, held against git itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iamlint.disk import DiskFiles
from iamlint.formats.discovery import discover
from iamlint.formats.ignoring import Ignoring, Patterns, below, is_pattern
from iamlint.source import DictFiles

TRUST = '{"Statement": [], "x": "sts:AssumeRole"}'
NAMES = ("a", "b", "c.json")
LINES = st.sampled_from(
    [
        *("a", "a/", "/a", "b/a", "*.json", "!c.json", "!a/", "a/*", "!a/b", "**/b", "a/**"),
        *("/b/c.json", "# note", "", "\\#x", "c.?son", "[ab]", "!", "b/**/c.json", "a /", "a\\ "),
    ]
)
TREE = [f"{x}/{y}/c.json" for x in "ab" for y in "ab"] + ["a/c.json", "b/c.json", "c.json"]


def found(files: dict[str, str], *tops: str, **settings: object) -> set[str]:
    held = DictFiles({**dict.fromkeys(TREE, TRUST), **files})
    ignoring = Ignoring(held, **settings)  # type: ignore[arg-type]
    walk = discover(held, tops or ["."], ignoring=ignoring)
    seen = {each.path for each in walk}
    # what is told of one file is what the search does
    assert {path for path in TREE if walk.selects(path)} == seen
    return seen


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@settings(max_examples=25)
@example(["a/**", "!a/b"], [], ["!c.json"])
@example(["a/**", "!a/b/"], [], ["!c.json"])
@given(st.lists(LINES, max_size=4), st.lists(LINES, max_size=3), st.lists(LINES, max_size=2))
def test_what_is_ignored_is_what_git_ignores(
    tmp_path_factory: pytest.TempPathFactory, top: list[str], a: list[str], ab: list[str]
) -> None:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    for name in TREE:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(TRUST)
    for folder, lines in ((".", top), ("a", a), ("a/b", ab)):
        (root / folder / ".gitignore").write_text("\n".join(lines) + "\n")
    told = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, check=True,
    )  # fmt: skip
    kept = {name for name in told.stdout.decode().splitlines() if name.endswith("c.json")}
    files = DiskFiles([str(root)])
    seen = discover(files, [str(root)], ignoring=Ignoring(files, here=str(root)))
    assert {str(Path(each.path).relative_to(root)) for each in seen} == kept


def test_what_is_named_is_searched() -> None:
    assert found({".gitignore": "/a\n"}) == {path for path in TREE if not path.startswith("a")}
    assert found({".gitignore": "/a\n"}, "a") == {path for path in TREE if path.startswith("a/")}
    assert found({".gitignore": "c.json\n"}, "a/c.json") == {"a/c.json"}
    assert found({".gitignore": "c.json\n"}, "a") == set()
    assert found({".gitignore": "/a\n"}, git=False) == set(TREE)


def test_patterns_of_a_configuration_count_from_its_folder() -> None:
    excludes = [Patterns(".", ["/a/b/"])]
    assert found({}, excludes=excludes) == set(TREE) - {"a/b/c.json"}
    assert found({}, "a", excludes=excludes) == {"a/a/c.json", "a/c.json"}
    assert found({}, "a/b", excludes=excludes) == {"a/b/c.json"}
    here = [Patterns("/p/a", ["b/"])]
    assert found({}, excludes=here, here="/p") == set(TREE) - {"a/b/c.json"}
    assert found({}, excludes=here, here="/elsewhere") == set(TREE)


def test_files_above_the_project_are_not_read() -> None:
    class Project(DictFiles):
        def read(self, path: str) -> bytes:
            assert path.startswith(("/p/", "x.json")), path
            return super().read(path)

        def kind(self, path: str) -> str | None:
            return super().kind(path) if path.startswith("/p") else None

    files = Project({"/p/.gitignore": "x.json\n", "/p/q/x.json": TRUST, "/.gitignore": "*\n"})
    assert [
        each.path for each in discover(files, ["/p/q"], ignoring=Ignoring(files, here="/p"))
    ] == []


@pytest.mark.parametrize(
    ("folder", "path", "inside"),
    [
        (".", "a/b", "a/b"),
        (".", "../a", None),
        (".", "/a", None),
        ("/p", "/p/a", "a"),
        ("/p", "/pa", None),
        ("/p", "/p", None),
        ("/", "/a", "a"),
    ],
)
def test_what_lies_below_a_folder(folder: str, path: str, inside: str | None) -> None:
    assert below(folder, path) == inside


def test_broken_patterns_are_left_out() -> None:
    assert not is_pattern("!")
    assert not is_pattern("[z-a]")
    assert found({".gitignore": "!\n[z-a]\n/a\n"}) == {p for p in TREE if not p.startswith("a")}

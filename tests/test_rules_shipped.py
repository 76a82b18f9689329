"""Where the rule book of this package comes from, and how the wheel gets it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rules_support import LANGUAGE, RULE

from iamlint.rules.book import parse_book
from iamlint.rules.compile import book_bytes, compile_book
from iamlint.rules.errors import RuleBookError
from iamlint.rules.language import Language
from iamlint.rules.page import vocabulary_page
from iamlint.rules.paths import ARTICLES
from iamlint.shipped import DiskStore, shipped_language

ROOT = Path(__file__).parent.parent

VOCABULARY = """\
from typing import NamedTuple

class Field(NamedTuple):
    type: str
    doc: str = ""
    choices: tuple[str, ...] = ()
    of: str = ""

VOCABULARY = {
    "grant": {"admits": Field("node", of="admits"), "statement": Field("node", of="statement"),
              "role": Field("text")},
    "admits": {"public": Field("truth")},
    "statement": {"effect": Field("enum", choices=("Allow", "Deny"))},
}
POINTS = {"grant": ("self", "principal")}
"""


def checkout(root: Path) -> Path:
    (root / "iamlint").mkdir(parents=True)
    (root / "rules" / "doors").mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    (root / "rules" / "doors" / "open-door.yaml").write_text(RULE)
    return root / "iamlint"


class Small(DiskStore):
    """The store with the small language of these tests."""

    def language(self) -> Language:
        return LANGUAGE


def test_a_checkout_reads_its_rule_files(tmp_path: Path) -> None:
    package = checkout(tmp_path)
    (tmp_path / "rules" / "note.md").write_text("")
    (tmp_path / "rules" / ".#open-door.yaml").write_text("")
    store = DiskStore(package=str(package))
    assert store.rule_files() == {"rules/doors/open-door.yaml": RULE.encode()}
    assert store.compiled() is None


def test_an_installed_package_reads_the_compiled_book(tmp_path: Path) -> None:
    package = checkout(tmp_path)
    (tmp_path / "pyproject.toml").unlink()
    (package / "_rulebook.json").write_bytes(b"{}")
    store = DiskStore(package=str(package))
    assert store.rule_files() is None
    assert store.compiled() == b"{}"


def test_the_cache_is_a_file_that_may_be_missing(tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "book.json"
    store = DiskStore(str(cache))
    assert store.read_cache() is None
    store.write_cache(b"1")
    store.write_cache(b"2")
    assert store.read_cache() == b"2"
    assert os.listdir(cache.parent) == ["book.json"]
    blocked = DiskStore(str(cache / "below"))
    blocked.write_cache(b"3")
    assert blocked.read_cache() is None
    without = DiskStore()
    without.write_cache(b"4")
    assert without.read_cache() is None


def test_the_cache_follows_the_rule_files(tmp_path: Path) -> None:
    from iamlint.rules.opening import open_book  # noqa: PLC0415 - beside its only use

    package, cache = checkout(tmp_path / "repository"), tmp_path / "cache.json"
    store = Small(str(cache), str(package))
    assert [one.id for one in open_book(store).rules] == ["open-door"]
    first = cache.read_bytes()
    assert [one.id for one in open_book(store).rules] == ["open-door"]
    assert cache.read_bytes() == first
    bad = tmp_path / "repository" / "rules" / "bad.yaml"
    bad.write_text("id: x\n")
    with pytest.raises(RuleBookError, match=r"rules/bad\.yaml:1:1: the rule lacks `title`"):
        open_book(store)
    bad.unlink()
    bad.symlink_to(tmp_path / "nothing")
    with pytest.raises(RuleBookError, match=r"rules/bad\.yaml: no such file"):
        open_book(store)


def test_the_shipped_vocabulary_is_sound() -> None:
    language = shipped_language()
    assert set(language.points) <= set(language.vocabulary)
    for kind, fields in language.vocabulary.items():
        for name, field in fields.items():
            base = field.type.rstrip("?")
            assert base in ARTICLES, f"{kind}.{name}"
            assert (base in {"node", "nodes"}) == (field.of in language.vocabulary), name
            assert field.choices or base != "enum", name
            assert field.doc, name
            assert f"`{name}`" in vocabulary_page(language.vocabulary, language.points)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this project with one rule and the vocabulary it needs."""
    root = tmp_path_factory.mktemp("project")
    ignore = shutil.ignore_patterns("__pycache__", "_rulebook.json")
    shutil.copytree(ROOT / "iamlint", root / "iamlint", ignore=ignore)
    for name in ("pyproject.toml", "hatch_build.py", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, root / name)
    (root / "README.md").write_text("# iamlint\n")
    (root / "iamlint" / "facts" / "vocabulary.py").write_text(VOCABULARY)
    (root / "rules" / "doors").mkdir(parents=True)
    (root / "rules" / "doors" / "open-door.yaml").write_text(RULE)
    return root


def build(project: Path, target: str, out: Path) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, SOURCE_DATE_EPOCH="1600000000", PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def wheel(project: Path, out: Path) -> Path:
    done = build(project, "wheel", out)
    assert done.returncode == 0, done.stderr
    (made,) = out.glob("*.whl")
    return made


def test_a_wheel_holds_the_compiled_book_and_is_reproducible(project: Path, tmp_path: Path) -> None:
    first, second = wheel(project, tmp_path / "1"), wheel(project, tmp_path / "2")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        content = archive.read("iamlint/_rulebook.json")
        assert not [name for name in archive.namelist() if name.endswith((".yaml", ".pyc"))]
    assert [rule.id for rule in parse_book(content).rules] == ["open-door"]
    files = {"rules/doors/open-door.yaml": RULE.encode()}
    assert content == book_bytes(compile_book(files, LANGUAGE))


def test_an_installed_wheel_finds_its_book(project: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel(project, tmp_path / "1")) as archive:
        archive.extractall(tmp_path / "site")
    code = "from iamlint.shipped import shipped_book; print(shipped_book().rules)"
    environment = dict(os.environ, PYTHONPATH=str(tmp_path / "site"))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "(Rule('open-door'),)"


def test_the_sdist_builds_the_same_wheel(project: Path, tmp_path: Path) -> None:
    done = build(project, "sdist", tmp_path / "sdist")
    assert done.returncode == 0, done.stderr
    (packed,) = (tmp_path / "sdist").glob("*.tar.gz")
    shutil.unpack_archive(packed, tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert (
        wheel(unpacked, tmp_path / "1").read_bytes() == wheel(project, tmp_path / "2").read_bytes()
    )


@pytest.mark.parametrize("content", ["id: bad\n", None])
def test_a_bad_rule_fails_the_build(project: Path, tmp_path: Path, content: str | None) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    if content is None:
        shutil.rmtree(copy / "rules")
        wanted = "there is no rule file below `rules`"
    else:
        (copy / "rules" / "bad.yaml").write_text(content)
        wanted = "rules/bad.yaml:1:1: the rule lacks `title`"
    done = build(copy, "wheel", tmp_path / "out")
    assert done.returncode != 0
    assert "the rule book cannot be compiled" in done.stderr
    assert wanted in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").glob("*.whl"))

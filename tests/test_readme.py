"""The README cannot lie: its commands are run, its rule and its Python are used.

IAMLINT_UPDATE_SNAPSHOTS=1 writes what the commands print now into the README and the snapshot.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from reporting_support import assert_screen
from running import ROOT, Done, run_iamlint, run_python

from iamlint.cli.options import plain_check

README = ROOT / "README.md"
_CONSOLE = re.compile(r"(?<=```console\n)\$ iamlint (?P<words>[^\n]*)\n(?P<out>.*?)(?=```\n)", re.S)


def blocks(language: str) -> list[str]:
    """The texts of all code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.S | re.M)


def steady(text: str) -> str:
    """Without what differs from run to run."""
    return re.sub(r"\b\d+ ms\b", "61 ms", text)


def shown(done: Done) -> str:
    return steady(done.out + done.err)


def test_console_blocks_show_what_the_commands_print() -> None:
    text = README.read_text("utf-8")

    def printed(found: re.Match[str]) -> str:
        done = run_iamlint(*found["words"].split(), cwd=ROOT)
        assert done.status in (0, 1)
        return f"$ iamlint {found['words']}\n{shown(done)}"

    fresh, count = _CONSOLE.subn(printed, text)
    assert count == len(blocks("console")) >= 2
    if os.environ.get("IAMLINT_UPDATE_SNAPSHOTS") == "1":
        README.write_text(fresh, "utf-8")
    assert README.read_text("utf-8") == fresh


def test_the_first_command_checks_the_examples() -> None:
    command = blocks("sh")[0].strip()
    assert "\n" not in command
    assert command.endswith(".venv/bin/iamlint check examples/")
    done = run_iamlint("check", "examples/", cwd=ROOT)
    assert done.status == 1
    assert_screen("examples.txt", shown(done))


def test_each_example_shows_what_it_is_for() -> None:
    done = run_iamlint("check", "examples/", "--format", "json", cwd=ROOT)
    found: dict[str, set[str]] = {path.name: set() for path in (ROOT / "examples").glob("*.*")}
    for finding in json.loads(done.out)["findings"]:
        found[Path(finding["path"]).name].add(finding["rule"])
    assert "open-subject" in found["github-prefix.json"]
    assert "public-trust" in found["public.json"]
    assert not found["safe.json"]
    assert all(rules for name, rules in found.items() if name != "safe.json")


def test_the_second_command_runs_the_tests() -> None:
    command = blocks("sh")[1].strip()
    assert "\n" not in command
    assert command.endswith(".venv/bin/pytest")
    assert "--group dev" in command
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "dev" in project["dependency-groups"]
    assert "pytest" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_the_rule_of_the_readme_works(tmp_path: Path) -> None:
    (rule,) = (block for block in blocks("yaml") if block.startswith("id:"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "no-users.yaml").write_text(rule, "utf-8")
    user = {"AWS": "arn:aws:iam::111122223333:user/ann"}
    statement = {"Effect": "Allow", "Principal": user, "Action": "sts:AssumeRole"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    (tmp_path / "role.json").write_text(json.dumps(policy))
    arguments = ["check", "role.json", "--rules", "mine", "--select", "no-users"]
    done = run_iamlint(*arguments, cwd=tmp_path)
    assert (done.status, done.err) == (1, "")
    assert done.out.startswith("medium[no-users]: `arn:aws:iam::111122223333:user/ann` is an IAM")


def test_the_configuration_of_the_readme_works(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    (tmp_path / "iamlint.toml").write_text(text, "utf-8")
    (tmp_path / "security" / "rules").mkdir(parents=True)
    (rule,) = (block for block in blocks("yaml") if block.startswith("id:"))
    (tmp_path / "security" / "rules" / "no-users.yaml").write_text(rule, "utf-8")
    issuer = "token.actions.githubusercontent.com"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::111111111111:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {f"{issuer}:sub": "repo:acme/web:*"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    other = json.dumps({"Version": "2012-10-17", "Statement": [CROSSING]})
    for folder in ("live/prod", "live/dev", "sandbox"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "github.json").write_text(policy.replace("acme", "evil"), "utf-8")
        (tmp_path / folder / "dev.json").write_text(other, "utf-8")
    done = run_iamlint("check", "--format", "json", cwd=tmp_path)
    found = {(each["path"], each["rule"]) for each in json.loads(done.out)["findings"]}
    assert done.status == 1
    assert not [path for path, _ in found if path.startswith("sandbox")]
    for folder in ("live/prod", "live/dev"):
        assert (f"{folder}/github.json", "foreign-tenant") in found
    assert ("live/prod/dev.json", "cross-environment") in found
    assert ("live/dev/dev.json", "cross-environment") not in found
    told = run_iamlint("config", "live", cwd=tmp_path)
    assert told.status == 0
    assert 'rules = ["security/rules"]' in told.out


@pytest.mark.parametrize(("language", "name"), [("hcl", "mirror.tf"), ("json", "mirror.json")])
def test_the_ignores_of_the_readme_work(tmp_path: Path, language: str, name: str) -> None:
    (text,) = (block for block in blocks(language) if "2027-06-30" in block)
    (tmp_path / name).write_text(text, "utf-8")
    day = ["--now", "2027-06-30"]
    done = run_iamlint("check", name, "--verbose", *day, cwd=tmp_path)
    assert done.status == 0
    assert " · 1 ignored · " in done.out
    assert "until 2027-06-30: anybody may read the mirror" in done.out
    done = run_iamlint("check", name, "--now", "2027-07-01", cwd=tmp_path)
    assert done.status == 1
    assert "expired-ignore: " in done.out


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_commands_about_what_was_there_before_work(tmp_path: Path) -> None:
    (commands,) = (block for block in blocks("sh") if "--since HEAD" in block)
    (tmp_path / "infra").mkdir()
    shutil.copy(ROOT / "examples" / "public.json", tmp_path / "infra" / "old.json")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.invalid"]
    for words in (["init"], ["add", "-A"], ["commit", "-m", "x"]):
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)
    for command in commands.splitlines():
        program, *words = command.split()
        assert program == "iamlint"
        done = run_iamlint(*words, cwd=tmp_path)
        assert done.status == 0, done.out
        assert "known" in done.out + done.err
    shutil.copy(ROOT / "examples" / "github-prefix.json", tmp_path / "infra" / "new.json")
    for command in commands.splitlines()[1:]:
        done = run_iamlint(*command.split()[1:], cwd=tmp_path)
        assert done.status == 1
        assert "infra/new.json" in done.out
        assert "infra/old.json" not in done.out


CROSSING = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::333333333333:role/ci"},
    "Action": "sts:AssumeRole",
}


def test_several_reports_are_written_as_the_readme_says(tmp_path: Path) -> None:
    (command,) = (each for each in blocks("sh") if "--format" in each)
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "role.json").write_bytes((ROOT / "examples" / "public.json").read_bytes())
    done = run_iamlint(*command.split()[1:], cwd=tmp_path)
    assert done.status == 1
    assert done.out.startswith("critical[public-trust]")
    assert json.loads((tmp_path / "iamlint.sarif").read_bytes())["version"] == "2.1.0"
    assert "<failure" in (tmp_path / "iamlint.xml").read_text("utf-8")


def test_the_hook_of_the_readme_is_the_one_of_the_recipe() -> None:
    (hook,) = (block for block in blocks("yaml") if block.startswith("repos:"))
    assert hook in (ROOT / "examples" / "ci" / "pre-commit.yml").read_text("utf-8")


def test_the_action_of_the_readme_has_the_inputs_it_is_given() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (text,) = (block for block in blocks("yaml") if "OWNER/iamlint@" in block)
    given = yaml.safe_load(text)[-1]["with"]
    assert given.keys() <= action["inputs"].keys()
    for line in given["arguments"].splitlines():
        assert plain_check([line]) is not None
    rows = re.findall(r"^\| `([a-z-]+)` \| (?:`(.*?)` )?\|", README.read_text("utf-8"), re.M)
    assert dict(rows) == {name: each["default"] for name, each in action["inputs"].items()}


def test_the_python_of_the_readme_works() -> None:
    (code,) = blocks("python")
    text = (ROOT / "examples" / "public.json").read_text("utf-8")
    done = run_python("-c", f"text = {text!r}\n{code}")
    assert (done.status, done.err) == (0, "")
    assert "public-trust any AWS account can assume" in done.out


def test_every_option_and_status_is_told() -> None:
    text = README.read_text("utf-8")
    for status in (0, 1, 2, 3):
        assert f"| {status} |" in text


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_links_lead_somewhere(name: str) -> None:
    assert f"(.github/{name})" in README.read_text("utf-8")
    for path in (README, ROOT / ".github" / name):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), target


def test_the_changelog_knows_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    changes = (ROOT / ".github" / "CHANGELOG.md").read_text("utf-8")
    assert f"## {project['project']['version']}" in changes

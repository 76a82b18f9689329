"""What was found before: baselines, and revisions of real git histories."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_support import finding, mark
from running import Done, run_iamlint

from iamlint.baseline import BaselineError, read, written
from iamlint.findings import Known
from iamlint.known import sift
from iamlint.source import Source

ISSUER = "token.actions.githubusercontent.com"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def statement(principal: str = "*", **more: object) -> dict[str, object]:
    made = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return {**made, **more}


def template(**roles: object) -> str:
    """A template with a policy of one statement for each role."""
    resources = {
        name: {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [each]}
            },
        }
        for name, each in roles.items()
    }
    return json.dumps({"Resources": resources})


def report(folder: Path, *arguments: str) -> dict[str, Any]:
    done = run_iamlint("check", *arguments, "--format", "json", cwd=folder)
    assert done.err == ""
    made: dict[str, Any] = json.loads(done.out)
    assert done.status == (1 if made["findings"] else 0)
    return made


def told(made: dict[str, Any], key: str = "findings") -> list[tuple[str, str]]:
    """Rules and the roles they speak of."""
    rows = [
        (each["rule"], role) for each in made[key] for role in each.get("roles") or [each["role"]]
    ]
    return sorted(rows)


def counted(made: dict[str, Any]) -> tuple[int, int, int]:
    """How many are new, known and fixed."""
    summary = made["summary"]
    return summary["findings"], summary["known"], summary["fixed"]


# --- a list of before ---------------------------------------------------------------------------

names = st.sampled_from(["v1:a", "v1:b", "v1:c"])
paths = st.sampled_from(["a.json", "b.json"])


@given(st.lists(st.tuples(names, paths)), st.lists(st.tuples(names, paths)))
def test_what_is_found_is_new_or_known_and_what_was_is_known_or_gone(
    now: list[tuple[str, str]], then: list[tuple[str, str]]
) -> None:
    sources = {path: Source(path, "x") for path in ("a.json", "b.json")}
    found = [finding(mark(sources[path], "x"), fingerprint=name) for name, path in now]
    before = [Known(name, "r", "role", path, "m") for name, path in then]
    sifted = sift(found, [], before)
    assert len(sifted.new) + len(sifted.known) == len(found)
    assert len(sifted.known) + len(sifted.gone) == len(before)
    for name in ("v1:a", "v1:b", "v1:c"):
        many = sum(each == name for each, _ in now) - sum(each == name for each, _ in then)
        assert sum(each.fingerprint == name for each in sifted.new) == max(many, 0)
        assert sum(each.fingerprint == name for each in sifted.gone) == max(-many, 0)
    for pair in set(now) & set(then):
        assert pair in {(f.fingerprint, f.place.span.source.name) for f in sifted.known}


def test_what_is_ignored_now_is_not_gone() -> None:
    one = finding(mark(Source("a.json", "x"), "x"), fingerprint="v1:a")
    sifted = sift([], [one], [Known("v1:a", "r", "role", "a.json", "m")])
    assert (sifted.new, sifted.known, sifted.gone) == ([], [], [])


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.lists(st.builds(Known, TEXTS.map("v1:".__add__), TEXTS, TEXTS, TEXTS, TEXTS)))
def test_a_baseline_is_read_as_it_was_written(known: list[Known]) -> None:
    text = written(known)
    assert sorted(read(Source("b.json", text))) == sorted(known)
    assert written(reversed(known)) == text
    assert json.loads(text)["iamlint-baseline"] == 1


# --- baselines ----------------------------------------------------------------------------------


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "a.json").write_text(template(Old=statement(), Older=statement()))
    (tmp_path / "infra" / "b.json").write_text(template(Other=statement()))
    done = run_iamlint("baseline", "infra", "--output", "known.json", cwd=tmp_path)
    assert (done.status, done.out, done.err) == (0, "", "wrote 3 findings to known.json\n")
    return tmp_path


def test_a_baseline_is_for_persons_too(estate: Path) -> None:
    text = (estate / "known.json").read_text()
    lines = text.splitlines()
    assert lines[0] == '{"iamlint-baseline": 1,'
    assert [json.loads(line.rstrip(",]}") + "}")["path"] for line in lines[2:-1]] == [
        "infra/a.json", "infra/a.json", "infra/b.json",
    ]  # fmt: skip
    assert "any AWS account can assume `Old`" in text
    done = run_iamlint("baseline", "infra", cwd=estate)
    assert (done.status, done.out) == (0, text)


def test_only_what_is_new_is_told(estate: Path) -> None:
    made = report(estate, "infra", "--baseline", "known.json")
    assert counted(made) == (0, 3, 0)
    (estate / "infra" / "a.json").write_text(
        json.dumps(json.loads(template(New=statement(), Old=statement())), indent=2)
    )
    made = report(estate, "infra", "--baseline", "known.json")
    assert told(made) == [("public-trust", "New")]
    assert told(made, "fixed") == [("public-trust", "Older")]
    assert counted(made) == (1, 2, 1)
    done = run_iamlint("check", "infra", "--baseline", "known.json", cwd=estate)
    assert done.status == 1
    assert " · 2 known · 1 fixed · " in done.out
    assert "fixed: [public-trust] any AWS account can assume `Older` (infra/a.json)\n" in done.out


def test_a_baseline_is_read_from_anywhere(estate: Path) -> None:
    for cwd, path, baseline in (
        (estate / "infra", ".", "../known.json"),
        (estate / "infra", "a.json", "../known.json"),
        (estate, str(estate / "infra"), "known.json"),
    ):
        made = report(cwd, path, "--baseline", baseline)
        assert counted(made)[0] == counted(made)[2] == 0
        assert counted(made)[1] >= 2


def test_of_what_is_not_looked_at_nothing_is_fixed(estate: Path) -> None:
    (estate / "infra" / "a.json").write_text(template(Fine=statement("arn:aws:iam::1:role/x")))
    for arguments in (("infra/b.json",), ("infra", "--ignore", "public-trust")):
        made = report(estate, *arguments, "--baseline", "known.json", "--level", "high")
        assert counted(made)[2] == 0
    (estate / "infra" / "a.json").unlink()
    assert counted(report(estate, "infra", "--baseline", "known.json")) == (0, 1, 2)
    (estate / "infra" / "a.json").write_text('{"AssumeRolePolicyDocument": {')
    done = run_iamlint("check", "infra", "--baseline", "known.json", cwd=estate)
    assert done.status == 3
    assert "fixed" not in done.out


def test_a_role_that_uses_what_is_known_is_new(tmp_path: Path) -> None:
    policy = json.dumps({"Statement": [statement()]})
    role = 'resource "aws_iam_role" "%s" {\n  assume_role_policy = file("trust.json.tpl")\n}\n'
    (tmp_path / "trust.json.tpl").write_text(policy)
    (tmp_path / "a.tf").write_text(role % "a" + role % "b")
    done = run_iamlint("baseline", "--output", "known.json", cwd=tmp_path)
    assert done.status == 0
    (tmp_path / "a.tf").write_text(role % "a" + role % "b" + role % "c")
    made = report(tmp_path, "a.tf", "--baseline", "known.json")
    assert ("public-trust", "aws_iam_role.c") in told(made)
    assert {role for _, role in told(made)} == {"aws_iam_role.c"}


GOOD = written([Known("v1:a", "r", "role", "a.json", "m")])


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "empty", "1:1"),
        ("{", "is open", "1:1"),
        (GOOD.replace('": 1,', '": 2,'), "a baseline of version 2", "1:22"),
        (GOOD.replace('": 1,', '": "1",'), "a baseline of version", "1:22"),
        (GOOD.replace("v1:", "v2:"), "`v2:a` is no fingerprint of this version", "3:80"),
        (GOOD.replace('"role": "role", ', ""), "wants a text under `role`", "3:1"),
        (GOOD.replace('"rule": "r"', '"rule": 7'), "wants a text under `rule`", "3:10"),
        (GOOD.replace('"findings": [', '"findings": {"a": ['), "", ""),
        ('{"findings": []}', "this is no baseline", "1:1"),
        ("[]", "this is no baseline", "1:1"),
        ('{"iamlint-baseline": 1, "findings": 7}', "wants a list under `findings`", "1:37"),
        (GOOD.replace('{"rule"', '<<<<<<< HEAD\n{"rule"'), "marks of a merge conflict", "3:1"),
        (GOOD.replace("]}", "=======\n]}"), "marks of a merge conflict", "4:1"),
        (GOOD + ">>>>>>> theirs", "marks of a merge conflict", "5:1"),
    ],
)
def test_a_baseline_that_cannot_be_used(
    tmp_path: Path, text: str, message: str, place: str
) -> None:
    (tmp_path / "a.json").write_text(template(Old=statement()))
    (tmp_path / "known.json").write_text(text)
    done = run_iamlint("check", "a.json", "--baseline", "known.json", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert f"known.json:{place}" in done.err
    assert "error: the baseline cannot be used" in done.err


def test_a_baseline_with_a_conflict_raises_in_the_library_too() -> None:
    with pytest.raises(BaselineError, match="merge conflict"):
        read(Source("b.json", "<<<<<<< HEAD\n"))


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(template(Old=statement()))
    done = run_iamlint("check", "a.json", "--baseline", "known.json", cwd=tmp_path)
    assert done.status == 2
    assert "cannot read the baseline `known.json`" in done.err
    assert "iamlint baseline --output FILE" in done.err
    (tmp_path / "known.json").write_bytes(b"\xff\0")
    done = run_iamlint("check", "a.json", "--baseline", "known.json", cwd=tmp_path)
    assert (done.status, "is not text" in done.err) == (2, True)


def test_a_baseline_of_what_cannot_be_read_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"Statement": [')
    done = run_iamlint("baseline", "a.json", cwd=tmp_path)
    assert done.status == 3
    assert "a.json:1:" in done.err
    assert json.loads(done.out)["findings"] == []


# --- revisions ----------------------------------------------------------------------------------


def git(folder: Path, *words: str) -> str:
    made = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = {f"GIT_{who}_{what}": "a@b.invalid" for who in ("AUTHOR", "COMMITTER")
             for what in ("NAME", "EMAIL")}  # fmt: skip
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *words],
        cwd=folder,
        env={**os.environ, **made, **names},
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout


def commit(folder: Path, files: dict[str, str | None]) -> None:
    """Write files, or take them away, and commit all there is."""
    for name, text in files.items():
        path = folder / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if not (folder / ".git").exists():
        git(folder, "init")
    git(folder, "add", "-A")
    git(folder, "commit", "-m", "x")


def since(folder: Path, revision: str = "HEAD", *paths: str) -> dict[str, Any]:
    return report(folder, *(paths or (".",)), "--since", revision)


GUARD: dict[str, Any] = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}
ROLE = """\
variable "name" {}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:role/ci"]
    }
  }
}
resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""
CALLS = "".join(
    f'module "{name}" {{\n  source = "./modules/role"\n  name   = "{name}"\n}}\n' for name in "abc"
)


@needs_git
def test_reformatting_and_moving_is_no_news(tmp_path: Path) -> None:
    text = template(A=statement(), B=statement("arn:aws:iam::222222222222:root"))
    commit(tmp_path, {"a.json": text})
    before = counted(since(tmp_path))
    assert before[0] == before[2] == 0
    assert before[1] == 2
    (tmp_path / "a.json").write_text(json.dumps(json.loads(text), indent=8) + "\n\n")
    assert counted(since(tmp_path)) == before
    turned = dict(reversed(json.loads(text)["Resources"].items()))
    (tmp_path / "a.json").write_text(json.dumps({"Resources": turned}, indent=1))
    assert counted(since(tmp_path)) == before


@needs_git
def test_renaming_a_file_is_no_news(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": template(A=statement()), "b.tf": CALLS, "modules/role/m.tf": OPEN})
    assert counted(since(tmp_path)) == (0, 2, 0)
    (tmp_path / "deep").mkdir()
    git(tmp_path, "mv", "a.json", "deep/other.json")
    git(tmp_path, "mv", "b.tf", "main.tf")
    git(tmp_path, "mv", "modules/role/m.tf", "modules/role/main.tf")
    assert counted(since(tmp_path)) == (0, 2, 0)
    for path in ("deep/other.json", "deep", "modules"):
        assert counted(since(tmp_path, "HEAD", path)) == (0, 1, 0)
    (tmp_path / "deep" / "other.json").write_text(template(A=statement(), B=statement()))
    assert told(since(tmp_path, "HEAD", "deep/other.json")) == [("public-trust", "B")]


OPEN = ROLE.replace("arn:aws:iam::111111111111:role/ci", "*")


@needs_git
def test_adding_and_removing_one_guard(tmp_path: Path) -> None:
    files = {"a.json": template(A=statement(**GUARD), B=statement(), C=statement())}
    commit(tmp_path, {**files})
    assert counted(since(tmp_path))[0] == 0
    (tmp_path / "a.json").write_text(template(A=statement(), B=statement(**GUARD), C=statement()))
    made = since(tmp_path)
    assert told(made) == [("public-trust", "A")]
    assert told(made, "fixed") == [("public-trust", "B")]
    assert ("public-trust", "C") in told(made, "known")


@needs_git
def test_changing_a_module_that_three_roles_use(tmp_path: Path) -> None:
    commit(tmp_path, {"main.tf": CALLS, "modules/role/main.tf": ROLE})
    assert counted(since(tmp_path)) == (0, 0, 0)
    (tmp_path / "modules" / "role" / "main.tf").write_text(OPEN)
    made = since(tmp_path)
    roles = {("public-trust", f"module.{name}.aws_iam_role.this") for name in "abc"}
    assert set(told(made)) == roles
    assert len(made["findings"]) == 1
    commit(tmp_path, {})
    assert counted(since(tmp_path)) == (0, 1, 0)
    assert set(told(since(tmp_path, "HEAD~1"))) == roles
    more = CALLS + CALLS.replace('"a"', '"d"').split("}\n", maxsplit=1)[0] + "}\n"
    (tmp_path / "main.tf").write_text(more)
    assert told(since(tmp_path)) == [("public-trust", "module.d.aws_iam_role.this")]


@needs_git
def test_an_ignore_that_is_taken_away_is_news(tmp_path: Path) -> None:
    line = "# iamlint: ignore[public-trust]: ours\n"
    head = 'data "aws_iam_policy_document" "trust" {\n'
    role = OPEN.replace('variable "name" {}\n', "").replace("var.name", '"a"')
    commit(tmp_path, {"a.tf": role.replace(head, line + head)})
    (tmp_path / "a.tf").write_text(role)
    assert told(since(tmp_path)) == [("public-trust", "aws_iam_role.this")]


@needs_git
def test_from_a_folder_and_with_absolute_paths(tmp_path: Path) -> None:
    bare = json.dumps({"Statement": [statement()]})
    commit(tmp_path, {"infra/a.json": template(A=statement()), "infra/trust.json": bare})
    (tmp_path / "infra" / "new.json").write_text(template(N=statement()))
    inside = tmp_path / "infra"
    for cwd, path in (
        (tmp_path, "infra"),
        (inside, "."),
        (inside, "../infra"),
        (inside, str(inside)),
    ):
        made = report(cwd, path, "--since", "HEAD")
        assert told(made) == [("public-trust", "N")]
        assert made["summary"]["known"] >= 2
        assert made["summary"]["fixed"] == 0


@needs_git
def test_links_lead_where_they_did(tmp_path: Path) -> None:
    commit(tmp_path, {"real/a.json": template(A=statement())})
    (tmp_path / "link.json").symlink_to("real/a.json")
    (tmp_path / "out.json").symlink_to("/etc/passwd")
    (tmp_path / "loop.json").symlink_to("loop.json")
    commit(tmp_path, {})
    (tmp_path / "real" / "a.json").write_text(template(A=statement(), B=statement()))
    made = since(tmp_path, "HEAD", "link.json")
    assert told(made) == [("public-trust", "B")]
    assert counted(made)[1] == 1
    assert counted(since(tmp_path, "HEAD", "real"))[0] == 1


@needs_git
def test_what_init_fetched_is_as_it_is_now(tmp_path: Path) -> None:
    listed = {"Modules": [{"Key": "r", "Source": "x/y/z", "Dir": ".terraform/modules/r"}]}
    policy = json.dumps({"Statement": [statement()]})
    call = f'module "r" {{\n  source = "x/y/z"\n  policy = <<E\n{policy}\nE\n}}\n'
    role = 'resource "aws_iam_role" "a" {\n  assume_role_policy = var.policy\n}\n'
    fetched = tmp_path / ".terraform" / "modules"
    (fetched / "r").mkdir(parents=True)
    (fetched / "modules.json").write_text(json.dumps(listed))
    (fetched / "r" / "main.tf").write_text('variable "policy" {}\n' + role)
    commit(tmp_path, {".gitignore": ".terraform\n", "main.tf": call})
    assert git(tmp_path, "ls-files").split() == [".gitignore", "main.tf"]
    assert counted(report(tmp_path, "."))[0] == 1
    assert counted(since(tmp_path)) == (0, 1, 0)


@needs_git
def test_revisions_that_are_not_there(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": template(A=statement())})
    git(tmp_path, "tag", "released")

    def refused(*arguments: str, cwd: Path = tmp_path) -> str:
        done: Done = run_iamlint("check", *arguments, cwd=cwd)
        assert (done.status, done.out) == (2, "")
        return done.err

    assert "git knows no revision `relaesed` here" in refused("--since", "relaesed")
    assert "did you mean `released`?" in refused("--since", "relaesed")
    assert "no revision `HEAD:a.json`" in refused("--since", "HEAD:a.json")
    assert "no revision `--all`" in refused("--since=--all")
    assert "leave one of them out" in refused("--since", "HEAD", "--baseline", "b.json")
    assert "standard input has no revisions" in refused("-", "--since", "HEAD")
    commit(tmp_path, {"b.json": template(A=statement())})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--depth", "1", f"file://{tmp_path}", "clone")
    told = refused("--since", "HEAD~1", cwd=clone)
    assert "no revision `HEAD~1` here, and this clone is shallow" in told
    assert "fetch-depth: 0" in told
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "a.json").write_text(template(A=statement()))
    assert "`.` is in no git repository" in refused("--since", "HEAD", cwd=outside)
    assert "two repositories" in refused("a.json", "clone", "--since", "HEAD")


@needs_git
def test_without_git(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": template(A=statement())})
    code = "import os, sys; os.environ['PATH'] = ''; from iamlint.cli import main; sys.exit(main())"
    from running import run_python  # noqa: PLC0415

    done = run_python("-c", code, "check", "--since", "HEAD", cwd=tmp_path)
    assert done.status == 2
    assert re.search("`--since` needs git, and there is no `git` here", done.err)


@needs_git
def test_nothing_of_the_repository_is_run_or_changed(tmp_path: Path) -> None:
    commit(tmp_path, {"a.json": template(A=statement()), ".gitattributes": "* filter=x diff=x\n"})
    trap = tmp_path / "trap"
    for name in ("filter.x.smudge", "filter.x.clean", "diff.x.textconv", "core.fsmonitor",
                 "core.pager", "diff.external"):  # fmt: skip
        git(tmp_path, "config", name, f"touch {trap}")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in (tmp_path / ".git").iterdir())
    assert counted(since(tmp_path)) == (0, 1, 0)
    assert not trap.exists()
    after = sorted((path.name, path.stat().st_mtime_ns) for path in (tmp_path / ".git").iterdir())
    assert after == before

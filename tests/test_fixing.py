"""`--fix` and `--diff`: what is written, what stays as it was, and what is refused."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from running import run_iamlint

from iamlint.cli import main
from iamlint.config import Config
from iamlint.disk import DiskFiles
from iamlint.findings import Change
from iamlint.fixing import Fixed, fix, rewritten
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles, Entries, Files

BOOK = shipped_book()
LEAKY = """\
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEqualsIfExists": {"sts:ExternalId": "b1946ac9-2c6f-4f0e-9d58-7c3b7a9d0"}}
  }]
}
"""
SOUND = LEAKY.replace("IfExists", "")
TWICE = LEAKY.replace('"Action": "sts:AssumeRole"', '"Action": "sts:*",\n    "Resource": "*"')
STAGES = """\
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2008-10-17
        Statement:
          - Effect: Allow
            Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:saml-provider/corp"}
            Action: sts:AssumeRoleWithSAML
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::111111111111:role/ci"}
            Action: sts:*  # anything
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::111111111111:role/ci"}
            Action: sts:AssumeRole
"""


def fixed(files: Files, *paths: str, level: str = "info") -> Fixed:
    return fix(files, paths or (".",), Config(level=level, edits=True), BOOK)


def after(name: str, text: str | bytes, level: str = "info") -> bytes:
    """What a file becomes."""
    done = fixed(DictFiles({name: text}), name, level=level)
    return done.files[name].after if name in done.files else DictFiles({"x": text}).read("x")


def test_an_edit_changes_what_is_wrong_and_nothing_else() -> None:
    assert after("role.json", LEAKY).decode() == SOUND


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_marks_stay(mark: bytes, end: str) -> None:
    written = mark + LEAKY.replace("\n", end).encode()
    assert after("role.json", written) == mark + SOUND.replace("\n", end).encode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_the_encoding_stays(encoding: str) -> None:
    mark = "\ufeff".encode(encoding)
    assert after("role.json", mark + LEAKY.encode(encoding)) == mark + SOUND.encode(encoding)


def test_a_line_that_is_put_in_ends_as_the_others_do() -> None:
    lines = after("t.yaml", STAGES.replace("\n", "\r\n")).decode().split("\n")
    assert all(line.endswith("\r") for line in lines[:-1])
    assert any("SAML:aud" in line for line in lines)


def test_edits_follow_each_other_until_nothing_is_left_to_do() -> None:
    done = fixed(DictFiles({"role.json": TWICE}), "role.json")
    text = done.files["role.json"].after.decode()
    assert json.loads(text) == json.loads(SOUND)
    assert done.gone == 3
    assert not [each for each in done.report.findings if each.edit]
    assert len(done.first.findings) > len(done.report.findings)
    assert fixed(DictFiles({"role.json": text}), "role.json").files == {}


def test_of_edits_that_overlap_the_first_is_made_and_the_rest_looked_at_again() -> None:
    both = LEAKY.replace('{"sts:E', '{"aws:PrincipalOrgID": "o-a1b2c3d4e5", "sts:E')
    done = fixed(DictFiles({"role.json": both}), "role.json")
    assert len([each for each in done.first.findings if each.edit]) == 2
    assert done.gone == 1
    assert done.files["role.json"].after.decode() == both.replace("IfExists", "")
    assert not [each for each in done.report.findings if each.edit]


def test_an_edit_that_does_harm_keeps_no_other_one_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoiled(text: str, changes: list[Change]) -> str:
        made = rewritten(text, changes)
        return made.replace("Condition", "Conditions") if "bad" in text else made

    monkeypatch.setattr("iamlint.fixing.rewritten", spoiled)
    files: dict[str, str | bytes] = {f"{name}.json": LEAKY for name in "abcde"}
    bad = LEAKY.replace("[{", '[{\n    "Sid": "bad",')
    done = fixed(DictFiles(files | {"bad.json": bad}))
    assert set(done.files) == set(files)
    assert done.gone == 5


def test_edits_of_a_template_in_blocks() -> None:
    text = after("t.yaml", STAGES).decode()
    assert "Version: 2012-10-17\n" in text
    assert text.count("role/ci") == 1
    assert (
        "            Action: sts:AssumeRoleWithSAML\n            Condition: {StringEquals:"
        ' {"SAML:aud": "https://signin.aws.amazon.com/saml"}}\n'
    ) in text


def test_what_is_not_shown_is_not_touched() -> None:
    old = SOUND.replace("2012-10-17", "2008-10-17")
    assert after("role.json", old, level="low").decode() == old
    assert after("role.json", old).decode() == SOUND


MODULE = """\
variable "vendor" { type = string }
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.vendor}:root" }
      Action = "sts:AssumeRole"
      Condition = { StringEqualsIfExists = { "sts:ExternalId" = "b1946ac9-2c6f-4f0e-9d58-7c3b" } }
    }]
  })
}
"""
CALL = """\
module "%s" {
  source = "./modules/role"
  vendor = "%s"
}
"""


def test_what_lies_outside_of_the_paths_is_not_touched() -> None:
    files = DictFiles(
        {
            "live/main.tf": CALL.replace("./modules", "../modules") % ("a", "222222222222"),
            "modules/role/main.tf": MODULE,
        }
    )
    assert fixed(files, "live").files == {}
    assert set(fixed(files, ".").files) == {"modules/role/main.tf"}


def test_a_module_is_changed_once_for_all_who_call_it() -> None:
    calls = CALL % ("a", "222222222222") + CALL % ("b", "333333333333")
    done = fixed(DictFiles({"main.tf": calls, "modules/role/main.tf": MODULE}), ".")
    assert set(done.files) == {"modules/role/main.tf"}
    assert b"IfExists" not in done.files["modules/role/main.tf"].after
    assert done.report.summary.roles == 2


# --- at the command line -------------------------------------------------------------------------


RULE = """\
id: no-vendor
title: No vendor
severity: low
since: "0.1"
for: principal
when: form == 'account'
message: "{text} is an account"
why: Because.
fix: name the role
edit: {write: self, as: "arn:aws:iam::222222222222:role/ci"}
exceptions: None.
references: [https://example.com]
examples:
  bad:
    - name: an account
      policy: {Statement: [{Effect: Allow, Principal: {AWS: "222222222222"}, Action: "sts:*"}]}
      marks: "222222222222"
  good:
    - name: a role
      policy: {Statement: [{Effect: Deny, Principal: {Service: ec2.amazonaws.com}, Action: "*"}]}
"""


def test_rules_of_a_user_have_edits_and_must_prove_them(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "no-vendor.yaml").write_text(RULE)
    for account in ("222222222222", "333333333333"):  # the second one is no part of what was
        (tmp_path / f"{account}.json").write_text(SOUND.replace("222222222222", account))
    done = run_iamlint("check", "--fix", "--rules", "book", ".", cwd=tmp_path)
    assert done.err == "fixed 1 finding in 1 file\n"
    assert ":role/ci" in (tmp_path / "222222222222.json").read_text()
    assert ":root" in (tmp_path / "333333333333.json").read_text()


@pytest.fixture
def role(tmp_path: Path) -> Path:
    path = tmp_path / "role.json"
    path.write_text(LEAKY)
    return path


def test_files_are_replaced_with_their_permissions(
    role: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    role.chmod(0o640)
    before = os.stat(role).st_ino
    assert main(["check", "--fix", str(role)]) == 0
    assert role.read_text() == SOUND
    assert stat.S_IMODE(os.stat(role).st_mode) == 0o640
    assert os.stat(role).st_ino != before, "put in its place as a whole"
    assert sorted(os.listdir(role.parent)) == ["role.json"]
    said = capsys.readouterr()
    assert said.err == "fixed 1 finding in 1 file\n"
    assert said.out.startswith("no findings")


def test_without_edits_nothing_is_written(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    role.write_text(SOUND)
    before = os.stat(role)
    assert main(["check", "--fix", str(role)]) == 0
    assert os.stat(role).st_mtime_ns == before.st_mtime_ns
    assert capsys.readouterr().err == "nothing to fix\n"


def test_a_diff_shows_what_a_fix_would_do_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "role.json").write_text(LEAKY)
    done = run_iamlint("check", "--diff", "role.json", cwd=tmp_path)
    assert done.status == 1
    assert (tmp_path / "role.json").read_text() == LEAKY
    lines = done.out.splitlines()
    assert lines[:2] == ["--- a/role.json", "+++ b/role.json"]
    changed = [line for line in lines[2:] if line.startswith(("-", "+"))]
    assert [line[0] for line in changed] == ["-", "+"]
    assert changed[0][1:].replace("IfExists", "") == changed[1][1:]


def test_a_diff_tells_of_a_last_line_without_an_end(tmp_path: Path) -> None:
    (tmp_path / "role.json").write_text(json.dumps(json.loads(LEAKY)))
    done = run_iamlint("check", "--diff", "role.json", cwd=tmp_path)
    assert done.out.count("\\ No newline at end of file\n") == 2


@pytest.mark.parametrize("arguments", [["--fix", "--diff", "."], ["--fix", "-"]])
def test_what_cannot_be_asked_for(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("iamlint.cli.check._stdin", lambda: b"")
    assert main(["check", *arguments]) == 2
    assert "--fix" in capsys.readouterr().err


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(
    role: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read, reads = DiskFiles.read, list[str]()

    def meddled(files: DiskFiles, path: str) -> bytes:
        reads.append(path)
        if len(reads) == 2:
            role.write_text(SOUND + "\n")
        return read(files, path)

    monkeypatch.setattr(DiskFiles, "read", meddled)
    assert main(["check", "--fix", str(role)]) == 2
    assert role.read_text() == SOUND + "\n"
    assert "was changed while it was checked" in capsys.readouterr().err


def test_reports_for_machines_hold_the_edit(role: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "json", str(role)]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    (change,) = finding["edit"]
    assert change["text"] == "StringEquals"
    line = LEAKY.splitlines()[change["line"] - 1]
    assert line[change["column"] - 1 : change["end_column"] - 1] == "StringEqualsIfExists"
    assert main(["check", "--format", "sarif", str(role)]) == 1
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"] == {"text": "StringEquals"}
    assert replacement["deletedRegion"]["startColumn"] == change["column"]


class Shifty:
    """Files of which one says something else whenever it is read again."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, path: str) -> bytes:
        self.reads += 1
        return (LEAKY if self.reads == 1 else "{}").encode()

    def list(self, path: str) -> Entries:
        return []

    def kind(self, path: str) -> str | None:
        return "file"


def test_a_file_is_read_once() -> None:
    files = Shifty()
    done = fixed(files, "role.json")
    assert files.reads == 1
    assert done.files["role.json"].after.decode() == SOUND

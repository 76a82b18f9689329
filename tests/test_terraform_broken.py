"""Configurations that are broken, huge or made to hang: the rest of them is judged all the same."""

from __future__ import annotations

import pytest
from test_terraform_graph import checked, readings, told
from test_terraform_modules import CALL, OPEN, TRUST, findings

from iamlint import lint
from iamlint.config import Config
from iamlint.source import DictFiles, Entry, FileError


def test_a_broken_file_does_not_hide_the_others() -> None:
    files = {"main.tf": OPEN, "broken.tf": 'resource "x" {\n  = = =\n}\nlocals {\n  a = \n'}
    assert findings(files) == ["main.tf:5 * certain"]
    assert checked(files).problems


def test_what_is_evaluated_in_vain_does_not_hide_the_rest_of_a_policy() -> None:
    vain = '{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = uper("x") } }'
    files = {"main.tf": OPEN.replace("}]", f"}}, {vain}]")}
    (message,) = [problem.message for problem in checked(files).problems]
    assert message == "`uper` is not a function of Terraform"
    # the other statement may spoil what IAM makes of the policy, so this is not certain
    assert findings(files) == ["main.tf:5 * possible"]


def test_a_policy_that_cannot_be_read_to_its_end_is_not_judged() -> None:
    files = {"main.tf": OPEN.replace("}]", "}, {]")}
    assert "invalid-hcl" in {problem.code for problem in checked(files).problems}
    assert findings(files) == []


def test_broken_files_without_a_role_are_no_news() -> None:
    files = {"main.tf": "locals {\n  a = \n"}
    assert checked(files).problems == ()
    assert checked(files, "main.tf").problems


def test_a_name_that_nobody_declares_is_told_in_its_place() -> None:
    for name in ("local.missing", "data.x.y.json", "module.missing.arn"):
        (message,) = told({"main.tf": TRUST % name})
        assert "missing" in message or "x.y" in message


def test_a_variable_that_nobody_declares_is_one_unknown_value_told_once() -> None:
    who = '["arn:aws:iam::${var.account}:role/a", "arn:aws:iam::${var.account}:role/b"]'
    files = {"main.tf": TRUST % who, "other.tf": OPEN.replace("deploy", "other")}
    report = checked(files)
    (problem,) = report.problems
    assert problem.message == "the variable `account` is not declared"
    assert (problem.code, problem.blocking) == ("undeclared-variable", False)
    (role,) = [each for each in readings(files)[0].roles if "deploy" in each.identity]
    assert role.unresolved() == ("`var.account`",)
    assert [variant.missing for variant in role.variants] == [()]


@pytest.mark.parametrize(
    ("who", "blocking"),
    [
        ('terraform.workspace == "a" ? file("none") : "*"', False),
        ('[terraform.workspace == "a" ? "x" : "y", file("none")]', True),
    ],
)
def test_what_is_wrong_only_where_something_is_assumed_is_a_doubt(who: str, blocking: bool) -> None:
    (problem,) = checked({"main.tf": TRUST % who}).problems
    assert (problem.message, problem.blocking) == ("there is no file `none`", blocking)


def test_what_is_wrong_elsewhere_than_in_trust_is_no_news() -> None:
    policy = """
    resource "aws_iam_role_policy" "own" {
      role   = aws_iam_role.deploy.name
      policy = jsonencode({ Statement = [{ Action = uper("x"), Resource = var.nobody }] })
    }
    resource "aws_iam_policy" "one" {
      policy = local.shared
    }
    resource "aws_iam_role_policy_attachment" "one" {
      role       = aws_iam_role.deploy.name
      policy_arn = aws_iam_policy.one.arn
    }
    locals {
      shared = lowr("x")
    }
    """
    assert told({"main.tf": OPEN + policy}) == []
    # what the trust policy needs, too, is told though it was met before
    used = TRUST.replace("deploy", "used") % "local.shared"
    (message,) = told({"main.tf": OPEN + policy + used})
    assert message == "`lowr` is not a function of Terraform"


@pytest.mark.parametrize(
    "text",
    [
        "locals {\n  a = local.b\n  b = local.a\n}\n" + TRUST % "local.a",
        'module "inner" {\n  source = "./"\n}\n' + TRUST % "module.inner.arn",
        'module "inner" {\n  source = "../x"\n  who = module.inner.who\n}\n' + OPEN,
        'resource "aws_iam_role" "deploy" {\n  count = length(aws_iam_role.deploy)\n'
        '  assume_role_policy = ""\n}\n',
        'resource "aws_iam_role" "deploy" {\n  for_each = range(1000000)\n'
        '  assume_role_policy = ""\n}\n',
        'resource "aws_iam_role" "deploy" {\n  count = 1000000000\n  assume_role_policy = ""\n}\n',
        'resource "aws_iam_role" "deploy" {\n  count = -1\n  assume_role_policy = ""\n}\n',
        'resource "aws_iam_role" "deploy" {\n  assume_role_policy = file("main.tf")\n}\n',
        'resource "aws_iam_role" "deploy" {\n  assume_role_policy = jsonencode(aws_iam_role.deploy)'
        "\n}\n",
        'resource "aws_iam_role" {\n}\nresource {\n}\nvariable {\n}\nmodule "x" {\n}\n',
        'module "x" {\n  source = var.y\n}\nvariable "who" {\n  default = module.x\n}\n'
        + TRUST % "var.who",
        'data "aws_iam_policy_document" "d" {\n  dynamic "statement" {\n    for_each = 3\n'
        "    content {}\n  }\n  dynamic {\n  }\n}\n"
        + TRUST
        % "data.aws_iam_policy_document.d.json",
    ],
)
def test_no_configuration_makes_it_raise_or_hang(text: str) -> None:
    readings({"main.tf": text, "x/main.tf": text})
    checked({"main.tf": text})


def test_ten_thousand_locals_in_one_another_end() -> None:
    lines = "".join(f"  l{n} = local.l{n + 1}\n" for n in range(10_000))
    (message, *_) = told({"main.tf": f"locals {{\n{lines}}}\n" + TRUST % "local.l0"})
    assert "levels" in message or "nested" in message


def test_a_text_that_doubles_itself_ends() -> None:
    lines = "".join(f'  l{n} = "${{local.l{n + 1}}}${{local.l{n + 1}}}"\n' for n in range(25))
    text = f'locals {{\n{lines}  l25 = "x"\n}}\n' + TRUST % "local.l0"
    report = checked({"main.tf": text + OPEN.replace("deploy", "other")})
    assert report.problems
    assert [each.roles for each in report.findings] == [("aws_iam_role.other",)]


def test_modules_that_call_each_other_end() -> None:
    files = {
        f"m{n}/main.tf": f'module "a" {{\n  source = "../m{(n + 1) % 3}"\n}}\n'
        f'module "b" {{\n  source = "../m{(n + 2) % 3}"\n}}\n' + OPEN
        for n in range(3)
    }
    report = checked(files)
    assert report.findings
    assert "the module in `m0` calls itself here, directly or not" in {
        problem.message for problem in report.problems
    }


def test_a_template_that_includes_itself_ends() -> None:
    role = 'resource "aws_iam_role" "deploy" {\n  assume_role_policy = %s\n}\n'
    files = {"main.tf": role % 'templatefile("t.tpl", {})' + OPEN.replace("deploy", "other")}
    report = checked({**files, "t.tpl": '${templatefile("t.tpl", {})}'})
    assert report.problems
    assert [each.roles for each in report.findings] == [("aws_iam_role.other",)]


def test_values_of_a_state_and_of_a_secret_are_holes() -> None:
    text = """
    data "terraform_remote_state" "net" {}
    data "aws_secretsmanager_secret_version" "ids" {}
    """
    secret = 'jsondecode(data.aws_secretsmanager_secret_version.ids.secret_string)["ci"]'
    who = f"[data.terraform_remote_state.net.outputs.role, {secret}]"
    (role,) = readings({"main.tf": text + TRUST % who})[0].roles
    assert role.unresolved() == (
        "`data.terraform_remote_state.net.outputs.role`",
        "`jsondecode(data.aws_secretsmanager_secret_version.ids.secret_string).ci`",
    )


def test_nothing_is_read_outside_of_the_project() -> None:
    class Watched(DictFiles):
        def __init__(self, files: dict[str, str | bytes]) -> None:
            super().__init__(files)
            self.asked: list[str] = []

        def read(self, path: str) -> bytes:
            self.asked.append(path)
            if path.startswith((".", "/")):
                raise FileError("outside the project root")
            return super().read(path)

        def list(self, path: str) -> list[Entry]:
            found = super().list(path)
            return [*found, Entry("link.tf", "link-out", 0)] if path == "." else found

    files = Watched({"main.tf": OPEN + CALL.replace("./inner", "../../out") % ""})
    report = lint(files, ["."], Config(), None)
    assert "link.tf" not in files.asked
    assert report.findings

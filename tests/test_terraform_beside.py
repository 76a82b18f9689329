"""Plans that lie beside their configuration: what they know, where the configuration has it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from provider_oracle import DATA
from test_terraform_graph import BOOK, around, files_of

from iamlint import lint
from iamlint.config import Config
from iamlint.findings import Finding
from iamlint.formats import read
from iamlint.formats.role import Role
from iamlint.source import DictFiles, Source
from iamlint.syntax.value import Value

TEXT = (DATA / "plan.json").read_text(encoding="utf-8")
FILES = {**files_of(DATA / "plan"), "plan.json": TEXT}


def roles(files: dict[str, str], path: str = "plan.json") -> dict[str, Role]:
    here = around(DictFiles({**files}))
    reading = read(Source(path, files[path]), named=True, around=here)
    return {role.identity: role for role in reading.roles}


def findings(files: dict[str, str], *paths: str, rule: str = "public-trust") -> list[Finding]:
    report = lint(DictFiles({**files}), list(paths), Config(select=(rule,)), BOOK)
    return list(report.findings)


def places(role: Role) -> dict[str, tuple[str, str]]:
    """The file and the text of the place of each text in a document."""
    found: dict[str, tuple[str, str]] = {}
    todo: list[Value] = [role.document]
    while todo:
        value = todo.pop()
        todo += [part for member in value.members for part in member] + list(value.items())
        if value.kind == "string":
            place = value.part(0, len(value.data)).root()
            found[value.data] = (place.source.name, place.text)
    return found


def planned(document: Any, **more: Any) -> str:
    """A plan of one role; without a document it is not known."""
    values = {"name": "deploy", **({} if document is None else {"assume_role_policy": document})}
    role = {"address": "aws_iam_role.deploy", "mode": "managed", "type": "aws_iam_role"}
    resources = [{**role, "name": "deploy", "values": values}]
    plan = {"format_version": "1.2", "terraform_version": "1.11.4", **more}
    return json.dumps({**plan, "planned_values": {"root_module": {"resources": resources}}})


def trust(who: str, **more: Any) -> str:
    statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"AWS": who}}
    return json.dumps({"Statement": [{**statement, **more}], "Version": "2012-10-17"})


DEPLOY = """\
variable "who" {
  type = string
%s}
resource "aws_iam_role" "deploy" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = %s }
    }]
  })
}
"""


def test_what_a_plan_knows_stands_where_the_configuration_has_it() -> None:
    found = places(roles(FILES)["aws_iam_role.known"])
    assert found["*"] == ("main.tf", "*")
    assert found["sts:AssumeRole"] == ("main.tf", "sts:AssumeRole")
    assert {file for file, _ in found.values()} == {"main.tf"}


def test_a_plan_that_lies_elsewhere_has_its_own_places() -> None:
    files = {**FILES, "plans/plan.json": TEXT}
    found = places(roles(files, "plans/plan.json")["aws_iam_role.known"])
    assert {file for file, _ in found.values()} == {"plans/plan.json"}


def test_a_role_in_a_module_stands_in_the_module_and_what_it_is_given_in_its_caller() -> None:
    role = roles(FILES)['module.inner["alice"].aws_iam_role.user[0]']
    found = places(role)
    assert found["aws:PrincipalTag/who"] == ("inner/main.tf", "aws:PrincipalTag/who")
    assert found["alice"] == ("main.tf", "alice")
    assert role.unresolved() == ()
    account = "arn:aws:iam::111111111111:root"
    assert found[account][0] == "inner/main.tf"


def test_what_a_plan_leaves_open_is_known_as_far_as_the_configuration_tells() -> None:
    role = roles(FILES)["aws_iam_role.encoded"]
    (variant,) = role.variants
    assert variant.missing == ()
    assert places(role)["sts:AssumeRole"] == ("main.tf", "sts:AssumeRole")


def test_a_finding_stands_in_the_configuration() -> None:
    (finding,) = findings(FILES, "plan.json")
    place = finding.place.span.root()
    assert (place.source.name, place.text) == ("main.tf", "*")
    assert finding.roles == ("aws_iam_role.known",)


def test_a_folder_and_the_plan_in_it_find_one_thing_once() -> None:
    (finding,) = findings(FILES, ".")
    assert finding.place.span.root().source.name == "main.tf"


def test_a_variable_has_the_value_of_the_plan_and_the_place_where_that_is_written() -> None:
    files = {
        "main.tf": DEPLOY % ("", "var.who"),
        "plan.json": planned(trust("*"), variables={"who": {"value": "*"}}),
        "terraform.tfvars": 'who = "*"\n',
    }
    assert places(roles(files)["aws_iam_role.deploy"])["*"] == ("terraform.tfvars", "*")
    given = '  default = "*"\n'
    files = {"main.tf": DEPLOY % (given, "var.who"), "plan.json": files["plan.json"]}
    assert places(roles(files)["aws_iam_role.deploy"])["*"] == ("main.tf", "*")
    files = {"main.tf": DEPLOY % ("", "var.who"), "plan.json": files["plan.json"]}
    assert places(roles(files)["aws_iam_role.deploy"])["*"] == ("plan.json", "*")


def test_a_hole_of_the_configuration_is_filled_by_the_plan() -> None:
    who = '"arn:aws:iam::${var.who}:root"'
    files = {"main.tf": DEPLOY % ("", who), "plan.json": planned(trust("arn:aws:iam::1:root"))}
    role = roles(files)["aws_iam_role.deploy"]
    assert role.unresolved() == ()
    assert places(role)["arn:aws:iam::1:root"] == ("main.tf", "arn:aws:iam::${var.who}:root")


def test_what_the_configuration_no_longer_says_stands_in_the_plan() -> None:
    files = {
        "main.tf": DEPLOY % ("", '"arn:aws:iam::222222222222:root"'),
        "plan.json": planned(trust("*", Condition={"Bool": {"aws:SecureTransport": "true"}})),
    }
    found = places(roles(files)["aws_iam_role.deploy"])
    assert found["*"][0] == found["aws:SecureTransport"][0] == "plan.json"
    assert found["sts:AssumeRole"][0] == "main.tf"
    (finding,) = findings(files, "plan.json")
    assert finding.place.span.root().source.name == "plan.json"


def test_statements_in_another_order_are_found_by_what_they_say() -> None:
    one = '{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "%s" } }'
    text = DEPLOY % ("", "var.who")
    start, end = text.index("[{"), text.index("}]") + 2
    body = f"[{one % '222222222222'}, {one % '${var.who}'}]"
    document = json.loads(trust("*"))
    document["Statement"] += json.loads(trust("222222222222"))["Statement"]
    files = {
        "main.tf": text[:start] + body + text[end:],
        "plan.json": planned(json.dumps(document)),
    }
    found = places(roles(files)["aws_iam_role.deploy"])
    assert found["*"] == ("main.tf", "var.who")
    assert found["222222222222"] == ("main.tf", "222222222222")


@pytest.mark.parametrize("text", ["resource {", "", 'resource "aws_iam_role" "other" {}\n'])
def test_a_configuration_that_says_nothing_of_the_role_changes_nothing(text: str) -> None:
    files = {"main.tf": text, "plan.json": planned(trust("*"))}
    assert places(roles(files)["aws_iam_role.deploy"])["*"] == ("plan.json", "*")
    (finding,) = findings(files, "plan.json")
    assert finding.place.span.root().source.name == "plan.json"


def tree(leaf: str, level: int = 5) -> Any:
    return [tree(leaf, level - 1)] * 6 if level else leaf


@pytest.mark.parametrize(
    ("known", "written"),
    [
        ([[str(number)] for number in range(3_000)], [["x"]] * 3_000),
        (tree("a"), tree("b")),
    ],
    ids=["wide", "deep"],
)
def test_laying_documents_over_each_other_comes_to_an_end(known: Any, written: Any) -> None:
    text = 'resource "aws_iam_role" "deploy" {\n  assume_role_policy = jsonencode(%s)\n}\n'
    files = {
        "main.tf": text % json.dumps({"Statement": written}),
        "plan.json": planned(json.dumps({"Statement": known})),
    }
    role = roles(files)["aws_iam_role.deploy"]
    assert role.document.plain() == {"Statement": known}

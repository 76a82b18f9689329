"""Public modules that are not there to be read, against what they make of the same inputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_terraform_graph import checked, known, roles, told

from iamlint.data.modules.packages import PACKAGES
from iamlint.formats.role import Role
from iamlint.source import Source
from iamlint.syntax.hcl import parse

DATA = Path(__file__).parent / "data" / "terraform"
RECORDED = json.loads((DATA / "modules.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def modelled() -> dict[str, Role]:
    """The roles of `modules/`, of which no source is there."""
    return roles({"main.tf": (DATA / "modules/main.tf").read_text("utf-8")})


def test_there_is_a_role_for_each_that_is_made(modelled: dict[str, Role]) -> None:
    assert sorted(modelled) == sorted(RECORDED)


@pytest.mark.parametrize("address", RECORDED)
def test_a_model_makes_what_its_module_makes(address: str, modelled: dict[str, Role]) -> None:
    role = modelled[address]
    assert meaning(known(role)) == meaning(RECORDED[address])


def meaning(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy without what has no meaning: order, and lists of one."""
    return {**policy, "Statement": sorted((plain(each) for each in policy["Statement"]), key=repr)}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(held) for key, held in sorted(value.items())}
    if isinstance(value, list):
        return sorted((plain(each) for each in value), key=repr) if len(value) != 1 else value[0]
    return value


# --- which model is taken ------------------------------------------------------------------------

OIDC = "iam-assumable-role-with-oidc"
REGISTRY = f"terraform-aws-modules/iam/aws//modules/{OIDC}"
GIT = f"github.com/terraform-aws-modules/terraform-aws-iam//modules/{OIDC}"
COMMIT = "de95e21a3bc51cd3a44b3b95a4c2f61000649ebb"  # of release 5.39.1


def pod(source: str, more: str = "") -> dict[str, str]:
    """A call of the module that trusts a provider; sessions may be tagged since 5.44.0."""
    text = f"""\
module "pod" {{
  source       = "{source}"
{more}
  create_role  = true
  provider_url = "oidc.eks.us-east-1.amazonaws.com/id/AAAA"
  oidc_fully_qualified_subjects = ["system:serviceaccount:kube-system:a"]
}}
"""
    return {"main.tf": text}


def actions(files: dict[str, str]) -> Any:
    """What may be done: one list of actions for each variant; nothing where there is no role."""
    found = roles(files)
    if not found:
        return None
    (role,) = found.values()
    return [variant.document.plain()["Statement"][0]["Action"] for variant in role.variants]


OLD = ["sts:AssumeRoleWithWebIdentity"]
NEW = [["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]]
UNKNOWN = [*OLD, *NEW]


@pytest.mark.parametrize(
    ("version", "made"),
    [
        ("5.60.0", NEW),
        ("v5.60.0", NEW),
        ("= 5.43.0", OLD),
        ("~> 5.0", NEW),
        ("~> 5.43.0", OLD),
        ("~> 5", NEW),
        (">= 4.0", NEW),
        (">= 4.0, < 5.0", OLD),
        (">= 4.0,<5.44.0", OLD),
        ("> 5.0, != 5.60.0", NEW),
        ("<= 5.43", OLD),
        ("", NEW),
        ("5.61.3", NEW),  # newer than any that is known
        ("~> 5.61", NEW),
        (">= 5.61, < 6.0", NEW),
        ("~> 6.0", None),  # no release from 6.0.0 on has this module
        ("~> 2.0", None),  # older than what is modelled
        ("5.x", None),
    ],
)
def test_of_the_releases_that_are_allowed_the_newest_one_counts(version: str, made: Any) -> None:
    assert actions(pod(REGISTRY, f'version = "{version}"')) == made


@pytest.mark.parametrize(
    ("source", "made"),
    [
        (REGISTRY, NEW),
        (f"registry.terraform.io/{REGISTRY}", NEW),
        (f"registry.opentofu.org/{REGISTRY}", NEW),
        (GIT, NEW),
        (f"{GIT}?ref=v5.43.0", OLD),
        (f"{GIT}?ref=5.43.0", OLD),
        (f"{GIT}?depth=1&ref=v5.43.0", OLD),
        (f"{GIT}?ref={COMMIT}", OLD),
        (f"{GIT}?ref=v2.1.0", None),
        (f"{GIT}?ref=v5.61.0", NEW),
        (f"{GIT}?ref=v6.0.0", None),
        (f"git::https://{GIT}?ref=v5.43.0", OLD),
        (f"git::https://{GIT.replace('-iam//', '-iam.git//')}?ref=v5.43.0", OLD),
        (f"git::ssh://git@{GIT.replace('-iam//', '-iam.git//')}?ref=v5.43.0", OLD),
        (f"git@{GIT.replace('com/', 'com:').replace('-iam//', '-iam.git//')}?ref=v5.43.0", OLD),
        (f"{GIT}?ref=main", UNKNOWN),
        (f"{GIT}?ref={'0123456789' * 4}", UNKNOWN),
        (f"app.terraform.io/{REGISTRY}", None),
        (f"github.com/somebody/terraform-aws-iam//modules/{OIDC}", None),
        ("terraform-aws-modules/iam/aws//modules/iam-group", None),
        ("terraform-aws-modules/iam/aws", None),
        ("./nowhere", None),
    ],
)
def test_a_module_is_known_by_its_source(source: str, made: Any) -> None:
    files = pod(source)
    assert actions(files) == made
    assert told(files) == []


def test_a_release_that_is_not_known_is_a_condition() -> None:
    (role,) = roles(pod(f"{GIT}?ref=main")).values()
    words = "`module.pod.var.release < 54400` is"
    assert [each.given for each in role.variants] == [(f"{words} true",), (f"{words} false",)]


def test_a_version_that_is_worked_out_is_not_known() -> None:
    assert actions(pod(REGISTRY, "version = local.release")) == UNKNOWN


def test_a_module_that_is_there_is_read_itself() -> None:
    installed = {"Modules": [{"Key": "pod", "Source": REGISTRY, "Dir": ".terraform/modules/pod"}]}
    trust = '{ Version = "2012-10-17", Statement = [{ Action = "from the module itself" }] }'
    files = pod(REGISTRY) | {
        ".terraform/modules/modules.json": json.dumps(installed),
        ".terraform/modules/pod/main.tf": 'resource "aws_iam_role" "this" {\n'
        f"  assume_role_policy = jsonencode({trust})\n}}\n",
    }
    assert actions(files) == ["from the module itself"]


def test_what_a_modelled_module_gives_is_known_as_far_as_it_is_modelled() -> None:
    user = """
resource "aws_iam_role" "next" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = [module.pod.iam_role_arn, module.pod.iam_instance_profile_arn] }
    }]
  })
}
"""
    files = pod(REGISTRY, 'role_name = "pod"')
    role = roles({"main.tf": files["main.tf"] + user})["aws_iam_role.next"]
    made = known(role)["Statement"][0]["Principal"]["AWS"]
    assert made == ["arn:aws:iam::111111111111:role/pod", "module.pod.iam_instance_profile_arn"]
    assert role.unresolved() == ("`module.pod.iam_instance_profile_arn`",)


def test_the_provider_of_a_module_is_the_provider_of_its_url() -> None:
    files = {
        "main.tf": """\
module "github" {
  source = "terraform-aws-modules/iam/aws//modules/iam-oidc-provider"
}

resource "aws_iam_role" "ci" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = module.github.arn }
    }]
  })
}
"""
    }
    (role,) = roles(files).values()
    arn = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
    assert known(role)["Statement"][0]["Principal"] == {"Federated": arn}


@pytest.mark.parametrize(
    "given",
    [
        'provider_url = replace(module.eks.cluster_oidc_issuer_url, "https://", "")',
        "provider_url = module.eks.cluster_oidc_issuer_url",
        "provider_url = module.eks.oidc_provider",
    ],
)
def test_the_provider_of_a_cluster_is_one_thing(given: str) -> None:
    eks = 'module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n'
    call = f"""\
module "pod" {{
  source      = "{REGISTRY}"
  create_role = true
  {given}
  oidc_fully_qualified_subjects = ["system:serviceaccount:kube-system:a"]
}}
"""
    (role,) = roles({"main.tf": eks + call}).values()
    (statement,) = known(role)["Statement"]
    url = "module.eks.aws_eks_cluster.this.identity[0].oidc[0].issuer"
    assert statement["Principal"] == {"Federated": f"arn:aws:iam::111111111111:oidc-provider/{url}"}
    assert list(statement["Condition"]["StringEquals"]) == [f"{url}:sub"]


def test_what_a_model_works_out_is_named_after_what_it_is_given() -> None:
    variable = 'variable "url" {\n  type = string\n}\n'
    files = pod(REGISTRY)
    text = files["main.tf"].replace('"oidc.eks.us-east-1.amazonaws.com/id/AAAA"', "var.url")
    (role,) = roles({"main.tf": variable + text}).values()
    assert role.unresolved() == ('`replace(var.url, "https://", "")`',)


# --- where what is found stands ------------------------------------------------------------------


def places(text: str, rule: str) -> list[str]:
    report = checked({"main.tf": text})
    found = [each for each in report.findings if each.rule == rule]
    assert report.problems == ()
    return [each.place.span.root().text for each in found]


CI = """\
module "ci" {
  source   = "terraform-aws-modules/iam/aws//modules/iam-github-oidc-role"
  version  = "~> 5.0"
  subjects = ["acme*:*"]
}
"""
USERS = """\
module "users" {
  source            = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
  create_role       = true
  role_requires_mfa = false
  trusted_role_arns = ["*"]
}
"""


def test_a_finding_stands_at_the_input_that_a_person_must_edit() -> None:
    assert places(CI, "open-subject") == ["acme*:*"]
    assert places(USERS, "public-trust") == ["*"]


def test_an_input_that_travelled_stands_where_it_is_written() -> None:
    text = 'variable "who" {\n  default = ["*"]\n}\n' + USERS.replace('["*"]', "var.who")
    assert places(text, "public-trust") == ["*"]
    (finding,) = [
        each for each in checked({"main.tf": text}).findings if each.rule == "public-trust"
    ]
    words = [place.label for place in finding.related]
    assert "used here, through variable `who`" in words


def test_a_value_that_a_model_uses_often_is_shown_once() -> None:
    (role,) = roles(
        {"main.tf": USERS.replace('["*"]', '["arn:aws:iam::222222222222:root"]')}
    ).values()
    assert len(role.ways) == len({(way.origin.root(), way.name) for way in role.ways}) > 1


def test_a_finding_of_what_the_model_says_stands_at_the_call() -> None:
    text = USERS.replace('["*"]', '["arn:aws:iam::222222222222:root"]')
    assert places(text, "unlimited-session-tags") == ['module "users"']


def test_who_calls_a_module_in_a_module_is_shown_the_inner_call() -> None:
    files = {
        "main.tf": 'module "outer" {\n  source = "./outer"\n  who    = ["*"]\n}\n',
        "outer/main.tf": 'variable "who" {\n  type = list(string)\n}\n'
        + USERS.replace('["*"]', "var.who"),
    }
    report = checked(files)
    (finding,) = [each for each in report.findings if each.rule == "public-trust"]
    assert finding.place.span.root().source.name == "main.tf"
    assert finding.roles == ("module.outer.module.users.aws_iam_role.this[0]",)


def test_every_model_is_good_terraform() -> None:
    for package in PACKAGES:
        for model in package.models.values():
            assert {model.first, model.last} - {""} <= package.releases().keys()
            for text in model.files:
                assert parse(Source("model", text))[1] == []


BUILT_IN = "token.actions.githubusercontent.com:iss"


def test_a_slight_blemish_of_a_guard_of_the_model_is_not_told() -> None:
    text = CI.replace("acme*:*", "acme/web:ref:refs/heads/main")
    (role,) = roles({"main.tf": text}).values()
    assert BUILT_IN in json.dumps(known(role))
    assert places(text, "void-guard") == []


def test_the_same_guard_is_told_of_where_somebody_wrote_it() -> None:
    text = CI.replace("acme*:*", "acme/web:ref:refs/heads/main")
    (role,) = roles({"main.tf": text}).values()
    policy = json.dumps(known(role))
    written = f'resource "aws_iam_role" "own" {{\n  assume_role_policy = <<-E\n{policy}\n  E\n}}\n'
    (place,) = places(text + written, "void-guard")
    assert BUILT_IN in place

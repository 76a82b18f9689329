"""Modules as a check sees them: what is unknown, what is called, what is named, what is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_terraform_graph import checked, known, roles, told

from iamlint.cli import main
from iamlint.config import Config
from iamlint.formats.role import Role

TRUST = """
resource "aws_iam_role" "deploy" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = %s } }]
  })
}
"""
OPEN = TRUST % '"*"'
VARIABLE = 'variable "who" {\n  type = string\n%s}\n'
CALL = 'module "inner" {\n  source = "./inner"\n%s}\n'


def one(files: dict[str, str], name: str = "aws_iam_role.deploy") -> Role:
    return roles(files)[name]


def findings(files: dict[str, str], *paths: str, config: Config | None = None) -> list[str]:
    """What is found, where, and how sure that is."""
    report = checked(files, *paths, config=config or Config(select=("public-trust",)))
    found = []
    for each in report.findings:
        place = each.place.span.root()
        line = place.source.position(place.start)[0]
        found.append(f"{place.source.name}:{line} {place.text} {each.certainty}")
    return found


# --- unknown values ------------------------------------------------------------------------------


def test_a_variable_without_a_value_is_a_hole_named_after_it() -> None:
    role = one({"main.tf": VARIABLE % "" + TRUST % "var.who"})
    assert role.unresolved() == ("`var.who`",)
    (variant,) = role.variants
    assert not variant.missing


@pytest.mark.parametrize("default", ['""', "null"])
def test_an_empty_default_is_a_missing_input(default: str) -> None:
    role = one({"main.tf": VARIABLE % f"  default = {default}\n" + TRUST % "var.who"})
    assert role.unresolved() == ("`var.who`",)


def test_a_default_is_a_value_and_tells_how_it_came() -> None:
    files = {"main.tf": TRUST % "var.who", "variables.tf": VARIABLE % '  default = "*"\n'}
    role = one(files)
    assert known(role)["Statement"][0]["Principal"] == {"AWS": "*"}
    (way,) = role.ways
    assert (way.origin.text, way.use.text, way.name) == ('"*"', "var.who", "variable `who`")
    assert findings(files) == ["variables.tf:3 * certain"]


def test_the_own_account_and_its_kin_are_no_unknown_values() -> None:
    text = 'data "aws_caller_identity" "me" {}\ndata "aws_partition" "here" {}\n'
    arn = "arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.me.account_id}"
    role = one({"main.tf": text + TRUST % f'"{arn}:root"'})
    assert role.unresolved() == ()
    assert {hole.kind for hole in role.holes.values()} == {"own-account", "own-partition"}


def test_whoever_runs_terraform_is_of_the_own_account() -> None:
    text = 'data "aws_caller_identity" "me" {}\n'
    files = {"main.tf": text + TRUST % "data.aws_caller_identity.me.arn"}
    assert one(files).unresolved() == ()
    assert findings(files) == []


def test_a_role_of_the_same_configuration_is_known_by_its_arn() -> None:
    other = 'resource "aws_iam_role" "other" {\n  name = "other"\n  path = "/ci/"\n}\n'
    role = one({"main.tf": other + TRUST % "aws_iam_role.other.arn"})
    principal = known(role)["Statement"][0]["Principal"]["AWS"]
    assert principal == "arn:aws:iam::111111111111:role/ci/other"


def test_a_provider_loses_the_scheme_of_its_address() -> None:
    text = """
    resource "aws_iam_openid_connect_provider" "p" {
      url = "https://gitlab.example.com/group"
    }
    """
    role = one({"main.tf": text + TRUST % "aws_iam_openid_connect_provider.p.url"})
    assert known(role)["Statement"][0]["Principal"]["AWS"] == "gitlab.example.com/group"


def test_attributes_that_are_one_text_are_no_lists() -> None:
    text = 'resource "aws_eks_cluster" "c" {}\ndata "terraform_remote_state" "s" {}\n'
    parts = {
        "aws_eks_cluster.c.identity[0].oidc[0].issuer": ("text", False),
        "aws_eks_cluster.c.identity": ("list", False),
        "data.terraform_remote_state.s.outputs.role_arn": ("arn", True),
        "data.terraform_remote_state.s.outputs.trusted": ("list", True),
    }
    for written_, (kind, wild) in parts.items():
        (hole,) = one({"main.tf": text + TRUST % written_}).holes.values()
        assert (hole.name, hole.kind, hole.wild) == (written_, kind, wild)


@pytest.mark.parametrize("ignored", ["[insecure_value]", "all", '["insecure_value"]'])
def test_what_terraform_leaves_alone_is_whatever_others_made_of_it(ignored: str) -> None:
    text = """resource "aws_ssm_parameter" "who" {
      name = "who"
      insecure_value = "Placeholder"
      %s
    }
    """
    who = TRUST % '"arn:aws:iam::${aws_ssm_parameter.who.insecure_value}:root"'
    kept = f"lifecycle {{\n ignore_changes = {ignored}\n }}"
    assert one({"main.tf": text % kept + who}).unresolved() == (
        "`aws_ssm_parameter.who.insecure_value`",
    )
    other = "lifecycle {\n ignore_changes = [tags]\n }"
    assert one({"main.tf": text % other + who}).unresolved() == ()


def test_one_place_that_says_one_thing_or_another_is_one_defect() -> None:
    text = 'variable "id" {\n  type = string\n}\nvariable "on" {\n  type = bool\n}\n'
    who = '"arn:aws:iam::${var.on ? "222222222222" : var.id}:root"'
    rule = Config(select=("foreign-account-without-external-id",), accounts=("111111111111",))
    (found,) = checked({"main.tf": text + TRUST % who}, config=rule).findings
    assert found.certainty == "possible"
    assert found.assumptions[0] == "`var.on` is true"


def test_conditions_that_nobody_can_tell_make_variants() -> None:
    text = 'variable "open" {\n  type = bool\n}\n'
    who = 'var.open ? "*" : "arn:aws:iam::111111111111:root"'
    role = one({"main.tf": text + TRUST % who})
    assert [variant.given for variant in role.variants] == [
        ("`var.open` is true",),
        ("`var.open` is false",),
    ]
    assert findings({"main.tf": text + TRUST % who}) == ["main.tf:8 * possible"]


def test_variants_agree_on_what_they_assume() -> None:
    text = VARIABLE % ""
    who = 'var.who == "prod" ? (var.who == "prod" ? "a" : "b") : var.who != "prod" ? "c" : "d"'
    made = {
        v.document.plain()["Statement"][0]["Principal"]["AWS"]
        for v in one({"main.tf": text + TRUST % who}).variants
    }
    assert made == {"a", "c"}


def test_what_defaults_make_none_of_is_judged_with_other_values() -> None:
    text = 'variable "create" {\n  type = bool\n  default = false\n}\n'
    counted = OPEN.replace("{\n", "{\n  count = var.create ? 1 : 0\n", 1)
    assert findings({"main.tf": text + counted}) == ["main.tf:10 * certain"]
    off = {"main.tf": text + counted, "terraform.tfvars": "create = false\n"}
    assert roles(off) == {}


def test_a_document_without_a_role_by_default_is_read_with_its_role() -> None:
    text = """
    variable "create" {
      default = false
    }
    data "aws_iam_policy_document" "d" {
      count = var.create ? 1 : 0
      statement {
        actions = ["sts:AssumeRole"]
        principals {
          type = "AWS"
          identifiers = ["*"]
        }
      }
    }
    resource "aws_iam_role" "deploy" {
      count = var.create ? 1 : 0
      assume_role_policy = data.aws_iam_policy_document.d[0].json
    }
    """
    assert findings({"main.tf": text}) == ["main.tf:11 * certain"]


def test_an_unknown_for_each_is_read_once() -> None:
    text = """
    variable "teams" {
      type = map(string)
    }
    resource "aws_iam_role" "deploy" {
      for_each = var.teams
      name     = each.key
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = each.value }
        }]
      })
    }
    """
    assert one({"main.tf": text}).unresolved() == ("`var.teams[*]`",)


def test_a_dynamic_block_over_an_unknown_list_may_be_there_or_not() -> None:
    text = """
    variable "ids" {
      type = list(string)
    }
    data "aws_iam_policy_document" "d" {
      statement {
        actions = ["sts:AssumeRole"]
        principals {
          type        = "AWS"
          identifiers = ["*"]
        }
        dynamic "condition" {
          for_each = var.ids
          content {
            test     = "StringEquals"
            variable = "aws:PrincipalOrgID"
            values   = [condition.value]
          }
        }
      }
    }
    resource "aws_iam_role" "deploy" {
      assume_role_policy = data.aws_iam_policy_document.d.json
    }
    """
    role = one({"main.tf": text})
    given = {variant.given: variant.document.plain() for variant in role.variants}
    assert set(given) == {
        ("`length(var.ids) > 0` is true",),
        ("`length(var.ids) > 0` is false",),
    }
    assert findings({"main.tf": text}) == ["main.tf:10 * possible"]


def test_a_document_that_nobody_knows_is_missing() -> None:
    role = one(
        {
            "main.tf": VARIABLE % "" + 'resource "aws_iam_role" "deploy" {\n'
            "  assume_role_policy = var.who\n}\n"
        }
    )
    (variant,) = role.variants
    assert variant.missing == ("the whole document, given by `var.who`",)


# --- modules -------------------------------------------------------------------------------------


def test_a_module_is_judged_as_it_is_called() -> None:
    inner = VARIABLE % '  default = "*"\n' + TRUST % "var.who"
    call = CALL % '  who = "arn:aws:iam::111111111111:root"\n'
    assert list(roles({"main.tf": call, "inner/main.tf": inner})) == [
        "module.inner.aws_iam_role.deploy"
    ]
    assert findings({"main.tf": call, "inner/main.tf": inner}) == []
    assert findings({"inner/main.tf": inner}) == ["inner/main.tf:3 * certain"]


def test_what_a_caller_leaves_out_is_the_default_whatever_it_is() -> None:
    inner = VARIABLE % '  default = ""\n' + TRUST % 'var.who == "" ? "*" : var.who'
    files = {"main.tf": CALL % "", "inner/main.tf": inner}
    assert findings(files) == ["inner/main.tf:9 * certain"]
    assert findings({"inner/main.tf": inner}) == ["inner/main.tf:9 * possible"]


def test_the_place_of_a_value_is_where_the_caller_wrote_it() -> None:
    inner = VARIABLE % "" + TRUST % "var.who"
    files = {"main.tf": CALL % '  who = "*"\n', "inner/main.tf": inner}
    assert findings(files) == ["main.tf:3 * certain"]
    assert findings(files, "main.tf") == ["main.tf:3 * certain"]


def test_every_root_that_calls_a_module_is_judged() -> None:
    files = {
        "one/main.tf": CALL.replace("./", "../") % '  who = "*"\n',
        "two/main.tf": CALL.replace("./", "../") % '  who = "arn:aws:iam::111111111111:root"\n',
        "inner/main.tf": VARIABLE % "" + TRUST % "var.who",
    }
    assert findings(files) == ["one/main.tf:3 * certain"]
    assert checked(files).summary.roles == 2


def test_outputs_of_modules_that_are_not_there_are_holes() -> None:
    call = 'module "far" {\n  source = "terraform-aws-modules/iam/aws"\n}\n'
    role = one({"main.tf": call + TRUST % "module.far.iam_role_arn"})
    assert role.unresolved() == ("`module.far.iam_role_arn`",)
    assert told({"main.tf": call}) == []


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('module.far.arns_of["a"]', "module.far.arns_of.a"),
        ('module.far.role_arn["a"]', "module.far.role_arn.a"),
        ('module.far.role_id[0].name["x"]', "module.far.role_id[0].name.x"),
    ],
)
def test_outputs_of_modules_that_are_not_there_may_hold_anything(value: str, name: str) -> None:
    call = 'module "far" {\n  source = "terraform-aws-modules/iam/aws"\n}\n'
    files = {"main.tf": call + TRUST % value}
    assert one(files).unresolved() == (f"`{name}`",)
    assert told(files) == []


def test_modules_that_were_installed_are_read_and_not_reported() -> None:
    call = 'module "far" {\n  source = "somewhere/else"\n  who    = "*"\n}\n'
    installed = '{"Modules": [{"Key": "far", "Dir": ".terraform/modules/far"}]}'
    files = {
        "main.tf": call,
        ".terraform/modules/modules.json": installed,
        ".terraform/modules/far/main.tf": VARIABLE % ""
        + TRUST % "var.who"
        + OPEN.replace("deploy", "other"),
    }
    assert findings(files) == ["main.tf:3 * certain"]


def test_of_a_file_that_is_named_its_roles_are_reported_and_what_it_says_of_others() -> None:
    files = {
        "roles.tf": TRUST % "local.who",
        "locals.tf": 'locals {\n  who = "*"\n}\n',
        "other.tf": OPEN.replace("deploy", "other"),
    }
    assert findings(files, "locals.tf") == ["locals.tf:2 * certain"]
    assert findings(files, "roles.tf") == ["locals.tf:2 * certain"]
    assert findings(files, "other.tf") == ["other.tf:5 * certain"]
    assert len(findings(files)) == 2
    report = checked(files, "roles.tf")
    assert (report.summary.roles, report.summary.files) == (1, 1)


def test_a_file_with_the_policy_of_a_role_is_judged_as_that_role() -> None:
    policy = json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    )
    role = 'resource "aws_iam_role" "deploy" {\n  assume_role_policy = file("trust.json")\n}\n'
    report = checked({"main.tf": role, "trust.json": policy})
    assert {name for each in report.findings for name in each.roles} == {"aws_iam_role.deploy"}
    assert report.summary.roles == 1


def test_files_are_looked_for_beside_the_root_module() -> None:
    files = {
        "infra/main.tf": CALL % "",
        "infra/inner/main.tf": 'resource "aws_iam_role" "deploy" {\n'
        '  assume_role_policy = templatefile("${path.module}/trust.tftpl", { who = "*" })\n}\n',
        "infra/inner/trust.tftpl": '{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",'
        '\n"Principal": {"AWS": "${who}"}}}',
    }
    assert findings(files) == ["infra/inner/main.tf:2 * certain"]


@pytest.mark.parametrize("path", ["/etc/passwd", "~/x", "../../../outside", "missing.json"])
def test_files_that_may_not_be_read_are_told(path: str) -> None:
    role = f'resource "aws_iam_role" "deploy" {{\n  assume_role_policy = file("{path}")\n}}\n'
    (message,) = told({"main.tf": role})
    assert path in message


# --- options -------------------------------------------------------------------------------------


def test_options_give_values_to_variables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main_tf = tmp_path / "main.tf"
    lists = 'variable "all" {\n  type = list(string)\n  default = []\n}\n'
    main_tf.write_text(VARIABLE % "" + lists + TRUST % "concat([var.who], var.all)")
    values = tmp_path / "values.tfvars"
    values.write_text('who = "*"\n')
    assert main(["check", str(main_tf), "--select", "public-trust"]) == 0
    assert main(["check", str(main_tf), "--var-file", str(values)]) == 1
    assert "critical[public-trust]" in capsys.readouterr().out
    assert main(["check", str(main_tf), "--var", "who=*"]) == 1
    assert "--> --var:1:5" in capsys.readouterr().out
    assert main(["check", str(main_tf), "--var", 'all=["*"]']) == 1
    assert "--> --var:1:7" in capsys.readouterr().out
    main(["check", str(main_tf), "--var", "whom=*"])
    assert "no root module has a variable `whom`" in capsys.readouterr().out
    assert main(["check", str(main_tf), "--var", "who"]) == 2


# --- addresses of providers ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "aws_iam_openid_connect_provider.p.url",
        'replace(aws_iam_openid_connect_provider.p.url, "https://", "")',
        'replace(aws_iam_openid_connect_provider.p.arn, "/^(.*provider/)/", "")',
        'replace(aws_eks_cluster.c.identity[0].oidc[0].issuer, "https://", "")',
        'trimprefix(aws_eks_cluster.c.identity[0].oidc[0].issuer, "https://")',
    ],
)
@pytest.mark.parametrize("url", ["aws_eks_cluster.c.identity[0].oidc[0].issuer"])
def test_the_address_of_a_cluster_is_one_thing_however_it_is_cut(key: str, url: str) -> None:
    text = f"""
    resource "aws_eks_cluster" "c" {{}}
    resource "aws_iam_openid_connect_provider" "p" {{
      url = {url}
    }}
    resource "aws_iam_role" "deploy" {{
      assume_role_policy = jsonencode({{
        Version = "2012-10-17"
        Statement = [{{
          Effect    = "Allow"
          Action    = "sts:AssumeRoleWithWebIdentity"
          Principal = {{ Federated = aws_iam_openid_connect_provider.p.arn }}
          Condition = {{ StringEquals = {{ "${{{key}}}:sub" = "system:serviceaccount:a:b" }} }}
        }}]
      }})
    }}
    """
    role = one({"main.tf": text})
    assert role.unresolved() == (f"`{url}`",)
    assert checked({"main.tf": text}, config=Config(select=("misspelt-key",))).findings == ()


# --- two files of one name -----------------------------------------------------------------------


def who(role: Role) -> str:
    return str(known(role)["Statement"][0]["Principal"]["AWS"])


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (("main.tf", "main.tofu"), "main.tofu"),
        (("main.tf.json", "main.tofu.json"), "main.tofu.json"),
        (("main.tofu", "a_override.tf", "a_override.tofu"), "a_override.tofu"),
    ],
)
def test_of_two_files_of_one_name_that_of_opentofu_is_read(
    names: tuple[str, ...], read: str
) -> None:
    def text(name: str) -> str:
        if not name.endswith(".json"):
            return TRUST % f'"{name}"'
        document = {"Statement": [{"Principal": {"AWS": name}}]}
        role = {"assume_role_policy": json.dumps(document)}
        return json.dumps({"resource": {"aws_iam_role": {"deploy": role}}})

    files = {name: text(name) for name in names}
    assert who(one(files)) == read
    (message,) = told(files)
    left_out = read.replace(".tofu", ".tf")
    assert message == f"`{left_out}` is not read: OpenTofu reads `{read}` instead"


@pytest.mark.parametrize("names", [("main.tf", "main.tofu.json"), ("main.tf", "other.tofu")])
def test_files_of_other_names_are_read_together(names: tuple[str, str]) -> None:
    files = {names[0]: TRUST % '"main"', names[1]: "{}" if names[1].endswith(".json") else ""}
    assert who(one(files)) == "main"
    assert told(files) == []

"""Makes Terraform configurations for the benchmarks, always the same ones, and measures them.

    python bench/terraform.py [--venv DIR] [--rivals DIR ...] [--write FOLDER]

With `--rivals`, environments in which checkov is installed, that reads the folder of 500 roles in
the same run. With `--write` nothing is measured.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from measuring import Cost, Row, middle, milli, run, say, table

PER_FILE = 5  # roles
HEAD = """\
variable "organisation" {
  type    = string
  default = "acme"
}

variable "external_id" {
  type      = string
  sensitive = true
}

variable "teams" {
  type    = map(string)
  default = { build = "111122223333", data = "222233334444", web = "333344445555" }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  iam     = "arn:${data.aws_partition.current.partition}:iam::${local.account}"
  host    = "token.actions.githubusercontent.com"
  tags    = { Owner = var.organisation }
}
"""
MODULE = """\
variable "name" {
  type = string
}

variable "services" {
  type    = list(string)
  default = ["lambda.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = var.services
    }
  }
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

output "arn" {
  value = aws_iam_role.this.arn
}
"""
# Roles as the wild has them: half are encoded in place, half are documents. The numbers are how
# often they come.
KINDS = (
    (
        30,
        """\
resource "aws_iam_role" "{word}_{number}" {{
  name = "{word}-{number}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "{service}.amazonaws.com" }}
    }}]
  }})
  tags = merge(local.tags, {{ Name = "{word}" }})
}}
""",
    ),
    (
        20,
        """\
resource "aws_iam_role" "{word}_{number}" {{
  name = "${{var.organisation}}-{word}-{number}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = {{ Federated = "${{local.iam}}:oidc-provider/${{local.host}}" }}
      Condition = {{
        StringEquals = {{ "${{local.host}}:aud" = "sts.amazonaws.com" }}
        StringLike   = {{ "${{local.host}}:sub" = "repo:${{var.organisation}}/{word}-{number}:*" }}
      }}
    }}]
  }})
}}
""",
    ),
    (
        20,
        """\
data "aws_iam_policy_document" "{word}_{number}" {{
  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "Service"
      identifiers = ["{service}.amazonaws.com"]
    }}
    condition {{
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }}
  }}
}}

resource "aws_iam_role" "{word}_{number}" {{
  name_prefix        = "{word}-"
  assume_role_policy = data.aws_iam_policy_document.{word}_{number}.json
}}
""",
    ),
    (
        15,
        """\
data "aws_iam_policy_document" "{word}_{number}" {{
  statement {{
    sid     = "Partner{number}"
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {{
      type        = "AWS"
      identifiers = [for team, account in var.teams : "arn:aws:iam::${{account}}:role/${{team}}"]
    }}
    dynamic "condition" {{
      for_each = var.external_id == null ? [] : [var.external_id]
      content {{
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }}
    }}
  }}
}}

resource "aws_iam_role" "{word}_{number}" {{
  name               = format("%s-%s", var.organisation, "{word}-{number}")
  assume_role_policy = data.aws_iam_policy_document.{word}_{number}.json
}}

resource "aws_iam_role_policy_attachment" "{word}_{number}" {{
  role       = aws_iam_role.{word}_{number}.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}}
""",
    ),
    (
        10,
        """\
module "{word}_{number}" {{
  source   = "./modules/service-role"
  name     = "{word}-{number}"
  services = ["{service}.amazonaws.com"]
}}
""",
    ),
    (
        5,
        """\
data "aws_iam_policy_document" "{word}_{number}" {{
  for_each = var.teams
  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "AWS"
      identifiers = ["arn:aws:iam::${{each.value}}:root"]
    }}
    condition {{
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = [each.key]
    }}
  }}
}}

resource "aws_iam_role" "{word}_{number}" {{
  for_each           = var.teams
  name               = "{word}-{number}-${{each.key}}"
  assume_role_policy = data.aws_iam_policy_document.{word}_{number}[each.key].json
}}
""",
    ),
)
SERVICES = ("lambda", "ec2", "ecs-tasks", "events", "states", "firehose", "glue", "codebuild")
WORDS = ("billing", "checkout", "data", "edge", "fraud", "growth", "ledger", "ml", "web")


def role(number: int) -> str:
    """The text of one role, or of what makes one."""
    draw = Random(f"role {number}")
    kind = draw.choices([text for _, text in KINDS], [weight for weight, _ in KINDS])[0]
    words = {"service": draw.choice(SERVICES), "word": draw.choice(WORDS), "number": number}
    return kind.format(**words)


def configuration(roles: int) -> Iterator[tuple[str, str]]:
    """The names and the texts of the files of a root module and of the module that it calls."""
    yield "main.tf", HEAD
    yield "modules/service-role/main.tf", MODULE
    for first in range(0, roles, PER_FILE):
        text = "\n".join(map(role, range(first, min(first + PER_FILE, roles))))
        yield f"roles_{first // PER_FILE:04}.tf", text


def written(folder: Path, files: Iterator[tuple[str, str]]) -> Path:
    for name, text in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def large(size: int) -> Iterator[tuple[str, str]]:
    """One file of at least that many characters, beside the module that it calls."""
    texts, length, number = [HEAD], 0, 0
    while length < size:
        texts.append(role(number))
        length += len(texts[-1])
        number += 1
    yield "main.tf", "\n".join(texts)
    yield "modules/service-role/main.tf", MODULE


def write(folder: Path) -> dict[str, Path]:
    """All configurations, by name."""
    found = {
        str(roles): written(folder / f"roles-{roles}", configuration(roles))
        for roles in (1, 100, 500, 1_000, 10_000)
    }
    return {**found, "large": written(folder / "large", large(1_000_000))}


def checked(python: Path, folder: Path, times: int) -> Cost:
    iamlint = python.parent / "iamlint"
    command: list[str | Path] = [iamlint, "check", folder, "--root", folder]
    return middle([run(command, statuses=(0, 1, 3)) for _ in range(times)])


def rows(python: Path, work: Path, rivals: Sequence[Path], times: int) -> list[Row]:
    """The costs of all configurations."""
    say("configurations of Terraform ...")
    folders = write(work / "terraform")
    bare = middle([run([python, "-c", "pass"]) for _ in range(5 * times)])
    small = checked(python, folders["1"], 5 * times)
    ratio = small.seconds / bare.seconds
    measured = f"{milli(small)} ms = {ratio:.1f} × bare, {small.mebibytes:.1f} MiB"
    found = [Row("a configuration of one role", measured, "≤ 6 ×", ratio <= 6)]
    ours = checked(python, folders["500"], times)
    theirs = [run(command, statuses=None) for command in checkov(rivals, folders["500"])]
    found.append(beside(ours, theirs))
    found += [
        Row("checkov, the same", f"{each.seconds:.2f} s, {each.mebibytes:.0f} MiB", "", True)
        for each in theirs
    ]
    cost = checked(python, folders["large"], times)
    found.append(Row("a file of 1 MB", f"{cost.seconds:.2f} s, {cost.mebibytes:.0f} MiB", "", True))
    return [*found, *growth(python, folders)]


def checkov(rivals: Sequence[Path], folder: Path) -> Iterator[list[str | Path]]:
    words = ("--framework", "terraform", "--compact", "--quiet", "-d")
    for command in (path / "bin" / "checkov" for path in rivals):
        if command.is_file():
            yield [command, *words, folder]


def beside(ours: Cost, theirs: Sequence[Cost]) -> Row:
    fastest = min((each.seconds for each in theirs), default=0.0)
    measured = f"{ours.seconds:.2f} s, {ours.mebibytes:.0f} MiB"
    met = ours.seconds <= 0.5
    if fastest:
        measured += f" = checkov / {fastest / ours.seconds:.1f}"
        met = met and ours.seconds <= fastest / 8
    return Row("500 roles in 100 files", measured, "≤ 0.5 s, ≤ checkov / 8", met)


def growth(python: Path, folders: dict[str, Path]) -> list[Row]:
    """What ten times as many roles cost."""
    few, more, most = (checked(python, folders[name], 1) for name in ("100", "1000", "10000"))
    cold = checked(python, folders["1"], 1)
    grown = (most.seconds - cold.seconds) / (more.seconds - cold.seconds)
    measured = f"{few.seconds:.2f} s, {more.seconds:.2f} s, {most.seconds:.2f} s; × {grown:.1f}"
    return [Row("100, 1,000 and 10,000 roles", measured, "≤ × 12 at the end", grown <= 12)]


def main() -> int:
    """Write, or measure and print; status 1 when an aim was missed."""
    parser = argparse.ArgumentParser(description="Measure how iamlint reads Terraform.")
    parser.add_argument("--rivals", type=Path, nargs="*", default=[])
    parser.add_argument("--venv", type=Path, help="where iamlint is installed")
    parser.add_argument("--write", type=Path, help="only write the configurations there")
    asked = parser.parse_args()
    if asked.write is not None:
        write(asked.write)
        return 0
    found = in_a_folder(asked.venv, asked.rivals)
    print(table(found))
    return 0 if all(each.met for each in found) else 1


def in_a_folder(venv: Path | None, rivals: Sequence[Path]) -> list[Row]:
    with TemporaryDirectory() as folder:
        python = (venv / "bin" / "python") if venv else Path(sys.executable)
        return rows(python, Path(folder), rivals, 3)


if __name__ == "__main__":
    sys.exit(main())

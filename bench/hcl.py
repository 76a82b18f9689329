"""How fast HCL is read: one file of a megabyte of roles, with the garbage collector on and off.

    python bench/hcl.py [BYTES]

Beside it, where they can be imported, the parsers that others use.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from time import process_time

sys.path.append(str(Path(__file__).resolve().parents[1]))  # where iamlint is not installed

from iamlint.source import Source
from iamlint.syntax.hcl import parse

ENCODED = """\
resource "aws_iam_role" "encoded_{n}" {{
  name = "encoded-{n}" # the one of team {n}
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect    = "Allow"
        Action    = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
        Principal = {{ Federated = aws_iam_openid_connect_provider.github.arn }}
        Condition = {{
          StringEquals = {{ "${{local.issuer}}:aud" = "sts.amazonaws.com" }}
          StringLike   = {{ "${{local.issuer}}:sub" = [for r in var.repos : "repo:acme/${{r}}:*"] }}
        }}
      }},
    ]
  }})

  tags = merge(local.tags, {{ Team = "team-{n}", Cost = {n} }})
}}

"""
DOCUMENT = """\
data "aws_iam_policy_document" "trust_{n}" {{
  statement {{
    sid     = "Trust{n}"
    actions = ["sts:AssumeRole"]

    principals {{
      type        = "AWS"
      identifiers = ["arn:aws:iam::11112222{n:04}:root", data.aws_caller_identity.me.account_id]
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

resource "aws_iam_role" "document_{n}" {{
  count              = var.enabled && length(var.accounts) > 0 ? 1 : 0
  name               = format("%s-%s", local.prefix, "document-{n}")
  assume_role_policy = data.aws_iam_policy_document.trust_{n}[0].json
}}

"""
HEREDOC = """\
resource "aws_iam_role" "heredoc_{n}" {{
  for_each           = toset(["a", "b", "c"])
  name               = "heredoc-{n}-${{each.key}}"
  assume_role_policy = <<-EOF
    {{
      "Version": "2012-10-17",
      "Statement": [{{
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {{"Service": "${{each.key}}.amazonaws.com"}}
      }}]
    }}
  EOF
}}

"""
MODULE = """\
module "role_{n}" {{
  source   = "./modules/role"
  name     = "module-{n}"
  accounts = ["111122223333", "444455556666"]
  tags     = local.tags
}}

"""
KINDS = (ENCODED, DOCUMENT, HEREDOC, DOCUMENT, MODULE)


def roles(size: int) -> str:
    """A file of at least that many characters, always the same."""
    blocks, length, n = [], 0, 0
    while length < size:
        blocks.append(KINDS[n % len(KINDS)].format(n=n))
        length += len(blocks[-1])
        n += 1
    return "".join(blocks)


def speed(read: Callable[[str], object], text: str, runs: int = 7) -> float:
    """Megabytes a second of processor time, the median of some runs."""
    times = []
    for _ in range(runs):
        gc.collect()
        start = process_time()
        made = read(text)
        times.append(process_time() - start)
        del made
    return len(text) / 1e6 / median(times)


def ours(text: str) -> object:
    body, problems = parse(Source("main.tf", text))
    assert not problems
    return body


def others() -> dict[str, Callable[[str], object]]:
    found = {}
    for name in ("pygohcl", "hcl2"):
        try:
            found[name] = import_module(name).loads
        except ImportError:
            continue
    return found


def main() -> None:
    text = roles(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    print(f"{len(text):,} characters, {text.count(chr(10)):,} lines")
    gc.disable()
    print(f"iamlint, collector off  {speed(ours, text):6.2f} MB/s")
    gc.enable()
    print(f"iamlint, collector on   {speed(ours, text):6.2f} MB/s")
    for name, read in others().items():
        print(f"{name:23} {speed(read, text, 1):6.2f} MB/s")


if __name__ == "__main__":
    main()

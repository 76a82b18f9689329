"""Draws small configurations of all kinds, and edits of them, for tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Files = dict[str, str]

HEAD = """\
variable "org" { default = "acme" }
variable "open" {}
variable "maybe" { default = "" }
variable "teams" {
  type    = map(string)
  default = { a = "111122223333", b = "222233334444" }
}
variable "flag" { type = bool }
variable "bad" { type = strin }

locals {
  iam   = "arn:aws:iam::${var.open}"
  ids   = [var.open, var.org, "111122223333"]
  host  = "token.actions.githubusercontent.com"
  pick  = var.flag ? "x" : var.open
  doc   = jsonencode({ Statement = [{ Sid = "s", Principal = { AWS = var.open } }] })
  chain = "${local.pick}-${local.host}"
  odd   = uuid()
  tpl   = templatefile("t.tpl", { name = var.org, who = local.iam })
  bad   = var.bad
}
"""
MODULE = """\
variable "name" {}
variable "services" { default = ["lambda.amazonaws.com"] }
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
output "arn" { value = aws_iam_role.this.arn }
"""
_STATEMENT = '{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "%s"}}'
TEMPLATE = f'{{"Statement": [{_STATEMENT % "${who}"}], "Id": "${{name}}"}}'
DOCUMENT = f'{{"Statement": [{_STATEMENT % "*"}]}}'

# `{name}` is drawn, and so is one of the texts between `«»`.
ROLE = 'resource "aws_iam_role" "{name}" {{\n  {more}\n  assume_role_policy = {policy}\n}}'
POLICIES = (
    "jsonencode({ Statement = [{ Principal = { AWS = «local.iam|local.ids|var.open"
    "|sort([local.extra1, var.open, var.other, data.aws_caller_identity.me.arn])"
    '|[for x in local.ids : replace(x, "z", "y")]|data.aws_caller_identity.me.arn» } }] })',
    "data.aws_iam_policy_document.«one0|two1|{name}».json",
    "«local.doc|local.tpl|local.chain|local.bad|local.nope|undefined_fn(var.open)»",
    '«file("doc.json")|file("gone.json")|try(local.nope, file("doc.json"))»',
    'templatefile("t.tpl", { name = "n", who = «var.open|local.ids[0]|each.value» })',
    "module.«one0|two1».arn",
    '<<EOT\n{ "Statement": [{ "Principal": { "AWS": "${var.open}" } }«|]»] }\nEOT',
    "jsonencode({ Statement = [{ Principal = { AWS = each.value }, Condition"
    ' = { StringEquals = { "sts:ExternalId" = var.flag ? local.chain : each.key } } }] })',
)
_MORE = (
    "",
    'name = «"{name}"|var.maybe|"${var.org}-{name}"»',
    "for_each = var.teams",
    "count = var.flag ? 1 : 0",
    'managed_policy_arns = [aws_iam_policy.«p|q».arn, "arn:aws:iam::aws:policy/X"]',
    "tags = { a = var.org }\n  name = local.odd",
)
_OTHERS = (
    """data "aws_iam_policy_document" "«one0|two1|{name}»" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = «local.ids|[var.open, local.pick]|["*"]|[for k, v in var.teams : v]»
    }
    principals {
      type        = "AWS"
      identifiers = «var.more|toset([var.open, var.other])|[data.aws_caller_identity.me.id]»
    }
    dynamic "condition" {
      for_each = «var.maybe == "" ? [] : [1]|var.teams|[1]|var.open»
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [«local.chain|condition.value|var.nowhere|local.odd»]
      }
    }
  }
}""",
    """module "{name}" {
  source   = "./m"
  name     = "{name}"
  services = [«"ec2.amazonaws.com"|var.open|local.host|local.iam»]
  «|count = 2|for_each = var.teams|for_each = toset([var.open])»
}""",
    """resource "aws_iam_role_policy_attachment" "{name}" {
  role       = «aws_iam_role.{name}.name|"one1"|aws_iam_role.one0.name|module.one0.arn|var.open»
  policy_arn = «aws_iam_policy.p.arn|"arn:aws:iam::aws:policy/ReadOnly"|aws_iam_policy.q.arn»
}""",
    """resource "aws_iam_role_policy" "{name}" {
  role   = aws_iam_role.«one0|{name}».«id|name»
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = var.open }] })
}""",
    """resource "aws_iam_policy" "«p|q»" {
  name   = «"pol"|var.open|local.host»
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "«s3|iam»:*", Resource = "*" }] })
}""",
    """locals {
  extra1 = «var.open|local.extra2|"v"|timestamp()»
  extra2 = «local.extra1|var.other|"${var.open}"»
}""",
    'variable "«other|more|org|open»" {\n  default = «"v"|["a", "b"]|null|""»\n}',
    'data "aws_caller_identity" "me" {}',
    """module "{name}" {
  source            = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
  version           = "«5.0.0|5.30.0»"
  create_role       = true
  role_name         = "{name}"
  trusted_role_arns = [«var.open|local.iam|"arn:aws:iam::111122223333:root"»]
}""",
)


def block(draw: Random) -> str:
    """One block, or a few that belong together."""
    if draw.random() < 0.5:
        text = ROLE.replace("{{", "{").replace("}}", "}")
        text = text.replace("{more}", draw.choice(_MORE)).replace("{policy}", draw.choice(POLICIES))
    else:
        text = draw.choice(_OTHERS)
    text = text.replace("{name}", draw.choice(("one", "two")) + str(draw.randrange(4)))
    return re.sub("«([^»]*)»", lambda found: draw.choice(found[1].split("|")), text)


def configuration(draw: Random) -> Files:
    """A root module, the module that it calls, and files that functions read."""
    files = {"main.tf": HEAD, "m/main.tf": MODULE, "t.tpl": TEMPLATE, "doc.json": DOCUMENT}
    for number in range(draw.randrange(1, 4)):
        blocks = [block(draw) for _ in range(draw.randrange(1, 7))]
        files[f"r{number}.tf"] = "\n\n".join(blocks) + "\n"
    return files


_SWAPS = (
    *(("var.open", "var.org"), ("var.org", "var.open"), ("local.iam", "local.host")),
    *(("AssumeRole", "AssumeRoleX"), ("111122223333", "*"), ("each.key", "each.value")),
    *(('"*"', '"arn:aws:iam::1:root"'), ("one0", "two1"), ("two1", "one0"), ("acme", "ac🚀me")),
    *(("\n", "\r\n"), ("pol", "pol2"), ("x", "\U000f0003"), ("bool", "string"), ("null", '"x"')),
)
_BREAKS = ("}", "{", '"', "${", "<<EOT\n", "/*", "x", "=", "\r", "\ufeff")


def edited(files: Files, draw: Random) -> Files:
    """The files after an edit, as a person may make one."""
    return draw.choice(_EDITS)(dict(files), draw)


def _path(files: Files, draw: Random) -> str:
    return draw.choice([path for path in files if path.endswith(".tf")])


def _swapped(files: Files, draw: Random) -> Files:
    path = draw.choice(list(files))
    text, (old, new) = files[path], draw.choice(_SWAPS)
    found = [match.start() for match in re.finditer(re.escape(old), text)]
    if found:
        at = draw.choice(found)
        files[path] = text[:at] + new + text[at + len(old) :]
    return files


def _added(files: Files, draw: Random) -> Files:
    path = _path(files, draw)
    blank = draw.choice(("", "\n\n", "# a comment\n", "/* of two\n lines */\n"))
    more = block(draw) + "\n" if draw.random() < 0.6 else ""
    files[path] = blank + more + files[path] if draw.random() < 0.5 else files[path] + blank + more
    return files


def _rearranged(files: Files, draw: Random) -> Files:
    path = _path(files, draw)
    parts = files[path].split("\n\n")
    at = draw.randrange(len(parts))
    what = draw.randrange(3)
    if what == 0:
        draw.shuffle(parts)
    elif what == 1:
        parts.pop(at)
    else:
        parts.insert(at, draw.choice(parts))
    files[path] = "\n\n".join(parts)
    return files


def _broken(files: Files, draw: Random) -> Files:
    path = _path(files, draw)
    at = draw.randrange(len(files[path]) + 1)
    files[path] = files[path][:at] + draw.choice(_BREAKS) + files[path][at:]
    return files


def _other_files(files: Files, draw: Random) -> Files:
    known = [path for path in files if path not in ("main.tf", "t.tpl")]
    what = draw.randrange(5)
    if what == 0:
        del files[draw.choice(known)]
    elif what == 1:
        files[draw.choice(("x.tf", "override.tf", "a_override.tf"))] = block(draw) + "\n"
    elif what == 2:
        files["z.tf.json"] = draw.choice(
            ('{"locals": {"host": "h.example.com"}}', '{"variable": {"open": {"default": "q"}}}')
        )
    elif what == 3:
        path = draw.choice(("terraform.tfvars", "x.auto.tfvars"))
        files[path] = draw.choice(
            ('open = "given"\n', 'org = "o"\n', "flag = true\n", "open = [\n")
        )
    else:
        files["t.tpl"] = draw.choice((TEMPLATE, DOCUMENT, "${who}", "${"))
    return files


_EDITS: tuple[Callable[[Files, Random], Files], ...] = (
    *(_swapped, _swapped, _swapped, _added, _added),
    *(_rearranged, _rearranged, _broken, _other_files),
)

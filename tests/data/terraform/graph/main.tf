# Planned by the refresh script of `provider_oracle.py`; the policies of all roles are `../graph.json`.
variable "account" {
  type    = string
  default = "222222222222"
}

variable "accounts" {
  type    = list(string)
  default = ["222222222222"]
}

variable "automatic" {
  type    = string
  default = "default"
}

variable "teams" {
  type = map(object({
    accounts = list(string)
    id       = optional(string)
    hours    = optional(number, 8)
  }))
  default = {
    blue = { accounts = ["222222222222", "333333333333"], id = "blue-id" }
    red  = { accounts = ["444444444444"] }
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  root     = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"
  accounts = concat(var.accounts, [data.aws_caller_identity.current.account_id])
  trust = {
    Version = "2012-10-17"
    Statement = [for account in local.accounts : {
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::${account}:root" }
    }]
  }
  conditions = {
    StringEquals = { "aws:PrincipalOrgID" = "o-abcdefghij" }
  }
}

resource "aws_iam_role" "encoded" {
  name               = "encoded"
  assume_role_policy = jsonencode(local.trust)
}

resource "aws_iam_role" "merged" {
  name = "merged"
  assume_role_policy = jsonencode(merge(local.trust, {
    Statement = [merge(local.trust.Statement[0], { Condition = local.conditions, "Sid" : "Merged" })]
  }))
}

resource "aws_iam_role" "heredoc" {
  count              = 2
  name               = "heredoc-${count.index}"
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Number${count.index}",
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Principal": {"AWS": "${local.root}"},
          "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/$${aws:username}"}}
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "team" {
  for_each = var.teams
  statement {
    sid     = title(each.key)
    actions = ["sts:AssumeRole", "sts:TagSession"]
    dynamic "principals" {
      for_each = each.value.accounts
      iterator = account
      content {
        type        = "AWS"
        identifiers = ["arn:aws:iam::${account.value}:root"]
      }
    }
    dynamic "condition" {
      for_each = each.value.id == null ? [] : [each.value.id]
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value, "hours-${each.value.hours}"]
      }
    }
  }
  dynamic "statement" {
    for_each = each.key == "red" ? toset(["one", "two"]) : toset([])
    content {
      sid       = "Extra${statement.key}"
      effect    = "Deny"
      actions   = ["sts:AssumeRole"]
      resources = []
      not_principals {
        type        = "AWS"
        identifiers = [local.root, "arn:aws:iam::555555555555:user/&{aws:username}"]
      }
    }
  }
}

resource "aws_iam_role" "team" {
  for_each           = data.aws_iam_policy_document.team
  name               = each.key
  assume_role_policy = each.value.json
}

data "aws_iam_policy_document" "base" {
  count = length(var.accounts) > 0 ? 1 : 0
  statement {
    sid     = "Base"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com", "lambda.${data.aws_partition.current.dns_suffix}"]
    }
  }
}

data "aws_iam_policy_document" "joined" {
  source_policy_documents   = [join("", data.aws_iam_policy_document.base[*].json)]
  override_policy_documents = [file("${path.module}/files/override.json")]
  statement {
    sid     = "Own"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_iam_role" "joined" {
  name               = "joined"
  assume_role_policy = one(data.aws_iam_policy_document.joined[*].json)
}

resource "aws_iam_role" "template" {
  name = "template"
  assume_role_policy = templatefile("${path.module}/files/trust.json.tftpl", {
    principals = [for account in local.accounts : "arn:aws:iam::${account}:root"]
    org        = true
  })
}

resource "aws_iam_role" "twice" {
  name               = "twice"
  assume_role_policy = jsonencode(jsondecode(file("files/override.json")))
}

module "role" {
  source = "./role"
  for_each = {
    plain = { principals = [var.account] }
    named = { principals = ["333333333333"], external_id = "x-${var.automatic}" }
  }
  name        = each.key
  principals  = each.value.principals
  external_id = lookup(each.value, "external_id", "")
}

module "off" {
  source     = "./role"
  name       = "off"
  principals = ["333333333333"]
  create     = false
}

module "nested" {
  source = "./nested"
  trusts = { for key, policy in { a = "222222222222", b = "333333333333" } : key => jsonencode({
    Version = "2012-10-17"
    Statement = {
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = policy }
    }
  }) }
}

resource "aws_iam_role" "reader" {
  name = "reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = module.nested.accounts }
      Condition = { StringLike = { "aws:RequestedRegion" = "${data.aws_region.current.name}*" } }
    }]
  })
}

resource "aws_iam_role" "overridden" {
  name               = "overridden"
  assume_role_policy = "not what counts"
}

resource "aws_iam_role" "json_document" {
  name               = "json-document"
  assume_role_policy = data.aws_iam_policy_document.json.json
}

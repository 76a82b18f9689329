"""Modules of the UK Ministry of Justice that make roles in its accounts.

Written after the inputs and the behaviour of the releases at
https://github.com/ministryofjustice/modernisation-platform-github-oidc-role and
https://github.com/ministryofjustice/modernisation-platform-terraform-cross-account-access,
which are licensed under the MIT licence; nothing of their text is in here.
"""

from __future__ import annotations

from iamlint.data.modules.package import Model, Package

CHECKED_ON = "2026-11-24"

_GITHUB = """
variable "github_repositories" { type = list(string) }
variable "subject_claim" { default = "*" }
variable "role_name" { type = string }
variable "max_session_duration" { default = 3600 }
variable "policy_arns" { default = ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }
data "aws_caller_identity" "own" {}
locals {
  host    = "token.actions.githubusercontent.com"
  account = data.aws_caller_identity.own.account_id
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${local.account}:oidc-provider/${local.host}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.host}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.host}:sub"
      values   = [for name in var.github_repositories : "repo:${name}:${var.subject_claim}"]
    }
  }
}
resource "aws_iam_role" "this" {
  name                 = var.role_name
  max_session_duration = var.max_session_duration
  managed_policy_arns  = var.policy_arns
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
output "role" { value = aws_iam_role.this.arn }
output "role_trust_policy" { value = data.aws_iam_policy_document.trust.json }
"""

GITHUB = Package(
    "",
    "ministryofjustice/modernisation-platform-github-oidc-role",
    "3.1.0 9d9a2d23cf56  3.2.0 62b8a16c73d8  4.0.0 b40748ec162b",
    {"": Model((_GITHUB,), "3.1.0", "4.0.0")},
)

_CROSS_ACCOUNT = """
variable "account_id" { type = string }
variable "role_name" { type = string }
variable "policy_arn" { default = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
variable "additional_trust_roles" {
  type    = list(string)
  default = []
}
variable "additional_trust_statements" {
  type    = list(string)
  default = []
}
data "aws_iam_policy_document" "trust" {
  source_policy_documents = var.additional_trust_statements
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account_id}:root"]
    }
  }
  dynamic "statement" {
    for_each = var.additional_trust_roles
    content {
      actions = ["sts:AssumeRole"]
      principals {
        type        = "AWS"
        identifiers = [statement.value]
      }
    }
  }
}
resource "aws_iam_role" "default" {
  name                = var.role_name
  managed_policy_arns = [var.policy_arn]
  assume_role_policy  = data.aws_iam_policy_document.trust.json
}
output "role_arn" { value = aws_iam_role.default.arn }
"""

CROSS_ACCOUNT = Package(
    "",
    "ministryofjustice/modernisation-platform-terraform-cross-account-access",
    "2.3.0 bf4d11369c1c  3.0.0 6819b090bce6  3.0.1 bc477f175119  4.0.0 321b0bcb8699",
    {"": Model((_CROSS_ACCOUNT,), "2.3.0", "4.0.0")},
)

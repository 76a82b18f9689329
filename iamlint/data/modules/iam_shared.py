"""What several modules of terraform-aws-modules/iam/aws up to release 5 have in common."""

from __future__ import annotations

OWN = """
data "aws_caller_identity" "own" {}
data "aws_partition" "own" {}
locals {
  partition = data.aws_partition.own.partition
  account   = data.aws_caller_identity.own.account_id
  iam       = "arn:${local.partition}:iam::${local.account}"
}
"""
# What the modules for one role have in common; 5.5.0 named the role itself, before it was there.
SELF = """
variable "role_name" { default = null }
variable "role_name_prefix" { default = null }
variable "role_path" { default = "/" }
variable "max_session_duration" { default = 3600 }
variable "allow_self_assume_role" {
  type    = bool
  default = false
}
locals {
  name = var.role_name != null ? var.role_name : "${var.role_name_prefix}*"
  self = "${local.iam}:role${var.role_path}${local.name}"
}
data "aws_iam_policy_document" "self" {
  dynamic "statement" {
    for_each = var.allow_self_assume_role ? [1] : []
    content {
      sid     = "ExplicitSelfRoleAssumption"
      actions = ["sts:AssumeRole"]
      principals {
        type        = "AWS"
        identifiers = local.release < 50502 ? [local.self] : ["*"]
      }
      dynamic "condition" {
        for_each = local.release < 50502 ? [] : [1]
        content {
          test     = "ArnLike"
          variable = "aws:PrincipalArn"
          values   = [local.self]
        }
      }
    }
  }
}
output "iam_role_arn" { value = aws_iam_role.this[0].arn }
output "iam_role_name" { value = aws_iam_role.this[0].name }
output "iam_role_path" { value = aws_iam_role.this[0].path }
"""
CREATED = """
resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = local.policies
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
"""
ASSUMABLE = """
variable "trusted_role_arns" {
  type    = list(string)
  default = []
}
variable "trusted_role_services" {
  type    = list(string)
  default = []
}
variable "trusted_role_actions" { default = null }
variable "mfa_age" { default = 86400 }
locals {
  # until 5.23 what was given was all there was; `sts:TagSession` is a default since then
  given   = var.trusted_role_actions != null ? var.trusted_role_actions : []
  default = local.release < 52300 ? ["sts:AssumeRole"] : ["sts:AssumeRole", "sts:TagSession"]
  always  = local.release < 52300 ? [] : ["sts:AssumeRole"]
  actions = (
    var.trusted_role_actions != null ? distinct(concat(local.always, local.given)) : local.default
  )
}
"""

# The modules for three roles: each that is made may be entered from all that are.
SELVES = """
locals {
  selves = {
    Admin = {
      made = var.create_admin_role
      name = "${var.admin_role_path}${var.admin_role_name}"
    }
    PowerUser = {
      made = var.create_poweruser_role
      name = "${var.poweruser_role_path}${var.poweruser_role_name}"
    }
    ReadOnly = {
      made = var.create_readonly_role
      name = "${var.readonly_role_path}${var.readonly_role_name}"
    }
  }
}
data "aws_iam_policy_document" "selves" {
  dynamic "statement" {
    for_each = {
      for kind, each in local.selves :
      kind => each.name if each.made && var.allow_self_assume_role
    }
    content {
      sid     = "ExplicitSelf${statement.key}RoleAssumption"
      actions = ["sts:AssumeRole"]
      principals {
        type        = "AWS"
        identifiers = ["*"]
      }
      condition {
        test     = "ArnLike"
        variable = "aws:PrincipalArn"
        values   = ["${local.iam}:role${statement.value}"]
      }
    }
  }
}
output "admin_iam_role_arn" { value = aws_iam_role.admin[0].arn }
output "poweruser_iam_role_arn" { value = aws_iam_role.poweruser[0].arn }
output "readonly_iam_role_arn" { value = aws_iam_role.readonly[0].arn }
output "admin_iam_role_name" { value = aws_iam_role.admin[0].name }
output "poweruser_iam_role_name" { value = aws_iam_role.poweruser[0].name }
output "readonly_iam_role_name" { value = aws_iam_role.readonly[0].name }
"""

"""Modules of terraform-aws-modules/iam/aws for roles of users, roles and services."""

from __future__ import annotations

ASSUMABLE_ROLE = """
variable "create_role" { default = false }
variable "role_requires_mfa" {
  type    = bool
  default = true
}
variable "role_sts_externalid" { default = [] }
variable "role_requires_session_name" { default = false }
variable "role_session_name" {
  type    = list(string)
  default = ["$${aws:username}"]
}
variable "trust_policy_conditions" { default = [] }
variable "custom_role_trust_policy" { default = "" }
variable "create_custom_role_trust_policy" { default = false }
variable "custom_role_policy_arns" { default = [] }
variable "attach_admin_policy" { default = false }
variable "attach_poweruser_policy" { default = false }
variable "attach_readonly_policy" { default = false }
variable "admin_role_policy_arn" { default = "arn:aws:iam::aws:policy/AdministratorAccess" }
variable "poweruser_role_policy_arn" { default = "arn:aws:iam::aws:policy/PowerUserAccess" }
variable "readonly_role_policy_arn" { default = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
locals {
  external_ids = flatten([var.role_sts_externalid])
  has_custom   = var.create_custom_role_trust_policy || local.release < 53000
  custom       = local.has_custom ? var.custom_role_trust_policy : ""
  policies = concat(
    var.custom_role_policy_arns,
    var.attach_admin_policy ? [var.admin_role_policy_arn] : [],
    var.attach_poweruser_policy ? [var.poweruser_role_policy_arn] : [],
    var.attach_readonly_policy ? [var.readonly_role_policy_arn] : [],
  )
}
data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.self.json]
  statement {
    # with MFA the actions counted since 4.7, and the external id since 4.2
    actions = var.role_requires_mfa && local.release < 40700 ? ["sts:AssumeRole"] : local.actions
    principals {
      type        = "AWS"
      identifiers = var.trusted_role_arns
    }
    principals {
      type        = "Service"
      identifiers = var.trusted_role_services
    }
    dynamic "condition" {
      for_each = var.role_requires_mfa ? { Bool = "Present", NumericLessThan = "Age" } : {}
      content {
        test     = condition.key
        variable = "aws:MultiFactorAuth${condition.value}"
        values   = condition.value == "Age" ? [var.mfa_age] : ["true"]
      }
    }
    dynamic "condition" {
      for_each = (
        length(local.external_ids) == 0 || (var.role_requires_mfa && local.release < 40200)
      ) ? [] : [1]
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = local.external_ids
      }
    }
    dynamic "condition" {
      for_each = (
        var.role_requires_session_name && (var.role_requires_mfa || local.release >= 52901)
      ) ? [1] : []
      content {
        test     = "StringEquals"
        variable = "sts:RoleSessionName"
        values   = var.role_session_name
      }
    }
    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}
resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = local.policies
  assume_role_policy   = local.custom != "" ? local.custom : data.aws_iam_policy_document.trust.json
}
"""

# Each of the three may be entered with or without MFA; all of them have one policy of each kind.
ASSUMABLE_ROLES = """
variable "max_session_duration" { default = 3600 }
variable "allow_self_assume_role" {
  type    = bool
  default = false
}
variable "trust_policy_conditions" { default = [] }
variable "create_admin_role" { default = false }
variable "create_poweruser_role" { default = false }
variable "create_readonly_role" { default = false }
variable "admin_role_name" { default = "admin" }
variable "poweruser_role_name" { default = "poweruser" }
variable "readonly_role_name" { default = "readonly" }
variable "admin_role_path" { default = "/" }
variable "poweruser_role_path" { default = "/" }
variable "readonly_role_path" { default = "/" }
variable "admin_role_requires_mfa" { default = true }
variable "poweruser_role_requires_mfa" { default = true }
variable "readonly_role_requires_mfa" { default = true }
variable "admin_role_policy_arns" { default = ["arn:aws:iam::aws:policy/AdministratorAccess"] }
variable "poweruser_role_policy_arns" { default = ["arn:aws:iam::aws:policy/PowerUserAccess"] }
variable "readonly_role_policy_arns" { default = ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }
data "aws_iam_policy_document" "trust" {
  for_each                = { mfa = true, plain = false }
  source_policy_documents = [data.aws_iam_policy_document.selves.json]
  statement {
    actions = local.release < 52300 ? ["sts:AssumeRole"] : local.actions
    principals {
      type        = "AWS"
      identifiers = var.trusted_role_arns
    }
    principals {
      type        = "Service"
      identifiers = var.trusted_role_services
    }
    dynamic "condition" {
      for_each = each.value ? { Bool = "Present", NumericLessThan = "Age" } : {}
      content {
        test     = condition.key
        variable = "aws:MultiFactorAuth${condition.value}"
        values   = condition.value == "Age" ? [var.mfa_age] : ["true"]
      }
    }
    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}
locals {
  trust = { for key, each in data.aws_iam_policy_document.trust : key => each.json }
}
resource "aws_iam_role" "admin" {
  count                = var.create_admin_role ? 1 : 0
  name                 = var.admin_role_name
  path                 = var.admin_role_path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = var.admin_role_policy_arns
  assume_role_policy   = local.trust[var.admin_role_requires_mfa ? "mfa" : "plain"]
}
resource "aws_iam_role" "poweruser" {
  count                = var.create_poweruser_role ? 1 : 0
  name                 = var.poweruser_role_name
  path                 = var.poweruser_role_path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = var.poweruser_role_policy_arns
  assume_role_policy   = local.trust[var.poweruser_role_requires_mfa ? "mfa" : "plain"]
}
resource "aws_iam_role" "readonly" {
  count                = var.create_readonly_role ? 1 : 0
  name                 = var.readonly_role_name
  path                 = var.readonly_role_path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = var.readonly_role_policy_arns
  assume_role_policy   = local.trust[var.readonly_role_requires_mfa ? "mfa" : "plain"]
}
"""

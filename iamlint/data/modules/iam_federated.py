"""Modules of terraform-aws-modules/iam/aws for roles of identity providers, and for these."""

from __future__ import annotations

WITH_OIDC = """
variable "create_role" { default = false }
variable "provider_url" { default = null }
variable "provider_urls" {
  type    = list(string)
  default = []
}
variable "aws_account_id" { default = "" }
variable "oidc_fully_qualified_subjects" {
  type    = set(string)
  default = []
}
variable "oidc_subjects_with_wildcards" {
  type    = set(string)
  default = []
}
variable "oidc_fully_qualified_audiences" {
  type    = set(string)
  default = []
}
variable "provider_trust_policy_conditions" { default = [] }
variable "role_policy_arns" { default = [] }
locals {
  policies = var.role_policy_arns
  other    = "arn:${local.partition}:iam::${var.aws_account_id}"
  provider = var.aws_account_id != "" ? local.other : local.iam
  claims = {
    sub   = { test = "StringEquals", claim = "sub", values = var.oidc_fully_qualified_subjects }
    like  = { test = "StringLike", claim = "sub", values = var.oidc_subjects_with_wildcards }
    # the audience is a pattern in all releases, whatever the name of the input says
    aud = { test = "StringLike", claim = "aud", values = var.oidc_fully_qualified_audiences }
  }
}
data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.self.json]
  dynamic "statement" {
    for_each = [
      for url in concat(var.provider_urls, var.provider_url != null ? [var.provider_url] : []) :
      replace(url, "https://", "")
    ]
    content {
      actions = concat(
        ["sts:AssumeRoleWithWebIdentity"],
        local.release < 54400 ? [] : ["sts:TagSession"],
      )
      principals {
        type        = "Federated"
        identifiers = ["${local.provider}:oidc-provider/${statement.value}"]
      }
      dynamic "condition" {
        for_each = { for name, each in local.claims : name => each if length(each.values) > 0 }
        content {
          test     = condition.value.test
          variable = "${statement.value}:${condition.value.claim}"
          values   = condition.value.values
        }
      }
    dynamic "condition" {
      for_each = var.provider_trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
    }
  }
}
"""

WITH_SAML = """
variable "create_role" { default = false }
variable "provider_id" { default = null }
variable "provider_ids" {
  type    = list(string)
  default = []
}
variable "aws_saml_endpoint" { default = "https://signin.aws.amazon.com/saml" }
variable "trusted_role_actions" { default = null }
variable "role_policy_arns" { default = [] }
locals {
  policies = var.role_policy_arns
  more     = local.release < 52300 ? [] : ["sts:TagSession"]
}
data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.self.json]
  statement {
    actions = distinct(concat(
      ["sts:AssumeRoleWithSAML"],
      var.trusted_role_actions != null ? compact(var.trusted_role_actions) : local.more,
    ))
    principals {
      type        = "Federated"
      identifiers = concat(var.provider_ids, var.provider_id != null ? [var.provider_id] : [])
    }
    condition {
      test     = "StringEquals"
      variable = "SAML:aud"
      values   = [var.aws_saml_endpoint]
    }
  }
}
"""

GITHUB = """
variable "create" { default = true }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = "/" }
variable "max_session_duration" { default = null }
variable "provider_url" { default = "token.actions.githubusercontent.com" }
variable "audience" { default = "sts.amazonaws.com" }
variable "subjects" {
  type    = list(string)
  default = []
}
variable "subject_condition" { default = "StringLike" }
variable "additional_trust_policy_conditions" { default = [] }
variable "policies" { default = {} }
locals {
  host = replace(var.provider_url, "https://", "")
  # until 5.43 the issuer was GitHub's, whatever the provider, and until 5.39.1 it was misspelt
  issuer = local.release < 54300 ? "token.actions.githubusercontent.com" : local.host
}
data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "GithubOidcAuth"
    actions = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["${local.iam}:oidc-provider/${local.host}"]
    }
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "${local.issuer}:iss"
      values   = [local.release < 53901 ? "http://${local.issuer}" : "https://${local.issuer}"]
    }
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "${local.host}:aud"
      values   = [var.audience]
    }
    condition {
      test     = var.subject_condition
      variable = "${local.host}:sub"
      values   = [for subject in var.subjects : "repo:${trimprefix(subject, "repo:")}"]
    }
    dynamic "condition" {
      for_each = var.additional_trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}
resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.name
  name_prefix          = var.name_prefix
  path                 = var.path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = values(var.policies)
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
output "arn" { value = aws_iam_role.this[0].arn }
output "name" { value = aws_iam_role.this[0].name }
output "path" { value = aws_iam_role.this[0].path }
"""

PROVIDER = """
variable "create" { default = true }
variable "url" { default = "https://token.actions.githubusercontent.com" }
variable "client_id_list" { default = [] }
data "aws_partition" "own" {}
resource "aws_iam_openid_connect_provider" "this" {
  count          = var.create ? 1 : 0
  url            = var.url
  client_id_list = coalescelist(var.client_id_list, ["sts.${data.aws_partition.own.dns_suffix}"])
}
output "arn" { value = aws_iam_openid_connect_provider.this[0].arn }
output "url" { value = aws_iam_openid_connect_provider.this[0].url }
"""

ROLES_WITH_SAML = """
variable "max_session_duration" { default = 3600 }
variable "allow_self_assume_role" {
  type    = bool
  default = false
}
variable "provider_id" { default = null }
variable "provider_ids" { default = [] }
variable "aws_saml_endpoint" { default = "https://signin.aws.amazon.com/saml" }
variable "trusted_role_actions" { default = null }
variable "create_admin_role" { default = false }
variable "create_poweruser_role" { default = false }
variable "create_readonly_role" { default = false }
variable "admin_role_name" { default = "admin" }
variable "poweruser_role_name" { default = "poweruser" }
variable "readonly_role_name" { default = "readonly" }
variable "admin_role_path" { default = "/" }
variable "poweruser_role_path" { default = "/" }
variable "readonly_role_path" { default = "/" }
variable "admin_role_policy_arns" { default = ["arn:aws:iam::aws:policy/AdministratorAccess"] }
variable "poweruser_role_policy_arns" { default = ["arn:aws:iam::aws:policy/PowerUserAccess"] }
variable "readonly_role_policy_arns" { default = ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }
locals {
  more = local.release < 52300 ? [] : ["sts:TagSession"]
}
data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.selves.json]
  statement {
    actions = distinct(concat(
      ["sts:AssumeRoleWithSAML"],
      var.trusted_role_actions != null ? compact(var.trusted_role_actions) : local.more,
    ))
    principals {
      type        = "Federated"
      identifiers = concat(var.provider_ids, var.provider_id != null ? [var.provider_id] : [])
    }
    condition {
      test     = "StringEquals"
      variable = "SAML:aud"
      values   = [var.aws_saml_endpoint]
    }
  }
}
resource "aws_iam_role" "admin" {
  count                = var.create_admin_role ? 1 : 0
  name                 = var.admin_role_name
  path                 = var.admin_role_path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = var.admin_role_policy_arns
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role" "poweruser" {
  count                = var.create_poweruser_role ? 1 : 0
  name                 = var.poweruser_role_name
  path                 = var.poweruser_role_path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = var.poweruser_role_policy_arns
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role" "readonly" {
  count                = var.create_readonly_role ? 1 : 0
  name                 = var.readonly_role_name
  path                 = var.readonly_role_path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = var.readonly_role_policy_arns
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
"""

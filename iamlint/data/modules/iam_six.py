"""The modules of terraform-aws-modules/iam/aws from release 6 on."""

from __future__ import annotations

NAMED = """
variable "create" { default = true }
variable "name" { default = null }
variable "use_name_prefix" { default = true }
variable "path" { default = null }
variable "max_session_duration" { default = null }
variable "policies" { default = {} }
resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.use_name_prefix ? null : var.name
  name_prefix          = var.use_name_prefix ? "${var.name}-" : null
  path                 = var.path
  max_session_duration = var.max_session_duration
  managed_policy_arns  = values(var.policies)
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}
output "arn" { value = aws_iam_role.this[0].arn }
output "name" { value = aws_iam_role.this[0].name }
"""

SERVICE_ACCOUNTS = """
variable "oidc_providers" { default = {} }
variable "trust_condition_test" { default = "StringEquals" }
data "aws_iam_policy_document" "self" {}
locals {
  test = var.trust_condition_test
}
"""

# One role for all kinds of callers: each kind is a document of its own, and the role has them all.
ROLE = """
variable "enable_oidc" { default = false }
variable "enable_github_oidc" { default = false }
variable "enable_bitbucket_oidc" { default = false }
variable "enable_saml" { default = false }
variable "oidc_account_id" { default = null }
variable "oidc_provider_urls" {
  type    = list(string)
  default = []
}
variable "oidc_subjects" {
  type    = list(string)
  default = []
}
variable "oidc_wildcard_subjects" {
  type    = list(string)
  default = []
}
variable "oidc_audiences" {
  type    = list(string)
  default = []
}
variable "github_provider" { default = "token.actions.githubusercontent.com" }
variable "saml_provider_ids" { default = [] }
variable "saml_endpoints" { default = ["https://signin.aws.amazon.com/saml"] }
variable "saml_trust_actions" { default = [] }
variable "trust_policy_conditions" { default = [] }
variable "trust_policy_permissions" {
  type = map(object({
    sid            = optional(string)
    effect         = optional(string, "Allow")
    actions        = optional(list(string))
    not_actions    = optional(list(string))
    resources      = optional(list(string))
    not_resources  = optional(list(string))
    principals     = optional(list(object({ type = string, identifiers = list(string) })))
    not_principals = optional(list(object({ type = string, identifiers = list(string) })))
    condition = optional(list(object({
      test     = string
      variable = string
      values   = list(string)
    })))
  }))
  default = null
}
locals {
  hosts   = [for url in var.oidc_provider_urls : replace(url, "https://", "")]
  account_of_providers = (
    var.oidc_account_id != null ? "arn:${local.partition}:iam::${var.oidc_account_id}" : local.iam
  )
  audiences = length(var.oidc_audiences) > 0 ? var.oidc_audiences : ["sts.amazonaws.com"]
  # the kinds of identity providers, with what a token of each must hold
  kinds = {
    generic = {
      hosts   = var.enable_oidc ? local.hosts : []
      sid     = null
      account = local.account_of_providers
      start   = ""
      claims  = length(var.oidc_audiences) > 0 ? { aud = ["StringEquals", var.oidc_audiences] } : {}
    }
    github = {
      hosts   = var.enable_github_oidc ? [var.github_provider] : []
      sid     = "GithubOidcAuth"
      account = local.iam
      start   = "repo:"
      claims = {
        iss = ["ForAllValues:StringEquals", ["https://${var.github_provider}"]]
        aud = ["ForAllValues:StringEquals", local.audiences]
      }
    }
    bitbucket = {
      hosts   = var.enable_bitbucket_oidc ? slice(local.hosts, 0, 1) : []
      sid     = "BitbucketOidcAuth"
      account = local.iam
      start   = ""
      claims  = { aud = ["ForAllValues:StringEquals", local.audiences] }
    }
  }
  subjects = {
    StringEquals = var.oidc_subjects
    StringLike   = var.oidc_wildcard_subjects
  }
}
data "aws_iam_policy_document" "web" {
  for_each = local.kinds
  dynamic "statement" {
    for_each = each.value.hosts
    iterator = host
    content {
      sid     = each.value.sid
      actions = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = ["${each.value.account}:oidc-provider/${host.value}"]
      }
      dynamic "condition" {
        for_each = each.value.claims
        content {
          test     = condition.value[0]
          variable = "${host.value}:${condition.key}"
          values   = condition.value[1]
        }
      }
      dynamic "condition" {
        for_each = { for test, given in local.subjects : test => given if length(given) > 0 }
        content {
          test     = condition.key
          variable = "${host.value}:sub"
          values = [
            for subject in condition.value :
            each.value.start == "" ? subject : "repo:${trimprefix(subject, "repo:")}"
          ]
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
}
data "aws_iam_policy_document" "trust" {
  source_policy_documents = [for each in data.aws_iam_policy_document.web : each.json]
  dynamic "statement" {
    for_each = var.enable_saml ? [1] : []
    content {
      actions = distinct(concat(
        ["sts:TagSession", "sts:AssumeRoleWithSAML"], compact(var.saml_trust_actions)
      ))
      principals {
        type        = "Federated"
        identifiers = var.saml_provider_ids
      }
      condition {
        test     = "StringEquals"
        variable = "SAML:aud"
        values   = var.saml_endpoints
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
  dynamic "statement" {
    for_each = var.trust_policy_permissions != null ? var.trust_policy_permissions : {}
    content {
      sid           = statement.value.sid != null ? statement.value.sid : statement.key
      effect        = statement.value.effect
      actions       = statement.value.actions
      not_actions   = statement.value.not_actions
      resources     = statement.value.resources
      not_resources = statement.value.not_resources
      dynamic "principals" {
        for_each = statement.value.principals != null ? statement.value.principals : []
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "not_principals" {
        for_each = statement.value.not_principals != null ? statement.value.not_principals : []
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = statement.value.condition != null ? statement.value.condition : []
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

"""Modules of terraform-aws-modules/iam/aws for roles of the pods of a cluster."""

from __future__ import annotations

# `oidc_providers` of release 5 and of release 6; the audience is asked for since 4.21.1.
SERVICE_ACCOUNTS = """
data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.self.json]
  dynamic "statement" {
    for_each = var.oidc_providers
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = [statement.value.provider_arn]
      }
      condition {
        test     = local.test
        variable = "${replace(statement.value.provider_arn, "/^(.*provider/)/", "")}:sub"
        values = [
          for each in statement.value.namespace_service_accounts : "system:serviceaccount:${each}"
        ]
      }
      dynamic "condition" {
        for_each = local.release < 42101 ? [] : [1]
        content {
          test     = local.test
          variable = "${replace(statement.value.provider_arn, "/^(.*provider/)/", "")}:aud"
          values   = ["sts.amazonaws.com"]
        }
      }
    }
  }
}
"""
OF_FIVE = """
variable "create_role" { default = true }
variable "oidc_providers" { default = {} }
variable "assume_role_condition_test" { default = "StringEquals" }
variable "role_policy_arns" { default = {} }
locals {
  test     = var.assume_role_condition_test
  policies = values(var.role_policy_arns)
}
"""

# Every pair of a cluster and its service accounts; the audience is left open in all releases.
EKS_ROLE = """
variable "create_role" { default = true }
variable "cluster_service_accounts" { default = {} }
variable "assume_role_condition_test" { default = "StringEquals" }
variable "role_policy_arns" { default = {} }
locals {
  policies = values(var.role_policy_arns)
}
data "aws_eks_cluster" "main" {
  for_each = var.cluster_service_accounts
  name     = each.key
}
locals {
  issuers = {
    for name, each in data.aws_eks_cluster.main :
    name => replace(each.identity[0].oidc[0].issuer, "https://", "")
  }
}
data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.self.json]
  dynamic "statement" {
    for_each = var.cluster_service_accounts
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = ["${local.iam}:oidc-provider/${local.issuers[statement.key]}"]
      }
      condition {
        test     = var.assume_role_condition_test
        variable = "${local.issuers[statement.key]}:sub"
        values   = [for each in statement.value : "system:serviceaccount:${each}"]
      }
    }
  }
}
"""

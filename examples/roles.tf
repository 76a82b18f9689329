variable "organisation" {
  type    = string
  default = "acme"
}

variable "vendor_account" {
  type = string
}

data "aws_caller_identity" "current" {}

locals {
  issuer = "token.actions.githubusercontent.com"
}

# The name of the organisation is not closed: `acme-evil` begins with `acme`, too.
data "aws_iam_policy_document" "pipeline" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${local.issuer}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.issuer}:sub"
      values   = ["repo:${var.organisation}*:*"]
    }
  }
}

resource "aws_iam_role" "pipeline" {
  name               = "pipeline"
  assume_role_policy = data.aws_iam_policy_document.pipeline.json
}

# A call that leaves the external id out passes `StringEqualsIfExists`.
resource "aws_iam_role" "vendor" {
  name = "vendor"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.vendor_account}:root" }
      Action    = "sts:AssumeRole"
      Condition = { StringEqualsIfExists = { "sts:ExternalId" = "b1946ac9-2c6f-4f0e-9d58-7c3b7a9d0f11" } }
    }]
  })
}

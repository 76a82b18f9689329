# Planned by the refresh script of `provider_oracle.py`; what it shows is `../plan.json`.
data "aws_caller_identity" "current" {}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "open" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

data "aws_iam_policy_document" "github" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme*:*"]
    }
  }
}

resource "aws_iam_role" "known" {
  name                 = "known"
  path                 = "/ci/"
  max_session_duration = 7200
  tags                 = { Team = "build" }
  assume_role_policy   = data.aws_iam_policy_document.open.json
  managed_policy_arns  = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  inline_policy {
    name   = "everything"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
  }
}

resource "aws_iam_role" "document" {
  name_prefix        = "document-"
  assume_role_policy = data.aws_iam_policy_document.github.json
}

resource "aws_iam_role" "encoded" {
  name = "encoded"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.known.arn } }]
  })
}

resource "aws_iam_role_policy_attachment" "by_name" {
  role       = aws_iam_role.known.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role_policy" "by_reference" {
  role   = aws_iam_role.document.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_iam_policy" "own" {
  name   = "own"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "own" {
  role       = aws_iam_role.encoded.name
  policy_arn = aws_iam_policy.own.arn
}

module "inner" {
  source   = "./inner"
  for_each = toset(["alice", "b \"o\" b"])
  who      = each.key
}

variable "who" {
  type = string
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role" "user" {
  count = 2
  name  = "user-${count.index}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      Condition = { StringEquals = { "aws:PrincipalTag/who" = var.who } }
    }]
  })
}

variable "name" {
  type = string
}

variable "create" {
  type    = bool
  default = true
}

variable "principals" {
  type = set(string)
}

variable "external_id" {
  type    = string
  default = ""
}

locals {
  conditions = var.external_id == "" ? {} : { Condition = { StringEquals = { "sts:ExternalId" = var.external_id } } }
}

resource "aws_iam_role" "this" {
  count = var.create ? 1 : 0
  name  = var.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge({
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = sort([for id in var.principals : length(id) == 12 ? format("arn:aws:iam::%s:root", id) : id]) }
    }, local.conditions)]
  })
}

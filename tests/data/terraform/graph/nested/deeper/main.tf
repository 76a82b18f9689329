variable "trust" {}

variable "key" {}

resource "aws_iam_role" "this" {
  name               = "deeper-${var.key}"
  assume_role_policy = var.trust
}

output "account" {
  value = jsondecode(var.trust)["Statement"].Principal.AWS
}

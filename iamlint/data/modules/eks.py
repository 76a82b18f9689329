"""The module terraform-aws-modules/eks/aws, as far as its identity provider goes.

Written after the outputs that all releases at
https://github.com/terraform-aws-modules/terraform-aws-eks have in common; the module is licensed
under the Apache License 2.0, and nothing of its text is in here.
"""

from __future__ import annotations

from iamlint.data.modules.package import Model, Package

CHECKED_ON = "2026-11-24"

_CLUSTER = """
resource "aws_eks_cluster" "this" {}
resource "aws_iam_openid_connect_provider" "oidc_provider" {
  url = aws_eks_cluster.this.identity[0].oidc[0].issuer
}
output "cluster_oidc_issuer_url" { value = aws_eks_cluster.this.identity[0].oidc[0].issuer }
output "oidc_provider" { value = aws_iam_openid_connect_provider.oidc_provider.url }
output "oidc_provider_arn" { value = aws_iam_openid_connect_provider.oidc_provider.arn }
"""

PACKAGE = Package(
    "terraform-aws-modules/eks/aws",
    "terraform-aws-modules/terraform-aws-eks",
    "",
    {"": Model((_CLUSTER,), "", "")},
)

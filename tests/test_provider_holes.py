"""Identity providers of whom only the claims that a policy asks for are known."""

from __future__ import annotations

import pytest
from test_terraform_graph import checked

from iamlint.findings import Report

GITHUB = "token.actions.githubusercontent.com"
HOST = """\
variable "host" {{
  type = string
}}
resource "aws_iam_openid_connect_provider" "p" {{
  url = var.host
}}
resource "aws_iam_role" "r" {{
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = {{ Federated = {principal} }}
      Condition = {{
        StringEquals = {{ "{keys}:aud" = "sts.amazonaws.com" }}
        StringLike   = {{ "{keys}:sub" = "{subject}" }}
      }}
    }}]
  }})
}}
"""
PRINCIPALS = [
    '"arn:aws:iam::111111111111:oidc-provider/${var.host}"',
    "aws_iam_openid_connect_provider.p.arn",
]
MAIN = "repo:acme/web:ref:refs/heads/main"


def look(principal: str, keys: str, subject: str) -> Report:
    text = HOST.format(principal=principal, keys=keys, subject=subject)
    return checked({"main.tf": text})


@pytest.mark.parametrize("principal", PRINCIPALS)
@pytest.mark.parametrize("keys", [GITHUB, "${var.host}"])
def test_no_key_is_misspelt_that_the_unknown_provider_may_have(principal: str, keys: str) -> None:
    rules = {each.rule for each in look(principal, keys, MAIN).findings}
    assert not rules & {"misspelt-key", "dead-statement", "key-never-present"}


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_the_subjects_of_the_unknown_provider_are_judged_by_its_claims(principal: str) -> None:
    rules = {each.rule for each in look(principal, GITHUB, "repo:acme*:*").findings}
    assert "open-subject" in rules


def test_a_provider_that_is_known_has_no_claims_of_another() -> None:
    principal = '"arn:aws:iam::111111111111:oidc-provider/gitlab.com"'
    rules = {each.rule for each in look(principal, GITHUB, MAIN).findings}
    assert "misspelt-key" in rules

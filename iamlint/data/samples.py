"""Names that stand for the reader's own in the samples of identity providers.

Sources: the pages on AWS of GitHub (`octo-org`), GitLab (`mygroup`), HCP Terraform, Buildkite,
Pulumi and others, and what templates are filled with. Many of them are names of real accounts.
To refresh: look through the same pages for new ones; then move `CHECKED_ON`.
"""

from __future__ import annotations

CHECKED_ON = "2026-11-01"

TENANTS = frozenset(
    (
        "example-org",
        "example-organization",
        "github-org",
        "github-organization",
        "githuborg",
        "githuborganization",
        "group",
        "my-github-org",
        "my-group",
        "my-org",
        "my-org-name",
        "my-organization",
        "my_org",
        "myexampleorg",
        "mygroup",
        "myorg",
        "myorganization",
        "octo-org",
        "octocat",
        "octodemo",
        "org-name",
        "org_name",
        "organization",
        "organization-name",
        "organization_name",
        "orgname",
        "owner",
        "your-github-org",
        "your-github-username",
        "your-group",
        "your-org",
        "your-org-name",
        "your-organization",
        "your-username",
        "your_github_org",
        "your_org",
        "your_organization",
        "yourorg",
        "yourorganization",
    )
)

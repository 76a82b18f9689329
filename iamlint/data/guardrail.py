"""Identity providers whose trusts AWS refuses to save without a claim that tells customers apart.

Sources: IAM user guide, "Identity-provider controls for shared OIDC providers"; how the control
reads a policy is measured (secorvia/frontdoor and PMapper/CloudFox benchmarks, August 2026): it
takes `StringEquals`, `StringLike` and `StringEqualsIgnoreCase`, looks at the first value only, and
accepts a workflow in place of GitHub's subject. Policies that were saved before are not checked.
"""

from __future__ import annotations

CHECKED_ON = "2026-11-01"

_SUB = ("sub",)
_AUD = ("aud",)
GUARDED: dict[str, tuple[str, ...]] = {
    "token.actions.githubusercontent.com": ("sub", "job_workflow_ref"),
    "vstoken.actions.githubusercontent.com": ("sub", "job_workflow_ref"),
    "oidc-configuration.audit-log.githubusercontent.com": _SUB,
    "gitlab.com": _SUB,
    "agent.buildkite.com": _SUB,
    "oidc.codefresh.io": _SUB,
    "app.terraform.io": _SUB,
    "scalr.io": _SUB,
    "proidc.upbound.io": _SUB,
    "tokens.cloud.shisho.dev": _SUB,
    "studio.datachain.ai/api": _SUB,
    "oidc.vercel.com": _AUD,
    "api.pulumi.com/oidc": _AUD,
    "sandboxes.cloud": _AUD,
    "cognito-identity.amazonaws.com": _AUD,
}
OPERATORS = ("StringEquals", "StringLike", "StringEqualsIgnoreCase")

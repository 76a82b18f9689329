"""What tokens of web identity providers hold: claims that STS exposes, and grammars of subjects.

Knows nothing of the engine, whose own tables it checks.
"""

from __future__ import annotations

import re

GITHUB = (
    r"token\.actions\.githubusercontent\.com(?:/.+)?|token\.actions\.[^/]+\.ghe\.com"
    r"|github\.com/enterprises/[^/]+"
)
# What STS exposes of each issuer's token besides `aud`, `sub`, `amr`, `email` and `oaud`.
EXTRAS = {
    GITHUB: "actor actor_id enterprise_id environment job_workflow_ref ref repository "
    "repository_id repository_owner_id workflow",
    r"gitlab\.com": "namespace_id pipeline_source project_id ref_protected runner_environment "
    "user_access_level user_email user_id user_login",
    r"agent\.(?:buildkite\.com|[^/]+\.buildkite\.(?:dev|site))": "build_branch cluster_id "
    "cluster_name organization_id organization_slug pipeline_id pipeline_slug",
    r"accounts\.google\.com": "google/organization_number",
    r"oidc\.circleci\.com/org/[^/]+": "oidc.circleci.com/project-id",
    r"idcs-[^/]+\.identity\.oraclecloud\.com": "rpst_id",
}
COGNITO = (
    "cognito-identity.amazonaws.com",
    "cognito-identity.cn-north-1.amazonaws.com.cn",
    "cognito-identity-us-gov.amazonaws.com",
    "cognito-identity.us-gov-east-1.amazonaws.com",
)
STANDARD = {"aud": "A", "sub": "A", "amr": "s", "email": "s", "oaud": "s"}
OWN_CLAIMS = {  # built-in issuers whose keys are not the standard ones
    **{host: {"aud": "A", "sub": "A", "amr": "s"} for host in COGNITO},
    "graph.facebook.com": {"app_id": "A", "id": "A"},
    "www.amazon.com": {"app_id": "A", "user_id": "A"},
}
SURVIVORS = ("aud", "sub", "amr", "id", "app_id", "user_id")

REF = r"(?!.*(?:\.\.|@\{|//|/\.|\.lock(?:/|$)))(?![/.])[^\x00-\x20\x7f~^:?*\[\\]+(?<![/.])"
OWNER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}"
REPOSITORY = r"(?!\.\.?[:@])[A-Za-z0-9._-]{1,100}(?<!\.git)"
POOL_ID = r"[a-z]{2,}(?:-[a-z]+)+-\d:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
GITHUB_SUB = (
    rf"repo:(?P<owner>{OWNER})(?P<ids>@(?P<owner_id>[1-9]\d*))?/"
    rf"(?P<repository>{REPOSITORY})(?(ids)@(?P<repository_id>[1-9]\d*)):"
    rf"(?:environment:(?P<environment>[^:\x00-\x1f]{{1,255}})|pull_request"
    rf"|ref:(?P<ref>refs/(?:heads|tags)/{REF}))"
)
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SUBJECTS = {
    GITHUB: GITHUB_SUB,
    r"gitlab\.com": rf"project_path:\w[\w.-]*(?:/\w[\w.-]*)+:ref_type:(?:branch|tag):ref:{REF}",
    r"app\.terraform\.io": r"organization:[\w-]+:project:[\w -]+:workspace:[\w-]+:"
    r"run_phase:(?:plan|apply)",
    r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/id/[0-9A-Fa-f]+": rf"system:serviceaccount:"
    rf"{LABEL}:(?=.{{1,253}}$){LABEL}(?:\.{LABEL})*",
    **{re.escape(host): POOL_ID for host in COGNITO},
    r"accounts\.google\.com": r"\d{1,255}",
    r"api\.bitbucket\.org/2\.0/workspaces/[^/]+/pipelines-config/identity/oidc": rf"\{{{UUID}\}}"
    rf"(?::\{{{UUID}\}}){{1,2}}",
    r"[^/]+\.app\.spacelift\.io": r"space:[\w.-]+:(?:stack|module):[\w.-]+:run_type:[A-Z_]+"
    r":scope:(?:read|write)",
    r"oidc\.vercel\.com(?:/[^/]+)?": r"owner:[\w.-]+:project:[\w.-]+:environment:[\w-]+",
    r"oidc\.fly\.io/[^/]+": r"[\w-]+:[\w-]+:[\w-]+",
    r"api\.pulumi\.com/oidc": r"pulumi:(?:deploy:org:[\w-]+:project:[\w.-]+:stack:[\w.-]+"
    r":operation:\w+:scope:write|environments:org:[\w-]+:env:[\w./-]+)",
    r"login\.app\.env0\.com/": r"auth0\|.+",
    r"scalr\.io": r"account:[\w-]+:environment:[\w .-]+:workspace:[\w .-]+",
    r"oidc\.codefresh\.io": r"account:[\w-]+:pipeline:[\w./-]+(?::.+)?",
    r"[^/]+\.semaphoreci\.com": r"org:[\w-]+:project:[\w-]+:repo:[\w.-]+"
    r":ref_type:(?:branch|tag|pull-request):ref:[^:]+",
    r"vstoken\.dev\.azure\.com/[^/]+": r"sc://[^/]+/[^/]+/[^/]+",
}
CUSTOMISABLE = (GITHUB, r"gitlab\.com")
CUSTOM_SUB = r"(?:[a-z][a-z0-9_]*:[^:]*|pull_request)(?::(?:[a-z][a-z0-9_]*:[^:]*|pull_request))*"


def issuer_of(provider: str) -> str:
    """What the keys of a provider begin with, in lower case."""
    return provider.partition(":oidc-provider/")[2].lower() if ":" in provider else provider


def claims_of(issuer: str) -> dict[str, str]:
    """Claims that become keys; A: always, s: sometimes."""
    claims = dict(OWN_CLAIMS.get(issuer, STANDARD))
    for pattern, extras in EXTRAS.items():
        if re.fullmatch(pattern, issuer):
            claims |= dict.fromkeys(extras.split(), "s")
    return claims


def subject_possible(issuer: str, subject: str, templates: str = "default") -> bool:
    """Whether the issuer (in lower case, as in keys) hands out such a subject."""
    for pattern, grammar in SUBJECTS.items():
        if re.fullmatch(pattern, issuer, re.I):
            custom = templates == "custom" and pattern in CUSTOMISABLE
            grammars = (grammar, CUSTOM_SUB) if custom else (grammar,)
            return any(re.fullmatch(each, subject, re.A) for each in grammars)
    return subject != ""

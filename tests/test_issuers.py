"""The tables of identity providers, held against the grammars that the oracle's side knows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from comparison import meaning_of
from examples_support import judged
from issuers import EXTRAS, SUBJECTS, claims_of, subject_possible

from iamlint.data import issuers, other_issuers
from iamlint.data.issuers import CHARACTERS, Issuer
from iamlint.semantics.issuers import issuer_of, subjects
from iamlint.semantics.questions import anyone
from iamlint.shipped import shipped_book

BOOK = shipped_book()
ROWS = (*issuers.ISSUERS, *other_issuers.ISSUERS)
EVERY = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.host)


def url_of(row: Issuer) -> str:
    """A URL of the provider, in the tenant `acme` where it has one."""
    names = iter(("eu-west-1", "ABC123"))
    fill = (lambda _: next(names)) if row.host.startswith("oidc.eks") else (lambda _: "acme")
    return re.sub(r"\*", fill, row.host)


def policy(row: Issuer, condition: object) -> dict[str, Any]:
    url = url_of(row)
    provider = url if row.builtin else f"arn:aws:iam::111111111111:oidc-provider/{url}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


# --- the tables ----------------------------------------------------------------------------------


@EVERY
def test_a_row_is_sound(row: Issuer) -> None:
    kinds = {name: kind for name, kind, _ in row.parts}
    assert set(kinds.values()) <= set(CHARACTERS)
    assert row.source
    assert row.advice
    assert row.audience
    named = {name for form in row.forms for name in re.findall(r"\{([a-z_]+)\}", form.subject)}
    claimed = {
        name
        for form in row.forms
        for _, text in form.claims
        for name in re.findall(r"\{([a-z_]+)\}", text or "")
    }
    assert named | claimed == set(kinds), "parts and forms name the same"
    standard = {"sub", "aud", "email"}
    whole = {name for name in (*row.tenants, *row.projects) if ":" in name}
    assert set(row.tenants) | set(row.projects) <= named | set(row.claims) | standard | whole
    assert row.tenants or not row.shared, "a shared provider has something to tell tenants apart"


@EVERY
def test_a_provider_is_found_by_its_url(row: Issuer) -> None:
    assert issuer_of(url_of(row)) is row
    assert issuer_of(url_of(row).upper()) is row
    assert issuer_of("x" + url_of(row)) is not row or row.host.startswith("*")
    assert issuer_of(url_of(row) + "/x") is not row


@pytest.mark.parametrize("url", ["idp.example.com", "gitlab.example.com", "", "/", "okta.com"])
def test_other_providers_are_not_known(url: str) -> None:
    assert issuer_of(url) is None


@EVERY
def test_the_claims_are_those_that_sts_hands_on(row: Issuer) -> None:
    if row.builtin:
        return
    listed = claims_of(url_of(row).lower())
    assert set(row.claims) == set(listed) - {"aud", "sub", "amr", "email", "oaud"}
    assert any(re.fullmatch(pattern, url_of(row), re.I) for pattern in EXTRAS) == bool(row.claims)


@EVERY
def test_the_subject_that_is_shown_is_one_that_exists(row: Issuer) -> None:
    url = url_of(row)
    for subject in subjects(url, frozenset(), False):
        for sample in subject.samples():
            assert subject_possible(url.lower(), sample), sample


# --- subjects ------------------------------------------------------------------------------------

U1, U2, U3 = (f"{n}de489be-ce6a-42a0-a8c8-eadbf1174ac7" for n in (1, 2, 3))
TRIED = {
    "api.bitbucket.org/2.0/workspaces/*/pipelines-config/identity/oidc": (
        *(f"{{{U1}}}:{{{U2}}}", f"{{{U1}}}:{{{U3}}}:{{{U2}}}", f"{{{U1}}}", f"{U1}:{U2}"),
        *(f"{{{U1}}}:production:{{{U2}}}", "acme/web"),
    ),
    "*.app.spacelift.io": (
        *("space:root:stack:prod:run_type:TRACKED:scope:write", "space:root:stack:prod"),
        *("space:root:module:net:run_type:PROPOSED:scope:read", "stack:prod"),
        "space:root:stack:prod:run_type:TRACKED:scope:admin",
    ),
    "oidc.vercel.com": (
        *("owner:acme:project:web:environment:production", "owner:acme:project:web"),
        "project:web:environment:production",
    ),
    "oidc.fly.io/*": ("acme:web:m1", "acme:web", "acme"),
    "api.pulumi.com/oidc": (
        "pulumi:deploy:org:acme:project:web:stack:prod:operation:update:scope:write",
        *("pulumi:environments:org:acme:env:prod", "pulumi:deploy:org:acme", "org:acme"),
    ),
    "login.app.env0.com/": ("auth0|0123456789abcdef01234567", "auth0|", "google|1"),
    "scalr.io": ("account:acme:environment:prod:workspace:web", "account:acme", "acme"),
    "oidc.codefresh.io": (
        *("account:acme:pipeline:web", "account:acme:pipeline:web:initiator:jo", "account:acme"),
        "pipeline:web",
    ),
    "*.semaphoreci.com": (
        f"org:acme:project:{U1}:repo:web:ref_type:branch:ref:refs/heads/main",
        f"org:acme:project:{U1}:repo:web:ref_type:pull-request:ref:refs/pull/1",
        *(f"org:acme:project:{U1}:repo:web", f"org:acme:project:{U1}:repo:w:ref_type:x:ref:y"),
    ),
    "vstoken.dev.azure.com/*": ("sc://acme/web/aws", "sc://acme/web", "acme/web/aws"),
}


@pytest.mark.parametrize(("host", "subject"), [(h, s) for h, many in TRIED.items() for s in many])
def test_a_subject_gets_in_where_there_is_such_a_subject(host: str, subject: str) -> None:
    row = next(row for row in ROWS if row.host == host)
    url = url_of(row)
    answer = meaning_of(policy(row, {"StringEquals": {f"{url}:sub": subject}})).ask(anyone)
    # what only a customised subject could be is possible
    assert (answer.state == "yes") == subject_possible(url.lower(), subject)


def test_every_new_grammar_is_tried() -> None:
    known = {pattern for pattern in SUBJECTS for row in ROWS if re.fullmatch(pattern, url_of(row))}
    assert known == set(SUBJECTS)
    others = {row.host for row in other_issuers.ISSUERS if len(row.parts) > 2}
    assert others - {"oidc.vercel.com/*"} <= set(TRIED)


# --- tenants -------------------------------------------------------------------------------------


@EVERY
def test_without_a_guard_a_shared_provider_is_open_and_another_is_not(row: Issuer) -> None:
    assert ("open-subject" in spoken(row, {})) is row.shared


def spoken(row: Issuer, condition: object) -> set[str]:
    report = judged(json.dumps(policy(row, condition)), BOOK)
    return {each.rule for each in report.findings}


OPEN = {
    "api.pulumi.com/oidc": ("pulumi:deploy:org:acme*", "pulumi:*", "*:stack:prod:*"),
    "oidc.vercel.com": ("owner:acme*", "*:project:web:*"),
    "scalr.io": ("account:acme*", "*"),
    "oidc.codefresh.io": ("account:acme*", "account:*:pipeline:web"),
    "login.app.env0.com/": ("auth0|*", "*"),
    "proidc.upbound.io": ("*", "?*"),
}
CLOSED = {
    "api.pulumi.com/oidc": ("pulumi:deploy:org:acme:*", "pulumi:environments:org:acme:env:*"),
    "oidc.vercel.com": ("owner:acme:*",),
    "scalr.io": ("account:acme:*",),
    "oidc.codefresh.io": ("account:acme:pipeline:*",),
    "login.app.env0.com/": ("auth0|0123456789abcdef01234567",),
    "proidc.upbound.io": ("mcp:acme/*",),
}


@pytest.mark.parametrize(("host", "subject"), [(h, s) for h, many in OPEN.items() for s in many])
def test_a_subject_that_outsiders_can_have_is_open(host: str, subject: str) -> None:
    row = next(row for row in ROWS if row.host == host)
    assert "open-subject" in spoken(row, {"StringLike": {f"{host}:sub": subject}})


@pytest.mark.parametrize(("host", "subject"), [(h, s) for h, many in CLOSED.items() for s in many])
def test_a_subject_of_one_tenant_is_not(host: str, subject: str) -> None:
    row = next(row for row in ROWS if row.host == host)
    assert "open-subject" not in spoken(row, {"StringLike": {f"{host}:sub": subject}})


@pytest.mark.parametrize(
    ("host", "key", "value"),
    [
        ("api.pulumi.com/oidc", "api.pulumi.com/oidc:aud", "acme"),
        ("oidc.vercel.com", "oidc.vercel.com:aud", "https://vercel.com/acme"),
        ("sandboxes.cloud", "sandboxes.cloud:aud", "acme"),
        (
            "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d/",
            "sts:RoleSessionName",
            "MicrosoftSentinel_1",
        ),
    ],
)
def test_what_else_keeps_tenants_apart(host: str, key: str, value: str) -> None:
    row = next(row for row in ROWS if row.host == host)
    assert "open-subject" not in spoken(row, {"StringEquals": {key: value}})


# --- projects and runs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "subject", "rule"),
    [
        ("api.bitbucket.org/2.0/workspaces/*/pipelines-config/identity/oidc", "*", "open-project"),
        ("*.app.spacelift.io", "space:*", "open-project"),
        ("*.app.spacelift.io", "space:root:*", "plan-and-apply-in-one"),
        ("*.app.spacelift.io", "space:root:stack:x:run_type:TRACKED:*", "plan-and-apply-in-one"),
        ("*.app.spacelift.io", "space:root:stack:*:scope:write", ""),
        ("*.app.spacelift.io", "space:root:module:*", ""),
        ("oidc.vercel.com", "owner:acme:*", "open-project"),
        ("oidc.vercel.com/*", "*:environment:production", "open-project"),
        ("oidc.vercel.com/*", "owner:acme:project:web:*", "open-environment"),
        ("oidc.fly.io/*", "acme:*", "open-project"),
        ("oidc.fly.io/*", "acme:web:*", ""),
        ("api.pulumi.com/oidc", "pulumi:deploy:org:acme:*", "open-project"),
        ("api.pulumi.com/oidc", "pulumi:environments:org:acme:*", "open-project"),
        ("api.pulumi.com/oidc", "pulumi:deploy:org:acme:project:web:*", ""),
        ("scalr.io", "account:acme:*", "open-project"),
        ("scalr.io", "account:acme:environment:prod:*", ""),
        ("oidc.codefresh.io", "account:acme:*", "open-project"),
        ("oidc.codefresh.io", "account:acme:pipeline:web*", "open-project"),
        ("oidc.codefresh.io", "account:acme:pipeline:web", ""),
        ("*.semaphoreci.com", "org:acme:*", "open-project"),
        ("*.semaphoreci.com", "org:acme:project:a:*", "repository-wide-trust"),
        ("*.semaphoreci.com", "org:acme:project:a:*:ref_type:tag:*", "open-ref"),
        ("*.semaphoreci.com", "org:acme:project:a:*:ref_type:pull-request:*", "pull-request-trust"),
        ("*.semaphoreci.com", "org:acme:project:a:*:ref_type:branch:ref:refs/heads/main", ""),
        ("vstoken.dev.azure.com/*", "sc://acme/*", "open-project"),
        ("vstoken.dev.azure.com/*", "sc://acme/web/*", ""),
        ("agent.*.buildkite.dev", "organization:acme:*", "open-project"),
        ("agent.*.buildkite.dev", "organization:acme:pipeline:web:*", "open-ref"),
    ],
)
def test_how_much_of_a_tenant_gets_in(host: str, subject: str, rule: str) -> None:
    row = next(row for row in ROWS if row.host == host)
    assert spoken(row, {"StringLike": {f"{url_of(row)}:sub": subject}}) & LEVELS == {rule} - {""}


LEVELS = {
    *("open-subject", "open-project", "anybody-of-provider", "repository-wide-trust", "open-ref"),
    *("open-environment", "pull-request-trust", "plan-and-apply-in-one"),
}


# --- literals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "subject", "sample"),
    [
        ("token.actions.githubusercontent.com", "repo:octo-org/x:*", True),
        ("token.actions.githubusercontent.com", "repo:Octo-Org@1/x@2:pull_request", True),
        ("token.actions.githubusercontent.com", "repo:octo-organics/x:*", False),
        ("token.actions.githubusercontent.com", "repo:acme/octo-org:*", False),
        ("token.actions.githubusercontent.com", "octo-org", False),
        ("gitlab.com", "project_path:my-group/x:ref_type:branch:ref:main", True),
        ("app.terraform.io", "organization:my-org:project:p:workspace:w:run_phase:*", True),
        ("agent.buildkite.com", "organization:my-org:*", True),
        ("api.pulumi.com/oidc", "pulumi:deploy:org:my-org:*", True),
        ("scalr.io", "account:my-org:*", True),
        ("gitlab.example.com", "project_path:my-group/x", False),
    ],
)
def test_tenants_out_of_samples(host: str, subject: str, sample: bool) -> None:
    row = next((row for row in ROWS if row.host == host), ROWS[0]._replace(host=host))
    assert ("sample-tenant" in spoken(row, {"StringLike": {f"{host}:sub": subject}})) is sample


@pytest.mark.parametrize(
    ("audience", "odd"),
    [
        ("sts.amazonaws.com", False),
        ("sts.amazonaws.com.", True),
        ("sts.amazon.com", True),
        ("sts.eu-west-1.amazonaws.com", True),
        ("https://sts.amazonaws.com", True),
        ("sts.amazonaws.com.cn", False),  # right in China, and where the role is is not known
        ("https://github.com/acme", False),
        ("sigstore", False),
        ("sts.example.com", False),
        ("sts.amazon*", False),
    ],
)
def test_audiences_that_tokens_hardly_have(audience: str, odd: bool) -> None:
    key = "token.actions.githubusercontent.com:aud"
    assert ("unlikely-audience" in spoken(ROWS[0], {"StringEquals": {key: audience}})) is odd

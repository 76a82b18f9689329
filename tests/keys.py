"""The small world that policies and requests are drawn from: names that overlap, key by key."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

ACCOUNTS = ("111111111111", "222222222222", "333333333333")
ROLE = {"account": ACCOUNTS[0]}
USERS = ("user/alice", "user/ops/bob", "user/ci")
ROLES = ("role/ci", "role/deploy", "role/teams/ci", "role/Admin")
ARNS = tuple(f"arn:aws:iam::{account}:{name}" for account in ACCOUNTS for name in USERS + ROLES)
SESSIONS = ("s1", "alice", "ci-run", "i-0abc")
PODS = "pods.eks.amazonaws.com"
SERVICES = tuple(f"{name}.amazonaws.com" for name in ("lambda", "ec2", "pods.eks", "events"))

GITHUB, EKS = "token.actions.githubusercontent.com", "oidc.eks.eu-west-1.amazonaws.com/id/ABC123"
GITLAB, TERRAFORM = "gitlab.com", "app.terraform.io"
GOOGLE, COGNITO, AMAZON = "accounts.google.com", "cognito-identity.amazonaws.com", "www.amazon.com"
FOREIGN_GITHUB = f"arn:aws:iam::{ACCOUNTS[1]}:oidc-provider/{GITHUB}"
OIDC = tuple(
    f"arn:aws:iam::{ACCOUNTS[0]}:oidc-provider/{h}" for h in (GITHUB, GITLAB, TERRAFORM, EKS)
)
WEB = (*OIDC, OIDC[0], FOREIGN_GITHUB, GOOGLE, COGNITO, AMAZON)
SAML = tuple(f"arn:aws:iam::{account}:saml-provider/Okta" for account in ACCOUNTS[:2])

ORGANISATIONS = ("o-aaaaaaaaaa", "o-bbbbbbbbbb")
UNITS = ("r-ab12/", "r-ab12/ou-ab12-11111111/", "r-ab12/ou-ab12-11111111/ou-ab12-22222222/")
PATHS = tuple(f"{organisation}/{unit}" for organisation in ORGANISATIONS for unit in UNITS)
SOURCES = (
    "arn:aws:events:eu-west-1:111111111111:rule/nightly",
    "arn:aws:lambda:eu-west-1:222222222222:function:web",
    "arn:aws:lambda:eu-west-1:111111111111:function:web",
    "arn:aws:s3:::bucket",
)
TAGS = ("team", "Env", "project")
COLOURS = ("red", "blue", "prod")
PARTS_OF_PODS = ("namespace", "service-account", "pod-name", "pod-uid")
POD_TAGS = ("eks-cluster-arn", "eks-cluster-name", *(f"kubernetes-{p}" for p in PARTS_OF_PODS))
MOMENTS = ("2025-01-01T00:00:00Z", "2026-06-01T12:00:00Z", "2030-12-31T23:59:59Z")
SECONDS = ("1735689600", "1780315200", "1924991999")
ADDRESSES = ("203.0.113.10", "198.51.100.7", "2001:db8::1")
POOLS = tuple(f"eu-west-1:{digit}0000000-0000-4000-8000-00000000000a" for digit in "01")


class Key(NamedTuple):
    """A condition key: its usual spelling, the family of its values, some of them."""

    name: str
    family: str
    pool: tuple[str, ...]


def unique_id(arn: str) -> str:
    """The id of a user or role: made up, but always the same."""
    digest = hashlib.sha256(arn.encode()).hexdigest().upper()[:17]
    return ("AIDA" if ":user/" in arn else "AROA") + digest


IDS = tuple(f"{unique_id(arn)}{':s1' if ':role/' in arn else ''}" for arn in ARNS[:7])
GITHUB_SUBJECTS = (
    "repo:acme/web:ref:refs/heads/main",
    "repo:acme/web:ref:refs/tags/v1",
    "repo:acme/web:pull_request",
    "repo:acme/web:environment:prod",
    "repo:acme/web:environment:a%3Ab",
    "repo:acme-evil/web:ref:refs/heads/main",
    "repo:acme@1/web@2:ref:refs/heads/main",
    "repo:acme@1/web@2:environment:prod",
    "repo:acme/api:ref:refs/heads/dev",
)
TERRAFORM_SUBJECTS = (
    "organization:acme:project:Default Project:workspace:web:run_phase:plan",
    "organization:acme:project:infra:workspace:web:run_phase:apply",
    "organization:acme2:project:infra:workspace:web:run_phase:apply",
)
GITLAB_SUBJECTS = (
    "project_path:acme/web:ref_type:branch:ref:main",
    "project_path:acme/team/web:ref_type:tag:ref:v1",
    "project_path:acme-evil/web:ref_type:branch:ref:main",
)
POD_SUBJECTS = (
    "system:serviceaccount:default:web",
    "system:serviceaccount:kube-system:web",
    "system:serviceaccount:default:web-2",
)
GOOGLE_IDS = ("100000000000000000001", "100000000000000000002")
AUDIENCES = ("sts.amazonaws.com", "https://github.com/acme", "aws.workload.identity")
AUTHENTICATED = ("authenticated", "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc")
DATES, NUMBERS = ("date", MOMENTS), ("number", ("60", "3600", "86400"))
FLAGS = ("boolean", ("true", "false"))
LISTED = [  # spelling, family, values; a family in capitals holds a list
    ("sts:ExternalId", "text", ("acme-7", "acme-8", "ACME-7")),
    ("sts:RoleSessionName", "text", SESSIONS),
    ("sts:SourceIdentity", "text", ("alice", "bob")),
    ("aws:SourceIdentity", "text", ("alice", "bob")),
    ("aws:TagKeys", "TEXT", TAGS),
    ("sts:TransitiveTagKeys", "TEXT", TAGS),
    *((f"aws:RequestTag/{tag}", "text", COLOURS) for tag in TAGS),
    *((f"aws:PrincipalTag/{tag}", "text", COLOURS) for tag in TAGS),
    ("aws:PrincipalArn", "arn", ARNS),
    ("aws:PrincipalAccount", "text", ACCOUNTS),
    ("aws:PrincipalOrgID", "text", ORGANISATIONS),
    ("aws:PrincipalOrgPaths", "TEXT", PATHS),
    ("aws:PrincipalIsAWSService", *FLAGS),
    ("aws:PrincipalServiceName", "text", SERVICES),
    ("aws:PrincipalServiceNamesList", "TEXT", SERVICES),
    ("aws:PrincipalType", "text", ("User", "AssumedRole", "Anonymous", "Account")),
    ("aws:userid", "text", IDS),
    ("aws:username", "text", ("alice", "bob", "ci")),
    ("aws:SourceArn", "arn", SOURCES),
    ("aws:SourceAccount", "text", ACCOUNTS),
    ("aws:SourceOrgID", "text", ORGANISATIONS),
    ("aws:SourceOrgPaths", "TEXT", PATHS),
    ("aws:MultiFactorAuthPresent", *FLAGS),
    ("aws:MultiFactorAuthAge", *NUMBERS),
    ("aws:TokenIssueTime", *DATES),
    ("aws:FederatedProvider", "text", WEB),
    ("aws:SourceIp", "address", ADDRESSES),
    ("aws:SourceVpc", "text", ("vpc-1", "vpc-2")),
    ("aws:SourceVpce", "text", ("vpce-1", "vpce-2")),
    ("aws:VpcSourceIp", "address", ("10.0.0.5", "10.1.0.5")),
    ("aws:ViaAWSService", *FLAGS),
    ("aws:CalledVia", "TEXT", ("athena.amazonaws.com", "cloudformation.amazonaws.com")),
    ("aws:CalledViaFirst", "text", ("athena.amazonaws.com", "cloudformation.amazonaws.com")),
    ("aws:CalledViaLast", "text", ("athena.amazonaws.com", "cloudformation.amazonaws.com")),
    ("aws:CurrentTime", *DATES),
    ("aws:EpochTime", "epoch", SECONDS),
    ("aws:RequestedRegion", "text", ("eu-west-1", "us-east-1")),
    ("aws:SecureTransport", *FLAGS),
    ("aws:UserAgent", "text", ("aws-cli/2.0", "Boto3/1.9")),
    ("aws:ResourceAccount", "text", ACCOUNTS),
    ("aws:ResourceOrgID", "text", ORGANISATIONS),
    ("aws:ResourceOrgPaths", "TEXT", PATHS),
    (f"{GITHUB}:sub", "text", GITHUB_SUBJECTS),
    (f"{GITHUB}:repository", "text", ("acme/web", "acme/api", "acme-evil/web")),
    (f"{GITHUB}:repository_id", "text", ("2", "3")),
    (f"{GITHUB}:repository_owner_id", "text", ("1", "9")),
    (f"{GITHUB}:environment", "text", ("prod", "a:b", "production")),
    (f"{GITHUB}:ref", "text", ("refs/heads/main", "refs/heads/dev", "refs/tags/v1")),
    (f"{GITHUB}:actor", "text", ("alice", "dependabot[bot]")),
    (f"{GITHUB}:job_workflow_ref", "text", ("acme/ci/.github/workflows/x.yml@refs/heads/main",)),
    (f"{GITLAB}:sub", "text", GITLAB_SUBJECTS),
    (f"{GITLAB}:project_id", "text", ("7", "8")),
    (f"{GITLAB}:ref_protected", "boolean", ("true", "false")),
    (f"{TERRAFORM}:sub", "text", TERRAFORM_SUBJECTS),
    (f"{EKS}:sub", "text", POD_SUBJECTS),
    *((f"{issuer}:aud", "text", AUDIENCES) for issuer in (GITHUB, GITLAB, TERRAFORM, EKS)),
    (f"{GOOGLE}:sub", "text", GOOGLE_IDS),
    (f"{GOOGLE}:aud", "text", GOOGLE_IDS),
    (f"{GOOGLE}:oaud", "text", AUDIENCES),
    (f"{GOOGLE}:email", "text", ("ci@acme.iam.gserviceaccount.com", "a@evil.example")),
    (f"{GOOGLE}:google/organization_number", "number", ("1", "2")),
    (f"{COGNITO}:aud", "text", POOLS),
    (f"{COGNITO}:sub", "text", POOLS),
    (f"{COGNITO}:amr", "TEXT", ("authenticated", "unauthenticated", AUTHENTICATED[1])),
    (f"{AMAZON}:app_id", "text", ("amzn1.app.a", "amzn1.app.b")),
    (f"{AMAZON}:user_id", "text", ("amzn1.user.a", "amzn1.user.b")),
    # never present
    ("aws:PrincipalOrg", "text", ORGANISATIONS),
    ("iam:ExternalId", "text", ("acme-7",)),
    (f"{GITHUB}:repository_owner", "text", ("acme", "acme-evil")),
    ("saml:aud", "text", ("https://signin.aws.amazon.com/saml", "urn:x")),
    ("saml:iss", "text", ("https://idp.example/", "https://evil.example/")),
    ("saml:sub", "text", ("alice@example", "bob@example")),
    ("saml:sub_type", "text", ("persistent", "transient")),
    ("saml:eduPersonAffiliation", "TEXT", ("staff", "member")),
]
KEYS = {name.lower(): Key(name, family, tuple(pool)) for name, family, pool in LISTED}

"""Makes the inputs of the benchmarks: an account's dump and single policies, always the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

Json = dict[str, Any]
Make = Callable[[Random, int], list[Json]]

ACCOUNT = "111122223333"
ORGANIZATION = "o-a1b2c3d4e5"
GITHUB = "token.actions.githubusercontent.com"
SERVICES = (
    *(
        "lambda",
        "ec2",
        "ecs-tasks",
        "events",
        "states",
        "firehose",
        "glue",
        "codebuild",
        "scheduler",
    ),
    *(
        "apigateway",
        "cloudformation",
        "backup",
        "scheduler",
        "ssm",
        "sagemaker",
        "bedrock",
        "config",
        "rds",
    ),
)
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-2")
WORDS = (
    "billing",
    "checkout",
    "data",
    "edge",
    "fraud",
    "growth",
    "identity",
    "ledger",
    "ml",
    "web",
)


def policy(number: int) -> Json:
    """The trust policy of that number, of a kind drawn as kinds occur in an account."""
    draw = Random(f"policy {number}")
    make = draw.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
    return {"Version": "2012-10-17", "Statement": make(draw, number)}


def policy_text(number: int) -> str:
    """A policy as a file of its own; no two numbers give the same text."""
    document = policy(number)
    document["Statement"][0]["Sid"] = f"Number{number}"
    return json.dumps(document, indent=2) + "\n"


def dump(roles: int = 2350, filler: int = 9) -> str:
    """What `get-account-authorization-details` prints; `filler`: actions in each inline policy."""
    listed = {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [_role(number, filler) for number in range(roles)],
        "Policies": [],
    }
    return json.dumps(listed, indent=4) + "\n"


def _role(number: int, filler: int) -> Json:
    draw = Random(f"role {number}")
    name = f"{draw.choice(WORDS)}-{draw.choice(WORDS)}-{number}"
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": f"AROA{number:017}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "CreateDate": "2025-02-03T04:05:06+00:00",
        "AssumeRolePolicyDocument": policy(number),
        "InstanceProfileList": [],
        "RolePolicyList": [_inline(draw, part, filler) for part in range(2)],
        "AttachedManagedPolicies": [
            {"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
        ],
        "Tags": [{"Key": "team", "Value": draw.choice(WORDS)}],
        "RoleLastUsed": {"LastUsedDate": "2025-06-07T08:09:10+00:00"},
    }  # fmt: skip


def _inline(draw: Random, part: int, filler: int) -> Json:
    actions = [f"s3:Get{draw.choice(WORDS).title()}{number}" for number in range(filler)]
    resources = [f"arn:aws:s3:::{draw.choice(WORDS)}-{draw.randrange(10**6)}/*" for _ in actions]
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {
        "PolicyName": f"inline-{part}",
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }


def _allow(principal: Json, action: str, condition: Json | None = None) -> Json:
    statement: Json = {"Effect": "Allow", "Principal": principal, "Action": action}
    return statement | ({"Condition": condition} if condition else {})


def _service(draw: Random, number: int) -> list[Json]:
    return [_allow({"Service": f"{draw.choice(SERVICES)}.amazonaws.com"}, "sts:AssumeRole")]


def _fenced_service(draw: Random, number: int) -> list[Json]:
    service, region = draw.choice(SERVICES), draw.choice(REGIONS)
    fence = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:{service}:{region}:{ACCOUNT}:*/job-{number}*"},
    }
    return [_allow({"Service": f"{service}.amazonaws.com"}, "sts:AssumeRole", fence)]


def _account(draw: Random) -> str:
    return f"{draw.randrange(60) + 222200000000}"


def _accounts(draw: Random, number: int) -> list[Json]:
    roots = [f"arn:aws:iam::{_account(draw)}:root" for _ in range(draw.choice((1, 1, 1, 2, 4)))]
    return [_allow({"AWS": roots if len(roots) > 1 else roots[0]}, "sts:AssumeRole")]


def _caller_role(draw: Random, number: int) -> list[Json]:
    arn = f"arn:aws:iam::{_account(draw)}:role/{draw.choice(WORDS)}-deployer"
    tagged = [_allow({"AWS": arn}, "sts:TagSession")] if draw.random() < 0.3 else []
    return [_allow({"AWS": arn}, "sts:AssumeRole"), *tagged]


def _vendor(draw: Random, number: int) -> list[Json]:
    vendor = {"AWS": f"arn:aws:iam::{draw.choice((464622532012, 414351767826, 292230061137))}:root"}
    known = {"StringEquals": {"sts:ExternalId": f"{draw.getrandbits(128):032x}"}}
    return [_allow(vendor, "sts:AssumeRole", known if draw.random() < 0.8 else None)]


def _organization(draw: Random, number: int) -> list[Json]:
    fence: Json = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}
    if draw.random() < 0.4:
        names = f"arn:aws:iam::*:role/{draw.choice(WORDS)}-*"
        fence["ArnLike"] = {"aws:PrincipalArn": names}
    return [_allow({"AWS": "*"}, "sts:AssumeRole", fence)]


def _github(draw: Random, number: int) -> list[Json]:
    repository = f"acme/{draw.choice(WORDS)}-{number}"
    part = draw.choice(("ref:refs/heads/main", "environment:production", "*", "pull_request"))
    subject = f"repo:{repository}:{part}"
    audience = {f"{GITHUB}:aud": "sts.amazonaws.com"}
    if part == "*":
        fence = {"StringEquals": audience, "StringLike": {f"{GITHUB}:sub": subject}}
    else:
        fence = {"StringEquals": audience | {f"{GITHUB}:sub": subject}}
    return [_allow(_federated(GITHUB), "sts:AssumeRoleWithWebIdentity", fence)]


def _federated(host: str) -> Json:
    return {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"}


def _eks(draw: Random, number: int) -> list[Json]:
    cluster = Random(f"cluster {draw.randrange(40)}")
    host = f"oidc.eks.{cluster.choice(REGIONS)}.amazonaws.com/id/{cluster.getrandbits(128):032X}"
    account = f"system:serviceaccount:{draw.choice(WORDS)}:{draw.choice(WORDS)}-{number}"
    fence: Json = {"StringEquals": {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": account}}
    if draw.random() < 0.2:
        spaces = f"system:serviceaccount:{draw.choice(WORDS)}-*:*"
        fence = {
            "StringEquals": {f"{host}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{host}:sub": spaces},
        }
    return [_allow(_federated(host), "sts:AssumeRoleWithWebIdentity", fence)]


def _pods(draw: Random, number: int) -> list[Json]:
    statement = _allow({"Service": "pods.eks.amazonaws.com"}, "sts:AssumeRole")
    return [statement | {"Action": ["sts:AssumeRole", "sts:TagSession"]}]


def _sign_on(draw: Random, number: int) -> list[Json]:
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_{draw.randrange(3):016x}_DO_NOT_DELETE"
    fence = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    statement = _allow({"Federated": provider}, "sts:AssumeRoleWithSAML", fence)
    return [statement | {"Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"]}]


def _deny(draw: Random, number: int) -> list[Json]:
    outside = {"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}
    if draw.random() < 0.5:
        outside["BoolIfExists"] = {"aws:PrincipalIsAWSService": "false"}
    denied = {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": outside}
    return [*_accounts(draw, number), denied]


def _careless(draw: Random, number: int) -> list[Json]:
    """What a linter is for."""
    if draw.random() < 0.5:
        return [_allow({"AWS": "*"}, "sts:AssumeRole")]
    fence = {"StringLike": {f"{GITHUB}:sub": f"repo:{draw.choice(WORDS)}*:*"}}
    return [_allow(_federated(GITHUB), "sts:AssumeRoleWithWebIdentity", fence)]


KINDS: tuple[tuple[Make, int], ...] = (
    (_service, 34),
    (_fenced_service, 6),
    (_accounts, 12),
    (_caller_role, 10),
    (_vendor, 6),
    (_organization, 4),
    (_github, 8),
    (_eks, 11),
    (_pods, 2),
    (_sign_on, 3),
    (_deny, 3),
    (_careless, 1),
)


def write(target: Path, folder: Path, files: int = 1000) -> None:
    """Write the dump to a file and single policies to a folder."""
    target.write_text(dump(), "utf-8")
    for number in range(files):
        (folder / f"policy-{number:04}.json").write_text(policy_text(number), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))

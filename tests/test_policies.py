"""Holds the reality check against hand-made requests, and the generators against both oracles."""

from __future__ import annotations

import copy
import re
from collections import Counter
from random import Random
from typing import Any

import keys
import oracle
import pytest
from hypothesis import given
from issuers import GITHUB_SUB
from oracle import Request, allowed
from policies import assumptions, cases, interesting_policy, near_requests, random_assumptions
from realism import faults

ROLE = {"account": "111111111111"}
CALL = frozenset({"sts:AssumeRole"})
EVERY: dict[str, str | list[str]] = {
    "sts:rolesessionname": "s1",
    "aws:viaawsservice": "false",
    "aws:currenttime": "2026-06-01T12:00:00Z",
    "aws:epochtime": "1780315200",
    "aws:requestedregion": "eu-west-1",
    "aws:securetransport": "true",
    "aws:useragent": "aws-cli/2.0",
    "aws:resourceaccount": "111111111111",
}
USER = Request(
    {"kind": "user", "arn": "arn:aws:iam::222222222222:user/ops/bob"},
    CALL,
    EVERY
    | {
        "aws:principalarn": "arn:aws:iam::222222222222:user/ops/bob",
        "aws:principalaccount": "222222222222",
        "aws:principalisawsservice": "false",
        "aws:principaltype": "User",
        "aws:userid": "AIDA1",
        "aws:username": "bob",
        "aws:sourceip": "198.51.100.7",
    },
)
SESSION = Request(
    {"kind": "session", "arn": "arn:aws:iam::222222222222:role/ci", "session": "s1"},
    CALL,
    {k: v for k, v in USER.context.items() if k != "aws:username"}
    | {
        "aws:principalarn": "arn:aws:iam::222222222222:role/ci",
        "aws:principaltype": "AssumedRole",
        "aws:userid": "AROA1:s1",
        "aws:tokenissuetime": "2026-06-01T11:00:00Z",
    },
)
SERVICE = Request(
    {"kind": "service", "service": "events.amazonaws.com"},
    CALL,
    EVERY
    | {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": "events.amazonaws.com",
        "aws:principalservicenameslist": ["events.amazonaws.com"],
        "aws:principaltype": "AssumedRole",
        "aws:userid": "events",
    },
)
FEDERATED = EVERY | {
    "aws:principalaccount": "anonymous",
    "aws:principaltype": "Anonymous",
    "aws:userid": "anonymous",
    "aws:sourceip": "198.51.100.7",
}
SAML = Request(
    {"kind": "saml", "provider": keys.SAML[0]}, frozenset({"sts:AssumeRoleWithSAML"}), FEDERATED
)


def token(provider: str, **claims: str | list[str]) -> Request:
    issuer = provider.rpartition(":oidc-provider/")[2].lower()
    context = FEDERATED | {"aws:federatedprovider": provider}
    context |= {f"{issuer}:{claim}": value for claim, value in claims.items()}
    actions = frozenset({"sts:AssumeRoleWithWebIdentity"})
    return Request({"kind": "web", "provider": provider}, actions, context)


def github(subject: str, **claims: str | list[str]) -> Request:
    """A token of GitHub; claims that repeat the subject are there, unless told otherwise."""
    read = re.fullmatch(GITHUB_SUB, subject, re.A)
    said = (
        {}
        if read is None
        else {
            "repository": f"{read['owner']}/{read['repository']}",
            "ref": read["ref"],
            "repository_id": read["repository_id"],
            "repository_owner_id": read["owner_id"],
        }
    )
    repeated = {claim: value for claim, value in said.items() if value is not None}
    return token(keys.OIDC[0], sub=subject, aud="sts.amazonaws.com", **(repeated | claims))


def edited(request: Request, **changes: str | list[str] | None) -> Request:
    """The request with keys changed or, for None, left out; `__` stands for the colon of a key."""
    context = request.context | {k.replace("__", ":"): v for k, v in changes.items()}
    return request._replace(context={k: v for k, v in context.items() if v is not None})


def doing(request: Request, *actions: str) -> Request:
    return request._replace(actions=request.actions | set(actions))


TAGGED = doing(
    edited(USER, aws__tagkeys=["Team"], **{"aws__requesttag/team": "red"}), "sts:TagSession"
)
COGNITO = token(keys.COGNITO, sub=keys.POOLS[0], aud=keys.POOLS[1], amr=["authenticated", "x"])
PATHS: dict[str, str | list[str]] = {
    "aws__principalorgid": "o-aaaaaaaaaa",
    "aws__principalorgpaths": ["o-aaaaaaaaaa/r-1/"],
}
INSIDE: dict[str, str | list[str] | None] = {
    "aws__vpcsourceip": "10.0.0.1",
    "aws__sourcevpce": "vpce-1",
    "aws__sourcevpc": "vpc-1",
}
REAL = [
    USER,
    SESSION,
    SERVICE,
    SAML,
    TAGGED,
    COGNITO,
    edited(SERVICE, aws__sourcearn=keys.SOURCES[0], aws__sourceaccount="111111111111"),
    edited(SERVICE, aws__sourcearn="arn:aws:s3:::bucket", aws__sourceaccount="222222222222"),
    edited(USER, **PATHS, aws__multifactorauthpresent="true", aws__multifactorauthage="9"),
    edited(USER, aws__sourceip="203.0.113.9", sts__externalid="xx"),
    edited(USER, **(INSIDE | {"aws__sourceip": None})),
    edited(SAML, saml__aud="https://signin.aws.amazon.com/saml", saml__cn=["a"], saml__mail="a@b"),
    doing(edited(SESSION, sts__sourceidentity="bob"), "sts:SetSourceIdentity"),
    github("repo:acme/web:ref:refs/heads/main", ref="refs/heads/main", repository="acme/web"),
    github("repo:acme@1/web@2:pull_request", repository_id="2", repository_owner_id="1"),
    github("repo:acme/web:environment:a%3Ab", environment="a:b", ref="refs/heads/x"),
    token(keys.OIDC[3], sub="system:serviceaccount:kube-system:a.b", aud="sts.amazonaws.com"),
    token(keys.GOOGLE, sub="123", aud="123", **{"google/organization_number": "7"}),
    token("www.amazon.com", app_id="a", user_id="b"),
]


@pytest.mark.parametrize("request_", REAL, ids=lambda r: r.caller["kind"])
def test_possible_requests_have_no_faults(request_: Request) -> None:
    assert faults(request_, ROLE) == []


UNREAL: list[tuple[Request, str]] = [
    (USER._replace(caller={"kind": "user", "arn": "arn:aws:iam::222222222222:root"}), "malformed"),
    (USER._replace(caller={"kind": "anonymous"}), "no caller"),
    (USER._replace(actions=frozenset({"sts:AssumeRoleWithSAML"})), "calls `sts:AssumeRole`"),
    (SAML._replace(actions=CALL), "calls `sts:AssumeRoleWithSAML`"),
    (doing(USER, "sts:TagSession"), "sts:TagSession"),
    (TAGGED._replace(actions=CALL), "sts:TagSession"),
    (doing(USER, "sts:SetSourceIdentity"), "sts:SetSourceIdentity"),
    (edited(TAGGED, aws__tagkeys=["other"]), "aws:RequestTag"),
    (edited(TAGGED, sts__transitivetagkeys=["other"]), "transitive"),
    (edited(USER, aws__userid=None), "always present"),
    (edited(USER, aws__username="eve"), "`bob`"),
    (edited(USER, aws__principalaccount="333333333333"), "`222222222222`"),
    (edited(USER, aws__principaltype="Account"), "PrincipalType"),
    (edited(USER, aws__sourcearn=keys.SOURCES[0]), "never present"),
    (edited(USER, aws__K="x"), "lower case"),
    (edited(USER, aws__tagkeys="x"), "a list"),
    (edited(USER, sts__externalid=["x"]), "single value"),
    (edited(USER, aws__calledvia=[]), "empty list"),
    (edited(USER, aws__principalorgid="o-a"), "come together"),
    (edited(USER, **(PATHS | {"aws__principalorgpaths": ["o-bbbbbbbbbb/r-1/"]})), "begin with"),
    (edited(USER, **INSIDE), "endpoint"),
    (edited(USER, aws__sourceip=None), "an address or through"),
    (edited(USER, **(INSIDE | {"aws__sourceip": None, "aws__sourcevpc": None})), "comes together"),
    (edited(USER, sts__externalid="x"), "two characters"),
    (edited(USER, aws__requestedregion="us"), "a region"),
    (edited(USER, **(PATHS | {"aws__principalorgpaths": ["o-aaaaaaaaaa/r-1"]})), "a slash"),
    (edited(USER, aws__multifactorauthpresent="true"), "MFA"),
    (edited(github("repo:acme/web:pull_request"), **{f"{keys.GITHUB}:repository": None}), "agrees"),
    (edited(USER, aws__sourceip="10.0.0.1"), "public"),
    (edited(USER, aws__sourceip="here"), "an address"),
    (edited(USER, aws__multifactorauthage="9"), "MFA"),
    (edited(USER, aws__securetransport="false"), "TLS"),
    (edited(USER, aws__epochtime="1780315201"), "one moment"),
    (edited(USER, aws__resourceaccount="222222222222"), "account of the role"),
    (edited(USER, aws__calledvia=["a"]), "ends of"),
    (edited(SESSION, aws__multifactorauthpresent="true"), "carry no MFA"),
    (edited(SESSION, aws__tokenissuetime="2027-01-01T00:00:00Z"), "before it is used"),
    (edited(SESSION, aws__userid="AROA1:other"), "aws:userid"),
    (edited(SERVICE, **PATHS), "never present"),
    (edited(SERVICE, aws__sourcearn=keys.SOURCES[0], aws__sourceaccount="2" * 12), "SourceAccount"),
    (edited(SERVICE, aws__principalisawsservice="false"), "constant"),
    (edited(SAML, sts__externalid="x"), "never present"),
    (edited(SAML, aws__principalarn="x"), "never present"),
    (github("repo:acme/web:ref:main"), "does not issue"),
    (github("repo:acme/web:branch:main"), "does not issue"),
    (github("repo:acme/web:environment:a:b"), "does not issue"),
    (github("repo:acme@1/web:pull_request"), "does not issue"),
    (github("repo:acme@1/evil@2:ref:refs/heads/x/web@3:y"), "does not issue"),
    (github("repo:-acme/web:pull_request"), "does not issue"),
    (github("repo:acme/web:ref:refs/heads/a..b"), "does not issue"),
    (github("repo:acme/web:environment:prod"), "`environment`"),
    (github("repo:acme/web:pull_request", environment="prod"), "`environment`"),
    (github("repo:acme/web:pull_request", repository="acme/api"), "`repository`"),
    (github("repo:acme@1/web@2:pull_request", repository_id="3"), "`repository_id`"),
    (github("repo:acme/web:pull_request", repository_owner="acme"), "never present"),
    (token(keys.OIDC[1], sub="project_path:acme:ref_type:branch:ref:x", aud="a"), "not issue"),
    (token(keys.OIDC[1], sub="project_path:a/b:ref_type:mr:ref:x", aud="a"), "not issue"),
    (token(keys.OIDC[2], sub="organization:a:workspace:b:run_phase:plan", aud="a"), "not issue"),
    (token(keys.OIDC[3], sub="system:serviceaccount:a_b:c", aud="a"), "not issue"),
    (token(keys.GOOGLE, sub="me@example.com", aud="1"), "not issue"),
    (token(keys.GOOGLE, sub="1"), "always present"),
    (edited(COGNITO, **{f"{keys.COGNITO.replace(':', '__')}__aud": "mine"}), "identity pool"),
    (edited(COGNITO, **{f"{keys.COGNITO}__amr": ["x"]}), "unauthenticated"),
    (edited(COGNITO, **{f"{keys.COGNITO}__sub": "us" + keys.POOLS[0][2:]}), "region of its pool"),
    (USER._replace(caller=USER.caller | {"session": "s1"}), "is described by"),
    (edited(USER, aws__multifactorauthpresent="yes"), "true or false"),
    (edited(USER, aws__multifactorauthpresent="true", aws__multifactorauthage="x"), "seconds"),
    (edited(USER, aws__currenttime="2026-06-01"), "a date with a time"),
    (edited(USER, aws__calledvia=["a"], aws__calledviafirst="a"), "ViaAWSService"),
    (edited(SESSION, aws__sourceidentity="a", sts__sourceidentity="b"), "changed later"),
    (edited(SERVICE, aws__principalservicenameslist=["x"]), "holds the name"),
    (edited(SERVICE, aws__sourcearn="bucket"), "is an ARN"),
    (
        TAGGED._replace(
            caller={"kind": "service", "service": "pods.eks.amazonaws.com"},
        ),
        "EKS pods",
    ),
]


@pytest.mark.parametrize("row", UNREAL, ids=lambda row: row[1])
def test_impossible_requests_have_the_fault(row: tuple[Request, str]) -> None:
    request, said = row
    found = faults(request, ROLE)
    assert any(said in fault for fault in found), found


def test_customised_subjects_only_when_asked() -> None:
    for subject in ("repo:acme/web", "environment:prod:repository_owner:acme", "workflow:ci"):
        assert faults(github(subject), ROLE) != []
        assert faults(github(subject), ROLE, "custom") == []
    assert faults(github("no template makes this"), ROLE, "custom") != []


# --- laws of the oracle ---

Case = tuple[dict[str, Any], Request]


@given(cases(), assumptions())
def test_order_and_copies_of_statements_do_not_matter(case: Case, assume: dict[str, bool]) -> None:
    policy, request = case
    statements = oracle.listed(policy["Statement"])
    shuffled = policy | {"Statement": [*reversed(statements), *copy.deepcopy(statements)]}
    before = allowed(policy, request, assume, ROLE)
    assert allowed(shuffled, request, assume, ROLE) == before


@given(cases(), assumptions())
def test_an_allow_never_closes_and_a_deny_never_opens(case: Case, assume: dict[str, bool]) -> None:
    policy, request = case
    statements = oracle.listed(policy["Statement"])
    before = allowed(policy, request, assume, ROLE)
    for index, statement in enumerate(statements):
        rest = policy | {"Statement": statements[:index] + statements[index + 1 :]}
        without = allowed(rest, request, assume, ROLE)
        assert before <= without if statement["Effect"] == "Deny" else without <= before


@given(cases(), assumptions())
def test_every_action_of_a_call_is_needed(case: Case, assume: dict[str, bool]) -> None:
    policy, request = case
    alone = [request._replace(actions=frozenset({action})) for action in request.actions]
    separately = all(allowed(policy, one, assume, ROLE) for one in alone)
    assert allowed(policy, request, assume, ROLE) == separately


# --- the generators ---


def drawn(count: int, near: int) -> list[tuple[dict[str, Any], list[Request]]]:
    rng = Random(20260101)
    policies = [interesting_policy(rng) for _ in range(count)]
    return [(policy, near_requests(policy, rng, near)) for policy in policies]


def test_every_drawn_request_is_realistic() -> None:
    for policy, requests in drawn(150, 6):
        assert [faults(request, ROLE) for request in requests] == [[]] * 6, policy


def test_enough_drawn_requests_are_admitted_and_enough_are_not() -> None:
    rng = Random(1)
    verdicts = Counter(
        allowed(policy, request, random_assumptions(rng), ROLE)
        for policy, requests in drawn(300, 8)
        for request in requests
    )
    assert 0.3 < verdicts[True] / verdicts.total() < 0.6


def test_drawn_policies_hold_everything_of_interest() -> None:
    text = repr([policy for policy, _ in drawn(600, 0)])
    wanted = [key.name for key in keys.KEYS.values()]
    wanted += ["Deny", "NotAction", "NotPrincipal", "ForAnyValue:", "ForAllValues:", "IfExists"]
    wanted += ["'Null'", "${aws:PrincipalAccount}", "'Bool'", "NumericLess", "DateGreater", "[]"]
    wanted += ["IpAddress", "NotIpAddress", "ArnLike", "ArnNotLike", "StringNotLike", "2008-"]
    wanted += ["sts:TagSession", "sts:SetSourceIdentity", "'sts:*'", ":root", "assumed-", "AROA"]
    assert [word for word in wanted if word not in text] == []


def test_requests_follow_a_policy_of_another_world() -> None:
    condition = {"StringEquals": {"sts:ExternalId": "0c3"}}
    principal = {"AWS": "arn:aws:iam::999999999999:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    policy = {"Version": "2012-10-17", "Statement": statement | {"Condition": condition}}
    rng = Random(2)
    requests = near_requests(policy, rng, 30, {})
    assert any(allowed(policy, one, random_assumptions(rng)) for one in requests)
    assert [faults(one, {}) for one in requests] == [[]] * 30


def test_the_same_seed_draws_the_same() -> None:
    assert drawn(20, 3) == drawn(20, 3)


@given(cases())
def test_hypothesis_draws_realistic_requests(case: Case) -> None:
    assert faults(case[1], keys.ROLE) == []

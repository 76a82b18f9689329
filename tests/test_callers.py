"""Whose callers get in, with which tags and MFA: the facts against calls that are tried one by one.

Names, accounts and tags with a number in them are made up; no policy of these tests spells them
out. Whether they get in is asked of the oracle.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import oracle
import pytest
from comparison import ROLE
from completion import as_told, completed
from examples_support import nodes
from oracle import Request
from policies import ASSUMPTIONS

from iamlint.facts.node import Node
from iamlint.facts.truth import NO, Truth
from iamlint.semantics.strings import Strings

Json = dict[str, Any]
NOTHING_ASSUMED = dict.fromkeys(ASSUMPTIONS, False)
OWN, OTHER = ROLE["account"], "222222222222"
ORGANISATION = "o-a1b2c3d4e5"
NUMBERS = (3, 14, 159)
MFA: tuple[Json, ...] = (
    {},
    {"aws:multifactorauthpresent": "false"},
    {"aws:multifactorauthpresent": "true", "aws:multifactorauthage": "1"},
    {"aws:multifactorauthpresent": "true", "aws:multifactorauthage": "200000"},
)
NAMES = ("anybody_at_home", "organisation_wide", "without_mfa", "any_tag")
PRINCIPALS = (OWN, OTHER, "*", f"arn:aws:iam::{OTHER}:user/u", f"arn:aws:iam::{OWN}:role/r")
GUARDS: tuple[tuple[str, str, Any], ...] = (
    ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/r-*"),
    ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:*"),
    ("StringLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}*:role/r"),
    ("StringLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/r*"),
    ("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/r"),
    ("StringEquals", "aws:PrincipalOrgID", ORGANISATION),
    ("StringEqualsIfExists", "aws:PrincipalOrgID", ORGANISATION),
    ("StringEquals", "aws:PrincipalAccount", [OWN, OTHER]),
    ("ForAllValues:StringEquals", "aws:TagKeys", ["team"]),
    ("ForAllValues:StringLike", "aws:TagKeys", ["*"]),
    ("StringEquals", "aws:RequestTag/team", "data"),
    ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ("Bool", "aws:MultiFactorAuthPresent", "false"),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),
    ("Null", "aws:MultiFactorAuthPresent", "false"),
    ("NumericGreaterThan", "aws:MultiFactorAuthAge", "3600"),
    ("NumericLessThan", "aws:MultiFactorAuthAge", "3600"),
)
ACTIONS: tuple[Any, ...] = (
    "sts:AssumeRole",
    "sts:AssumeRole",
    ["sts:AssumeRole", "sts:TagSession"],
)


def some_policy(rng: Random) -> Json:
    denies = [_statement(rng, "Deny", "*", "sts:*") for _ in range(rng.choice((0, 0, 1)))]
    allow = _statement(rng, "Allow", rng.choice(PRINCIPALS), rng.choice(ACTIONS))
    return {"Version": "2012-10-17", "Statement": [allow, *denies]}


def _statement(rng: Random, effect: str, principal: str, action: object) -> Json:
    condition: Json = {}
    number = rng.choice((0, 1, 1, 2)) if effect == "Allow" else 1
    for operator, key, value in rng.sample(GUARDS, number):
        condition.setdefault(operator, {})[key] = value
    found = {"Effect": effect, "Principal": {"AWS": principal}, "Action": action}
    return found | {"Condition": condition}


def call(arn: str, policy: Json, mfa: Json, tag: str = "", organisation: str = "") -> Request:
    """A call of a user or role; roles carry no MFA."""
    user = ":user/" in arn
    context: Json = {"aws:principalarn": arn, "aws:principalaccount": arn.split(":")[4]}
    context |= mfa if user else {}
    if tag:
        context["aws:tagkeys"] = tag.split()
        context |= {f"aws:requesttag/{name}": "data" for name in tag.split()}
    if organisation:
        context |= {
            "aws:principalorgid": organisation,
            "aws:principalorgpaths": [f"{organisation}/r-1/"],
        }
    caller = {"kind": "user" if user else "session", "arn": arn}
    actions = {"sts:AssumeRole", *(("sts:TagSession",) if tag else ())}
    request = Request(caller if user else caller | {"session": "zz"}, frozenset(actions), context)
    spoken = frozenset(
        key.lower()
        for statement in policy["Statement"]
        for tests in statement["Condition"].values()
        for key in tests
    )
    return completed(as_told(request), ROLE, spoken)


def enters(policy: Json, request: Request) -> bool:
    return oracle.allowed(policy, request, NOTHING_ASSUMED, ROLE)


def ways(policy: Json, arn: str, tags: tuple[str, ...] = ("",)) -> Iterator[tuple[Request, Json]]:
    """Calls of a caller, in an organisation or in none, with every kind of MFA."""
    for mfa, tag, organisation in product(MFA, tags, ("", ORGANISATION, "o-zzzzzzzzz9")):
        yield call(arn, policy, mfa, tag, organisation), mfa


def let_in(policy: Json, arn: str, *tags: str) -> bool:
    return any(
        enters(policy, request) for request, _ in ways(policy, arn, tags or ("", "team", "zq7"))
    )


def tried(policy: Json) -> set[str]:
    """The facts that hold of what was made up."""
    (principal,) = {policy["Statement"][0]["Principal"]["AWS"]}
    found: set[str] = set()
    everybody = [f"arn:aws:iam::{{}}:{kind}/zq{n}" for kind in ("user", "role") for n in NUMBERS]
    accounts = [f"{n:012}" for n in NUMBERS]

    def anybody(account: str) -> bool:
        return any(let_in(policy, name.format(account)) for name in everybody)

    if principal == OWN and anybody(OWN):
        found.add("anybody_at_home")
    if principal == "*" and all(_inside(policy, account) for account in accounts):
        outside = any(_outside(policy, account) for account in accounts)
        found |= set() if outside else {"organisation_wide"}
    callers = _callers(policy)
    if any(
        enters(policy, request) and mfa.get("aws:multifactorauthpresent") != "true"
        for arn in callers
        if ":user/" in arn
        for request, mfa in ways(policy, arn, ("", "team", "zq7"))
    ):
        found.add("without_mfa")
    if any(let_in(policy, arn, "zq7", "zq7 team") for arn in callers):
        found.add("any_tag")
    return found


def _callers(policy: Json) -> list[str]:
    accounts = (OWN, OTHER, "000000000003")
    names = ("r", "r-1", "zq", "x:role/r", "u")
    return [f"arn:aws:iam::{a}:{k}/{n}" for a in accounts for k in ("user", "role") for n in names]


def _inside(policy: Json, account: str) -> bool:
    return any(
        enters(policy, call(f"arn:aws:iam::{account}:{kind}/zq7", policy, mfa, tag, ORGANISATION))
        for kind, mfa, tag in product(("user", "role"), MFA, ("", "team", "zq7"))
    )


def _outside(policy: Json, account: str) -> bool:
    return any(
        enters(policy, call(f"arn:aws:iam::{account}:{kind}/zq7", policy, mfa, tag, where))
        for kind, mfa, tag, where in product(
            ("user", "role"), MFA, ("", "team", "zq7"), ("", "o-zzzzzzzzz9")
        )
    )


def said(policy: Json) -> dict[str, str]:
    """What the facts say of the grant of a policy."""
    (grant,) = [node for node in nodes({"policy": policy}, Strings()) if node.kind == "grant"]
    callers = grant.fact("callers")
    assert isinstance(callers, Node)
    truths = {name: callers.fact(name) for name in NAMES}
    return {name: truth.state for name, truth in truths.items() if isinstance(truth, Truth)}


@pytest.mark.parametrize("seed", range(3))
def test_callers_get_in_as_the_facts_say(seed: int) -> None:
    rng = Random(f"callers {seed}")
    for _ in range(25):
        policy = some_policy(rng)
        sure = {name for name, state in said(policy).items() if state == "yes"}
        assert sure == tried(policy), json.dumps(policy)


def test_each_fact_holds_of_some_policy() -> None:
    inside = {"StringEquals": {"aws:PrincipalOrgID": ORGANISATION}}
    policies = [some_policy(Random(f"some {number}")) for number in range(15)]
    policies.append({"Version": "2012-10-17", "Statement": [_allow("*", inside)]})
    assert set().union(*map(tried, policies)) == set(NAMES)


def _allow(principal: str, condition: Json) -> Json:
    found = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return found | {"Condition": condition}


# guards on MFA: (how long-lived keys, sessions without, with fresh and with old MFA fare)


def fare(policy: Json) -> tuple[bool, bool, bool, bool]:
    """Which of the four kinds of call of a user the oracle lets in."""
    arn = f"arn:aws:iam::{OTHER}:user/u"
    absent, false, fresh, old = (enters(policy, call(arn, policy, mfa)) for mfa in MFA)
    return absent, false, fresh, old


PRESENT, AGE = "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"
TESTS: tuple[Json, ...] = (
    {"Bool": {PRESENT: "true"}},
    {"Bool": {PRESENT: "false"}},
    {"BoolIfExists": {PRESENT: "true"}},
    {"BoolIfExists": {PRESENT: "false"}},
    {"Null": {PRESENT: "false"}},
    {"Null": {PRESENT: "true"}},
    {"NumericLessThan": {AGE: "3600"}},
    {"NumericGreaterThan": {AGE: "3600"}},
    {"NumericLessThanIfExists": {AGE: "3600"}},
    {"StringNotEquals": {PRESENT: "false"}},
    {"ForAllValues:Bool": {PRESENT: "true"}},
    {"ForAnyValue:Bool": {PRESENT: "false"}},
)


@pytest.mark.parametrize("condition", TESTS, ids=str)
def test_a_guard_on_mfa_proves_it_or_does_not(condition: Json) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [_allow(f"arn:aws:iam::{OTHER}:user/u", condition)],
    }
    absent, false, fresh, old = fare(policy)
    # that calls without the key get in is what another fact says
    unproved = (false and not absent) or (old and not fresh)
    (guard,) = [node for node in nodes({"policy": policy}, Strings()) if node.kind == "guard"]
    assert (guard.fact("unproved_mfa") != NO) is unproved


@pytest.mark.parametrize("condition", TESTS, ids=str)
def test_a_deny_without_mfa_spares_keys_or_does_not(condition: Json) -> None:
    deny = _allow("*", condition) | {"Effect": "Deny"}
    allow = _allow(f"arn:aws:iam::{OTHER}:user/u", {})
    policy = {"Version": "2012-10-17", "Statement": [allow, deny]}
    absent, *others = fare(policy)
    (guard,) = [node for node in nodes({"policy": policy}, Strings()) if node.kind == "guard"]
    truth = guard.fact("spared")
    assert isinstance(truth, Truth)
    assert (truth.state == "yes") is (absent and not all(others))


@pytest.mark.parametrize(
    ("pattern", "jumps"),
    [
        (f"arn:aws:iam::{OTHER}*:role/r", True),
        (f"arn:aws:iam::{OTHER}:role/*", False),
        (f"arn:aws:iam::{OTHER}:*:role/r", False),
        (f"arn:aws:iam::*{OTHER}:role/r", True),
        (f"arn:aws:iam::{OTHER}:role/r", False),
        (f"arn:aws:iam:*:{OTHER}:role/r", True),
    ],
)
def test_a_wildcard_jumps_where_the_strict_operator_differs(pattern: str, jumps: bool) -> None:
    def policy(operator: str) -> Json:
        condition = {operator: {"aws:PrincipalArn": pattern}}
        return {"Version": "2012-10-17", "Statement": [_allow("*", condition)]}

    made = (f"arn:aws:iam::{OWN}:role/{path}{OTHER}:role/r" for path in ("", "x:"))
    arns = [*_callers(policy("ArnLike")), *made]
    differ = [
        arn
        for arn in arns
        if let_in(policy("StringLike"), arn) and not let_in(policy("ArnLike"), arn)
    ]
    assert bool(differ) is jumps
    (guard,) = [n for n in nodes({"policy": policy("StringLike")}, Strings()) if n.kind == "guard"]
    truth = guard.fact("jumps")
    assert isinstance(truth, Truth)
    assert (truth.state == "yes") is jumps

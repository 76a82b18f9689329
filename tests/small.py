"""Small policies in a small world, in which every call that tells them apart can be tried.

Of the callers of a few accounts and names, one calls out of every class that the policy cannot tell
apart. A key takes one value out of every class of values that the patterns on it cannot tell apart,
among all texts of up to four letters; or it is absent.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from random import Random
from typing import Any

import oracle
from comparison import ROLE, meaning_of, world_of
from completion import as_told, completed
from oracle import Request
from policies import ASSUMPTIONS

from iamlint.semantics.questions import anyone

Json = dict[str, Any]
Context = dict[str, str | list[str]]

ACCOUNTS = ("111111111111", "222222222222")
CALLERS = tuple(
    f"arn:aws:iam::{account}:{name}"
    for account in ACCOUNTS
    for name in ("user/a", "user/b/a", "role/a", "role/b/a")
)
OTHERS = ("999999999999", "333333333331", "222233333333", "222200000001")
EVERYBODY = tuple(
    f"arn:aws:iam::{account}:{kind}/{name}"
    for account in (*ACCOUNTS, *OTHERS)
    for kind in ("user", "role")
    # the path of the last one holds what `*` may take for the end of the account
    for name in ("a", "b/a", "zq", "b/zq", ":role/a")
)
PRINCIPALS = (*ACCOUNTS, f"arn:aws:iam::{ACCOUNTS[0]}:root", "*", *CALLERS)
TEXTS = ("sts:ExternalId", "aws:PrincipalTag/t", "aws:SourceIdentity", "aws:RequestTag/t")
NOTHING_ASSUMED = dict.fromkeys(ASSUMPTIONS, False)
ALWAYS = {"sts:rolesessionname"}
ONLY_SESSIONS = {"aws:sourceidentity"}
LETTERS = "abx"
SHORTEST = 2  # what STS asks of external ids, session names and source identities
ALL_TEXTS = [
    "".join(each)
    for length in range(SHORTEST, 5)
    for each in itertools.product(LETTERS, repeat=length)
]
OPERATORS = (
    *("StringEquals", "StringLike", "StringLike", "StringNotEquals", "StringNotLike"),
    *("StringEqualsIfExists", "StringNotLikeIfExists", "ForAllValues:StringLike"),
    *("ForAnyValue:StringLike", "ForAnyValue:StringNotLike"),
)


def some_policies(rng: Random, number: int) -> list[Json]:
    """Policies of one Allow or two, and up to three Denies."""
    return [_policy(rng) for _ in range(number)]


def _policy(rng: Random) -> Json:
    allows = [_statement(rng, "Allow", rng.choice((1, 2, 3))) for _ in range(rng.choice((1, 2)))]
    denies = [_statement(rng, "Deny", rng.choice((0, 1, 1, 2))) for _ in range(rng.choice((1, 3)))]
    return {"Version": "2012-10-17", "Statement": allows + denies}


def _statement(rng: Random, effect: str, guards: int) -> Json:
    condition: Json = {}
    for _ in range(guards):
        operator, key, values = _guard(rng)
        condition.setdefault(operator, {})[key] = values
    principals = rng.sample(PRINCIPALS, rng.choice((1, 1, 2)))
    action = rng.choice(("sts:AssumeRole", "sts:*", ["sts:AssumeRole", "sts:TagSession"]))
    named = {"Effect": effect, "Principal": {"AWS": principals}, "Action": action}
    return named | {"Condition": condition}


def _guard(rng: Random) -> tuple[str, str, list[str]]:
    key = rng.choice((*TEXTS, "sts:RoleSessionName", "aws:PrincipalArn", "aws:PrincipalAccount"))
    if rng.random() < 0.15:
        return "Null", key, [rng.choice(("true", "false"))]
    if key == "aws:PrincipalArn":
        operator = rng.choice(("ArnLike", "ArnNotLike", "StringLike", "StringNotEquals"))
        return operator, key, [_loose(rng, rng.choice(CALLERS))]
    operator = rng.choice(OPERATORS)
    if key == "aws:PrincipalAccount":
        return operator, key, [rng.choice((*ACCOUNTS, "2222*", "?" * 12, "*1"))]
    return operator, key, [_pattern(rng) for _ in range(rng.choice((1, 1, 2)))]


def _loose(rng: Random, arn: str) -> str:
    options = (arn, arn.replace("/a", "/*"), arn.replace("user", "*"), "arn:aws:iam::*:role/*")
    return rng.choice(options)


def _pattern(rng: Random) -> str:
    return "".join(rng.choice("aab*?") for _ in range(rng.choice((1, 2, 3))))


def differing(policy: Json, assume: Mapping[str, bool]) -> bool:
    """Whether the engine and the search of every call disagree on who gets in: nobody or not."""
    engine = anyone(world_of(meaning_of(policy), assume)) is not None
    return engine != any(oracle.allowed(policy, call, assume, ROLE) for call in calls(policy))


def calls(policy: Json) -> Iterator[Request]:
    """Every call that the policy can tell from the others, at least once."""
    patterns = _patterns(policy)
    keys = sorted(patterns)
    for arn in _callers(policy):
        options = [_values(key, tuple(patterns[key]), arn) for key in keys]
        for picked in itertools.product(*options):
            context: Context = {k: v for k, v in zip(keys, picked, strict=True) if v is not None}
            yield _call(arn, context, frozenset(keys))
            if "aws:requesttag/t" not in context and "aws:requesttag/t" in keys:
                yield _call(arn, context, frozenset(keys), another_tag=True)


def _callers(policy: Json) -> list[str]:
    """One caller of each class: statements and guards on the caller say the same of all in it."""
    found: dict[tuple[object, ...], str] = {}
    for arn in EVERYBODY:
        world = oracle.World(_call(arn, {}, frozenset()), NOTHING_ASSUMED, ROLE["account"], True)
        said = [
            oracle.passes(operator, key, values, world)
            for statement in policy["Statement"]
            for operator, tests in statement["Condition"].items()
            for key, values in tests.items()
            if key in ("aws:PrincipalArn", "aws:PrincipalAccount")
        ]
        covered = [oracle.covers(each["Principal"], world) for each in policy["Statement"]]
        found.setdefault((":user/" in arn, *covered, *said), arn)
    return list(found.values())


def _call(arn: str, context: Context, keys: frozenset[str], another_tag: bool = False) -> Request:
    user = ":user/" in arn
    tagged = another_tag or "aws:requesttag/t" in context
    call = Request(
        {"kind": "user", "arn": arn} if user else {"kind": "session", "arn": arn, "session": "zz"},
        frozenset({"sts:AssumeRole"} | ({"sts:TagSession"} if tagged else set())),
        {
            **context,
            "aws:principalarn": arn,
            "aws:principalaccount": arn.split(":")[4],
            "aws:userid": "AIDA111111111111" if user else "AROA111111111111:zz",
        },
    )
    return completed(as_told(call), ROLE, keys)


def _patterns(policy: Json) -> dict[str, list[str]]:
    """The patterns on each key of free text."""
    found: dict[str, list[str]] = {}
    for statement in policy["Statement"]:
        for tests in statement["Condition"].values():
            for key, values in tests.items():
                if not key.startswith("aws:Principal") or "/" in key:
                    found.setdefault(key.lower(), []).extend(values)
    return {key: sorted(set(values)) for key, values in found.items()}


def _values(key: str, patterns: tuple[str, ...], arn: str) -> list[str | None]:
    if key in ONLY_SESSIONS and ":user/" in arn:
        return [None]
    present: list[str | None] = [*_classes(patterns, 1 if "tag/" in key else SHORTEST)]
    return present if key in ALWAYS else [None, *present]


@cache
def _classes(patterns: tuple[str, ...], shortest: int) -> tuple[str, ...]:
    """One text of each class: as a pattern and as plain text, every value says the same of it."""
    found: dict[tuple[bool, ...], str] = {}
    # a tag may be anything, even the text of a pattern; names and ids have no wildcards in them
    free = (*LETTERS, *patterns) if shortest == 1 else ()
    for text in (*free, *ALL_TEXTS):
        like = [oracle.glob(oracle.wildcards(pattern), text) for pattern in patterns]
        same = [pattern == text for pattern in patterns]
        found.setdefault((*like, *same), text)
    return tuple(found.values())

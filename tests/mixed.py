"""Policies whose operators meet keys and values of another kind: numbers under dates, and so on."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import keys
from policies import EVERY_OPERATOR, OPERATORS

Json = dict[str, Any]
TYPED = [key for key in keys.KEYS.values() if key.family.lower() != "text"]
POOLS = {key.name: key.pool for key in keys.KEYS.values()}
EVERY_VALUE = [value for pool in POOLS.values() for value in pool]
PRINCIPALS: tuple[Json, ...] = (
    {"AWS": "*"},
    {"Service": "lambda.amazonaws.com"},
    {"Federated": "accounts.google.com"},
    {"Federated": keys.OIDC[0]},
)


def mixed_policy(rng: Random, _: Mapping[str, str] | None = None) -> Json:
    """An Allow with guards on one key, or without any and a Deny that has them."""
    whole = {"Principal": rng.choice(PRINCIPALS), "Action": "sts:*"}
    condition = {"Condition": _condition(rng)}
    if rng.random() < 0.7:
        return {"Version": "2012-10-17", "Statement": {"Effect": "Allow"} | whole | condition}
    statements = [{"Effect": "Allow"} | whole, {"Effect": "Deny"} | whole | condition]
    return {"Version": "2012-10-17", "Statement": statements}


def _condition(rng: Random) -> Json:
    key = rng.choice(TYPED) if rng.random() < 0.8 else rng.choice(list(keys.KEYS.values()))
    condition: Json = {}
    for _ in range(rng.choice((1, 1, 2))):
        operator = rng.choice(EVERY_OPERATOR)
        values = [_value(rng, key, operator) for _ in range(rng.choice((1, 1, 2)))]
        condition[operator + rng.choice(("", "", "", "IfExists"))] = {key.name: values}
    return condition


def _value(rng: Random, key: keys.Key, operator: str) -> str:
    """One that suits the key, or the operator, or neither."""
    if key.name == "aws:EpochTime":  # four digits, a moment of 1970, are a year to Date operators
        return rng.choice(key.pool)
    kinds = [kind for kind, operators in OPERATORS.items() if operator in operators]
    suiting = [v for each in TYPED if each.family.lower() in kinds for v in each.pool]
    return rng.choice(rng.choice((key.pool, suiting or EVERY_VALUE, EVERY_VALUE)))

"""Other ways to write a policy that mean the same, each as a function of the policy and a draw."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

import oracle

Json = dict[str, Any]
Rewrite = Callable[[Json, Random], Json]


def each_statement(policy: Json, rewrite: Callable[[Json], list[Json]]) -> Json:
    statements = [copy.deepcopy(each) for each in oracle.listed(policy["Statement"])]
    return policy | {"Statement": [new for each in statements for new in rewrite(each)]}


def regrouped(policy: Json, rng: Random) -> Json:
    """One-element lists as scalars, and scalars as lists of one."""

    def flip(value: Any) -> Any:
        if isinstance(value, list):
            return value[0] if len(value) == 1 and rng.random() < 0.7 else value
        return [value] if rng.random() < 0.7 else value

    def rewrite(statement: Json) -> list[Json]:
        for name in {"Action", "NotAction"} & set(statement):
            statement[name] = flip(statement[name])
        for name in {"Principal", "NotPrincipal"} & set(statement):
            if isinstance(statement[name], dict):
                statement[name] = {k: flip(v) for k, v in statement[name].items()}
        for tests in statement.get("Condition", {}).values():
            tests.update({key: flip(values) for key, values in tests.items()})
        return [statement]

    written = each_statement(policy, rewrite)
    return written | {"Statement": flip(written["Statement"])}


def recased(policy: Json, rng: Random) -> Json:
    """The keys of conditions in other letter case; a key written twice stays as it is."""
    change = rng.choice((str.upper, str.lower, str.swapcase, str.title))

    def rewrite(statement: Json) -> list[Json]:
        for operator, tests in statement.get("Condition", {}).items():
            if len({key.lower() for key in tests}) == len(tests):
                statement["Condition"][operator] = {change(k): v for k, v in tests.items()}
        return [statement]

    return each_statement(policy, rewrite)


def shuffled(policy: Json, rng: Random) -> Json:
    """Statements, actions, principals and values in another order."""

    def mixed(value: Any) -> Any:
        return rng.sample(value, len(value)) if isinstance(value, list) else value

    def rewrite(statement: Json) -> list[Json]:
        for name in {"Action", "NotAction"} & set(statement):
            statement[name] = mixed(statement[name])
        for name in {"Principal", "NotPrincipal"} & set(statement):
            if isinstance(statement[name], dict):
                statement[name] = {k: mixed(v) for k, v in statement[name].items()}
        for tests in statement.get("Condition", {}).values():
            tests.update({key: mixed(values) for key, values in tests.items()})
        return [statement]

    written = each_statement(policy, rewrite)
    return written | {"Statement": mixed(written["Statement"])}


def renamed(policy: Json, rng: Random) -> Json:
    """An account as its id or as the ARN of its root, whichever it is not."""

    def other(text: str) -> str:
        if len(text) == 12 and text.isdecimal():
            return f"arn:aws:iam::{text}:root"
        return text.split(":")[4] if text.endswith(":root") else text

    def rewrite(statement: Json) -> list[Json]:
        for name in {"Principal", "NotPrincipal"} & set(statement):
            if isinstance(statement[name], dict) and "AWS" in statement[name]:
                entries = oracle.listed(statement[name]["AWS"])
                statement[name]["AWS"] = [other(entry) for entry in entries]
        return [statement]

    return each_statement(policy, rewrite)


def named(policy: Json, rng: Random) -> Json:
    """Every statement with a Sid."""
    numbers = iter(range(100))
    return each_statement(policy, lambda each: [{"Sid": f"S{next(numbers)}", **each}])


def repeated(policy: Json, rng: Random) -> Json:
    """One statement twice."""
    statements = oracle.listed(policy["Statement"])
    return policy | {"Statement": [*statements, copy.deepcopy(rng.choice(statements))]}


def split_by_principal(policy: Json, rng: Random) -> Json:
    """A statement for every principal."""

    def rewrite(statement: Json) -> list[Json]:
        element = statement.get("Principal")
        if not isinstance(element, dict):
            return [statement]
        entries = [(kind, text) for kind in element for text in oracle.listed(element[kind])]
        return [copy.deepcopy(statement) | {"Principal": {k: text}} for k, text in entries]

    return each_statement(policy, rewrite)


def split_by_action(policy: Json, rng: Random) -> Json:
    """A statement for every action."""

    def rewrite(statement: Json) -> list[Json]:
        if "Action" not in statement:
            return [statement]
        actions = oracle.listed(statement["Action"])
        return [copy.deepcopy(statement) | {"Action": action} for action in actions]

    return each_statement(policy, rewrite)


def shadowed(policy: Json, rng: Random) -> Json:
    """One more statement that admits (or denies) less than one that is there."""
    statements = oracle.listed(policy["Statement"])
    lesser = copy.deepcopy(rng.choice(statements))
    guards = lesser.setdefault("Condition", {}).setdefault("StringLike", {})
    guards["aws:RequestedRegion"] = "eu-*"
    return policy | {"Statement": [*statements, lesser]}


SAME_PARTS: dict[str, Rewrite] = {
    each.__name__: each for each in (regrouped, recased, shuffled, renamed, named, repeated)
}
"""Rewrites that leave every statement, guard and principal what it is."""

OTHER_PARTS: dict[str, Rewrite] = {
    each.__name__: each for each in (split_by_principal, split_by_action, shadowed)
}
"""Rewrites after which statements and guards are others; only the grants mean the same."""

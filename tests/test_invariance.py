"""However a policy is spelt, the access rules say the same of it.

Rules about one guard, principal or statement follow the pieces a policy is written in; so what is
compared is what the rules about grants say: which of them speak, how sure they are, and which kind
of caller they show. Rules about spelling and deployment are exempt by their tags.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from policies import interesting_policy

from iamlint.facts.node import Estate, Subject, Witness
from iamlint.facts.policy import PolicyNode
from iamlint.policy.parse import parse_policy
from iamlint.rules.book import RuleBook
from iamlint.semantics.filling import Setting
from iamlint.semantics.meaning import Meaning
from iamlint.semantics.strings import Strings
from iamlint.shipped import shipped_book
from iamlint.source import Source
from iamlint.syntax.json import parse

Json = dict[str, Any]
Said = set[tuple[str, str]]
BOOK: RuleBook = shipped_book()
STRINGS = Strings()
POLICIES = 60


def said(policy: Json, *, whole: bool) -> Said:
    """What the access rules say: about grants, and (`whole`) about the policy as a whole too.

    Undecided is said too: no mere spelling may turn an answer into a shrug.
    """
    value, problems = parse(Source("policy.json", json.dumps(policy)))
    assert value is not None
    assert not [problem for problem in problems if problem.blocking]
    meaning = Meaning(parse_policy(value), Setting("111111111111"), STRINGS)
    found: Said = set()
    for node in PolicyNode(Subject(meaning, "`role`", Estate())).every_node():
        if node.kind != "grant" and not (whole and node.kind == "policy"):
            continue
        for rule in BOOK.of_node(node.kind):
            if rule.flag("spelling") or rule.flag("deployment"):
                continue
            truth = rule.when(node)
            if truth.state != "no":
                kind = truth.witness.request().kind if isinstance(truth.witness, Witness) else ""
                signed = "signed" if kind in ("user", "session") else kind
                found.add((rule.id, f"{truth.state} {signed}"))
    return found


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(policy: Json) -> list[Json]:
    return [json.loads(json.dumps(statement)) for statement in listed(policy["Statement"])]


def rewritten(policy: Json, change: Callable[[Json, Random], Json], rng: Random) -> Json:
    return {**policy, "Statement": [change(each, rng) for each in statements(policy)]}


def scalars_as_lists(statement: Json, rng: Random) -> Json:
    for name in ("Action", "NotAction"):
        if name in statement:
            statement[name] = listed(statement[name])
    for element in ("Principal", "NotPrincipal"):
        if isinstance(statement.get(element), dict):
            statement[element] = {t: listed(v) for t, v in statement[element].items()}
    for keys in statement.get("Condition", {}).values():
        for key, values in keys.items():
            keys[key] = listed(values)
    return statement


def lists_turned(statement: Json, rng: Random) -> Json:
    statement = scalars_as_lists(statement, rng)
    for keys in statement.get("Condition", {}).values():
        for values in keys.values():
            rng.shuffle(values)
    if "Condition" in statement:
        operators = list(statement["Condition"].items())
        rng.shuffle(operators)
        statement["Condition"] = dict(operators)
    return statement


def keys_in_other_case(statement: Json, rng: Random) -> Json:
    statement["Condition"] = {
        operator: {rng.choice((key, key.upper(), key.lower())): v for key, v in keys.items()}
        if len({key.lower() for key in keys}) == len(keys)
        else keys
        for operator, keys in statement.get("Condition", {}).items()
    }
    return statement


def accounts_the_other_way(statement: Json, rng: Random) -> Json:
    principal = statement.get("Principal")
    if isinstance(principal, dict) and "AWS" in principal:
        principal["AWS"] = [_other_account(text) for text in listed(principal["AWS"])]
    return statement


def _other_account(text: str) -> str:
    if text.isdigit():
        return f"arn:aws:iam::{text}:root"
    return text.split(":")[4] if text.endswith(":root") else text


def with_sids(statement: Json, rng: Random) -> Json:
    return {**statement, "Sid": f"S{rng.randrange(10**9)}"}


def reordered(policy: Json, rng: Random) -> Json:
    shuffled = statements(policy)
    rng.shuffle(shuffled)
    return {**policy, "Statement": shuffled}


def repeated(policy: Json, rng: Random) -> Json:
    every = statements(policy)
    return {**policy, "Statement": [*every, json.loads(json.dumps(rng.choice(every)))]}


def narrower_beside(policy: Json, rng: Random) -> Json:
    """An Allow once more with one more guard: it adds nobody."""
    every = statements(policy)
    allows = [each for each in every if each["Effect"] == "Allow"]
    if allows:
        narrow = json.loads(json.dumps(rng.choice(allows)))
        narrow.setdefault("Condition", {})["Bool"] = {"aws:SecureTransport": "true"}
        every.append(narrow)
    return {**policy, "Statement": every}


def one_per_principal(policy: Json, rng: Random) -> Json:
    split: list[Json] = []
    for statement in statements(policy):
        principal = statement.get("Principal")
        entries = (
            [(t, v) for t, vs in principal.items() for v in listed(vs)]
            if isinstance(principal, dict)
            else []
        )
        split.extend({**statement, "Principal": {t: v}} for t, v in entries)
        if not entries:
            split.append(statement)
    return {**policy, "Statement": split}


def one_per_action(policy: Json, rng: Random) -> Json:
    split: list[Json] = []
    for statement in statements(policy):
        actions = listed(statement.get("Action", []))
        split.extend({**statement, "Action": action} for action in actions)
        if not actions:
            split.append(statement)
    return {**policy, "Statement": split}


SPELLINGS = (scalars_as_lists, lists_turned, keys_in_other_case, accounts_the_other_way, with_sids)
SHAPES = (reordered, repeated, narrower_beside, one_per_principal, one_per_action)


def decided(policy: Json) -> bool:
    return not any(answer.startswith("undecided") for _, answer in said(policy, whole=True))


def drawn(seed: int) -> tuple[Json, Random]:
    """An interesting policy that can be decided, and the dice that go with it."""
    rng = Random(seed)
    while True:
        policy = interesting_policy(rng)
        if decided(policy):
            return policy, rng


@pytest.mark.parametrize("seed", range(POLICIES))
def test_no_spelling_changes_what_the_access_rules_say(seed: int) -> None:
    policy, rng = drawn(seed)
    before = said(policy, whole=True)
    for change in SPELLINGS:
        assert said(rewritten(policy, change, rng), whole=True) == before, change.__name__


@pytest.mark.parametrize("seed", range(POLICIES))
def test_no_order_and_no_split_changes_who_gets_in(seed: int) -> None:
    policy, rng = drawn(seed)
    before = said(policy, whole=True)
    for change in SHAPES:
        after = said(change(policy, rng), whole=True)
        # NOTE: an order may need more readings of the unknowns than are tried; that is said, too
        if not any(answer.startswith("undecided") for _, answer in after):
            assert after == before, change.__name__


def test_the_draw_is_worth_something() -> None:
    """NOTE: policies of which no access rule says anything would prove nothing."""
    spoken = [said(drawn(seed)[0], whole=True) for seed in range(POLICIES)]
    assert sum(bool(each) for each in spoken) > POLICIES // 4
    assert len({rule for each in spoken for rule, _ in each}) >= 4

"""Interesting trust policies, and realistic requests that just match them or just do not.

`interesting_policy` and `near_requests` draw from a plain `random.Random`; `policies` and `cases`
are the same behind Hypothesis. A policy grows around a model request, so that most guards of its
Allows hold for somebody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import keys
import oracle
from draws import KINDS, near_miss
from hypothesis import strategies as st
from near import Guard, anybody, near_requests
from oracle import Request

__all__ = [
    "ASSUMPTIONS",
    "assumptions",
    "cases",
    "interesting_policy",
    "near_requests",
    "policies",
    "random_assumptions",
]
ASSUMPTIONS = (
    "star-service",
    "star-federated",
    "any-value-if-exists",
    "arn-shape",
    "bare-list",
    "empty-values",
    "same-key-twice",
    "not-principal",
    "foreign-provider",
    "live-id",
)
TEXT = ("StringEquals", "StringLike", "StringLike", "StringNotEquals", "StringNotLike")
CASE = ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")
ORDER = ("LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
RELATIONS = ("Equals", "NotEquals", *ORDER)
NUMERIC = tuple(f"Numeric{relation}" for relation in RELATIONS)
DATE = tuple(f"Date{relation}" for relation in RELATIONS)
OPERATORS = {
    "text": (*TEXT, *TEXT, *CASE),
    "arn": ("ArnLike", "ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals", *TEXT),
    "number": NUMERIC,
    "epoch": NUMERIC + DATE,
    "date": DATE,
    "boolean": ("Bool", "Bool", "Bool", "StringEquals", "StringNotEquals"),
    "address": ("IpAddress", "IpAddress", "NotIpAddress"),
}
EVERY_OPERATOR = (*sum(OPERATORS.values(), ()), "BinaryEquals")
VARIABLES = (
    "${aws:PrincipalAccount}",
    "${aws:username}",
    "${aws:PrincipalTag/team}",
    "${AWS:principaltag/Team, 'red'}",
    "${aws:ResourceAccount}",
    "${aws:ResourceOrgID}",
    "${sts:ExternalId}",
    "${sts:RoleSessionName}",
    "a${*}b",
    "x${?}",
    "${$}{aws:username}",
)
MALFORMED = ("not-a-date", "12x", "10.0.0.0/33", "yes", "arn:aws:iam", "*", "", "2026-13-01")
# keys that every call carries, and that say little of who may come in
DULL = {"aws:useragent", "aws:requestedregion", "aws:securetransport", "aws:viaawsservice"}
DULL |= {"aws:principaltype", "aws:principalisawsservice", "aws:resourceaccount", "aws:epochtime"}
DULL |= {"aws:currenttime", "aws:resourceorgid", "aws:resourceorgpaths", "aws:sourceip"}
DULL |= {"aws:tokenissuetime", "sts:rolesessionname", "aws:federatedprovider"}
DULL |= {"aws:principalservicename", "aws:principalservicenameslist"}
# endings of keys that policies in the wild hang on
TELLING = (
    *(":sub", ":amr", ":environment", "externalid", "multifactorauthpresent", "principalarn"),
    *("sourcearn", "tagkeys", "principalorgid", "requesttag/team"),
)


# --- policies ---


def interesting_policy(rng: Random, role: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A policy of one to four statements, most of whose Allows admit somebody."""
    role = keys.ROLE if role is None else role
    model = anybody(rng, role, rng.choice(KINDS))
    statements = []
    for index in range(rng.choice((1, 1, 2, 2, 3, 4))):
        effect = "Deny" if index and rng.random() < 0.5 else "Allow"
        if rng.random() < 0.3:
            model = anybody(rng, role, rng.choice(KINDS))
        statements.append(_statement(rng, model, effect))
        if effect == "Allow" and len(model.actions) > 1 and rng.random() < 0.3:
            statements += _split(rng, model, statements.pop())
    if rng.random() < 0.05:
        statements.append(rng.choice(statements))
    rng.shuffle(statements)
    body = statements[0] if len(statements) == 1 and rng.random() < 0.3 else statements
    version = rng.choice(("2012-10-17",) * 16 + ("2008-10-17", ""))
    return ({"Version": version} if version else {}) | {"Statement": body}


def _split(rng: Random, model: Request, statement: dict[str, Any]) -> list[dict[str, Any]]:
    """The statement twice: for the call, and for what goes with it under guards of its own."""
    statement.pop("NotAction", None)
    condition = {"Condition": _condition(rng, model, "Allow")}
    first, *others = sorted(model.actions)
    return [statement | {"Action": first}, statement | {"Action": others} | condition]


def _statement(rng: Random, model: Request, effect: str) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect}
    if rng.random() < 0.04:
        statement["NotPrincipal"] = _principals(rng, anybody(rng, keys.ROLE, rng.choice(KINDS)))
    else:
        statement["Principal"] = _principals(rng, model)
    statement |= _actions(rng, model)
    condition = _condition(rng, model, effect)
    if condition or rng.random() < 0.1:
        statement["Condition"] = condition
    return statement


def _principals(rng: Random, model: Request) -> Any:
    """A principal element that covers the model, and often others."""
    if rng.random() < 0.02:
        return "*"
    entries = [rng.choice(list(_names(model)))]
    while rng.random() < 0.3:
        other = anybody(
            rng, keys.ROLE, model.caller["kind"] if rng.random() < 0.5 else rng.choice(KINDS)
        )
        entries.append(rng.choice(list(_names(other))))
    element: dict[str, Any] = {}
    for kind, text in entries:
        element.setdefault(kind, []).append(text)
    return {k: v[0] if len(v) == 1 and rng.random() < 0.7 else v for k, v in element.items()}


def _names(request: Request) -> Iterator[tuple[str, str]]:
    """Entries that cover the caller, the usual ones more than once."""
    caller = request.caller
    if "arn" not in caller:
        kind = "Service" if "service" in caller else "Federated"
        yield from [(kind, caller.get("service") or caller["provider"])] * 12
        yield "AWS", "*"
        return
    account = caller["arn"].split(":")[4]
    root = f"arn:aws:iam::{account}:root"
    yield from [("AWS", name) for name in (account, root, "*", caller["arn"]) for _ in range(3)]
    yield "AWS", str(request.context["aws:userid"]).split(":")[0]
    if "session" in caller:
        name = f"{caller['arn'].rsplit('/', 1)[1]}/{caller['session']}"
        yield "AWS", f"arn:aws:sts::{account}:assumed-role/{name}"


def _actions(rng: Random, model: Request) -> dict[str, Any]:
    call = next(action for action in model.actions if "AssumeRole" in action)
    needed = sorted(model.actions)
    if rng.random() < 0.06:
        return {"NotAction": rng.choice(("sts:TagSession", ["sts:AssumeRoot", "sts:Get*"], call))}
    broad = ("sts:*", "sts:AssumeRole*", "*", call.swapcase(), "sts:?ssumeRole*", call)
    lists = ([*needed, "sts:TagSession"], [call, "sts:SetSourceIdentity"], ["sts:*Session", call])
    if len(needed) > 1 and rng.random() < 0.8:
        return {"Action": rng.choice((needed, needed, "sts:*", [*needed, "sts:TagSession"]))}
    return {"Action": rng.choice((call, call, call, *broad, *lists))}


# --- conditions ---


def _condition(rng: Random, model: Request, effect: str) -> dict[str, Any]:
    condition: dict[str, Any] = {}
    for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4) if effect == "Allow" else (0, 1, 1, 1, 2, 3))):
        guard = _fitting(rng, model, effect)
        held = condition.setdefault(guard.operator, {})
        if guard.key.lower() not in map(str.lower, held):
            held[guard.key] = _as_json(rng, guard)
        if rng.random() < 0.03:  # the same key twice, in different letter case
            again = guard._replace(values=_guard(rng, model).values or ["x"])
            held[guard.key.swapcase()] = _as_json(rng, again)
    return condition


def _as_json(rng: Random, guard: Guard) -> Any:
    """The values as a scalar or a list, numbers and booleans now and then bare."""
    bare = rng.random() < 0.3 and ("Numeric" in guard.operator or "Bool" in guard.operator)
    values: list[Any] = [_bare(v) if bare else v for v in guard.values]
    return values[0] if len(values) == 1 and rng.random() < 0.7 else values


def _bare(text: str) -> Any:
    plain = text in ("true", "false") or (text.isdecimal() and text == str(int(text)))
    return json.loads(text) if plain else text


def _fitting(rng: Random, model: Request, effect: str) -> Guard:
    """A guard that usually holds for the model of an Allow, and usually not for that of a Deny."""
    world = oracle.World(model, dict.fromkeys(ASSUMPTIONS, True), keys.ACCOUNTS[0], True)
    guard = _guard(rng, model)
    for _ in range(8):
        if oracle.passes(*guard, world) == (effect == "Allow") or rng.random() < 0.08:
            break
        guard = _guard(rng, model)
    return guard


def _guard(rng: Random, model: Request) -> Guard:
    name = _key(rng, model)
    known = keys.KEYS.get(name, keys.Key(name, "text", keys.COLOURS))
    spelt = known.name
    if rng.random() < 0.1:
        spelt = rng.choice((name, name.upper(), name.title()))
    listed = known.family.isupper()
    if rng.random() < 0.08:
        return Guard("Null", spelt, [rng.choice(("true", "false", "false", "True"))])
    operators = OPERATORS[known.family.lower()] if rng.random() < 0.97 else EVERY_OPERATOR
    operator = rng.choice(operators)
    count = 0 if rng.random() < 0.01 else rng.choice((1, 1, 1, 2, 3))
    values = [_value(rng, model, known, operator) for _ in range(count)]
    quantified = rng.random() < (0.88 if listed else 0.08)
    quantifier = rng.choice(("ForAllValues:", "ForAnyValue:")) if quantified else ""
    return Guard(quantifier + operator + ("IfExists" if rng.random() < 0.12 else ""), spelt, values)


def _key(rng: Random, model: Request) -> str:
    telling = [key for key in model.context if key not in DULL]
    telling += [key for key in telling if key.endswith(TELLING)] * 2
    dull = [key for key in model.context if key in DULL]
    return rng.choice(rng.choices((telling, dull, list(keys.KEYS)), (60, 22, 18))[0])


def _value(rng: Random, model: Request, key: keys.Key, operator: str) -> str:
    """One value: of the model, of the pool, loosened where the operator has wildcards."""
    if rng.random() < 0.02:
        return rng.choice(MALFORMED)
    found = model.context.get(key.name.lower(), "")
    own = rng.choice(found) if isinstance(found, list) else found
    text = own if own and rng.random() < 0.7 else rng.choice(key.pool)
    if operator.startswith(("String", "Arn")) and rng.random() < 0.06:
        return rng.choice((*VARIABLES, f"${{{key.name}}}"))
    if "Like" in operator or (operator.startswith("Arn") and rng.random() < 0.4):
        return _loosened(rng, text) if rng.random() < 0.7 else text
    if operator.endswith("IgnoreCase"):
        return text.swapcase()
    if "IpAddress" in operator and rng.random() < 0.7:
        return text + rng.choice(("/8", "/24", "/31", "/0") if "." in text else ("/32", "/64"))
    if operator.startswith("Numeric") and text.isdecimal() and rng.random() < 0.4:
        return rng.choice((text + ".5", str(int(text) + 1), text))
    return text if rng.random() < 0.93 else near_miss(rng, text)


def _loosened(rng: Random, text: str) -> str:
    """The text with a piece of it behind a wildcard."""
    start, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    return rng.choice(
        (
            text[:start] + "*" + text[end:],
            text[:end] + "*",
            "*" + text[start:],
            text[:start] + "?" + text[start + 1 :],
            text[:start] + "*" + text[start : (start + end) // 2] + "*" + text[end:],
            text.rpartition(":")[0] + ":*" if ":" in text else text + "*",
            "*",
        )
    )


# --- the same behind Hypothesis ---

# NOTE: one draw of each type only. Hypothesis mutates examples by copying draws of a type over each
# other, and spends most of its examples on few seeds when there are several.
SEEDS = st.sampled_from(range(2**24))
FULL = b"\xff" * 8
MASKS = st.binary(min_size=8, max_size=8) | st.just(FULL)


def random_assumptions(rng: Random) -> dict[str, bool]:
    """One reading of everything that AWS leaves open."""
    return {name: rng.random() < 0.5 for name in ASSUMPTIONS}


def assumptions() -> st.SearchStrategy[dict[str, bool]]:
    numbers = st.integers(0, 2 ** len(ASSUMPTIONS) - 1)
    return numbers.map(lambda n: {name: bool(n >> i & 1) for i, name in enumerate(ASSUMPTIONS)})


def policies() -> st.SearchStrategy[dict[str, Any]]:
    """Interesting policies, which shrink by losing statements and guards."""
    return st.builds(_policy, SEEDS, MASKS)


def _policy(seed: int, mask: bytes) -> dict[str, Any]:
    return thinned(interesting_policy(Random(seed)), mask)


def cases() -> st.SearchStrategy[tuple[dict[str, Any], Request]]:
    """A policy and one realistic request near it; only the policy shrinks."""
    return st.builds(_case, SEEDS, MASKS)


def _case(seed: int, mask: bytes) -> tuple[dict[str, Any], Request]:
    rng = Random(seed)
    policy = interesting_policy(rng)
    return thinned(policy, mask), near_requests(policy, rng, 1)[0]


def thinned(policy: dict[str, Any], mask: bytes) -> dict[str, Any]:
    """The policy with only those statements and guards whose bit is set; at least one statement."""
    bits = iter("".join(f"{byte:08b}" for byte in mask))
    statements = oracle.listed(policy["Statement"])
    kept = [statement for statement in statements if next(bits, "1") == "1"] or statements[:1]
    lean = []
    for statement in kept:
        condition = {
            operator: {key: values for key, values in tests.items() if next(bits, "1") == "1"}
            for operator, tests in statement.get("Condition", {}).items()
        }
        tests = {operator: tests for operator, tests in condition.items() if tests}
        lean.append(statement | ({"Condition": tests} if "Condition" in statement else {}))
    return policy | {"Statement": lean}

"""Draws requests that a policy may admit or may just not, out of its own literals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

import keys
import oracle
from draws import KINDS, Draw, Wish, moment, near_miss
from issuers import issuer_of
from oracle import Request
from realism import faults

ARN = r"arn:aws:iam::\d{12}:(user|role)/([\w/.@=+,-]+/)?[\w+=,.@-]+"


class Guard(NamedTuple):
    """One operator on one key, with its values as text."""

    operator: str
    key: str
    values: list[str]


def anybody(rng: Random, role: Mapping[str, str], kind: str) -> Request:
    draw = Draw(rng, {}, role)
    _become(draw, kind)
    draw.common()
    return draw.request()


def _become(draw: Draw, kind: str) -> None:
    """Makes the draw a usual caller of the kind."""
    if kind == "service":
        draw.service(draw.rng.choice(keys.SERVICES))
    elif kind in ("web", "saml"):
        draw.federated(draw.rng.choice(keys.WEB if kind == "web" else keys.SAML))
    else:
        draw.principal(_arn(draw, f":{'user' if kind == 'user' else 'role'}/"))


def _arn(draw: Draw, part: str) -> str:
    return draw.rng.choice([arn for arn in keys.ARNS if part in arn])


def near_requests(
    policy: dict[str, Any], rng: Random, n: int, role: Mapping[str, str] | None = None
) -> list[Request]:
    """Realistic requests that the policy may admit, or may just not."""
    role = keys.ROLE if role is None else role
    statements = oracle.listed(policy["Statement"])
    weights = [4 if statement["Effect"] == "Allow" else 1 for statement in statements]
    focuses = rng.choices(statements, weights, k=n)
    return [_near(rng, focus, statements, role) for focus in focuses]


def _near(
    rng: Random, focus: dict[str, Any], statements: list[dict[str, Any]], role: Mapping[str, str]
) -> Request:
    for _ in range(20):
        request = _aimed(rng, focus, statements, role)
        if rng.random() < 0.1:
            dropped = rng.choice(list(request.context))
            request = request._replace(
                context={k: v for k, v in request.context.items() if k != dropped}
            )
        if not faults(request, role):
            return request
    return anybody(rng, role, rng.choice(KINDS))


def _aimed(
    rng: Random, focus: dict[str, Any], statements: list[dict[str, Any]], role: Mapping[str, str]
) -> Request:
    guards = list(_guards(focus))
    for other in statements:
        if other is not focus and rng.random() < 0.25:
            guards += _guards(other)
    wishes: dict[str, list[Wish]] = {}
    for guard in guards:
        if guard.values:
            wishes.setdefault(guard.key.lower(), []).extend(_wishes(rng, guard))
    draw = Draw(rng, wishes, role)
    _cast(draw, focus.get("Principal", "*"))
    draw.common()
    return draw.request()


def _guards(statement: dict[str, Any]) -> Iterator[Guard]:
    for operator, tests in statement.get("Condition", {}).items():
        for key, values in tests.items():
            texts = [v if isinstance(v, str) else json.dumps(v) for v in oracle.listed(values)]
            yield Guard(operator, key, texts)


def _wishes(rng: Random, guard: Guard) -> Iterator[Wish]:
    """What would satisfy the guard."""
    name = guard.operator.rpartition(":")[2]
    wild = "Like" in name or name.startswith("Arn")
    if name == "Null":
        yield Wish(
            None
            if "true" in map(str.lower, guard.values)
            else keys.KEYS.get(guard.key.lower(), keys.Key("", "", keys.COLOURS)).pool[0]
        )
    elif "Not" in name:
        yield Wish(None)
        yield from (Wish(near_miss(rng, value), wild) for value in guard.values)
        if guard.key.lower() in keys.KEYS:
            yield Wish(rng.choice(keys.KEYS[guard.key.lower()].pool))
    else:
        yield from (Wish(_beside(rng, name, value), wild) for value in guard.values)
        if guard.operator.endswith("IfExists") or guard.operator.startswith("ForAll"):
            yield Wish(None)


def _beside(rng: Random, name: str, value: str) -> str:
    """The bound of an ordering, or its neighbour on the side that satisfies it."""
    step = 1 if "Greater" in name else -1 if "Less" in name else 0
    step *= rng.choice((1, 1, 1, 0, -1)) * rng.choice((1, 1, 1000))
    if name.startswith("Numeric") and value.isdecimal():
        return str(max(0, int(value) + step))
    date = moment(value) if name.startswith("Date") else None
    return value if date is None or not step else str(max(0, int(date.timestamp()) + step))


def _cast(draw: Draw, element: Any) -> None:
    """Makes the draw a caller that an entry of the principal element covers, or nearly."""
    entries = {"AWS": "*"} if element == "*" else element
    kind, text = draw.rng.choice([(k, t) for k in entries for t in oracle.listed(entries[k])])
    if kind == "Service":
        draw.service(text if draw.chance(0.95) else draw.rng.choice(keys.SERVICES))
    elif kind == "Federated":
        draw.federated(text if draw.chance(0.95) else draw.rng.choice(keys.WEB))
    elif text == "*":
        _anyone(draw)
    else:
        _principal(draw, text)


def _anyone(draw: Draw) -> None:
    """A caller for a star: of the kind that has the keys wished for."""
    wished = " ".join(draw.wishes)
    kinds = list(KINDS)
    if "aws:source" in wished or "principalservice" in wished:
        kinds += ["service"] * 6
    provider = [p for p in keys.WEB if f"{issuer_of(p)}:" in wished]
    if provider and draw.chance(0.7):
        draw.federated(draw.rng.choice(provider))
        return
    if "saml:" in wished:
        kinds += ["saml"] * 6
    kind = draw.rng.choice(kinds)
    if kind in ("user", "session"):
        _principal(draw, draw.rng.choice(keys.ACCOUNTS))
    else:
        _become(draw, kind)


def _principal(draw: Draw, text: str) -> None:
    """A user or session that an `AWS` entry names."""
    session = re.fullmatch(r"arn:aws:sts::(\d{12}):assumed-role/([^/]+)/(.+)", text)
    fields = text.split(":")
    account = fields[4] if len(fields) > 5 else text
    named = [arn for arn in keys.ARNS if text in (arn, keys.unique_id(arn))]
    if session:
        roles = [arn for arn in keys.ARNS if f":{session[1]}:role/" in arn]
        named = [arn for arn in roles if arn.endswith(f"/{session[2]}")]
    elif re.fullmatch(ARN, text, re.A):
        named = [text]
    arn = draw.rng.choice(named) if named else _within(draw, account)
    if draw.chance(0.04):
        arn = arn.replace(arn.split(":")[4], draw.rng.choice(keys.ACCOUNTS))
    draw.principal(arn)
    if session and draw.chance(0.9) and "session" in draw.caller:
        draw.session(session[3])


def _within(draw: Draw, account: str) -> str:
    """The ARN of somebody in an account, such as the wishes describe."""
    own = list(keys.ARNS)
    if re.fullmatch("[0-9]{12}", account):
        own = [f"arn:aws:iam::{account}:{name}" for name in keys.USERS + keys.ROLES]
    wishes = draw.wishes
    if "aws:principalarn" in wishes and draw.chance(0.9):
        wished = draw.some("aws:principalarn", 1, ARN) or ""
        fits = account in wished or account not in keys.ACCOUNTS or draw.chance(0.2)
        return wished if fits else draw.rng.choice(own)
    if "aws:userid" in wishes and draw.chance(0.8):
        known = (draw.some("aws:userid") or "").partition(":")[0]
        own = [arn for arn in own if keys.unique_id(arn) == known] or own
    if "aws:username" in wishes and draw.chance(0.8):
        name = draw.some("aws:username", 1, r"[\w+=,.@-]+")
        return f"arn:aws:iam::{draw.rng.choice(own).split(':')[4]}:user/{name}"
    kind = "user" if any("multifactor" in key for key in wishes) else ""
    kind = kind or ("role" if "aws:sourceidentity" in wishes else "")
    return draw.rng.choice([arn for arn in own if f":{kind}" in arn and draw.chance(0.9)] or own)

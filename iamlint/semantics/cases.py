"""The kinds of call that a policy can tell apart: callers times the choices its keys depend on."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from iamlint.policy.document import Principal, Statement, TrustPolicy
from iamlint.semantics.budget import Undecided
from iamlint.semantics.checks import Check
from iamlint.semantics.filling import Filling, Setting
from iamlint.semantics.glob import fold, literal
from iamlint.semantics.issuers import Subject, subjects
from iamlint.semantics.operands import parse_operand, variables_in
from iamlint.semantics.strings import Language
from iamlint.semantics.universe import (
    CALLED_VIA,
    CALLS,
    DIRECT,
    ENDPOINT,
    MFA,
    SOURCE,
    TAGS,
    Case,
    Who,
)

_SOMEBODY = (
    Who("service", "example.amazonaws.com"),
    Who("web", "arn:aws:iam::123412341234:oidc-provider/idp.example.com"),
    Who("saml", "arn:aws:iam::123412341234:saml-provider/example"),
)
_OF_FORM: dict[str, tuple[str, ...]] = {
    "account": ("user", "session"),
    "any": ("user", "session"),
    "role": ("session",),
    "session": ("session",),
    "user": ("user",),
    "service": ("service",),
    "oidc": ("web",),
    "builtin": ("web",),
    "saml": ("saml",),
}
_MOST_TAGS = 5


class Mentioned(NamedTuple):
    """What a policy speaks of: lower-case keys, and literals by kind."""

    keys: frozenset[str]
    literals: dict[str, tuple[str, ...]]
    extras: frozenset[str] = frozenset()
    """Actions beside the call itself that some statement names on its own."""


def callers(statements: tuple[Statement, ...]) -> list[Who]:
    """The kinds of caller that the principals of some statements may cover, each once."""
    found: dict[Who, None] = {}
    for statement in statements:
        if statement.principals_inverted:
            found.update(dict.fromkeys((Who("user"), Who("session"), *_SOMEBODY)))
        for principal in statement.principals:
            found.update(dict.fromkeys(_callers_of(principal)))
    return list(found)


def _callers_of(principal: Principal) -> tuple[Who, ...]:
    if principal.form == "unique-id":
        return (Who("user" if principal.name.startswith("AIDA") else "session"),)
    kinds = _OF_FORM.get(principal.form, ())
    named = tuple(
        Who(kind, "" if kind in ("user", "session") else principal.text) for kind in kinds
    )
    return (*named, *_SOMEBODY) if principal.form == "any" else named


def mentioned(policy: TrustPolicy, actions: tuple[frozenset[str], ...]) -> Mentioned:
    """The keys and literals of a policy. `actions`: those each statement names."""
    keys: set[str] = set()
    texts: set[str] = set()
    partitions: dict[str, None] = {}
    for statement in policy.statements:
        for principal in statement.principals:
            texts.add(principal.account)
            if principal.partition:
                partitions[principal.partition] = None
        for guard in statement.guards:
            keys.add(guard.key.lower())
            for value in guard.values:
                texts.add(value.text)
                if "${" in value.text:
                    operand = parse_operand(value.text, wildcards=False, variables=True)
                    keys.update(variable.key for variable in variables_in(operand))
    literals = {
        "account": tuple(sorted(t for t in texts if re.fullmatch(r"[0-9]{12}", t))),
        "organisation": tuple(sorted(t for t in texts if re.fullmatch(r"o-[a-z0-9]{10,32}", t))),
        "partition": tuple(partitions),
    }
    calls = frozenset(CALLS.values())
    alone = frozenset().union(*(each for each in actions if not each & calls))
    return Mentioned(frozenset(keys), literals, alone)


def cases(who: Who, said: Mentioned, setting: Setting, filling: Filling) -> list[Case]:
    """The kinds of call of one caller. Raises Undecided when there are too many to go through."""
    choices = _choices(who, said.keys, filling)
    if len(choices) > 3 and sum(map(len, choices.values())) > 12:
        raise Undecided("the conditions depend on too many kinds of key at once")
    known = (setting, filling, said.literals)
    return [
        Case(who, needs, {**dict(picked), **tags}, subject, known)
        for picked in _pick(choices)
        for needs, tags in _needs(who, said)
        for subject in _subjects(who, said.keys, filling)
    ]


def _pick(choices: dict[str, tuple[str, ...]]) -> list[tuple[tuple[str, str], ...]]:
    options = [[(name, option) for option in values] for name, values in choices.items()]
    return list(itertools.product(*options))


def _choices(who: Who, keys: frozenset[str], filling: Filling) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    signed = who.kind in ("user", "session")
    if keys & MFA and who.kind == "user":
        found["mfa"] = ("absent", "true", "false")
    if keys & MFA and who.kind == "session":
        found["mfa"] = ("false",) if filling.assume("mfa-session") else ("absent",)
    if keys & (ENDPOINT | DIRECT) and who.kind != "service":
        found["network"] = ("direct", "endpoint")
    if "aws:username" in keys and who.kind == "user":
        found["path"] = ("none", "some")
    if keys & CALLED_VIA and signed:
        found["called via"] = ("no", "yes")
    if keys & SOURCE and who.kind == "service":
        found["source"] = ("none", "arn with account", "arn without account", "account only")
    return found


def _needs(who: Who, said: Mentioned) -> list[tuple[frozenset[str], dict[str, str]]]:
    """The sets of actions a call may need, with which tags it passes."""
    base, keys = frozenset({CALLS[who.kind]}), said.keys
    found: list[tuple[frozenset[str], dict[str, str]]] = [(base, {})]
    tags = sorted(key for key in keys if key.startswith("aws:requesttag/"))
    if len(tags) > _MOST_TAGS:
        raise Undecided("the conditions depend on too many session tags at once")
    if tags or keys & TAGS or "sts:TagSession" in said.extras:
        passed = list(itertools.product(("no", "yes"), repeat=len(tags)))
        found.extend(
            (base | {"sts:TagSession"}, dict(zip(tags, picked, strict=True))) for picked in passed
        )
    if "sts:sourceidentity" in keys or "sts:SetSourceIdentity" in said.extras:
        found.extend([(needs | {"sts:SetSourceIdentity"}, picked) for needs, picked in found])
    contexts = any(key.startswith("sts:requestcontext") for key in keys)
    if contexts or "sts:SetContext" in said.extras:
        found.extend([(needs | {"sts:SetContext"}, picked) for needs, picked in found])
    return found


def _subjects(who: Who, keys: frozenset[str], filling: Filling) -> list[Subject | None]:
    if who.kind != "web":
        return [None]
    url = who.text.partition(":oidc-provider/")[2] or who.text
    if not any(key.startswith(url.lower() + ":") for key in keys):
        return [subjects(url, keys, False)[0]]
    default = subjects(url, keys, False)
    customised = subjects(url, keys, True)
    if len(customised) > len(default) and filling.assume("custom-subject"):
        return [*customised]
    return [*default]


def couplings(case: Case, keys: frozenset[str]) -> tuple[Check, ...]:
    """Ties between keys of one call: a tag is passed exactly when its key is among the tag keys.

    † whether letter case counts; the tag part of a key name does not regard it.
    """
    if "aws:tagkeys" not in keys or "sts:TagSession" not in case.needs:
        return ()
    master = case.slot("aws:tagkeys").master
    found = []
    for key, choice in case.choices.items():
        if key.startswith("aws:requesttag/"):
            name = Language(choice == "yes", (fold(literal(key.partition("/")[2])),))
            found.append(Check(master, False, "any" if choice == "yes" else "all", name))
    return tuple(found)

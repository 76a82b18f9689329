"""The kinds of call that a policy can tell apart: callers times the choices its keys depend on."""

from __future__ import annotations

import itertools

from iamlint.arn import is_account
from iamlint.policy.document import Principal, Statement, TrustPolicy
from iamlint.semantics.budget import Undecided
from iamlint.semantics.checks import Check
from iamlint.semantics.filling import Filling, Setting
from iamlint.semantics.glob import fold, literal
from iamlint.semantics.issuers import BUILTIN, Subject, subjects, subjects_apart
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
from iamlint.typed import NamedTuple

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
# keys whose values name services and providers
_NAMING = {
    "aws:principalservicename": "service",
    "aws:principalservicenameslist": "service",
    "aws:federatedprovider": "web",
}
_MOST_TAGS = 5
# NOTE: to compile a pattern takes longer than all that is asked of a small policy here
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
_SOURCES = ("none", "arn with account", "arn alone", "arn without account", "account only")
# EKS passes these with every session of a pod, or none of them (EKS user guide, pod identities)
_PODS = "pods.eks.amazonaws.com"
_POD_TAGS = (
    "eks-cluster-arn", "eks-cluster-name", "kubernetes-namespace", "kubernetes-pod-name",
    "kubernetes-pod-uid", "kubernetes-service-account",
)  # fmt: skip


class Mentioned(NamedTuple):
    """What a policy speaks of: lower-case keys, and literals by kind."""

    keys: frozenset[str]
    literals: dict[str, tuple[str, ...]]
    extras: frozenset[str] = frozenset()
    """Actions beside the call itself that some statement names on its own."""
    others: tuple[Who, ...] = ()
    """Services and providers that the policy speaks of: `*` and `NotPrincipal` may cover them."""


def callers(statements: tuple[Statement, ...], others: tuple[Who, ...] = ()) -> list[Who]:
    """The kinds of caller that the principals of some statements may cover, each once."""
    found: dict[Who, None] = {}
    for statement in statements:
        anybody = any(each.form == "any" for each in statement.principals)
        for principal in statement.principals:
            found.update(dict.fromkeys(_callers_of(principal)))
        if statement.principals_inverted:
            found.update(dict.fromkeys((Who("user"), Who("session"), *_SOMEBODY)))
        if statement.principals_inverted or anybody:
            found.update(dict.fromkeys(others))
    if Who("user") not in found:
        return [*found]
    # NOTE: the first caller that gets in is the one shown: a role, where roles are spoken of
    roles = any(":role/" in v.text for s in statements for g in s.guards for v in g.values)
    return sorted(found, key=lambda who: roles and who.kind == "user")


def _others(policy: TrustPolicy, keys: set[str]) -> tuple[Who, ...]:
    """The services and providers that principals, guards or the names of keys speak of."""
    found: dict[Who, None] = {}
    for statement in policy.statements:
        for principal in statement.principals:
            named = _callers_of(principal) if principal.form != "any" else ()
            found.update(dict.fromkeys(who for who in named if who.text))
        for guard in statement.guards:
            kind = _NAMING.get(guard.key.lower())
            texts = [text for value in guard.values for text in _named(value.text)]
            found.update(dict.fromkeys(Who(kind, text) for text in texts if kind))
    for url in sorted({key.rpartition(":")[0] for key in keys}):
        if "." in url:
            made_up = f"arn:aws:iam::123412341234:oidc-provider/{url}"
            found[Who("web", url if url in BUILTIN else made_up)] = None
    return tuple(found)


def _named(text: str) -> list[str]:
    """Names of services or providers that a value, perhaps a pattern, matches."""
    if "*" not in text and "?" not in text:
        return [text if text.startswith("arn:") else text.lower()]
    plain = text.replace("?", "x")
    tries = (plain.replace("*", ""), plain.replace("*", "x"), plain.replace("*", ".amazonaws.com"))
    return [each for each in tries if _LOWER.issuperset(each) and _is_dotted(each)]


def _is_dotted(name: str) -> bool:
    """Whether a name is made of two or more, with dots between them."""
    return "." in name and all(name.split("."))


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
        "account": tuple(sorted(t for t in texts if is_account(t))),
        "organisation": tuple(sorted({each for t in texts if (each := _organisation(t))})),
        "partition": tuple(partitions),
    }
    calls = frozenset(CALLS.values())
    alone = frozenset().union(*(each for each in actions if not each & calls))
    return Mentioned(frozenset(keys), literals, alone, _others(policy, keys))


def _organisation(text: str) -> str:
    """An organisation that a value (an id, a path, or a pattern of them) matches; else nothing."""
    head = text.partition("/")[0].lower().replace("?", "x")
    start, star, end = head.partition("*")
    if star and start + end != "o-":
        start = start if start.startswith("o-") else f"o-{start.removeprefix('o').strip('-')}"
        end = end.replace("*", "")
        head = start + "x" * (12 - len(start) - len(end)) + end
    name = head[2:]
    fits = head.startswith("o-") and 10 <= len(name) <= 32 and name.isalnum()
    return head if fits and _LOWER.issuperset(name) else ""


def cases(
    who: Who, said: Mentioned, setting: Setting, filling: Filling, *, apart: bool = False
) -> list[Case]:
    """The kinds of call of one caller. Raises Undecided when there are too many to go through.

    `apart`: each default form of a subject on its own, customised ones left aside.
    """
    choices = _choices(who, said.keys, filling)
    if len(choices) > 3 and sum(map(len, choices.values())) > 12:
        raise Undecided("the conditions depend on too many kinds of key at once")
    known = (setting, filling, said.literals)
    forms = _subjects_apart(who) if apart else _subjects(who, said.keys, filling)
    return [
        Case(who, needs, {**dict(picked), **tags}, subject, known)
        for picked in _pick(choices)
        for needs, tags in _needs(who, said)
        for subject in forms
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
        found["source"] = _SOURCES
    return found


def _needs(who: Who, said: Mentioned) -> list[tuple[frozenset[str], dict[str, str]]]:
    """The sets of actions a call may need, with which tags it passes."""
    base, keys = frozenset({CALLS[who.kind]}), said.keys
    found: list[tuple[frozenset[str], dict[str, str]]] = [(base, {})]
    tags = sorted(key for key in keys if key.startswith("aws:requesttag/"))
    if len(tags) > _MOST_TAGS:
        raise Undecided("the conditions depend on too many session tags at once")
    if tags or keys & TAGS or "sts:TagSession" in said.extras:
        options = [("yes",) if _always_passed(who, tag) else ("no", "yes") for tag in tags]
        passed = list(itertools.product(*options))
        found.extend(
            (base | {"sts:TagSession"}, dict(zip(tags, picked, strict=True))) for picked in passed
        )
    if "sts:sourceidentity" in keys or "sts:SetSourceIdentity" in said.extras:
        found.extend([(needs | {"sts:SetSourceIdentity"}, picked) for needs, picked in found])
    contexts = any(key.startswith("sts:requestcontext") for key in keys)
    if contexts or "sts:SetContext" in said.extras:
        found.extend([(needs | {"sts:SetContext"}, picked) for needs, picked in found])
    return found


def _always_passed(who: Who, key: str) -> bool:
    """Whether the caller passes a tag whenever it passes any."""
    return who.text == _PODS and key.partition("/")[2] in _POD_TAGS


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


def _subjects_apart(who: Who) -> list[Subject | None]:
    url = who.text.partition(":oidc-provider/")[2] or who.text
    return [*subjects_apart(url)] if who.kind == "web" else [None]


def couplings(case: Case, keys: frozenset[str]) -> tuple[Check, ...]:
    """Ties between keys of one call: a tag is passed exactly when its key is among the tag keys.

    † whether letter case counts; the tag part of a key name does not regard it.
    """
    return (*_of_tags(case, keys), *_of_service(case, keys))


def _of_service(case: Case, keys: frozenset[str]) -> list[Check]:
    """The names of a service hold the name it calls by."""
    if case.who.kind != "service" or "aws:principalservicenameslist" not in keys:
        return []
    slot = case.slot("aws:principalservicenameslist")
    return [Check(slot.master, False, "any", Language(True, (literal(case.who.text),)))]


def _of_tags(case: Case, keys: frozenset[str]) -> list[Check]:
    if "aws:tagkeys" not in keys or "sts:TagSession" not in case.needs:
        return []
    master = case.slot("aws:tagkeys").master
    names = _POD_TAGS if case.who.text == _PODS else ()
    found = [Check(master, False, "any", Language(True, (fold(literal(name)),))) for name in names]
    for key, choice in case.choices.items():
        if key.startswith("aws:requesttag/"):
            name = Language(choice == "yes", (fold(literal(key.partition("/")[2])),))
            found.append(Check(master, False, "any" if choice == "yes" else "all", name))
    return found

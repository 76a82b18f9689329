"""Says how wide a grant is: what rules would find of it, or else exactly who gets in."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.explaining.words import listed, named, ticked
from iamlint.facts.grant import GrantNode
from iamlint.facts.node import Node, Subject
from iamlint.facts.owner import owner_of
from iamlint.facts.truth import Truth
from iamlint.policy.document import Guard, Principal
from iamlint.semantics.caller_questions import just_anybody
from iamlint.semantics.extent import Listing, View, let_in_by, of_claim, of_key
from iamlint.semantics.issuers import issuer_of
from iamlint.semantics.keys import fence_of
from iamlint.semantics.questions import SIGNED, Grant
from iamlint.semantics.services import service_of, split_host
from iamlint.semantics.universe import CALLS
from iamlint.typed import NamedTuple

_MOST_VALUES = 3
_MOST_KEYS = 4
_EVERY = frozenset(CALLS)
# Facts about who gets in, the widest first, with the words for those that bring none. They are
# the facts of the rules, so that an explanation never differs from a finding.
_WIDTHS: tuple[tuple[str, str, str], ...] = (
    ("admits", "public_from_anywhere", ""),
    ("admits", "network_only", "{}, from the networks that are listed"),
    ("callers", "organisation_wide", "anybody of any account of the organisations listed"),
    ("admits", "foreign_tenant", ""),
    ("identity", "caller_of_workflow", "{} that may call the workflow listed"),
    ("identity", "anybody", "anybody who gets a token of the provider"),
    ("admits", "foreign_account", ""),
    ("callers", "anybody_at_home", "anybody of the role's own account"),
    ("callers", "names_without_end", "users or roles without end whose names fit a pattern"),
    ("identity", "any_project", ""),
    ("identity", "any_ref", ""),
    ("identity", "any_environment", ""),
    ("identity", "guest", "guests of the identity pool, who have not signed in"),
    ("identity", "any_saml_user", "whomever the SAML provider sends"),
    ("admits", "any_anchor", "the service, for certificates of any trust anchor"),
    ("admits", "any_certificate", "whoever has a certificate that the trust anchor signed for"),
    ("admits", "any_pod", "any pod of any cluster"),
    ("admits", "any_source", "the service, on behalf of customers without end"),
)
# For facts about what is beneath a project or a tenant: which of these two.
_BENEATH = {"any_ref": 0, "any_environment": 0, "any_project": 1}
# Facts that only say something of one service.
_OF_SERVICE = {
    "any_anchor": "rolesanywhere",
    "any_certificate": "rolesanywhere",
    "any_pod": "pods.eks",
}
# Keys that the words for callers tell already.
_TOLD = frozenset(
    ("aws:principalarn", "aws:principalaccount", "aws:userid", "aws:username",
     "aws:principaltype", "aws:principalservicename", "aws:federatedprovider")
)  # fmt: skip
_UNTOLD = ("time", "constant", "other")


class Width(NamedTuple):
    """Who gets in through a grant, in words."""

    who: str
    truth: Truth


def widest(grant: GrantNode, parts: Grant) -> Width | None:
    """The widest of what the rules know; None where it is nothing that they speak of."""
    principal = parts[1]
    for node, name, words in _WIDTHS:
        if not _is_said(name, principal):
            continue
        around = grant.fact(node)
        truth = around.fact(name) if isinstance(around, Node) else None
        if isinstance(truth, Truth) and truth.state in ("yes", "possible"):
            phrase = grant.subject.meaning.told(truth.phrase).removesuffix(",")
            who = words.format(phrase) if words else phrase
            if who:
                return Width(f"{who}{_whose(grant.subject, parts, name, who)}", truth)
    return None


def _whose(subject: Subject, parts: Grant, name: str, who: str) -> str:
    """Whose runs or projects they are, where the words do not say so, and these are few."""
    level = _BENEATH.get(name)
    if level is None or "`" in who:
        return ""
    levels = list(_levels(parts[1].name.lower()))
    if len(levels) < 2:
        return ""
    listing = Listing(let_in_by(parts, _EVERY), of_claim(levels[level][0]), _MOST_VALUES)
    truth = subject.ask(listing)
    values = [subject.meaning.told(value) for value in listing.values if value is not None]
    if truth.state == "no" and values:
        return f" {ticked(values, 'or')}"
    if listing.closed and truth.assumptions == ("custom-subject",) and values:
        return f" {ticked(values, 'or')} (unless the subjects of the provider were customised)"
    return ""


def _is_said(name: str, principal: Principal) -> bool:
    """Whether rules say such a thing of a principal.

    For whom a service calls matters where it does not check by itself whose role it is given.
    """
    if principal.form != "service":
        return True
    if name == "any_source":
        row = service_of(principal.name)
        return row is not None and row.tier == 1
    service = split_host(principal.name).name
    return _OF_SERVICE.get(name, service) == service


def exactly(subject: Subject, parts: Grant) -> str:
    """Who gets in, one by one where they are few."""
    principal, action = parts[1], parts[2]
    if action == "sts:AssumeRoleWithWebIdentity":
        return _tokens(subject, parts)
    if action == "sts:AssumeRoleWithSAML":
        provider = subject.meaning.told(principal.name) if principal.form == "saml" else ""
        return f"identities of SAML provider `{provider}`" if provider else "SAML identities"
    if principal.form == "service":
        return f"AWS service `{subject.meaning.told(principal.text)}`"
    return _signed(subject, parts)


def _signed(subject: Subject, parts: Grant) -> str:
    """IAM users and role sessions, by name or by account."""
    arns = _values(subject, parts, of_key("aws:principalarn"), SIGNED)
    if arns is not None:
        users = [arn for arn in arns if ":user/" in arn]
        roles = [arn for arn in arns if ":user/" not in arn]
        words = [f"IAM user {ticked([each])}" for each in users]
        words += [f"sessions of role {ticked([each])}" for each in roles]
        return f"{listed(words)} only"
    if parts[1].form == "account" and subject.ask(just_anybody(parts)).state == "yes":
        return _anybody(subject, parts[1].account)
    accounts = _values(subject, parts, of_key("aws:principalaccount"), SIGNED)
    if accounts is not None:
        several = "accounts" if len(accounts) > 1 else "account"
        return f"IAM users or role sessions of {several} {ticked(accounts)} only"
    return _named(subject, parts)


def _anybody(subject: Subject, account: str) -> str:
    """Everybody of an account, with the vendor whose it is."""
    vendor = owner_of(account)[1]
    who = f"anybody of account `{subject.meaning.told(account)}`"
    return f"{who} ({vendor})" if vendor else who


def _named(subject: Subject, parts: Grant) -> str:
    """Whom the principal names; others do not get in by it, though not all of these may."""
    principal, told = parts[1], subject.meaning.told
    if principal.form == "role":
        return f"sessions of role `{told(principal.text)}`"
    if principal.form == "unique-id":
        return f"whoever has the id `{told(principal.text)}`"
    if principal.form == "user":
        return f"IAM user `{told(principal.text)}`"
    if principal.account:
        return f"IAM users or role sessions of account `{told(principal.account)}`"
    return "IAM users or role sessions"


def _tokens(subject: Subject, parts: Grant) -> str:
    """Web identities, by subject or by tenant."""
    principal = parts[1]
    if principal.form not in ("oidc", "builtin"):
        return "web identities"
    url, issuer = principal.name.lower(), issuer_of(principal.name)
    whose = issuer.name if issuer is not None else f"`{subject.meaning.told(principal.name)}`"
    subjects = _values(subject, parts, of_key(f"{url}:sub"), _EVERY)
    if subjects is not None:
        return f"tokens of {whose} with the subject {ticked(subjects, 'or')} only"
    for names, word in _levels(url):
        values = _values(subject, parts, of_claim(names), _EVERY)
        if values is not None:
            return f"tokens of {whose} of {word} {ticked(values, 'or')} only"
    return f"tokens of {whose}"


def _levels(url: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """What tells projects and tenants of a provider apart, and what they are called."""
    issuer = issuer_of(url)
    if issuer is None:
        return
    if issuer.projects:
        yield issuer.projects[:1], issuer.project_word
    if issuer.tenants:
        yield issuer.tenants[:1], issuer.tenant_word


def always_with(subject: Subject, parts: Grant, guards: tuple[Guard, ...]) -> str:
    """What every call that gets in carries, of the keys that the statement asks for."""
    keys = {guard.key.lower(): guard.key for guard in guards}
    asked = [key for key in sorted(keys) if _is_told_apart(key)][:_MOST_KEYS]
    found = [
        f"{named(subject.meaning.told(keys[key]), parts[1])} {ticked(values, 'or')}"
        for key in asked
        if (values := _values(subject, parts, of_key(key), _EVERY)) is not None
    ]
    return listed(found) if found else ""


def _is_told_apart(key: str) -> bool:
    return key not in _TOLD and not key.endswith(":sub") and fence_of(key) not in _UNTOLD


def _values(subject: Subject, parts: Grant, view: View, kinds: frozenset[str]) -> list[str] | None:
    """All values of a key in the calls that get in; None where they are many, or not known.

    None also where a call gets in that does not carry the key.
    """
    listing = Listing(let_in_by(parts, kinds), view, _MOST_VALUES)
    if subject.ask(listing).state != "no":
        return None
    values = [subject.meaning.told(value) for value in listing.values if value is not None]
    return values if values and len(values) == len(listing.values) else None

"""What a condition key is, by its name: known or not, what it fences by, what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from iamlint.data.keys import ROWS, SAML_MANY, SAML_ONE
from iamlint.semantics.issuers import issuer_of
from iamlint.semantics.universe import key_row

_CLAIMS = ("sub", "aud", "amr", "email", "oaud")
_FENCES = {
    "aws:principalorgid": "organisation",
    "aws:principalorgpaths": "organisation",
    "aws:principalaccount": "account",
    "aws:principalarn": "principal",
    "aws:userid": "principal",
    "aws:username": "principal",
    "aws:principalservicename": "principal",
    "aws:principalservicenameslist": "principal",
    "aws:principaltype": "principal",
    "aws:principalisawsservice": "principal",
    "aws:federatedprovider": "principal",
    "aws:sourceip": "network",
    "aws:vpcsourceip": "network",
    "aws:sourcevpc": "network",
    "aws:sourcevpcarn": "network",
    "aws:sourcevpce": "network",
    "aws:vpceaccount": "network",
    "aws:vpceorgid": "network",
    "aws:vpceorgpaths": "network",
    "aws:sourcearn": "source",
    "aws:sourceaccount": "source",
    "aws:sourceorgid": "source",
    "aws:sourceorgpaths": "source",
    "aws:sourceowner": "source",
    "sts:externalid": "external-id",
    "sts:rolesessionname": "session",
    "sts:sourceidentity": "session",
    "aws:multifactorauthpresent": "mfa",
    "aws:multifactorauthage": "mfa",
    "aws:tagkeys": "tag",
    "sts:transitivetagkeys": "tag",
    "aws:currenttime": "time",
    "aws:epochtime": "time",
    "aws:tokenissuetime": "time",
    "aws:resourceaccount": "constant",
    "aws:resourceorgid": "constant",
    "aws:resourceorgpaths": "constant",
    "aws:securetransport": "constant",
}


def is_known(key: str) -> bool:
    """Whether AWS or an identity provider has a key of this lower-case name."""
    if key.startswith("saml:"):
        return key[5:] in SAML_MANY | SAML_ONE
    if key_row(key) is not None:
        return True
    url, colon, claim = key.rpartition(":")
    if not colon or "." not in url:
        return False
    issuer = issuer_of(url)
    return claim in _CLAIMS or bool(issuer and claim in issuer.claims)


def is_many(key: str) -> bool:
    """Whether the key can have several values at once."""
    row = key_row(key)
    if row is not None:
        return row.many
    return key.endswith(":amr") or (key.startswith("saml:") and key[5:] in SAML_MANY)


def fence_of(key: str) -> str:
    """What a key (lower case) fences by; `other` when it says nothing about callers."""
    if key in _FENCES:
        return _FENCES[key]
    if key.startswith(("aws:requesttag/", "aws:principaltag/")):
        return "tag"
    if key.startswith(("aws:resourcetag/", "iam:resourcetag/")):
        return "constant"
    url, _, claim = key.rpartition(":")
    if "." not in url and url != "saml":
        return "other"
    return {"sub": "subject", "aud": "audience", "oaud": "audience"}.get(claim, "claim")


def suggestion_for(key: str, providers: Sequence[str]) -> str | None:
    """A key that was probably meant: of nearly that name, or of the provider trusted here.

    None for a key that exists, unless it is the key of a provider that is not trusted here.
    """
    lower = key.lower()
    url, _, claim = lower.rpartition(":")
    if "." in url:
        return _claim(url, claim, providers)
    if is_known(lower):
        return None
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import and seldom needed

    names = {row.name.lower(): row.name for row in ROWS}
    names.update({f"saml:{name}": f"saml:{name}" for name in SAML_ONE | SAML_MANY})
    close = get_close_matches(lower, [name for name in names if name != lower], 1, 0.8)
    return names[close[0]] if close else None


def _claim(url: str, claim: str, providers: Sequence[str]) -> str | None:
    for provider in providers:
        known = [*_CLAIMS, *(issuer.claims if (issuer := issuer_of(provider)) else ())]
        if provider.lower() != url and claim in known:
            return f"{provider}:{claim}"
        if provider.lower() == url:
            if claim in known:
                return None
            from difflib import get_close_matches  # noqa: PLC0415 - see above

            close = get_close_matches(claim, known, 1, 0.7)
            return f"{provider}:{close[0]}" if close else None
    return None

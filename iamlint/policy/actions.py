"""The actions that matter in a trust policy, and what is wrong with any other."""

from __future__ import annotations

import re

from iamlint.policy.document import Text
from iamlint.policy.faults import Faults
from iamlint.policy.spelling import one_of, quoted

# What a call that assumes a role may need (AWS Service Authorization Reference, 2026-10-27).
ASSUME_ACTIONS = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
)
# The rest of STS: it exists, and no trust policy decides on it.
OTHER_STS_ACTIONS = (
    "sts:AssumeRoot",
    "sts:DecodeAuthorizationMessage",
    "sts:GetAccessKeyInfo",
    "sts:GetCallerIdentity",
    "sts:GetDelegatedAccessToken",
    "sts:GetFederationToken",
    "sts:GetServiceBearerToken",
    "sts:GetSessionToken",
    "sts:GetWebIdentityToken",
    "sts:TagGetWebIdentityToken",
)
_VALID = frozenset((*ASSUME_ACTIONS, "*", "*:*", "sts:*"))
_ASSUME = tuple(name.lower() for name in ASSUME_ACTIONS)
_KNOWN = (*ASSUME_ACTIONS, *OTHER_STS_ACTIONS)
_OTHER = tuple(name.lower() for name in OTHER_STS_ACTIONS)


def check_action(action: Text, inverted: bool, faults: Faults) -> None:
    """Report an action that does not exist, or, unless it is excepted, one that decides nothing."""
    text = action.text
    if text in _VALID:
        return
    pattern = text.lower()
    if any(_matches(pattern, name) for name in _ASSUME):
        return
    near = faults.guess(text, _KNOWN)
    if not _exists(pattern):
        message = f"there is no action {quoted(text)}"
        faults.add("unknown-action", message, action.span, _advice(near), text)
    elif not inverted:
        near = near if near in ASSUME_ACTIONS else ""
        message = f"{quoted(text)} is not an action that a trust policy can allow"
        faults.add("not-an-assume-action", message, action.span, _advice(near), text)


def _exists(pattern: str) -> bool:
    """May a service have such an action? Only the names of STS are known here."""
    if pattern.startswith("sts:"):
        return any(_matches(pattern, name) for name in _OTHER)
    return re.fullmatch(r"[a-z0-9.-]+:[a-z0-9*?]+", pattern) is not None


def _advice(near: str) -> str:
    return f"did you mean `{near}`?" if near else f"use {one_of(ASSUME_ACTIONS)}"


def _matches(pattern: str, name: str) -> bool:
    """Does a pattern of `*` and `?` match the name? Linear in the pattern, whatever its stars."""
    at = star = resume = 0
    here, seen = 0, False
    while here < len(name):
        if at < len(pattern) and pattern[at] == "*":
            star, resume, seen, at = at, here, True, at + 1
        elif at < len(pattern) and pattern[at] in ("?", name[here]):
            at, here = at + 1, here + 1
        elif seen:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")

"""Judgement of what a person wrote for a claim of a web identity."""

from __future__ import annotations

import re
from itertools import takewhile

from iamlint.data.issuers import Form, Issuer
from iamlint.data.samples import TENANTS
from iamlint.facts.node import tick
from iamlint.facts.truth import NO, YES, Truth
from iamlint.policy.document import Guard, Principal
from iamlint.semantics.issuers import issuer_of, layout_of
from iamlint.semantics.template import Part

_AUDIENCE = "sts.amazonaws.com"
_GOOGLE = "accounts.google.com"
# what Google's tokens have as `azp`: the number of an account, or the client id of an application
_AZP = r"[0-9]+|[\w.-]+\.apps\.googleusercontent\.com"
# the id of an identity pool (Cognito API reference, `IdentityPoolId`)
_POOL = r"[\w-]+:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_POOL_ID = "an id such as `eu-west-1:12345678-1234-4abc-8def-123456789012`"
# what was meant for the audience of STS: another domain, a region, a dot too many
_NEARLY = r"(?:https?://)?sts\.(?:[a-z0-9-]+\.)?(?:amazon|aws)[a-z.]*/?"
_NAMED = ("repository", "organization_slug")  # claims that begin with the tenant's name


def wrong_audience(guard: Guard, partition: str | None) -> Truth:
    """No token is likely to have such an audience; in words: what to write.

    AWS compares `aud` with the `azp` of a token that has one, which is documented for Google
    (reference_policies_iam-condition-keys). Which audiences a provider accepts is listed in the
    provider itself (id_roles_providers_create_oidc), so that an odd one may be right.
    """
    url, _, claim = guard.key.lower().rpartition(":")
    if claim != "aud" or not _asks(guard) or issuer_of(url) is None:
        return NO
    texts = [value.text for value in guard.values]
    if url.startswith("cognito-identity"):
        odd = not any(re.fullmatch(_POOL, text, re.ASCII) for text in texts)
        return YES._replace(phrase=_POOL_ID) if odd else NO
    if url == _GOOGLE:
        odd = not any(re.fullmatch(_AZP, text, re.ASCII) for text in texts)
        return Truth("possible", None, ("azp",), tick(f"{_GOOGLE}:oaud")) if odd else NO
    fine = {_AUDIENCE, f"{_AUDIENCE}.cn"} if partition in (None, "aws-cn") else {_AUDIENCE}
    odd = all(text not in fine and re.fullmatch(_NEARLY, text, re.ASCII) for text in texts)
    return Truth("possible", None, ("client-ids",), tick(_AUDIENCE)) if odd else NO


def audience_of(principal: Principal) -> str | None:
    """The audience of what a provider says for AWS, in the partition where it is known."""
    if principal.partition != "aws":
        return None
    if principal.form == "saml":
        return tick("https://signin.aws.amazon.com/saml")
    issuer = issuer_of(principal.name) if principal.form == "oidc" else None
    return tick(_AUDIENCE) if issuer is not None and issuer.audience == _AUDIENCE else None


def _asks(guard: Guard) -> bool:
    """Whether the guard asks for values that are written in full."""
    operator = guard.operator
    return (
        operator is not None
        and operator.family == "string"
        and not operator.negated
        and bool(guard.values)
        and all("${" not in v.text and not {"*", "?"} & set(v.text) for v in guard.values)
    )


def sample_tenant(guard: Guard) -> str | None:
    """The tenant of a shared provider that a value names and that stands in samples."""
    url, _, claim = guard.key.lower().rpartition(":")
    issuer = issuer_of(url) if "." in url else None
    operator = guard.operator
    if issuer is None or not issuer.shared or operator is None or operator.negated:
        return None
    heads = {""} if claim in _NAMED else set()
    if claim == "sub":
        heads = {head for form in issuer.forms if (head := _head(form, issuer))}
    names = (_name(value.text, head) for value in guard.values for head in sorted(heads))
    return next((tick(name) for name in names if name.lower() in TENANTS), None)


def _head(form: Form, issuer: Issuer) -> str:
    """What stands before the tenant in a form of the subject, if it begins with that."""
    layout = layout_of(form.subject, issuer)
    if len(layout) > 1 and isinstance(layout[0], str) and isinstance(layout[1], Part):
        return layout[0] if layout[1].name in issuer.tenants else ""
    return ""


def _name(text: str, head: str) -> str:
    """The name after the head of a text, up to what ends it."""
    if not text.startswith(head):
        return ""
    return "".join(takewhile(lambda char: char not in ":/@*?", text[len(head) :]))

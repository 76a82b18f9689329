"""Tells what the text of a principal names, or what is wrong with it."""

from __future__ import annotations

import re

from iamlint.arn import Arn, dns_suffix, is_account, parse_arn, partition_named, partition_of_suffix
from iamlint.policy.placeholders import placeholder
from iamlint.policy.spelling import quoted
from iamlint.typed import NamedTuple


class Slip(NamedTuple):
    """What is wrong with a principal's text, and which part of it."""

    code: str
    start: int
    end: int
    message: str
    help: str


class Form(NamedTuple):
    """What a principal's text names; with a slip the form is `invalid`."""

    form: str
    partition: str = ""
    account: str = ""
    name: str = ""
    slip: Slip | None = None


BUILTIN_PROVIDERS = (
    "cognito-identity.amazonaws.com",
    "accounts.google.com",
    "www.amazon.com",
    "graph.facebook.com",
    # Cognito in China, and in the two regions of GovCloud (US).
    "cognito-identity.cn-north-1.amazonaws.com.cn",
    "cognito-identity-us-gov.amazonaws.com",
    "cognito-identity.us-gov-east-1.amazonaws.com",
)
_NAME_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-")
_HOST_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-")
_PATH = frozenset(map(chr, range(0x21, 0x7F))) - frozenset("<>{}$*?")
_LONGEST_NAME = 64
# The ids of users and roles, which IAM writes in place of a principal that was deleted.
_CALLER_ID = r"(?:AIDA|AROA)[A-Z0-9]{12,124}"
_OTHER_ID = r"(?:ABIA|ACCA|AGPA|AIPA|AKIA|ANPA|ANVA|APKA|ASCA|ASIA)[A-Z0-9]{12,124}"
_CANONICAL_ID = r"[0-9a-f]{64}"


def read_form(kind: str, text: str) -> Form:
    """Read a principal's text (not empty) under the type `AWS`, `Service` or `Federated`."""
    form = _READERS[kind](text)
    slip = form.slip
    if slip is None or slip.code in ("star-service", "star-federated", "wrong-principal-type"):
        return form
    better = _unfilled(text, slip) or _wildcard(kind, text) or _spaced(text, slip)
    return form._replace(slip=better or slip)


def _aws(text: str) -> Form:
    if text == "*":
        return Form("any")
    if is_account(text):
        return Form("account", account=text)
    arn = parse_arn(text)
    if arn is not None:
        return _caller(arn, text)
    if re.fullmatch(_CALLER_ID, text):
        return Form("unique-id", name=text)
    return _invalid(_stray(text))


def _service(text: str) -> Form:
    if text == "*":
        slip = Slip("star-service", 0, 1, "`Service` is `*`, every service", "name the service")
        return _invalid(slip)
    host = text.lower()
    suffix = dns_suffix(host)
    if suffix and is_host(text):
        return Form("service", partition_of_suffix(suffix), name=host)
    if _is_aws(text):
        return _misplaced(text, "AWS")
    if host in BUILTIN_PROVIDERS or _provider_arn(text):
        return _misplaced(text, "Federated")
    message = f"{quoted(text)} is not the name of a service principal"
    return _whole("invalid-service", text, message, "write it as `lambda.amazonaws.com`")


def _federated(text: str) -> Form:
    if text == "*":
        message = "`Federated` is `*`, every identity provider"
        return _whole("star-federated", text, message, "name the ARN of the provider")
    if text in BUILTIN_PROVIDERS:
        return Form("builtin", partition_of_suffix(dns_suffix(text)), name=text)
    arn = _provider_arn(text)
    if arn is not None:
        return _provider(arn)
    if _is_aws(text):
        return _misplaced(text, "AWS")
    if is_host(text) and "." in text:
        return _host_alone(text)
    message = f"{quoted(text)} is neither a built-in provider nor the ARN of a provider"
    help = "write `arn:aws:iam::ACCOUNT:oidc-provider/HOST` or `…:saml-provider/NAME`"
    return _whole("invalid-federated", text, message, help)


_READERS = {"AWS": _aws, "Service": _service, "Federated": _federated}


def is_host(text: str) -> bool:
    """Is this written like a DNS name, with no empty label?"""
    return _HOST_CHARS.issuperset(text) and "" not in text.split(".")


def _caller(arn: Arn, text: str) -> Form:
    """The account, role, user or session that an ARN names."""
    head, slash, name = arn.resource.partition("/")
    form = _CALLERS.get((arn.service, head, slash))
    if form is None:
        return _misplaced(text, "Federated") if _provider_arn(text) else _invalid(_no_caller(arn))
    slip = _fields(arn) or _name(arn, form, name)
    if slip:
        return _invalid(slip)
    return Form(form, arn.partition, arn.account, name)


# Service, first part of the resource, and what follows it.
_CALLERS = {
    ("iam", "root", ""): "account",
    ("iam", "role", "/"): "role",
    ("iam", "user", "/"): "user",
    ("sts", "assumed-role", "/"): "session",
    ("sts", "federated-user", "/"): "federated-user",
}


def _provider(arn: Arn) -> Form:
    head, _, name = arn.resource.partition("/")
    form = "oidc" if head == "oidc-provider" else "saml"
    slip = _fields(arn) or (_url(arn, name) if form == "oidc" else _name(arn, form, name))
    return _invalid(slip) if slip else Form(form, arn.partition, arn.account, name)


def _fields(arn: Arn) -> Slip | None:
    """What is wrong in the fields before the resource."""
    if partition_named(arn.partition) is None:
        message = f"there is no partition {quoted(arn.partition)}"
        help = "write `aws`, or the partition of the role (`aws-cn`, `aws-us-gov`, …)"
        return _field(arn, "unknown-partition", "partition", message, help)
    if arn.region:
        message = f"{quoted(arn.service)} has no regions, but the ARN names {quoted(arn.region)}"
        return _field(arn, "region-in-arn", "region", message, "leave the field empty")
    if not is_account(arn.account):
        missing = f"{quoted(':'.join(arn))} has no account id"
        message = f"{quoted(arn.account)} is not an account id" if arn.account else missing
        return _field(arn, "malformed-account", "account", message, account_help(arn.account))
    return None


def _name(arn: Arn, form: str, name: str) -> Slip | None:
    """What is wrong with the name of a role, user, session or SAML provider."""
    if form == "account":
        return None
    segments = name.split("/")
    if form == "session" and len(segments) != 2:
        return _not_a_session(arn, len(segments))
    most = _LONGEST_NAME if form != "saml" else 2 * _LONGEST_NAME
    if form in ("saml", "federated-user") and len(segments) > 1:
        help = f"write `{arn.resource.partition('/')[0]}/NAME`, without a path"
    elif _plain_name(segments, most) or (form in ("role", "user") and _odd_path(segments)):
        return None
    else:
        help = f"use up to {most} letters, digits and `_+=,.@-`"
    message = f"{quoted(name)} is not a name that IAM accepts"
    return _field(arn, "malformed-arn", "resource", message, help)


def _not_a_session(arn: Arn, segments: int) -> Slip:
    if segments == 1:
        message = f"{quoted(arn.resource)} is an assumed role without its session"
        help = "add `/SESSION`, or name the role itself: `arn:aws:iam::ACCOUNT:role/NAME`"
        return _field(arn, "session-missing", "resource", message, help)
    message = f"{quoted(arn.resource)} is not a role and a session; a session's ARN has no path"
    help = "write `assumed-role/ROLE/SESSION`"
    return _field(arn, "malformed-arn", "resource", message, help)


def _plain_name(segments: list[str], most: int) -> bool:
    """Is this a name, or a path and a name, of the characters that names are made of?"""
    return (
        all(segments) and len(segments[-1]) <= most and all(map(_NAME_CHARS.issuperset, segments))
    )


def _odd_path(segments: list[str]) -> bool:
    """May this be a path and a name? A path may hold any visible ASCII; braces are a template's."""
    *path, name = segments
    return _plain_name([name], _LONGEST_NAME) and _is_path("/".join(path))


def _is_path(text: str) -> bool:
    return _PATH.issuperset(text)


def _url(arn: Arn, name: str) -> Slip | None:
    """What is wrong with the URL of an OIDC provider; a slash at its end is part of it."""
    if "://" in name:
        scheme = name.partition("://")[0]
        message = f"the ARN of a provider is written without {quoted(scheme + '://')}"
        return _field(arn, "malformed-arn", "resource", message, "remove the scheme")
    host, _, path = name.partition("/")
    if is_host(host) and _is_path(path):
        return None
    message = f"{quoted(name)} is not the URL of a provider"
    return _field(arn, "malformed-arn", "resource", message, "write `oidc-provider/HOST/PATH`")


def _no_caller(arn: Arn) -> Slip:
    """Why an ARN names nobody who could call."""
    head = arn.resource.partition("/")[0]
    if (arn.service, head) == ("iam", "group"):
        message = f"{quoted(arn.resource)} is a user group; groups cannot be principals"
        return _field(arn, "group-principal", "resource", message, "name the users, or a role")
    owner = _OWNERS.get(head)
    if owner and owner != arn.service:
        message = f"{quoted(arn.resource)} belongs to `{owner}`, not to {quoted(arn.service)}"
        return _field(arn, "malformed-arn", "service", message, f"write `{owner}`")
    if arn.service:
        message = (
            f"{quoted(arn.resource)} of {quoted(arn.service)} is nobody who could assume a role"
        )
        return _field(arn, "not-a-principal", "resource", message, _CALLER_HELP)
    text = ":".join(arn)
    message = f"{quoted(text)} is not the ARN of a principal"
    return Slip("malformed-arn", 0, len(text), message, _CALLER_HELP)


_CALLER_HELP = "write `arn:aws:iam::ACCOUNT:root`, `…:role/NAME` or `…:user/NAME`"
_OWNERS = {head: service for service, head, _ in _CALLERS}


def _stray(text: str) -> Slip:
    """What is wrong with a text that is neither an account nor an ARN nor an id."""
    size = len(text)
    digits = text.replace("-", "").replace(" ", "")
    if digits.isdigit():
        message = f"{quoted(text)} is not an account id"
        return Slip("malformed-account", 0, size, message, account_help(text))
    if text.startswith("arn:"):
        message = f"{quoted(text)} is not an ARN: it has fewer than six fields"
        return Slip("malformed-arn", 0, size, message, "write `arn:aws:iam::ACCOUNT:role/NAME`")
    if re.fullmatch(_OTHER_ID, text):
        message = f"{quoted(text)} is not the id of a user or a role"
        return Slip("not-a-principal", 0, size, message, _CALLER_HELP)
    if re.fullmatch(_CANONICAL_ID, text):
        message = f"{quoted(text)} is a canonical user, which only S3 knows"
        return Slip("canonical-user", 0, size, message, "name the account by its 12 digits")
    if text in BUILTIN_PROVIDERS:
        return _under("Federated", text)
    if is_host(text) and dns_suffix(text):
        return _under("Service", text)
    message = f"{quoted(text)} is no account, ARN or id"
    return Slip("invalid-principal", 0, size, message, "write `arn:aws:iam::ACCOUNT:role/NAME`")


def account_help(text: str) -> str:
    """What to write instead of a malformed account id."""
    digits = text.replace("-", "").replace(" ", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 12:
        if len(digits) == 12:
            return f"write `{digits}`"
        if len(digits) >= 9:
            return f"if leading zeros were lost, write `{digits:0>12}`"
    return "an account id has 12 digits"


def _is_aws(text: str) -> bool:
    """Would this be right under the type `AWS`?"""
    return _aws(text).slip is None


def _provider_arn(text: str) -> Arn | None:
    """The ARN of an identity provider, right or wrong in its other fields."""
    arn = parse_arn(text)
    if arn is None or arn.service != "iam":
        return None
    head = arn.resource.partition("/")[0]
    return arn if head in ("oidc-provider", "saml-provider") else None


def _host_alone(text: str) -> Form:
    if dns_suffix(text):
        return _misplaced(text, "Service")
    message = f"{quoted(text)} is not one of the built-in providers"
    help = f"name its ARN: `arn:aws:iam::ACCOUNT:oidc-provider/{text}`"
    return _whole("unknown-provider-host", text, message, help)


def _misplaced(text: str, kind: str) -> Form:
    return _invalid(_under(kind, text))


def _under(kind: str, text: str) -> Slip:
    message = f"{quoted(text)} is not written under `{kind}`, where it belongs"
    help = f'write `{{"{kind}": "{text}"}}`' if len(text) < 200 else f"move it to `{kind}`"
    return Slip("wrong-principal-type", 0, len(text), message, help)


def _wildcard(kind: str, text: str) -> Slip | None:
    """Where a text that names nobody has a wildcard, say so."""
    found = re.search(r"[*?]+", text)
    if found is None:
        return None
    message = f"{quoted(text)} has a wildcard; a principal is written out, or is a whole `*`"
    return Slip("wildcard-in-principal", *found.span(), message, _WRITTEN_OUT[kind])


_WRITTEN_OUT = {
    "AWS": "name the account, and narrow with `ArnLike` on `aws:PrincipalArn`",
    "Service": "name each service",
    "Federated": "name each provider",
}


def _spaced(text: str, slip: Slip) -> Slip | None:
    return slip._replace(help="remove the white space around it") if text != text.strip() else None


def _unfilled(text: str, slip: Slip) -> Slip | None:
    """Where a placeholder is why a text names nobody, say so."""
    found = placeholder(text, slip.start, slip.end)
    if found is None:
        return None
    start, end = found
    message = f"{quoted(text[start:end])} is a placeholder"
    return Slip("placeholder-principal", start, end, message, "write the value it stands for")


def _invalid(slip: Slip) -> Form:
    return Form("invalid", slip=slip)


def _whole(code: str, text: str, message: str, help: str) -> Form:
    return _invalid(Slip(code, 0, len(text), message, help))


def _field(arn: Arn, code: str, field: str, message: str, help: str) -> Slip:
    start, end = arn.place(field)
    if start == end:  # nothing stands there to point at
        start, end = 0, len(":".join(arn))
    return Slip(code, start, end, message, help)

"""Completes a call that the engine tells: writes out the keys that nobody asked about.

The engine tells the caller and the keys a policy speaks of. A real call carries more; what is added
here agrees with what is told, and replaces none of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import keys
from draws import moment
from issuers import GITHUB_SUB, claims_of, issuer_of
from oracle import Request

from iamlint.semantics.request import Request as Told

Context = dict[str, str | list[str]]

NOW = {"aws:currenttime": "2027-01-01T00:00:00Z", "aws:epochtime": "1798761600"}
EVERY = {
    "sts:rolesessionname": "session",
    "aws:requestedregion": "us-east-1",
    "aws:securetransport": "true",
    "aws:useragent": "aws-cli/2.15",
}
TYPES = {"user": "User", "session": "AssumedRole", "service": "AssumedRole"}
SUBJECTS = {
    keys.COGNITO: "eu-west-1:99999999-aaaa-4bbb-8ccc-dddddddddddd",
    keys.GOOGLE: "100000000000000000009",
}


def as_oracle(told: Told) -> Request:
    """The same call in the words of the oracle, nothing added."""
    caller = {"kind": told.kind}
    if told.kind in ("user", "session"):
        caller["arn"] = told.identity
    else:
        caller["service" if told.kind == "service" else "provider"] = told.identity
    if told.kind == "session":
        caller["session"] = told.session
    context: Context = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in told.context.items()
    }
    return Request(caller, told.actions, context)


def as_told(request: Request) -> Told:
    """The call in the words of the engine."""
    caller = request.caller
    identity = caller.get("arn") or caller.get("service") or caller["provider"]
    context = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in request.context.items()
    }
    return Told(caller["kind"], identity, caller.get("session", ""), request.actions, context)


def completed(
    told: Told, role: Mapping[str, str], spoken: frozenset[str], own_organization: str = ""
) -> Request:
    """The call with all that calls of its caller always carry.

    `spoken`: keys that the engine has decided on; those it leaves out stay out.
    """
    request = as_oracle(told)
    silent = spoken - set(request.context)
    if own_organization:
        request.context.setdefault("aws:resourceorgid", own_organization)
    _complete(request, role, spoken)
    for key in silent:
        request.context.pop(key, None)
    return request


def _complete(request: Request, role: Mapping[str, str], spoken: frozenset[str]) -> None:
    context = request.context
    _times(context)
    _defaults(context, {**EVERY, "aws:resourceaccount": role["account"]})
    _defaults(context, _identity(request))
    if request.caller["kind"] != "service":
        _network(context, spoken)
    _chain(context)
    _source(context)
    _tags(request)
    _passed(request)
    _organisations(context, spoken)


def _defaults(context: Context, values: Mapping[str, str | list[str]]) -> None:
    for key, value in values.items():
        context.setdefault(key, value)


def _identity(request: Request) -> Context:
    caller, kind = request.caller, request.caller["kind"]
    known: Context = {"aws:principaltype": TYPES.get(kind, "Anonymous"), "aws:userid": kind}
    if kind in ("user", "session"):
        known["aws:principalisawsservice"] = "false"
    if kind == "user":
        known["aws:username"] = caller["arn"].rpartition("/")[2]
    elif kind == "session":
        known["aws:tokenissuetime"] = "1970-01-01T00:00:00Z"
    elif kind == "service":
        known["aws:principalisawsservice"] = "true"
        known["aws:principalservicename"] = caller["service"]
        known["aws:principalservicenameslist"] = [caller["service"]]
    else:
        known["aws:principalaccount"] = "anonymous"
    return known | (_token(caller["provider"], request.context) if kind == "web" else {})


def _token(provider: str, context: Context) -> Context:
    """The claims that every token holds."""
    issuer = issuer_of(provider)
    always = [claim for claim, code in claims_of(issuer).items() if code == "A"]
    subject = {"sub": SUBJECTS[issuer]} if issuer in SUBJECTS else {}
    values: Context = {f"{issuer}:{claim}": subject.get(claim, "x") for claim in always}
    return values | _repeated(issuer, context) | {"aws:federatedprovider": provider}


def _repeated(issuer: str, context: Context) -> Context:
    """What a token of GitHub says twice: in claims of their own, and in the subject."""
    subject = context.get(f"{issuer}:sub")
    read = re.fullmatch(GITHUB_SUB, subject, re.A) if isinstance(subject, str) else None
    if read is None:
        return {}
    environment = read["environment"]
    claims = {
        "repository": f"{read['owner']}/{read['repository']}",
        "ref": read["ref"],
        "environment": environment and environment.replace("%3A", ":"),
        "repository_id": read["repository_id"],
        "repository_owner_id": read["owner_id"],
    }
    return {f"{issuer}:{claim}": value for claim, value in claims.items() if value is not None}


def _times(context: Context) -> None:
    """The two clocks are one; the token is older than the call."""
    usual = context.get("aws:tokenissuetime", NOW["aws:currenttime"])
    now = context.get("aws:currenttime", context.get("aws:epochtime", usual))
    read = moment(now if isinstance(now, str) else None)
    if read is not None:
        context["aws:currenttime"] = read.strftime("%Y-%m-%dT%H:%M:%SZ")
        context["aws:epochtime"] = str(int(read.timestamp()))


def _network(context: Context, spoken: frozenset[str]) -> None:
    """From an address, unless the engine says otherwise: then through an endpoint."""
    inside = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
    within = any(key.startswith(("aws:sourcevpc", "aws:vpc")) for key in context)
    if within or ("aws:sourceip" in spoken and "aws:sourceip" not in context):
        _defaults(context, dict(zip(inside, ("vpc-1", "vpce-1", "10.0.0.5"), strict=True)))
    else:
        _defaults(context, {"aws:sourceip": "198.51.100.7"})


def _chain(context: Context) -> None:
    """A call through services, and what goes with a sign-in."""
    via = context.get("aws:calledvia", [])
    ends = [context.get(f"aws:calledvia{end}") for end in ("first", "last")]
    if not via and any(ends):
        via = [each for each in ends if isinstance(each, str)]
    if via:
        _defaults(context, {"aws:calledvia": via, "aws:calledviafirst": via[0]})
        _defaults(context, {"aws:calledvialast": via[-1], "aws:viaawsservice": "true"})
    _defaults(context, {"aws:viaawsservice": "false"})
    if "aws:multifactorauthage" in context:
        _defaults(context, {"aws:multifactorauthpresent": "true"})
    if context.get("aws:multifactorauthpresent") == "true":
        _defaults(context, {"aws:multifactorauthage": "60"})


def _source(context: Context) -> None:
    if "aws:sourceorgid" in context or "aws:sourceorgpaths" in context:
        arn = str(context.get("aws:sourcearn", ""))
        account = arn.split(":")[4] if arn.count(":") > 4 else ""
        _defaults(context, {"aws:sourceaccount": account or "999999999999"})


def _tags(request: Request) -> None:
    """Every tag is among the tag keys and has its value."""
    context = request.context
    if "sts:TagSession" not in request.actions:
        return
    named = [key.partition("/")[2] for key in context if key.startswith("aws:requesttag/")]
    pod = request.caller.get("service") == keys.PODS
    if "aws:tagkeys" not in context:
        wanted = {tag.lower(): tag for tag in context.get("sts:transitivetagkeys", [])}
        usual = [*(keys.POD_TAGS if pod else ()), *wanted.values()]
        extra = [tag for tag in usual if tag.lower() not in named]
        context["aws:tagkeys"] = [*(wanted.get(tag, tag) for tag in named), *extra]
        context["aws:tagkeys"] = context["aws:tagkeys"] or ["zq7"]
    for tag in context["aws:tagkeys"]:
        context.setdefault(f"aws:requesttag/{tag.lower()}", "x")


def _passed(request: Request) -> None:
    context = request.context
    if "sts:SetSourceIdentity" in request.actions:
        _defaults(context, {"sts:sourceidentity": context.get("aws:sourceidentity", "mallory")})
    if "sts:SetContext" in request.actions:
        provider = "arn:aws:iam::aws:contextProvider/IdentityCenter"
        _defaults(context, {"sts:requestcontextproviders": [provider]})


def _organisations(context: Context, spoken: frozenset[str]) -> None:
    """The id and the path come together, and an account is in one organisation."""
    for side in ("principal", "resource", "source"):
        path, name = f"aws:{side}orgpaths", f"aws:{side}orgid"
        if context.get(path) and name not in context:
            context[name] = context[path][0].partition("/")[0]
    homes = {
        context[f"aws:{side}account"]: context[f"aws:{side}orgid"]
        for side in ("principal", "resource", "source")
        if f"aws:{side}account" in context and f"aws:{side}orgid" in context
    }
    for side in ("principal", "resource", "source"):
        home = homes.get(context.get(f"aws:{side}account", ""))
        if home and not {f"aws:{side}orgid", f"aws:{side}orgpaths"} & spoken:
            _defaults(context, {f"aws:{side}orgid": home})
        if f"aws:{side}orgid" in context:
            _defaults(context, {f"aws:{side}orgpaths": [f"{context[f'aws:{side}orgid']}/r-ab12/"]})

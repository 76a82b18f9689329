"""Says why a request could never be made: keys by caller and action, couplings, subject grammars.

Independent of the engine: written from sections A3, A6 and A6a of the facts and the grammars of the
issuers. What is unknown (`?`) is no fault; a key that is always present must be written out. Beyond
the letter of A6: CurrentTime and EpochTime are one moment, OrgID and OrgPaths of a principal or the
resource come together, an account is in one organisation, CalledVia agrees with its First and Last,
and what survives of an earlier federation (A5.7) needs the FederatedProvider of the session.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from issuers import GITHUB, GITHUB_SUB, POOL_ID, SURVIVORS, claims_of, issuer_of, subject_possible
from oracle import Request

KINDS = ("user", "session", "service", "web", "saml")
CALLS = {"web": "sts:AssumeRoleWithWebIdentity", "saml": "sts:AssumeRoleWithSAML"}
COMPANIONS = {"sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"}
# For user, session, service, web and saml callers: A always, s sometimes, n never, ? unknown.
# A key ending in [] holds a list, one ending in ~ may hold either; one ending in / is a family.
TABLE = {
    "AAAAA": "sts:rolesessionname aws:principaltype aws:userid aws:viaawsservice aws:currenttime "
    "aws:epochtime aws:requestedregion aws:securetransport aws:useragent aws:resourceaccount",
    "AAAnn": "aws:principalisawsservice",
    "AA?AA": "aws:principalaccount",
    "AA?nn": "aws:principalarn",
    "Annnn": "aws:username",
    "sssss": "sts:sourceidentity aws:requesttag/ aws:tagkeys[] sts:transitivetagkeys[] "
    "aws:resourceorgid aws:resourceorgpaths[] aws:resourcetag/ iam:resourcetag/",
    "ssnnn": "aws:principalorgid aws:principalorgpaths[] aws:calledvia[] aws:calledviafirst "
    "aws:calledvialast",
    "ss?nn": "aws:multifactorauthpresent",
    "sn?nn": "aws:multifactorauthage",
    "sssnn": "sts:externalid",
    "sA???": "aws:tokenissuetime",
    "ss?ss": "aws:sourceip aws:sourcevpc aws:sourcevpce aws:sourcevpcarn aws:vpcsourceip "
    "aws:vpceaccount aws:vpceorgid aws:vpceorgpaths[]",
    "ss???": "aws:principaltag/ sts:requestcontext/ sts:requestcontextproviders[]",
    "ns???": "aws:sourceidentity",
    "ns?An": "aws:federatedprovider",
    "nnAnn": "aws:principalservicename aws:principalservicenameslist[]",
    "nnsnn": "aws:sourcearn aws:sourceaccount aws:sourceorgid aws:sourceorgpaths[]",
    "nnnsn": "sts:roleauthorizedbyidp",
    "?????": "aws:referer",
    "nsnns": "saml:sub saml:sub_type saml:namequalifier",
    "nnnns": "saml:aud saml:iss saml:doc saml:cn~ saml:commonname~ saml:eduorghomepageuri~ "
    "saml:eduorgidentityauthnpolicyuri~ saml:eduorglegalname~ saml:eduorgsuperioruri~ "
    "saml:eduorgwhitepagesuri~ saml:edupersonaffiliation~ saml:edupersonassurance~ "
    "saml:edupersonentitlement~ saml:edupersonnickname~ saml:edupersonorgdn~ "
    "saml:edupersonorgunitdn~ saml:edupersonprimaryaffiliation~ saml:edupersonprimaryorgunitdn~ "
    "saml:edupersonprincipalname~ saml:edupersonscopedaffiliation~ saml:edupersontargetedid~ "
    "saml:givenname~ saml:mail~ saml:name~ saml:organizationstatus~ saml:primarygroupsid~ "
    "saml:surname~ saml:uid~ saml:x500uniqueidentifier~",
}
ROWS = [(name, codes) for codes, names in TABLE.items() for name in names.split()]
AVAILABLE = {name.rstrip("[]~"): dict(zip(KINDS, codes, strict=True)) for name, codes in ROWS}
SHAPES = {name.rstrip("[]~"): name[-1] for name, _ in ROWS}

NAME, ACCOUNT = r"[\w+=,.@-]+", r"arn:aws[a-z-]*:iam::\d{12}:"
CALLERS = {  # the forms of a caller's fields
    "user": {"arn": rf"{ACCOUNT}user/(?:[!-~]+/)?{NAME}"},
    "session": {"arn": rf"{ACCOUNT}role/(?:[!-~]+/)?{NAME}", "session": NAME},
    "service": {"service": r"[a-z0-9-]+(?:\.[a-z0-9-]+)+"},
    "web": {"provider": rf"{ACCOUNT}oidc-provider/[!-~]+|[a-z-]+(?:\.[a-z0-9-]+)+"},
    "saml": {"provider": rf"{ACCOUNT}saml-provider/{NAME}"},
}
BOOLEANS = ("aws:viaawsservice", "aws:multifactorauthpresent", "sts:roleauthorizedbyidp")
ENDPOINT = re.compile(r"aws:(?:sourcevpc|sourcevpce|sourcevpcarn|vpcsourceip|vpce\w+)")
ALWAYS_INSIDE = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
ORGANISATION_PATH = r"o-[a-z0-9]{10,32}/r-[a-z0-9-]+(?:/[a-z0-9-]+)*/"
POD_TAGS = {"eks-cluster-arn", "eks-cluster-name", "kubernetes-namespace", "kubernetes-pod-name"}
POD_TAGS |= {"kubernetes-pod-uid", "kubernetes-service-account"}
NOT_PUBLIC = [
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
] + [ipaddress.ip_network(text) for text in ("::1/128", "fc00::/7", "fe80::/10")]


class Scene(NamedTuple):
    """A request with the two things that its reality depends on."""

    request: Request
    role: Mapping[str, str]
    templates: str

    @property
    def kind(self) -> str:
        return self.request.caller["kind"]

    def one(self, key: str) -> str | None:
        found = self.request.context.get(key)
        return found if isinstance(found, str) else None

    def many(self, key: str) -> list[str]:
        found = self.request.context.get(key)
        return found if isinstance(found, list) else []


def faults(
    request: Request, role: Mapping[str, str], subject_templates: str = "default"
) -> list[str]:
    """Why the request could never be made; empty when it could.

    `subject_templates`: "default", or "custom" to let projects shape their subjects.
    """
    scene = Scene(request, role, subject_templates)
    badly_made = list(_caller(scene))
    return badly_made or [fault for check in CHECKS for fault in check(scene)]


def _caller(scene: Scene) -> Iterator[str]:
    form = CALLERS.get(scene.kind)
    if form is None:
        yield f"no caller is a `{scene.kind}`"
        return
    if set(scene.request.caller) != {"kind", *form}:
        yield f"a {scene.kind} caller is described by {', '.join(form)}"
    for field, pattern in form.items():
        if not re.fullmatch(pattern, scene.request.caller.get(field, ""), re.A):
            yield f"`{field}` of a {scene.kind} caller is malformed"


def _actions(scene: Scene) -> Iterator[str]:
    call = CALLS.get(scene.kind, "sts:AssumeRole")
    if call not in scene.request.actions or scene.request.actions - COMPANIONS != {call}:
        yield f"a {scene.kind} caller calls `{call}` and nothing else"
    context = scene.request.context
    needs = {
        "sts:TagSession": "aws:tagkeys" in context,
        "sts:SetSourceIdentity": "sts:sourceidentity" in context,
        "sts:SetContext": "sts:requestcontextproviders" in context,
    }
    for action, needed in needs.items():
        if needed != (action in scene.request.actions):
            yield f"`{action}` is needed exactly when what it permits is passed"


def _keys(scene: Scene) -> Iterator[str]:
    claims = _claims(scene)
    for key, value in scene.request.context.items():
        code, shape = _availability(key, scene, claims)
        if key != key.lower():
            yield f"`{key}` is not in lower case"
        if code == "n":
            yield f"`{key}` is never present for a {scene.kind} caller"
        if not value and isinstance(value, list):
            yield f"`{key}` is an empty list"
        if shape != "~" and isinstance(value, list) != (shape == "]"):
            yield f"`{key}` is {'a list' if shape == ']' else 'a single value'}"
    always = [key for key, codes in AVAILABLE.items() if codes[scene.kind] == "A"]
    always += [key for key, code in claims.items() if code == "A"]
    yield from (f"`{key}` is always present" for key in always if key not in scene.request.context)


def _availability(key: str, scene: Scene, claims: Mapping[str, str]) -> tuple[str, str]:
    """The code of a key for this caller, and whether it is a list."""
    if key in claims:
        return claims[key], "]" if key.endswith(":amr") else ""
    family, slash, tag = key.partition("/")
    row = key if key in AVAILABLE else family + slash if tag else ""
    if row in AVAILABLE:
        return AVAILABLE[row][scene.kind], SHAPES[row]
    return "n", "~"


def _claims(scene: Scene) -> dict[str, str]:
    """The keys named after the issuer, in full."""
    provider = scene.request.caller.get("provider", scene.one("aws:federatedprovider") or "")
    issuer = issuer_of(provider)
    if scene.kind == "session" and issuer:
        return {f"{issuer}:{claim}": "s" for claim in SURVIVORS}
    claims = claims_of(issuer) if scene.kind == "web" else {}
    return {f"{issuer}:{claim}": code for claim, code in claims.items()}


def _values(scene: Scene) -> Iterator[str]:
    for key in BOOLEANS:
        if (scene.one(key) or "true") not in ("true", "false"):
            yield f"`{key}` is true or false"
    for key in ("aws:multifactorauthage", "aws:epochtime"):
        if not re.fullmatch("[0-9]+", scene.one(key) or "0"):
            yield f"`{key}` counts seconds"
    if not re.fullmatch("[a-z0-9-]{5,}", scene.one("aws:requestedregion") or "us-east-1"):
        yield "`aws:RequestedRegion` is a region"
    if not re.fullmatch(r"[\w+=,.@:/-]{2,1224}", scene.one("sts:externalid") or "xx", re.A):
        yield "`sts:ExternalId` has two characters at least, and no others than STS takes"
    service = str(scene.kind == "service").lower()
    if scene.one("aws:principalisawsservice") not in (None, service):
        yield "`aws:PrincipalIsAWSService` is constant for a kind of caller"
    if scene.one("aws:securetransport") not in (None, "true"):
        yield "STS answers over TLS only"
    wanted = {"user": ("User",), "session": ("AssumedRole",)}
    others = ("User", "AssumedRole", "FederatedUser", "Anonymous")
    if scene.one("aws:principaltype") not in wanted.get(scene.kind, others):
        yield f"`aws:PrincipalType` is not that of a {scene.kind} caller"


def _caller_keys(scene: Scene) -> dict[str, str]:
    """The keys that say who calls."""
    caller = scene.request.caller
    if scene.kind == "service":
        return {"aws:principalservicename": caller["service"]}
    if "provider" in caller:
        web = {"aws:federatedprovider": caller["provider"]} if scene.kind == "web" else {}
        return {"aws:principalaccount": "anonymous", **web}
    arn = caller["arn"]
    name = {"aws:username": arn.rsplit("/", 1)[1]} if scene.kind == "user" else {}
    return {"aws:principalarn": arn, "aws:principalaccount": arn.split(":")[4], **name}


def _same_thing(scene: Scene) -> Iterator[str]:
    caller = scene.request.caller
    for key, value in _caller_keys(scene).items():
        if scene.one(key) != value:
            yield f"`{key}` is `{value}` for this caller"
    if caller.get("service", "") not in ["", *scene.many("aws:principalservicenameslist")]:
        yield "`aws:PrincipalServiceNamesList` holds the name of the service"
    session = re.escape(caller.get("session", ""))
    form = {"user": "AIDA[A-Z0-9]+", "session": f"AROA[A-Z0-9]+:{session}"}
    if not re.fullmatch(form.get(scene.kind, ".*"), scene.one("aws:userid") or "", re.S):
        yield "`aws:userid` is not that of this caller"
    own = scene.one("aws:resourceaccount") or ""
    if not re.fullmatch(scene.role.get("account", "[0-9]{12}"), own):
        yield "`aws:ResourceAccount` is the account of the role"


def _tags(scene: Scene) -> Iterator[str]:
    passed = [tag.lower() for tag in scene.many("aws:tagkeys")]
    tagged = [
        key.partition("/")[2] for key in scene.request.context if key.startswith("aws:requesttag/")
    ]
    if sorted(passed) != sorted(tagged):
        yield "every tag is in `aws:TagKeys` once and has its `aws:RequestTag`"
    if not {tag.lower() for tag in scene.many("sts:transitivetagkeys")} <= set(passed):
        yield "only tags that are passed can be transitive"
    pod = scene.request.caller.get("service") == "pods.eks.amazonaws.com"
    if pod and passed and not set(passed) >= POD_TAGS:
        yield "EKS pods pass all their tags or none"
    before, now = scene.one("aws:sourceidentity"), scene.one("sts:sourceidentity")
    if before is not None and now not in (None, before):
        yield "a source identity cannot be changed later"


def _network(scene: Scene) -> Iterator[str]:
    address = scene.one("aws:sourceip")
    together = {key in scene.request.context for key in ALWAYS_INSIDE}
    if len(together) > 1 and scene.kind != "service":
        yield "what every call through a VPC endpoint carries comes together"
    if address is not None and any(map(ENDPOINT.fullmatch, scene.request.context)):
        yield "`aws:SourceIp` is absent through a VPC endpoint"
    if address is None and scene.kind != "service" and not any(together):
        yield "a call comes from an address or through a VPC endpoint"
    for key in ("aws:sourceip", "aws:vpcsourceip"):
        try:
            read = ipaddress.ip_address(scene.one(key) or "2001:db8::1")
        except ValueError:
            yield f"`{key}` is an address"
            continue
        if key == "aws:sourceip" and any(read in network for network in NOT_PUBLIC):
            yield "`aws:SourceIp` is a public address"


def _chain(scene: Scene) -> Iterator[str]:
    """Calls that another service makes for the caller, and how the caller signed in."""
    via = scene.many("aws:calledvia")
    ends = scene.one("aws:calledviafirst"), scene.one("aws:calledvialast")
    if ends != ((via[0], via[-1]) if via else (None, None)):
        yield "`aws:CalledViaFirst` and `aws:CalledViaLast` are the ends of `aws:CalledVia`"
    if via and scene.one("aws:viaawsservice") != "true":
        yield "a call through a service has `aws:ViaAWSService`"
    mfa = scene.one("aws:multifactorauthpresent")
    if (scene.one("aws:multifactorauthage") is not None) != (mfa == "true"):
        yield "a sign-in with MFA has an age, and no other has"
    if scene.kind == "session" and mfa == "true":
        yield "sessions of a role carry no MFA"


def _times(scene: Scene) -> Iterator[str]:
    moments: dict[str, datetime] = {}
    for key in ("aws:currenttime", "aws:tokenissuetime"):
        text = scene.one(key)
        try:
            if text is not None:
                moments[key] = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
        except ValueError:
            yield f"`{key}` is a date with a time"
    now = moments.get("aws:currenttime")
    if now and scene.one("aws:epochtime") != str(int(now.timestamp())):
        yield "`aws:CurrentTime` and `aws:EpochTime` are one moment"
    if now and moments.get("aws:tokenissuetime", now) > now:
        yield "a token is issued before it is used"


def _organisations(scene: Scene) -> Iterator[str]:
    homes: dict[str, set[str | None]] = {}
    for side in ("principal", "resource", "source", "vpce"):
        organisation = scene.one(f"aws:{side}orgid")
        paths = scene.many(f"aws:{side}orgpaths")
        if not all(path.startswith(f"{organisation}/") for path in paths):
            yield f"`aws:{side}orgpaths` begin with the organisation"
        if not all(re.fullmatch(ORGANISATION_PATH, path) for path in paths):
            yield f"`aws:{side}orgpaths` end with a slash"
        known = side in ("principal", "resource")
        if side != "vpce" and bool(paths) != (organisation is not None):
            yield f"`aws:{side}orgid` and `aws:{side}orgpaths` come together"
        account = scene.one(f"aws:{side}account") or ""
        if account.isdecimal() and (known or organisation is not None):
            homes.setdefault(account, set()).add(organisation)
    torn = [account for account, found in homes.items() if len(found) > 1]
    yield from (f"account {account} is in one organisation" for account in torn)


def _source(scene: Scene) -> Iterator[str]:
    arn, account = scene.one("aws:sourcearn"), scene.one("aws:sourceaccount")
    fields = (arn or "").split(":", 5)
    if arn is not None and len(fields) < 6:
        yield "`aws:SourceArn` is an ARN"
    elif arn is not None and account is not None and fields[4] not in ("", account):
        yield "`aws:SourceAccount` is the account of `aws:SourceArn`"


def _subject(scene: Scene) -> Iterator[str]:
    if scene.kind == "web":
        issuer = issuer_of(scene.request.caller["provider"])
        subject = scene.one(f"{issuer}:sub")
        if subject is not None and not subject_possible(issuer, subject, scene.templates):
            yield f"`{issuer}` does not issue the subject `{subject}`"
        elif re.fullmatch(GITHUB, issuer) and subject is not None and scene.templates == "default":
            yield from _github(scene, issuer, subject)
        elif issuer == "cognito-identity.amazonaws.com":
            yield from _cognito(scene, issuer)


def _github(scene: Scene, issuer: str, subject: str) -> Iterator[str]:
    read = re.fullmatch(GITHUB_SUB, subject, re.A)
    assert read is not None
    environment = scene.one(f"{issuer}:environment")
    if read["environment"] != (environment and environment.replace(":", "%3A")):
        yield "`environment` is present exactly when the subject names it"
    said = {
        "repository": f"{read['owner']}/{read['repository']}",
        "ref": read["ref"],
        "repository_id": read["repository_id"],
        "repository_owner_id": read["owner_id"],
    }
    for claim, value in said.items():
        if value is not None and scene.one(f"{issuer}:{claim}") != value:
            yield f"`{claim}` is there and agrees with the subject"


def _cognito(scene: Scene, issuer: str) -> Iterator[str]:
    pool, identity = scene.one(f"{issuer}:aud") or "", scene.one(f"{issuer}:sub") or ""
    if not re.fullmatch(POOL_ID, pool):
        yield "the audience of Cognito is an identity pool"
    elif pool.split(":")[0] != identity.split(":")[0]:
        yield "an identity is in the region of its pool"
    methods = scene.many(f"{issuer}:amr") or [scene.one(f"{issuer}:amr") or "authenticated"]
    if methods != ["unauthenticated"] and (
        "unauthenticated" in methods or "authenticated" not in methods
    ):
        yield "a Cognito identity is either authenticated or unauthenticated"


CHECKS: tuple[Callable[[Scene], Iterator[str]], ...] = (
    _actions,
    _keys,
    _values,
    _same_thing,
    _tags,
    _network,
    _chain,
    _times,
    _organisations,
    _source,
    _subject,
)

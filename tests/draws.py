"""Draws realistic requests at random, from the caller outward, steered by wishes for keys."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

import keys
from issuers import GITHUB_SUB, claims_of, issuer_of, subject_possible
from oracle import Request

NAME = r"[\w+=,.@-]{2,64}"
FILLS = ("", "", "a", "x1", "-evil", "main", "prod/a", "/b", ":c", "r-ab12/", "aB9")
VARIABLE = re.compile(r"\$\{([*?$])\}|\$\{([^,{}]+)(?:, '([^']*)')?\}|([*?])")
KINDS = (*["user"] * 3, *["session"] * 4, *["service"] * 3, *["web"] * 4, "saml")


class Wish(NamedTuple):
    """A value that a key should have if it can: text with wildcards, or absence."""

    text: str | None
    wild: bool = False


Wishes = Mapping[str, list[Wish]]


class Draw:
    """One request in the making."""

    __slots__ = ("caller", "context", "rng", "role", "wishes")

    def __init__(self, rng: Random, wishes: Wishes, role: Mapping[str, str]) -> None:
        self.rng, self.wishes, self.role = rng, wishes, role
        self.caller: dict[str, str] = {}
        self.context: dict[str, str | list[str]] = {}

    # --- single values ---

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def some(self, key: str, present: float = 1, form: str = ".+") -> str | None:
        """A value of a key, wished for or usual; None to leave the key out."""
        wishes = self.wishes.get(key)
        if wishes and self.chance(0.9):
            wish = self.rng.choice(wishes)
            if wish.text is None:
                return None if present < 1 else self.usual(key)
            text = self.filled(wish)
            if text is not None and re.fullmatch(form, text, re.S):
                return text
            present = max(present, 0.9)
        return self.usual(key) if self.chance(present) else None

    def usual(self, key: str) -> str:
        return self.rng.choice(keys.KEYS[key].pool if key in keys.KEYS else keys.COLOURS)

    def filled(self, wish: Wish) -> str | None:
        """The text of a wish with variables and wildcards filled in; sometimes a near miss."""
        missing = False

        def fill(found: re.Match[str]) -> str:
            nonlocal missing
            sign, key, default, wildcard = found.groups()
            if wildcard:
                pool = FILLS if wildcard == "*" else "ab1"
                return self.rng.choice(pool) if wish.wild else wildcard
            value = sign or self.context.get(key.lower(), default)
            missing |= not isinstance(value, str)
            return value if isinstance(value, str) else ""

        text = VARIABLE.sub(fill, wish.text or "")
        if missing:
            return None
        return near_miss(self.rng, text) if self.chance(0.08) else text

    def put(self, key: str, value: str | list[str] | None) -> None:
        if value is not None and value != []:
            self.context[key] = value

    def put_some(self, key: str, present: float = 1, form: str = ".+") -> None:
        self.put(key, self.some(key, present, form))

    def several(self, key: str, present: float, form: str = ".+") -> list[str]:
        """Values of a key that holds a list, in no order, none twice."""
        if not self.chance(present):
            return []
        drawn = [self.some(key, 1, form) for _ in range(self.rng.choice((1, 1, 1, 2, 3)))]
        return list(dict.fromkeys(value for value in drawn if value is not None))

    # --- callers ---

    def principal(self, arn: str) -> None:
        """A user, or a session of a role, and the keys that say so."""
        kind = "user" if ":user/" in arn else "session"
        self.caller = {"kind": kind, "arn": arn}
        self.put("aws:principalarn", arn)
        self.put("aws:principalaccount", arn.split(":")[4])
        self.put("aws:principalisawsservice", "false")
        self.put("aws:principaltype", "User" if kind == "user" else "AssumedRole")
        if kind == "user":
            self.put("aws:username", arn.rsplit("/", 1)[1])
            self.put("aws:userid", keys.unique_id(arn))
        else:
            wished = (self.some("aws:userid") or "").partition(":")[2]
            usual = self.rng.choice(keys.SESSIONS)
            self.session(wished if re.fullmatch(NAME, wished, re.A) else usual)
        self.signed_in()

    def session(self, name: str) -> None:
        self.caller["session"] = name
        self.put("aws:userid", f"{keys.unique_id(self.caller['arn'])}:{name}")

    def signed_in(self) -> None:
        """What only signed calls of users and sessions carry."""
        for tag in self.tags_wished("aws:principaltag/", 0.4):
            self.put(f"aws:principaltag/{tag}", self.some(f"aws:principaltag/{tag}", 0.9))
        self.put_some("sts:externalid", 0.3)
        if self.caller["kind"] == "user":
            self.put_some("aws:multifactorauthpresent", 0.4, "true|false")
            if self.context.get("aws:multifactorauthpresent") == "true":
                age = self.some("aws:multifactorauthage", 1, r"\d+")
                self.put("aws:multifactorauthage", age or "60")
        else:
            self.put_some("aws:sourceidentity", 0.15, NAME)
        via = self.several("aws:calledvia", 0.1)
        self.put("aws:calledvia", via)
        self.put("aws:calledviafirst", via[0] if via else None)
        self.put("aws:calledvialast", via[-1] if via else None)
        self.put("aws:viaawsservice", "true" if via else None)

    def service(self, name: str) -> None:
        self.caller = {"kind": "service", "service": name}
        self.put("aws:principalisawsservice", "true")
        self.put("aws:principalservicename", name)
        self.put("aws:principalservicenameslist", [name])
        self.put("aws:principaltype", "AssumedRole")
        self.put("aws:userid", name)
        self.put_some("aws:sourceaccount", 0.6, r"\d{12}")
        account = self.context.get("aws:sourceaccount")
        arn = self.some("aws:sourcearn", 0.7, r"arn:[^:]*:[^:]*:[^:]*:(\d{12})?:.+")
        if arn is not None and arn.split(":")[4] not in ("", account or arn.split(":")[4]):
            arn = None if self.chance(0.5) else arn
            self.put("aws:sourceaccount", arn.split(":")[4] if arn else None)
        self.put("aws:sourcearn", arn)

    def federated(self, provider: str) -> None:
        kind = "saml" if ":saml-provider/" in provider else "web"
        self.caller = {"kind": kind, "provider": provider}
        self.put("aws:principaltype", "Anonymous")
        self.put("aws:principalaccount", "anonymous")
        if kind == "web":
            self.put("aws:federatedprovider", provider)
            self.claims(issuer_of(provider))
            return
        for key in ("aud", "iss", "sub", "sub_type"):
            self.put_some(f"saml:{key}", 0.9)
        self.put("saml:edupersonaffiliation", self.several("saml:edupersonaffiliation", 0.7))
        self.put("aws:userid", "anonymous")

    # --- tokens ---

    def claims(self, issuer: str) -> None:
        subject = self.subject(issuer)
        self.put("aws:userid", f"anonymous:{subject}")
        if issuer == keys.AMAZON:
            self.put_some(f"{issuer}:app_id")
            self.put_some(f"{issuer}:user_id")
            return
        self.put(f"{issuer}:sub", subject)
        self.put_some(f"{issuer}:aud", 1, r"eu-west-1:.{36}" if issuer == keys.COGNITO else ".+")
        self.put_some("sts:roleauthorizedbyidp", 0)
        if issuer == keys.COGNITO:
            guest = self.some(f"{issuer}:amr") == "unauthenticated"
            methods = list(keys.AUTHENTICATED[: self.rng.choice((1, 2))])
            self.put(f"{issuer}:amr", ["unauthenticated"] if guest else methods)
        said = ("sub", "aud", "amr", "repository", "ref", "environment")
        extras = [f"{issuer}:{claim}" for claim in claims_of(issuer) if claim not in said]
        for key in extras:
            if key in keys.KEYS:
                self.put_some(key, 0.5, "true|false" if key.endswith("_protected") else ".+")
        if issuer == keys.GITHUB:
            self.github(issuer, subject)

    def subject(self, issuer: str) -> str:
        key = f"{issuer}:sub"
        if issuer == keys.GITHUB and key not in self.wishes:
            return self.composed(issuer)
        for _ in range(5):
            subject = self.some(key) or ""
            if subject_possible(issuer, subject):
                return subject
        return self.usual(key)

    def composed(self, issuer: str) -> str:
        """A subject of GitHub put together from wishes for its parts."""
        parts = ("repository", "environment", "ref")
        wished = {part for part in parts if f"{issuer}:{part}" in self.wishes}
        repository, environment, ref = (self.some(f"{issuer}:{part}") or "" for part in parts)
        if "environment" in wished and self.wishes[f"{issuer}:environment"][0].text is not None:
            end = "environment:" + environment.replace(":", "%3A")
        else:
            end = f"ref:{ref}"
        subject = f"repo:{repository}:{end}"
        usable = wished and subject_possible(issuer, subject)
        return subject if usable else self.usual(f"{issuer}:sub")

    def github(self, issuer: str, subject: str) -> None:
        """The claims that repeat what the subject says."""
        read = re.fullmatch(GITHUB_SUB, subject, re.A)
        if read is None:
            return
        environment = read["environment"]
        self.put(f"{issuer}:environment", environment and environment.replace("%3A", ":"))
        self.put(f"{issuer}:repository", f"{read['owner']}/{read['repository']}")
        self.put(f"{issuer}:ref", read["ref"] or self.some(f"{issuer}:ref"))
        for claim, said in (
            ("repository_id", "repository_id"),
            ("repository_owner_id", "owner_id"),
        ):
            if read[said]:
                self.put(f"{issuer}:{claim}", read[said])

    # --- what every call carries ---

    def common(self) -> None:
        self.put_some("sts:rolesessionname", 1, NAME)
        self.put_some("aws:requestedregion")
        self.put_some("aws:useragent")
        self.put("aws:securetransport", "true")
        if "aws:viaawsservice" not in self.context:
            self.put("aws:viaawsservice", "false")
        before = self.context.get("aws:sourceidentity")
        identity = self.some("sts:sourceidentity", 0.12, NAME)
        self.put("sts:sourceidentity", before if identity and before else identity)
        self.times()
        self.network()
        self.organisations()
        self.tags()

    def times(self) -> None:
        driver = self.rng.choice(["aws:currenttime", "aws:epochtime"])
        if driver not in self.wishes:
            driver = "aws:epochtime" if "aws:epochtime" in self.wishes else "aws:currenttime"
        now = moment(self.some(driver)) or moment(keys.MOMENTS[1])
        assert now is not None
        now += timedelta(seconds=self.rng.choice((0, 0, -1, 1)))
        self.put("aws:currenttime", now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.put("aws:epochtime", str(int(now.timestamp())))
        if self.caller["kind"] == "session" or (self.caller["kind"] == "user" and self.chance(0.3)):
            issued = moment(self.some("aws:tokenissuetime"))
            usual = now - timedelta(minutes=5)
            issued = issued if issued and issued <= now else usual
            self.put("aws:tokenissuetime", issued.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def network(self) -> None:
        inside = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
        if self.caller["kind"] == "service":
            return
        wanted = any(key in self.wishes for key in inside)
        if self.chance(0.6 if wanted else 0.1):
            self.put_some(inside[0])
            self.put_some(inside[1])
            address = member(self.rng, self.some("aws:vpcsourceip"))
            self.put("aws:vpcsourceip", address or self.usual("aws:vpcsourceip"))
        else:
            found = member(self.rng, self.some("aws:sourceip"))
            usual = self.usual("aws:sourceip")
            self.put("aws:sourceip", found if found and public(found) else usual)

    def organisations(self) -> None:
        account = self.role.get("account", keys.ACCOUNTS[0])
        homes: dict[str, str | None] = {}
        sides = {"principal": 0.7, "resource": 0.5, "source": 0.5}
        self.put("aws:resourceaccount", account)
        for side, present in sides.items():
            owner = self.context.get(f"aws:{side}account", "")
            if not isinstance(owner, str) or not owner.isdecimal():
                continue
            if owner not in homes:
                homes[owner] = self.path(side, present)
            path = homes[owner]
            self.put(f"aws:{side}orgid", path and path.split("/")[0])
            self.put(f"aws:{side}orgpaths", [path] if path else None)

    def path(self, side: str, present: float) -> str | None:
        """An organisation and the way down to one of its units."""
        organisation = self.some(f"aws:{side}orgid", present, r"o-[a-z0-9]{10,32}")
        wished_for = {f"aws:{side}{each}" for each in ("orgid", "orgpaths")} & set(self.wishes)
        if organisation is None and wished_for != {f"aws:{side}orgpaths"}:
            return None
        wished = self.some(f"aws:{side}orgpaths", 1, r"o-[a-z0-9]{10,32}/(r-[a-z0-9]+/.*)?") or ""
        first, _, rest = wished.partition("/")
        return f"{organisation if f'aws:{side}orgid' in self.wishes else first}/{rest}"

    def tags_wished(self, family: str, present: float) -> list[str]:
        wished = [key.partition("/")[2] for key in self.wishes if key.startswith(family)]
        usual = self.rng.sample(keys.TAGS, self.rng.choice((1, 2))) if self.chance(present) else []
        drawn = [tag for tag in wished if self.chance(0.85)]
        return list(dict.fromkeys([*drawn, *(tag.lower() for tag in usual)]))

    def tags(self) -> None:
        """Session tags: a key among TagKeys and its value."""
        names = [
            t.lower() for t in self.several("aws:tagkeys", 0.6 * ("aws:tagkeys" in self.wishes))
        ]
        names += self.tags_wished("aws:requesttag/", 0.2)
        if self.caller.get("service") == "pods.eks.amazonaws.com" and names:
            names = [*keys.POD_TAGS, *names]
        spelling = {tag.lower(): tag for tag in keys.TAGS}
        chosen = list(dict.fromkeys(name for name in names if re.fullmatch(r"[\w .:/=+@-]+", name)))
        for name in chosen:
            self.put(f"aws:requesttag/{name}", self.some(f"aws:requesttag/{name}"))
        spelt = [spelling.get(n, n) if self.chance(0.8) else near_case(self.rng, n) for n in chosen]
        self.put("aws:tagkeys", spelt)
        if spelt and self.chance(0.3):
            self.put("sts:transitivetagkeys", self.rng.sample(spelt, 1))

    def request(self) -> Request:
        call = {"web": "sts:AssumeRoleWithWebIdentity", "saml": "sts:AssumeRoleWithSAML"}
        actions = {call.get(self.caller["kind"], "sts:AssumeRole")}
        actions |= {"sts:TagSession"} if "aws:tagkeys" in self.context else set()
        actions |= {"sts:SetSourceIdentity"} if "sts:sourceidentity" in self.context else set()
        return Request(self.caller, frozenset(actions), self.context)


def near_case(rng: Random, text: str) -> str:
    return rng.choice((text.lower(), text.upper(), text.title()))


def near_miss(rng: Random, text: str) -> str:
    """The text, a little wrong."""
    place = rng.randrange(len(text)) if text else 0
    return rng.choice(
        (
            text + rng.choice("a1-/:"),
            text[:-1],
            text[:place] + rng.choice("ab1/") + text[place + 1 :],
            text[:place] + text[place : place + 1].swapcase() + text[place + 1 :],
            rng.choice("ax") + text,
        )
    )


def moment(text: str | None) -> datetime | None:
    """A date or a count of seconds, to the second."""
    try:
        if text is None or not text.isdecimal():
            date = datetime.fromisoformat(text or "")
            return date.replace(tzinfo=date.tzinfo or UTC, microsecond=0).astimezone(UTC)
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def member(rng: Random, network: str | None) -> str | None:
    """An address in a network, at its edge, or just outside."""
    try:
        read = ipaddress.ip_network(network or "", strict=False)
        place = rng.choice((read[0], read[-1], read[rng.randrange(min(256, read.num_addresses))]))
        return str(place + rng.choice((0, 0, 0, 0, 1)))
    except (ValueError, ipaddress.AddressValueError):
        return None


def public(address: str) -> bool:
    private = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
    read = ipaddress.ip_address(address)
    inside = any(read in ipaddress.ip_network(network) for network in (*private, "fc00::/7"))
    return not inside and not read.is_loopback and not read.is_link_local

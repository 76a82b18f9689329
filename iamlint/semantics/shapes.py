"""The shapes that the values of condition keys have: accounts, organisations, callers, names.

Sources: `reference_policies_condition-keys` for the global keys, the API reference of STS for the
parameters a caller passes, `reference_identifiers` for unique ids and names.
"""

from __future__ import annotations

from iamlint.semantics.glob import ANY, DIGITS, NOT_COLON, Chars, Pattern, literal
from iamlint.semantics.strings import Language
from iamlint.semantics.template import Layout, Part, pattern_of
from iamlint.semantics.values import Condition, Network, parse_network
from iamlint.typed import NamedTuple

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_ALNUM = _LOWER + _LOWER.upper() + "0123456789"
NAME = Chars(frozenset(_ALNUM + "_+=,.@-"), False)
PATH = Chars(frozenset(map(chr, range(0x21, 0x7F))), False)
UNIQUE = Chars(frozenset(_LOWER.upper() + "0123456789"), False)
ORGANISATION = Chars(frozenset(_LOWER + "0123456789"), False)
PRINTABLE = Chars(frozenset("\0"), True)

ACCOUNT = Part("account", DIGITS, 12)
RESOURCE = Part("resource", PATH)
USER_NAME = Part("name", NAME)
SESSION = Part("session", NAME, least=2)
ID = Part("id", UNIQUE, least=12)
ORG = Part("organization", ORGANISATION, least=10)


class Shape(NamedTuple):
    """The values a key can have: a layout of parts or a plain condition, and samples to show."""

    domain: str
    layout: Layout
    samples: tuple[str, ...] = ()
    also: tuple[Condition, ...] = ()

    def base(self) -> tuple[Condition, ...]:
        """The condition that every value meets."""
        if self.domain == "string":
            return (Language(True, (pattern_of(self.layout),)), *self.also)
        if self.domain == "boolean":
            return (Language(True, (literal("true"), literal("false"))),)
        return self.also


def resource(path: str) -> Layout:
    """A name with its path. `path`: `none`, `some`, or `any` where nobody asks for the name."""
    if path == "any":
        return (RESOURCE,)
    return (USER_NAME,) if path == "none" else (Part("path", PATH), "/", USER_NAME)


def names(path: str) -> list[dict[str, Pattern]]:
    """The forms of a name with its path: what stands after the last `/` is never empty."""
    if path != "any":
        return [{}]
    bare = USER_NAME.pattern()
    return [{"resource": bare}, {"resource": (*Part("path", PATH).pattern(), "/", *bare)}]


def resource_parts(name: str, path: str) -> dict[str, str] | None:
    """The parts of a name with its path; None when it is not of that shape."""
    if path == "any":
        return {"resource": name}
    before, slash, last = name.rpartition("/")
    if (path == "some") != bool(slash):
        return None
    return {"path": before, "name": last} if slash else {"name": last}


def caller(kind: str, partition: str, path: str) -> Layout:
    """An IAM user or a role session as one string; NUL stands between what AWS keeps apart.

    A user is ARN, unique id; a session is the role's ARN, the role's unique id, the session name.
    """
    arn = caller_arn(kind, partition, path)
    if kind == "user":
        return (*arn, "\0AIDA", ID)
    return (*arn, "\0AROA", ID, "\0", SESSION)


def caller_arn(kind: str, partition: str, path: str) -> Layout:
    """`aws:PrincipalArn`: the user's ARN, or the ARN of the session's role."""
    word = "user" if kind == "user" else "role"
    return (f"arn:{partition}:iam::", ACCOUNT, f":{word}/", *resource(path))


def caller_id(kind: str) -> Layout:
    """`aws:userid`: the user's unique id, or `ROLE-ID:SESSION`."""
    return ("AIDA", ID) if kind == "user" else ("AROA", ID, ":", SESSION)


ORG_PATH: Layout = (
    "o-",
    ORG,
    "/r-",
    Part("path", Chars(ORGANISATION.listed | {"-", "/"}, False)),
    "/",
)
ORG_ID: Layout = ("o-", ORG)
ACCOUNT_ONLY: Layout = (ACCOUNT,)

_ARN: Layout = (
    "arn:",
    Part("partition", NOT_COLON),
    ":",
    Part("service", NOT_COLON),
    ":",
    Part("region", NOT_COLON, least=0),
    ":",
    Part("account", NOT_COLON, least=0),
    ":",
    Part("rest", PRINTABLE),
)
SOURCE_ARN: Layout = (
    "arn:",
    Part("partition", NOT_COLON),
    ":",
    Part("service", NOT_COLON, least=0),
    ":",
    Part("region", NOT_COLON, least=0),
    ":",
    ACCOUNT,
    ":",
    Part("rest", PRINTABLE),
)
SOURCE_ARN_WITHOUT_ACCOUNT: Layout = (
    "arn:",
    Part("partition", NOT_COLON),
    ":",
    Part("service", NOT_COLON, least=0),
    ":",
    Part("region", NOT_COLON, least=0),
    "::",
    Part("rest", PRINTABLE),
)


def _text(chars: Chars, least: int, *samples: str) -> Shape:
    return Shape("string", (Part("value", chars, least=least),), samples)


def _public() -> tuple[Condition, ...]:
    """`aws:SourceIp` is a public address: private ranges can never match (Access Analyzer)."""
    blocks = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
    ranges = [parse_network(block) for block in (*blocks, "fc00::/7", "fe80::/10", "::1/128")]
    return (Network(False, tuple(each for each in ranges if each is not None)),)


TEXT = _text(PRINTABLE, 1, "x")
_ACCOUNT = Shape("string", ACCOUNT_ONLY, ("999999999999",))
_ORG_ID = Shape("string", ORG_ID, ("o-zzzzzzzzzz",))
_ORG_PATH = Shape("string", ORG_PATH, ("o-zzzzzzzzzz/r-zzzz/ou-zzzz-zzzzzzzz/",))

SHAPES: dict[str, Shape] = {
    "aws:principalorgpaths": _ORG_PATH,
    "aws:sourceorgpaths": _ORG_PATH,
    "aws:vpceorgpaths": _ORG_PATH,
    "aws:resourceorgpaths": _ORG_PATH,
    "aws:sourceorgid": _ORG_ID,
    "aws:vpceorgid": _ORG_ID,
    "aws:resourceorgid": _ORG_ID,
    "aws:sourceaccount": _ACCOUNT,
    "aws:sourceowner": _ACCOUNT,
    "aws:vpceaccount": _ACCOUNT,
    "aws:resourceaccount": _ACCOUNT,
    "aws:sourcevpc": _text(PRINTABLE, 1, "vpc-0123456789abcdef0"),
    "aws:sourcevpce": _text(PRINTABLE, 1, "vpce-0123456789abcdef0"),
    "aws:requestedregion": _text(Chars(ORGANISATION.listed | {"-"}, False), 5, "us-east-1"),
    "sts:externalid": _text(Chars(frozenset(_ALNUM + "_+=,.@:/-"), False), 2, "anything"),
    "sts:rolesessionname": _text(NAME, 2, "session"),
    "sts:sourceidentity": _text(NAME, 2, "mallory"),
    "aws:sourceidentity": _text(NAME, 2, "mallory"),
    "aws:tagkeys": _text(ANY, 1, "team"),
    "aws:principaltype": TEXT._replace(
        samples=("AssumedRole",),
        also=(
            Language(
                True,
                tuple(map(literal, ("AssumedRole", "User", "FederatedUser", "Anonymous"))),
            ),
        ),
    ),
    "aws:useragent": _text(PRINTABLE, 1, "aws-cli/2.15"),
}


def shape(name: str, type_: str) -> Shape:
    """The shape of a key, by its lower-case name or else by its type."""
    found = SHAPES.get(name)
    if found is not None:
        return found
    if name == "aws:sourceip":
        return Shape("address", (), ("198.51.100.7",), _public())
    if name == "aws:epochtime":
        return Shape("date", ())
    if type_ == "arn":
        return Shape("string", _ARN)
    return Shape(type_, ()) if type_ in ("number", "date", "address", "boolean") else TEXT


def exactly(*patterns: Pattern) -> Language:
    """The condition of being in one of the patterns."""
    return Language(True, patterns)

"""What the holes of a document may be filled with: a few well-formed texts each, by their place.

A hole stands for one text that nobody knows before deployment. Where it is compared as it stands,
all texts that the policy does not mention mean the same, so one of them stands for all; where it
is a part of a pattern it may hold a wildcard, which is another one. The texts are made up so that
they occur nowhere else, and can be told in the words of the user again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from iamlint.arn import PARTITIONS
from iamlint.data.issuers import ISSUERS
from iamlint.data.keys import ROWS
from iamlint.policy.operators import read_operator
from iamlint.policy.uses import Use, uses_of
from iamlint.syntax.holes import OWN_KINDS, Hole, Holes, fill, holes_in
from iamlint.syntax.value import Value

# stand for what belongs to the role itself, in the texts that fill a hole
OWN_ACCOUNT, OWN_PARTITION = "\ue000", "\ue001"
_MOST_VALUES = 8  # of those a parameter may have; more are seldom told apart by a policy
_TYPES = {row.name.lower(): row.type for row in ROWS if not row.name.endswith("*")}
_OF_FAMILY = {
    "boolean": ("true", "false"),
    "null": ("true", "false"),
    "numeric": ("3600",),
    "date": ("2038-01-01T00:00:00Z",),
    "address": ("203.0.113.0/24", "0.0.0.0/0"),
    "binary": ("UVE9PQ==",),
}
_ELEMENTS = {"Version": ("2012-10-17",), "Effect": ("Allow", "Deny")}
_ACCOUNT_KEYS = re.compile(r"aws:(?:principal|source|resource|vpce)account|aws:sourceowner")
_IDS = re.compile(r".*(?:_id|_number)|accounts\.google\.com:(?:sub|aud|oaud)")


class OpenDocument:
    """A trust policy with holes, and the texts that each of them may be."""

    __slots__ = ("_holes", "_uses", "_value", "names", "options")

    def __init__(self, value: Value, holes: Holes) -> None:
        self._value = value
        self._holes = {char: holes[char] for char in holes_in(value, holes)}
        fresh = _Fresh(value)
        self._uses = uses = dict[str, list[Use]]()
        for char, use in uses_of(value, holes):
            uses.setdefault(char, []).append(use)
        self.options: dict[str, tuple[str, ...]] = {}
        """For the name of each hole that is not the role's own: what it may be."""
        self.names: dict[str, str] = {}
        """What a text that was made up is called: `${Owner}`."""
        for char, hole in self._holes.items():
            if hole.kind not in OWN_KINDS and hole.name not in self.options:
                self.options[hole.name] = options = _options(hole, uses.get(char, []), fresh)
                self.names |= fresh.names(hole, options)

    @property
    def lone(self) -> frozenset[str]:
        """The holes of which one at most is other than usual.

        Such as may be the role's own account, for holes of different names are different accounts;
        and those that name callers, for callers get in one by one.
        """
        own = {name for name, found in self.options.items() if OWN_ACCOUNT in found[1:]}
        return self.callers | own

    @property
    def callers(self) -> frozenset[str]:
        """The holes that stand in principals of AWS and nowhere else, and may be several things."""
        elsewhere = {
            self._holes[char].name
            for char, uses in self._uses.items()
            if any(use.element != "Principal" or use.about != "AWS" for use in uses)
        }
        several = {name for name, options in self.options.items() if len(options) > 1}
        used = {self._holes[char].name for char in self._uses}
        return frozenset((several & used) - elsewhere)

    def spare(self, accounts: Iterable[str]) -> None:
        """No longer let a hole be of the role's own account where it is of one of some accounts.

        For a role of whose account nothing is known but that it may be any of these: then it may
        be what is made up for the hole.
        """
        for name, (first, *others) in self.options.items():
            if any(account in first for account in accounts):
                self.options[name] = (first, *(each for each in others if OWN_ACCOUNT not in each))

    @property
    def own_account(self) -> bool:
        """Whether some text depends on the account of the role."""
        own = any(OWN_ACCOUNT in text for options in self.options.values() for text in options)
        return own or bool(self.own_name)

    @property
    def own_name(self) -> str:
        """What the document calls the account of the role; empty where it does not."""
        own = (hole.name for hole in self._holes.values() if hole.kind == "own-account")
        return next(own, "")

    def filled(
        self, chosen: Mapping[str, str], account: str, partition: str
    ) -> tuple[tuple[str, ...], Value]:
        """The document with a text in place of each hole, and those texts.

        `chosen`: the option of each hole, by name; of others the first. `account` and `partition`
        are the role's own.
        """
        own = {OWN_ACCOUNT: account, OWN_PARTITION: partition}
        texts: dict[str, str] = {}
        for char, hole in self._holes.items():
            made = _own(hole, account, partition)
            texts[char] = made or chosen.get(hole.name) or self.options[hole.name][0]
        for char, text in texts.items():
            # a text that was made up may speak of what fills another hole
            inner = own | {each: texts[each] for each in text if each in texts and each != char}
            texts[char] = "".join(inner.get(each, each) for each in text)
        return tuple(texts.values()), fill(self._value, texts)


def _own(hole: Hole, account: str, partition: str) -> str:
    """What belongs to the role itself; empty for any other hole."""
    suffixes = {each.name: each.dns_suffix for each in PARTITIONS}
    return {
        "own-account": account,
        "own-partition": partition,
        "own-region": "us-east-1",
        "own-suffix": suffixes.get(partition, "amazonaws.com"),
    }.get(hole.kind, "")


# what may stand there


class _Fresh:
    """Makes up texts that a document does not hold."""

    __slots__ = ("_mark", "_names", "_number")

    def __init__(self, document: Value) -> None:
        text = "\n".join(_strings(document)).lower()
        self._mark = next(mark for mark in map("zq{}x".format, range(10**6)) if mark not in text)
        accounts = (str(each) for each in range(600000000001, 600001000001))
        self._number = int(next(each for each in accounts if each not in text))
        self._names: dict[Hole, str] = {}

    def text(self, hole: Hole) -> str:
        """A text of letters and digits."""
        if hole not in self._names:
            word = re.sub("[^A-Za-z0-9]", "", hole.name)[:24]
            self._names[hole] = f"{self._mark}{len(self._names)}{word}"
        return self._names[hole]

    def number(self, hole: Hole) -> str:
        """A text of twelve digits."""
        self.text(hole)
        return str(self._number + list(self._names).index(hole))

    def names(self, hole: Hole, options: tuple[str, ...]) -> dict[str, str]:
        """What the texts that were made up for it are called."""
        name, text, number = f"${{{hole.name}}}", self.text(hole), self.number(hole)
        arns = any(number in option and option != number for option in options)
        made_up = [each for each in options if text.lower() in each.lower()]
        names = dict.fromkeys((*made_up, text, text.lower(), text.upper()), name)
        return names | {number: f"${{account of {hole.name}}}" if arns else name}


def _strings(document: Value) -> Iterator[str]:
    todo = [document]
    while todo:
        value = todo.pop()
        if value.kind == "string":
            yield value.data
        todo += value.items()
        todo += (part for member in value.members for part in member)


def _options(hole: Hole, uses: list[Use], fresh: _Fresh) -> tuple[str, ...]:
    """What a hole may be, the most likely first: what all places that tell something allow."""
    if hole.values:
        return _listed(hole.values)
    if hole.sample:
        return (hole.sample,)
    told = [options for use in uses if (options := _told(hole, use, fresh))]
    if told:
        common = tuple(each for each in told[0] if all(each in options for options in told))
        return common or told[0]
    texts = (fresh.text(hole),)
    return (*texts, "*") if hole.wild and any(map(_in_pattern, uses)) else texts


def _listed(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values; of many those that are patterns first, for they may differ from the others."""
    wild = [value for value in values if "*" in value or "?" in value]
    return tuple(dict.fromkeys((*wild, *values)))[: max(_MOST_VALUES, len(wild))]


def _told(hole: Hole, use: Use, fresh: _Fresh) -> tuple[str, ...]:
    """What the place of a hole tells about it; nothing where it may be any text."""
    if use.element in _ELEMENTS:
        return _ELEMENTS[use.element]
    if use.element in ("Action", "operator", "type"):
        return _named(use) if use.whole else ()
    if use.element == "Principal":
        return _principal(hole, use, fresh)
    if use.element == "key":
        return _host(hole, fresh) if not use.before and use.after.startswith(":") else ()
    operator = read_operator(use.operator)
    if use.element != "Condition" or operator is None:
        return ()
    family = _TYPES.get(use.about, "") if operator.family == "string" else operator.family
    family = {"number": "numeric"}.get(family, family)
    return _OF_FAMILY.get(family, ()) or _compared(hole, use, fresh)


def _named(use: Use) -> tuple[str, ...]:
    call = "sts:AssumeRoleWithWebIdentity" if use.issuers else "sts:AssumeRole"
    return {"Action": (call,), "operator": ("StringEquals",), "type": ("AWS",)}[use.element]


def _host(hole: Hole, fresh: _Fresh) -> tuple[str, ...]:
    """The URL of a provider that nobody has heard of."""
    return (f"{fresh.text(hole).lower()}.example",)


def _principal(hole: Hole, use: Use, fresh: _Fresh) -> tuple[str, ...]:
    if re.fullmatch(r"arn:[^:]*:(?:iam|sts)::", use.before):
        return (fresh.number(hole), OWN_ACCOUNT)
    if use.before.endswith(":oidc-provider/") and not use.after:
        return use.issuers[:1] or _host(hole, fresh)  # whose claims the statement asks for
    if not use.whole:
        return ()
    if use.about == "Service":
        return (f"{fresh.text(hole).lower()}.amazonaws.com",)
    if use.about == "Federated":
        head = f"arn:{OWN_PARTITION}:iam::{OWN_ACCOUNT}:oidc-provider/"
        return (head + (use.issuers or _host(hole, fresh))[0],)
    if use.about == "AWS" and _is_account(hole):
        return (fresh.number(hole), OWN_ACCOUNT)
    if use.about != "AWS":
        return ()
    arn, name = f"arn:{OWN_PARTITION}:iam::", fresh.text(hole)
    there = f"{arn}{fresh.number(hole)}"
    return (f"{there}:role/{name}", f"{there}:root", f"{arn}{OWN_ACCOUNT}:role/{name}")


def _is_account(hole: Hole) -> bool:
    """Whether the name of a hole says that it is an account."""
    # NOTE: the owner of an object is an account in the words of EC2; that of a repository is not
    name = hole.name.lower().replace("ownerid", "account")
    return "account" in name and not any(word in name for word in ("arn", "role", "user"))


def _compared(hole: Hole, use: Use, fresh: _Fresh) -> tuple[str, ...]:
    """A text that the key can have as its value."""
    key, text = use.about, fresh.text(hole)
    if use.before.endswith("@") or _IDS.fullmatch(key):
        return (fresh.number(hole),)
    if re.fullmatch(r"arn:[^:]*:[^:]*:[^:]*:", use.before):
        return (fresh.number(hole), OWN_ACCOUNT)
    if use.before and key.endswith(":sub"):
        return _part_of_subject(hole, use, fresh)
    if use.before:
        return ()
    if not use.whole:
        return _shaped(key.replace("paths", "id"), text.lower()) if "org" in key else ()
    if _ACCOUNT_KEYS.fullmatch(key):
        return (fresh.number(hole), OWN_ACCOUNT)
    if key.endswith(":sub"):
        return _subject(hole, use, fresh)
    if key == "aws:principalarn":
        account = (*use.accounts, fresh.number(hole))[0]
        return (f"arn:{OWN_PARTITION}:iam::{account}:role/{text}",)
    if _TYPES.get(key) == "arn" or use.operator.startswith("Arn"):
        return (f"arn:{OWN_PARTITION}:s3:::{text.lower()}",)
    return _shaped(key, text.lower())


def _subject(hole: Hole, use: Use, fresh: _Fresh) -> tuple[str, ...]:
    """A subject as the provider writes it, of a tenant that nobody has heard of."""
    issuer = next((each for each in ISSUERS if f"{each.host}:sub" == use.about), None)
    if issuer is None or not issuer.forms:
        return ()
    subject = issuer.forms[0].subject
    for number, (part, kind, sample) in enumerate(issuer.parts):
        made = fresh.number(hole) if kind == "digits" else fresh.text(hole)
        subject = subject.replace(f"{{{part}}}", sample if number else made)
    return (subject, "*") if hole.wild and _in_pattern(use) else (subject,)


def _part_of_subject(hole: Hole, use: Use, fresh: _Fresh) -> tuple[str, ...]:
    """What makes a subject of the texts around it; nothing where they begin like none."""
    issuer = next((each for each in ISSUERS if f"{each.host}:sub" == use.about), None)
    for form in issuer.forms if issuer else ():
        part = _part(form.subject, use.before, use.after)
        if part is not None:
            text = re.sub(r"\{\w+\}", fresh.text(hole), part)
            return (text, "*") if hole.wild and _in_pattern(use) else (text,)
    return ()


def _part(form: str, before: str, after: str) -> str | None:
    """The part of a form, a text with `{part}`s, from its beginning to where another text goes on.

    That one goes on where the form has a separator like its first character.
    """
    pieces = re.findall(r"\{\w+\}|.", form)
    pattern = ""
    for number, piece in enumerate(pieces, 1):
        pattern += re.escape(piece) if len(piece) == 1 else "[^:/]+"
        if re.fullmatch(pattern, before):
            rest = pieces[number:]
            end = next((n for n in range(1, len(rest)) if rest[n] == after[:1]), len(rest))
            return "".join(rest[:end]) if end < len(rest) or not after else None
    return None


def _shaped(key: str, text: str) -> tuple[str, ...]:
    """A text for the keys whose values have a shape of their own."""
    organisation = f"o-{text}0000000000"[:34]
    shapes = {
        "orgid": organisation,
        "orgpaths": f"{organisation}/r-zq00/ou-zq00-zq000000/",
        "sourcevpc": f"vpc-{text}",
        "sourcevpce": f"vpce-{text}",
        "requestedregion": "us-east-1",
        "userid": f"AROA{text.upper():0<16.16}",
    }
    head, _, name = key.partition(":")
    for ending, made in shapes.items():
        if head == "aws" and name.endswith(ending):
            return (made,)
    return ()


def _in_pattern(use: Use) -> bool:
    """Whether a wildcard there would be one."""
    operator = read_operator(use.operator) if use.element == "Condition" else None
    return operator is not None and operator.base.endswith("Like")

"""Which requests can exist at all: who calls, which keys the call carries, how keys hang together.

A `Case` is one kind of call. For every key it has a `Slot`: which string the key reads off, what
that string can be, and whether it is there. Sources: `iamlint.data.keys`, and for the couplings
the IAM pages named there.
"""

from __future__ import annotations

from functools import lru_cache

from iamlint.data.keys import ROWS, SAML_MANY, SAML_ONE, SERVICE_KEYS, Key
from iamlint.semantics.filling import Asked, Filling, Setting
from iamlint.semantics.issuers import Subject
from iamlint.semantics.quantities import UNIT
from iamlint.semantics.shapes import (
    ACCOUNT_ONLY,
    ORG_ID,
    ORG_PATH,
    SOURCE_ARN,
    SOURCE_ARN_WITHOUT_ACCOUNT,
    TEXT,
    USER_NAME,
    Shape,
    caller,
    caller_arn,
    caller_id,
    exactly,
    names,
    shape,
)
from iamlint.semantics.slots import ABSENT, Slot, constant, slot_of
from iamlint.semantics.template import Layout, fill
from iamlint.semantics.values import Compare
from iamlint.typed import NamedTuple

CALLS = {
    "user": "sts:AssumeRole",
    "session": "sts:AssumeRole",
    "service": "sts:AssumeRole",
    "web": "sts:AssumeRoleWithWebIdentity",
    "saml": "sts:AssumeRoleWithSAML",
}


SOME_ACCOUNT = "123412341234"  # the role's own, where nothing is known of it


class Who(NamedTuple):
    """A kind of caller; `text` is the service's host or the provider as a principal names it."""

    kind: str
    text: str = ""


_EXACT = {row.name.lower(): row for row in ROWS if not row.name.endswith("*")}
_FAMILIES = {row.name.lower()[:-1]: row for row in ROWS if row.name.endswith("*")}


def key_row(key: str) -> Key | None:
    """The catalogue's row for a lower-case key name, if the key is a global one or one of STS."""
    if key in _EXACT:
        return _EXACT[key]
    head, slash, tag = key.partition("/")
    return _FAMILIES.get(head + slash) if tag else None


# keys that come and go together: the case says which of them a call carries
MFA = {"aws:multifactorauthpresent", "aws:multifactorauthage"}
DIRECT = {"aws:sourceip"}
ENDPOINT = {
    "aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:vpcsourceip", "aws:vpceaccount",
    "aws:vpceorgpaths", "aws:vpceorgid",
}  # fmt: skip
_ALWAYS_AT_ENDPOINT = {"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"}
SOURCE = {"aws:sourcearn", "aws:sourceaccount"}
CALLED_VIA = {"aws:calledvia", "aws:calledviafirst", "aws:calledvialast"}
TAGS = {"aws:tagkeys", "sts:transitivetagkeys"}
_CONSTANTS = {"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"}


class Case:
    """One kind of call: a caller, the actions it needs, and the choices that couple its keys."""

    __slots__ = (
        "_caller", "_slots", "choices", "filling", "literals", "masters", "needs", "setting",
        "subject", "who",
    )  # fmt: skip

    def __init__(
        self,
        who: Who,
        needs: frozenset[str],
        choices: dict[str, str],
        subject: Subject | None,
        known: tuple[Setting, Filling, dict[str, tuple[str, ...]]],
    ) -> None:
        self.who = who
        self.needs = needs
        self.choices = choices
        self.subject = subject
        self.setting, self.filling, self.literals = known
        self._slots: dict[str, tuple[Slot, Asked]] = {}
        self._caller: Asked | None = None
        self.masters: dict[str, Slot] = {}
        """The strings that the keys asked for so far read off, by name."""

    def slot(self, key: str) -> Slot:
        """How the key (lower case) gets its value here."""
        found = self._slots.get(key)
        if found is None:
            before = self.filling.begin()
            slot = self._resolve(key)
            # INVARIANT: keys that read off one string agree on what it is
            if slot.master not in self.masters:
                self.masters[slot.master] = slot._replace(view=None)
            found = self._slots[key] = slot, self.filling.end(before)
        if found[1]:
            self.filling.asked.update(found[1])
        return found[0]

    def _resolve(self, key: str) -> Slot:
        if key.startswith("saml:"):
            return self._saml(key)
        row = key_row(key)
        if row is None:
            return self.subject.slot(key) if self.subject else ABSENT
        if key in _CONSTANTS or key.startswith(("aws:resourcetag/", "iam:resourcetag/")):
            return self._constant(key, row)
        special = self._identity(key) or self._coupled(key, row)
        return special or self._plain(key, row, self._presence(key, row))

    def _presence(self, key: str, row: Key) -> str:
        presence: str = getattr(row, self.who.kind)
        if row.name in SERVICE_KEYS.get(self.who.text, ()):
            return "some"
        if presence != "unknown":
            return presence
        name = f"carries:{row.name if row.name[-1] != '*' else key}:{_CALLERS[self.who.kind]}"
        return "some" if self.filling.assume(name) else "never"

    def _plain(self, key: str, row: Key, presence: str) -> Slot:
        if presence == "never":
            return ABSENT
        return _slot(key, row.type, presence, row.many)

    def _identity(self, key: str) -> Slot | None:
        """Keys that say who calls."""
        kind = self.who.kind
        if kind not in ("user", "session"):
            return self._unsigned_identity(key)
        partition = self.partition()
        views: dict[str, Layout] = {
            "aws:principalarn": caller_arn(kind, partition, self.path()),
            "aws:principalaccount": ACCOUNT_ONLY,
            "aws:userid": caller_id(kind),
        }
        if key == "aws:username" and kind == "user" and self.path() != "any":
            return self.caller()._replace(view=(USER_NAME,))
        if key in views:
            return self.caller()._replace(view=views[key])
        fixed = {
            "aws:principalisawsservice": "false",
            "aws:principaltype": "User" if kind == "user" else "AssumedRole",
        }
        return constant(key, fixed[key]) if key in fixed else None

    def _unsigned_identity(self, key: str) -> Slot | None:
        fixed = {
            ("web", "aws:principalaccount"): "anonymous",
            ("saml", "aws:principalaccount"): "anonymous",
            ("service", "aws:principalisawsservice"): "true",
            ("service", "aws:principalservicename"): self.who.text,
            ("web", "aws:federatedprovider"): self.who.text,
        }
        value = fixed.get((self.who.kind, key))
        return constant(key, value) if value else None

    def _organisation(self, key: str, presence: str) -> Slot:
        """An organisation's id reads off the one path that the caller or resource has in it."""
        master, view = _OF_ORGANISATION[key]
        paths = slot_of(master, shape("aws:principalorgpaths", ""), presence)
        return paths._replace(view=view, layout=ORG_PATH, bare=view is None)

    def caller(self) -> Slot:
        """The string that identifies an IAM user or a role session."""
        if self._caller is None:
            before = self.filling.begin()
            self.masters["caller"] = _caller(self.who.kind, self.partition(), self.path())
            self._caller = self.filling.end(before)
        self.filling.asked.update(self._caller)
        return self.masters["caller"]

    def path(self) -> str:
        """Whether the caller's name has a path, where the case makes the difference."""
        return self.choices.get("path", "any")

    def own_account(self) -> str:
        """The account of the role: known, or one of those the policy speaks of, or another."""
        return own_account(self.setting, self.filling, self.literals)

    def partition(self) -> str:
        """The partition of the role, outside of which nobody can assume it."""
        return own_partition(self.setting, self.filling, self.literals)

    def _constant(self, key: str, row: Key) -> Slot:
        """Keys that are constants of the role itself: known, or one unknown value."""
        if key == "aws:resourceaccount":
            return constant(key, self.own_account())
        if key in ("aws:resourceorgid", "aws:resourceorgpaths"):
            own = self._own_organisation()
            if not own or key == "aws:resourceorgid":
                return constant(key, own) if own else ABSENT
            samples = (f"{own}/r-zzzz/ou-zzzz-zzzzzzzz/",)
            return slot_of(key, Shape("string", (own, *ORG_PATH[2:]), samples), "always", row.many)
        there = self.filling.assume(f"constant:{row.name if row.name[-1] != '*' else key}")
        return self._plain(key, row, "always" if there else "never")

    def _own_organisation(self) -> str:
        """The organisation the role's account is in; nothing when it is in none."""
        options = ("o-ownownown0", "", *self.literals.get("organisation", ()))
        return self.setting.organization or str(self.filling.choose("own organisation", options))

    def _coupled(self, key: str, row: Key) -> Slot | None:
        """Keys whose presence a choice of the case decides."""
        choices = self.choices
        if key == "aws:securetransport":
            return constant(key, "true")
        if key in ("aws:currenttime", "aws:epochtime"):
            return self._time()
        if key in _OF_ORGANISATION and (presence := self._presence(key, row)) != "never":
            return self._organisation(key, presence)
        if key in SOURCE and self.who.kind == "service":
            return self._source(key, row)
        if key in MFA and "mfa" in choices:
            return self._mfa(key, row)
        if key in ENDPOINT | DIRECT and "network" in choices:
            return self._network(key, row)
        if key == "aws:viaawsservice" and choices.get("called via") == "yes":
            return constant(key, "true")
        if key in CALLED_VIA and "called via" in choices:
            return self._plain(key, row, "always" if choices["called via"] == "yes" else "never")
        needed = _PASSED.get(key) or ("sts:TagSession" if key.startswith("aws:requesttag/") else "")
        if needed:
            return self._passed(key, row, needed)
        return None

    def _time(self) -> Slot:
        """The instant of the call, which two keys tell: not before now, where that is known."""
        slot = slot_of("time", shape("aws:epochtime", "date"), "always")
        if self.setting.now is None:
            return slot
        later = Compare(True, "date", "GreaterThanEquals", (self.setting.now * UNIT,))
        return slot._replace(base=(*slot.base, later))

    def _passed(self, key: str, row: Key, needed: str) -> Slot:
        """Parameters of the call that need a permission of their own."""
        if needed not in self.needs or self.choices.get(key) == "no":
            return ABSENT
        present = "always" if key in self.choices or key not in _OPTIONAL else "some"
        return self._plain(key, row, present)

    def _source(self, key: str, row: Key) -> Slot:
        choice = self.choices.get("source", "none")
        if choice == "none" or (choice, key) == ("account only", "aws:sourcearn"):
            return ABSENT
        if choice == "account only":
            return self._plain(key, row, "always")
        if (choice, key) == ("arn alone", "aws:sourceaccount"):
            return ABSENT
        if choice == "arn without account":
            if key == "aws:sourceaccount":
                return self._plain(key, row, "some")
            sample = ("arn:aws:s3:::somebodys-bucket",)
            return slot_of("source", Shape("string", SOURCE_ARN_WITHOUT_ACCOUNT, sample), "always")
        view = ACCOUNT_ONLY if key == "aws:sourceaccount" else None
        sample = (f"arn:aws:{self.who.text.partition('.')[0]}:us-east-1:999999999999:x",)
        return slot_of("source", Shape("string", SOURCE_ARN, sample), "always")._replace(view=view)

    def _mfa(self, key: str, row: Key) -> Slot:
        choice = self.choices["mfa"]
        if key == "aws:multifactorauthpresent":
            return ABSENT if choice == "absent" else constant(key, choice)
        return self._plain(key, row, "always" if choice == "true" else "never")

    def _network(self, key: str, row: Key) -> Slot:
        direct = self.choices["network"] == "direct"
        if (key in DIRECT) != direct:
            return ABSENT
        presence = self._presence(key, row)
        if presence == "some" and (direct or key in _ALWAYS_AT_ENDPOINT):
            presence = "always"
        return self._plain(key, row, presence)

    def _saml(self, key: str) -> Slot:
        name = key.partition(":")[2]
        if self.who.kind != "saml" or name not in SAML_MANY | SAML_ONE:
            return ABSENT
        samples = {"aud": ("https://signin.aws.amazon.com/saml",), "sub": ("mallory",)}
        form = Shape("string", TEXT.layout, samples.get(name, ("x",)))
        return slot_of(key, form, "some", name in SAML_MANY)


def own_account(setting: Setting, filling: Filling, literals: dict[str, tuple[str, ...]]) -> str:
    """The account of the role; an unknown one may be any that the policy speaks of."""
    options = tuple(dict.fromkeys((SOME_ACCOUNT, *literals.get("account", ()))))
    return setting.account or str(filling.choose("own account", options))


def own_partition(setting: Setting, filling: Filling, literals: dict[str, tuple[str, ...]]) -> str:
    """The partition of the role; an unknown one is one of those that the policy speaks of."""
    if setting.partition:
        return setting.partition
    mentioned = literals.get("partition", ())
    if len(mentioned) < 2:
        return mentioned[0] if mentioned else "aws"
    return str(filling.choose("partition", mentioned))


@lru_cache(maxsize=256)
def _slot(key: str, type_: str, presence: str, many: bool) -> Slot:
    return slot_of(key, shape(key, type_), presence, many)


@lru_cache(maxsize=32)
def _caller(kind: str, partition: str, path: str) -> Slot:
    layout = caller(kind, partition, path)
    base = (exactly(*(fill(each, layout) for each in names(path))),)
    samples = tuple(_sample(kind, partition, path, digit) for digit in "987")
    return Slot("caller", "string", "always", layout=layout, base=base, samples=samples)


def _sample(kind: str, partition: str, path: str, digit: str) -> str:
    """A caller to show when nothing bounds it."""
    head = f"arn:{partition}:iam::{digit * 12}"
    path = "ops/" if path == "some" else ""
    if kind == "user":
        return f"{head}:user/{path}mallory\0AIDAEXAMPLEEXAMPLEXX"
    return f"{head}:role/{path}attacker\0AROAEXAMPLEEXAMPLEXX\0mallory"


_CALLERS = {
    "user": "IAM users",
    "session": "role sessions",
    "service": "AWS services",
    "web": "web identities",
    "saml": "SAML identities",
}
_OF_ORGANISATION: dict[str, tuple[str, Layout | None]] = {
    "aws:principalorgid": ("organisation", ORG_ID),
    "aws:principalorgpaths": ("organisation", None),
    "aws:sourceorgid": ("organisation of the source", ORG_ID),
    "aws:sourceorgpaths": ("organisation of the source", None),
}
_PASSED = {
    "aws:tagkeys": "sts:TagSession",
    "sts:transitivetagkeys": "sts:TagSession",
    "sts:sourceidentity": "sts:SetSourceIdentity",
    "sts:requestcontextproviders": "sts:SetContext",
}
_OPTIONAL = {"sts:transitivetagkeys"}

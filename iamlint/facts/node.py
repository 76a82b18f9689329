"""A node rules look at: facts by name, each computed once; and answers turned into truths."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iamlint.facts.truth import Truth
from iamlint.policy.document import Principal, Statement, TrustPolicy
from iamlint.semantics.budget import Budget
from iamlint.semantics.describe import who
from iamlint.semantics.filling import Setting
from iamlint.semantics.meaning import Answer, Meaning, Question
from iamlint.semantics.request import Request
from iamlint.semantics.search import Found, Search
from iamlint.semantics.witness import request_of
from iamlint.semantics.world import World
from iamlint.source import Span
from iamlint.typed import NamedTuple

__all__ = ["Budget", "Estate", "Node", "Subject", "Witness"]


class Estate(NamedTuple):
    """What the user has told about the surroundings of the policies."""

    accounts: tuple[str, ...] = ()
    organization: str | None = None
    trusted: frozenset[str] = frozenset()
    names: Mapping[str, str] = {}  # of own accounts, by id
    environments: Mapping[str, str] = {}  # of own accounts, by id
    vendors: frozenset[str] = frozenset()  # whom the user works with, in small letters; none: any
    tenants: Mapping[str, tuple[str, ...]] = {}  # own ones, by OIDC issuer
    issuers: tuple[str, ...] | None = None  # OIDC issuers that may be trusted; None: any


class Witness:
    """A call that shows a fact; put into words only when somebody wants to read it."""

    __slots__ = ("_absent", "_found", "_search", "_world")

    def __init__(self, found: Found, world: World, absent: tuple[str, ...] = ()) -> None:
        self._found = found
        self._world = world
        self._search: Search | None = None
        self._absent = absent

    def request(self) -> Request:
        """The call itself."""
        if self._search is None:  # its budget is not that of the question
            self._search = self._world.search.renewed()
        return request_of(self._found, self._world.said.keys, self._search)

    def text(self) -> str:
        """The call in words."""
        keys = self._world.said.keys
        call = who(self.request(), self._found.case, keys, self._absent)
        chosen = self._world.filling.chosen("hole:")
        return ", ".join((call, *(f"where `{name}` is `{text}`" for name, text in chosen.items())))


class Subject(NamedTuple):
    """What all nodes of one policy share."""

    meaning: Meaning
    role: str
    estate: Estate
    called: str = ""  # the vendors of the estate that the role is named after, or that its tags say

    @property
    def policy(self) -> TrustPolicy:
        """The policy as written."""
        return self.meaning.studied.policy

    @property
    def setting(self) -> Setting:
        """What is known around the policy."""
        return self.meaning.studied.setting

    def made_up(self, text: str) -> bool:
        """Whether some of a text was made up for a hole: it says nothing of what was meant."""
        return self.meaning.told(text) != text

    def number(self, statement: Statement) -> int:
        """The place of a statement in the policy."""
        return self.policy.statements.index(statement)

    def ask(
        self,
        question: Question,
        phrase: Callable[[Found], str] | None = None,
        absent: tuple[str, ...] = (),
    ) -> Truth:
        """The answer to a question as a truth with its witness."""
        return _truth(self.meaning.ask(question), phrase, absent)


def _truth(answer: Answer, phrase: Callable[[Found], str] | None, absent: tuple[str, ...]) -> Truth:
    if answer.found is None or answer.world is None:
        return Truth(answer.state, None, (answer.reason,) if answer.reason else ())
    witness = Witness(answer.found, answer.world, absent)
    words = phrase(answer.found) if phrase else ""
    return Truth(answer.state, witness, answer.assumptions, words)


class Node:
    """Something a rule is about. Every method named in the vocabulary is a fact."""

    __slots__ = ("_known", "subject")

    kind = ""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._known: dict[str, object] = {}

    def fact(self, name: str) -> object:
        """The fact of that name; computed on first use. Raises AttributeError for others."""
        known = self._known
        if name in known:
            return known[name]
        found = known[name] = getattr(self, name)()
        return found

    def nodes(self, name: str) -> tuple[Node, ...]:
        """A fact that is a list of nodes."""
        found = self.fact(name)
        assert isinstance(found, tuple)
        return found

    def point(self, name: str) -> Span:
        """The place that a rule underlines under that name."""
        raise NotImplementedError(name)

    def home(self) -> Span:
        """The statement it stands in, or itself."""
        return self.point("self")

    def role(self) -> str:
        """The role, in backticks."""
        return self.subject.role


def tick(text: str) -> str:
    """User text in backticks."""
    return f"`{text}`"


def calls_of(principal: Principal) -> tuple[str, ...]:
    """The assume actions that callers of a principal can use; empty when it names nobody."""
    return _CALLS.get(principal.form, ())


_CALLS: dict[str, tuple[str, ...]] = {
    "any": ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"),
    "account": ("sts:AssumeRole",),
    "role": ("sts:AssumeRole",),
    "user": ("sts:AssumeRole",),
    "session": ("sts:AssumeRole",),
    "unique-id": ("sts:AssumeRole",),
    "service": ("sts:AssumeRole",),
    "oidc": ("sts:AssumeRoleWithWebIdentity",),
    "builtin": ("sts:AssumeRoleWithWebIdentity",),
    "saml": ("sts:AssumeRoleWithSAML",),
}

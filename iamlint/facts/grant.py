"""Facts of a grant: one Allow, one principal, one assume action, less all Denies."""

from __future__ import annotations

from iamlint.data.guardrail import GUARDED, OPERATORS
from iamlint.facts.callers import CallersNode
from iamlint.facts.identity import IdentityNode
from iamlint.facts.node import Estate, Node, Subject, Witness, tick
from iamlint.facts.statement import PrincipalNode, StatementNode
from iamlint.facts.truth import NO, Truth
from iamlint.policy.document import Guard
from iamlint.semantics import describe, questions
from iamlint.semantics.caller_questions import any_customer, stranger
from iamlint.semantics.identity_questions import foreign_tenant
from iamlint.semantics.operands import glob_matches
from iamlint.source import Span

# for each point on a subject: the facts whose witness tells which value of it to underline
_SHOWN_BY: dict[str, tuple[tuple[str, str], ...]] = {
    "subject": (
        ("admits", "foreign_tenant"),
        ("identity", "other_tenant"),
        ("identity", "any_project"),
        ("identity", "anybody"),
        ("identity", "names_alone"),
    ),
    "ref": (("identity", "any_ref"),),
    "environment": (("identity", "any_environment"),),
    "pull_request": (("identity", "pull_request"),),
    "plan": (("identity", "plan_and_apply"),),
}


class GrantNode(Node):
    """One grant."""

    __slots__ = ("_action", "_principal", "_statement")

    kind = "grant"

    def __init__(
        self, subject: Subject, statement: StatementNode, principal: PrincipalNode, action: str
    ) -> None:
        super().__init__(subject)
        self._statement = statement
        self._principal = principal
        self._action = action

    def point(self, name: str) -> Span:
        """See POINTS in the vocabulary."""
        if name in _SHOWN_BY:
            return self._subject_value(name) or self._principal.point("self")
        if name == "principal":
            return self._principal.point("self")
        return self._statement.point("self" if name == "statement" else name)

    def home(self) -> Span:
        """The statement it stands in."""
        return self._statement.point("self")

    def _subject_value(self, point: str) -> Span | None:
        """The value on the subject that lets the witness in; the guard, if none does alone."""
        key = f"{self._principal.principal.name.lower()}:sub"
        witness = self._witness(point)
        subject = witness.request().context.get(key) if witness else None
        for guard in self._statement.statement.guards:
            if guard.key.lower() != key:
                continue
            for value in guard.values:
                if isinstance(subject, str) and glob_matches(value.text, subject):
                    return value.span
            return guard.span
        return None

    def _witness(self, point: str) -> Witness | None:
        """The call that shows how wide the subject is."""
        for node, name in _SHOWN_BY[point]:
            around = self.fact(node)
            truth = around.fact(name) if isinstance(around, Node) else None
            if isinstance(truth, Truth) and isinstance(truth.witness, Witness):
                return truth.witness
        return None

    def principal(self) -> Node:
        """The principal."""
        return self._principal

    def statement(self) -> Node:
        """The Allow statement."""
        return self._statement

    def action(self) -> str:
        """The assume action."""
        return tick(self._action)

    def unsaved_claim(self) -> str | None:
        """The claim without which AWS refuses to save such a trust, if the statement lacks it."""
        principal = self._principal.principal
        url = principal.name.lower() if principal.form in ("oidc", "builtin") else ""
        claims = GUARDED.get(url, ())
        keys = {f"{url}:{claim}" for claim in claims}
        guards = self._statement.statement.guards
        if not claims or any(g.key.lower() in keys and _is_evaluated(g) for g in guards):
            return None
        return tick(f"{principal.name}:{claims[0]}")

    def admits(self) -> Node:
        """Who gets in through it."""
        grant = (self._statement.number, self._principal.principal, self._action)
        return AdmitsNode(self.subject, grant)

    def callers(self) -> Node:
        """The IAM users and role sessions that get in through it."""
        grant = (self._statement.number, self._principal.principal, self._action)
        return CallersNode(self.subject, grant)

    def identity(self) -> Node:
        """The web or SAML identities that get in through it."""
        grant = (self._statement.number, self._principal.principal, self._action)
        admits = self.fact("admits")
        assert isinstance(admits, Node)
        return IdentityNode(self.subject, grant, admits)


def _is_evaluated(guard: Guard) -> bool:
    """Whether AWS takes a guard for one that keeps tenants apart.

    What it makes of set operators and `IfExists` is not known: they get the benefit of the doubt.
    """
    operator = guard.operator
    if operator is None or operator.base not in OPERATORS or not guard.values:
        return False
    return guard.values[0].text.strip("*?") != ""


def _anybody_of(account: str, estate: Estate) -> str:
    """Who all of an account is; with the vendor whose it is, where that is known.

    Where no own accounts are told, any other one but the role's may be one.
    """
    from iamlint.facts.owner import owner_of  # noqa: PLC0415 - only strangers are looked up

    vendor = owner_of(account)[1]
    proviso = "" if vendor or estate.accounts else ", if it is not yours,"
    return f"anybody of account `{account}`" + (f" ({vendor})" if vendor else proviso)


class AdmitsNode(Node):
    """Who gets in through a grant."""

    __slots__ = ("_grant",)

    kind = "admits"

    def __init__(self, subject: Subject, grant: questions.Grant) -> None:
        super().__init__(subject)
        self._grant = grant

    def anyone(self) -> Truth:
        """Somebody gets in."""
        return self.subject.ask(questions.let_in(self._grant))

    def public_from_anywhere(self) -> Truth:
        """Accounts without end, from any network."""
        return self._public(questions.public(self._grant, any_network=True))

    def network_only(self) -> Truth:
        """Accounts without end, but from listed networks."""
        anywhere = questions.public(self._grant, any_network=True)
        somewhere = questions.public(self._grant, any_network=False)
        return self._public(questions.unless(somewhere, anywhere))

    def _public(self, question: questions.Question) -> Truth:
        if self._grant[1].form != "any" and not self._inverted():
            return NO
        return self.subject.ask(question, describe.accounts)

    def _inverted(self) -> bool:
        return self.subject.policy.statements[self._grant[0]].principals_inverted

    def foreign_tenant(self) -> Truth:
        """Tenants without end of a shared provider."""
        if self._grant[1].form not in ("oidc", "builtin"):
            return NO
        return self.subject.ask(foreign_tenant(self._grant), describe.tenants)

    def foreign_account(self) -> Truth:
        """Anybody of a whole foreign account, with any external id."""
        # what a hole stands for may be an account, whatever stands in its place here
        if self._grant[1].form != "account" and not self.subject.meaning.open:
            return NO
        estate = self.subject.estate
        trusted = estate.trusted | frozenset(estate.accounts)
        account = self._grant[1].account
        return self.subject.ask(
            stranger(self._grant, trusted), lambda _: _anybody_of(account, estate)
        )

    def any_customer(self) -> Truth:
        """An IAM user or a role session, with any external id or none."""
        return self.subject.ask(any_customer(self._grant))

    def any_source(self) -> Truth:
        """A service calls for customers without end."""
        return self._of_service("any_source")

    def any_anchor(self) -> Truth:
        """A service calls for resources without end."""
        return self._of_service("any_anchor")

    def any_certificate(self) -> Truth:
        """A service calls for whoever has a certificate."""
        return self._of_service("any_certificate")

    def any_pod(self) -> Truth:
        """A service calls for any pod."""
        return self._of_service("any_pod")

    def _of_service(self, name: str) -> Truth:
        if self._grant[1].form != "service":
            return NO
        from iamlint.semantics import sources  # noqa: PLC0415 - only services are asked for

        question: questions.Question = getattr(sources, name)(self._grant)
        return self.subject.ask(question)

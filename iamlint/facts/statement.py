"""Facts of a statement and of its principals."""

from __future__ import annotations

import re
from bisect import bisect_left

from iamlint.facts.absent import NoService
from iamlint.facts.guard import GuardNode
from iamlint.facts.node import Node, Subject, calls_of, tick
from iamlint.facts.truth import NO, YES, Truth, either, surely
from iamlint.policy.document import Principal, Statement, Text
from iamlint.policy.together import together
from iamlint.semantics import describe, questions
from iamlint.semantics.caller_questions import foreign
from iamlint.semantics.issuers import issuer_of
from iamlint.semantics.operands import glob_matches
from iamlint.semantics.statements import ACTIONS
from iamlint.source import Span

_CALLS = frozenset({"sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"})
_MISREAD = frozenset(
    {"malformed-key", "mismatched-value", "bad-variable", "variable-not-allowed",
     "invalid-condition-shape", "invalid-characters", "empty-values"}
)  # fmt: skip
# the role of a permission set of Identity Center; the digits are new each time it is made
_RESERVED = r"aws-reserved/sso\.amazonaws\.com/(?:[a-z0-9-]+/)?AWSReservedSSO_(.+)_[0-9a-f]{16}"
_SOMEBODY = {
    "service": "an AWS service",
    "oidc": "a web identity",
    "builtin": "a web identity",
    "saml": "a SAML identity",
}


class StatementNode(Node):
    """One statement."""

    __slots__ = ("number", "statement")

    kind = "statement"

    def __init__(self, subject: Subject, statement: Statement) -> None:
        super().__init__(subject)
        self.statement = statement
        self.number = subject.number(statement)

    def point(self, name: str) -> Span:
        """See POINTS in the vocabulary."""
        statement = self.statement
        parts: dict[str, Span | None] = {
            "principal": statement.principal_span,
            "action": _around([action.span for action in statement.actions]),
            "condition": _member(statement, "Condition"),
            "effect": _member(statement, "Effect"),
            "wildcard": next((each.span for each in statement.actions if _is_wild(each)), None),
        }
        return parts.get(name) or statement.span

    def effect(self) -> str:
        """The effect as written."""
        return self.statement.effect or "none"

    def dead(self) -> Truth:
        """Its principals can call, and nobody gets in through it."""
        callers = questions.called(self.number, self.statement.principals)
        dead = questions.unless(callers, questions.usable(self.number))
        return self.subject.ask(dead)

    def reason(self) -> str:
        """Why nobody gets in through it."""
        guards = [node for node in self.nodes("guards") if isinstance(node, GuardNode)]
        never = next((guard for guard in guards if guard.fact("passes") == NO), None)
        if never is not None:
            return never.why_dead()
        covered, usable = questions.covered(self.number), questions.usable(self.number)
        if self.subject.ask(questions.unless(covered, usable)).state != "no":
            return "a call that meets its guards needs another action, which nothing allows it"
        return guards[0].why_dead() if len(guards) == 1 else "no call meets all of its guards"

    def over(self) -> bool:
        """A guard of it asks for a time that is over by now."""
        return any(node.is_over() for node in self.nodes("guards") if isinstance(node, GuardNode))

    def actions(self) -> tuple[str, ...]:
        """The assume actions it names."""
        return tuple(sorted(self._actions()))

    def fits(self) -> bool:
        """Some principal can use some action."""
        if self.statement.principals_inverted or not self._actions() & _CALLS:
            return True
        return any(node.fact("fits") for node in self.nodes("principals"))

    def mismatch(self) -> str:
        """Which principal, which action."""
        for principal in self.statement.principals:
            needed = calls_of(principal)
            if needed:
                somebody = _SOMEBODY.get(principal.form, "an IAM user or role session")
                return f"{somebody} calls `{needed[0]}`"
        return ""

    def needless(self) -> Truth:
        """An Allow covers some calls, and other Allows admit all of them."""
        others = frozenset(
            number
            for number, each in enumerate(self.subject.policy.statements)
            if each.effect == "Allow" and number != self.number
        )
        truth = self._needless(others) if others else NO
        return truth if truth == NO else self._needless(others - self._equals(others))

    def _needless(self, others: frozenset[int]) -> Truth:
        covered, added = questions.covered(self.number), questions.added(self.number, others)
        return self.subject.ask(questions.unless(covered, added))

    def _equals(self, others: frozenset[int]) -> frozenset[int]:
        """Later statements that say the same: only the last of equals is needless."""
        return frozenset(
            number
            for number in others
            if number > self.number
            and self.subject.ask(questions.added(number, frozenset({self.number}))).state == "no"
        )

    def twin(self) -> str | None:
        """The other Allow that admits all that this one does."""
        number = self.fact("_twin")
        if not isinstance(number, int):
            return None
        sid = self.subject.policy.statements[number].sid
        return tick(sid.text) if sid else f"statement {number + 1}"

    def twin_wider(self) -> Truth:
        """That other statement also admits what a guard of this one keeps out."""
        number = self.fact("_twin")
        return self._wider(number) if isinstance(number, int) else NO

    def _wider(self, other: int) -> Truth:
        return self.subject.ask(questions.unguarded(self.number, other))

    def _twin(self) -> int | None:
        """Of the Allows that admit all of this one, the first that lacks a guard, or the first."""
        twins = [
            number
            for number, each in enumerate(self.subject.policy.statements)
            if number != self.number
            and each.effect == "Allow"
            and self.subject.ask(questions.added(self.number, frozenset({number}))).state == "no"
        ]
        wider = (number for number in twins if self._wider(number).state == "yes")
        return next(wider, twins[0] if twins else None)

    def idle(self) -> Truth:
        """A Deny surely forbids none of the calls that the Allows admit."""
        idle = questions.unless(questions.allowed, questions.bitten(self.number))
        return surely(self.subject.ask(idle))

    def public(self) -> Truth:
        """An Allow admits accounts without end."""
        found = NO
        for principal in self.statement.principals:
            grant = (self.number, principal, "sts:AssumeRole")
            question = questions.public(grant, any_network=False)
            found = either(found, self.subject.ask(question, describe.accounts))
        return found

    def wildcard_action(self) -> str | None:
        """An action whose wildcard stands for several of the actions of a role's trust."""
        wild = (action for action in self.statement.actions if _is_wild(action))
        return next((tick(action.text) for action in wild), None)

    def needed_action(self) -> str | None:
        """The action that each of its principals calls, unless it is named already."""
        calls = {calls_of(principal) for principal in self.statement.principals}
        call = calls.pop() if len(calls) == 1 else ()
        if len(call) != 1 or any(action.text == call[0] for action in self.statement.actions):
            return None
        return tick(call[0])

    def inverted_actions(self) -> bool:
        """It says NotAction."""
        return self.statement.actions_inverted

    def inverted_principals(self) -> bool:
        """It says NotPrincipal."""
        return self.statement.principals_inverted

    def guards(self) -> tuple[Node, ...]:
        """Its guards."""
        return tuple(GuardNode(self.subject, self, guard) for guard in self.statement.guards)

    def principals(self) -> tuple[Node, ...]:
        """Its principals."""
        return tuple(
            PrincipalNode(self.subject, self, principal) for principal in self.statement.principals
        )

    def sound(self) -> bool:
        """Neither principals nor actions nor conditions are at fault."""
        statement = self.statement
        return (
            bool(self._actions())
            and bool(statement.principals)
            and not statement.principals_inverted
            and all(principal.form != "invalid" for principal in statement.principals)
            and all(guard.operator is not None for guard in statement.guards)
            and not self._misread()
        )

    def _misread(self) -> bool:
        """Whether IAM cannot read some key or value of its conditions."""
        around = _around([guard.span for guard in self.statement.guards])
        if around is None:
            return False
        faults = self.subject.policy.faults  # in the order of the text
        first = bisect_left(faults, around.start, key=lambda fault: fault.span.start)
        last = bisect_left(faults, around.end, key=lambda fault: fault.span.start)
        return any(fault.code in _MISREAD for fault in faults[first:last])

    def _actions(self) -> frozenset[str]:
        return self.subject.meaning.studied.actions[self.number]


class PrincipalNode(Node):
    """One entry of a principal element."""

    __slots__ = ("_statement", "principal")

    kind = "principal"

    def __init__(self, subject: Subject, statement: StatementNode, principal: Principal) -> None:
        super().__init__(subject)
        self._statement = statement
        self.principal = principal

    def point(self, name: str) -> Span:
        """The entry itself."""
        return self.principal.span

    def home(self) -> Span:
        """The statement it stands in."""
        return self._statement.point("self")

    def form(self) -> str:
        """What kind of principal it is."""
        return self.principal.form

    def text(self) -> str:
        """As written."""
        return tick(self.principal.text)

    def fits(self) -> bool:
        """It can use one of the statement's actions."""
        calls = calls_of(self.principal)
        actions = frozenset(self._statement.actions())
        return not calls or bool(actions & frozenset(calls)) or not actions & _CALLS

    def foreign(self) -> Truth:
        """It is of an account that is neither the role's nor known to be trusted."""
        account, estate = self.principal.account, self.subject.estate
        trusted = estate.trusted | frozenset(estate.accounts)
        if self.principal.form in ("oidc", "saml"):
            # whether it can be used is unknown, so nobody can be asked to call
            own = self.subject.setting.account
            known = own and account and not self.subject.made_up(account)
            return YES if known and account not in {own, *trusted} else NO
        if not account and not self.subject.meaning.open:
            return NO
        return self.subject.ask(foreign(self._statement.number, self.principal, trusted))

    def other_partition(self) -> bool:
        """It is of another partition of AWS than the role."""
        here, there = self.subject.setting.partition, self.principal.partition
        return bool(here and there and there != here and not self.subject.made_up(there))

    def dead(self) -> Truth:
        """It can call and never meets the guards, which another principal does."""
        statement, number = self._statement.statement, self._statement.number
        if len(statement.principals) == 1 and not self.subject.meaning.open:
            return NO  # there is no other one
        mute = questions.unless(
            questions.called(number, (self.principal,)),
            questions.principal_covered(statement, self.principal),
        )
        return self.subject.ask(questions.where(mute, questions.covered(number)))

    def provider_known(self) -> bool:
        """It is an OIDC provider in the tables."""
        name = self.principal.name
        known = issuer_of(name) is not None or self.subject.made_up(name)
        return self.principal.form == "oidc" and known

    def audience(self) -> str | None:
        """The audience of what the provider says for AWS."""
        from iamlint.facts.claims import audience_of  # noqa: PLC0415 - few are asked

        return audience_of(self.principal)

    def audience_key(self) -> str | None:
        """The key that holds the audience."""
        prefix = {"saml": "SAML", "oidc": self.principal.name}.get(self.principal.form)
        return tick(f"{prefix}:aud") if prefix else None

    def permission_set(self) -> str | None:
        """The permission set whose role Identity Center named (referencingpermissionsets)."""
        name = self.principal.name
        if self.principal.form != "role" or not name.startswith("aws-reserved/"):
            return None
        found = re.fullmatch(_RESERVED, name, re.ASCII)
        return tick(found[1]) if found else None

    def owner(self) -> str:
        """Whose account it is of, as far as that is known."""
        return self._owner()[0]

    def unlisted(self) -> bool:
        """The estate lists vendors, or OIDC providers, and this one is not among them."""
        estate, name = self.subject.estate, self.principal.name
        if self.principal.form in ("oidc", "builtin"):
            known = estate.issuers is None or name.lower() in estate.issuers
            return not known and not self.subject.made_up(name)
        return bool(estate.vendors) and self._owner()[0] == "vendor" and not self._is_listed()

    def _is_listed(self) -> bool:
        return self._owner()[1].casefold() in self.subject.estate.vendors

    def namesake(self) -> str | None:
        """A vendor of the estate that role or statement is named after, though it is not it."""
        vendors = self.subject.estate.vendors
        if not vendors or self.subject.made_up(self.principal.text):
            return None
        from iamlint.facts.owner import namesake  # noqa: PLC0415 - only the estate asks

        sid = self._statement.statement.sid
        return namesake(f"{self.subject.called} {sid.text if sid else ''}", vendors, self._owner())

    def vendor(self) -> str:
        """The vendor or the service of AWS whose account it is of."""
        return self._owner()[1]

    def _owner(self) -> tuple[str, str]:
        account = self.principal.account
        if self.principal.form not in ("account", "role", "user", "session") or not account:
            return "none", ""
        if account in (self.subject.setting.account, *self.subject.estate.accounts):
            return "own", ""
        if account in self.subject.estate.trusted:
            return "trusted", ""
        from iamlint.facts.owner import owner_of  # noqa: PLC0415 - only strangers are looked up

        return owner_of(account)

    def service(self) -> Node:
        """The service it is."""
        if self.principal.form != "service":
            return NoService(self.subject)
        from iamlint.facts.service import ServiceNode  # noqa: PLC0415 - only services have facts

        return ServiceNode(self.subject, self.principal, self._statement.number)

    def statement(self) -> Node:
        """The statement it stands in."""
        return self._statement


def _is_wild(action: Text) -> bool:
    """Whether an action has a wildcard and stands for several of those of a role's trust."""
    wild = "*" in action.text or "?" in action.text
    return wild and len(_meant(action.text.lower())) > 1


def _meant(pattern: str) -> list[str]:
    """The actions that a pattern in small letters stands for."""
    return [action for action in ACTIONS if glob_matches(pattern, action.lower())]


def _around(spans: list[Span]) -> Span | None:
    if not spans:
        return None
    whole = spans[0]
    for span in spans[1:]:
        whole = together(whole, span)
    return whole


def _member(statement: Statement, name: str) -> Span | None:
    value = statement.value.get(name)
    return value.span if value is not None else None

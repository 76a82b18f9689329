"""Facts of a guard: one operator and key of one statement, judged by what it does."""

from __future__ import annotations

import re

from iamlint.facts.node import Node, Subject, tick
from iamlint.facts.truth import NO, Truth, surely
from iamlint.policy.document import Guard, Statement
from iamlint.policy.together import together
from iamlint.semantics import questions
from iamlint.semantics.guard_questions import (
    jumping_fields,
    only_old_mfa,
    spared_without_key,
    unproved_mfa,
)
from iamlint.semantics.keys import fence_of, is_known, is_many, suggestion_for
from iamlint.semantics.quantities import parse_date, parse_number
from iamlint.source import Span

# for all regions and partitions; with encrypted assertions the path names the provider
_SIGN_IN = r"https://(?:[a-z0-9-]+\.)?signin\.[a-z0-9.-]+/saml(?:/acs/[^/]+)?"
# keys that fence callers; a token's audience, a session's name or the time of day do not
_FENCING = frozenset(
    {"organisation", "account", "principal", "source", "external-id", "subject", "claim", "mfa"}
)


_TIMES = ("aws:currenttime", "aws:epochtime")


class Around(Node):
    """The statement around a guard, as far as the guard needs it."""

    __slots__ = ()

    statement: Statement


class GuardNode(Node):
    """One guard."""

    __slots__ = ("_guard", "_statement")

    kind = "guard"

    def __init__(self, subject: Subject, statement: Node, guard: Guard) -> None:
        super().__init__(subject)
        self._statement = statement
        self._guard = guard

    def point(self, name: str) -> Span:
        """See POINTS in the vocabulary."""
        guard = self._guard
        if name == "key":
            return guard.key_span
        if name == "operator":
            return guard.operator_span
        if name == "values" and guard.values:
            return together(guard.values[0].span, guard.values[-1].span)
        return guard.span

    def is_written(self) -> bool:
        """Whether any of it stands in the project, and not in a module that is not there."""
        guard = self._guard
        parts = (guard.span, guard.operator_span, guard.key_span, *(v.span for v in guard.values))
        return any(part.is_written() for part in parts)

    def home(self) -> Span:
        """The statement it stands in."""
        return self._statement.point("self")

    def _written(self) -> Statement:
        written = getattr(self._statement, "statement")  # noqa: B009 - a slot of StatementNode
        assert isinstance(written, Statement)
        return written

    def _texts(self) -> list[str]:
        """Its values as written."""
        return [value.text for value in self._guard.values]

    def effect(self) -> str:
        """Effect of its statement."""
        return self._written().effect or "none"

    def operator(self) -> str:
        """The operator as written."""
        return tick(self._guard.operator.written if self._guard.operator else "?")

    def family(self) -> str:
        """What the operator compares."""
        return self._guard.operator.family if self._guard.operator else "unknown"

    def quantifier(self) -> str:
        """Its set operator."""
        return (self._guard.operator.quantifier if self._guard.operator else "") or "none"

    def if_exists(self) -> bool:
        """The operator ends in IfExists."""
        return bool(self._guard.operator and self._guard.operator.if_exists)

    def negated(self) -> bool:
        """The operator is a negated one."""
        return bool(self._guard.operator and self._guard.operator.negated)

    def key(self) -> str:
        """The key as written."""
        return tick(self._guard.key)

    def key_known(self) -> bool:
        """There is such a key at all."""
        return is_known(self._guard.key.lower())

    def suggestion(self) -> str | None:
        """A key of nearly that name, or the same claim of the provider that is meant."""
        if self.subject.meaning.told(self._guard.key) != self._guard.key:
            return None  # whose key it is, nobody knows before deployment
        providers = [p.name for p in self._written().principals if p.form in ("oidc", "builtin")]
        found = suggestion_for(self._guard.key, providers)
        return tick(found) if found else None

    def many(self) -> bool:
        """The key can have several values."""
        return is_many(self._guard.key.lower())

    def fence(self) -> str:
        """What the key fences by."""
        return fence_of(self._guard.key.lower())

    def missing(self) -> Truth:
        """The statement's callers exist, and no call of theirs carries the key."""
        statement = self._written()
        callers = questions.called(self.subject.number(statement), statement.principals)
        carried = questions.key_carried(statement, self._guard)
        return self.subject.ask(questions.unless(callers, carried))

    def void(self) -> Truth:
        """Every call surely meets it."""
        met = questions.guard_met(self._written(), self._guard)
        failed = questions.guard_failed(self._written(), self._guard)
        return surely(self.subject.ask(questions.unless(met, failed)))

    def passes(self) -> Truth:
        """Some call meets it."""
        return self.subject.ask(questions.guard_met(self._written(), self._guard))

    def fails(self) -> Truth:
        """Some call fails it."""
        return self.subject.ask(questions.guard_failed(self._written(), self._guard))

    def passes_without_key(self) -> Truth:
        """The Allow lets in a call without the key, though others carry it."""
        question = questions.let_in_without_key(self._written(), self._guard)
        return self.subject.ask(question, absent=(self._guard.key,))

    def leaks(self) -> Truth:
        """The Allow lets in callers whose values of the key have no end."""
        return self.subject.ask(questions.guard_leaks(self._written(), self._guard))

    def spared(self) -> Truth:
        """A Deny: a call without the key gets in past it."""
        if self.effect() != "Deny":
            return NO
        question = spared_without_key(self._written(), self._guard)
        return self.subject.ask(question, absent=(self._guard.key,))

    def unproved_mfa(self) -> Truth:
        """The Allow lets in a call that says it was made without MFA, or only one long after it."""
        if self.effect() != "Allow" or self.fact("fence") != "mfa":
            return NO
        unproved = surely(self.subject.ask(unproved_mfa(self._written(), self._guard)))
        if unproved != NO or not self._guard.key.lower().endswith("age"):
            return unproved
        return surely(self.subject.ask(only_old_mfa(self._written(), self._guard)))

    def jumps(self) -> Truth:
        """The Allow lets in a call whose ARN the wildcards match across its fields only."""
        operator = self._guard.operator
        if self.effect() != "Allow" or operator is None or "StringLike" not in operator.base:
            return NO
        if not self._guard.key.lower().endswith("arn"):
            return NO
        return self.subject.ask(jumping_fields(self._written(), self._guard))

    def plain_variables(self) -> bool:
        """A value has a variable, which the policy's version takes for plain text."""
        old = self.subject.policy.version != "2012-10-17"
        text = self.family() in ("string", "arn")
        return old and text and any("${" in each for each in self._texts())

    def strange_recipient(self) -> str | None:
        """A recipient of SAML assertions that no sign-in page of AWS is."""
        if self._guard.key.lower() != "saml:aud" or self.negated():
            return None
        whole = (text for text in self._texts() if not set(text) & set("*?$"))
        known = (text for text in whole if not self.subject.made_up(text))
        strange = next((text for text in known if not re.fullmatch(_SIGN_IN, text)), None)
        return tick(strange) if strange is not None else None

    def unsplit(self) -> bool:
        """A key of several values is compared without a set operator.

        The pages disagree on which attributes of SAML assertions are lists: they are left out.
        """
        if self._guard.key.lower().startswith("saml:") or self.family() in ("null", "unknown"):
            return False
        return self.many() and self.quantifier() == "none"

    def caller_chosen(self) -> bool:
        """The caller picks the value, and no variable ties it to something else."""
        words = ("sts:rolesessionname", "aws:useragent", "aws:referer")
        tied = any("${" in text or self.subject.made_up(text) for text in self._texts())
        return self._guard.key.lower() in words and not tied

    def guess(self) -> str:
        """How the external id can be guessed."""
        if self.fact("fence") != "external-id" or self.effect() != "Allow":
            return "none"
        if any(map(self.subject.made_up, self._texts())):
            return "none"
        from iamlint.facts.literals import guess  # noqa: PLC0415 - few guards ask

        return guess(self._guard, self._written())

    def wrong_audience(self) -> Truth:
        """No token is likely to have such an audience."""
        if self.fact("fence") != "audience" or self.effect() != "Allow":
            return NO
        if any(map(self.subject.made_up, self._texts())):
            return NO
        from iamlint.facts.claims import wrong_audience  # noqa: PLC0415 - few guards ask

        return wrong_audience(self._guard, self.subject.setting.partition)

    def sample_tenant(self) -> str | None:
        """The tenant it names stands in samples."""
        if self.fact("fence") not in ("subject", "claim") or self.effect() != "Allow":
            return None
        from iamlint.facts.claims import sample_tenant  # noqa: PLC0415 - few guards ask

        return sample_tenant(self._guard)

    def unowned(self) -> Truth:
        """By a source ARN the Allow lets in calls for accounts without end."""
        if self._guard.key.lower() != "aws:sourcearn":
            return NO
        from iamlint.semantics.sources import any_owner  # noqa: PLC0415 - few guards ask

        return self.subject.ask(any_owner(self._written()))

    def odd_source(self) -> Truth:
        """A service sends other ARNs; in words: which."""
        if self._guard.key.lower() != "aws:sourcearn":
            return NO
        from iamlint.facts.service import odd_source  # noqa: PLC0415 - few guards ask

        return odd_source(self.subject, self._written(), self._guard)

    def unsent_source(self) -> Truth:
        """A service is asked for the source of its calls, and sends none."""
        if self.fact("fence") != "source":
            return NO
        from iamlint.facts.service import unsent_source  # noqa: PLC0415 - few guards ask

        return unsent_source(self._written(), self._guard)

    def foreign_source(self) -> Truth:
        """A service gets in for an account of others."""
        if self.fact("fence") != "source" or self.effect() != "Allow":
            return NO
        from iamlint.facts.service import foreign_source  # noqa: PLC0415 - few guards ask

        return foreign_source(self.subject, self._written(), self._guard)

    def weakness(self) -> str:
        """Why it keeps nobody out, in words."""
        if self.family() == "null":
            return "it asks only whether the key is there"
        if self.negated():
            return "it says who stays out, and everybody else gets in"
        if self.if_exists() or self.quantifier() == "ForAllValues":
            passes = self.fact("passes_without_key")
            if isinstance(passes, Truth) and passes.state in ("yes", "possible"):
                return "calls without the key pass"
        if any("${" in value.text for value in self._guard.values):
            return "the caller brings the value it is compared with"
        return "the values that pass have no end"

    def closed_operator(self) -> str | None:
        """The operator under which a call without the key stays out."""
        operator = self._guard.operator
        if operator is None or operator.negated or operator.family == "null":
            return None
        if self.effect() == "Deny":
            plain = not operator.quantifier and not operator.if_exists
            return tick(f"{operator.base}IfExists") if plain else None
        if operator.quantifier == "ForAllValues":
            return None if self.many() else tick(operator.base)
        if not operator.if_exists:
            return None
        return tick(f"{operator.quantifier}:{operator.base}".removeprefix(":"))

    def field_operator(self) -> str | None:
        """The same operator for ARNs."""
        operator = self._guard.operator
        if operator is None or operator.base != "StringLike":
            return None
        return tick(operator.written.replace("String", "Arn").replace("string", "Arn"))

    def lonely(self) -> bool:
        """No sibling fences who may call."""
        return not any(
            node is not self and node.fact("fence") in _FENCING and node.binds()
            for node in self._statement.nodes("guards")
            if isinstance(node, GuardNode)
        )

    def binds(self) -> bool:
        """Whether some calls meet it and some fail it."""
        return all(
            isinstance(truth := self.fact(name), Truth) and truth.state in ("yes", "possible")
            for name in ("passes", "fails")
        )

    def statement(self) -> Node:
        """The statement it stands in."""
        return self._statement

    def is_over(self) -> bool:
        """It asks for a time, and by now no call meets it any more."""
        if self.subject.setting.now is None or self._guard.key.lower() not in _TIMES:
            return False
        known = all(_is_instant(text, self.family()) for text in self._texts())
        return known and bool(self._texts()) and self.fact("passes") == NO

    def why_dead(self) -> str:
        """Why no call meets it, in words."""
        if self.is_over():
            return f"the time that {self.operator()} {tick(self._texts()[0])} allows is over"
        missing = self.fact("missing")
        if isinstance(missing, Truth) and missing.state == "yes":
            return f"calls of these principals never carry {self.key()}"
        values = " or ".join(tick(value.text) for value in self._guard.values[:3])
        return f"{self.key()} never meets {self.operator()} {values}"


def _is_instant(text: str, family: str) -> bool:
    """Whether a value is a time at all: what is none is met by no call at any time."""
    parse = {"date": parse_date, "numeric": parse_number}.get(family)
    return parse is not None and parse(text) is not None

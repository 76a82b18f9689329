"""Facts of a principal that is an AWS service, by the table of services.

NOTE: the table is read when a rule first asks, so a policy without services does not pay for it.
"""

from __future__ import annotations

from iamlint.arn import is_account
from iamlint.data.services import Service
from iamlint.facts.node import Node, Subject, tick
from iamlint.facts.truth import NO, YES, Truth
from iamlint.policy.document import Guard, Principal, Statement
from iamlint.semantics import questions, services, sources

_UNSURE = ("new-service",)


class ServiceNode(Node):
    """One service principal; of a principal that is none nothing is known."""

    __slots__ = ("_number", "_principal")

    kind = "service"

    def __init__(self, subject: Subject, principal: Principal, number: int) -> None:
        super().__init__(subject)
        self._principal = principal
        self._number = number

    def _row(self) -> Service | None:
        return services.service_of(self._principal.name)

    def name(self) -> str:
        """Its name without region and suffix."""
        return services.split_host(self._principal.name).name

    def tier(self) -> int:
        """How much its roles need a guard on the source of its calls (iamlint.data.services)."""
        row = self._row()
        return row.tier if row else 0

    def misspelt(self) -> Truth:
        """There is no such service, and one of nearly that name.

        IAM refuses a service it does not know (reference_policies_elements_principal). The list of
        services is not public, so what is merely near is possible, not certain.
        """
        meant, certain = services.meant(self._principal.name)
        if not meant:
            return NO
        found = YES if certain else Truth("possible", None, _UNSURE)
        return found._replace(phrase=tick(meant))

    def global_name(self) -> str | None:
        """The name without a region or partition that does not belong there (region-info)."""
        found = services.global_name(self._principal.name, self.subject.setting.partition)
        return tick(found) if found else None

    def ended(self) -> str | None:
        """The day AWS ended the service."""
        row = self._row()
        return row.ended or None if row else None

    def stage(self) -> str | None:
        """The part of its name that only stages have which are not released."""
        found = services.stage_of(self._principal.name)
        return tick(found) if found else None

    def staff(self) -> str | None:
        """Who works for AWS and calls by its name."""
        return services.staff_of(self._principal.name)

    def lacks(self) -> tuple[str, ...]:
        """Actions that its calls always need, and that no Allow for it names.

        Sources: the pages in the rows of iamlint.data.services.
        """
        row = self._row()
        if row is None or "sts:AssumeRole" not in self._actions(self._number):
            return ()
        named = frozenset[str]().union(
            *(self._actions(number) for number, _ in self._allowed(self._principal.name))
        )
        return tuple(tick(action) for action in row.needs if action not in named)

    def beside(self) -> str | None:
        """The first runtime of another kind that the policy lets in before this one, once."""
        found: list[Service] = []
        for number, principal in self._allowed():
            row = services.service_of(principal.name)
            if row is None or not row.runtime:
                continue
            if found and row.runtime != found[0].runtime:
                here = (number, principal.span) == (self._number, self._principal.span)
                return tick(f"{found[0].name}.amazonaws.com") if here else None
            found.append(row)
        return None

    def _allowed(self, name: str = "") -> list[tuple[int, Principal]]:
        """The services (or the one of that name) that Allows let in, with their statements."""
        return [
            (number, principal)
            for number, statement in enumerate(self.subject.policy.statements)
            if statement.effect == "Allow"
            for principal in statement.principals
            if principal.form == "service" and name in ("", principal.name)
        ]

    def _actions(self, number: int) -> frozenset[str]:
        return self.subject.meaning.studied.actions[number]


_SOURCE = frozenset(("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"))


def unsent_source(statement: Statement, guard: Guard) -> Truth:
    """A service without a source in its calls is asked for it, and fails for want of it.

    That they send none is known from those who tried (the rows of iamlint.data.services).
    """
    operator = guard.operator
    asks = operator and not (
        operator.negated or operator.if_exists or operator.quantifier == "ForAllValues"
    )
    if guard.key.lower() not in _SOURCE or not asks or statement.effect != "Allow":
        return NO
    for principal in statement.principals:
        row = services.service_of(principal.name) if principal.form == "service" else None
        if row is not None and row.tier == 3:
            return Truth("possible", None, ("source-sent",), tick(principal.text))
    return NO


def foreign_source(subject: Subject, statement: Statement, guard: Guard) -> Truth:
    """Calls for the resources of an account that is neither the role's nor known get in."""
    own = subject.setting.account
    if not own or guard.key.lower() not in ("aws:sourceaccount", "aws:sourcearn"):
        return NO
    known = {own, *subject.estate.accounts, *subject.estate.trusted}
    for value in guard.values:
        account = value.text if len(value.text) == 12 else "".join(value.text.split(":")[4:5])
        if not is_account(account) or account in known or subject.made_up(account):
            continue
        found = subject.ask(sources.of_account(statement, account, value.span))
        if found.state in ("yes", "possible"):
            return found._replace(phrase=tick(account))
    return NO


def odd_source(subject: Subject, statement: Statement, guard: Guard) -> Truth:
    """A service carries the key, and none of the ARNs that it is documented to send meets it."""
    for principal in statement.principals:
        row = services.service_of(principal.name) if principal.form == "service" else None
        if row is None or not row.arns:
            continue
        met = questions.guard_met(statement, guard)
        known = sources.sent(statement, guard, principal.text, row.arns)
        odd = subject.ask(questions.unless(met, known))
        if odd.state in ("yes", "possible"):
            arns = " or ".join(tick(arn) for arn in row.arns)
            return odd._replace(phrase=f"{tick(principal.text)} sends {arns}")
    return NO

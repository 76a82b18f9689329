"""Facts of the IAM users and role sessions that get in through a grant, and of what they bring."""

from __future__ import annotations

from iamlint.facts.node import Node, Subject, Witness
from iamlint.facts.truth import NO, Truth, surely
from iamlint.semantics import caller_questions as questions
from iamlint.semantics.questions import SIGNED, Grant

# what people call it: production is what the others must not reach into
_PRODUCTION = frozenset({"prod", "production", "prd", "live"})


class CallersNode(Node):
    """The IAM users and role sessions that get in through a grant.

    Facts that rules only make a note of are not worth one where they are merely possible.
    """

    __slots__ = ("_grant",)

    kind = "callers"

    def __init__(self, subject: Subject, grant: Grant) -> None:
        super().__init__(subject)
        self._grant = grant

    def anybody_at_home(self) -> Truth:
        """Just anybody of the role's own account."""
        if self._grant[1].form != "account" and not self.subject.meaning.open:
            return NO
        return surely(self.subject.ask(questions.anybody_at_home(self._grant)))

    def organisation_wide(self) -> Truth:
        """Just anybody of accounts without end, all of listed organisations."""
        if self._grant[1].form != "any":
            return NO
        return surely(self.subject.ask(questions.organisation_wide(self._grant)))

    def lower_environment(self) -> Truth:
        """Own accounts of another environment, where the role's is for production."""
        environments = self.subject.estate.environments
        here = environments.get(self.subject.setting.account or "", "")
        if here.casefold() not in _PRODUCTION:
            return NO
        others = [each for each, name in environments.items() if name.casefold() not in _PRODUCTION]
        if not others:
            return NO
        truth = self.subject.ask(questions.of_accounts(self._grant, others))
        if not isinstance(truth.witness, Witness):
            return truth
        account = truth.witness.request().identity.split(":")[4]
        name = self.subject.estate.names.get(account)
        called = f"own account `{account}`" + (f" (`{name}`)" if name else "")
        return truth._replace(phrase=f"{called}, of environment `{environments[account]}`,")

    def names_without_end(self) -> Truth:
        """Names without end, though not just anybody."""
        if self._grant[1].form not in ("any", "account"):
            return NO
        return surely(self.subject.ask(questions.names_without_end(self._grant)))

    def without_mfa(self) -> Truth:
        """An IAM user who did not use MFA."""
        return self.subject.ask(questions.without_mfa(self._grant))

    def any_tag(self) -> Truth:
        """Whoever passes session tags of whatever keys."""
        return self.subject.ask(questions.any_tag(self._grant, SIGNED))

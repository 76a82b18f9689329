"""Facts of the web or SAML identities that get in through a grant: how much of a provider it is."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.facts.node import Node, Subject
from iamlint.facts.truth import NO, Truth, surely
from iamlint.semantics import describe
from iamlint.semantics import identity_questions as questions
from iamlint.semantics.caller_questions import any_tag
from iamlint.semantics.issuers import issuer_of
from iamlint.semantics.questions import Grant, Question, unless
from iamlint.semantics.search import Found

_WEB = ("oidc", "builtin")
_FEDERATED = frozenset(("web", "saml"))
Phrase = Callable[[Found], str]
Level = tuple[object, Question]


class IdentityNode(Node):
    """The identities that get in through a grant.

    Of the facts about levels (tenants, projects, runs) the widest level that is open speaks for
    those below it: where every project gets in, so does every branch.
    """

    __slots__ = ("_admits", "_grant", "_issuer")

    kind = "identity"

    def __init__(self, subject: Subject, grant: Grant, admits: Node) -> None:
        super().__init__(subject)
        self._admits = admits
        self._grant = grant
        principal = grant[1]
        self._issuer = issuer_of(principal.name) if principal.form in _WEB else None

    def caller_of_workflow(self) -> Truth:
        """Tenants without end, by way of listed workflows."""
        if self._issuer is None or not self._issuer.workflows:
            return NO
        return self._web(questions.caller_of_workflow(self._grant), describe.tenants)

    def other_tenant(self) -> Truth:
        """Tenants that are listed, though the estate does not know them for its own."""
        own = self.subject.estate.tenants.get(self._grant[1].name.lower())
        if own is None or self._issuer is None or not self._issuer.shared:
            return NO
        question = questions.other_tenant(self._grant, own)
        return self._beneath(self._tenants(), question, describe.other_tenant)

    def any_project(self) -> Truth:
        """Projects without end of listed tenants."""
        if self._issuer is None or not self._issuer.projects:
            return NO
        return self._beneath(self._tenants(), questions.any_project(self._grant), describe.projects)

    def any_ref(self) -> Truth:
        """Branches or tags without end of listed projects."""
        return self._run("branch", "tag")

    def any_environment(self) -> Truth:
        """Environments without end of listed projects."""
        return self._run("environment")

    def pull_request(self) -> Truth:
        """A pull request of listed projects."""
        return self._run("pull request")

    def plan_and_apply(self) -> Truth:
        """Both a plan and an apply of listed projects."""
        return self._of_project(questions.plan_and_apply(self._grant), "plan")

    def _run(self, *runs: str) -> Truth:
        return self._of_project(questions.any_run(self._grant, *runs), *runs)

    def _of_project(self, question: Question, *runs: str) -> Truth:
        issuer = self._issuer
        if issuer is None or not any(form.run in runs for form in issuer.forms):
            return NO
        projects = (self.fact("any_project"), questions.any_project(self._grant))
        return self._beneath((*self._tenants(), projects), question, describe.runs)

    def _tenants(self) -> tuple[Level, ...]:
        """Whether tenants without end get in."""
        grant = self._grant
        return (
            (self._admits.fact("foreign_tenant"), questions.foreign_tenant(grant)),
            (self.fact("caller_of_workflow"), questions.caller_of_workflow(grant)),
        )

    def _beneath(self, wider: tuple[Level, ...], question: Question, phrase: Phrase) -> Truth:
        """The answer about a level, as far as no wider one is open."""
        states = [truth.state for truth, _ in wider if isinstance(truth, Truth)]
        if "yes" in states:
            return NO
        found = self._web(question, phrase)
        if found.state != "possible" or "possible" not in states:
            return found
        for _, other in wider:
            question = unless(question, other)
        return self._web(question, phrase)

    def names_alone(self) -> Truth:
        """Subjects of names alone, none that holds ids."""
        guards = self.subject.policy.statements[self._grant[0]].guards
        subjects = (v.text for g in guards if g.key.lower().endswith(":sub") for v in g.values)
        if any(map(self.subject.made_up, subjects)):
            return NO
        return surely(self._web(questions.names_alone(self._grant)))

    def anybody(self) -> Truth:
        """Just anybody whom a provider of one tenant knows."""
        return self._web(questions.anybody(self._grant))

    def any_audience(self) -> Truth:
        """Tokens made for whomever."""
        return surely(self._web(questions.any_audience(self._grant)))

    def guest(self) -> Truth:
        """A guest of an identity pool."""
        return self._web(questions.guest(self._grant))

    def guest_and_member(self) -> Truth:
        """A guest of an identity pool, and its users as well."""
        return self._web(questions.guest_and_member(self._grant))

    def any_tag(self) -> Truth:
        """Whoever passes session tags of whatever keys."""
        return self.subject.ask(any_tag(self._grant, _FEDERATED))

    def any_recipient(self) -> Truth:
        """SAML assertions made for whomever."""
        return self._saml(questions.any_recipient(self._grant))

    def any_saml_user(self) -> Truth:
        """Whomever the SAML provider sends."""
        return surely(self._saml(questions.any_saml_user(self._grant)))

    def _web(self, question: Question, phrase: Phrase | None = None) -> Truth:
        return self.subject.ask(question, phrase) if self._grant[1].form in _WEB else NO

    def _saml(self, question: Question) -> Truth:
        return self.subject.ask(question) if self._grant[1].form == "saml" else NO

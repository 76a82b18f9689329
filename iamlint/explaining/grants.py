"""Says who gets in through a grant, or why nobody does."""

from __future__ import annotations

from iamlint.explaining.breadth import Width, always_with, exactly, widest
from iamlint.explaining.explanation import Line
from iamlint.explaining.words import call, capital, hangs_on, holds, listed, such_as, undecided
from iamlint.facts.grant import GrantNode
from iamlint.facts.guard import GuardNode
from iamlint.facts.node import Node, Subject, calls_of, tick
from iamlint.facts.statement import PrincipalNode, StatementNode
from iamlint.facts.truth import NO, Truth
from iamlint.semantics import extent
from iamlint.semantics.questions import Grant

_SOMEBODY = {
    "sts:AssumeRole": "an IAM caller or an AWS service",
    "sts:AssumeRoleWithWebIdentity": "a web identity",
    "sts:AssumeRoleWithSAML": "a SAML identity",
}


class Entry:
    """One principal of an Allow, with its grants."""

    __slots__ = ("node", "statement", "subject")

    def __init__(self, subject: Subject, statement: StatementNode, node: PrincipalNode) -> None:
        self.subject = subject
        self.statement = statement
        self.node = node

    def grants(self) -> tuple[tuple[GrantNode, Grant], ...]:
        """One for each way to call that the statement names, as it is asked for."""
        number, principal = self.statement.number, self.node.principal
        return tuple(
            (
                GrantNode(self.subject, self.statement, self.node, action),
                (number, principal, action),
            )
            for action in calls_of(principal)
            if action in self.statement.actions()
        )

    def lines(self) -> list[Line]:
        """Who gets in by it, at length."""
        grants = self.grants()
        if not grants:
            return [Line(f"Nobody gets in by it: {self._unfit()}.")]
        several = len(grants) > 1
        found: list[Line] = []
        for grant, parts in grants:
            lines = self._of_grant(grant, parts)
            if several and _is_no(grant):
                continue  # who calls in another way may get in
            found += lines
        return found or self._of_grant(*grants[0])

    def line(self) -> str:
        """Who gets in by it, in short."""
        grants = self.grants()
        if not grants:
            return f"nobody: {self._unfit()}"
        said = [self._in_short(grant, parts) for grant, parts in grants if not _is_no(grant)]
        return listed(said) if said else f"nobody: {self._why(*grants[0])}"

    def _in_short(self, grant: GrantNode, parts: Grant) -> str:
        truth = _anyone(grant)
        if truth.state == "undecided":
            return "it is not decided who"
        known = widest(grant, parts)
        who = self._who(known, parts, truth)
        return f"{who}, perhaps even {known.who}" if known and _is_wider(known, truth, who) else who

    def _of_grant(self, grant: GrantNode, parts: Grant) -> list[Line]:
        truth = _anyone(grant)
        if truth.state == "undecided":
            return [undecided(truth, f"{_SOMEBODY[parts[2]]} gets in by it")]
        if truth.state == "no":
            return [Line(f"Nobody gets in by it: {self._why(grant, parts)}.")]
        known = widest(grant, parts)
        rest = hangs_on(truth) if truth.state == "possible" else ""
        who = self._who(known, parts, truth)
        lines = [Line(f"Lets in {who}{rest}.")]
        if known is not None and _is_wider(known, truth, who):
            lines.append(Line(f"Perhaps even {known.who}{hangs_on(known.truth)}."))
        lines.append(Line(f"For example {call(self.subject, truth)}."))
        return lines + self._less(parts)

    def _who(self, known: Width | None, parts: Grant, truth: Truth) -> str:
        """Who gets in for sure, if anybody does."""
        wide = known is not None and known.truth.state == truth.state
        who = known.who if known is not None and wide else exactly(self.subject, parts)
        who = who if truth.state == "yes" else f"perhaps {who}"
        carried = always_with(self.subject, parts, self.statement.statement.guards)
        return f"{who}, always with {carried}" if carried else who

    def _less(self, parts: Grant) -> list[Line]:
        """What Denies take away from a grant."""
        found: list[Line] = []
        for number, each in enumerate(self.subject.policy.statements):
            if each.effect == "Deny":
                truth = self.subject.ask(extent.taken(parts, number))
                if holds(truth):
                    deny = called(self.subject, number)
                    perhaps = "" if truth.state == "yes" else "perhaps "
                    text = f"{deny} {perhaps}takes some away{such_as(self.subject, truth)}."
                    found.append(Line(capital(text)))
        return found

    def _unfit(self) -> str:
        """Why it has no grant."""
        principal = self.node.principal
        needed = calls_of(principal)
        if needed:
            return f"it calls {listed(map(tick, needed), 'or')}, which the statement does not name"
        if principal.form == "federated-user":
            return "federated users cannot assume roles"
        return "IAM takes it for no principal of a trust policy"

    def _why(self, grant: GrantNode, parts: Grant) -> str:
        """Why nobody gets in through a grant."""
        ask = self.subject.ask
        if ask(extent.entry_calls(parts)).state == "no":
            other = self.node.fact("other_partition")
            return "it is of another partition of AWS than the role" if other else "it cannot call"
        if ask(extent.but_for_denies(parts)).state != "no":
            return self._denied(parts)
        if ask(extent.entry_covered(parts)).state == "no":
            return self._stopped(parts)
        return "a call that meets the guards needs another action, which nothing allows it"

    def _denied(self, parts: Grant) -> str:
        for number, each in enumerate(self.subject.policy.statements):
            if each.effect != "Deny":
                continue
            if self.subject.ask(extent.all_taken(parts, number)).state == "yes":
                return f"{called(self.subject, number)} forbids all of its calls"
        return "the Denies together forbid all of its calls"

    def _stopped(self, parts: Grant) -> str:
        """Which guard stops all calls of the principal."""
        written = self.statement.statement.guards
        for guard, node in zip(written, self.statement.nodes("guards"), strict=True):
            assert isinstance(node, GuardNode)
            if self.subject.ask(extent.entry_meets(parts, guard)) != NO:
                continue
            if node.fact("passes") == NO:
                return self.subject.meaning.told(node.why_dead())
            told = f"{node.operator()} on {node.key()} stops all of its calls"
            return self.subject.meaning.told(told)
        return "no call of it meets all guards of the statement"


def called(subject: Subject, number: int) -> str:
    """What a statement is called: ``the Deny `Sid` ``, `the Allow (statement 2)`."""
    statement = subject.policy.statements[number]
    sid = statement.sid
    name = tick(subject.meaning.told(sid.text)) if sid and sid.text else f"(statement {number + 1})"
    return f"the {statement.effect or 'statement'} {name}"


def _is_wider(known: Width, truth: Truth, who: str) -> bool:
    """Whether more may get in than surely do."""
    return known.truth.state != truth.state and known.who.partition(",")[0] not in who


def _anyone(grant: GrantNode) -> Truth:
    admits = grant.fact("admits")
    assert isinstance(admits, Node)
    truth = admits.fact("anyone")
    assert isinstance(truth, Truth)
    return truth


def _is_no(grant: GrantNode) -> bool:
    return _anyone(grant).state == "no"

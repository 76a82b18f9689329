"""The nodes of one policy, and the facts of the policy as a whole and of its faults."""

from __future__ import annotations

from collections.abc import Iterator

from iamlint.facts.grant import GrantNode
from iamlint.facts.node import Node, Subject, calls_of, tick
from iamlint.facts.statement import PrincipalNode, StatementNode
from iamlint.facts.truth import NO, Truth
from iamlint.policy.content import least_length
from iamlint.policy.document import Fault
from iamlint.policy.faults import FAULTS
from iamlint.semantics import questions
from iamlint.source import Span


class PolicyNode(Node):
    """The whole policy."""

    __slots__ = ("_nodes",)

    kind = "policy"

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self._nodes = tuple(StatementNode(subject, each) for each in subject.policy.statements)

    def point(self, name: str) -> Span:
        """The policy, or its first Deny (else first statement)."""
        if name == "statement" and self._nodes:
            denies = self.denies()
            return (denies[0] if denies else self._nodes[0]).point("self")
        if name == "version" and self.subject.policy.version_text is not None:
            return self.subject.policy.version_text.span
        return self.subject.policy.span

    def version(self) -> str:
        """The version as written."""
        text = self.subject.policy.version_text
        if text is None:
            return "none"
        return text.text if text.text in ("2012-10-17", "2008-10-17") else "other"

    def size(self) -> int:
        """How many characters IAM counts."""
        return least_length(self.subject.policy.value, self.subject.made_up)

    def locked(self) -> Truth:
        """The Denies forbid every call that the Allows admit."""
        if not self.denies():
            return NO
        locked = questions.unless(questions.allowed, questions.anyone)
        return self.subject.ask(locked)

    def denies(self) -> tuple[Node, ...]:
        """The Deny statements."""
        return tuple(node for node in self._nodes if node.statement.effect == "Deny")

    def allows(self) -> tuple[Node, ...]:
        """The Allow statements."""
        return tuple(node for node in self._nodes if node.statement.effect == "Allow")

    def statements(self) -> tuple[StatementNode, ...]:
        """The statements, in their order."""
        return self._nodes

    def every_node(self) -> Iterator[Node]:
        """Every node of the policy a rule can be for, in the order of the text."""
        for fault in self.subject.policy.faults:
            # what was made up for a hole is nobody's fault
            if self.subject.meaning.told(fault.subject) == fault.subject:
                yield FaultNode(self.subject, fault)
        yield self
        for node in self._nodes:
            yield from _within(self.subject, node)


def _within(subject: Subject, node: StatementNode) -> Iterator[Node]:
    yield node
    yield from node.nodes("guards")
    yield from node.nodes("principals")
    if node.statement.effect == "Allow":
        yield from _grants(subject, node)


def _grants(subject: Subject, node: StatementNode) -> Iterator[GrantNode]:
    actions = node.actions()
    for principal in node.nodes("principals"):
        if isinstance(principal, PrincipalNode):
            for action in calls_of(principal.principal):
                if action in actions:
                    yield GrantNode(subject, node, principal, action)


class FaultNode(Node):
    """Something the grammar objects to."""

    __slots__ = ("_fault",)

    kind = "fault"

    def __init__(self, subject: Subject, fault: Fault) -> None:
        super().__init__(subject)
        self._fault = fault

    def point(self, name: str) -> Span:
        """The place of the fault."""
        return self._fault.span

    def code(self) -> str:
        """What the grammar objects to."""
        return self._fault.code

    def text(self) -> str:
        """The fault in words."""
        return self._fault.message

    def advice(self) -> str:
        """What to write instead."""
        return self._fault.help

    def meant(self) -> str | None:
        """The text that was meant."""
        return tick(self._fault.meant) if self._fault.meant else None

    def written(self) -> str:
        """The text at fault."""
        return tick(self._fault.subject)

    def refused(self) -> bool:
        """IAM is known to refuse it."""
        return FAULTS[self._fault.code].certain

    def verdict(self) -> str:
        """What becomes of the policy."""
        return "will not deploy" if self.refused() else "may not deploy"

    def effect(self) -> str:
        """Effect of the statement around it."""
        for statement in self.subject.policy.statements:
            span, fault = statement.span.placed(), self._fault.span.placed()
            if span.source is fault.source and span.start <= fault.start <= span.end:
                return statement.effect or "none"
        return "none"

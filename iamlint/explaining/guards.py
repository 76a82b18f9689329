"""Says what a guard does: whom it passes, whom it stops, and which siblings make it needless."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from iamlint.explaining.explanation import Line, Part
from iamlint.explaining.words import call, hangs_on, holds, listed, undecided
from iamlint.facts.guard import GuardNode
from iamlint.facts.node import Subject, tick
from iamlint.facts.statement import StatementNode
from iamlint.facts.truth import NO, Truth
from iamlint.policy.document import Guard, Operator, Statement
from iamlint.semantics import extent, questions
from iamlint.semantics.questions import Question

_MOST_SIBLINGS = 12
_MOST_VALUES = 3
_PLURAL = {"passes": "pass", "stops": "stop", "forbids": "forbid", "spares": "spare"}


class Fence:
    """One guard among its siblings."""

    __slots__ = ("guard", "node", "statement", "subject")

    def __init__(self, subject: Subject, statement: StatementNode, number: int) -> None:
        node = statement.nodes("guards")[number]
        assert isinstance(node, GuardNode)
        self.subject = subject
        self.statement = statement
        self.guard: Guard = statement.statement.guards[number]
        self.node = node

    def part(self, values: Sequence[int] = ()) -> Part:
        """All that is to be said of it, and of some of its values."""
        told = self.subject.meaning.told
        title = f"guard {self.node.operator()} on {self.node.key()}"
        lines = [*self._effect(), *self._needless(), *self._presence(), *self._surprise()]
        lines += [line for each in values[:_MOST_VALUES] for line in self._value(each)]
        return Part(told(title), tuple(Line(told(line.text), line.item) for line in lines))

    # what it does

    def _effect(self) -> Iterator[Line]:
        node = self.node
        if self.guard.operator is None:
            yield Line("Not known: IAM has no such operator.")
            return
        void, passes, fails = _truth(node, "void"), _truth(node, "passes"), _truth(node, "fails")
        unclear = next((each for each in (passes, fails) if each.state == "undecided"), None)
        if passes.state == "no" and fails.state == "no":
            yield Line("Does nothing: none of the principals of the statement can call.")
        elif void.state == "yes" or fails == NO:
            yield Line(f"Void: every call of the statement's callers {self._met}.")
        elif passes == NO:
            yield Line(f"Dead: no call of the statement's callers {self._met}, {self._so()}.")
            yield Line(f"The reason: {node.why_dead()}.")
        elif unclear is not None:
            yield undecided(unclear, f"it {self._passes} somebody or {self._stops} somebody")
        else:
            yield from self._binding(passes, fails)

    def _binding(self, passes: Truth, fails: Truth) -> Iterator[Line]:
        sure = passes.state == fails.state == "yes"
        if sure:
            yield Line(f"Binding: it {self._passes} some calls and {self._stops} others.")
        else:
            unsure = fails if passes.state == "yes" else passes
            what = f"{self._stops} nobody" if passes.state == "yes" else f"{self._passes} nobody"
            yield Line(f"Not known: it may be that it {what}{hangs_on(unsure)}.")
        for verb, truth in ((self._passes, self._let_on(passes)), (self._stops, self._kept(fails))):
            shown = call(self.subject, truth, self.guard.key)
            if shown:
                yield Line(f"{verb}: {shown}", item=True)

    def _let_on(self, passes: Truth) -> Truth:
        """A call that meets it, if there is one then one that gets in."""
        if self._is_deny():
            return passes
        truth = self.subject.ask(extent.let_in_through(self._written()))
        return truth if truth.state == "yes" else passes

    def _kept(self, fails: Truth) -> Truth:
        """A call that it stops, if there is one then one that its siblings would let pass."""
        others = self._siblings()
        if not others:
            return fails
        truth = self.subject.ask(extent.fails_beside(self._written(), self.guard, others))
        return truth if truth.state == "yes" else fails

    def _needless(self) -> Iterator[Line]:
        """Which siblings stop all that it stops."""
        others = self._siblings()
        if not others or not self.node.binds() or len(others) > _MOST_SIBLINGS:
            return
        if not self._is_needless(others):
            return
        for each in others:
            fewer = tuple(other for other in others if other is not each)
            if fewer and self._is_needless(fewer):
                others = fewer
        names = listed(f"{_operator(each)} on {tick(each.key)}" for each in others)
        verb = "stops" if len(others) == 1 else "stop"
        yield Line(f"Redundant: {names} {verb} all that it stops.")

    def _is_needless(self, others: tuple[Guard, ...]) -> bool:
        question = extent.needless_beside(self._written(), self.guard, others)
        return self.subject.ask(question).state == "yes"

    def _siblings(self) -> tuple[Guard, ...]:
        """The other guards; none where AWS may take one of them and this one for the same."""
        others = tuple(each for each in self._written().guards if each is not self.guard)
        return () if any(extent.is_twin(self.guard, each) for each in others) else others

    def _value(self, number: int) -> Iterator[Line]:
        """What one of several values is there for."""
        operator = self.guard.operator
        if operator is None or operator.family == "null" or self.node.fact("passes") == NO:
            return
        value = f"The value {tick(self.guard.values[number].text)}"
        counts = self._of_value(extent.value_counts, number)
        verb = self._stops if operator.negated else self._passes
        if counts.state == "yes":
            yield Line(f"{value} alone {verb} {call(self.subject, counts, self.guard.key)}.")
        elif counts.state == "no" and self._of_value(extent.value_matched, number) == NO:
            yield Line(f"{value}: no call of these principals has such a value.")
        elif counts.state == "no":
            yield Line(f"{value} is needless: the others {_PLURAL[verb]} all that it {verb}.")

    def _of_value(self, ask: Callable[[Statement, Guard, int], Question], number: int) -> Truth:
        return self.subject.ask(ask(self._written(), self.guard, number))

    # what its key and its operator are

    def _presence(self) -> Iterator[Line]:
        key = tick(self.guard.key)
        missing = _truth(self.node, "missing")
        near = self.node.suggestion() if missing.state == "yes" else None
        meant = f"; {near} was probably meant" if near else ""
        if not self.node.key_known():
            yield Line(f"The key: neither AWS nor the provider is known to have {key}{meant}.")
        elif missing.state == "yes":
            yield Line(f"The key: calls of these principals never carry {key}{meant}.")
        elif missing.state == "no" and self._lacked() == "no":
            yield Line(f"The key: every call of these principals carries {key}.")
        elif missing.state == "no" and self._lacked() == "yes":
            yield Line(f"The key: calls of these principals may come without {key}.")

    def _lacked(self) -> str:
        """Whether calls come without the key."""
        return self.subject.ask(questions.key_lacked(self._written(), self.guard)).state

    def _surprise(self) -> Iterator[Line]:
        """What the operator means, where people are wrong about it."""
        operator = self.guard.operator
        if operator is None:
            return
        if operator.family == "null":
            yield from self._null()
        elif operator.quantifier == "ForAllValues":
            yield Line(
                "`ForAllValues` asks that all values of the key fit: a call without the key, or"
                f" with no value of it, {self._met} too."
            )
        elif self._lacked() != "no":
            yield from self._absent(operator)
        if self.node.unsplit():
            yield Line("A key of several values: say by `ForAnyValue` or `ForAllValues` how many.")

    def _absent(self, operator: Operator) -> Iterator[Line]:
        """What becomes of a call without the key."""
        if operator.negated and not operator.quantifier:
            yield Line(f"A negated operator: a call without the key {self._met} too.")
        elif operator.if_exists and not operator.quantifier:
            yield Line(f"`IfExists`: a call without the key {self._met} too.")
        elif self._is_deny() and holds(self.node.fact("spared")):
            yield Line("A Deny does not forbid calls without the key, unless by `IfExists`.")

    def _null(self) -> Iterator[Line]:
        wants = {value.text.lower() for value in self.guard.values}
        if wants == {"true"}:
            yield Line("`Null` with `true`: the key must not be there.")
        elif wants == {"false"}:
            yield Line("`Null` with `false`: the key must be there, with whatever value.")

    # words that a Deny turns round

    def _is_deny(self) -> bool:
        return self.node.effect() == "Deny"

    @property
    def _met(self) -> str:
        return "meets it"

    @property
    def _passes(self) -> str:
        return "forbids" if self._is_deny() else "passes"

    @property
    def _stops(self) -> str:
        return "spares" if self._is_deny() else "stops"

    def _so(self) -> str:
        return "so the Deny forbids nothing" if self._is_deny() else "so nobody gets in by it"

    def _written(self) -> Statement:
        return self.statement.statement


def _operator(guard: Guard) -> str:
    return tick(guard.operator.written if guard.operator else "?")


def _truth(node: GuardNode, name: str) -> Truth:
    truth = node.fact(name)
    assert isinstance(truth, Truth)
    return truth

"""Says who gets in through a statement, through some of its principals, or into a role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iamlint.explaining.explanation import Line, Part
from iamlint.explaining.grants import Entry, called
from iamlint.explaining.guards import Fence
from iamlint.explaining.words import capital, hangs_on, such_as, undecided
from iamlint.facts.node import Node, tick
from iamlint.facts.policy import PolicyNode
from iamlint.facts.statement import PrincipalNode, StatementNode
from iamlint.facts.truth import Truth
from iamlint.policy.document import Fault
from iamlint.policy.faults import FAULTS
from iamlint.semantics import extent, questions
from iamlint.source import Span

_MOST_PRINCIPALS = 6
_MOST_BESIDE = 3  # of them, where something else is explained first
_MOST_GRANTS = 10
_MOST_GUARDS = 4
_MOST_FAULTS = 3


def of_guards(
    policy: PolicyNode, number: int, guards: Sequence[int], values: Sequence[int] = ()
) -> Iterator[Part]:
    """What some guards of a statement do; `values`: those of one guard that are asked for."""
    statement = _statement(policy, number)
    for each in guards[:_MOST_GUARDS]:
        part = Fence(policy.subject, statement, each).part(values)
        guard = statement.statement.guards[each]
        yield part._replace(lines=(*_faults(policy, guard.span), *part.lines))
    if len(guards) > _MOST_GUARDS:
        yield Part(f"and {len(guards) - _MOST_GUARDS} more guards", ())
    yield from of_statement(policy, number, _MOST_BESIDE)


def of_principals(policy: PolicyNode, number: int, principals: Sequence[int]) -> Iterator[Part]:
    """Whom some principals of a statement let in, or keep out."""
    statement = _statement(policy, number)
    for each in principals[:_MOST_PRINCIPALS]:
        node = _principal(statement, each)
        title = f"principal {tick(policy.subject.meaning.told(node.principal.text))}"
        lines = (*_faults(policy, node.principal.span), *_of_principal(policy, statement, node))
        yield Part(title, lines)
    if len(principals) > _MOST_PRINCIPALS:
        yield Part(f"and {len(principals) - _MOST_PRINCIPALS} more principals", ())


def _of_principal(
    policy: PolicyNode, statement: StatementNode, node: PrincipalNode
) -> Iterator[Line]:
    effect = statement.effect()
    if statement.statement.principals_inverted:
        yield Line("`NotPrincipal`: it is one of those whom the statement is not about.")
    elif effect == "Allow":
        yield from Entry(policy.subject, statement, node).lines()
        yield from _shadowed(statement)
    elif effect == "Deny":
        question = extent.kept_out(statement.number, (node.principal,))
        yield _forbidden(policy, policy.subject.ask(question))
        yield from _locked(policy)
    else:
        yield Line("The statement has no effect that IAM knows.")


def _forbidden(policy: PolicyNode, truth: Truth) -> Line:
    """Whom a Deny keeps out."""
    if truth.state == "undecided":
        return undecided(truth, "it keeps out anybody")
    if truth.state == "no":
        return Line("Keeps nobody out whom the policy would let in without it.")
    keeps = "Keeps out" if truth.state == "yes" else "May keep out"
    rest = hangs_on(truth) if truth.state == "possible" else ""
    shown = such_as(policy.subject, truth)
    return Line(f"{keeps} calls that the policy would let in without it{shown}{rest}.")


def of_statement(policy: PolicyNode, number: int, most: int = _MOST_PRINCIPALS) -> Iterator[Part]:
    """Who gets in through a statement, or is kept out by it; `most`: of principals named."""
    statement = _statement(policy, number)
    title = called(policy.subject, number).removeprefix("the ")
    told = policy.subject.meaning.told
    lines = (*_faults(policy, statement.statement.span), *_of_statement(policy, statement, most))
    yield Part(title, tuple(Line(told(line.text), line.item) for line in lines))


def _of_statement(policy: PolicyNode, statement: StatementNode, most: int) -> Iterator[Line]:
    if statement.effect() == "Deny":
        if _state(statement, "idle") == "yes":
            yield Line("Idle: it takes nothing away from what the policy allows.")
        else:
            yield _forbidden(policy, policy.subject.ask(questions.bitten(statement.number)))
        yield from _locked(policy)
        return
    if statement.effect() != "Allow":
        yield Line("The statement has no effect that IAM knows.")
        return
    if statement.statement.principals_inverted:
        yield from _of_everybody(policy, statement)
        return
    if _state(statement, "dead") == "yes":
        yield Line(f"Dead: nobody gets in through it: {statement.reason()}.")
        return
    yield Line("Who gets in through it:")
    yield from _entries(policy, statement, most)
    yield from _shadowed(statement)


def _locked(policy: PolicyNode) -> Iterator[Line]:
    """That the Denies leave nothing, where that is so."""
    if _state(policy, "locked") == "yes":
        yield Line("Nobody can assume the role: what the policy allows it denies as well.")


def _shadowed(statement: StatementNode) -> Iterator[Line]:
    """Which statement makes another one needless."""
    if _state(statement, "needless") == "yes":
        twin = statement.twin()
        whose = f"{twin} admits" if twin else "other statements admit"
        wider = ", and more" if _state(statement, "twin_wider") == "yes" else ""
        yield Line(f"Shadowed: {whose} all that it admits{wider}.")


def _of_everybody(policy: PolicyNode, statement: StatementNode) -> Iterator[Line]:
    truth = policy.subject.ask(extent.let_in_through(statement.statement))
    shown = such_as(policy.subject, truth)
    may = {"yes": "Lets in", "possible": "May let in"}.get(truth.state)
    if may is not None:
        yield Line(f"{may} callers whom it does not name{shown}{hangs_on(truth)}.")
    elif truth.state == "no":
        yield Line("Nobody gets in through it.")
    else:
        yield undecided(truth, "anybody gets in through it")


def _entries(policy: PolicyNode, statement: StatementNode, most: int) -> Iterator[Line]:
    """One line for each principal of an Allow, as far as there is room."""
    principals = statement.nodes("principals")
    for node in principals[:most]:
        assert isinstance(node, PrincipalNode)
        entry = Entry(policy.subject, statement, node)
        name = tick(policy.subject.meaning.told(node.principal.text))
        yield Line(f"by {name}: {entry.line()}", item=True)
    if len(principals) > most:
        yield Line(f"and {len(principals) - most} more principals", item=True)


def of_policy(policy: PolicyNode) -> Iterator[Part]:
    """Who gets in all in all."""
    told = policy.subject.meaning.told
    lines = tuple(Line(told(line.text), line.item) for line in _of_policy(policy))
    yield Part("who can get in", lines)


def _of_policy(policy: PolicyNode) -> Iterator[Line]:
    if _state(policy, "locked") == "yes":
        yield Line("Nobody: what the policy allows it denies as well.")
        return
    anyone = policy.subject.ask(questions.anyone)
    if anyone.state == "no":
        yield Line("Nobody.")
        return
    room = _MOST_GRANTS
    for node in policy.allows():
        assert isinstance(node, StatementNode)
        many = len(node.statement.principals)
        if room <= 0:
            break
        if node.statement.principals_inverted:
            yield from _of_everybody(policy, node)
        else:
            yield from _entries(policy, node, room)
        room -= many
    rest = _left_out(policy, _MOST_GRANTS)
    if rest:
        yield Line(f"and {rest} more statements", item=True)
    yield from _less(policy)


def _left_out(policy: PolicyNode, room: int) -> int:
    """How many Allows there was no room for."""
    allows = policy.allows()
    for number, node in enumerate(allows):
        if room <= 0:
            return len(allows) - number
        assert isinstance(node, StatementNode)
        room -= len(node.statement.principals)
    return 0


def _less(policy: PolicyNode) -> Iterator[Line]:
    """The Denies that take something away."""
    for node in policy.denies():
        assert isinstance(node, StatementNode)
        truth = policy.subject.ask(questions.bitten(node.number))
        if truth.state in ("yes", "possible"):
            perhaps = "" if truth.state == "yes" else "perhaps "
            shown = such_as(policy.subject, truth)
            deny = capital(called(policy.subject, node.number))
            yield Line(f"{deny} {perhaps}keeps some out{shown}.")


def refused(policy: PolicyNode) -> Iterator[Part]:
    """That IAM does not take the policy, so that nobody gets in by it as it is."""
    found = [each for each in _all_faults(policy) if FAULTS[each.code].certain]
    lines = [Line(each.message, item=True) for each in found[:_MOST_FAULTS]]
    if len(found) > _MOST_FAULTS:
        lines.append(Line(f"and {len(found) - _MOST_FAULTS} more", item=True))
    if lines:
        yield Part("IAM refuses the policy as it is", tuple(lines))


def _faults(policy: PolicyNode, span: Span) -> Iterator[Line]:
    """What is doubtful there about the grammar."""
    for each in _all_faults(policy):
        here = each.span.source is span.source and each.span.within(span)
        if here and not FAULTS[each.code].certain:
            yield Line(f"At fault: {each.message}.")


def _all_faults(policy: PolicyNode) -> list[Fault]:
    """All that the grammar objects to, but for what was made up for a hole."""
    told = policy.subject.meaning.told
    return [each for each in policy.subject.policy.faults if told(each.subject) == each.subject]


def _statement(policy: PolicyNode, number: int) -> StatementNode:
    return next(each for each in policy.statements() if each.number == number)


def _principal(statement: StatementNode, number: int) -> PrincipalNode:
    node = statement.nodes("principals")[number]
    assert isinstance(node, PrincipalNode)
    return node


def _state(node: Node, name: str) -> str:
    truth = node.fact(name)
    return truth.state if isinstance(truth, Truth) else ""

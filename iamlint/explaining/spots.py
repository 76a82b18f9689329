"""Finds which parts of a policy are written at a place of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iamlint.facts.policy import PolicyNode
from iamlint.formats.role import Role, Way
from iamlint.policy.document import Guard, Statement
from iamlint.policy.texts import inner
from iamlint.source import Span
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple

_MOST_ENDS = 50  # of the ways of one value
PRINCIPALS, GUARDS, STATEMENT, ROLE = "principals", "guards", "statement", "role"
_ORDER = (PRINCIPALS, GUARDS, STATEMENT, ROLE)  # which one is meant where all are one text


class Target(NamedTuple):
    """A part of a policy: some principals or guards of a statement, a statement, or the role."""

    kind: str
    statement: int = -1  # its place in the policy
    numbers: tuple[int, ...] = ()  # of the principals or guards in it
    values: tuple[int, ...] = ()  # of a guard that is the only one


class Spot(NamedTuple):
    """Where a part of a policy is written."""

    span: Span  # in the outermost source
    target: Target
    scalar: bool = False  # it is a text, whatever it was put together of
    used: bool = False  # all that is there is a name of the value

    def size(self) -> int:
        """How long it is without quotes: a text with them is no larger than what they hold."""
        text = self.span.text[:1]
        quoted = text in ('"', "'") and self.span.end - self.span.start > 1
        return self.span.end - self.span.start - 2 * quoted


class At(NamedTuple):
    """A place of a file."""

    path: str  # as `Files` names it
    offset: int  # code points

    def within(self, span: Span) -> bool:
        """Whether it is a place of a text of the outermost source."""
        return span.source.name == self.path and span.start <= self.offset < span.end


def touches(role: Role, at: At) -> bool:
    """Whether something of a role, or of a value that it uses, is written at the place."""
    if any(map(at.within, _of_role(role))):
        return True
    if any(at.within(span) for way in role.ways for span in (way.origin.root(), way.use.root())):
        return True
    return any(_may_be_at(variant.document, at) for variant in role.variants)


def _may_be_at(document: Value, at: At) -> bool:
    todo = [document]
    while todo:
        value = todo.pop()
        span = value.span
        here = span.source.origin is not None or span.source.name == at.path
        if here and at.within(span.root()):
            return True
        for key, held in value.members:
            todo += (key, held)
        todo += value.items()
    return False


def _of_role(role: Role) -> Iterator[Span]:
    """What is about a role as a whole."""
    yield from (span.root() for span in role.beside.names)
    # NOTE: a block of Terraform holds much that is not about who gets in
    if role.format != "terraform":
        yield role.span.root()


class Here(NamedTuple):
    """The smallest text at a place that is something of a policy, and what it is there."""

    span: Span
    size: int  # code points without quotes
    targets: tuple[Target, ...]


def look(role: Role, policy: PolicyNode, at: At) -> Here | None:
    """What is at a place; None where nothing of the role is."""
    spots = [spot for spot in _spots(role, policy) if at.within(spot.span)]
    if not spots:
        return None
    least = min(spot.size() for spot in spots)
    here = [spot for spot in spots if spot.size() == least]
    kind = min((spot.target.kind for spot in here), key=_ORDER.index)
    here = _closest([spot for spot in here if spot.target.kind == kind])
    span = min((spot.span for spot in here), key=_length)
    return Here(span, least, tuple(_together(here)))


def _closest(spots: list[Spot]) -> list[Spot]:
    """Those of parts that hold no other one of them.

    Where a name of a value stands in a text, the text is meant, rather than the value alone.
    """
    held = {(spot.target.statement, spot.target.numbers) for spot in spots}
    least = [
        spot
        for spot in spots
        if not any(
            number == spot.target.statement and set(others) < set(spot.target.numbers)
            for number, others in held
        )
    ]
    return [spot for spot in least if not spot.used] or least


def _together(spots: list[Spot]) -> Iterator[Target]:
    """What they are of; of one statement once."""
    found: dict[tuple[str, int], list[Target]] = {}
    for spot in spots:
        found.setdefault(spot.target[:2], []).append(spot.target)
    for (kind, statement), targets in found.items():
        numbers = sorted({number for each in targets for number in each.numbers})
        values = sorted({value for each in targets for value in each.values})
        only = len(numbers) == 1 and all(each.values for each in targets)
        yield Target(kind, statement, tuple(numbers), tuple(values) if only else ())


def _length(span: Span) -> int:
    return span.end - span.start


def _spots(role: Role, policy: PolicyNode) -> Iterator[Spot]:
    for span in (*_of_role(role), policy.subject.policy.span.root()):
        yield Spot(span.root(), Target(ROLE))
    for key, held in policy.subject.policy.value.members:
        for value in (key, held):
            yield Spot(value.span.root(), Target(ROLE))
    for number, statement in enumerate(policy.subject.policy.statements):
        for spot in _of_statement(number, statement):
            yield spot
            yield from _elsewhere(spot, role.ways)


def _elsewhere(spot: Spot, ways: tuple[Way, ...]) -> Iterator[Spot]:
    """Where else a part of a policy is written, for values in it came from elsewhere."""
    ends = [(way.origin.root(), way.use.root()) for way in ways]
    for span in _names(spot.span, ends):
        yield Spot(span, spot.target, used=True)
    for span in _pieces(spot.span, ends) if spot.scalar else ():
        yield Spot(span, spot.target)


def _names(whole: Span, ends: list[tuple[Span, Span]]) -> Iterator[Span]:
    """What stands for a text, or for what it is an element of, and what stands for that."""
    found = dict.fromkeys(use for origin, use in ends if whole.within(origin))
    todo = [*found]
    while todo and len(found) < _MOST_ENDS:
        span = todo.pop()
        further = [use for origin, use in ends if origin == span and use not in found]
        found.update(dict.fromkeys(further))
        todo += further
    yield from found


def _pieces(whole: Span, ends: list[tuple[Span, Span]]) -> Iterator[Span]:
    """The names in a text, what they stand for, the names in that, and so on."""
    found: dict[Span, None] = {}
    todo = [whole]
    while todo and len(found) < _MOST_ENDS:
        span = todo.pop()
        for origin, use in ends:
            if use.within(span) and origin not in found:
                found.update({use: None, origin: None})
                todo.append(origin)
    yield from found


def _of_statement(number: int, statement: Statement) -> Iterator[Spot]:
    whole = Target(STATEMENT, number)
    yield Spot(statement.span.root(), whole)
    for member in statement.value.members:
        name = str(member.key.data).lower()
        if name in ("principal", "notprincipal"):
            yield from _principals(number, statement, member)
        elif name == "condition":
            yield from _guards(number, statement, member)
        else:
            for value in member:
                yield Spot(value.span.root(), whole)
            for value in member.value.items() or (member.value,):
                yield Spot(value.span.root(), whole, scalar=True)


def _principals(number: int, statement: Statement, member: Member) -> Iterator[Spot]:
    entries = statement.principals
    places = {entry.span: place for place, entry in enumerate(entries)}

    def target(spans: Iterable[Span]) -> Target:
        found = sorted({places[span] for span in spans if span in places})
        return Target(PRINCIPALS, number, tuple(found)) if found else Target(STATEMENT, number)

    everyone = target(places)
    yield Spot(member.key.span.root(), everyone)
    yield Spot(member.value.span.root(), everyone)
    groups = member.value.members or (Member(member.key, member.value),)
    for key, held in groups:
        entry_values = held.items() or (held,)
        group = target(inner(each) for each in entry_values)
        yield Spot(key.span.root(), group)
        yield Spot(held.span.root(), group)
        for each in entry_values:
            yield Spot(each.span.root(), target((inner(each),)), scalar=True)
            yield Spot(inner(each).root(), target((inner(each),)), scalar=True)


def _guards(number: int, statement: Statement, member: Member) -> Iterator[Spot]:
    guards = statement.guards

    def target(places: Iterable[int]) -> Target:
        found = tuple(places)
        return Target(GUARDS, number, found) if found else Target(STATEMENT, number)

    every = target(range(len(guards)))
    yield Spot(member.key.span.root(), every)
    yield Spot(member.value.span.root(), every)
    for operator, block in member.value.members:
        here = inner(operator)
        under = [place for place, each in enumerate(guards) if each.operator_span == here]
        yield Spot(operator.span.root(), target(under), scalar=True)
        yield Spot(block.span.root(), target(under))
        for key, held in block.members:
            own = target(place for place in under if guards[place].key_span == inner(key))
            yield Spot(key.span.root(), own, scalar=True)
            yield Spot(held.span.root(), own)
            yield Spot(key.span.cover(held.span).root(), own)
            for value in held.items() or (held,):
                one = _with_value(own, guards, inner(value))
                yield Spot(value.span.root(), one, scalar=True)
                yield Spot(inner(value).root(), one, scalar=True)


def _with_value(target: Target, guards: tuple[Guard, ...], place: Span) -> Target:
    """The guard, at one of several values."""
    if len(target.numbers) != 1:
        return target
    values = guards[target.numbers[0]].values
    here = tuple(number for number, each in enumerate(values) if each.span == place)
    return target._replace(values=here) if len(values) > 1 else target

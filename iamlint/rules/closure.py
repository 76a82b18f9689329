"""Turns the checked condition of a rule (plain data) into a function from a node to a Truth."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence

from iamlint.facts.truth import NO, YES, Truth, both, either, negate
from iamlint.typed import Any, Protocol

# A tree is a list whose first item names its kind:
#   ["and", t, ...] ["or", t, ...] ["not", t]    trees
#   ["fact", path]                               a truth or a bool of the node
#   ["compare", op, value, value]                values as below
#   ["count", op, path, t, number]               how many members of a list satisfy t
#   ["some", path, t]                            some member of a list satisfies t
#   ["contains" | "starts_with" | "ends_with", value, value]
# and a value is ["field", path], ["length", path] or ["literal", data].
Tree = Sequence[object]


class Node(Protocol):
    """What a rule looks at: anything that answers for its facts by name."""

    def fact(self, name: str) -> object:
        """Return the value of one fact of the vocabulary."""


Test = Callable[[Node], Truth]
Value = Callable[[Node], object]

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORDERS = frozenset({"<", "<=", ">", ">="})
_WITHIN: dict[str, Callable[..., object]] = {
    "contains": operator.contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def build(tree: Tree) -> Test:
    """Return the function that answers `tree` for a node."""
    kind = str(tree[0])
    maker = _MAKERS.get(kind)
    if maker is None:
        raise ValueError(f"unknown part `{kind}` of an expression")
    return maker(tree)


def getter(path: str) -> Value:
    """Return the function that follows a dotted path; a null on the way is a null at the end."""
    first, *rest = path.split(".")
    if not rest:
        return lambda node: node.fact(first)

    def follow(node: Node) -> object:
        value = node.fact(first)
        for name in rest:
            if value is None:
                return None
            value = value.fact(name)  # type: ignore[attr-defined]
        return value

    return follow


def _tree(item: object) -> Tree:
    if not isinstance(item, list):
        raise ValueError("an expression holds something that is no expression")
    return item


def _and(tree: Tree) -> Test:
    tests = [build(_tree(item)) for item in tree[1:]]

    def test(node: Node) -> Truth:
        answer = YES
        for each in tests:
            truth = each(node)
            answer = truth if answer is YES else both(answer, truth)
            if answer.state == "no":  # a question that cannot matter is never asked
                return answer
        return answer

    return test


def _or(tree: Tree) -> Test:
    tests = [build(_tree(item)) for item in tree[1:]]

    def test(node: Node) -> Truth:
        answer = NO
        for each in tests:
            truth = each(node)
            answer = truth if answer is NO else either(answer, truth)
            if answer.state == "yes":
                return answer
        return answer

    return test


def _not(tree: Tree) -> Test:
    inner = build(_tree(tree[1]))
    return lambda node: negate(inner(node))


def _fact(tree: Tree) -> Test:
    get = getter(str(tree[1]))
    return lambda node: _truth(get(node))


def _truth(value: object) -> Truth:
    if isinstance(value, Truth):
        return value
    return YES if value else NO


def _compare(tree: Tree) -> Test:
    name = str(tree[1])
    holds = OPERATORS[name]
    if name in ("==", "!=") and _tree(tree[3])[0] == "literal":
        return _equals(_value(_tree(tree[2])), _tree(tree[3])[1], same=name == "==")
    left, right = _value(_tree(tree[2])), _value(_tree(tree[3]))
    if name not in _ORDERS:
        return lambda node: YES if holds(left(node), right(node)) else NO

    def test(node: Node) -> Truth:
        a, b = left(node), right(node)
        return YES if a is not None and b is not None and holds(a, b) else NO

    return test


def _equals(get: Value, wanted: object, *, same: bool) -> Test:
    """The comparison that most rules begin with."""
    if same:
        return lambda node: YES if get(node) == wanted else NO
    return lambda node: YES if get(node) != wanted else NO


def _within(tree: Tree) -> Test:
    holds = _WITHIN[str(tree[0])]
    whole, part = _value(_tree(tree[1])), _value(_tree(tree[2]))

    def test(node: Node) -> Truth:
        a, b = whole(node), part(node)
        return YES if a is not None and b is not None and holds(a, b) else NO

    return test


def _some(tree: Tree) -> Test:
    members, inner = _members(tree[1]), build(_tree(tree[2]))

    def test(node: Node) -> Truth:
        answer = NO
        for member in members(node):
            answer = either(answer, inner(member))
            if answer.state == "yes":
                return answer
        return answer

    return test


def _count(tree: Tree) -> Test:
    """Compare the count under every filling: it lies between the certain and the not excluded."""
    holds, limit = OPERATORS[str(tree[1])], tree[4]
    members, inner = _members(tree[2]), build(_tree(tree[3]))

    def test(node: Node) -> Truth:
        answers = [inner(member) for member in members(node)]
        least = sum(answer.state == "yes" for answer in answers)
        most = sum(answer.state != "no" for answer in answers)
        outcomes = {holds(count, limit) for count in range(least, most + 1)}
        if len(outcomes) == 1:
            return YES if outcomes.pop() else NO
        return _open([answer for answer in answers if answer.state not in {"yes", "no"}])

    return test


def _open(answers: list[Truth]) -> Truth:
    """Return what is left when only the open `answers` could tip the scales."""
    joined = answers[0]
    for answer in answers[1:]:
        joined = Truth(
            "undecided" if "undecided" in (joined.state, answer.state) else "possible",
            joined.witness,
            tuple(dict.fromkeys(joined.assumptions + answer.assumptions)),
            joined.phrase,
        )
    return joined._replace(witness=None, phrase="")


def _members(path: object) -> Callable[[Node], Sequence[Node]]:
    get = getter(str(path))

    def members(node: Node) -> Sequence[Node]:
        value = get(node)
        return value if isinstance(value, tuple | list) else ()

    return members


def _value(tree: Tree) -> Value:
    kind, content = tree[0], tree[1]
    if kind == "literal":
        return lambda node: content
    get = getter(str(content))
    if kind == "field":
        return get

    def length(node: Node) -> object:
        value = get(node)
        return len(value) if isinstance(value, str | tuple | list) else None

    return length


_MAKERS: dict[str, Callable[[Tree], Test]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "fact": _fact,
    "compare": _compare,
    "contains": _within,
    "starts_with": _within,
    "ends_with": _within,
    "some": _some,
    "count": _count,
}

"""Type-checks the `when` of a rule against the vocabulary and makes the tree that is shipped."""

from __future__ import annotations

from iamlint.rules.language import Language
from iamlint.rules.operands import Operand, agree, literal, names, words
from iamlint.rules.parse import ALLOWED, ExpressionError, Term, parse
from iamlint.rules.paths import ARTICLES, Fact, UnknownFactError, advise, resolve
from iamlint.typed import Any

Known = frozenset[str]  # paths that are not null wherever the term is asked
Tree = list[Any]

FUNCTIONS = ("contains", "ends_with", "length", "starts_with")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def check(text: str, node: str, language: Language) -> Tree:
    """Parse and check a condition on nodes of kind `node`; raises ExpressionError."""
    return _Checker(language).truth(parse(text), node, frozenset())


def never_null(text: str) -> Known:
    """The paths that cannot be null when the condition holds."""
    return _narrowed(parse(text), holds=True)


def positive_truths(tree: Tree) -> list[str]:
    """The facts asked in positive position, in order of the text (those of members left out)."""
    kind = tree[0]
    if kind == "fact":
        return [tree[1]]
    if kind in {"and", "or"}:
        return [path for part in tree[1:] for path in positive_truths(part)]
    if kind == "not" and tree[1][0] == "not":
        return positive_truths(tree[1][1])
    return []


class _Checker:
    __slots__ = ("_language",)

    def __init__(self, language: Language) -> None:
        self._language = language

    def truth(self, term: Term, node: str, known: Known) -> Tree:
        """Check a term that must answer yes or no."""
        if term.kind in {"field", "path"}:
            return self._asked(term, node, known)
        if term.kind in {"and", "or"}:
            return self._chain(term, node, known)
        if term.kind == "not":
            return ["not", self.truth(term.children[0], node, known)]
        if term.kind == "compare":
            return self._compare(term, node, known)
        if term.kind == "filter":
            path, condition = self._filtered(term, node, known)
            return ["some", path, condition]
        if term.kind == "call":
            return self._call(term, node, known)
        raise _error(term, "a literal is no condition", "compare a field with it")

    def _chain(self, term: Term, node: str, known: Known) -> Tree:
        """Operands are asked in order, so each may rely on what the ones before it settled."""
        parts: Tree = [term.kind]
        for child in term.children:
            parts.append(self.truth(child, node, known))
            known |= _narrowed(child, holds=term.kind == "and")
        return parts

    def _fact(self, term: Term, node: str, known: Known) -> tuple[Fact, bool]:
        """What a path leads to, and whether it may be null here."""
        try:
            fact = resolve(self._language.vocabulary, node, names(term))
        except UnknownFactError as error:
            place = term.children[error.index] if term.children else term
            raise _error(place, error.message, error.advice) from None
        return fact, any(gap not in known for gap in fact.gaps)

    def _asked(self, term: Term, node: str, known: Known) -> Tree:
        fact, nullable = self._fact(term, node, known)
        path = fact.path
        if fact.type not in {"truth", "bool"}:
            raise _error(term, f"`{path}` is {ARTICLES[fact.type]}, no condition", _ask(fact))
        if nullable:
            advice = f"write `{path} == `true`` or `{path} != `null` && {path}`"
            raise _error(term, f"`{path}` may be null", advice)
        return ["fact", path]

    def _compare(self, term: Term, node: str, known: Known) -> Tree:
        left, right = (self._operand(child, node, known) for child in term.children)
        name = term.value
        if left.fact is None and left.data[0] == "literal":
            left, right, name = right, left, _MIRRORED.get(name, name)
        if left.data[0] == "literal":
            raise _error(term, "two literals are compared", "compare a field with a literal")
        agree(left, right, name, term)
        if left.data[0] == "count":
            if right.data[0] != "literal":
                message = "a filtered count is compared only with a literal number"
                raise _error(right.term, message, "write the number in backticks")
            return ["count", name, left.data[1], left.data[2], right.data[1]]
        return ["compare", name, left.data, right.data]

    def _operand(self, term: Term, node: str, known: Known) -> Operand:
        if term.kind in {"field", "path"}:
            fact, nullable = self._fact(term, node, known)
            return Operand(["field", fact.path], fact.type, nullable, term, fact)
        if term.kind == "literal":
            return literal(term)
        if term.kind == "call" and term.value == "length":
            return self._length(term, node, known)
        raise _no_value(term)

    def _length(self, term: Term, node: str, known: Known) -> Operand:
        (argument,) = _arguments(term, 1)
        if argument.kind == "filter":
            path, condition = self._filtered(argument, node, known)
            return Operand(["count", path, condition], "number", False, term)
        if argument.kind not in {"field", "path"}:
            raise _error(argument, "`length` counts a field or a filter", ALLOWED)
        fact, nullable = self._fact(argument, node, known)
        if fact.type not in {"text", "texts", "nodes"}:
            message = f"`{fact.path}` is {ARTICLES[fact.type]} and has no length"
            raise _error(argument, message, "`length` counts lists and the characters of texts")
        _not_null(argument, fact, nullable)
        return Operand(["length", fact.path], "number", False, term)

    def _filtered(self, term: Term, node: str, known: Known) -> tuple[str, Tree]:
        listed, condition = term.children
        if listed.kind == "not":
            raise _error(listed, "`!` binds tighter than `[?…]`", "write `!(list[?condition])`")
        if listed.kind not in {"field", "path"}:
            raise _error(listed, "only a list can be filtered", "write `list[?condition]`")
        fact, nullable = self._fact(listed, node, known)
        if fact.type != "nodes":
            message = f"`{fact.path}` is {ARTICLES[fact.type]} and cannot be filtered"
            raise _error(listed, message, _ask(fact))
        _not_null(listed, fact, nullable)
        return fact.path, self.truth(condition, fact.of, frozenset())

    def _call(self, term: Term, node: str, known: Known) -> Tree:
        if term.value not in FUNCTIONS:
            advice = advise(term.value, FUNCTIONS, "the functions are")
            raise _error(term, f"unknown function `{term.value}`", advice)
        if term.value == "length":
            raise _error(term, "`length` is a number, no condition", "write `length(x) > `0``")
        whole, part = (self._operand(each, node, known) for each in _arguments(term, 2))
        for operand in (whole, part):
            if operand.fact is not None:
                _not_null(operand.term, operand.fact, operand.nullable)
        words(term, whole, part)
        return [term.value, whole.data, part.data]


def _narrowed(term: Term, holds: bool) -> Known:
    """The paths that are not null whenever the answer to `term` is `holds`."""
    if term.kind == "not":
        return _narrowed(term.children[0], not holds)
    if term.kind == ("and" if holds else "or"):
        return frozenset().union(*(_narrowed(child, holds) for child in term.children))
    if term.kind != "compare" or term.value not in {"==", "!="}:
        return frozenset()
    paths = [each for each in term.children if each.kind in {"field", "path"}]
    literals = [each for each in term.children if each.kind == "literal"]
    if len(paths) != 1 or len(literals) != 1:
        return frozenset()
    equal = (term.value == "==") is holds
    return _prefixes(names(paths[0])) if equal is (literals[0].value is not None) else frozenset()


def _prefixes(steps: tuple[str, ...]) -> Known:
    return frozenset(".".join(steps[: end + 1]) for end in range(len(steps)))


def _arguments(term: Term, count: int) -> tuple[Term, ...]:
    if len(term.children) != count:
        usual = "length(x)" if count == 1 else f"{term.value}(text, part)"
        message = f"`{term.value}` takes {count} argument{'s' if count > 1 else ''}"
        raise _error(term, f"{message}, not {len(term.children)}", f"write `{usual}`")
    return term.children


def _not_null(term: Term, fact: Fact, nullable: bool) -> None:
    if nullable:
        gap = fact.gaps[0]
        raise _error(
            term, f"`{gap}` may be null", f"first ask `{gap} != `null`` and join with `&&`"
        )


def _ask(fact: Fact) -> str:
    asks = {
        "text": f"compare it: `{fact.path} == 'text'`",
        "enum": f"compare it: `{fact.path} == '{fact.choices[0] if fact.choices else 'word'}'`",
        "number": f"compare it: `{fact.path} > `0``",
        "nodes": f"write `length({fact.path}) > `0`` or `{fact.path}[?condition]`",
        "texts": f"write `length({fact.path}) > `0`` or `contains({fact.path}, 'text')`",
        "node": f"name one of its fields: `{fact.path}.…`",
    }
    return asks.get(fact.type, "ask it alone")


def _no_value(term: Term) -> ExpressionError:
    """`term` stands where a value is compared, and is none: mostly a trap of precedence."""
    told = {
        "not": ("`!` binds tighter than a comparison", "write `!(a == b)`, or turn the comparison"),
        "compare": ("comparisons cannot be chained", "write `a == b && b == c`"),
        "filter": ("a filter answers yes or no and is no value", "count it: `length(a[?b]) > `0``"),
    }
    message, advice = told.get(term.kind, ("a condition is no value", "join with `&&` or `||`"))
    if term.kind == "call":
        message, advice = f"`{term.value}(…)` is not a value to compare", ALLOWED
        if term.value not in FUNCTIONS:
            message = f"unknown function `{term.value}`"
            advice = advise(term.value, FUNCTIONS, "the functions are")
    return _error(term, message, advice)


def _error(term: Term, message: str, advice: str = "") -> ExpressionError:
    return ExpressionError(message, term.start, term.end, advice)

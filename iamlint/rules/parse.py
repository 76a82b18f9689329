"""Parses the `when` of a rule with jmespath and gives every term its place in the text."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator

from jmespath.exceptions import JMESPathError
from jmespath.lexer import Lexer
from jmespath.parser import Parser

from iamlint.typed import Any, NamedTuple

# Far above any rule a person reads; they bound the recursion of jmespath's parser and of ours.
MAX_LENGTH = 4000  # code points
MAX_TOKENS = 400
MAX_NESTING = 64  # parentheses, filters and `!` of one expression, counted together

ALLOWED = (
    "allowed: fields (`a.b`), `&&`, `||`, `!`, comparisons (`==` `!=` `<` `<=` `>` `>=`), "
    "texts ('text'), numbers in backticks (`3`), parentheses, `list[?condition]`, and the "
    "functions `contains`, `ends_with`, `length`, `starts_with`"
)
_COMPARATORS = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_LEAVES = frozenset({"unquoted_identifier", "literal"})
_SIGNS = frozenset({"dot", "filter", "rbracket", "lparen", "rparen", "comma", "or", "and", "not"})
_TOKENS = _LEAVES | _SIGNS | {*_COMPARATORS, "eof"}
_WORDS = {"and": "&&", "or": "||", "not": "!"}
_LITERAL = re.compile(r"""`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\])*'""", re.S)


class Term(NamedTuple):
    """A part of an expression and its place, in code points of the expression.

    kind: field path literal and or not compare call filter; `value` is the name, the literal,
    the names of a path, the comparator or the function.
    """

    kind: str
    value: Any
    children: tuple[Term, ...]
    start: int
    end: int


class ExpressionError(Exception):
    """A `when` that is refused, with the place in it and advice."""

    def __init__(self, message: str, start: int, end: int, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.advice = advice


def parse(text: str) -> Term:
    """Parse an expression of the allowed subset; raises ExpressionError."""
    if not text.strip():
        raise ExpressionError("the condition is empty", 0, len(text), ALLOWED)
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the condition is longer than {MAX_LENGTH} characters", 0, 1)
    tokens = _tokens(text)
    _refuse(tokens, text)
    try:
        tree = Parser().parse(text).parsed
    except JMESPathError as error:
        raise _unexpected(error, text) from None
    # INVARIANT: names and literals of the tree, read from left to right, are those tokens.
    leaves = (token for token in tokens if token["type"] in _LEAVES)
    return _Builder(leaves, text).term(tree)


def _tokens(text: str) -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        # jmespath only warns of `text` in backticks that is no JSON; we refuse it ourselves.
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        try:
            return list(Lexer().tokenize(text))
        except RecursionError:
            raise ExpressionError("a literal is nested too deeply", 0, len(text)) from None
        except JMESPathError as error:
            raise _unexpected(error, text) from None


def _unexpected(error: JMESPathError, text: str) -> ExpressionError:
    at = min(getattr(error, "lex_position", None) or 0, len(text))
    found = re.match(r"\w+|\S", text[at:])
    if found is None:
        return ExpressionError("the condition ends too early", at, at, ALLOWED)
    word = found.group()
    if word in "'`" and not _LITERAL.match(text, at):
        return ExpressionError(f"this {word} is never closed", at, len(text))
    advice = ALLOWED
    if word in _WORDS:
        advice = f"write `{_WORDS[word]}`"
    elif word == "=":
        advice = "compare with `==`"
    return ExpressionError(f"unexpected `{word}`", at, at + len(word), advice)


def _refuse(tokens: list[dict[str, Any]], text: str) -> None:
    if len(tokens) > MAX_TOKENS:
        place = tokens[MAX_TOKENS]["start"]
        raise ExpressionError(f"the condition has more than {MAX_TOKENS} parts", place, place + 1)
    nesting = 0
    for token in tokens:
        start = token["start"]
        if token["type"] not in _TOKENS:
            raise _forbidden(token, start)
        if token["type"] == "literal":
            _strict_literal(text, start)
        nesting += token["type"] in {"lparen", "filter", "not"}
        if nesting > MAX_NESTING:
            raise ExpressionError("the condition is nested too deeply", start, start + 1)


def _forbidden(token: dict[str, Any], start: int) -> ExpressionError:
    value = written = str(token["value"])
    if token["type"] == "number":
        message, advice = f"the number `{value}` stands bare", f"write it in backticks: `{value}`"
    elif token["type"] == "quoted_identifier":
        written = json.dumps(value, ensure_ascii=False)
        message = f'`"{value}"` would name a field, not a text'
        advice = f"write a text in single quotes: '{value}'"
    else:
        message, advice = f"`{value}` is not part of the language of rules", ALLOWED
    return ExpressionError(message, start, start + len(written), advice)


def _strict_literal(text: str, start: int) -> None:
    found = _LITERAL.match(text, start)
    if found is None or text[start] == "'":
        return
    content = found.group()[1:-1]
    try:
        json.loads(content.replace("\\`", "`"), parse_constant=_no_constant)
    except ValueError:
        message = f"`{content}` is not JSON"
        advice = f"write a text in single quotes: '{content}'"
        raise ExpressionError(message, start, found.end(), advice) from None


def _no_constant(name: str) -> object:
    raise ValueError(name)


class _Builder:
    """Builds terms out of jmespath's tree, taking the places from the tokens one by one."""

    __slots__ = ("_leaves", "_text")

    def __init__(self, leaves: Iterator[dict[str, Any]], text: str) -> None:
        self._leaves = leaves
        self._text = text

    def term(self, tree: dict[str, Any]) -> Term:
        kind, parts = tree["type"], tree["children"]
        if kind in {"field", "literal"}:
            return self._leaf(kind, tree["value"])
        if kind == "function_expression":
            name = self._leaf("field", tree["value"])
            arguments = tuple(self.term(part) for part in parts)
            return _join("call", tree["value"], arguments, name)
        if kind == "filter_projection":
            return self._filter(*parts)
        children = tuple(self.term(part) for part in parts if part["type"] != "identity")
        if kind == "subexpression":
            return _path(children)
        if kind == "comparator":
            return _join("compare", _COMPARATORS[tree["value"]], children)
        short = kind.removesuffix("_expression")
        return _join(short, "", _flat(short, children) if short != "not" else children)

    def _leaf(self, kind: str, value: object) -> Term:
        start = next(self._leaves)["start"]
        found = _LITERAL.match(self._text, start) if kind == "literal" else None
        end = found.end() if found else start + len(str(value))
        return Term(kind, value, (), start, end)

    def _filter(self, listed: Any, after: Any, condition: Any) -> Term:
        """Children: the list, the condition, and what follows the bracket, in order of the text."""
        if listed["type"] == "identity":
            found = self.term(condition)
            message = "a filter needs the list that it filters"
            raise ExpressionError(message, found.start, found.end, "write `list[?condition]`")
        parts = [self.term(listed), self.term(condition)]
        if after["type"] != "identity":
            raise _after(parts, after)
        return _join("filter", "", tuple(parts))


def _after(parts: list[Term], after: Any) -> ExpressionError:
    start, end = parts[0].start, parts[-1].end + 1
    if after["type"] == "filter_projection":
        return ExpressionError(
            "a filter cannot filter another filter", start, end, "join the conditions with `&&`"
        )
    message = "nothing may follow `[?…]`: it answers whether there is such a member"
    return ExpressionError(message, start, end, "move the field into the condition")


def _path(children: tuple[Term, ...]) -> Term:
    if children[0].kind == "not":
        names = (child.value for child in (*children[0].children, *children[1:]))
        advice = f"write `!({'.'.join(map(str, names))})`"
        head = children[0]
        raise ExpressionError("`!` binds tighter than `.`", head.start, head.end, advice)
    for child in children:
        if child.kind != "field":
            message = "a path is made of names alone"
            raise ExpressionError(message, child.start, child.end, "write `a.b.c`")
    return _join("path", tuple(child.value for child in children), children)


def _flat(kind: str, children: tuple[Term, ...]) -> tuple[Term, ...]:
    """Merge nested chains, so that `a && b && c` is one term of three operands."""
    flat: list[Term] = []
    for child in children:
        flat.extend(child.children if child.kind == kind else (child,))
    return tuple(flat)


def _join(kind: str, value: object, children: tuple[Term, ...], head: Term | None = None) -> Term:
    first = head or children[0]
    last = children[-1] if children else first
    return Term(kind, value, children, first.start, last.end)

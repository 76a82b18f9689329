"""The mutants of a condition: the small mistakes its author could have made and must disprove."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from iamlint.rules.closure import Test, build
from iamlint.rules.language import Language
from iamlint.rules.paths import Fact, resolve
from iamlint.typed import Any, NamedTuple

Tree = list[Any]
Change = tuple[str, Tree]  # what was changed, and the tree with the change in it

_SIGNS = {"and": " && ", "or": " || "}
# A comparator becomes its opposite and, among orders, the one that differs at the border.
_FLIPS = {
    "==": ("!=",),
    "!=": ("==",),
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
}


class Mutant(NamedTuple):
    """A changed condition. The description is what a rule file names when it argues equivalence."""

    description: str
    test: Test


def mutants(tree: Tree, node: str, language: Language) -> Iterator[Mutant]:
    """Yield every mutant of a checked condition on nodes of kind `node`."""
    seen: Counter[str] = Counter()
    for description, changed in _Mutator(language).changes(tree, node):
        seen[description] += 1
        again = f" ({seen[description]})" if seen[description] > 1 else ""
        yield Mutant(description + again, build(changed))


def shown(tree: Tree) -> str:
    """A checked condition as text."""
    kind, *parts = tree
    if kind in _SIGNS:
        return _SIGNS[kind].join(_wrapped(part) for part in parts)
    if kind == "not":
        dotted = parts[0][0] == "fact" and "." in parts[0][1]  # `!a.b` is not `!(a.b)`
        return f"!({shown(parts[0])})" if dotted else f"!{_wrapped(parts[0])}"
    if kind == "fact":
        return str(parts[0])
    if kind == "compare":
        return f"{_value(parts[1])} {parts[0]} {_value(parts[2])}"
    if kind == "count":
        return f"length({parts[1]}[?{shown(parts[2])}]) {parts[0]} {_literal(parts[3])}"
    if kind == "some":
        return f"{parts[0]}[?{shown(parts[1])}]"
    return f"{kind}({_value(parts[0])}, {_value(parts[1])})"


def _wrapped(tree: Tree) -> str:
    bare = tree[0] not in {*_SIGNS, "compare", "count", "some"}
    return shown(tree) if bare else f"({shown(tree)})"


def _value(value: Tree) -> str:
    kind, content = value
    if kind == "literal":
        return _literal(content)
    return f"length({content})" if kind == "length" else str(content)


def _literal(content: object) -> str:
    if isinstance(content, str):
        escaped = content.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return f"`{json.dumps(content)}`"


class _Mutator:
    __slots__ = ("_language",)

    def __init__(self, language: Language) -> None:
        self._language = language

    def changes(self, tree: Tree, node: str) -> Iterator[Change]:
        """The changes of this term, then those of the terms within it."""
        if tree[0] == "not":
            yield f"negate `{shown(tree)}`", tree[1]
            yield from _inside(tree, 1, self._within(tree[1], node))
            return
        if tree[0] not in {"compare", "count"}:  # flipping a comparator negates it already
            yield f"negate `{shown(tree)}`", ["not", tree]
        yield from self._within(tree, node)

    def _within(self, tree: Tree, node: str) -> Iterator[Change]:
        """The changes that are not the negation of the whole term."""
        if tree[0] == "not":
            yield from _inside(tree, 1, self._within(tree[1], node))
        elif tree[0] in _SIGNS:
            yield from self._chain(tree, node)
        else:
            yield from self._leaf(tree, node)

    def _chain(self, tree: Tree, node: str) -> Iterator[Change]:
        other = "or" if tree[0] == "and" else "and"
        sign, swapped = _SIGNS[tree[0]].strip(), _SIGNS[other].strip()
        yield f"`{swapped}` for `{sign}` in `{shown(tree)}`", [other, *tree[1:]]
        for index in range(1, len(tree)):
            rest = tree[:index] + tree[index + 1 :]
            yield f"drop `{shown(tree[index])}`", rest if len(rest) > 2 else rest[1]
        for index in range(1, len(tree)):
            yield from _inside(tree, index, self.changes(tree[index], node))

    def _leaf(self, tree: Tree, node: str) -> Iterator[Change]:
        kind = tree[0]
        if kind in {"compare", "count"}:
            for flipped in _FLIPS[tree[1]]:
                yield f"`{flipped}` for `{tree[1]}` in `{shown(tree)}`", _put(tree, 1, flipped)
        if kind in {"compare", "contains", "starts_with", "ends_with"}:
            yield from self._literals(tree, node)
        elif kind == "count":
            for number in _neighbours(tree[4]):
                yield _said(number, tree[4], tree), _put(tree, 4, number)
            yield from _inside(tree, 3, self.changes(tree[3], self._member(tree[2], node)))
        elif kind == "some":
            yield from _inside(tree, 2, self.changes(tree[2], self._member(tree[1], node)))

    def _literals(self, tree: Tree, node: str) -> Iterator[Change]:
        first = len(tree) - 2
        for index, beside in ((first, first + 1), (first + 1, first)):
            kind, content = tree[index]
            if kind != "literal":
                continue
            choices = self._choices(tree[beside], node)
            for changed in _others(content, choices):
                yield _said(changed, content, tree), _put(tree, index, ["literal", changed])

    def _choices(self, value: Tree, node: str) -> tuple[str, ...]:
        return self._fact(value[1], node).choices if value[0] == "field" else ()

    def _member(self, path: str, node: str) -> str:
        return self._fact(path, node).of

    def _fact(self, path: str, node: str) -> Fact:
        return resolve(self._language.vocabulary, node, path.split("."))


def _others(content: object, choices: tuple[str, ...]) -> list[object]:
    """What could stand in place of a literal."""
    if isinstance(content, bool):
        return [not content]
    if isinstance(content, int | float):
        return list(_neighbours(content))
    if isinstance(content, str):
        return [_other_text(content, choices)]
    if isinstance(content, list):
        return [content[:at] + content[at + 1 :] for at in range(len(content))]
    return []  # null: its comparison is flipped, and there is no other null


def _other_text(content: str, choices: tuple[str, ...]) -> str:
    if len(choices) < 2 or content not in choices:
        return content + "~"
    return choices[(choices.index(content) + 1) % len(choices)]


def _neighbours(number: float) -> tuple[float, float]:
    return number + 1, number - 1


def _said(changed: object, content: object, tree: Tree) -> str:
    return f"{_quoted(changed)} for {_quoted(content)} in `{shown(tree)}`"


def _quoted(content: object) -> str:
    text = _literal(content)
    return text if text.startswith("`") else f"`{text}`"


def _inside(tree: Tree, index: int, changes: Iterator[Change]) -> Iterator[Change]:
    for description, changed in changes:
        yield description, _put(tree, index, changed)


def _put(tree: Tree, index: int, item: object) -> Tree:
    return [*tree[:index], item, *tree[index + 1 :]]

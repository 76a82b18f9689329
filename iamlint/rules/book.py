"""The rule book at run time: rules read from compiled data, conditions built when first asked."""

from __future__ import annotations

import json
from collections.abc import Iterable

from iamlint.facts.truth import Truth
from iamlint.rules.closure import Node, Test, build
from iamlint.rules.message import render, render_bare
from iamlint.typed import Any, NamedTuple

FORMAT = 3  # of the compiled data; raise it whenever the compiler writes something else


class BookFormatError(Exception):
    """Compiled data that this version does not read."""


class Edit(NamedTuple):
    """What to do to the policy so that a finding is gone.

    `kind`: `write`, `remove` or `add`; `part`: the point of the node that is written over or
    removed; `texts`: what is written, or operator, key and value of the guard that is added.
    """

    kind: str
    part: str
    texts: tuple[str, ...]


class Rule:
    """One rule: what it looks at, when it speaks and what it says."""

    __slots__ = (
        "_edit",
        "_examples",
        "_message",
        "_test",
        "_tree",
        "_written",
        "condition",
        "exceptions",
        "fix",
        "id",
        "mutants",
        "node",
        "point",
        "references",
        "severity",
        "since",
        "subsumes",
        "tags",
        "title",
        "topic",
        "why",
        "witness",
    )

    def __init__(self, data: dict[str, Any], written: bytes = b"") -> None:
        self.id: str = data["id"]
        self.title: str = data["title"]
        self.severity: str = data["severity"]
        self.since: str = data["since"]
        self.topic: str = data["topic"]
        self.node: str = data["for"]
        self.point: str = data["point"]
        self.condition: str = data["condition"]  # `when` as it was written
        self.witness: str = data["witness"]  # path of a truth, or empty
        self.why: str = data["why"]
        self.fix: str = data["fix"]
        self.exceptions: str = data["exceptions"]
        self.references: tuple[str, ...] = tuple(data["references"])
        self.subsumes: tuple[str, ...] = tuple(data["subsumes"])
        self.tags: dict[str, Any] = data["tags"]
        self._examples: dict[str, list[dict[str, Any]]] | None = data.get("examples")
        self._written = written  # the examples of all rules of the book, unless they are in `data`
        self.mutants: list[dict[str, str]] = data["mutants"]
        self._tree: list[Any] = data["when"]
        self._message: list[object] = data["message"]
        self._edit: dict[str, Any] | None = data["edit"]
        self._test: Test | None = None

    def __repr__(self) -> str:
        return f"Rule({self.id!r})"

    @property
    def tree(self) -> list[Any]:
        """The checked expression, as plain data."""
        return self._tree

    @property
    def examples(self) -> dict[str, list[dict[str, Any]]]:
        """What the rule reports (`bad`) and what it does not (`good`)."""
        if self._examples is None:
            self._examples = json.loads(self._written)[self.id]
        return self._examples

    def when(self, node: Node) -> Truth:
        """Whether the rule speaks about this node."""
        test = self._test
        if test is None:  # most rules are never asked: their kind of node does not occur
            test = self._test = build(self._tree)
        return test(node)

    def message(self, node: Node) -> str:
        """What the rule says about a node for which `when` holds."""
        return render(self._message, node)

    @property
    def edit_kind(self) -> str:
        """What kind of edit ends its findings, see `Edit`; empty where it names none."""
        return str(self._edit["kind"]) if self._edit else ""

    def edit(self, node: Node) -> Edit | None:
        """What to do about a node for which `when` holds, where the right text is known."""
        if self._edit is None:
            return None
        texts = [render_bare(each, node) for each in self._edit["texts"]]
        known = tuple(text for text in texts if text is not None)
        if len(known) < len(texts):
            return None
        return Edit(self._edit["kind"], self._edit["part"], known)

    def flag(self, name: str) -> bool:
        """Whether a free flag, such as `spelling`, is among the tags."""
        return self.tags.get(name) is True


class RuleBook:
    """Rules in the order of their ids."""

    __slots__ = ("_by_id", "_by_node", "rules")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._by_id = {rule.id: rule for rule in self.rules}
        self._by_node: dict[str, list[Rule]] = {}
        for rule in self.rules:
            self._by_node.setdefault(rule.node, []).append(rule)

    @classmethod
    def of(cls, data: object, examples: bytes = b"") -> RuleBook:
        """Read compiled data; raises BookFormatError."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise BookFormatError("the compiled rule book was written by another version")
        try:
            return cls(Rule(rule, examples) for rule in data["rules"])
        except (KeyError, TypeError, AttributeError):
            raise BookFormatError("the compiled rule book is damaged") from None

    def get(self, name: str) -> Rule | None:
        """The rule of that id, if there is one."""
        return self._by_id.get(name)

    def of_node(self, kind: str) -> list[Rule]:
        """The rules that look at nodes of a kind."""
        return self._by_node.get(kind, [])

    def joined(self, other: RuleBook) -> RuleBook:
        """Both books in one; of two rules with one id the other's is kept."""
        return RuleBook((self._by_id | other._by_id).values())


def parse_book(content: bytes) -> RuleBook:
    """Read the bytes of a compiled book; raises BookFormatError."""
    rules, _, examples = content.partition(b"\n")
    try:
        return RuleBook.of(json.loads(rules), examples)
    except (ValueError, RecursionError):
        raise BookFormatError("the compiled rule book is not JSON") from None

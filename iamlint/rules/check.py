"""Checks one rule file as a whole and makes the plain data that the rule book ships."""

from __future__ import annotations

from pathlib import PurePosixPath

from iamlint.rules.errors import CODE, RuleBookError, fault
from iamlint.rules.expression import check, never_null, positive_truths
from iamlint.rules.language import Language
from iamlint.rules.mutants import mutants
from iamlint.rules.parse import ExpressionError
from iamlint.rules.paths import UnknownFactError, advise, resolve
from iamlint.rules.schema import RuleFile, validate
from iamlint.rules.template import MessageError, compile_message
from iamlint.rules.tree import Tree, find, part, plain, read_tree
from iamlint.source import Problem, Source
from iamlint.typed import Any, NamedTuple

Data = dict[str, Any]


class Checked(NamedTuple):
    """A rule that is sound by itself, and where it was written."""

    data: Data
    tree: Tree
    source: Source

    def problem(self, path: tuple[int | str, ...], message: str, advice: str = "") -> Problem:
        """A mistake at a value of the file."""
        place = find(self.tree, path, self.source)
        return fault(self.source, place.start, place.end, message, advice)


def check_rule(source: Source, language: Language) -> Checked:
    """Check the text of a rule file; raises RuleBookError with every mistake that was found."""
    tree = read_tree(source)
    found = validate(plain(tree, source), tree, source)
    if isinstance(found, list):
        raise RuleBookError(found)
    return _Checker(found, tree, source, language).run()


class _Checker:
    __slots__ = ("_language", "_problems", "_rule", "_source", "_tree")

    def __init__(self, rule: RuleFile, tree: Tree, source: Source, language: Language) -> None:
        self._rule = rule
        self._tree = tree
        self._source = source
        self._language = language
        self._problems: list[Problem] = []

    def run(self) -> Checked:
        self._check_name()
        data = self._meaning() if self._check_node() else {}
        if self._problems:
            raise RuleBookError(self._problems)
        default = self._language.points[self._rule.node][0]
        data["point"] = self._rule.point or default
        return Checked(_texts(self._rule, self._source) | data, self._tree, self._source)

    def _check_name(self) -> None:
        stem = PurePosixPath(self._source.name).stem
        if stem != self._rule.id:
            advice = f"rename the file, or write `id: {stem}`"
            self._add("id", f"the id `{self._rule.id}` is not the name of the file", advice)

    def _check_node(self) -> bool:
        rule, points = self._rule, self._language.points
        if rule.node not in points:
            self._add("for", f"unknown kind of node `{rule.node}`", advise(rule.node, points))
            return False
        if rule.point is not None and rule.point not in points[rule.node]:
            message = f"a {rule.node} has no part `{rule.point}`"
            self._add("point", message, advise(rule.point, points[rule.node]))
        return True

    def _meaning(self) -> Data:
        """Check what is said in the language: the condition, and all that leans on it."""
        rule = self._rule
        try:
            when = check(rule.when, rule.node, self._language)
        except ExpressionError as error:
            self._add_part("when", error)
            return {}
        asked = positive_truths(when)
        self._check_mutants(when)
        return {
            "when": when,
            "message": self._message(asked, never_null(rule.when)),
            "witness": self._witness(asked),
            "edit": self._edit(),
        }

    def _edit(self) -> Data | None:
        """The edit as the rule book keeps it: its kind, the part it is about, and its texts."""
        edit = self._rule.edit
        if edit is None:
            return None
        if edit.add is not None:
            guard = {name: text for name, text in edit.add if isinstance(text, str)}
            texts = [self._text(("edit", "add", name), text) for name, text in guard.items()]
            return {"kind": "add", "part": "", "texts": texts}
        part = edit.write or edit.remove or ""
        points = self._language.points[self._rule.node]
        if part not in points:
            field = ("edit", "write" if edit.write else "remove")
            message = f"a {self._rule.node} has no part `{part}`"
            self._add(field, message, advise(part, points))
        texts = [self._text(("edit", "as"), edit.as_)] if edit.as_ else []
        return {"kind": "write" if edit.write else "remove", "part": part, "texts": texts}

    def _text(self, field: tuple[str, ...], text: str) -> list[object]:
        rule = self._rule
        try:
            return compile_message(text, rule.node, self._language, (), None)
        except MessageError as error:
            self._add_part(field, error)
            return []

    def _message(self, asked: list[str], known: frozenset[str]) -> list[object]:
        rule = self._rule
        try:
            return compile_message(rule.message, rule.node, self._language, asked, known)
        except MessageError as error:
            self._add_part("message", error)
            return []

    def _witness(self, asked: list[str]) -> str:
        rule, vocabulary = self._rule, self._language.vocabulary
        if rule.witness is None:
            facts = (resolve(vocabulary, rule.node, path.split(".")) for path in asked)
            return next((fact.path for fact in facts if fact.type == "truth"), "")
        if rule.witness == "none":
            return ""
        try:
            fact = resolve(vocabulary, rule.node, rule.witness.split("."))
        except UnknownFactError as error:
            self._add("witness", error.message, error.advice)
            return ""
        if fact.type != "truth":
            self._add("witness", f"`{fact.path}` is no answer and has no witness")
        return fact.path

    def _check_mutants(self, when: list[Any]) -> None:
        if not self._rule.mutants:
            return
        made = [mutant.description for mutant in mutants(when, self._rule.node, self._language)]
        for index, argued in enumerate(self._rule.mutants):
            if argued.mutant not in made:
                place = find(self._tree, ("mutants", index, "mutant"), self._source)
                message = f"`when` has no mutant `{argued.mutant}`"
                advice = "\n    ".join(["its mutants are:", *made])
                self._problems.append(fault(self._source, place.start, place.end, message, advice))

    def _add(self, field: str | tuple[str, ...], message: str, advice: str = "") -> None:
        place = find(self._tree, _path(field), self._source)
        self._problems.append(fault(self._source, place.start, place.end, message, advice))

    def _add_part(
        self, field: str | tuple[str, ...], error: ExpressionError | MessageError
    ) -> None:
        place = find(self._tree, _path(field), self._source)
        span = part(place, error.start, error.end, self._source)
        advice = error.advice or None
        self._problems.append(Problem(CODE, error.message, self._source.name, span, advice))


def _path(field: str | tuple[str, ...]) -> tuple[str, ...]:
    return (field,) if isinstance(field, str) else field


def _texts(rule: RuleFile, source: Source) -> Data:
    """Everything of a rule that is not its meaning, in a fixed order of names."""
    folder = PurePosixPath(source.name).parent.name
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "since": rule.since,
        "topic": folder,
        "for": rule.node,
        "condition": rule.when.strip(),
        "why": rule.why,
        "fix": rule.fix,
        "exceptions": rule.exceptions,
        "references": list(rule.references),
        "tags": rule.tags.model_dump(exclude_none=True),
        "subsumes": list(rule.subsumes),
        "examples": rule.examples.model_dump(exclude_none=True),
        "mutants": [mutant.model_dump() for mutant in rule.mutants],
    }

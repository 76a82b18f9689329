"""Compiles a folder of rule files into the data of a rule book, checked as a whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from iamlint.rules.book import FORMAT
from iamlint.rules.check import Checked, check_rule
from iamlint.rules.errors import RuleBookError
from iamlint.rules.language import Language
from iamlint.rules.paths import advise
from iamlint.rules.tree import source_of
from iamlint.source import Problem
from iamlint.typed import Any


def compile_book(
    files: Mapping[str, bytes], language: Language, known: Collection[str] = ()
) -> dict[str, Any]:
    """Make a rule book of the files; raises RuleBookError with every mistake in every file.

    `known` are the ids of rules in other books: they are taken, and may be referred to.
    """
    problems: list[Problem] = []
    rules: list[Checked] = []
    for name in sorted(files):
        try:
            rules.append(check_rule(source_of(name, files[name]), language))
        except RuleBookError as error:
            problems.extend(error.problems)
    # NOTE: a rule that could not be read would only make everything that names it look wrong.
    problems += _whole(rules, known, complete=not problems)
    if problems:
        raise RuleBookError(problems)
    return {"format": FORMAT, "rules": sorted((rule.data for rule in rules), key=_id)}


def book_bytes(book: dict[str, Any]) -> bytes:
    """The bytes that are shipped: the same for the same rules, on every machine.

    Examples, three quarters of it all, stand on a line of their own: a check has no use for them.
    """
    rules = [{key: rule[key] for key in rule if key != "examples"} for rule in book["rules"]]
    examples = {_id(rule): rule["examples"] for rule in book["rules"]}
    return _line(book | {"rules": rules}) + _line(examples)


def _line(data: object) -> bytes:
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _whole(rules: list[Checked], known: Collection[str], complete: bool) -> Iterable[Problem]:
    ids = {_id(rule.data) for rule in rules} | set(known)
    seen: dict[str, str] = dict.fromkeys(known, "another rule book")
    for rule in rules:
        name = _id(rule.data)
        if name in seen:
            message = f"the id `{name}` is taken by {seen[name]}"
            yield rule.problem(("id",), message, "ids are never shared or used again")
        seen[name] = f"`{rule.source.name}`"
        if complete:
            yield from _references(rule, ids)
    if complete:
        yield from _cycle(rules)


def _references(rule: Checked, ids: set[str]) -> Iterable[Problem]:
    """Rules that are named and do not exist."""
    named = [(("subsumes", at), name) for at, name in enumerate(rule.data["subsumes"])]
    places: list[tuple[tuple[int | str, ...], str]] = list(named)
    for kind in ("bad", "good"):
        for index, example in enumerate(rule.data["examples"][kind]):
            for at, name in enumerate(example.get("also", ())):
                places.append((("examples", kind, index, "also", at), name))
    for path, name in places:
        if name == _id(rule.data):
            yield rule.problem(path, f"`{name}` names itself", "drop it")
        elif name not in ids:
            yield rule.problem(path, f"there is no rule `{name}`", advise(name, ids))


def _cycle(rules: list[Checked]) -> Iterable[Problem]:
    by_id = {_id(rule.data): rule for rule in rules}
    graph = {name: set(rule.data["subsumes"]) - {name} for name, rule in by_id.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        way = " → ".join(f"`{name}`" for name in circle)
        yield by_id[circle[0]].problem(
            ("subsumes",), f"rules subsume each other in a circle: {way}", "drop one of them"
        )


def _id(data: dict[str, Any]) -> str:
    return str(data["id"])

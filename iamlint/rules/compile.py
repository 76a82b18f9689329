"""Compiles a folder of rule files into the data of a rule book, checked as a whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from iamlint.rules.book import FORMAT
from iamlint.rules.check import Checked, check_rule
from iamlint.rules.errors import CODE, RuleBookError
from iamlint.rules.language import Language
from iamlint.rules.paths import advise
from iamlint.rules.tree import MAX_BYTES, source_of
from iamlint.source import FileError, Files, Problem
from iamlint.typed import Any

MAX_FILES = 1000
MAX_FOLDERS = 8  # levels below the folder that was named
SUFFIXES = (".yaml", ".yml")


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


def gather(files: Files, folder: str) -> dict[str, bytes]:
    """Read the rule files below a folder, links left out; raises RuleBookError."""
    found: dict[str, bytes] = {}
    pending = [(folder, 0)]
    while pending:
        path, level = pending.pop()
        try:
            entries = files.list(path)
        except FileError as error:
            raise RuleBookError([Problem(CODE, error.reason, path)]) from None
        for entry in entries:
            name = f"{path.rstrip('/')}/{entry.name}" if path != "." else entry.name
            if entry.kind == "folder" and level < MAX_FOLDERS:
                pending.append((name, level + 1))
            elif entry.kind == "file" and _is_rule(entry.name):
                found[name] = _read(files, name, entry.size)
        if len(found) > MAX_FILES or len(pending) > MAX_FILES:
            message = f"more than {MAX_FILES} rule files or folders"
            raise RuleBookError([Problem(CODE, message, folder)])
    if not found:
        advice = "a rule book is a folder of `.yaml` files, one rule a file"
        raise RuleBookError([Problem(CODE, "the folder holds no rule", folder, None, advice)])
    return found


def _is_rule(name: str) -> bool:
    return name.endswith(SUFFIXES) and not name.startswith(".")  # editors leave hidden drafts


def _read(files: Files, name: str, size: int) -> bytes:
    if size > MAX_BYTES:
        message = f"the rule file is larger than {MAX_BYTES // 1024} KiB"
        raise RuleBookError([Problem(CODE, message, name)])
    try:
        return files.read(name)
    except FileError as error:
        raise RuleBookError([Problem(CODE, error.reason, name)]) from None


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

"""Writes the pages of the rules, `docs/rules/`, in which every example is checked and shown.

`python docs/pages.py` writes them; with `--check` it only says which are not up to date.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))  # where iamlint is not installed

from iamlint import lint
from iamlint.config import Config
from iamlint.facts.vocabulary import POINTS, VOCABULARY
from iamlint.reporters import View, render
from iamlint.rules.book import Rule, RuleBook
from iamlint.rules.page import index, markdown, vocabulary_page
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles

FOLDER = Path(__file__).resolve().parent / "rules"
OWN_ACCOUNT = "111111111111"  # that of a role in an example which says nothing else
OPTIONS = {
    "accounts": "account",
    "organizations": "organization",
    "trusted_accounts": "trusted-account",
}
NEVER = "never"  # no day at all
TIMES = ("aws:currenttime", "aws:epochtime")
Json = dict[str, Any]


def pages(book: RuleBook) -> dict[str, str]:
    """The text of every page, by the name of its file."""
    made = {f"{rule.id}.md": page(rule, book) for rule in book.rules}
    head = "<!-- written by docs/pages.py -->\n"
    return made | {
        "README.md": head + index(book.rules),
        "vocabulary.md": head + vocabulary_page(VOCABULARY, POINTS),
    }


def page(rule: Rule, book: RuleBook) -> str:
    """The page of one rule."""
    level = "info" if rule.severity == "info" else "low"
    shown = markdown(rule, checked=lambda example: checked(example, book, level))
    return f"<!-- written by docs/pages.py -->\n{shown}"


def checked(example: Json, book: RuleBook, level: str) -> tuple[str, str]:
    """The file of an example, and the command that checks it with what that prints."""
    file = text_of(example)
    estate = {"accounts": [example.get("account", OWN_ACCOUNT)]} | example.get("estate", {})
    day = example.get("now", "never")
    now = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) if day != NEVER else None
    config = Config(level=level, now=now, **{name: _held(given) for name, given in estate.items()})
    report = lint(DictFiles({"example.json": file}), ["example.json"], config, book=book)
    shown = render("text", report, View(rules=book.rules, quiet=True))
    words = ["$ iamlint check --quiet"]
    words += [f"--level {level}"] if level != "low" else []
    words += [f"--now {day}"] if any(word in file.lower() for word in TIMES) else []
    settings = ""
    if estate.keys() <= OPTIONS.keys():
        words += [f"--{OPTIONS[name]} {text}" for name, texts in estate.items() for text in texts]
    else:
        settings = f"$ cat iamlint.toml\n{settings_of(estate)}"
    return file, f"{settings}{' '.join(words)} example.json\n{shown}"


def settings_of(estate: Json) -> str:
    """An estate as a configuration says it."""
    lines = ["[estate]"]
    lists = ("organizations", "trusted_accounts", "vendors", "issuers")
    lines += [f"{n.replace('_', '-')} = {json.dumps(estate[n])}" for n in lists if n in estate]
    lines.append("[estate.accounts]")
    environments, names = estate.get("environments", {}), estate.get("names", {})
    for number, account in enumerate(estate["accounts"]):
        called = names.get(account, environments.get(account, f"own{number + 1}"))
        inner = f'id = "{account}"'
        if account in environments:
            inner += f', environment = "{environments[account]}"'
        lines.append(f"{called} = {{ {inner} }}")
    if "tenants" in estate:
        lines.append("[estate.tenants]")
        lines += [f'"{name}" = {json.dumps(each)}' for name, each in estate["tenants"].items()]
    return "\n".join(lines) + "\n"


def _held(given: Any) -> Any:
    """A setting of an example as the library takes it."""
    if isinstance(given, dict):
        return {name: _held(each) for name, each in given.items()}
    return tuple(given) if isinstance(given, list) else given


def text_of(example: Json) -> str:
    """An example as the file that is checked."""
    if "text" in example:
        return str(example["text"])
    policy = {"Version": "2012-10-17"} | example["policy"]
    if "role" not in example:
        return json.dumps(policy, indent=2, ensure_ascii=False)
    return json.dumps({"Role": example["role"] | {"AssumeRolePolicyDocument": policy}}, indent=2)


def stale(made: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """The pages that are not what they should be, or should not be there."""
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; the exit status."""
    made = pages(shipped_book())
    old = stale(made)
    if arguments == ["--check"]:
        print("".join(f"docs/rules/{name} is not up to date\n" for name in old), end="")
        return 1 if old else 0
    FOLDER.mkdir(exist_ok=True)
    for name in old:
        path = FOLDER / name
        if name in made:
            path.write_text(made[name], "utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

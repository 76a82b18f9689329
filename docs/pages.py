"""Writes the pages of the rules, `docs/rules/`, in which every example is checked and shown.

`python docs/pages.py` writes them; with `--check` it only says which are not up to date.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

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
    estate: Json = {"accounts": [example.get("account", OWN_ACCOUNT)]} | example.get("estate", {})
    if not estate.keys() <= OPTIONS.keys():  # in a configuration every account has a name
        names = {account: f"own-{n}" for n, account in enumerate(estate["accounts"], 1)}
        estate["names"] = names | estate.get("names", {})
    known = config(example, estate, level)
    report = lint(DictFiles({"example.json": file}), ["example.json"], known, book=book)
    shown = render("text", report, View(rules=book.rules, quiet=True))
    words = ["$ iamlint check --quiet"]
    words += [f"--level {level}"] if level != "low" else []
    if "now" in example or re.search("(?i)(?:Current|Epoch|Issue)Time", file):
        words.append(f"--now {example.get('now', 'never')}")
    before = ""
    if estate.keys() <= OPTIONS.keys():
        words += [f"--{OPTIONS[name]} {text}" for name, texts in estate.items() for text in texts]
    else:
        before = f"$ cat iamlint.toml\n{settings(estate)}"
    return file, f"{before}{' '.join(words)} example.json\n{shown}"


def config(example: Json, estate: Json, level: str) -> Config:
    """The settings that an example is checked with."""
    known = {name: _frozen(held) for name, held in estate.items()}
    day = example.get("now")
    now = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) if day else None
    return Config(level=level, now=now, **known)


def _frozen(held: Any) -> Any:
    if isinstance(held, dict):
        return {name: _frozen(each) for name, each in held.items()}
    return tuple(held) if isinstance(held, list) else held


def settings(estate: Json) -> str:
    """The configuration that says the same of the estate."""
    names, environments = estate["names"], estate.get("environments", {})
    accounts: Json = {}
    for account in estate["accounts"]:
        said = {"id": account, "environment": environments.get(account)}
        accounts[names[account]] = {k: v for k, v in said.items() if v}
    rest = {
        name.replace("_", "-"): held
        for name, held in estate.items()
        if name not in ("accounts", "names", "environments")
    }
    lists = {name: held for name, held in rest.items() if isinstance(held, list)}
    tables = {name: held for name, held in rest.items() if isinstance(held, dict)}
    made = "".join(f"{name} = {json.dumps(held)}\n" for name, held in lists.items())
    tables = ({"accounts": accounts} if accounts else {}) | tables
    made = f"[estate]\n{made}" if made else ""
    for name, held in tables.items():
        lines = (f"{json.dumps(key)} = {_inline(each)}\n" for key, each in held.items())
        made += f"[estate.{name}]\n" + "".join(lines)
    return made


def _inline(held: Any) -> str:
    """A value of TOML on one line."""
    if not isinstance(held, dict):
        return json.dumps(held)
    return "{ " + ", ".join(f"{name} = {json.dumps(each)}" for name, each in held.items()) + " }"


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

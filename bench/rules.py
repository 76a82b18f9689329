"""What the rule book costs beside what must be done anyway; prints JSON.

    python bench/rules.py

Over 1,000 distinct policies of `corpus.py`: the whole book, and reading them and finding one call
that each of them admits, which is the least that any judgement of access needs.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from corpus import policy_text

sys.path.append(str(Path(__file__).resolve().parents[1]))  # where iamlint is not installed

from iamlint.config import Config
from iamlint.engine import Engine, Judged
from iamlint.formats.role import Role
from iamlint.linting import lint_with
from iamlint.localities import Terms
from iamlint.policy.parse import parse_policy
from iamlint.project.books import open_rules
from iamlint.rules.book import RuleBook
from iamlint.semantics.filling import Setting
from iamlint.semantics.meaning import Meaning
from iamlint.semantics.questions import anyone
from iamlint.semantics.strings import Strings
from iamlint.source import DictFiles

POLICIES = 1_000
TURNS = 5


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one run, without the collector, which iamlint turns off as well."""
    gc.collect()
    started = process_time()
    work()
    return process_time() - started


def admission(files: DictFiles, paths: list[str]) -> None:
    """Read every policy and look for one call that it admits."""
    strings = Strings()

    def judge(_: Engine, role: Role, terms: Terms, *__: object) -> Judged:
        for variant in role.variants:
            setting = Setting(role.account or terms.account, role.partition)
            Meaning(parse_policy(variant.document), setting, strings).ask(anyone)
        return Judged([], [], [])

    judged, Engine.judge = Engine.judge, judge  # type: ignore[assignment, method-assign]
    try:
        lint_with(files, paths, Config(), RuleBook(()))
    finally:
        Engine.judge = judged  # type: ignore[method-assign]


def main() -> None:
    texts: dict[str, str | bytes] = {
        f"policy-{number:04}.json": policy_text(number) for number in range(POLICIES)
    }
    files, paths = DictFiles(texts), list(texts)
    book = open_rules((), os.environ)
    gc.disable()
    least: list[float] = []
    whole: list[float] = []
    for turn in range(TURNS + 1):
        first = seconds(lambda: admission(files, paths))
        second = seconds(lambda: lint_with(files, paths, Config(), book))
        if turn:  # the first one fills the caches of both
            least.append(first)
            whole.append(second)
    print(
        json.dumps({"admission": median(least), "rules": median(whole), "count": len(book.rules)})
    )


if __name__ == "__main__":
    main()

"""What many statements cost: at the most the comparison of each with each."""

from __future__ import annotations

from examples_support import FILE
from test_edits import repeated
from work import counted

from iamlint import lint
from iamlint.config import Config
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles

BOOK = shipped_book()


def cost(count: int, *, edits: bool = False) -> int:
    files = DictFiles({FILE: repeated(count)})
    config = Config(edits=edits, level="info")
    report, calls = counted(lambda: lint(files, [FILE], config, book=BOOK))
    assert report.problems == ()
    assert len(report.findings) >= count - 1
    return calls


def test_each_statement_is_compared_with_each_other_one_and_no_more() -> None:
    cost(2)  # what is worked out once
    assert cost(80) < 4.5 * cost(40)


def test_the_edits_of_a_large_policy_cost_a_few_checks_of_it() -> None:
    cost(2, edits=True)  # what is worked out once
    assert cost(90, edits=True) < 12 * cost(90)

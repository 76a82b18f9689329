"""The pages generated from rules and vocabulary."""

from __future__ import annotations

import json

from rules_support import LANGUAGE, RULE, rule

from iamlint.rules.book import Rule, RuleBook
from iamlint.rules.compile import compile_book
from iamlint.rules.page import explain, index, markdown, vocabulary_page


def made(text: str) -> Rule:
    return RuleBook.of(compile_book({"rules/doors/open-door.yaml": text.encode()}, LANGUAGE)).rules[
        0
    ]


def test_explain_says_everything_of_the_rule() -> None:
    page = explain(made(RULE))
    assert page.startswith("critical[open-door]: Anyone can enter the role\n")
    for part in (
        "Why\n\n  An attacker needs",
        "What to write instead\n\n  Name the account:\n\n",
        '\n    "Principal": {"AWS": "arn:aws:iam::111122223333:root"}\n',
        "When to ignore it\n\n  Never",
        "Reported\n\n  the bare star:\n    {",
        '"Principal": "*"',
        "    marked: *\n",
        "Not reported\n\n  one account:\n",
        "    with account: 111122223333\n",
        "References\n\n  https://docs.aws.amazon.com/",
    ):
        assert part in page
    assert not any(line != line.rstrip() for line in page.splitlines())


def test_prose_is_filled_and_code_is_kept() -> None:
    page = explain(made(rule(why="word " * 60)))
    assert max(map(len, page.split("Reported")[0].splitlines())) <= 80


def test_an_example_cannot_steer_the_terminal() -> None:
    text = RULE.replace('marks: "*"', 'marks: "\\e[31m\\u202e*"')
    page = explain(made(text))
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\\x1b[31m\\u202e*" in page


def test_markdown_holds_the_examples_as_code() -> None:
    page = markdown(made(RULE), 2)
    assert page.startswith("## Anyone can enter the role\n")
    assert "### Why\n" in page
    code = page.split("```json\n")[1].split("\n```")[0]
    assert json.loads(code)["Statement"][0]["Principal"] == "*"


def test_a_fence_is_longer_than_those_in_the_example() -> None:
    bad = "{name: x, text: 'a ```` b', marks: a}"
    text = RULE[: RULE.index("examples:")]
    page = markdown(made(f"{text}examples: {{bad: [{bad}], good: [{{name: y, text: b}}]}}\n"))
    assert "`````json\na ```` b\n`````" in page


def test_the_index_lists_the_most_severe_first() -> None:
    severities = {"a": "low", "b": "critical", "c": "high"}
    files = {
        f"rules/{'doors' if name != 'c' else 'keys'}/{name}.yaml": rule(
            id=name, severity=severity
        ).encode()
        for name, severity in severities.items()
    }
    page = index(RuleBook.of(compile_book(files, LANGUAGE)).rules)
    assert page.index("## Doors") < page.index("`b`") < page.index("`a`") < page.index("## Keys")
    assert "| [`b`](b.md) | critical | grant | Anyone can enter the role |" in page


def test_the_vocabulary_page_shows_types_words_and_points() -> None:
    page = vocabulary_page(LANGUAGE.vocabulary, LANGUAGE.points)
    assert "## grant\n\nPoints: `self`, `principal`, `action`.\n\n| field |" in page
    assert "| `admits` | node of [admits](#admits) | Who gets in. |" in page
    assert "| `effect` | enum: `Allow`, `Deny` | … |" in page
    assert "| `public` | truth | Anyone \\| everyone. |" in page

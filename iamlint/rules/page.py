"""Writes the pages that are generated from rules and vocabulary: explain texts and markdown."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping

from iamlint.rules.book import Rule
from iamlint.rules.language import Vocabulary
from iamlint.typed import Any

Example = dict[str, Any]
Checked = Callable[[Example], tuple[str, str]]

_WIDTH = 80  # columns of prose in a terminal
_MOST_LINES = 30  # of an example on a page
_CONTEXT = ("account", "estate", "now", "role")
_SEVERITIES = ("critical", "high", "medium", "low", "info")


def explain(rule: Rule) -> str:
    """The page of a rule as plain text for a terminal."""
    parts = [
        f"{rule.severity}[{rule.id}]: {rule.title}",
        f"Looks at every {rule.node}; since {rule.since}.",
        *_section("Why", rule.why),
        *_section("What to write instead", _advice(rule)),
        *_section("When to ignore it", rule.exceptions),
    ]
    for kind, heading in (("bad", "Reported"), ("good", "Not reported")):
        parts.append(heading)
        parts += [_indented(_example(each)) for each in rule.examples[kind]]
    parts += ["References", _indented("\n".join(rule.references))]
    return _visible("\n\n".join(parts)) + "\n"


def markdown(rule: Rule, level: int = 1, checked: Checked | None = None) -> str:
    """The page of a rule as markdown; `level` is that of its title.

    `checked`: for an example the text of a file, and what a check of it prints.
    """
    mark = "#" * level
    parts = [
        f"{mark} {rule.title}",
        f"`{rule.id}` · {rule.severity} · {rule.node} · since {rule.since}",
        f"{mark}# Why\n\n{rule.why}",
        f"{mark}# What to write instead\n\n{_advice(rule)}",
        f"{mark}# When to ignore it\n\n{rule.exceptions}",
    ]
    for kind, heading in (("bad", "Reported"), ("good", "Not reported")):
        parts.append(f"{mark}# {heading}")
        parts += [_markdown_example(each, checked) for each in rule.examples[kind]]
    links = "\n".join(f"- <{link}>" for link in rule.references)
    parts.append(f"{mark}# References\n\n{links}")
    return _visible("\n\n".join(parts)) + "\n"


def _advice(rule: Rule) -> str:
    if not rule.edit_kind:
        return rule.fix
    return f"{rule.fix}\n\nWhere the right text is certain, `iamlint check --fix` writes it."


def index(rules: Iterable[Rule]) -> str:
    """The page that lists all rules by topic, the most severe first."""
    topics: dict[str, list[Rule]] = {}
    for rule in rules:
        topics.setdefault(rule.topic or "other", []).append(rule)
    parts = ["# Rules"]
    for topic in sorted(topics):
        ordered = sorted(topics[topic], key=lambda rule: (_rank(rule), rule.id))
        rows = [
            (f"[`{rule.id}`]({rule.id}.md)", rule.severity, rule.node, rule.title)
            for rule in ordered
        ]
        table = _table(("rule", "severity", "looks at", "what it finds"), rows)
        parts.append(f"## {topic.capitalize()}\n\n{table}")
    return "\n\n".join(parts) + "\n"


def vocabulary_page(vocabulary: Vocabulary, points: Mapping[str, tuple[str, ...]]) -> str:
    """The page of everything that a rule can ask and underline."""
    intro = (
        "A rule looks at one node: `for` names its kind, `when` asks its fields, and `point` "
        "says which part of it is underlined.\nA type with `?` may be null."
    )
    parts = ["# Vocabulary", intro]
    for kind, fields in vocabulary.items():
        parts.append(f"## {kind}")
        if kind in points:
            parts.append("Points: " + ", ".join(f"`{point}`" for point in points[kind]) + ".")
        rows = [(f"`{name}`", _type(field), field.doc) for name, field in fields.items()]
        parts.append(_table(("field", "type", "meaning"), rows))
    return "\n\n".join(parts) + "\n"


def _type(field: Any) -> str:
    if field.choices:
        words = ", ".join(f"`{word}`" for word in field.choices)
        return f"{field.type}: {words}"
    return f"{field.type} of [{field.of}](#{field.of})" if field.of else str(field.type)


def _section(heading: str, text: str) -> tuple[str, str]:
    return heading, _indented(_wrapped(text))


def _wrapped(text: str) -> str:
    """Fill paragraphs; lines that are indented are code and stay as they are."""
    blocks = re.split(r"\n\s*\n", text.strip("\n"))
    return "\n\n".join(
        block if re.search(r"^[ \t]", block, re.M) else textwrap.fill(block, _WIDTH - 2)
        for block in blocks
    )


def _indented(text: str) -> str:
    return textwrap.indent(text, "  ")


def _example(example: dict[str, Any]) -> str:
    lines = [f"{example['name']}:", _indented(_shown(example))]
    lines += [_indented(line) for line in _remarks(example)]
    return "\n".join(lines)


def _markdown_example(example: Example, checked: Checked | None) -> str:
    name = example["name"][:1].upper() + example["name"][1:]
    if checked is None:
        shown = f"{name}:\n\n{_fenced(_shown(example), 'json')}"
        return shown + "".join(f"\n\n{remark}" for remark in _remarks(example))
    file, printed = checked(example)
    file_shown = _fenced(_beginning(file.rstrip("\n")), "json")
    return f"{name}:\n\n{file_shown}\n\n{_fenced(printed.rstrip(), 'console')}"


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def _shown(example: dict[str, Any]) -> str:
    """The policy of an example; of a long one the beginning, since a page is for reading."""
    if "text" in example:
        text = str(example["text"]).rstrip("\n")
    else:
        text = json.dumps(example["policy"], indent=2, ensure_ascii=False)
    return _beginning(text)


def _beginning(text: str) -> str:
    lines = text.split("\n")
    if len(lines) <= _MOST_LINES:
        return text
    kept = lines[:_MOST_LINES]
    return "\n".join([*kept, f"… {len(lines) - len(kept)} more lines"])


def _remarks(example: dict[str, Any]) -> list[str]:
    """What an example takes for granted, and what is underlined in it."""
    remarks = [f"with {name}: {_inline(example[name])}" for name in _CONTEXT if example.get(name)]
    if "marks" in example:
        remarks.append(f"marked: {example['marks']}")
    return remarks


def _inline(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rank(rule: Rule) -> int:
    return _SEVERITIES.index(rule.severity)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _visible(text: str) -> str:
    """Show what would steer a terminal: an example may hold any character on purpose."""
    return "".join(
        character
        if character.isprintable() or character in "\n\t"
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )

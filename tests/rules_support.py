"""A small language, a node made of a dict, and a sound rule file, for the tests of rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from iamlint.rules.language import Language


class Field(NamedTuple):
    """The shape of a field of the vocabulary."""

    type: str
    doc: str = "…"
    choices: tuple[str, ...] = ()
    of: str = ""


FORMS = ("any", "account", "role")

LANGUAGE = Language(
    {
        "grant": {
            "admits": Field("node", "Who gets in.", of="admits"),
            "statement": Field("node", of="statement"),
            "principal": Field("node?", of="principal"),
            "principals": Field("nodes", "The principals.", of="principal"),
            "role": Field("text", "The role's name."),
            "owner": Field("text?"),
            "alias": Field("text?"),
            "actions": Field("texts"),
            "forms": Field("texts", choices=FORMS),
            "hours": Field("number"),
            "limit": Field("number?"),
            "own": Field("bool"),
            "fenced": Field("bool?"),
        },
        "admits": {
            "public": Field("truth", "Anyone | everyone."),
            "foreign": Field("truth"),
            "maybe": Field("truth?"),
        },
        "statement": {"effect": Field("enum", choices=("Allow", "Deny")), "sid": Field("text?")},
        "principal": {
            "form": Field("enum", "How it is written.", FORMS),
            "text": Field("text"),
            "open": Field("truth"),
            "depth": Field("number"),
            "inner": Field("nodes", of="principal"),
        },
    },
    {"grant": ("self", "principal", "action"), "statement": ("self", "effect")},
)


class Facts:
    """A node whose facts are given; nested dicts are nodes, lists of dicts are lists of nodes."""

    def __init__(self, facts: Mapping[str, object]) -> None:
        self._facts = facts
        self.asked: list[str] = []

    def fact(self, name: str) -> object:
        self.asked.append(name)
        return _fact(self._facts[name])


def _fact(value: object) -> object:
    if isinstance(value, dict):
        return Facts(value)
    if isinstance(value, list):
        return tuple(_fact(item) for item in value)
    return value


RULE = """\
id: open-door
title: Anyone can enter the role
severity: critical
since: "0.1"
for: grant
when: admits.public && statement.effect == 'Allow'
point: principal
message: "{admits.public} can assume {role}"
why: An attacker needs an account and nothing else.
fix: |
  Name the account:

    "Principal": {"AWS": "arn:aws:iam::111122223333:root"}
exceptions: Never, as far as we know.
references: [https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html]
tags: {cwe: [CWE-287], attack: [T1078.004], catalogue: [R001], deployment: true}
examples:
  bad:
    - name: the bare star
      policy: {Statement: [{Effect: Allow, Principal: "*", Action: "sts:AssumeRole"}]}
      marks: "*"
      who: "anyone"
  good:
    - name: one account
      account: "111122223333"
      policy:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Principal: {AWS: "111122223333"}, Action: "sts:AssumeRole"}]
"""


def rule(**changes: str | None) -> str:
    """The sound rule with some of its one-line fields replaced, or left out for None."""
    lines = []
    left = dict(changes)
    for line in RULE.splitlines():
        name = line.partition(":")[0]
        if name not in left:
            lines.append(line)
            continue
        value = left.pop(name)
        if value is not None:
            lines.append(f"{name}: {value}")
    lines += [f"{name}: {value}" for name, value in left.items() if value is not None]
    return "\n".join(lines) + "\n"

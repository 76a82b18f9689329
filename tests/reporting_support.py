"""Reports made by hand, and screens compared with files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from rules_support import LANGUAGE

from iamlint.config import Config
from iamlint.findings import Change, Finding, Note, Place, Report, fingerprint
from iamlint.rules.book import RuleBook
from iamlint.rules.compile import compile_book
from iamlint.source import Problem, Source, Span
from iamlint.triage import Counts, triage

SNAPSHOTS = Path(__file__).parent / "snapshots"

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.example"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringLike": {"token.example:sub": "repo:acme*:*"}
      }
    }
  ]
}
"""


def mark(source: Source, text: str, nth: int = 0) -> Span:
    """The span of the nth occurrence of a text."""
    start = -1
    for _ in range(nth + 1):
        start = source.text.index(text, start + 1)
    return Span(source, start, start + len(text))


def finding(span: Span, **changes: Any) -> Finding:
    """A finding at a span."""
    made = Finding(
        rule="open-subject",
        title="Any tenant of a shared issuer can enter the role",
        severity="critical",
        certainty="certain",
        message="any organisation whose name starts with `acme` can assume `deploy`",
        roles=("deploy",),
        place=Place(span, "the owner part is not closed"),
        witness="a workflow with sub `repo:acme-evil/x:ref:refs/heads/main`",
        help="close the owner: `repo:acme/REPOSITORY:*`",
        fingerprint=fingerprint("open-subject", "deploy", span.text, 0),
    )
    return made._replace(**changes)


def sample(config: Config | None = None) -> Report:
    """A report with most of what a report can hold."""
    trust = Source("infra/trust.json", POLICY)
    broken = Source("infra/broken.json", '{"Statement": [}\n')
    subject = mark(trust, "repo:acme*:*")
    findings = [
        finding(subject, edit=(Change(subject, "repo:acme/web:*"),)),
        finding(
            mark(trust, '"Condition": {\n        "StringLike"'),
            rule="foreign-provider",
            title="The provider may be another account's",
            severity="medium",
            certainty="possible",
            message="the provider may belong to another account",
            roles=tuple(f"role-{number}" for number in range(7)),
            related=(Place(mark(trust, "111122223333"), "its account"), Place(subject)),
            witness=None,
            assumptions=("providers of other accounts work", "the account is not your own"),
            help="use a provider of your own account\nand name it by its ARN",
            notes=(Note("idle-guard", "the guard takes nothing away", Place(subject)),),
        ),
        finding(subject, rule="chatty", severity="info", message="by the way"),
    ]
    problems = [
        Problem("unreadable-file", "cannot read `a.json`: permission denied", "a.json"),
        Problem(
            "invalid-json",
            "expected a value",
            broken.name,
            mark(broken, "}"),
            "write a statement, or take the comma away",
        ),
        Problem("byte-order-mark", "a mark was passed over", "b.json", blocking=False),
    ]
    counts = Counts(
        roles=8,
        files=3,
        unresolved=("`Owner` of `Deploy` in t.yaml",),
        skipped={"a cache": 2, "code of others": 1},
    )
    return triage(findings, problems, config or Config(), counts)


def rule_file(name: str, severity: str, title: str) -> bytes:
    """A rule as its author writes it; JSON is YAML, too."""
    example = {"name": "a prefix", "policy": {"Statement": []}}
    data = {
        "id": name,
        "title": title,
        "severity": severity,
        "since": "0.1",
        "for": "grant",
        "point": "principal",
        "when": "admits.foreign",
        "message": "someone can assume {role}",
        "why": "Everyone can register a name that starts like yours.",
        "fix": "Close the owner with a slash.",
        "exceptions": "When the issuer is yours alone.",
        "references": ["https://example.com/subjects"],
        "tags": {"cwe": ["CWE-287"], "attack": ["T1078.004"], "spelling": True},
        "examples": {"bad": [example | {"marks": "acme"}], "good": [example]},
    }
    return json.dumps(data).encode()


def book() -> RuleBook:
    """A small rule book."""
    title = "Any tenant of a shared issuer can enter the role"
    files = {
        "rules/a/open-subject.yaml": rule_file("open-subject", "critical", title),
        "rules/a/idle-guard.yaml": rule_file("idle-guard", "info", "A guard takes nothing"),
    }
    return RuleBook.of(compile_book(files, LANGUAGE))


def assert_screen(name: str, text: str) -> None:
    """Compare a screen with its file; IAMLINT_UPDATE_SNAPSHOTS=1 writes the file instead."""
    path = SNAPSHOTS / name
    if os.environ.get("IAMLINT_UPDATE_SNAPSHOTS") == "1":
        path.write_bytes(text.encode("utf-8"))
    assert text == path.read_bytes().decode("utf-8")

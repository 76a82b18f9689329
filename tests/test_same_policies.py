"""Roles with the same policy are judged once, and each is told about as if it were alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint import lint
from iamlint.config import Config
from iamlint.engine import NO_TERMS, Engine, Judged
from iamlint.formats import read
from iamlint.formats.role import Role
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles, Source

BOOK = shipped_book()
GITHUB = "token.actions.githubusercontent.com"


def statement(**parts: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"} | parts


SUBJECT = {"StringLike": {f"{GITHUB}:sub": 'repo:acme*:\u00e9"*'}}
POLICIES = (
    [statement()],
    [statement(), statement(Sid="again")],
    [statement(Action="sts:*", Effect="allow")],
    [
        statement(
            Principal={"Federated": f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"},
            Action="sts:AssumeRoleWithWebIdentity",
            Condition=SUBJECT,
        )
    ],
    [statement(), statement(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "no"}})],
)


def role(number: int, policy: int, written: str) -> dict[str, Any]:
    document: Any = {"Version": "2012-10-17", "Statement": POLICIES[policy]}
    if written != "object":
        document = json.dumps(document, ensure_ascii=written == "escaped")
    arn = f"arn:aws:iam::111122223333:role/r{number}"
    return {"RoleName": f"r{number}", "Arn": arn, "AssumeRolePolicyDocument": document}


roles = st.lists(
    st.tuples(st.integers(0, len(POLICIES) - 1), st.sampled_from(["object", "text", "escaped"])),
    min_size=2,
    max_size=6,
)


def roles_of(text: str) -> list[Role]:
    return read(Source("dump.json", text)).roles


def told(judged: Judged) -> list[object]:
    """Findings without the identity of sources, which differ between two readings."""
    return [
        (
            finding._replace(place=None, notes=()),  # type: ignore[arg-type]
            [(place.start, place.end, place.source.text) for place in (finding.place.span,)],
            [(note.rule, note.message, note.place.span[1:]) for note in finding.notes],
        )
        for finding in judged.findings
    ]


@settings(deadline=None, max_examples=40)
@given(roles, st.sampled_from([None, 2]))
def test_a_role_is_told_about_as_if_it_were_alone(
    drawn: list[tuple[int, str]], indent: int | None
) -> None:
    listed = [role(number, *each) for number, each in enumerate(drawn)]
    text = json.dumps({"Roles": listed}, indent=indent, ensure_ascii=False)
    together = Engine(BOOK, Config())
    for shared, alone in zip(roles_of(text), roles_of(text), strict=True):
        apart = Engine(BOOK, Config()).judge(alone)
        assert told(together.judge(shared)) == told(apart)
        assert apart.findings


def test_an_equal_policy_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[object] = []
    hits = Engine._hits

    def counted(engine: Engine, nodes: Any, terms: Any) -> Any:
        judged.append(nodes)
        return hits(engine, nodes, terms)

    monkeypatch.setattr(Engine, "_hits", counted)
    listed = [role(number, number % 2, "object") for number in range(20)]
    lint(DictFiles({"dump.json": json.dumps({"Roles": listed})}), ["dump.json"], book=BOOK)
    assert len(judged) == 2


def test_the_account_of_the_role_counts() -> None:
    text = json.dumps({"Roles": [role(1, 0, "object"), role(2, 0, "object")]})
    one, two = roles_of(text)
    two.account = "999988887777"
    engine = Engine(BOOK, Config())
    assert engine._setting(one, NO_TERMS) != engine._setting(two, NO_TERMS)
    first = engine._verdict(one, one.variants[0], NO_TERMS)
    assert first is not engine._verdict(two, two.variants[0], NO_TERMS)
    assert first is engine._verdict(one, one.variants[0], NO_TERMS)


def test_rules_that_are_left_out_and_vendors_by_name_count() -> None:
    text = json.dumps({"Roles": [role(1, 0, "object"), role(2, 0, "object")]})
    one, two = roles_of(text)
    engine = Engine(BOOK, Config(vendors=("Datadog",)))
    first = engine._verdict(one, one.variants[0], NO_TERMS)
    without = NO_TERMS._replace(ignore=frozenset({"public-trust"}))
    assert first is not engine._verdict(one, one.variants[0], without)
    assert first is engine._verdict(two, two.variants[0], NO_TERMS)
    two.name = "data-dog-logs"
    assert first is not engine._verdict(two, two.variants[0], NO_TERMS)

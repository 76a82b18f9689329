"""Policy documents as the AWS provider renders them; its own answers are recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from provider_oracle import DATA, LIVE, WHY_NOT, documents
from terraform_documents import DOCUMENTS, sorted_where_several

from iamlint.formats.faults import Fault
from iamlint.formats.terraform.policy_document import Rendered, rendered
from iamlint.source import Source
from iamlint.syntax import json as located
from iamlint.syntax.holes import Hole, Table
from iamlint.syntax.value import Value

RECORDED: dict[str, Any] = json.loads((DATA / "documents.json").read_text(encoding="utf-8"))
GOOD = [name for name, answer in RECORDED.items() if "error" not in answer]


def block(values: dict[str, Any]) -> Value:
    value, problems = located.parse(Source("block.json", json.dumps(values)))
    assert value is not None
    assert not problems
    return value


def made(values: dict[str, Any]) -> tuple[Rendered, list[Fault]]:
    told: list[Fault] = []
    return rendered(block(values), Table().holes, told.append), told


def test_every_body_has_a_recorded_answer() -> None:
    assert set(RECORDED) == set(DOCUMENTS)
    assert len(GOOD) > 60


@pytest.mark.parametrize("name", GOOD)
def test_a_document_is_what_the_provider_makes_of_it(name: str) -> None:
    found, told = made(RECORDED[name]["values"])
    theirs = RECORDED[name]["json"]
    plain = found.value.plain()
    assert (told, found.missing) == ([], ())
    assert sorted_where_several(plain) == sorted_where_several(theirs)
    assert list(plain) == list(theirs)
    if name not in ("one type, one and two", "one type, two and two"):
        assert [list(each) for each in plain.get("Statement", [])] == [
            list(each) for each in theirs.get("Statement", [])
        ]


def test_what_one_block_gives_is_in_the_providers_order() -> None:
    for name in ("several actions", "several identifiers", "several resources", "several values"):
        assert made(RECORDED[name]["values"])[0].value.plain() == RECORDED[name]["json"]


@pytest.mark.parametrize(
    ("statement", "more", "said"),
    [
        ({"sid": "A"}, {}, "two statements have the `sid` `A`"),
        ({}, {"source_policy_documents": ["{"]}, "not the text of a policy"),
        ({}, {"source_policy_documents": ["[]"]}, "is no object"),
        ({}, {"source_policy_documents": ['{"Statement":{}}']}, "is no list"),
        (
            {"condition": [{"test": "a", "variable": "b", "values": ["&{c}"]}]},
            {"version": "2008-10-17"},
            "are not known to version",
        ),
        (
            {},
            {"source_policy_documents": 2 * ['{"Statement":[{"Sid":"A"}]}']},
            "two statements have the `sid` `A`",
        ),
    ],
)
def test_what_the_provider_refuses_is_told(
    statement: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    _, told = made({"statement": [statement, statement]} | more)
    assert said in told[0].message


def test_old_arguments_merge_before_and_after_the_new_ones() -> None:
    def document(action: str) -> str:
        return json.dumps({"Statement": [{"Sid": "A", "Action": action}]})

    values = {"source_json": document("a:1"), "override_json": document("a:2")}
    assert made(values)[0].value.plain()["Statement"] == [{"Sid": "A", "Action": "a:2"}]
    del values["override_json"]
    assert made(values)[0].value.plain()["Statement"] == [{"Sid": "A", "Action": "a:1"}]


def test_every_scalar_stands_where_it_was_written() -> None:
    inner = '{"Statement":[{"Effect":"Deny","Action":"b"}]}'
    values: dict[str, Any] = {
        "statement": [
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "AWS", "identifiers": ["arn:&{a}"]}],
                "condition": [{"test": "Bool", "variable": "k", "values": ["x\\y"]}],
            }
        ],
        "source_policy_documents": [inner],
    }
    places = [(leaf.data, leaf.span.root().text) for leaf in leaves(made(values)[0].value)]
    assert places[1:] == [
        ("2012-10-17", json.dumps(values)),  # of what is not written the whole block
        ("Statement", json.dumps(values)),
        ("Effect", r"\"Effect\""),
        ("Deny", r"\"Deny\""),
        ("Action", r"\"Action\""),
        ("b", r"\"b\""),
        ("Effect", json.dumps(values["statement"][0])),
        ("Allow", json.dumps(values["statement"][0])),
        ("Action", '"actions"'),
        ("sts:AssumeRole", '"sts:AssumeRole"'),
        ("Principal", '"principals"'),
        ("AWS", '"AWS"'),
        ("arn:${a}", '"arn:&{a}"'),
        ("Condition", '"condition"'),
        ("Bool", '"Bool"'),
        ("k", '"k"'),
        ("x\\y", r'"x\\y"'),
    ]


def leaves(value: Value) -> list[Value]:
    if value.kind not in ("object", "array"):
        return [value]
    parts = [part for member in value.members for part in member] or value.items()
    return [leaf for part in parts for leaf in leaves(part)]


def test_holes_stay_where_they_are() -> None:
    table = Table()
    arn, names = table.char(Hole("arn")), table.char(Hole("names", "list"))
    statement = {
        "actions": ["sts:AssumeRole"],
        "principals": [{"type": "AWS", "identifiers": [f"{arn}:x", arn]}],
        "condition": [{"test": "StringEquals", "variable": f"{arn}:sub", "values": names}],
    }
    sources = [
        table.char(Hole("other")),
        f'{{"Statement": {table.char(Hole("statements"))}}}',
        f'{{"Statement": [{{"Principal": "{arn}"}}]}}',
    ]
    values = block({"statement": [statement], "source_policy_documents": sources})
    told: list[Fault] = []
    found = rendered(values, table.holes, told.append)
    assert not told
    assert found.missing == (
        "the whole document, given by `other`",
        "all statements, given by `statements`",
    )
    one, two = found.value.plain()["Statement"]
    assert one == {"Principal": arn}
    assert two["Principal"] == {"AWS": [f"{arn}:x", arn]}
    assert two["Condition"] == {"StringEquals": {f"{arn}:sub": names}}


@pytest.mark.skipif(not LIVE, reason=WHY_NOT)
def test_the_provider_still_answers_the_same(tmp_path: Path) -> None:
    assert documents(DOCUMENTS, tmp_path) == RECORDED

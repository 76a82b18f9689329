"""Editors that do anything: what they are shown is what a fresh check of their texts finds."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types
from test_lsp_buffers import Model
from test_lsp_work import Recorder, play, until

from iamlint.config import Config
from iamlint.linting import lint_with
from iamlint.lsp.buffers import Edit, Range
from iamlint.lsp.checking import Checks
from iamlint.lsp.features import syncing
from iamlint.lsp.positions import UTF16
from iamlint.lsp.preferences import Preferences
from iamlint.lsp.session import Session
from iamlint.project.books import open_rules
from iamlint.rules.book import RuleBook
from iamlint.source import DictFiles

ROLE = """resource "aws_iam_role" "mine" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    /* 😀 */ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = var.who }
  }] })
}
"""
WHO = 'variable "who" {\n  default = "*"\n}\n'
POLICY = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}"""
TEMPLATE = """Resources:
  One:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {flow}
  Two:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {flow}
""".replace("{flow}", POLICY.replace("\n", ""))
TEXTS = {"a.tf": ROLE, "b.tf": WHO, "c.json": POLICY, "d.yaml": TEMPLATE}
PIECES = ["*", "arn:aws:iam::210987654321:role/ci", '"', "{", "}", "\n", "\r\n", "é", "😀", "# x"]
GARBAGE = [
    {
        "range": {"start": {"line": 3, "character": 1}, "end": {"line": 0, "character": 0}},
        "text": "",
    },
    {
        "range": {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}},
        "text": "",
    },
    {"text": None},
    7,
]
NAMES = st.sampled_from(sorted(TEXTS))
PLACES = st.tuples(st.integers(0, 9), st.integers(0, 90))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), NAMES, st.none()),
        st.tuples(st.just("close"), NAMES, st.none()),
        st.tuples(st.just("insert"), NAMES, st.tuples(PLACES, st.sampled_from(PIECES))),
        st.tuples(st.just("swap"), NAMES, st.sampled_from(["*", PIECES[1]])),
        st.tuples(st.just("garbage"), NAMES, st.sampled_from(range(len(GARBAGE)))),
        st.tuples(st.just("late"), NAMES, st.none()),
        st.tuples(st.just("save"), NAMES, st.booleans()),
    ),
    min_size=3,
    max_size=14,
)


@cache
def book() -> RuleBook:
    return open_rules((), os.environ)


class Client:
    """An editor with a few documents, and what it knows of them."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.folder = folder
        self.model = Model(UTF16)
        self.version = 0
        self.texts: dict[str, str] = {}
        self.lost: set[str] = set()  # whose text the server cannot know

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, _: Any = None) -> None:
        self.version += 1
        self.texts[name] = TEXTS[name]
        self.lost.discard(name)
        document = {"uri": self.uri(name), "languageId": "x", "version": self.version}
        syncing.opened(self.session, {"textDocument": document | {"text": TEXTS[name]}})

    def close(self, name: str, _: Any = None) -> None:
        self.texts.pop(name, None)
        self.lost.discard(name)
        syncing.closed(self.session, {"textDocument": {"uri": self.uri(name)}})

    def insert(self, name: str, edit: tuple[tuple[int, int], str]) -> None:
        place, text = edit
        end = {"line": place[0], "character": place[1]}
        self.send(name, {"range": {"start": end, "end": end}, "text": text})
        if name in self.texts:
            made = self.model.edited(self.texts[name], Edit(Range(place, place), text))
            assert made is not None
            self.texts[name] = made

    def swap(self, name: str, who: str) -> None:
        text = TEXTS[name].replace('"*"', f'"{who}"')
        self.send(name, {"text": text})
        if name in self.texts:
            self.texts[name] = text
            self.lost.discard(name)

    def garbage(self, name: str, number: int) -> None:
        self.send(name, GARBAGE[number])
        self.lost |= {name} & self.texts.keys()

    def late(self, name: str, _: Any = None) -> None:
        self.version -= 1
        self.send(name, {"text": ""}, version=0)
        self.version += 1
        self.lost |= {name} & self.texts.keys()

    def save(self, name: str, whole: bool) -> None:
        params: dict[str, Any] = {"textDocument": {"uri": self.uri(name)}}
        if whole and name in self.texts:
            params["text"] = self.texts[name]
            self.lost.discard(name)
        syncing.saved(self.session, params)

    def send(self, name: str, change: Any, version: int | None = None) -> None:
        self.version += 1
        identifier = {
            "uri": self.uri(name),
            "version": self.version if version is None else version,
        }
        syncing.changed(self.session, {"textDocument": identifier, "contentChanges": [change]})

    def expected(self) -> dict[str, list[str]]:
        """What a check of the texts finds, as nobody would do it twice a second."""
        known = {name: text for name, text in self.texts.items() if name not in self.lost}
        if any(name.endswith(".tf") for name in self.lost):  # the other one hangs on it
            known = {name: text for name, text in known.items() if not name.endswith(".tf")}
        config = Config(as_found=True)
        report = lint_with(DictFiles({**known}), [*known], config, book())
        found: dict[str, list[str]] = {self.uri(name): [] for name in TEXTS}
        for finding in report.findings:
            found[self.uri(finding.place.span.source.name)].append(finding.rule)
        for problem in report.problems:
            found[self.uri(problem.path)].append(problem.code)
        return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("workspace")
    (found / ".git").mkdir()
    return found


@pytest.fixture(scope="module")
def checks() -> Checks:
    """Those of all examples: what one leaves behind would show in the next one."""
    return Checks(os.environ)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_an_editor_is_shown_what_its_texts_say(
    folder: Path, checks: Checks, steps: list[tuple[str, str, Any]]
) -> None:
    async def scene(session: Session, recorder: Recorder) -> None:
        session.preferences = Preferences(debounce=0)
        session.checks = checks
        client = Client(session, folder)
        for name in TEXTS:
            client.open(name)
        for what, name, details in steps:
            done: Callable[[str, Any], None] = getattr(client, what)
            done(name, details)
        document = {"uri": "untitled:end", "languageId": "json", "version": 1, "text": POLICY}
        syncing.opened(session, {"textDocument": document})
        await until(lambda: any(each.uri == "untitled:end" for each in recorder.shown))
        shown: dict[str, list[types.Diagnostic]] = {client.uri(name): [] for name in TEXTS}
        shown |= {each.uri: list(each.diagnostics) for each in recorder.shown}
        shown.pop("untitled:end")
        assert {uri: sorted(str(each.code) for each in told) for uri, told in shown.items()} == {
            uri: sorted(told) for uri, told in client.expected().items()
        }

    play(scene)


def test_the_model_of_an_editor_sees_what_is_wrong(folder: Path) -> None:
    """The test above would fail if nothing were ever shown."""
    client = Client(Session.__new__(Session), folder)
    client.texts = dict(TEXTS)
    assert client.expected()[client.uri("c.json")] == ["public-trust"]
    assert client.expected()[client.uri("b.tf")] == ["public-trust"]

"""What an editor shows beside a place: who gets in there, and what a guard does."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio
from lsp_support import OPEN, Editor, capabilities, running
from lsprotocol import types

from iamlint.lsp.buffers import Edit
from iamlint.lsp.features.hovering import hovered
from iamlint.lsp.session import Session
from iamlint.lsp.starting import make

Result = TypeVar("Result")

pytestmark = pytest.mark.asyncio(loop_scope="module")

GITHUB = "token.actions.githubusercontent.com"
ROLE = f"""{{
  "Version": "2012-10-17",
  "Statement": [{{
    "Sid": "Ci",
    "Effect": "Allow",
    "Principal": {{"Federated": "arn:aws:iam::111111111111:oidc-provider/{GITHUB}"}},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {{
      "StringEquals": {{"{GITHUB}:sub": "repo:acme/web:ref:refs/heads/main"}},
      "StringEqualsIfExists": {{"aws:PrincipalOrgID": "o-1234567890"}}
    }}
  }}, {{
    "Effect": "Allow",
    "Principal": {{"AWS": "arn:aws:iam::111111111111:role/x"}},
    "Action": "sts:AssumeRole",
    "Condition": {{"Bool": {{"aws:MultiFactorAuthPresent": "true"}}}}
  }}]
}}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with running(tmp_path_factory.mktemp("workspace")) as found:
        yield found


def place(text: str, marked: str, nth: int = 0) -> types.Position:
    """Where the nth occurrence of a text begins, in units of UTF-16."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(marked, at + 1)
    before = text[:at].replace("\r\n", "\n").split("\n")
    return types.Position(len(before) - 1, len(before[-1].encode("utf-16-le")) // 2)


async def hover(editor: Editor, uri: str, position: types.Position) -> types.Hover | None:
    params = types.HoverParams(types.TextDocumentIdentifier(uri), position)
    return await editor.client.text_document_hover_async(params)


async def shown(editor: Editor, uri: str, text: str, marked: str, nth: int = 0) -> str:
    """What is shown at a text; nothing where nothing is."""
    found = await hover(editor, uri, place(text, marked, nth))
    if found is None:
        return ""
    assert isinstance(found.contents, types.MarkupContent)
    assert found.contents.kind == types.MarkupKind.Markdown
    return found.contents.value


def covered(text: str, found: types.Hover | None) -> str:
    """The text that is highlighted, found by the units of UTF-16 alone."""
    assert found is not None
    assert found.range is not None
    start, end = found.range.start, found.range.end
    assert start.line == end.line
    line = text.replace("\r\n", "\n").split("\n")[start.line].encode("utf-16-le")
    return line[start.character * 2 : end.character * 2].decode("utf-16-le")


async def test_a_principal(editor: Editor) -> None:
    uri = editor.open(editor.folder / "principal.json", ROLE)
    said = await shown(editor, uri, ROLE, "arn:aws:iam::1")
    assert "with the subject `repo:acme/web:ref:refs/heads/main` only" in said
    assert "a workflow in github.com/acme/web" in said


async def test_what_guards_do(editor: Editor) -> None:
    uri = editor.open(editor.folder / "guards.json", ROLE)
    binding = await shown(editor, uri, ROLE, "repo:acme")
    assert "Binding: it passes some calls and stops others." in binding
    assert "- passes: a workflow in github.com/acme/web, sub `repo:acme/web" in binding
    assert "- stops: a " in binding
    void = await shown(editor, uri, ROLE, "aws:PrincipalOrgID")
    assert "Void: every call of the statement's callers meets it." in void
    assert "never carry `aws:PrincipalOrgID`" in void
    dead = await shown(editor, uri, ROLE, "Bool")
    assert "Dead: no call of the statement's callers meets it, so nobody gets in by it." in dead


async def test_a_statement_and_the_role(editor: Editor) -> None:
    uri = editor.open(editor.folder / "role.json", ROLE)
    assert "**Allow `Ci`**" in await shown(editor, uri, ROLE, "Sid")
    said = await shown(editor, uri, ROLE, "Version")
    assert "**who can get in**" in said
    assert "nobody: `aws:MultiFactorAuthPresent` never meets `Bool` `true`" in said


async def test_a_place_with_nothing(editor: Editor) -> None:
    uri = editor.open(editor.folder / "nothing.json", '{"a": 1}\n')
    assert await hover(editor, uri, types.Position(0, 2)) is None
    assert await hover(editor, uri, types.Position(99, 99)) is None
    other = (editor.folder / "not-open.json").as_uri()
    assert await hover(editor, other, types.Position(0, 0)) is None


async def test_a_file_that_is_broken_while_it_is_written(editor: Editor) -> None:
    text = "Resources:\n" + "".join(
        f"  {name}:\n    Type: AWS::IAM::Role\n    Properties:\n"
        f"      AssumeRolePolicyDocument:\n        Statement:\n"
        f"          - {{Effect: Allow, Principal: {{Service: {service}.amazonaws.com}},"
        " Action: 'sts:AssumeRole'}\n"
        for name, service in (("First", "ec2"), ("Second", "lambda"))
    )
    uri = editor.open(editor.folder / "broken.yaml", text, "yaml")
    assert "AWS service `lambda.amazonaws.com`" in await shown(editor, uri, text, "lambda")
    broken = text.replace("Service: ec2.amazonaws.com},", "Service: [ec2.amazonaws.com},")
    editor.write(uri, broken)
    await shown(editor, uri, broken, "ec2.amazonaws.com")  # it answers, whatever it says
    editor.write(uri, text)
    assert "AWS service `ec2.amazonaws.com`" in await shown(editor, uri, text, "ec2.")


async def test_columns_are_those_of_the_editor(editor: Editor) -> None:
    text = (
        '{"Statement": [{"Sid": "x", /**/ "Effect": "Allow", "Ééé🎉": 1,\t'
        '"Principal": {"AWS": "222222222222"}, "Action": "sts:AssumeRole"}]}\r\n'
    ).replace("/**/", "")
    uri = editor.open(editor.folder / "emoji.json", text)
    for marked in ("222222222222", "AWS"):
        found = await hover(editor, uri, place(text, marked))
        assert covered(text, found).strip('"') == marked
    # what comes before by as many units as the emoji has more than code points
    assert "principal" not in await shown(editor, uri, text, "Effect")


MAIN = """resource "aws_iam_role" "deploy" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.account}:root" }
      Action    = "sts:AssumeRole"
    }]
  })
}
"""
VARIABLES = """variable "account" {
  default = "222222222222"
}
"""


async def test_terraform_in_two_unsaved_files(editor: Editor) -> None:
    folder = editor.folder / "stack"
    folder.mkdir()
    main = editor.open(folder / "main.tf", MAIN, "terraform")
    variables = editor.open(folder / "variables.tf", VARIABLES, "terraform")
    for uri, text, marked in (
        (main, MAIN, "arn:aws"),
        (main, MAIN, "var.account"),
        (variables, VARIABLES, "222222222222"),
    ):
        said = await shown(editor, uri, text, marked)
        assert "**principal `arn:aws:iam::222222222222:root`**" in said
        assert "Of `aws_iam_role.deploy`" in said
    assert "- `stack/variables.tf:2`: the value of variable `account`" in (
        await shown(editor, main, MAIN, "var.account")
    )
    assert "**who can get in**" in await shown(editor, main, MAIN, '"aws_iam_role"')
    changed = VARIABLES.replace("222222222222", "333333333333")
    editor.write(variables, changed)
    assert ":333333333333:" in await shown(editor, main, MAIN, "arn:aws")


TEMPLATE = """Parameters:
  Vendor:
    Type: String
    Default: "222222222222"
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Sub "arn:aws:iam::${Vendor}:root"
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                sts:ExternalId: 4f0e9d58
"""


async def test_cloudformation(editor: Editor) -> None:
    uri = editor.open(editor.folder / "stack.yaml", TEMPLATE, "yaml")
    for marked in ("arn:aws:iam", "222222222222"):
        said = await shown(editor, uri, TEMPLATE, marked)
        assert "anybody of account `222222222222`, always with the external id `4f0e9d58`" in said
    assert "Binding" in await shown(editor, uri, TEMPLATE, "4f0e9d58")
    for marked in ("Deploy", "AssumeRolePolicyDocument"):
        assert "**who can get in**" in await shown(editor, uri, TEMPLATE, marked)


async def test_an_editor_without_markdown(tmp_path: Path) -> None:
    plainly = capabilities()
    assert plainly.text_document is not None
    plainly.text_document.hover = types.HoverClientCapabilities()
    async with running(tmp_path, capabilities=plainly) as editor:
        uri = editor.open(editor.folder / "role.json", OPEN)
        found = await hover(editor, uri, place(OPEN, '*"'))
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.kind == types.MarkupKind.PlainText
        assert "principal `*`:\nLets in any AWS account." in found.contents.value


async def test_what_a_stranger_wrote_is_no_markup(editor: Editor) -> None:
    hostile = "[x](http://h) <b>`![i](j)` www.k.example\n# a"
    policy = json.loads(OPEN)
    policy["Statement"][0]["Sid"] = hostile
    policy["Statement"][0]["Condition"] = {"StringEquals": {hostile: hostile}}
    text = json.dumps(policy)
    uri = editor.open(editor.folder / "hostile.json", text)
    for marked in ("Sid", "StringEquals", "AWS"):
        said = await shown(editor, uri, text, marked)
        assert said
        for paragraph in said.split("\n\n"):
            outside = "".join(paragraph.split("`")[::2])
            left = re.sub(r"\\.", "", outside).removeprefix("**").removesuffix("**")
            assert not re.search(r"[\[\]<>!]|://|www\.", left), paragraph


async def test_the_last_question_is_answered_after_many(editor: Editor) -> None:
    uri = editor.open(editor.folder / "many.json", ROLE)
    places = [place(ROLE, marked) for marked in ("Ci", "Bool", "repo:acme", "Version")]
    answers = [hover(editor, uri, each) for each in places * 3]
    for answer in answers[:-1]:
        await answer  # an answer, or none, as another place was asked for
    last = await answers[-1]
    assert last is not None
    assert isinstance(last.contents, types.MarkupContent)
    assert "who can get in" in last.contents.value


class _Late(Session):
    """A session in which something happens while somebody waits for an answer."""

    def __init__(self, meanwhile: Callable[[_Late], None]) -> None:
        super().__init__(make(dict(os.environ)), dict(os.environ))
        self._meanwhile = meanwhile
        self.answered = 0
        self.logged: list[str] = []

    def log(self, message: str) -> None:
        self.logged.append(message)

    async def apart(self, work: Callable[[], Result]) -> Result:
        self._meanwhile(self)
        found = work()
        self.answered += 1
        return found


def _moves_on(session: _Late) -> None:
    session.buffers.change(URI, 2, [Edit(None, ROLE + "\n")])


def _closes(session: _Late) -> None:
    session.buffers.close(URI)


def _asks_again(session: _Late) -> None:
    session.hover.end()


def _fails(session: _Late) -> None:
    raise ZeroDivisionError


def _does_nothing(session: _Late) -> None:
    assert session.buffers.get(URI) is not None


URI = "untitled:late"


@pytest.mark.parametrize(
    ("meanwhile", "answers"),
    [
        (_moves_on, False),
        (_closes, False),
        (_asks_again, False),
        (_fails, False),
        (_does_nothing, True),
    ],
)
async def test_nothing_is_said_of_a_text_that_has_moved_on(
    meanwhile: Callable[[_Late], None], answers: bool
) -> None:
    session = _Late(meanwhile)
    session.buffers.open(URI, "json", 1, ROLE)
    params = types.HoverParams(types.TextDocumentIdentifier(URI), place(ROLE, "Bool"))
    found = await hovered(session, params)
    assert (found is not None) == answers == (session.answered == 1)  # the work ended early, too
    assert ["ZeroDivisionError" in each for each in session.logged] == [True] * (
        meanwhile is _fails
    )

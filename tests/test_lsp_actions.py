"""What the language server offers to do about findings, done as an editor does it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsp_support import Editor, Shown, applied, capabilities, codes, edited, running
from lsprotocol import types
from pytest_lsp import client_capabilities
from running import ROOT, run_iamlint

from iamlint.ignores.writing import REASON

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
VENDOR = (ROOT / "examples" / "roles.tf").read_text("utf-8")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with running(tmp_path_factory.mktemp("workspace"), {"debounce": 1}) as found:
        yield found


@pytest.fixture
def editor(shared: Editor) -> Iterator[Editor]:
    yield shared
    shared.close_all()


def titled(actions: list[types.CodeAction], word: str) -> types.CodeAction:
    (found,) = [each for each in actions if word in each.title]
    return found


def of_rule(shown: Shown, rule: str) -> types.Diagnostic:
    return next(each for each in shown if each.code == rule)


@pytest.mark.parametrize("wide", [False, True])
async def test_a_proved_edit_is_offered_and_made(editor: Editor, wide: bool) -> None:
    text = VENDOR.replace("Condition =", "/* 😀 */ Condition =")
    text = text.replace("\n", "\r\n") if wide else text
    uri = editor.open(editor.folder / "fix" / "a.tf", text, "terraform")
    shown = await editor.diagnostics(uri)
    found = of_rule(shown, "unusable-external-id")
    action = titled(await editor.actions(uri, found.range, "quickfix"), "Fix unusable-external-id")
    assert action.is_preferred
    assert codes(list(action.diagnostics or ())) == ["unusable-external-id"]
    assert "write `StringEquals` for `StringEqualsIfExists`" in action.title
    after = applied(text, action, uri, editor.version(uri))
    assert after == text.replace("{ StringEqualsIfExists", "{ StringEquals")
    editor.write(uri, after)
    assert codes(await editor.diagnostics(uri)) == ["open-subject"]


async def test_all_proved_edits_are_those_of_the_command_line(
    editor: Editor, tmp_path: Path
) -> None:
    text = VENDOR + VENDOR[VENDOR.index('resource "aws_iam_role" "vendor"') :].replace(
        '"vendor"', '"again"'
    )
    (tmp_path / "a.tf").write_text(text, "utf-8")
    done = run_iamlint("check", "--fix", "a.tf", cwd=tmp_path)
    assert "fixed 2 findings" in done.err
    uri = editor.open(editor.folder / "all" / "a.tf", text, "terraform")
    await editor.diagnostics(uri)
    nothing = types.Range(types.Position(0, 0), types.Position(0, 0))
    for only in ("source.fixAll", "source.fixAll.iamlint", "source"):
        (action,) = await editor.actions(uri, nothing, only)
        assert action.kind == "source.fixAll.iamlint"
        assert applied(text, action, uri) == (tmp_path / "a.tf").read_text("utf-8")


async def test_nothing_is_offered_where_nothing_can_be_done(editor: Editor) -> None:
    text = json.dumps(OPEN)
    uri = editor.open(editor.folder / "bare.json", text)
    (found,) = await editor.diagnostics(uri)
    assert await editor.actions(uri, found.range) == [], "JSON has no room for a comment"
    assert await editor.actions(uri, found.range, "refactor") == []
    elsewhere = types.Range(types.Position(0, 0), types.Position(0, 0))
    assert await editor.actions(uri, elsewhere, "quickfix") == []
    never = (editor.folder / "never.json").as_uri()
    assert await editor.actions(never, elsewhere) == []


async def test_where_no_ignore_would_count_that_is_said(editor: Editor) -> None:
    uri = editor.open(editor.folder / "said.json", json.dumps(OPEN | {"Id": "Resources"}))
    (found,) = await editor.diagnostics(uri)
    for _ in range(2):  # whoever tries again is told again
        said = len(editor.client.messages)
        (action,) = await editor.actions(uri, found.range)
        assert action.edit is None
        assert "would hide this `public-trust`" in editor.client.messages[said].message


async def test_nothing_is_done_to_a_text_that_has_moved_on(editor: Editor) -> None:
    uri = editor.open(editor.folder / "moved" / "a.tf", VENDOR, "terraform")
    found = of_rule(await editor.diagnostics(uri), "unusable-external-id")
    offered = await editor.actions(uri, found.range, resolved=False)
    editor.write(uri, "# more\n" + VENDOR)
    late = [await editor.client.code_action_resolve_async(each) for each in offered]
    # what was offered with its edit names the version that it is for
    assert [each.edit for each in late] == [each.edit for each in offered]
    assert applied(VENDOR, titled(late, "Fix unusable"), uri, editor.version(uri) - 1)
    strange = types.CodeAction(
        "x", data={"uri": uri, "version": editor.version(uri), "finding": 99}
    )
    await editor.diagnostics(uri)
    assert (await editor.client.code_action_resolve_async(strange)).edit is None


HCL = 'resource "aws_iam_role" "mine" {{\n  assume_role_policy = {policy}\n}}\n'
INLINE = """jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow",
    Principal = { AWS = "*" }, Action = "sts:AssumeRole" }] })"""
LINES = """jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRole"
\t\tPrincipal = {
\t\t\tAWS = "*" // 😀
\t\t}
      }
    ]
  })"""
TEMPLATE = """\
Resources:
  Mine:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
"""
DOCUMENT = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

resource "aws_iam_role" "mine" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""
BLOCK = """\
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS:
                - "*" # é
            Action: sts:AssumeRole
"""
RESOURCE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": OPEN}}


def template(**more: object) -> str:
    return json.dumps({"Resources": {"Mine": {**RESOURCE, **more}}}, indent=2)


TEXTS = {
    "inline.tf": HCL.format(policy=INLINE),
    "lines.tf": HCL.format(policy=LINES),
    "crlf.tf": HCL.format(policy=LINES).replace("\n", "\r\n"),
    "heredoc.tf": HCL.format(policy=f"<<EOF\n{json.dumps(OPEN, indent=2)}\nEOF"),
    "dashed.tf": HCL.format(policy=f"<<-EOF\n    {json.dumps(OPEN)}\n  EOF"),
    "string.tf": HCL.format(policy=json.dumps(json.dumps(OPEN))),
    "document.tf": DOCUMENT,
    "block.yaml": TEMPLATE + BLOCK,
    "flow.yaml": TEMPLATE + f"        {json.dumps(OPEN)}\n",
    "scalar.yaml": TEMPLATE.rstrip("\n") + f" |\n        {json.dumps(OPEN)}\n",
    "plain.json": template(),
    "metadata.json": template(Metadata={"Owner": "team"}),
    "empty.json": template(Metadata={}),
    "listed.json": template(Metadata={"iamlint": {"ignore": [{"rule": "old-version"}]}}),
    "tight.json": json.dumps(json.loads(template()), separators=(",", ":")),
    "wide.json": template().replace("\n", "\r\n"),
    "json.yaml": template(),
    "no-end.yaml": (TEMPLATE + BLOCK).rstrip("\n"),
}


@pytest.mark.parametrize("name", TEXTS)
async def test_an_ignore_is_written_where_it_counts(editor: Editor, name: str) -> None:
    text = TEXTS[name]
    uri = editor.open(editor.folder / name.replace(".", "/x."), text)
    shown = await editor.diagnostics(uri)
    found = of_rule(shown, "public-trust")
    action = titled(await editor.actions(uri, found.range, "quickfix"), "Ignore public-trust")
    after = applied(text, action, uri, editor.version(uri))
    assert after != text
    assert REASON in after
    editor.write(uri, after)
    left = await editor.diagnostics(uri)
    assert "public-trust" not in codes(left)
    assert len(left) <= len(shown)
    if name.endswith(".json"):
        json.loads(after)
    else:
        assert after.replace("\r\n", "\n").count("\n") in (
            text.replace("\r\n", "\n").count("\n") + 1,
            text.replace("\r\n", "\n").count("\n"),
        )
    assert after.count("\r\n") in (after.count("\n"), 0), "line ends stay what they are"


async def test_an_ignore_hides_one_of_two(editor: Editor) -> None:
    text = HCL.format(policy=LINES) + HCL.format(policy=LINES).replace('"mine"', '"other"')
    uri = editor.open(editor.folder / "two" / "a.tf", text)
    first, second = await editor.diagnostics(uri)
    action = titled(await editor.actions(uri, first.range), "Ignore")
    editor.write(uri, applied(text, action, uri))
    (left,) = await editor.diagnostics(uri)
    assert left.message == second.message


async def test_editors_that_can_do_less_get_it_all_at_once(tmp_path: Path) -> None:
    plain = capabilities()
    assert plain.text_document is not None
    plain.text_document.publish_diagnostics = types.PublishDiagnosticsClientCapabilities()
    literal = types.ClientCodeActionLiteralOptions(types.ClientCodeActionKindOptions([]))
    plain.text_document.code_action = types.CodeActionClientCapabilities(
        code_action_literal_support=literal
    )
    plain.workspace = None
    async with running(tmp_path, capabilities=plain) as editor:
        text = VENDOR
        uri = editor.open(tmp_path / "a.tf", text, "terraform")
        shown = await editor.until(lambda each: each.uri == uri)
        assert shown.version is None
        found = of_rule(shown.diagnostics, "unusable-external-id")
        assert found.related_information is None
        assert found.code_description is None
        assert "\nnote: [guard-passes-without-key] " in found.message
        actions = await editor.actions(uri, found.range, resolved=False)
        for action in actions:
            assert action.edit is not None
            assert action.edit.document_changes is None
            assert list(action.edit.changes or {}) == [uri]
        assert [each.title.split()[0] for each in actions] == ["Fix", "Ignore", "Fix"]


@pytest.mark.parametrize("name", ["neovim@v0.7", "neovim@v0.11", "visual-studio-code", "emacs"])
async def test_editors_as_they_are_get_findings_and_fixes(tmp_path: Path, name: str) -> None:
    async with running(tmp_path, capabilities=client_capabilities(name)) as editor:
        text = VENDOR.replace("Condition =", "/* 😀 */ Condition =")
        uri = editor.open(tmp_path / "a.tf", text, "terraform")
        shown = await editor.until(lambda each: each.uri == uri)
        found = of_rule(shown.diagnostics, "unusable-external-id")
        actions = await editor.actions(uri, found.range, "quickfix", resolved=False)
        for action in actions:
            if action.edit is None:
                action = await editor.client.code_action_resolve_async(action)  # noqa: PLW2901
            made = action.edit
            assert made is not None
            if made.document_changes:
                after = applied(text, action, uri, editor.version(uri), editor.encoding)
            else:
                assert made.changes is not None
                after = edited(text, list(made.changes[uri]), editor.encoding)
            fixed = text.replace("{ StringEqualsIfExists", "{ StringEquals")
            assert (after == fixed) == action.title.startswith("Fix")
            assert (REASON in after) == action.title.startswith("Ignore")
        assert [each.title.split()[0] for each in actions] == ["Fix", "Ignore"]

"""Settings of a project and of an editor, as the language server follows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsp_support import OPEN, SECONDS, Editor, codes, marked, running
from lsprotocol import types

from iamlint.lsp.preferences import Preferences, preferences_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with running(
        tmp_path_factory.mktemp("workspace"),
        {"iamlint": {"debounce": 1}},
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(True),
        did_change_configuration=types.DidChangeConfigurationClientCapabilities(True),
        configuration=True,
    ) as found:
        yield found


@pytest.fixture
def editor(shared: Editor) -> Iterator[Editor]:
    yield shared
    shared.close_all()
    for path in shared.folder.rglob("*"):
        if path.is_file():
            path.unlink()


def tell(editor: Editor, path: Path) -> None:
    """Say that somebody else wrote a file."""
    event = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


async def test_the_nearest_configuration_counts(editor: Editor) -> None:
    path = editor.folder / "strict" / "iamlint.toml"
    path.parent.mkdir()
    path.write_text('ignore = ["public-trust"]\n')
    (editor.folder / "iamlint.toml").write_text('[severity]\npublic-trust = "low"\n')
    (found,) = await editor.found(editor.folder / "role.json", OPEN)
    assert found.severity == types.DiagnosticSeverity.Information
    assert "public-trust" not in codes(await editor.found(path.parent / "role.json", OPEN))


async def test_a_configuration_that_changes_takes_effect(editor: Editor) -> None:
    uri = editor.open(editor.folder / "role.json", OPEN)
    assert codes(await editor.diagnostics(uri)) == ["public-trust"]
    path = editor.folder / "iamlint.toml"
    path.write_text('[severity]\npublic-trust = "medium"\n')
    tell(editor, path)
    shown = await editor.until(lambda each: each.uri == uri)
    assert [each.severity for each in shown.diagnostics] == [types.DiagnosticSeverity.Warning]
    settings = editor.open(path, path.read_text())
    path.write_text('[severity]\npublic-trust = "info"\n')
    editor.save(settings)
    await editor.becomes(uri, [])


async def test_a_broken_configuration_is_told_in_its_file(editor: Editor) -> None:
    path = editor.folder / "iamlint.toml"
    path.write_text('levle = "high"\n')
    uri = editor.open(editor.folder / "role.json", OPEN)
    (refused,) = await editor.diagnostics(uri)
    assert refused.code == "invalid-configuration"
    assert "not judged" in refused.message
    assert await editor.found(editor.folder / "unrelated.json", "{}") == []
    assert any("levle" in each.message for each in editor.client.messages)
    first = len(editor.client.messages)
    editor.save(uri)
    settings = editor.open(path, "# 😀\n" + path.read_text())
    (wrong,) = await editor.diagnostics(settings)
    assert marked("# 😀\n" + path.read_text(), wrong) == "levle"
    assert "did you mean `level`" in wrong.message
    assert len(editor.client.messages) == first, "said once"
    editor.write(settings, 'level = "high"\nselect = ["public-thrust"]\n')
    (wrong,) = await editor.diagnostics(settings)
    assert "there is no rule `public-thrust`" in wrong.message
    editor.write(settings, 'level = "high"\n')
    assert await editor.diagnostics(settings) == []
    path.write_text('level = "high"\n')
    editor.save(settings)
    await editor.becomes(uri, ["public-trust"])


async def test_what_is_no_settings_of_ours_is_quiet(editor: Editor) -> None:
    assert await editor.found(editor.folder / "pyproject.toml", "[tool.black\n") == []
    broken = editor.open(editor.folder / "sub" / "pyproject.toml", "[tool.iamlint]\nlevel = 1\n")
    assert codes(await editor.diagnostics(broken)) == ["invalid-configuration"]


RULE = """
id: no-users
title: An IAM user can enter the role
severity: medium
since: "0.1"
for: principal
when: form == 'user'
message: "{text} is an IAM user; it can assume {role}"
why: Keys of users leak.
fix: name a role
exceptions: Where a tool can hold nothing but keys.
references: [https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html]
examples:
  bad:
    - name: a user
      policy:
        Statement:
          Effect: Allow
          Principal: {AWS: "arn:aws:iam::111122223333:user/ann"}
          Action: "sts:AssumeRole"
      marks: "arn:aws:iam::111122223333:user/ann"
  good:
    - name: a role
      policy:
        Statement:
          Effect: Allow
          Principal: {AWS: "arn:aws:iam::111122223333:role/ci"}
          Action: "sts:AssumeRole"
"""


async def test_rules_of_the_user_count(editor: Editor) -> None:
    folder = editor.folder / "own-rules"
    folder.mkdir()
    (editor.folder / "iamlint.toml").write_text('rules = ["own-rules"]\nselect = ["no-users"]\n')
    (folder / "no-users.yaml").write_text(RULE)
    user = OPEN.replace("*", "arn:aws:iam::210987654321:user/ann")
    uri = editor.open(editor.folder / "role.json", user)
    (found,) = await editor.diagnostics(uri)
    assert found.code == "no-users"
    assert found.code_description is not None
    assert found.code_description.href.endswith("/no-users.md")
    (folder / "no-users.yaml").write_text(RULE.replace("form ==", "from =="))
    tell(editor, folder / "no-users.yaml")
    await editor.becomes(uri, ["invalid-configuration"])


async def test_settings_of_the_editor_count(editor: Editor) -> None:
    uri = editor.open(editor.folder / "role.json", OPEN)
    await editor.diagnostics(uri)
    (editor.folder / "other.toml").write_text('ignore = ["public-trust"]\n')
    await set_to(editor, uri, {"iamlint": {"config": "other.toml"}}, [])
    await set_to(editor, uri, {"iamlint": {"config": "none.toml"}}, ["invalid-configuration"])
    assert any("none.toml" in each.message for each in editor.client.messages)
    editor.client.set_configuration({"iamlint": {"level": "high", "debounce": 1}})
    await set_to(editor, uri, None, ["public-trust"])
    first = len(editor.client.messages)
    await set_to(editor, uri, {"iamlint": {"level": "loud", "debounce": 1}}, ["public-trust"])
    assert "`iamlint.level` wants one of" in editor.client.messages[first].message


async def set_to(editor: Editor, uri: str, settings: object, expected: list[str]) -> None:
    """Set something in the editor; what is shown then."""
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    await editor.until(lambda each: each.uri == uri)
    await editor.becomes(uri, expected)


async def test_who_wants_so_is_told_of_what_is_saved_only(editor: Editor) -> None:
    uri = editor.open(editor.folder / "role.json", OPEN)
    await editor.diagnostics(uri)
    await set_to(editor, uri, {"iamlint": {"onChange": False}}, ["public-trust"])
    editor.write(uri, "{}")
    other = editor.open(editor.folder / "other.json", OPEN)
    await editor.diagnostics(other)
    version = editor.write(uri, OPEN.replace("*", "arn:aws:iam::210987654321:role/ci"))
    editor.save(uri)
    assert await editor.diagnostics(uri) == []
    shown = {each.version for each in editor.shown if each.uri == uri}
    assert version in shown
    await set_to(editor, uri, {"iamlint": {"debounce": 1}}, [])


async def test_the_editor_is_asked_to_watch_files(tmp_path: Path) -> None:
    async with running(
        tmp_path, did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(True)
    ) as editor:
        async with asyncio.timeout(SECONDS):
            while not editor.registered:
                await asyncio.sleep(0.01)
    (asked,) = editor.registered
    options: Any = asked.register_options
    watched = [each["globPattern"] for each in options["watchers"]]
    assert {"**/iamlint.toml", "**/*.tf", "**/*.yaml"} <= {*watched}


async def test_only_what_a_setting_takes_is_taken() -> None:
    assert preferences_of(None) == (Preferences(), [])
    assert preferences_of({"iamlint": 5}) == (Preferences(), [])
    assert preferences_of({"level": "high", "trace": "x"})[0].level == "high"
    wrong = {"level": 1, "config": 1, "onChange": "no", "debounce": True, "path": 5}
    made, told = preferences_of({"iamlint": wrong})
    assert made == Preferences()
    assert len(told) == 4
    assert preferences_of({"iamlint": {"debounce": -1}})[1] == [
        "the setting `iamlint.debounce` wants milliseconds, at most 60,000"
    ]

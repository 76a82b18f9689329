"""The language server as an editor meets it: what it shows, where, and of which text."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
import yaml
from lsp_support import OPEN, Editor, codes, marked, running
from lsprotocol import types
from running import ROOT, run_iamlint

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLE = """resource "aws_iam_role" "{name}" {{
\tassume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
\t\tEffect = "Allow", Action = "sts:AssumeRole"
\t\t/* 😀é漢 */ Principal = {{ AWS = "{principal}" }}
\t}}] }})
}}
"""
TRUSTED = "arn:aws:iam::210987654321:role/ci"


def role(principal: str = "*", name: str = "mine") -> str:
    return ROLE.format(name=name, principal=principal)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with running(tmp_path_factory.mktemp("workspace")) as found:
        yield found


@pytest.fixture
def editor(shared: Editor) -> Iterator[Editor]:
    yield shared
    shared.close_all()


async def test_an_open_role_is_told(editor: Editor) -> None:
    (found,) = await editor.found(editor.folder / "role.json", OPEN)
    assert (found.code, found.source) == ("public-trust", "iamlint")
    assert found.severity == types.DiagnosticSeverity.Error
    assert marked(OPEN, found) == "*"
    assert "\nwho: " in found.message
    assert "\nhelp: " in found.message
    assert found.code_description is not None
    assert found.code_description.href.startswith("file:///")
    assert str(found.data).startswith("v1:")


async def test_the_page_of_a_rule_can_be_opened(editor: Editor) -> None:
    (found,) = await editor.found(editor.folder / "page.json", OPEN)
    assert found.code_description is not None
    from iamlint.lsp.uris import path_of  # noqa: PLC0415

    page = path_of(found.code_description.href)
    assert page is not None
    with open(page, encoding="utf-8") as file:
        assert "# Why" in file.read()


async def test_editor_and_gate_say_the_same(editor: Editor) -> None:
    for name in ("roles.tf", "template.yaml", "github-prefix.json"):
        path = ROOT / "examples" / name
        shown = await editor.found(path, path.read_text("utf-8"))
        done = run_iamlint("check", "--as-found", "--format", "json", f"examples/{name}", cwd=ROOT)
        told = json.loads(done.out)["findings"]
        assert [each.data for each in shown if str(each.data).startswith("v1:")] == [
            each["fingerprint"] for each in told
        ]
        assert [each.message.split("\n")[0] for each in shown[: len(told)]] == [
            each["message"] for each in told
        ]
        editor.close_all()


async def test_columns_are_units_of_utf16(editor: Editor) -> None:
    text = role()
    (found,) = await editor.found(editor.folder / "units" / "a.tf", text)
    assert marked(text, found) == "*"
    line = text.split("\n")[found.range.start.line]
    assert found.range.start.character == line.index('"*"') + 2  # the emoji takes two


async def test_line_ends_are_those_of_the_text(editor: Editor) -> None:
    wide = role().replace("\n", "\r\n")
    (found,) = await editor.found(editor.folder / "wide" / "a.tf", wide)
    assert marked(wide, found) == "*"
    mixed = "# one\r# two\r\n" + role()
    (found,) = await editor.found(editor.folder / "mixed" / "a.tf", mixed)
    assert marked(mixed, found) == "*"
    assert found.range.start.line == mixed.replace("\r\n", "\n").replace("\r", "\n")[
        : mixed.index('"*"') - 1
    ].count("\n")


async def test_a_mark_of_byte_order_moves_nothing(editor: Editor) -> None:
    text = "\ufeff" + OPEN.replace("\n", " ")
    shown = await editor.found(editor.folder / "bom.json", text)
    assert codes(shown) == ["public-trust", "byte-order-mark"]
    assert marked(text, shown[0]) == "*"


async def test_edits_in_the_middle_of_wide_text(editor: Editor) -> None:
    text = role(TRUSTED)
    uri = editor.open(editor.folder / "middle" / "a.tf", text)
    assert codes(await editor.diagnostics(uri)) == []
    line = next(n for n, each in enumerate(text.split("\n")) if "😀" in each)
    start = text.split("\n")[line].index(TRUSTED) + 1
    editor.edit(uri, change(line, start, line, start + len(TRUSTED), "*"))
    (found,) = await editor.diagnostics(uri)
    assert found.range.start == types.Position(line, start)
    sid = text.split("\n")[line].index("é") + 1
    editor.edit(
        uri,
        change(line, sid, line, sid + 1, "𝒳𝒳"),  # the text behind it moves by three units
        change(line, start + 3, line, start + 4, "210987654321"),
    )
    shown = await editor.diagnostics(uri)
    assert [found.range.start for found in shown] == [types.Position(line, start + 3)]
    assert codes(shown) == ["foreign-account-without-external-id"]


def change(line: int, start: int, last: int, end: int, text: str) -> dict[str, object]:
    """An edit as the protocol has it."""
    first, second = {"line": line, "character": start}, {"line": last, "character": end}
    return {"range": {"start": first, "end": second}, "text": text}


async def test_a_broken_file_keeps_what_is_known_of_its_other_roles(editor: Editor) -> None:
    text = role(name="first") + role(name="second")
    uri = editor.open(editor.folder / "broken" / "a.tf", text)
    assert codes(await editor.diagnostics(uri)) == ["public-trust"] * 2
    editor.write(uri, text.replace('"first" {', '"first" {\n  name = "half', 1))
    shown = await editor.diagnostics(uri)
    assert [each.message for each in shown if "aws_iam_role.second" in each.message]
    assert any(each.severity == types.DiagnosticSeverity.Warning for each in shown)


@pytest.mark.parametrize("language", ["json", "yaml"])
async def test_a_broken_template_keeps_what_is_known_of_its_other_roles(
    editor: Editor, language: str
) -> None:
    resource = template_of(json.loads(OPEN))["Resources"]
    assert isinstance(resource, dict)
    roles = dict.fromkeys(("First", "Second", "Third"), resource["Mine"])
    text = json.dumps({"Resources": roles}, indent=2)
    if language == "yaml":
        text = yaml.safe_dump(json.loads(text), sort_keys=False)
    uri = editor.open(editor.folder / f"broken.{language}", text, language)
    assert len(await editor.diagnostics(uri)) == 3
    line = [n for n, each in enumerate(text.split("\n")) if "Effect" in each][1]
    editor.edit(uri, change(line, 8, line, 8, '"😀'))
    shown = await editor.diagnostics(uri)
    judged = [each.message.split("\n")[0] for each in shown if each.code == "public-trust"]
    assert [message.split("`")[1] for message in judged] == ["First", "Third"]
    (wrong, *_) = [each for each in shown if each.code != "public-trust"]
    assert abs(wrong.range.start.line - line) <= 1
    editor.edit(uri, change(line, 8, line, 11, ""))
    assert len(await editor.diagnostics(uri)) == 3


async def test_a_folder_of_terraform_is_one_text(editor: Editor) -> None:
    here = editor.folder / "module"
    roles = editor.open(here / "roles.tf", role("${var.who}"), "terraform")
    alone = codes(await editor.diagnostics(roles))
    assert "undeclared-variable" in alone
    default = 'variable "who" {\n  default = "%s"\n}\n'
    uri = editor.open(here / "variables.tf", default % "*", "terraform")
    (found,) = await editor.diagnostics(uri)
    assert (found.code, marked(default % "*", found)) == ("public-trust", "*")
    assert [each.location.uri for each in found.related_information or ()] == [roles]
    await editor.becomes(roles, [])
    editor.edit(uri, change(1, 13, 1, 14, TRUSTED))
    assert codes(await editor.diagnostics(uri)) == []
    editor.edit(roles, change(0, 0, 0, 0, "# 😀 "), change(0, 5, 0, 5, "\n"))
    assert await editor.diagnostics(roles) == []
    editor.close(uri)  # nothing of it is on the disk
    await editor.becomes(roles, alone)


async def test_values_in_a_file_of_values_count_unsaved(editor: Editor) -> None:
    here = editor.folder / "values"
    roles = editor.open(here / "roles.tf", role("${var.who}") + 'variable "who" {}\n')
    assert all("because: " in each.message for each in await editor.diagnostics(roles))
    text = '# 😀\nwho = "*"\n'
    values = editor.open(here / "terraform.tfvars", text, "terraform-vars")
    (found,) = await editor.diagnostics(values)
    assert (found.code, marked(text, found)) == ("public-trust", "*")
    await editor.becomes(roles, [])
    editor.edit(values, change(1, 7, 1, 8, TRUSTED))
    assert await editor.diagnostics(values) == []
    editor.close(values)
    shown = await editor.until(lambda each: each.uri == roles)
    assert shown.diagnostics


async def test_what_has_to_change_elsewhere_is_shown_where_it_is_used(editor: Editor) -> None:
    here = editor.folder / "elsewhere"
    here.mkdir()
    (here / "variables.tf").write_text('# 😀\nvariable "who" {\n  default = "*"\n}\n', "utf-8")
    text = role("${var.who}")
    (found,) = await editor.found(here / "roles.tf", text)
    assert (found.code, marked(text, found)) == ("public-trust", "var.who")
    (written,) = found.related_information or ()
    assert written.location.uri == (here / "variables.tf").as_uri()
    assert written.location.range.start == types.Position(2, 13)


async def test_closing_withdraws(editor: Editor) -> None:
    uri = editor.open(editor.folder / "closed.json", OPEN)
    assert await editor.diagnostics(uri)
    editor.close(uri)
    shown = await editor.until(lambda each: each.uri == uri)
    assert not shown.diagnostics


async def test_files_without_roles_are_quiet(editor: Editor) -> None:
    for name, text in QUIET.items():
        assert await editor.found(editor.folder / name, text) == [], name


QUIET = {
    "values.yaml": "a: [1, 2\nb: {{ .Values.x }}\n",
    "package.json": '{"name": "x",',
    "notes.txt": OPEN,
    "empty.json": "",
    "empty.tf": "",
    "surrogate.json": '{"a": "\ud800"}',
}


async def test_documents_without_a_file_are_judged_by_their_language(editor: Editor) -> None:
    assert codes(await editor.found("untitled:Untitled-1", OPEN, "json")) == ["public-trust"]
    (found,) = await editor.found("untitled:Untitled-2", role(), "terraform")
    assert marked(role(), found) == "*"
    template = json.dumps(template_of(json.loads(OPEN)))
    assert codes(await editor.found("untitled:Untitled-3", template, "yaml")) == ["public-trust"]
    first = len(editor.shown)
    other = editor.open("untitled:Untitled-4", OPEN, "python")
    remote = editor.open("ftp://example.com/a.json", OPEN, "json")
    await editor.found(editor.folder / "last.json", OPEN)
    assert not editor.since(first, other)
    assert not editor.since(first, remote)


def template_of(policy: object, **others: object) -> dict[str, object]:
    properties = {"AssumeRolePolicyDocument": policy}
    resource = {"Type": "AWS::IAM::Role", "Properties": properties, **others}
    return {"Resources": {"Mine": resource}}


async def test_names_of_files_may_hold_anything(editor: Editor) -> None:
    path = editor.folder / "ä b#c%20?😀" / "role [1].json"
    (found,) = await editor.found(path, OPEN)
    assert "role [1].json" in found.message


async def test_what_is_possible_is_a_step_softer(editor: Editor) -> None:
    shown = await editor.found(
        editor.folder / "possible" / "a.tf", role("${var.x}") + 'variable "x" {}\n'
    )
    assert shown
    for each in shown:
        assert each.severity != types.DiagnosticSeverity.Error
        assert "\nbecause: " in each.message


async def test_what_has_no_effect_is_shown_as_such(editor: Editor) -> None:
    policy = json.loads(OPEN.replace("*", TRUSTED))
    text = json.dumps(policy | {"Statement": policy["Statement"] * 2})
    shown = await editor.found(editor.folder / "twice.json", text)
    uri = editor.open(editor.folder / "dead.json", text_of_dead())
    for found in [*shown, *await editor.diagnostics(uri)]:
        assert found.tags == (types.DiagnosticTag.Unnecessary,)


def text_of_dead() -> str:
    policy = json.loads(OPEN.replace("*", TRUSTED))
    policy["Statement"][0]["Condition"] = {"StringEquals": {"aws:PrincipalAccount": "111111111111"}}
    return json.dumps(policy)


async def test_typing_shows_the_last_text_only(editor: Editor) -> None:
    uri = editor.open(editor.folder / "typing.json", OPEN)
    await editor.diagnostics(uri)
    await wait_longer(editor, uri, 60_000)
    first = len(editor.shown)
    for _ in range(30):
        last = editor.write(uri, OPEN.replace("*", TRUSTED))
    editor.save(uri)
    assert codes(await editor.diagnostics(uri)) == []
    versions = [each.version for each in editor.shown[first:] if each.uri == uri]
    assert versions == [last]
    await wait_longer(editor, uri, 150)


async def wait_longer(editor: Editor, uri: str, debounce: int) -> None:
    """Set how long nobody may type before a check; milliseconds."""
    settings = {"iamlint": {"debounce": debounce}}
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    await editor.until(lambda each: each.uri == uri)


async def test_every_version_that_is_shown_is_shown_right(editor: Editor) -> None:
    uri = editor.open(editor.folder / "versions.json", OPEN)
    await editor.diagnostics(uri)
    texts = {}
    for number in range(12):
        text = OPEN if number % 2 else OPEN.replace("*", TRUSTED)
        texts[editor.write(uri, text)] = text
        editor.save(uri)
    await editor.diagnostics(uri)
    for each in editor.shown:
        if each.uri == uri and each.version in texts:
            assert bool(each.diagnostics) == (texts[each.version] == OPEN)

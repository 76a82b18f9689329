"""Ignores beside policies: where they count, when they end, and what is said of them."""

from __future__ import annotations

import json
from calendar import timegm
from pathlib import Path
from typing import Any

import pytest
import yaml
from hcl_texts import bodies, read, shape
from hypothesis import given
from hypothesis import strategies as st
from running import run_iamlint
from yaml_texts import NOISE, TEMPLATE

from iamlint import lint
from iamlint.config import Config
from iamlint.findings import Report
from iamlint.formats.comments import comments
from iamlint.source import DictFiles, Source
from iamlint.syntax.yaml import parse as parse_yaml

POLICY = '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
RULE = "public-trust"
NEW_YEAR = timegm((2027, 1, 1, 0, 0, 0))
DAY = 24 * 60 * 60


def check(text: str, name: str, config: Config = Config()) -> Report:  # noqa: B008
    return lint(DictFiles({name: text}), [name], config)


def shown(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def reasons(report: Report) -> list[tuple[str, str, str]]:
    found = [(each.rule, each.justification) for each in report.ignored]
    return [(rule, why.reason, why.until) for rule, why in found if why is not None]


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


# --- where it counts ----------------------------------------------------------------------------

# In each text every `@` is a place where a comment could stand; those behind a number count.
HCL = """\
@no
locals {
  x = 1 @no
}
@1
@2
resource "aws_iam_role" "a" { @3
  @no
  name = "a" @no
  @4
  assume_role_policy = jsonencode({ @5
    @no
    Statement = [{
      Effect    = "Allow" @no
      @6
      Principal = { AWS = "*" } @7
      Action    = "sts:AssumeRole" @no
    }]
  })
  @no
}
@no
"""
HEREDOC = f"""\
@1
resource "aws_iam_role" "a" {{
  @2
  assume_role_policy = <<-EOF
    {POLICY}
  EOF
  @no
}}
"""
DOCUMENT = """\
@1
data "aws_iam_policy_document" "trust" { @2
  statement {
    actions = ["sts:AssumeRole"] @no
    principals {
      type = "AWS"
      identifiers = [
        @3
        "*", @4
      ]
    }
  }
}
@5
resource "aws_iam_role" "a" {
  @6
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""
YAML = """\
@no
Resources:
  @1
  @2
  Role: @3
    @4
    Type: AWS::IAM::Role
    Properties:
      RoleName: a @no
      @5
      AssumeRolePolicyDocument: @6
        @7
        Statement:
          @no
          - Effect: Allow
            Principal:
              @8
              AWS: "*" @9
            Action: sts:AssumeRole @no
"""
BLOCK = f"""\
Resources:
  @1
  Role:
    Type: AWS::IAM::Role
    Properties:
      @2
      AssumeRolePolicyDocument: | @3
        {POLICY}
      @no
"""
TEXTS = {
    "hcl.tf": HCL,
    "heredoc.tf": HEREDOC,
    "document.tf": DOCUMENT,
    "template.yaml": YAML,
    "block.yml": BLOCK,
}


def places() -> list[tuple[str, int, str]]:
    """Every place of every text: its file, its number, and whether a comment counts there."""
    return [
        (name, number, word)
        for name, text in TEXTS.items()
        for number, word in enumerate(part.split()[0] for part in text.split("@")[1:])
    ]


def written(name: str, place: int, comment: str) -> str:
    """The text with a comment in one of its places."""
    first, *rest = TEXTS[name].split("@")
    made = [comment if number == place else "# note" for number in range(len(rest))]
    cut = (part.partition("\n") for part in rest)
    return first + "".join(
        f"{text}\n{after}" for text, (_, _, after) in zip(made, cut, strict=True)
    )


@pytest.mark.parametrize(("name", "place", "word"), places())
@pytest.mark.parametrize("mark", ["#", "//", "/*"])
def test_where_a_comment_counts(name: str, place: int, word: str, mark: str) -> None:
    end = " */" if mark == "/*" else ""
    if mark != "#" and not name.endswith(".tf"):
        return
    text = written(name, place, f"{mark} iamlint: ignore[{RULE}]: ours{end}")
    report = check(text, name)
    if word == "no":
        assert RULE in shown(report)
        assert codes(report) == ["unused-ignore"]
        assert report.summary.counts["ignored"] == 0
    else:
        assert RULE not in shown(report)
        assert reasons(report) == [(RULE, "ours", "")]
        assert codes(report) == []
        assert report.summary.counts["ignored"] == 1


def test_a_comment_in_a_module_counts_for_all_who_call_it() -> None:
    files: dict[str, str | bytes] = {
        "main.tf": "".join(
            f'module "{name}" {{\n  source = "./role"\n  name = "{name}"\n}}\n' for name in "ab"
        ),
        "role/main.tf": 'variable "name" {}\n' + written("hcl.tf", 8, f"# iamlint: ignore[{RULE}]"),
    }
    report = lint(DictFiles(files), ["."])
    (ignored,) = report.ignored
    assert ignored.roles == ("module.a.aws_iam_role.a", "module.b.aws_iam_role.a")
    assert (shown(report), codes(report)) == ([], [])


# --- what is no comment -------------------------------------------------------------------------

WORD = f"# iamlint: ignore[{RULE}]: no"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tf", HCL.replace('"a" @no', f'"{WORD}"')),
        ("a.tf", HCL.replace('"a" @no', f'"${{"{WORD}"}}"')),
        ("a.tf", HCL.replace('"a" @no', f"<<E\n{WORD}\nE\n")),
        ("a.tf", HCL.replace('"a" @no', f"<<-E\n  ${{1}} {WORD}\n  E\n")),
        ("a.tf", HEREDOC.replace("<<-EOF\n", f"<<-EOF\n{WORD}\n")),
        ("a.yaml", YAML.replace("a @no", f'"a {WORD}"')),
        ("a.yaml", YAML.replace("a @no", f"'a\n          {WORD}'")),
        ("a.yaml", YAML.replace("a @no", f"|\n        {WORD}\n")),
        ("a.yaml", YAML.replace("a @no", f"a{WORD}")),
        ("a.json", json.dumps({"Description": WORD, "Statement": json.loads(POLICY)["Statement"]})),
    ],
)
def test_a_text_is_no_comment(name: str, text: str) -> None:
    clean = "".join(line.partition("@")[0] + "\n" for line in text.split("\n"))
    assert WORD in clean
    report = check(clean, name)
    assert report.summary.counts["ignored"] == 0
    assert not [code for code in codes(report) if "ignore" in code]


@given(bodies())
def test_comments_of_hcl_are_blanks_and_all_else_is_not(drawn: tuple[Any, str]) -> None:
    text = drawn[1]
    before, _ = read(text)
    found = list(comments(Source("a.tf", text)))
    blank = text
    for span in found:
        blank = blank[: span.start] + " " * len(span.text) + blank[span.end :]
    after, _ = read(blank)
    assert shape(after) == shape(before)
    assert not list(comments(Source("a.tf", blank)))


@given(st.lists(st.sampled_from([*NOISE, "a", "#", " # iamlint: x", "\n  "]), max_size=12))
def test_comments_of_yaml_are_blanks_and_all_else_is_not(noise: list[str]) -> None:
    text = TEMPLATE.replace("folded text", "".join(noise) or "x").replace("'it''s'", "'a # b'")
    source = Source("a.yaml", text)
    value, problems = parse_yaml(source)
    if value is None or problems:
        return
    blank = text
    for span in comments(source):
        blank = blank[: span.start] + " " * len(span.text) + blank[span.end :]
    try:
        assert yaml.compose(blank, yaml.BaseLoader) is not None
    except yaml.YAMLError:
        pytest.fail("a part of the text was taken for a comment")
    again, _ = parse_yaml(Source("a.yaml", blank))
    assert again is not None
    assert again.plain() == value.plain()


# --- what it says -------------------------------------------------------------------------------


def said(comment: str, config: Config = Config()) -> Report:  # noqa: B008
    return check(written("hcl.tf", 8, comment), "a.tf", config)


@pytest.mark.parametrize(
    ("comment", "message", "marked", "help"),
    [
        ("iamlint: ignroe[public-trust]", "`ignroe` is not understood", "ignroe", "mean `ignore`"),
        ("iamlint: ignore", "names no rule", "ignore", "ignore[RULE]"),
        ("iamlint: ignore: all", "names no rule", "ignore: all", "ignore[RULE]"),
        ("iamlint: ignore[]", "names no rule", "ignore[]", "ignore[RULE]"),
        ("iamlint: ignore[public-trust", "not closed", "ignore[public-trust", "ignore[RULE]"),
        ("iamlint: ignore[public-trsut]: x", "no rule `public-trsut`", "public-trsut",
         "mean `public-trust`"),
        ("iamlint: ignore[zzz, public-trsut]", "no rule `zzz`", "zzz", "`iamlint rules`"),
        ("iamlint: ignore[public-trust] until 2027-02-30", "is no day", "2027-02-30", "2027-01-01"),
        ("iamlint: ignore[public-trust] until 20270101", "is no day", "20270101", "2027-01-01"),
        ("iamlint: ignore[public-trust] because", "`because` is not", "ignore", "ignore[RULE]"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    comment: str, message: str, marked: str, help: str
) -> None:
    report = said(f"# {comment}")
    problem = report.problems[0]
    assert RULE in shown(report)
    assert (problem.code, problem.blocking) == ("invalid-ignore", False)
    assert message in problem.message
    assert problem.span is not None
    assert problem.span.text.startswith(marked)
    assert help in (problem.help or "")


def test_prose_about_iamlint_is_no_ignore() -> None:
    report = said("# see the manual of iamlint: it says ignore[public-trust]")
    assert RULE in shown(report)
    assert not codes(report)


def test_several_rules_and_several_tools_share_a_comment() -> None:
    text = written("hcl.tf", 8, f"# nosec # iamlint: ignore[{RULE} , open-subject]: both")
    report = check(text, "a.tf")
    assert reasons(report) == [(RULE, "both", "")]
    (problem,) = report.problems
    assert "`open-subject` hides nothing" in problem.message


@pytest.mark.parametrize(
    ("now", "counts"),
    [(None, True), (NEW_YEAR, True), (NEW_YEAR + DAY - 1, True), (NEW_YEAR + DAY, False)],
)
def test_an_ignore_counts_up_to_the_end_of_its_day(now: int | None, counts: bool) -> None:
    report = said(f"# iamlint: ignore[{RULE}] until 2027-01-01: soon", Config(now=now))
    assert (RULE in shown(report)) == (not counts)
    assert codes(report) == ([] if counts else ["expired-ignore"])
    assert reasons(report) == ([(RULE, "soon", "2027-01-01")] if counts else [])


@pytest.mark.parametrize("reason", ["", ":", ":   "])
def test_a_reason_can_be_demanded(reason: str) -> None:
    comment = f"# iamlint: ignore[{RULE}]{reason}"
    assert RULE not in shown(said(comment))
    report = said(comment, Config(require_reason=True))
    assert RULE in shown(report)
    assert codes(report) == ["ignore-without-reason"]
    assert not codes(said(comment + ": ours", Config(require_reason=True))) or reason == ":   "


def test_what_nobody_asked_for_is_not_said_to_hide_nothing() -> None:
    comment = "# iamlint: ignore[open-subject]"
    assert codes(said(comment)) == ["unused-ignore"]
    assert not codes(said(comment, Config(ignore=("open-subject",))))
    assert not codes(said(comment, Config(select=(RULE,))))


def test_of_what_was_not_judged_nobody_knows_what_is_hidden() -> None:
    text = written("hcl.tf", 8, "# iamlint: ignore[open-subject]") + "\nresource {"
    assert "unused-ignore" not in codes(check(text, "a.tf"))


def test_an_ignore_in_a_file_without_a_role_hides_nothing() -> None:
    files: dict[str, str | bytes] = {
        "a.tf": f"locals {{\n  # iamlint: ignore[{RULE}]\n}}\n",
        "b.tf": HCL.replace("@", "#"),
    }
    report = lint(DictFiles(files), ["."])
    assert [(each.code, each.path) for each in report.problems] == [("unused-ignore", "a.tf")]
    assert not codes(lint(DictFiles(files), ["b.tf"]))


def test_the_place_where_it_would_count_is_told() -> None:
    (problem,) = check(written("hcl.tf", 9, f"# iamlint: ignore[{RULE}]"), "a.tf").problems
    assert problem.help is not None
    assert problem.help.startswith("`public-trust` is found at 16:")


# --- one defect, one finding --------------------------------------------------------------------

VENDOR = """\
resource "aws_iam_role" "vendor" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "222222222222" }
      Action    = "sts:AssumeRole"
      # %s
      Condition = { StringEqualsIfExists = { "sts:ExternalId" = "b1946ac9-2c6f-4f0e-9d58" } }
    }]
  })
}
"""


def test_what_an_ignored_rule_spoke_for_speaks_for_itself() -> None:
    before = check(VENDOR % "", "a.tf")
    assert shown(before) == ["unusable-external-id"]
    notes = {note.rule for note in before.findings[0].notes}
    assert notes == {"foreign-account-without-external-id", "guard-passes-without-key"}
    after = check(VENDOR % "iamlint: ignore[unusable-external-id]: x", "a.tf")
    assert set(shown(after)) == notes
    assert [each.rule for each in after.ignored] == ["unusable-external-id"]


def test_an_ignore_renames_nothing_beside_it() -> None:
    first = POLICY.replace('"AWS":"*"', '"AWS":["*"]')
    statement = json.loads(first)["Statement"][0]
    yaml_text = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n"
    yaml_text += "      AssumeRolePolicyDocument:\n        Statement:\n"
    for _ in range(2):
        yaml_text += f"          - {json.dumps(statement)} @\n"
    plain = check(yaml_text.replace("@", ""), "a.yaml")
    name = {each.place.span.start: each.fingerprint for each in plain.findings}
    assert len(set(name.values())) == 2
    hidden = check(
        yaml_text.replace("@", f"# iamlint: ignore[{RULE}]", 1).replace("@", ""), "a.yaml"
    )
    assert {each.fingerprint for each in (*hidden.findings, *hidden.ignored)} == set(name.values())
    assert hidden.findings[0].fingerprint == plain.findings[1].fingerprint


def test_edits_are_those_of_what_is_left() -> None:
    report = check(VENDOR % "iamlint: ignore[guard-passes-without-key]", "a.tf", Config(edits=True))
    plain = check(VENDOR % "", "a.tf", Config(edits=True))
    assert shown(report) == shown(plain) == ["unusable-external-id"]
    assert report.findings[0].edit[0].text == plain.findings[0].edit[0].text


# --- where there are no comments ----------------------------------------------------------------


def template(metadata: object) -> str:
    role = {
        "Type": "AWS::IAM::Role",
        "Metadata": {"iamlint": metadata},
        "Properties": {"AssumeRolePolicyDocument": json.loads(POLICY)},
    }
    return json.dumps({"Resources": {"Role": role}}, indent=1)


def test_metadata_of_a_template_ignores() -> None:
    entry = {"rule": RULE, "reason": "a public mirror", "until": "2027-01-01"}
    report = check(template({"ignore": [entry]}), "a.json", Config(now=NEW_YEAR))
    assert reasons(report) == [(RULE, "a public mirror", "2027-01-01")]
    assert (shown(report), codes(report)) == ([], [])
    late = check(template({"ignore": [entry]}), "a.json", Config(now=NEW_YEAR + DAY))
    assert (shown(late), codes(late)) == ([RULE], ["expired-ignore"])


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"ignore": [{"rule": "public-trsut"}]}, "there is no rule `public-trsut`"),
        ({"ignore": [{"rule": RULE, "reasn": "x"}]}, "`reasn` is not understood"),
        ({"ignore": [{"rule": [RULE]}]}, "`rule` wants a text"),
        ({"ignore": [{"reason": "x"}]}, "names no rule"),
        ({"ignore": ["public-trust"]}, "names no rule"),
        ({"ignore": RULE}, "wants a list under `ignore`"),
        ({"ignores": []}, "`ignores` is not understood"),
        ("ignore", "wants a list under `ignore`"),
        ({"ignore": [{"rule": "open-subject"}]}, "`open-subject` hides nothing"),
    ],
)
def test_what_is_wrong_with_metadata_is_told(metadata: object, message: str) -> None:
    report = check(template(metadata), "a.json")
    assert report.problems
    assert message in report.problems[0].message
    assert report.problems[0].span is not None
    assert not any(problem.blocking for problem in report.problems)


def role(key: str, value: str) -> str:
    tags = [{"Key": key, "Value": value}]
    made = {"RoleName": "a", "Tags": tags, "AssumeRolePolicyDocument": json.loads(POLICY)}
    return json.dumps({"Role": made})


def test_a_tag_of_the_role_ignores() -> None:
    for value, until in (("ours", ""), ("until 2027-01-01: ours", "2027-01-01")):
        report = check(role(f"iamlint:ignore:{RULE}", value), "a.json")
        assert reasons(report) == [(RULE, "ours", until)]
        assert (shown(report), codes(report)) == ([], [])
    wrong = check(role("iamlint:ignore:public-trsut", ""), "a.json")
    (problem,) = wrong.problems
    assert problem.span is not None
    assert problem.span.text == "iamlint:ignore:public-trsut"
    assert "mean `public-trust`" in (problem.help or "")
    assert codes(check(role("iamlint:ignore:open-subject", ""), "a.json")) == ["unused-ignore"]


def test_a_check_ends_as_what_is_shown_says(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text(written("hcl.tf", 8, f"# iamlint: ignore[{RULE}]: ours"))
    done = run_iamlint("check", "a.tf", "--verbose", cwd=tmp_path)
    assert done.status == 0
    assert " · 1 ignored · " in done.out
    assert f"ignored: [{RULE}] " in done.out
    assert "(a.tf:16:28): ours" in done.out
    (tmp_path / "iamlint.toml").write_text("require-reason = true\n")
    (tmp_path / "a.tf").write_text(written("hcl.tf", 8, f"# iamlint: ignore[{RULE}]"))
    done = run_iamlint("check", "a.tf", cwd=tmp_path)
    assert done.status == 1
    assert "ignore-without-reason: " in done.out
    (tmp_path / "a.tf").write_text("# iamlint: ignore[open-subject]\n" + HCL.replace("@", "# "))
    assert run_iamlint("check", "a.tf", "--ignore", RULE, cwd=tmp_path).status == 0

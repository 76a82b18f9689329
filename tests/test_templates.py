"""Templates as a check sees them: parameters from outside, stacks in stacks, what is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from iamlint import lint
from iamlint.cli import main
from iamlint.config import Config
from iamlint.findings import Finding, Report
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles

BOOK = shipped_book()
ROLE = """\
Parameters:
  Who: {{Type: String{default}}}
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {{AWS: !Ref Who}}
            Action: sts:AssumeRole
Outputs:
  Arn: {{Value: !GetAtt Deploy.Arn}}
"""
OPEN = ROLE.format(default="")
PARENT = """\
Parameters:
  Everybody: {Type: String, Default: "*"}
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./child.yaml
      Parameters: {Who: !Ref Everybody}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {AWS: !GetAtt Inner.Outputs.Arn}
            Action: sts:AssumeRole
"""


def checked(files: dict[str, str], *paths: str, **settings: tuple[str, ...]) -> Report:
    config = Config(accounts=("111111111111",), **settings)  # type: ignore[arg-type]
    return lint(DictFiles({**files}), paths or ["."], config, book=BOOK)


def only(report: Report) -> Finding:
    (found,) = report.findings
    return found


def test_a_value_from_the_command_line_wins_over_files_and_defaults() -> None:
    star = ROLE.format(default=', Default: "*"')
    files = {"t.yaml": star, "p.json": '{"Parameters": {"Who": "111111111111"}}'}
    assert only(checked(files, "t.yaml")).rule == "public-trust"
    assert checked(files, "t.yaml", parameter_files=("p.json",)).findings == ()
    found = only(checked(files, "t.yaml", parameter_files=("p.json",), parameters=("Who=*",)))
    assert (found.rule, found.certainty) == ("public-trust", "certain")
    assert found.place.span.source.name == "--parameter"
    assert [place.span.text for place in found.related] == ["!Ref Who"]


def test_a_file_of_the_aws_cli_gives_values() -> None:
    files = {"t.yaml": OPEN, "p.json": '[{"ParameterKey": "Who", "ParameterValue": "*"}]'}
    found = only(checked(files, "t.yaml", parameter_files=("p.json",)))
    assert found.rule == "public-trust"
    assert found.place.span.source.name == "p.json"


@pytest.mark.parametrize(
    ("file", "code"),
    [(None, "unreadable-file"), ("{", "invalid-json"), ("[1]", "invalid-parameters")],
)
def test_a_file_of_values_that_cannot_be_read_is_told_and_the_rest_is_judged(
    file: str | None, code: str
) -> None:
    files = {"t.yaml": ROLE.format(default=', Default: "*"')} | ({"p.json": file} if file else {})
    report = checked(files, "t.yaml", parameter_files=("p.json",))
    assert code in [problem.code for problem in report.problems]
    assert only(report).rule == "public-trust"


def test_a_value_for_no_parameter_is_told_with_a_suggestion() -> None:
    (problem,) = checked({"t.yaml": OPEN}, parameters=("Whoo=111111111111",)).problems
    assert (problem.code, problem.blocking) == ("unknown-parameter", False)
    assert "`Who`" in (problem.help or "")


def test_a_value_that_a_parameter_does_not_take_is_told() -> None:
    text = ROLE.format(default=", AllowedValues: ['111111111111', '222222222222']")
    assert checked({"t.yaml": text}, parameters=("Who=111111111111",)).problems == ()
    (problem,) = checked({"t.yaml": text}, parameters=("Who=*",)).problems
    assert (problem.code, problem.blocking) == ("invalid-parameters", False)
    assert problem.message == "`*` is no value of the parameter `Who`"
    assert problem.help == "it takes `111111111111` or `222222222222`"


def test_what_is_not_known_is_possible_and_counted() -> None:
    report = checked({"t.yaml": OPEN})
    assert only(report).certainty == "possible"
    assert report.summary.unresolved == 1
    assert report.unresolved == ("`Who` of `Deploy` in t.yaml",)


def test_a_nested_template_is_judged_as_it_is_deployed() -> None:
    report = checked({"infra/child.yaml": OPEN, "infra/parent.yaml": PARENT})
    assert report.problems == ()
    found = only(report)
    assert (found.rule, found.certainty, found.roles) == (
        "public-trust",
        "certain",
        ("Inner/Deploy",),
    )
    assert (found.place.span.source.name, found.place.span.text) == ("infra/parent.yaml", "*")
    assert (report.summary.roles, report.summary.files, report.summary.unresolved) == (2, 2, 0)


def test_a_nested_template_alone_is_judged_on_its_own() -> None:
    files = {"infra/child.yaml": OPEN, "infra/parent.yaml": PARENT}
    assert only(checked(files, "infra/child.yaml")).certainty == "possible"
    # only what was named is reported; that the role is of this account is known all the same
    report = checked(files, "infra/parent.yaml")
    assert (report.findings, report.summary.unresolved) == ((), 0)


def test_templates_that_nest_each_other_end() -> None:
    files = {f"{name}.yaml": PARENT.replace("child", other) for name, other in ("ab", "ba")}
    report = checked(files)
    assert [problem.code for problem in report.problems] == ["too-many-stacks"]


def test_a_template_outside_of_the_folder_is_not_read() -> None:
    parent = PARENT.replace("./child.yaml", "../child.yaml")
    report = checked({"child.yaml": OPEN, "infra/parent.yaml": parent}, "infra")
    assert only(report).certainty == "possible"
    assert (report.summary.files, report.summary.unresolved) == (1, 1)


def test_a_document_of_which_nothing_is_known_is_told() -> None:
    text = OPEN.replace("      AssumeRolePolicyDocument:", "      X:").replace(
        "    Properties:", "    Properties:\n      AssumeRolePolicyDocument: !ImportValue trust"
    )
    report = checked({"t.yaml": text})
    assert report.findings == ()
    assert [(problem.code, problem.blocking) for problem in report.problems] == [
        ("unresolved", False)
    ]
    assert report.summary.unresolved == 1


def test_a_construct_of_cdk_is_named() -> None:
    metadata = '    Metadata: {"aws:cdk:path": Pipeline/Deploy/Resource}\n    Properties:'
    text = ROLE.format(default=', Default: "*"').replace("    Properties:", metadata)
    found = only(checked({"cdk.out/Pipeline.template.yaml": text}))
    assert found.message == "any AWS account can assume `Deploy` (`Pipeline/Deploy`)"
    assert found.roles == ("Deploy",)


def test_the_default_of_a_parameter_is_where_to_edit() -> None:
    found = only(checked({"t.yaml": ROLE.format(default=', Default: "*"')}))
    assert found.place.span.text == "*"
    (related,) = found.related
    assert (related.span.text, related.label) == ("!Ref Who", "used here, through parameter `Who`")


def test_a_function_that_cannot_be_called_costs_only_what_it_gives() -> None:
    text = ROLE.format(default=', Default: "*"').replace(
        "Action: sts:AssumeRole", "Action: !Joyn [sts, AssumeRole]"
    )
    public = "          - {Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole'}\n"
    report = checked({"t.yaml": text.replace("Outputs:", f"{public}Outputs:")})
    assert "invalid-template" in [problem.code for problem in report.problems]
    assert "public-trust" in [finding.rule for finding in report.findings]


def test_the_command_line_takes_parameters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template, values = tmp_path / "t.yaml", tmp_path / "elsewhere" / "p.json"
    template.write_text(OPEN, encoding="utf-8")
    values.parent.mkdir()
    values.write_text('{"Parameters": {"Who": "*"}}', encoding="utf-8")
    assert main(["check", str(template), "--parameters", str(values)]) == 1
    assert "critical[public-trust]" in capsys.readouterr().out
    assert main(["check", str(template), "--parameter", "Who=*"]) == 1
    assert "--> --parameter:1:5" in capsys.readouterr().out
    assert main(["check", str(template), "--parameter", "Who"]) == 2
    assert "write `NAME=VALUE`" in capsys.readouterr().err


def test_charts_and_workflows_are_no_news() -> None:
    chart = "a: {{ .Values.x }}\n# sts:AssumeRole\n"
    workflow = "on: push\nenv: {ACTION: 'sts:AssumeRole'}\n---\nx: 1\n"
    report = checked({"chart.yaml": chart, "w.yml": workflow})
    assert (report.problems, report.findings, report.summary.roles) == ((), (), 0)

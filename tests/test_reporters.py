"""What reporters write is safe, stable, in its schema, and looks like the screens we promise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel
from reporting_support import assert_screen, book, finding, mark, sample
from strange_reports import nasty, reports

from iamlint.config import Config
from iamlint.findings import Report
from iamlint.reporters import FORMATS, View, render
from iamlint.reporters.excerpt import WIDTH, cells, clean, excerpt
from iamlint.reporters.json_schema import JsonReport, schema
from iamlint.rules import page
from iamlint.source import Problem, Source, Span
from iamlint.triage import Counts, triage

VIEW = View(rules=book().rules)
SARIF_SCHEMA = Path(__file__).parent / "data" / "sarif-2.1.0.schema.json"

# --- text ---------------------------------------------------------------------------------------


def test_text_screen() -> None:
    view = VIEW._replace(verbose=True, milliseconds=61)
    assert_screen("report.txt", render("text", sample(), view))


def test_text_screen_in_colour() -> None:
    text = render("text", sample(), VIEW._replace(colour=True))
    assert_screen("report-colour.txt", text.replace("\x1b", "ESC"))


def test_text_screen_of_nothing() -> None:
    report = triage([], [], Config(), Counts(roles=1, files=1))
    assert render("text", report, VIEW) == "no findings · 0 ignored · 1 role in 1 file\n"


def test_text_screen_of_difficult_lines() -> None:
    minified = Source("min.json", '{"Statement":' * 30 + '"repo:acme*:*"' + ',"x":1}' * 40)
    tabs = Source("tabs.json", '\t\t"sub":\t"repo:*"\r\n')
    wide = Source("wide.json", '"説明": "e\u0301 🚀", "sub": "repo:*"')
    hostile = Source("evil\x1b[2J.json", '"\x1b[31m\u202e": "repo:*"')
    lines = Source("lines.json", "[\n" * 9 + '{"a":\r\n1\r\n}\n')
    spans = [mark(source, '"repo:*"') for source in (tabs, wide, hostile)]
    spans += [mark(minified, '"repo:acme*:*"'), mark(minified, minified.text[100:-200])]
    spans += [mark(lines, '{"a":\r\n1\r\n}'), Span(lines, len(lines.text), len(lines.text))]
    found = [finding(span, message=f"case {number}") for number, span in enumerate(spans)]
    report = triage(found, [], Config(), Counts())
    assert_screen("difficult-lines.txt", render("text", report, VIEW))


@given(reports())
def test_text_is_harmless(report: Report) -> None:
    for line in render("text", report, VIEW._replace(verbose=True)).split("\n"):
        assert line.isprintable()


@given(reports())
def test_no_line_of_text_is_a_command_of_github(report: Report) -> None:
    for line in render("text", report, VIEW._replace(verbose=True)).split("\n"):
        assert not re.match(r"\s*::[^:]", line)  # `:::` names no command


def test_a_command_in_a_witness_is_text() -> None:
    found = finding(mark(Source("x", "abc"), "b"), witness="a\n ::error::b", help="c\n::d")
    text = render("text", triage([found], [], Config(), Counts()), VIEW)
    assert re.search(r"^ +·  ::error::b$", text, re.M)
    assert re.search(r"^ +· ::d$", text, re.M)


@given(reports())
def test_colour_changes_nothing_but_colour(report: Report) -> None:
    coloured = render("text", report, VIEW._replace(colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render("text", report, VIEW)


def _cell_owners(text: str) -> Iterator[str]:
    for char in text:
        yield from [char] * cells(char)


@given(nasty, st.data())
def test_carets_stand_under_the_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    source = Source("x", text)
    cut = excerpt(Span(source, start, end))
    line = source.line_text(cut.line)
    marked = clean(line[cut.column - 1 : cut.column - 1 + end - start])
    owners = list(_cell_owners(cut.text))[cut.indent : cut.indent + cut.carets]
    drawn = list(_cell_owners(marked))
    # Trailing blanks are not drawn; an empty span has one caret, under whatever is there.
    assert owners == drawn[: len(owners)] or not drawn
    assert cut.carets == max(1, len(drawn))
    assert "".join(drawn[len(owners) :]).strip() == ""


@given(st.integers(0, 5000), st.integers(0, 400), st.integers(0, 5000))
@example(0, 0, 0)
@example(WIDTH - 1, 1, 0)
@example(5000, 400, 0)
def test_long_lines_are_cut_around_the_span(before: int, size: int, after: int) -> None:
    source = Source("x", "a" * before + "B" * size + "c" * after)
    cut = excerpt(Span(source, before, before + size))
    shown = cut.text.strip("…")
    left = before - (cut.indent - cut.text.startswith("…"))
    assert len(shown) <= WIDTH
    assert source.text[left : left + len(shown)] == shown
    assert cut.text.startswith("…") == (left > 0)
    assert cut.text.endswith("…") == (left + len(shown) < len(source.text))
    assert cut.carets == max(1, shown.count("B"))
    assert shown.count("B") == min(size, left + WIDTH - before)


def test_an_excerpt_does_not_copy_a_huge_line() -> None:
    source = Source("x", "a" * 1_000_000)
    assert len(excerpt(Span(source, 500_000, 900_000)).text) == WIDTH + 2


# --- JSON ---------------------------------------------------------------------------------------


def test_json_screen() -> None:
    assert_screen("report.json", render("json", sample(), VIEW))


def test_json_has_one_finding_a_line() -> None:
    lines = render("json", sample(), VIEW).split("\n")
    assert [
        json.loads(line.rstrip(","))["rule"] for line in lines if line.startswith('{"rule"')
    ] == [
        "foreign-provider",
        "open-subject",
    ]


@given(reports())
def test_writer_and_model_of_json_agree(report: Report) -> None:
    text = render("json", report, VIEW)
    assert text.replace("\n", "").isprintable()
    text.encode()
    data = json.loads(text)
    model = JsonReport.model_validate_json(text, strict=True)
    assert model.model_dump(mode="json") == data
    jsonschema.validate(data, schema())


@given(reports())
def test_every_key_of_the_model_is_written(report: Report) -> None:
    data = json.loads(render("json", report, VIEW))
    _assert_keys(JsonReport, data)


def _assert_keys(model: type[BaseModel], data: dict[str, Any]) -> None:
    assert set(data) == set(model.model_fields)
    for name, field in model.model_fields.items():
        kind = field.annotation
        inner = getattr(kind, "__args__", (kind,))[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            for item in data[name] if isinstance(data[name], list) else [data[name]]:
                _assert_keys(inner, item)


def test_lone_surrogates_are_replaced() -> None:
    span = mark(Source("x.json", "abc"), "b")
    report = triage([finding(span, message="\ud83d|\ude80|\ud83d\ude80")], [], Config(), Counts())
    message = json.loads(render("json", report, VIEW))["findings"][0]["message"]
    assert message == "�|�|🚀"


# --- SARIF --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(
        json.loads(SARIF_SCHEMA.read_bytes()), format_checker=jsonschema.FormatChecker()
    )


def test_sarif_screen() -> None:
    # Without the rule book, whose pages are tested on their own.
    assert_screen("report.sarif", render("sarif", sample(), View()))


def test_sarif_tells_what_the_rule_book_says() -> None:
    driver = json.loads(render("sarif", sample(), VIEW))["runs"][0]["tool"]["driver"]
    entries = {entry["id"]: entry for entry in driver["rules"]}
    assert list(entries) == ["foreign-provider", "idle-guard", "open-subject"]
    entry, (rule,) = entries["open-subject"], (r for r in VIEW.rules if r.id == "open-subject")
    assert entry["help"] == {"text": page.explain(rule), "markdown": page.markdown(rule)}
    assert entry["defaultConfiguration"] == {"level": "error"}
    assert entry["properties"] == {
        "tags": ["security", "aws", "iam", "external/cwe/cwe-287", "attack/t1078.004"],
        "precision": "very-high",
        "problem.severity": "error",
        "security-severity": "9.5",
    }
    assert entries["idle-guard"]["properties"]["problem.severity"] == "recommendation"
    assert entries["idle-guard"]["defaultConfiguration"] == {"level": "note"}


@given(report=reports())
def test_sarif_is_in_its_schema(validator: jsonschema.Draft4Validator, report: Report) -> None:
    text = render("sarif", report, VIEW)
    assert text.replace("\n", "").isprintable()
    log = json.loads(text)
    assert [error.message for error in validator.iter_errors(log)] == []
    run = log["runs"][0]
    rules = run["tool"]["driver"].get("rules", [])
    assert len(run["results"]) == len(report.findings)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        links = re.findall(r"\]\((.*?)\)", result["message"]["text"])
        known = {str(place["id"]) for place in result.get("relatedLocations", ())}
        assert set(links) <= known


def test_sarif_results_stand_on_lines_of_their_own() -> None:
    lines = render("sarif", sample(), VIEW).split("\n")
    assert sum('"ruleIndex"' in line for line in lines) == 2


@pytest.mark.parametrize(
    ("path", "uri", "base"),
    [
        ("infra/a b.json", "infra/a%20b.json", "%SRCROOT%"),
        ("a:b.json", "a%3Ab.json", "%SRCROOT%"),
        ("../up.json", "../up.json", None),
        ("a/../b.json", "a/../b.json", None),
        ("/abs/ü.json", "file:///abs/%C3%BC.json", None),
        ("not\udcfftext.json", "not%FFtext.json", "%SRCROOT%"),
        ("half\ud83d.json", "half%3F.json", "%SRCROOT%"),
        ("100%.json", "100%25.json", "%SRCROOT%"),
        ("<stdin>", "%3Cstdin%3E", "%SRCROOT%"),
    ],
)
def test_sarif_paths_are_uris(path: str, uri: str, base: str | None) -> None:
    report = triage([finding(mark(Source(path, "abc"), "b"))], [], Config(), Counts())
    result = json.loads(render("sarif", report, VIEW))["runs"][0]["results"][0]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert (artifact["uri"], artifact.get("uriBaseId")) == (uri, base)


def test_sarif_says_whether_everything_was_judged() -> None:
    said = Problem("odd", "odd", "x", blocking=False)
    for blocking in (False, True):
        report = triage([], [said._replace(blocking=blocking)], Config(), Counts())
        run = json.loads(render("sarif", report, VIEW))["runs"][0]
        assert run["invocations"][0]["executionSuccessful"] is not blocking
        assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1


def test_sarif_columns_are_code_points() -> None:
    span = mark(Source("x.json", "🚀🚀abc\n"), "abc")
    report = triage([finding(span)], [], Config(), Counts())
    run = json.loads(render("sarif", report, VIEW))["runs"][0]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert (region["startColumn"], region["endColumn"], region["snippet"]["text"]) == (3, 6, "abc")


def test_a_rule_outside_the_book_has_an_entry() -> None:
    report = triage([finding(mark(Source("x", "abc"), "b"), rule="z-own")], [], Config(), Counts())
    run = json.loads(render("sarif", report, VIEW))["runs"][0]
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "z-own"


# --- all ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_equal_reports_give_equal_bytes(format: str) -> None:
    assert render(format, sample(), VIEW) == render(format, sample(), VIEW)

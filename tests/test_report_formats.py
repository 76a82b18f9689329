"""Reports for GitHub, GitLab, JUnit and Markdown: what a stranger writes never becomes markup."""

from __future__ import annotations

import html
import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from reporting_support import assert_screen, book, finding, mark, sample
from strange_reports import reports

from iamlint.config import Config
from iamlint.findings import Finding, Report
from iamlint.reporters import View, markdown, render
from iamlint.reporters.excerpt import clean
from iamlint.source import Problem, Source
from iamlint.triage import Counts, triage

VIEW = View(rules=book().rules)
# What a stranger may try, with what each format has a meaning for.
HOSTILE = (
    "a\n::error::b %0A %25 \r\n##[add-mask]c | d ` e <script>f</script> [g](http://h) \x1b[31mi"
    " \x00 @j &amp; ]]> \u202e $x$ www.k.example ![l](m) \ud83d"
)


def hostile() -> Report:
    """A report in which all names and words are meant to do harm."""
    source = Source(f"x/{HOSTILE}:1,2.json", f'"{HOSTILE}"\n')
    found = finding(
        mark(source, "script"),
        rule=f"rule {HOSTILE}",
        message=f"`{HOSTILE}` can assume `{HOSTILE}`",
        witness=HOSTILE,
        help=HOSTILE,
    )
    said = Problem(HOSTILE, HOSTILE, HOSTILE, None, HOSTILE)
    return triage([found], [said], Config(), Counts(1, 1))


def one(**changes: Any) -> Report:
    """A report of one finding."""
    found = finding(mark(Source("x.json", "ab\ncd\n"), "b\nc"), **changes)
    return triage([found], [], Config(), Counts(1, 1))


@pytest.mark.parametrize(
    ("format", "name"),
    [
        ("github", "github.txt"),
        ("gitlab", "gitlab.json"),
        ("junit", "junit.xml"),
        ("markdown", "markdown.md"),
    ],
)
def test_screens(format: str, name: str) -> None:
    assert_screen(f"report-{name}", render(format, sample(), VIEW))
    assert_screen(f"hostile-{name}", render(format, hostile(), VIEW))


@pytest.mark.parametrize("format", ["github", "gitlab", "junit", "markdown"])
def test_order_of_input_changes_nothing(format: str) -> None:
    place = mark(Source("x.json", "abcd"), "b")
    found = [finding(place, rule=rule, severity=severity) for rule, severity in RULES]
    texts = {
        render(format, triage(listed, [], Config(), Counts()), VIEW)
        for listed in (found, found[::-1], found[1:] + found[:1])
    }
    assert len(texts) == 1


RULES = [("b", "low"), ("a", "critical"), ("c", "low"), ("d", "high")]


# --- GitHub -------------------------------------------------------------------------------------

_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::([^\n]*)")


def commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """The commands of a report as the runner reads them."""
    found = []
    for line in render("github", report, VIEW._replace(quiet=True)).splitlines():
        match = _COMMAND.fullmatch(line)
        assert match, line
        pairs = (pair.partition("=") for pair in match[2].split(","))
        properties = {key: unescaped(value) for key, _, value in pairs}
        found.append((match[1], properties, unescaped(match[3])))
    return found


def unescaped(text: str) -> str:
    """As the runner of GitHub Actions does it (ActionCommand.cs): `%25` comes last."""
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


@given(reports())
def test_github_reads_what_was_meant(report: Report) -> None:
    told = commands(report)
    assert len(told) == len(report.findings) + len(report.problems)
    assert {properties["file"] for _, properties, _ in told} == {
        "\n".join(map(clean, name.split("\n")))
        for name in [f.place.span.source.name for f in report.findings]
        + [p.span.root().source.name if p.span else p.path for p in report.problems]
    }
    for _, properties, _ in told:
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}


def test_github_takes_columns_of_one_line_only() -> None:
    ((_, several, _),) = commands(one())
    assert (several["line"], several["endLine"], "col" in several) == ("1", "2", False)
    single = triage([finding(mark(Source("x", "abc"), "b"))], [], Config(), Counts())
    ((_, properties, _),) = commands(single)
    assert (properties["col"], properties["endColumn"]) == ("2", "3")


def test_github_shows_the_worst_first() -> None:
    place = mark(Source("x.json", "abcd"), "b")
    found = [finding(place, rule=rule, severity=severity) for rule, severity in RULES]
    report = triage(found, [], Config(), Counts())
    assert [name for name, _, _ in commands(report)] == ["error", "error", "notice", "notice"]
    assert commands(report)[0][1]["title"] == "critical: a"


def test_a_command_in_a_message_is_text() -> None:
    ((_, _, text),) = commands(one(message="a\n::stop-commands::x\n%0A", witness=None, help=""))
    assert text == "a\n::stop-commands::x\n%0A"


# --- GitLab -------------------------------------------------------------------------------------


@given(reports())
def test_gitlab_has_all_it_asks_for(report: Report) -> None:
    text = render("gitlab", report, VIEW)
    issues = json.loads(text)
    assert text.replace("\n", "").isprintable()
    assert len(issues) == len(report.findings) + len(report.problems)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1
        assert "\n" not in issue["description"]


def test_equal_fingerprints_are_told_apart() -> None:
    places = [mark(Source(name, "abc"), "b") for name in ("x", "./y")]
    report = triage([finding(place) for place in places], [], Config(), Counts())
    issues = json.loads(render("gitlab", report, VIEW))
    first, second = sorted(issue["fingerprint"] for issue in issues)
    assert second == f"{first}#2"
    assert sorted(issue["location"]["path"] for issue in issues) == ["x", "y"]


# --- JUnit --------------------------------------------------------------------------------------


@given(reports())
def test_junit_is_xml_and_counts(report: Report) -> None:
    suites = ET.fromstring(render("junit", report, VIEW))
    (suite,) = suites
    cases = list(suite)
    assert len(cases) == max(1, len(report.findings) + len(report.problems))
    found = {kind: len(suite.findall(f"*/{kind}")) for kind in ("failure", "error", "skipped")}
    assert found["failure"] == report.summary.counts["failing"] == int(suite.get("failures", ""))
    assert found["error"] == report.summary.counts["blocking"] == int(suite.get("errors", ""))
    assert found["skipped"] == int(suite.get("skipped", ""))
    assert int(suite.get("tests", "")) == len(cases)


def test_junit_of_nothing_is_a_test_that_passed() -> None:
    suites = ET.fromstring(render("junit", triage([], [], Config(), Counts()), VIEW))
    (case,) = suites.iter("testcase")
    assert not list(case)


@pytest.mark.parametrize(
    ("changes", "config", "kind"),
    [
        ({}, Config(), "failure"),
        ({"severity": "low"}, Config(fail_on="high"), "skipped"),
        ({"certainty": "possible"}, Config(), "skipped"),
        ({"certainty": "possible"}, Config(fail_on_possible=True), "failure"),
    ],
)
def test_junit_fails_where_the_check_does(
    changes: dict[str, Any], config: Config, kind: str
) -> None:
    found = finding(mark(Source("x", "abc"), "b"), **changes)
    suites = ET.fromstring(render("junit", triage([found], [], config, Counts()), VIEW))
    (case,) = suites.iter("testcase")
    assert [child.tag for child in case] == [kind]


@given(reports())
def test_no_line_of_junit_is_a_command(report: Report) -> None:
    lines = render("junit", report, VIEW).split("\n")
    assert not [line for line in lines if line.strip().startswith("::")]


# --- Markdown -----------------------------------------------------------------------------------

_OURS = re.compile(r"</?code>|<br>|\*\*")


@given(reports())
def test_markdown_is_only_ours(report: Report) -> None:
    rows = [line for line in render("markdown", report, VIEW).splitlines() if line[:1] == "|"]
    for row in rows:
        assert row.isprintable()
        first, *cells, last = row.split("|")
        assert (first, len(cells), last) == ("", 3, "")
        for cell in cells:
            left = re.sub(r"&#\d+;", "", _OURS.sub("", cell))
            assert not re.search(r"[\\`*_\[\]<>|~&@#$:^]", left)


def test_markdown_says_what_was_meant() -> None:
    text = render("markdown", one(message="`a|b` is <c> & `d_e`", help="x `y"), VIEW)
    assert "<code>a&#124;b</code> is &#60;c&#62; &#38; <code>d&#95;e</code>" in text
    assert "help&#58; x &#96;y" in text  # a backtick without a partner opens nothing
    assert "`a|b` is <c> & `d_e`" in html.unescape(re.sub("</?code>", "`", text))


def test_markdown_keeps_to_what_a_summary_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    place = mark(Source("x.json", "abcd"), "b")
    found: list[Finding] = [
        finding(place, message=f"{number} {'x' * 900}") for number in range(3000)
    ]
    said = [Problem("odd", f"{number} {'ü' * 900}", "x.json") for number in range(1000)]
    text = render("markdown", triage(found, said, Config(), Counts()), VIEW)
    assert len(text.encode()) < 1024 * 1024
    rest = [
        int(line.split()[1].replace(",", "")) for line in text.split("\n") if line[:4] == "and "
    ]
    shown = sum(line.startswith("| critical") for line in text.split("\n"))
    assert shown + rest[0] == 3000
    assert len(rest) == 2
    monkeypatch.setattr(markdown, "MOST_BYTES", 0)
    assert "and 3,000 more findings" in render(
        "markdown", triage(found, [], Config(), Counts()), VIEW
    )

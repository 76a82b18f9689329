"""Triage and fingerprints: what is shown, what is counted, and which name a finding keeps."""

from __future__ import annotations

import json
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_support import finding, mark, sample

from iamlint.config import Config, is_account, is_organization, thresholds
from iamlint.findings import SEVERITIES, Finding, Note, fingerprint, severity_rank
from iamlint.source import Problem, Source, Span
from iamlint.triage import Counts, exit_status, triage

SOURCE = Source("a.json", '{"a": [1, 2, 3]}')
OTHER = Source("b.json", '{"a": [1, 2, 3]}')


def some(count: int = 12) -> list[Finding]:
    """Findings that differ in one thing each."""
    spans = [mark(source, text) for source in (SOURCE, OTHER) for text in ("1", "2", "[1, 2, 3]")]
    return [
        finding(
            spans[number % len(spans)],
            rule=f"rule-{number % 4}",
            severity=SEVERITIES[number % 5],
            certainty="possible" if number % 3 == 0 else "certain",
            message=f"message {number}",
        )
        for number in range(count)
    ]


@given(st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_engine(shuffler: random.Random) -> None:
    findings = some()
    problems = [Problem("x", str(number), "p") for number in range(4)]
    expected = triage(findings, problems, Config(level="info"), Counts())
    shuffler.shuffle(findings)
    shuffler.shuffle(problems)
    assert triage(findings, problems, Config(level="info"), Counts()) == expected


def test_findings_are_ordered_by_place_and_rule() -> None:
    shown = triage(some(), [], Config(level="info"), Counts()).findings
    keys = [
        (f.place.span.source.name, *f.place.span.source.position(f.place.span.start)) for f in shown
    ]
    assert keys == sorted(keys)


@given(
    st.sampled_from(SEVERITIES),
    st.sets(st.sampled_from(["rule-0", "rule-1", "rule-2"])),
    st.sets(st.sampled_from(["rule-0", "rule-1", "rule-3"])),
)
def test_everything_is_shown_or_counted(level: str, select: set[str], ignore: set[str]) -> None:
    findings = some()
    config = Config(level=level, select=tuple(select), ignore=tuple(ignore))
    report = triage(findings, [], config, Counts())
    summary = report.summary
    wanted = [f for f in findings if f.rule not in ignore and (not select or f.rule in select)]
    visible = [f for f in wanted if severity_rank(f.severity) >= severity_rank(level)]
    assert sorted(f._replace(fails=False) for f in report.findings) == sorted(visible)
    assert summary.hidden == len(findings) - len(visible)
    assert summary.counts["ignored"] == len(findings) - len(wanted)
    assert sum(summary.counts[name] for name in SEVERITIES) == len(visible)
    assert summary.counts["certain"] + summary.counts["possible"] == len(visible)


def test_notes_of_ignored_rules_are_left_out() -> None:
    place = some(1)[0].place
    noted = finding(place.span, notes=(Note("kept", "m", place), Note("dropped", "m", place)))
    (shown,) = triage([noted], [], Config(ignore=("dropped",)), Counts()).findings
    assert [note.rule for note in shown.notes] == ["kept"]


@pytest.mark.parametrize(
    ("severity", "certainty", "config", "status"),
    [
        ("low", "certain", Config(), 1),
        ("info", "certain", Config(), 0),
        ("info", "certain", Config(level="info"), 0),
        ("info", "certain", Config(level="info", fail_on="info"), 1),
        ("medium", "certain", Config(fail_on="high"), 0),
        ("high", "certain", Config(fail_on="high"), 1),
        ("high", "possible", Config(fail_on="high"), 0),
        ("high", "possible", Config(fail_on="high", fail_on_possible=True), 1),
        ("low", "possible", Config(fail_on="high", fail_on_possible=True), 0),
    ],
)
def test_the_status_follows_the_threshold(
    severity: str, certainty: str, config: Config, status: int
) -> None:
    found = finding(mark(SOURCE, "1"), severity=severity, certainty=certainty)
    assert exit_status(triage([found], [], config, Counts())) == status


def test_a_blocking_problem_comes_before_findings() -> None:
    found, problem = finding(mark(SOURCE, "1")), Problem("x", "y", "z")
    both = triage([found], [problem], Config(), Counts())
    assert exit_status(both) == 3
    assert both.summary.counts["failing"] == both.summary.counts["blocking"] == 1
    said = triage([found], [problem._replace(blocking=False)], Config(), Counts())
    assert exit_status(said) == 1


def test_a_report_counts_what_was_passed_over() -> None:
    report = sample()
    assert report.summary.skipped == 3
    assert report.skipped == ("2 × a cache", "1 × code of others")


@pytest.mark.parametrize(
    ("level", "fail_on", "both"),
    [
        (None, None, ("low", "low")),
        ("high", None, ("high", "high")),
        ("info", None, ("info", "low")),
        (None, "info", ("info", "info")),
        (None, "critical", ("low", "critical")),
        ("medium", "low", ("medium", "low")),
    ],
)
def test_what_fails_a_check_is_shown(
    level: str | None, fail_on: str | None, both: tuple[str, str]
) -> None:
    assert thresholds(level, fail_on) == both


@pytest.mark.parametrize("text", ["111122223333", "000000000000"])
def test_account_ids(text: str) -> None:
    assert is_account(text)


@pytest.mark.parametrize("text", ["", "11112222333", "1111222233334", "11112222333a", "１" * 12])
def test_no_account_ids(text: str) -> None:
    assert not is_account(text)


def test_organization_ids() -> None:
    assert is_organization("o-a1b2c3d4e5")
    for wrong in ("a1b2c3d4e5", "o-short", "o-A1b2c3d4e5", "o-" + "a" * 33, "o-a1b2c3d4é5", "o-o-"):
        assert not is_organization(wrong)


# --- fingerprints -------------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def printed(text: str) -> str:
    return fingerprint("rule", "role", text, 0)


@given(values, st.sampled_from([None, 1, 4, "\t"]), st.booleans())
def test_layout_does_not_change_a_fingerprint(
    value: object, indent: int | str | None, crlf: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if crlf:
        text = text.replace("\n", "\r\n")
    assert printed(text) == printed(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


@given(values, values)
def test_different_values_have_different_fingerprints(left: object, right: object) -> None:
    texts = [json.dumps(value, ensure_ascii=False) for value in (left, right)]
    assert (printed(texts[0]) == printed(texts[1])) == (texts[0] == texts[1])


def test_white_space_in_strings_counts() -> None:
    assert printed('"a b"') != printed('"ab"')
    assert printed(r'"a\" b"') != printed(r'"a\"b"')
    assert printed('"a\\\\" , "b c"') == printed('"a\\\\","b c"')


def test_every_part_counts_and_none_runs_into_the_next() -> None:
    made = {
        fingerprint("a", "b", "c", 0),
        fingerprint("ab", "", "c", 0),
        fingerprint("a", "bc", "", 0),
        fingerprint("a", "b", "c", 1),
        fingerprint("a", "b", "c0", 0),
        fingerprint("a\x00b", "", "c", 0),
    }
    assert len(made) == 6


def test_a_fingerprint_never_changes_between_releases() -> None:
    # Baselines and alerts of users hang on this very text.
    made = fingerprint("open-subject", "arn:aws:iam::111122223333:role/deploy", '{"a": "b c"}', 2)
    assert made == "v1:2a4b7a45f841913bc2c87946cfaa8844"


@given(st.text(st.characters(codec=None)))
def test_a_fingerprint_has_one_shape(text: str) -> None:
    made = fingerprint(text, text, text, 7)
    assert made.startswith("v1:")
    assert len(made) == 35
    assert set(made[3:]) <= set(string.hexdigits)


def test_config_enables_rules() -> None:
    assert Config().enables("a")
    assert not Config(ignore=("a",)).enables("a")
    assert not Config(select=("b",)).enables("a")
    assert not Config(select=("a",), ignore=("a",)).enables("a")


def test_spans_of_findings_are_compared_by_place_only() -> None:
    # Two sources of one name (a merged module) must not make the order fail.
    twin = Source("a.json", SOURCE.text)
    found = [finding(Span(source, 6, 7), message="m") for source in (SOURCE, twin)]
    assert len(triage(found, [], Config(), Counts()).findings) == 2

"""SARIF as GitHub takes it: its limits, its validator, and the same bytes for the same input."""

from __future__ import annotations

import json
import random
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from multitool import HOMELESS, complaints, validator
from reporting_support import book, finding, mark, sample
from running import ROOT, run_iamlint, run_python
from test_report_formats import hostile

from iamlint.config import Config
from iamlint.findings import (
    SEVERITIES,
    Finding,
    Justification,
    Place,
    Report,
    fingerprint,
    severity_rank,
)
from iamlint.reporters import View, files, render
from iamlint.reporters.sarif import limits
from iamlint.source import Source
from iamlint.triage import Counts, triage

VIEW = View(rules=book().rules)
SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.schema.json").read_bytes())
PLACE = mark(Source("x.json", '{"a": "repo:*"}\n'), "repo:*")


def many(count: int, **changes: Any) -> Report:
    """A report with so many findings, each of another severity than the one before it."""
    found = [
        finding(
            PLACE,
            severity=SEVERITIES[number % 5],
            message=f"finding {number}",
            fingerprint=fingerprint("open-subject", str(number), "", 0),
            **changes,
        )
        for number in range(count)
    ]
    return triage(found, [], Config(level="info"), Counts(1, 1))


def runs(report: Report, view: View = VIEW) -> list[dict[str, Any]]:
    """The runs of all files of a report."""
    return [run for text in files("sarif", report, view) for run in json.loads(text)["runs"]]


def results(report: Report, view: View = VIEW) -> list[dict[str, Any]]:
    return [result for run in runs(report, view) for result in run["results"]]


# --- limits -------------------------------------------------------------------------------------


def test_limits_are_those_that_github_tells() -> None:
    # docs.github.com, "SARIF support for code scanning", validating your SARIF file: what it shows
    assert limits.RUNS_PER_FILE <= 20
    assert limits.RESULTS_PER_RUN <= 5_000
    assert limits.RULES_PER_RUN <= 25_000
    assert limits.LOCATIONS <= 100
    assert limits.FLOW_LOCATIONS <= 1_000
    assert limits.TAGS <= 10
    assert limits.FILE < 10 * 1000 * 1000


def test_a_small_report_is_one_run_in_order_of_place() -> None:
    (run,) = runs(sample())
    assert run["automationDetails"]["id"] == "iamlint/"
    assert [result["ruleId"] for result in run["results"]] == ["foreign-provider", "open-subject"]
    assert files("sarif", sample(), VIEW) == (render("sarif", sample(), VIEW),)


def test_a_run_holds_as_many_results_as_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RESULTS_PER_RUN", 10)
    monkeypatch.setattr(limits, "RUNS_PER_FILE", 3)
    report = many(95)
    texts = files("sarif", report, VIEW)
    counted = [[len(run["results"]) for run in json.loads(text)["runs"]] for text in texts]
    assert counted == [[10] * 3, [10] * 3, [10] * 3, [5]]
    found = results(report)
    assert {each["message"]["text"].split("\n")[0] for each in found} == {
        f"finding {number}" for number in range(95)
    }
    ranks = [severity_rank(each["properties"]["severity"]) for each in found]
    assert ranks == sorted(ranks, reverse=True)
    # GitHub refuses two runs of one tool and category
    ids = [run["automationDetails"]["id"] for run in runs(report)]
    assert ids[:3] == ["iamlint/", "iamlint/2/", "iamlint/3/"]
    assert len(set(ids)) == len(ids) == 10
    for text in texts:
        jsonschema.Draft4Validator(SCHEMA).validate(json.loads(text))


def test_real_limits_hold_for_many_findings() -> None:
    report = many(12_000, help="", witness=None)
    counted = [len(run["results"]) for run in runs(report, View())]
    assert counted == [5_000, 5_000, 2_000]


def test_a_file_is_no_larger_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE", 20_000)
    noise = random.Random(1)
    found = [
        finding(PLACE, message="".join(noise.choices("0123456789abcdef", k=900)), help="")
        for _ in range(120)
    ]
    report = triage(found, [], Config(), Counts())
    texts = files("sarif", report, View())
    assert len(texts) > 2
    assert sum(len(run["results"]) for text in texts for run in json.loads(text)["runs"]) == 120
    assert max(len(zlib.compress(text.encode())) for text in texts) <= 20_000
    ids = [run["automationDetails"]["id"] for run in runs(report, View())]
    assert len(set(ids)) == len(ids)


def test_further_files_stand_beside_the_first(tmp_path: Path) -> None:
    code = (
        "from iamlint.reporters.sarif import limits; limits.RESULTS_PER_RUN = 1;"
        "limits.RUNS_PER_FILE = 2; import sys; from iamlint.cli import main;"
        "sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["check", str(ROOT / "examples"), "--format=sarif", "--output=out.sarif"]
    done = run_python("-c", code, *arguments, cwd=tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) > 2
    assert names == sorted(
        ["out.sarif", *(f"out.{number}.sarif" for number in range(2, len(names) + 1))]
    )
    assert f"in {len(names)} files, `out.sarif` to `out.{len(names)}.sarif`" in done.err


def test_places_and_ways_of_a_result_are_limited() -> None:
    related = tuple(Place(PLACE, f"the value of `v{number}`") for number in range(3_000))
    (result,) = results(triage([finding(PLACE, related=related)], [], Config(), Counts()))
    assert len(result["locations"]) + len(result["relatedLocations"]) == limits.LOCATIONS
    steps = [step for flow in result["codeFlows"] for step in flow["threadFlows"][0]["locations"]]
    assert len(steps) <= limits.FLOW_LOCATIONS


def test_long_texts_are_cut() -> None:
    found = finding(PLACE, title="t" * 5000, rule="own", message="m" * 5000, roles=("r",) * 500)
    (run,) = runs(triage([found], [], Config(), Counts()), View())
    entry = run["tool"]["driver"]["rules"][0]
    assert len(entry["shortDescription"]["text"]) == limits.DESCRIPTION
    assert len(entry["fullDescription"]["text"]) == limits.DESCRIPTION
    assert len(run["results"][0]["message"]["text"].split("\n")[0]) == limits.MESSAGE
    assert len(run["results"][0]["properties"]["roles"]) == limits.ROLES
    assert run["results"][0]["properties"]["moreRoles"] == 400


def test_the_rule_book_keeps_to_the_limits() -> None:
    done = run_iamlint("check", "examples/safe.json", "--format=sarif", cwd=ROOT)
    rules = json.loads(done.out)["runs"][0]["tool"]["driver"]["rules"]
    assert len(rules) > 80
    for rule in rules:
        assert rule["name"] != rule["id"]
        assert len(rule["name"]) <= 255
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"].startswith("# ")
        assert 0 < len(rule["properties"]["tags"]) <= 10
        assert "security" in rule["properties"]["tags"]
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")


# --- what results say ---------------------------------------------------------------------------


def test_the_way_of_a_value_begins_where_it_is_written() -> None:
    source = Source("x.tf", "default = 1\nvalue = var.x\nmodule\n")
    first, use, later = (mark(source, text) for text in ("1", "var.x", "module"))
    related = (
        Place(first, "the value of `x`"),
        Place(later, "used here, through `y`", later=True),
    )
    found = finding(use, place=Place(use, "here"), related=related)
    (result,) = results(triage([found], [], Config(), Counts()))
    ways = [
        [step["location"]["message"]["text"] for step in flow["threadFlows"][0]["locations"]]
        for flow in result["codeFlows"]
    ]
    assert ways == [["the value of `x`", "here"], ["here", "used here, through `y`"]]
    assert "see: [the value of `x`](1)" in result["message"]["text"]
    assert [place["id"] for place in result["relatedLocations"]] == [1, 2]


def test_a_real_value_has_its_way() -> None:
    done = run_iamlint("check", "examples/roles.tf", "--format=sarif", cwd=ROOT)
    found = json.loads(done.out)["runs"][0]["results"]
    (way,) = next(result["codeFlows"] for result in found if "codeFlows" in result)
    lines = [
        step["location"]["physicalLocation"]["region"]["startLine"]
        for step in way["threadFlows"][0]["locations"]
    ]
    assert lines == [3, 32]


def test_what_was_ignored_is_told_only_where_it_was_asked_for() -> None:
    why = Justification("they promised", Place(PLACE), "2027-01-01")
    ignored = finding(PLACE, rule="a", justification=why)
    bare = finding(PLACE, rule="b", justification=why._replace(reason="", until=""))
    known = finding(PLACE, rule="c")
    report = sample()._replace(ignored=(ignored, bare), known=(known,))
    # GitHub would show them as open: it does not read `suppressions`
    assert len(results(report)) == 2
    found = results(report, VIEW._replace(ignored=True))
    assert [result.get("suppressions") for result in found] == [
        None,
        None,
        [{"kind": "inSource", "justification": "until 2027-01-01: they promised"}],
        [{"kind": "inSource"}],
        [{"kind": "external"}],
    ]
    log = json.loads(render("sarif", report, VIEW._replace(ignored=True)))
    jsonschema.Draft4Validator(SCHEMA).validate(log)


def test_an_edit_is_the_change_of_an_artifact() -> None:
    done = run_iamlint("check", "examples/roles.tf", "--format=sarif", cwd=ROOT)
    found = json.loads(done.out)["runs"][0]["results"]
    (fix,) = next(result["fixes"] for result in found if "fixes" in result)
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "examples/roles.tf", "uriBaseId": "%SRCROOT%"}
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"]["text"] == "StringEquals"


def test_a_category_is_what_was_asked_for() -> None:
    done = run_iamlint("check", "examples/safe.json", "--format=sarif", "--category=prod", cwd=ROOT)
    assert json.loads(done.out)["runs"][0]["automationDetails"] == {"id": "prod/"}


# --- the same bytes -----------------------------------------------------------------------------


def test_bytes_hang_on_nothing_but_the_input() -> None:
    named = sorted(f"examples/{path.name}" for path in (ROOT / "examples").glob("*.*"))
    code = "import sys; from iamlint.cli import main; sys.exit(main(sys.argv[1:]))"
    texts = set()
    for seed, paths in (("0", named), ("1", named[::-1]), ("4711", named[3:] + named[:3])):
        arguments = ["check", "--level=info", "--format=sarif", "--now=never", *paths]
        done = run_python("-c", code, *arguments, cwd=ROOT, env={"PYTHONHASHSEED": seed})
        assert done.status == 1, done.err
        texts.add(done.out)
    assert len(texts) == 1


# --- the validator that GitHub names ------------------------------------------------------------


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return validator(tmp_path_factory.mktemp("multitool"))


def logs(folder: Path) -> Iterator[Path]:
    """Reports of every kind that these tests make."""
    place = mark(Source("ü b.json", "🚀\tabc\n"), "abc")
    ignored = (finding(place, justification=Justification("why", Place(place))),)
    kinds: dict[str, tuple[Report, View]] = {
        "sample": (sample(), VIEW),
        "bare": (sample(), View()),
        "empty": (triage([], [], Config(), Counts()), VIEW),
        "hostile": (hostile(), VIEW),
        "ignored": (sample()._replace(ignored=ignored), VIEW._replace(ignored=True)),
    }
    for name, (report, view) in kinds.items():
        path = folder / f"{name}.sarif"
        path.write_text(render("sarif", report, view), "utf-8")
        yield path
    path = folder / "examples.sarif"
    arguments = ["--level=info", "--format=sarif", f"--output={path}"]
    run_iamlint("check", "examples", *arguments, cwd=ROOT)
    yield path


def test_the_validator_is_content(
    tool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list(logs(tmp_path))
    monkeypatch.setattr(limits, "RESULTS_PER_RUN", 3)
    for number, text in enumerate(files("sarif", many(10), VIEW)):
        made.append(tmp_path / f"many-{number}.sarif")
        made[-1].write_text(text, "utf-8")
    said = "\n".join(complaints(tool, made, tmp_path))
    assert said == ""


def test_the_validator_sees_what_is_wrong(tool: Path, tmp_path: Path) -> None:
    log = json.loads(render("sarif", sample(), VIEW))
    del log["runs"][0]["results"][0]["locations"]
    log["runs"][0]["results"][1]["ruleIndex"] = 99
    path = tmp_path / "wrong.sarif"
    path.write_text(json.dumps(log), "utf-8")
    said = " ".join(complaints(tool, [path], tmp_path))
    assert "GH1015" in said
    assert "ruleIndex" in said


def test_the_missing_address_is_allowed_only_while_there_is_none() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "urls" not in project, f"tell it in the report, and take {HOMELESS} away"


def test_no_finding_is_lost_between_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RESULTS_PER_RUN", 7)
    report = many(50)
    told: list[Finding] = list(report.findings)
    assert sorted(each["partialFingerprints"]["iamlint/v1"] for each in results(report)) == sorted(
        each.fingerprint for each in told
    )

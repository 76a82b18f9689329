"""Today: dates in conditions are held against it, and only against it."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from examples_support import nodes
from hypothesis import given
from hypothesis import strategies as st
from running import run_iamlint

from iamlint.cli import main
from iamlint.facts.truth import Truth
from iamlint.semantics.strings import Strings

NOW = int(datetime(2026, 11, 24, tzinfo=UTC).timestamp())
RELATIONS: dict[str, Callable[[int, int], bool]] = {
    "Equals": operator.eq,
    "NotEquals": operator.ne,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}


def policy(*guards: tuple[str, str, str]) -> dict[str, object]:
    conditions: dict[str, dict[str, str]] = {}
    for name, key, value in guards:
        conditions.setdefault(name, {})[key] = value
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:role/ci"},
        "Action": "sts:AssumeRole",
        "Condition": conditions,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def told(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat().replace("+00:00", "Z")


@given(
    st.sampled_from(sorted(RELATIONS)),
    st.sampled_from([-1000, -2, -1, 0, 1, 2, 1000]),
    st.booleans(),
)
def test_a_guard_is_held_against_the_times_from_now_on(
    relation: str, offset: int, seconds: bool
) -> None:
    instant = NOW + offset
    guard = (
        (f"Numeric{relation}", "aws:EpochTime", str(instant))
        if seconds
        else (f"Date{relation}", "aws:CurrentTime", told(instant))
    )
    example = {"policy": policy(guard), "now": "2026-11-24"}
    (node,) = (each for each in nodes(example, Strings()) if each.kind == "guard")
    times = range(NOW, NOW + 1100)  # beyond the last point nothing changes any more
    met = [RELATIONS[relation](time, instant) for time in times]
    passes, void = node.fact("passes"), node.fact("void")
    assert isinstance(passes, Truth)
    assert isinstance(void, Truth)
    assert passes.state == ("yes" if any(met) else "no")
    assert void.state == ("yes" if all(met) else "no")


@pytest.mark.parametrize("now", ["2026-11-24", None])
def test_a_witness_calls_now_or_later(now: str | None) -> None:
    guards = ("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z")
    example = {"policy": policy(guards)} | ({"now": now} if now else {})
    (grant,) = (each for each in nodes(example, Strings()) if each.kind == "grant")
    admits = grant.fact("admits")
    witness = admits.fact("anyone").witness  # type: ignore[attr-defined]
    time = witness.request().context["aws:currenttime"]
    assert datetime.fromisoformat(time).timestamp() >= (NOW if now else 0)


EXPIRED = policy(("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"))


def test_today_is_the_default_and_a_day_can_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "role.json"
    path.write_text(json.dumps(EXPIRED))

    def said(*arguments: str) -> str:
        assert main(["check", str(path), *arguments]) in (0, 1)
        return capsys.readouterr().out

    assert said().startswith("low[expired-statement]")
    assert "allows is over" in said("--now", "2020-01-01")
    assert "allows is over" in said("--now=2020-01-01T00:00:00Z")
    assert "no findings" in said("--now", "2019-12-31")
    assert "no findings" in said("--now", "never")


@pytest.mark.parametrize("day", ["yesterday", "20261124", "2026-13-01", "-1", ""])
def test_what_is_no_day_is_refused(day: str, tmp_path: Path) -> None:
    (tmp_path / "role.json").write_text(json.dumps(EXPIRED))
    done = run_iamlint("check", "role.json", f"--now={day}", cwd=tmp_path)
    assert done.status == 2
    assert "`2026-11-24`" in done.err or "`--now` wants a value" in done.err

"""Holds the oracle and the engine against another evaluator of trust policies, pair by pair.

    python bench/simulate.py draw --pairs 30000 > pairs.jsonl
    python bench/simulate.py hold pairs.jsonl answers.jsonl

In between the other evaluator answers every line of `pairs.jsonl` with a line
`{"id": …, "allowed": …}`: whether the role lets the call in, which it does when each of `actions`
is allowed by `policy` to `principal` under `context`, the policies of the caller's own side left
aside. How that was done with iam-simulate, and what came out, is in docs/decisions/0002-oracles.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from comparison import ROLE, Subject, Tally, compare_call
from oracle import Request
from policies import ASSUMPTIONS, interesting_policy, near_requests

# How iam-simulate reads what AWS leaves open.
_TRUE = ("star-service", "star-federated", "foreign-provider", "not-principal", "same-key-twice")
_READING = {name: name in _TRUE for name in ASSUMPTIONS}
_CALLS = 10  # of one policy


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="print pairs, one a line")
    draw.add_argument("--pairs", type=int, default=30_000)
    draw.add_argument("--seed", default="iam-simulate", help="any text")
    hold = commands.add_parser("hold", help="compare the answers")
    hold.add_argument("pairs", type=Path)
    hold.add_argument("answers", type=Path)
    asked = parser.parse_args()
    if asked.command == "draw":
        _draw(Random(asked.seed), asked.pairs)
    else:
        _hold(asked.pairs, asked.answers)


def _draw(rng: Random, pairs: int) -> None:
    for start in range(0, pairs, _CALLS):
        policy = interesting_policy(rng, ROLE)
        calls = near_requests(policy, rng, min(_CALLS, pairs - start), ROLE)
        for number, call in enumerate(calls, start):
            told = call._asdict() | {"actions": sorted(call.actions)}
            known = {"id": number, "principal": _principal(call.caller), "policy": policy}
            print(json.dumps(known | told))


def _principal(caller: dict[str, str]) -> str:
    """The caller as the principal of a request: of a role's session, the session."""
    if caller["kind"] != "session":
        return caller.get("arn") or caller.get("service") or caller["provider"]
    _, partition, _, _, account, path = caller["arn"].split(":", 5)
    name = f"{path.rpartition('/')[2]}/{caller['session']}"
    return f"arn:{partition}:sts::{account}:assumed-role/{name}"


def _hold(pairs: Path, answers: Path) -> None:
    counts: Counter[str] = Counter()
    engine = Tally(Counter(), [])
    answered = {each["id"]: each["allowed"] for each in _lines(answers)}
    for pair in _lines(pairs):
        call = Request(pair["caller"], frozenset(pair["actions"]), pair["context"])
        subject = Subject(pair["policy"], _READING)
        ours, theirs = subject.allowed(call), answered[pair["id"]]
        compare_call(subject, call, engine)
        counts.update({"pairs": 1, "admitted by the oracle": ours, "admitted there": theirs})
        if ours != theirs:
            hangs_on = _hangs_on(subject, call)
            counts[f"differ, {hangs_on}"] += 1
            if hangs_on == "unexplained":
                print(json.dumps(pair | {"oracle": ours}))
    print(*(f"{name}: {number}" for name, number in sorted(counts.items())), sep="\n")
    print(f"engine and oracle: {engine.counts['pairs']} pairs, {len(engine.differences)} differ")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _hangs_on(subject: Subject, call: Request) -> str:
    """Which other reading of an open question would give the other answer."""
    ours = subject.allowed(call)
    other = [
        name
        for name in ASSUMPTIONS
        if Subject(subject.policy, _READING | {name: not _READING[name]}).allowed(call) != ours
    ]
    return f"hangs on {' or '.join(other)}" if other else "unexplained"


if __name__ == "__main__":
    main()

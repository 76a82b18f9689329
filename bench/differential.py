"""Compares the engine with the oracle on random policies, in two processes, and prints counts.

    python bench/differential.py --pairs 200000

Three comparisons: calls near each policy, one by one, and the engine's witness and answers; where
the engine claims that nobody gets in, `--samples` more calls, all of which the oracle must refuse;
and for `--small` policies of a small world, every call there is. A tenth of the pairs more are
drawn with operators on keys of another kind. Exits with 1 and prints each difference as a line of
JSON when the two disagree.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from comparison import DIFFERENT, Tally, compare, shown
from mixed import mixed_policy
from policies import ASSUMPTIONS
from small import differing, some_policies

_PORTION = 2_000
_SMALL_PORTION = 100


class Portion(NamedTuple):
    """What one process does in one go: `small` policies of a small world, or `pairs`.

    `mixed`: operators meet keys of another kind.
    """

    seed: str
    pairs: int = 0
    samples: int = 0
    small: int = 0
    mixed: bool = False


def main() -> int:
    asked = _asked()
    started = time.perf_counter()
    total = Tally(Counter(), [])
    with ProcessPoolExecutor(asked.processes) as pool:
        for tally in pool.map(_compared, _portions(asked)):
            total.counts.update(tally.counts)
            total.differences.extend(tally.differences)
    for line in shown(total.differences):
        print(line)
    print(_summary(total.counts, time.perf_counter() - started))
    return 1 if total.differences else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pairs", type=int, default=200_000, help="policy and request pairs")
    parser.add_argument("--samples", type=int, default=2_000, help="calls for each empty policy")
    parser.add_argument("--small", type=int, default=4_000, help="policies of a small world")
    parser.add_argument("--seed", default="differential", help="any text")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def _portions(asked: argparse.Namespace) -> list[Portion]:
    seed = asked.seed
    pairs = [
        Portion(f"{seed}/{start}", min(_PORTION, asked.pairs - start), asked.samples)
        for start in range(0, asked.pairs, _PORTION)
    ]
    small = [
        Portion(f"{seed}/small/{start}", small=min(_SMALL_PORTION, asked.small - start))
        for start in range(0, asked.small, _SMALL_PORTION)
    ]
    mixed = [
        Portion(f"{seed}/mixed/{start}", _PORTION // 10, asked.samples // 10, mixed=True)
        for start in range(0, asked.pairs, _PORTION)
    ]
    return pairs + mixed + small


def _compared(portion: Portion) -> Tally:
    rng = Random(portion.seed)
    if portion.small:
        return _searched(rng, portion.small)
    if portion.mixed:
        return compare(rng, portion.pairs, portion.samples, calls=5, draw=mixed_policy)
    return compare(rng, portion.pairs, portion.samples)


def _searched(rng: Random, number: int) -> Tally:
    """Policies of a small world, every call of which is looked at."""
    tally = Tally(Counter(), [])
    for policy in some_policies(rng, number):
        assume = dict.fromkeys(ASSUMPTIONS, rng.random() < 0.5)
        assume |= {"star-service": False, "star-federated": False}
        tally.counts["small policies"] += 1
        if differing(policy, assume):
            tally.note("small", policy, None, assume, "empty on one side only")
    return tally


def _summary(counts: Counter[str], seconds: float) -> str:
    undecided = sum(n for name, n in counts.items() if name.startswith("policies undecided"))
    lines = [
        f"{counts['policies']} policies, {counts['pairs']} pairs in {seconds:.0f} s",
        f"admitted by the oracle: {counts['admitted'] / max(counts['pairs'], 1):.1%} of the pairs",
        f"witnesses: {counts['witnesses']}, of them with a context that the engine knowingly"
        f" leaves too wide: {counts['witnesses wider than real']}",
        f"claimed empty: {counts['empty']}; sampled: {counts['empties sampled']} of them, with"
        f" {counts['samples']} calls (admitted where the role is another:"
        f" {counts['samples let in by another role']})",
        f"small policies of which every call was looked at: {counts['small policies']}",
        f"undecided: {undecided} policies ({undecided / max(counts['policies'], 1):.2%})",
        *(f"  {name}: {counts[name]}" for name in sorted(counts) if "undecided" in name),
        "answers over all readings: "
        + ", ".join(f"{name[9:]} {counts[name]}" for name in sorted(counts) if "answers:" in name),
        f"disagreements: {sum(counts[kind] for kind in DIFFERENT)}",
        *(f"  {kind}: {counts[kind]}" for kind in DIFFERENT),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

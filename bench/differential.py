"""Compares the engine with the oracle on random policies, in two processes, and prints counts.

    python bench/differential.py --pairs 200000 --samples 2000

Exits with 1 and prints each difference as a line of JSON when the two disagree.
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

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from comparison import DIFFERENT, Tally, compare, shown

_PORTION = 2_000


class Portion(NamedTuple):
    """What one process does in one go."""

    seed: str
    pairs: int
    samples: int


def main() -> int:
    asked = _asked()
    started = time.perf_counter()
    portions = [
        Portion(f"{asked.seed}/{start}", min(_PORTION, asked.pairs - start), asked.samples)
        for start in range(0, asked.pairs, _PORTION)
    ]
    total = Tally(Counter(), [])
    with ProcessPoolExecutor(asked.processes) as pool:
        for tally in pool.map(_compared, portions):
            total.counts.update(tally.counts)
            total.differences.extend(tally.differences)
    for line in shown(total.differences):
        print(line)
    print(_summary(total.counts, time.perf_counter() - started))
    return 1 if total.differences else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pairs", type=int, default=200_000, help="policy and request pairs")
    parser.add_argument("--samples", type=int, default=0, help="requests for each empty policy")
    parser.add_argument("--seed", default="differential", help="any text")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def _compared(portion: Portion) -> Tally:
    return compare(Random(portion.seed), portion.pairs, portion.samples)


def _summary(counts: Counter[str], seconds: float) -> str:
    undecided = sum(n for name, n in counts.items() if name.startswith("policies undecided"))
    lines = [
        f"{counts['policies']} policies, {counts['pairs']} pairs in {seconds:.0f} s",
        f"admitted by the oracle: {counts['admitted'] / max(counts['pairs'], 1):.1%} of the pairs",
        f"witnesses: {counts['witnesses']}, of them with a context that the engine knowingly"
        f" leaves too wide: {counts['witnesses wider than real']}",
        f"empty: {counts['empty']}, samples drawn for them: {counts['samples']}",
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

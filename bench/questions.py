"""Times every question that the shipped rules ask about a file of policies; prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))  # where iamlint is not installed

from iamlint import lint
from iamlint.semantics.meaning import Answer, Meaning, Question
from iamlint.source import DictFiles


def policies(path: Path) -> dict[str, Any]:
    """The policies of the catalogue of risks, bad and good ones, by name."""
    pairs = json.loads(path.read_text("utf-8"))["pairs"]
    return {
        f"{risk} {kind}": pair[kind] for risk, pair in pairs.items() for kind in ("bad", "good")
    }


def timed(path: Path) -> list[tuple[float, str]]:
    """How long each question took, and whose policy it was about."""
    taken: list[tuple[float, str]] = []
    asking = Meaning.ask
    name = ""

    def ask(meaning: Meaning, question: Question) -> Answer:
        started = process_time()
        try:
            return asking(meaning, question)
        finally:
            taken.append((process_time() - started, name))

    Meaning.ask = ask  # type: ignore[assignment, method-assign]
    for name, document in policies(path).items():  # noqa: B007 - `ask` reads it
        text = document if isinstance(document, str) else json.dumps(document)
        lint(DictFiles({"policy.json": text}), ["policy.json"])
    return taken


def main() -> None:
    taken = timed(Path(sys.argv[1]))
    worst, where = max(taken)
    middle = median(seconds for seconds, _ in taken)
    print(json.dumps({"count": len(taken), "median": middle, "worst": worst, "where": where}))


if __name__ == "__main__":
    main()

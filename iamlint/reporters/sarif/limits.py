"""Knows how much GitHub takes of a report, and cuts what is more.

Source: docs.github.com, "SARIF support for code scanning", the sections on supported properties and
on validating a file. Where GitHub takes more than it shows, the limit here is what it shows.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

RUNS_PER_FILE = 20
RESULTS_PER_RUN = 5_000  # 25,000 are taken
RULES_PER_RUN = 25_000
LOCATIONS = 100  # of a result, the first one included; 1,000 are taken
FLOW_LOCATIONS = 1_000  # of a result; 10,000 are taken
TAGS = 10  # of a rule; 20 are taken
NAME = 255  # code points
DESCRIPTION = 1_024  # code points, of a short one and of a full one alike
FILE = 9_500_000  # bytes when compressed; GitHub takes 10 MB of what it compresses itself

# Limits of our own, so that no single result can be too much.
MESSAGE = 1_000  # code points of one sentence
SNIPPET = 2_000  # code points
ROLES = 100  # of a result

Chunk = Sequence[str]


def cut(text: str, most: int) -> str:
    """The text, or its beginning with a sign that there is more."""
    return text if len(text) <= most else text[: most - 1] + "…"


def size(text: str) -> int:
    """Bytes of a text when it is compressed."""
    return len(zlib.compress(text.encode("utf-8")))


def chunks(lines: Chunk) -> list[Chunk]:
    """The results of each run; without any there is one empty run."""
    return [
        lines[start : start + RESULTS_PER_RUN]
        for start in range(0, max(1, len(lines)), RESULTS_PER_RUN)
    ]


def fitting(lines: Chunk, head: int) -> list[Chunk]:
    """The results of each run, where no run is too large for a file; `head`: bytes of its rest."""
    return [part for chunk in chunks(lines) for part in _halved(chunk, FILE - head)]


def _halved(chunk: Chunk, most: int) -> Iterator[Chunk]:
    if len(chunk) < 2 or _size_of(chunk, most) <= most:
        yield chunk
        return
    middle = len(chunk) // 2
    yield from _halved(chunk[:middle], most)
    yield from _halved(chunk[middle:], most)


def _size_of(chunk: Chunk, most: int) -> int:
    """Bytes when compressed; of what is small without compression its length is enough."""
    # NOTE: code points times four are never fewer than bytes, and compressing adds next to nothing
    plain = 4 * sum(map(len, chunk))
    return plain if plain < most else size("\n".join(chunk))


def packed(runs: Sequence[str]) -> list[list[str]]:
    """The runs of each file."""
    files: list[list[str]] = [[]]
    room = FILE
    for text in runs:
        needed = size(text) if len(runs) > 1 else 0
        if files[-1] and (len(files[-1]) == RUNS_PER_FILE or needed > room):
            files.append([])
            room = FILE
        files[-1].append(text)
        room -= needed
    return files

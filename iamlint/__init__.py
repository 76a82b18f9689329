"""iamlint: who can get into this role? An exact linter for AWS IAM trust policies."""

from __future__ import annotations

from collections.abc import Sequence

from iamlint.config import Config
from iamlint.findings import Report
from iamlint.rules.book import RuleBook
from iamlint.source import Files
from iamlint.version import VERSION

__all__ = ["VERSION", "Config", "Files", "Report", "RuleBook", "lint"]


def lint(
    files: Files, paths: Sequence[str], config: Config | None = None, book: RuleBook | None = None
) -> Report:
    """Judge every role in the files that `paths` name or hold, and say what was found.

    `files` is the only way by which anything is read: `iamlint.disk.DiskFiles`, or
    `iamlint.source.DictFiles` for texts in memory. `book` defaults to the rules shipped.
    """
    from iamlint.linting import lint_with  # noqa: PLC0415 - the version alone needs no engine

    if book is None:
        from iamlint.shipped import shipped_book  # noqa: PLC0415

        book = shipped_book()
    return lint_with(files, paths, config or Config(), book)

"""Keeps the pages of rules where an editor can open them, without a network."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress

from iamlint.disk import write_whole
from iamlint.lsp.uris import uri_of
from iamlint.project import caches
from iamlint.rules.book import Rule
from iamlint.rules.page import markdown
from iamlint.version import VERSION


class Pages:
    """The pages that were asked for, each written when it is first needed."""

    __slots__ = ("_folder", "_known")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._folder = os.path.join(caches.folder(environment), "pages", VERSION)
        self._known: dict[Rule, str | None] = {}

    def uri(self, rule: Rule) -> str | None:
        """Where the page of a rule can be read; None where it cannot be written."""
        if rule not in self._known:
            self._known[rule] = self._written(rule)
        return self._known[rule]

    def _written(self, rule: Rule) -> str | None:
        path = os.path.join(self._folder, f"{rule.id}.md")
        text = markdown(rule).encode("utf-8", "backslashreplace")
        with suppress(OSError):
            os.makedirs(self._folder, exist_ok=True)
            write_whole(path, text)  # others may have written something else there
            return uri_of(os.path.abspath(path))
        return None

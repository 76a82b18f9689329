"""Says what is wrong with a configuration while somebody writes it."""

from __future__ import annotations

import os

from iamlint.formats.encoding import decode
from iamlint.lsp.buffers import Document
from iamlint.lsp.groups import Grouping
from iamlint.project.fault import UsageFault
from iamlint.settings.errors import SettingsError
from iamlint.settings.loading import NAMES, holds_settings, load
from iamlint.source import Problem, Source


class _Nowhere:
    """Drafts are not kept."""

    __slots__ = ()

    def read(self) -> bytes | None:
        return None

    def write(self, content: bytes) -> None:
        """Forget it."""


def is_configuration(document: Document) -> bool:
    """Whether a document may hold settings of ours."""
    return document.path is not None and os.path.basename(document.path) in NAMES


def problems_of(document: Document, grouping: Grouping) -> tuple[Problem, ...]:
    """What is wrong with the settings in a document, as it is in the editor."""
    folder, name = os.path.split(document.path or "")
    if not holds_settings(name, document.data):
        return ()
    contents = list(decode(name, document.data))
    source = next((each for each in contents if isinstance(each, Source)), None)
    if source is None:
        return tuple(each for each in contents if isinstance(each, Problem))
    try:
        loaded = load(source, folder, _Nowhere())
        if loaded is not None:
            grouping.try_out(folder, loaded)
    except SettingsError as error:
        return tuple(error.problems)
    except UsageFault as fault:
        return fault.problems
    return ()

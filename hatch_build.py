"""Compiles the rules of this repository into the wheel: an installed iamlint reads no YAML."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TARGET = "iamlint/_rulebook.json"


class RuleBookHook(BuildHookInterface[Any]):
    """Adds the compiled rule book to a wheel; an editable install reads the rule files instead."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the rules before the wheel is written; a bad rule ends the build."""
        if version == "editable":
            return
        book = compiled(self.root)
        handle, self._path = tempfile.mkstemp(suffix=".json")
        with os.fdopen(handle, "wb") as file:
            file.write(book)
        build_data["force_include"][self._path] = TARGET

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the draft of the rule book."""
        if version != "editable":
            os.unlink(self._path)


def compiled(root: str) -> bytes:
    """Compile the rules below `root` with the package below `root`."""
    sys.path.insert(0, root)
    try:
        from iamlint.rules.compile import book_bytes, compile_book  # noqa: PLC0415
        from iamlint.rules.errors import RuleBookError  # noqa: PLC0415
        from iamlint.shipped import DiskStore  # noqa: PLC0415
    finally:
        sys.path.remove(root)
    store = DiskStore(package=os.path.join(root, "iamlint"))
    files = store.rule_files()
    if not files:
        sys.exit("the rule book cannot be compiled: there is no rule file below `rules`")
    try:
        return book_bytes(compile_book(files, store.language()))
    except RuleBookError as error:
        sys.exit(f"the rule book cannot be compiled\n{error}")

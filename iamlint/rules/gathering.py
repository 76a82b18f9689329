"""Reads the rule files of a folder, without a look at what they say."""

from __future__ import annotations

from iamlint.rules.errors import CODE, RuleBookError
from iamlint.source import FileError, Files, Problem

MAX_BYTES = 256 * 1024  # of one file
MAX_FILES = 1000
MAX_FOLDERS = 8  # levels below the folder that was named
SUFFIXES = (".yaml", ".yml")


def gather(files: Files, folder: str) -> dict[str, bytes]:
    """Read the rule files below a folder, links left out; raises RuleBookError."""
    found: dict[str, bytes] = {}
    pending = [(folder, 0)]
    while pending:
        path, level = pending.pop()
        try:
            entries = files.list(path)
        except FileError as error:
            raise RuleBookError([Problem(CODE, error.reason, path)]) from None
        for entry in entries:
            name = f"{path.rstrip('/')}/{entry.name}" if path != "." else entry.name
            if entry.kind == "folder" and level < MAX_FOLDERS:
                pending.append((name, level + 1))
            elif entry.kind == "file" and _is_rule(entry.name):
                found[name] = _read(files, name, entry.size)
        if len(found) > MAX_FILES or len(pending) > MAX_FILES:
            message = f"more than {MAX_FILES} rule files or folders"
            raise RuleBookError([Problem(CODE, message, folder)])
    if not found:
        advice = "a rule book is a folder of `.yaml` files, one rule a file"
        raise RuleBookError([Problem(CODE, "the folder holds no rule", folder, None, advice)])
    return found


def _is_rule(name: str) -> bool:
    return name.endswith(SUFFIXES) and not name.startswith(".")  # editors leave hidden drafts


def _read(files: Files, name: str, size: int) -> bytes:
    if size > MAX_BYTES:
        message = f"the rule file is larger than {MAX_BYTES // 1024} KiB"
        raise RuleBookError([Problem(CODE, message, name)])
    try:
        return files.read(name)
    except FileError as error:
        raise RuleBookError([Problem(CODE, error.reason, name)]) from None

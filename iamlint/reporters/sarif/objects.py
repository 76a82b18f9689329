"""Turns objects of `sarif_om` into plain data, and makes the smallest of them."""

from __future__ import annotations

from functools import cache

import attr
import sarif_om as om

from iamlint.typed import Any


def plain(value: Any) -> Any:
    """Turn objects of `sarif_om` into dicts, without what is absent or the default.

    NOTE: `jschema_to_python.to_json` does the same and copies every subtree at every level,
    which is thirty times slower. A level is always written, as not all readers know its default.
    """
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    kind: Any = type(value)
    members = ((key, getattr(value, name), rest) for name, key, rest in _fields(kind))
    return {
        key: plain(member)
        for key, member, rest in members
        if member is not None and (member != rest or key == "level")
    }


@cache
def _fields(kind: Any) -> list[tuple[str, str, Any]]:
    """Attribute, SARIF name and default of the fields of a class."""
    found = []
    for field in attr.fields(kind):
        default: Any = field.default
        if isinstance(default, attr.Factory):  # type: ignore[arg-type] # a class at run time
            default = default.factory()
        found.append((field.name, field.metadata["schema_property_name"], default))
    return found


def words(text: str) -> Any:
    """Words about a rule."""
    return om.MultiformatMessageString(text=text.strip())


def message(text: str) -> Any:
    """Words about a result."""
    return om.Message(text=text)


def harmless(text: str) -> str:
    """A stranger's text in a message.

    `[words](target)` is a link to readers of SARIF; a policy must not plant one in an alert.
    """
    return text.replace("](", "] (")

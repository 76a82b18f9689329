"""Turns URIs of an editor into paths of this machine, and back."""

from __future__ import annotations

import os
import re
from urllib.parse import quote, unquote, urlsplit

from iamlint.disk import slashed

_DRIVE = re.compile(r"/[A-Za-z]:(?=/|$)")
_PLAIN = "/:@!$&'()*+,;=~-._"  # what a path may hold without an escape


def path_of(uri: str) -> str | None:
    """The absolute path that a URI names, links in its folder resolved; None if it names none."""
    written = written_path(uri)
    if written is None or "\0" in written:
        return None
    folder, name = os.path.split(written)
    try:
        os.fsencode(name)
        return os.path.join(os.path.realpath(folder), name)
    except UnicodeEncodeError:  # half of a surrogate pair: no file can have that name
        return None


def written_path(uri: str) -> str | None:
    """The absolute path that a URI spells; None if it spells none."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file" or not parts.path.startswith("/"):
        return None
    # some editors leave `?` and `#` in names as they are
    rest = uri[uri.index(":") + 1 :].removeprefix("//").removeprefix(parts.netloc)
    path = unquote(rest, errors="surrogateescape")
    if _DRIVE.match(path):
        path = path[1].lower() + path[2:]
    elif parts.netloc and parts.netloc.lower() != "localhost":
        path = f"//{parts.netloc}{path}"
    return os.path.normpath(path.replace("/", os.sep))


def uri_of(path: str) -> str:
    """The URI of an absolute path."""
    written = slashed(path)
    if written.startswith("//"):  # a share of another machine
        return "file:" + quote(written, _PLAIN, errors="surrogateescape")
    if not written.startswith("/"):
        written = f"/{written}"
    return "file://" + quote(written, _PLAIN, errors="surrogateescape")

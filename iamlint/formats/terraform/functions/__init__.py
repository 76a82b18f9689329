"""The functions of Terraform by name; what few configurations call is imported when it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iamlint.formats.terraform.functions import (
    choices,
    collections,
    conversions,
    json_text,
    texts,
)
from iamlint.formats.terraform.signatures import Function

Functions = Mapping[str, Function]


def _encodings() -> Functions:
    from iamlint.formats.terraform.functions import encodings  # noqa: PLC0415

    return encodings.FUNCTIONS


def _formatting() -> Functions:
    from iamlint.formats.terraform.functions import formatting  # noqa: PLC0415

    return formatting.FUNCTIONS


def _networks() -> Functions:
    from iamlint.formats.terraform.functions import networks  # noqa: PLC0415

    return networks.FUNCTIONS


def _numeric() -> Functions:
    from iamlint.formats.terraform.functions import numeric  # noqa: PLC0415

    return numeric.FUNCTIONS


def _paths() -> Functions:
    from iamlint.formats.terraform.functions import paths  # noqa: PLC0415

    return paths.FUNCTIONS


def _patterns() -> Functions:
    from iamlint.formats.terraform.functions import patterns  # noqa: PLC0415

    return patterns.FUNCTIONS


def _tables() -> Functions:
    from iamlint.formats.terraform.functions import tables  # noqa: PLC0415

    return tables.FUNCTIONS


def _times() -> Functions:
    from iamlint.formats.terraform.functions import times  # noqa: PLC0415

    return times.FUNCTIONS


def _yaml() -> Functions:
    from iamlint.formats.terraform.functions import yaml_text  # noqa: PLC0415

    return yaml_text.FUNCTIONS


_LATER: dict[Callable[[], Functions], str] = {
    _encodings: "base64decode base64encode base64gzip base64sha256 base64sha512 csvdecode md5 sha1"
    " sha256 sha512 textdecodebase64 textencodebase64 urlencode uuidv5",
    _formatting: "format formatlist",
    _networks: "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    _numeric: "abs ceil floor log max min parseint pow signum sum",
    _paths: "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists"
    " filemd5 fileset filesha1 filesha256 filesha512 pathexpand templatefile templatestring",
    _patterns: "regex regexall",
    _tables: "chunklist matchkeys range setintersection setproduct setsubtract setunion transpose"
    " zipmap",
    _times: "formatdate timeadd timecmp",
    _yaml: "yamldecode yamlencode",
}
_LOADERS = {name: load for load, names in _LATER.items() for name in names.split()}
_KNOWN: dict[str, Function] = {
    **texts.FUNCTIONS,
    **choices.FUNCTIONS,
    **collections.FUNCTIONS,
    **conversions.FUNCTIONS,
    **json_text.FUNCTIONS,
}

# All of them; `try` and `can` are a part of the language here, for they evaluate what they get.
NAMES = tuple(sorted({*_KNOWN, *_LOADERS, "try", "can"}))


def function(name: str) -> Function | None:
    """The function of a name; None where there is none."""
    found = _KNOWN.get(name)
    if found is None and name in _LOADERS:
        _KNOWN.update(_LOADERS[name]())
        found = _KNOWN[name]
    return found

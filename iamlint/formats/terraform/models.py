"""Finds the model of a public module that is not there to be read.

What a model says is written nowhere in the project: its places are that of the call. A value that
the caller gives keeps its own.
"""

from __future__ import annotations

import re

from iamlint.data.modules.package import Model, Package, number
from iamlint.data.modules.packages import PACKAGES
from iamlint.formats.terraform.configuration import Configuration, read
from iamlint.formats.terraform.releases import newest
from iamlint.source import Source, Standing
from iamlint.syntax.hcl.bodies import Block
from iamlint.syntax.hcl.templates import Template
from iamlint.typed import NamedTuple

_HOSTS = r"(?:registry\.terraform\.io/|registry\.opentofu\.org/)?"
_REGISTRY = re.compile(_HOSTS + r"(?P<name>[\w-]+/[\w-]+/[\w-]+)(?://(?P<folder>[^?]*))?\Z")
_GIT = re.compile(
    r"(?:git::)?(?:https://|ssh://)?(?:[\w-]+@)?github\.com[/:](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?"
    r"(?://(?P<folder>[^?]*))?(?:\?(?P<query>.*))?\Z"
)
_COMMIT = re.compile(r"[0-9a-f]{12,40}\Z")
_RELEASE = re.compile(r"\d+\.\d+\.\d+\Z")


class Chosen(NamedTuple):
    """A model, and the release that is called; None: it is not known which one."""

    model: Model
    release: str | None


def configuration(block: Block) -> Configuration | None:
    """What is known of the module that a block calls; None where that is nothing."""
    chosen = _chosen(block)
    if chosen is None:
        return None
    place = Standing(block.header_span)
    files = {
        f"{number}.tf": Source(block.span.root().source.name, text, place)
        for number, text in enumerate((_release(chosen.release), *chosen.model.files))
    }
    made = read("", list(files), files.get)
    made.is_model = True
    return made


def _release(release: str | None) -> str:
    if release is not None:
        return f"locals {{ release = {number(release)} }}"
    return 'variable "release" { type = number }\nlocals { release = var.release }'


def _chosen(block: Block) -> Chosen | None:
    source = _text(block, "source")
    if source is None:
        return None
    found = _REGISTRY.match(source)
    if found:
        package = _package(found["name"], registry=True)
        model = package.models.get(_folder(found["folder"])) if package else None
        return _of_registry(block, package, model) if package and model else None
    found = _GIT.match(source)
    package = _package(found["name"], registry=False) if found else None
    model = package.models.get(_folder(found["folder"])) if found and package else None
    return _of_git(found["query"] or "", package, model) if found and package and model else None


def _text(block: Block, name: str) -> str | None:
    attribute = block.body.attribute(name)
    node = attribute.value if attribute is not None else None
    return node.literal if isinstance(node, Template) else None


def _folder(written: str | None) -> str:
    return (written or "").strip("/")


def _package(name: str, *, registry: bool) -> Package | None:
    for package in PACKAGES:
        if name.lower() == (package.registry if registry else package.repository):
            return package
    return None


def _of_registry(block: Block, package: Package, model: Model) -> Chosen | None:
    """The newest release that the constraint allows, which is what gets installed."""
    if not model.first:
        return Chosen(model, None)
    releases = [each for each in package.releases() if _is_of(model, each)]
    if block.body.attribute("version") is None:
        return Chosen(model, newest(releases, ""))
    written = _text(block, "version")
    if written is None:
        return Chosen(model, None)
    release = newest(releases, written)
    return Chosen(model, release) if release is not None else None


def _of_git(query: str, package: Package, model: Model) -> Chosen | None:
    """The release of the tag or the commit that is named; without one the newest."""
    if not model.first:
        return Chosen(model, None)
    named = dict(part.partition("=")[::2] for part in query.split("&"))
    ref = named.get("ref", "")
    releases = package.releases()
    if not ref:
        return Chosen(model, newest([each for each in releases if _is_of(model, each)], ""))
    release = ref.removeprefix("v")
    if _COMMIT.match(ref):
        release = next((each for each, at in releases.items() if ref.startswith(at)), "")
        if not release:
            return Chosen(model, None)
    if not _RELEASE.match(release):
        return Chosen(model, None)
    found = newest([each for each in releases if _is_of(model, each)], release)
    return Chosen(model, found) if found is not None else None


def _is_of(model: Model, release: str) -> bool:
    return number(model.first) <= number(release) <= number(model.last)

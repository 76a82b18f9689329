"""Finds the comments of a file, in whatever syntax it is written."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.formats.module_files import NATIVE
from iamlint.formats.parsing import RESOURCES, is_json
from iamlint.source import Source, Span

_YAML = (".yaml", ".yml", ".template", ">")  # the last one ends `<stdin>`


def syntax_of(source: Source) -> str:
    """`hcl` or `yaml`; `json` for all that has no comments."""
    name = source.name.lower()
    if name.endswith(NATIVE):
        return "hcl"
    return "yaml" if name.endswith(_YAML) and not is_json(source) else "json"


def comments(source: Source, hint: str = "") -> Iterable[Span]:
    """The comments that hold a text, in order; none of a syntax that has none."""
    syntax = syntax_of(source)
    if syntax == "hcl":
        from iamlint.syntax.hcl.comments import comments as of_hcl  # noqa: PLC0415 - seldom needed

        return [span for span in of_hcl(source) if hint in span.text]
    if syntax == "yaml":
        return _of_yaml(source, hint)
    return ()


def _of_yaml(source: Source, hint: str) -> Iterable[Span]:
    """The comments of a YAML text; of a broken template those in what is sound of it, too."""
    from iamlint.syntax.yaml_comments import comments_before_faults  # noqa: PLC0415 - as above

    found, whole = comments_before_faults(source, hint)
    if whole:
        return found
    from iamlint.syntax.yaml_rescue import rescued, texts_of  # noqa: PLC0415 - as above

    parts = rescued(source, RESOURCES, {})
    if parts is None:
        return found
    every = (comments_before_faults(each, hint)[0] for each in texts_of(source, parts))
    return sorted((span.root() for spans in every for span in spans), key=_start)


def _start(span: Span) -> int:
    return span.start

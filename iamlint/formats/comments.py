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
    """The comments of a YAML text; of a broken template those that do not hang on what is."""
    from iamlint.syntax.yaml_comments import comments_before_faults  # noqa: PLC0415 - as above

    found, whole = comments_before_faults(source, hint)
    if whole:
        return found
    from iamlint.syntax.yaml_rescue import without_broken  # noqa: PLC0415 - few files are broken

    readable = without_broken(source, RESOURCES)
    if readable is None:
        return found
    found, _ = comments_before_faults(readable, hint)
    return [Span(source, start, end) for _, start, end in found]

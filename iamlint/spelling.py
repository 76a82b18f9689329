"""Spells what a person wrote so that layout, comments and quotes make no difference."""

from __future__ import annotations

import json

from iamlint.findings import normalised
from iamlint.formats.comments import comments, syntax_of
from iamlint.source import Source, Span
from iamlint.syntax.value import Value
from iamlint.typed import Any

_MARKS = ("#", "//", "/*")


def spelled(span: Span) -> str:
    """The text of a part of a policy; equal for parts that only look different.

    NOTE: what was decoded out of a string is JSON, which has one way to look.
    """
    span = span.placed()
    text = span.text
    if span.source.origin is None and not (text.isascii() and _is_word(text)):
        syntax = syntax_of(span.source)
        if syntax == "yaml":
            text = _of_yaml(span)
        elif syntax == "hcl" and any(mark in text for mark in _MARKS):
            text = _without_comments(span)
    return normalised(text)


def _is_word(text: str) -> bool:
    """Whether a text is one word, as most parts of policies are: there is nothing to spell."""
    return text.replace("-", "a").replace(":", "a").replace("/", "a").replace("_", "a").isalnum()


def _without_comments(span: Span) -> str:
    kept, at = [], span.start
    for comment in comments(span.source):
        if span.start <= comment.start and comment.end <= span.end:
            kept.append(span.source.text[at : comment.start])
            at = comment.end
    return " ".join((*kept, span.source.text[at : span.end]))


def _of_yaml(span: Span) -> str:
    """The part as JSON; as it is written where it is no YAML by itself."""
    from iamlint.syntax import yaml  # noqa: PLC0415 - the part is YAML, so this was imported

    _, column = span.source.position(span.start)
    value, problems = yaml.parse(Source("", " " * (column - 1) + span.text))
    if value is None or problems:
        return span.text
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Value) -> Any:
    """The value with its tags, members in the order written."""
    from iamlint.syntax.yaml import tag_of  # noqa: PLC0415 - as above

    made: Any = value.data
    if value.kind == "object":
        made = [[_plain(key), _plain(held)] for key, held in value.members]
    elif value.kind == "array":
        made = [_plain(item) for item in value.items()]
    tag = tag_of(value)
    return {tag: made} if tag else made

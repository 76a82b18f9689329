"""Writes an explanation as plain text or as Markdown, for what an editor shows beside a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from iamlint.explaining.explanation import About, Explanation, Line
from iamlint.findings import Place
from iamlint.reporters.excerpt import clean
from iamlint.typed import NamedTuple

MOST_TEXT = 700  # code points of a sentence
MOST_ALL = 8_000  # code points of the whole
# A backslash takes the meaning of each of them (CommonMark, "Backslash escapes"); entities would
# do as well, and could not be read where an editor shows the text as it is.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~&@#$!^]|:(?=//)|(?<=www)\.", re.I)


class _Style(NamedTuple):
    """How the pieces of a text look."""

    sentence: Callable[[str], str]
    title: Callable[[str], str]
    between: str  # what is between two blocks


def plain(explanation: Explanation) -> str:
    """The explanation as text for people."""
    return _written(explanation, _Style(_readable, lambda text: f"{_readable(text)}:", "\n"))


def markdown(explanation: Explanation) -> str:
    """The explanation as Markdown, without HTML, links or pictures, whatever a stranger wrote."""
    return _written(explanation, _Style(_marked, lambda text: f"**{_marked(text)}**", "\n\n"))


def _written(explanation: Explanation, style: _Style) -> str:
    """As many blocks as there is room for."""
    kept: list[str] = []
    room = MOST_ALL
    for block in _blocks(explanation, style):
        room -= len(block) + len(style.between)
        if room < 0:
            kept.append("…")
            break
        kept.append(block)
    return style.between.join(kept)


def _blocks(explanation: Explanation, style: _Style) -> Iterator[str]:
    for about in explanation.abouts:
        yield from _about(about, style)
    if explanation.more:
        use = "roles use" if explanation.more > 1 else "role uses"
        yield style.sentence(f"{explanation.more} more {use} this, each in its own way.")
    if explanation.related:
        yield "\n".join(f"- {style.sentence(_place(each))}" for each in explanation.related)


def _about(about: About, style: _Style) -> Iterator[str]:
    more = f" and {about.more} more" if about.more else ""
    yield style.sentence(f"Of {', '.join(about.roles)}{more}")
    for part in about.parts:
        yield style.title(part.title)
        yield from _paragraphs(part.lines, style)


def _paragraphs(lines: tuple[Line, ...], style: _Style) -> Iterator[str]:
    """Sentences one by one, the items of a list together."""
    items: list[str] = []
    for line in lines:
        if line.item:
            items.append(f"- {style.sentence(line.text)}")
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield style.sentence(line.text)
    if items:
        yield "\n".join(items)


def _place(place: Place) -> str:
    line, _ = place.span.source.position(place.span.start)
    return f"`{place.span.source.name}:{line}`: {place.label}"


def _readable(text: str) -> str:
    """One line, cut where it is very long, without what moves, colours or reorders."""
    line = clean(" ".join(text.split()))
    return line if len(line) <= MOST_TEXT else line[:MOST_TEXT] + "…"


def _marked(text: str) -> str:
    """The same, with what stands between its backticks as code.

    NOTE: in a span of code nothing is markup but backticks, of which there are none in it. Where a
    stranger's text has some, another part of it is taken for code, and the rest is escaped.
    """
    parts = _readable(text).split("`")
    if len(parts) % 2 == 0:
        return _escaped("`".join(parts))
    return "".join(
        f"`{part}`" if number % 2 and part else _escaped(part) for number, part in enumerate(parts)
    )


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda found: "\\" + found[0], text)

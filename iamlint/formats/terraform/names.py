"""Names what cannot be known after what it was made of: equal names are equal values."""

from __future__ import annotations

import json

from iamlint.formats.terraform import numbers
from iamlint.formats.terraform.traces import SHORT, WRITTEN, Trace
from iamlint.formats.terraform.types import MAPPINGS, SEQUENCES
from iamlint.formats.terraform.values import Datum, Rest, Unknown
from iamlint.source import Span
from iamlint.syntax.holes import Holes
from iamlint.typed import cast

_LONGEST = 160  # code points of a name
_SHOWN = 100
_WRITTEN = 72  # code points of an expression


class Names:
    """Gives names; long ones are cut, and numbered so that they stay different."""

    __slots__ = ("_cut", "_holes", "_taken", "trace")

    def __init__(self, holes: Holes) -> None:
        self._holes = holes
        self.trace: Trace | None = None
        self._cut: dict[str, int] = {}
        self._taken: dict[str, dict[str, str]] = {}

    def written(self, span: Span, full: str) -> str:
        """The name of what an expression gives: its text, which no other value may have.

        `full` is what it was made of; where another value has that text for a name, as in another
        pass of a loop, a number is added.
        """
        if not span.is_written():
            return self.short(full)  # nobody knows that text
        text = " ".join(span.text[:_LONGEST].split())
        text = f"{text[:_WRITTEN]}…" if len(text) > _WRITTEN else text
        return self.taken(text, full)

    def taken(self, text: str, full: str) -> str:
        """The name that a text is for what was made of `full`."""
        taken = self._taken.setdefault(text, {})
        if full not in taken:
            taken[full] = f"{text} #{len(taken) + 1}" if taken else text
        if self.trace is not None:
            self.trace.asked[WRITTEN, text, full, taken[full]] = None
        return taken[full]

    def short(self, name: str) -> str:
        """The name itself, or a short one that no other long name has."""
        if len(name) <= _LONGEST:
            return name
        number = self._cut.setdefault(name, len(self._cut) + 1)
        made = f"{name[:_SHOWN]}… #{number}"
        if self.trace is not None:
            self.trace.asked[SHORT, name, made] = None
        return made

    def words(self, text: str) -> str:
        """A text with its holes as `${name}`."""
        holes = self._holes
        if text.isascii() or not holes:
            return text
        return "".join(f"${{{holes[char].name}}}" if char in holes else char for char in text)

    def label(self, datum: Datum) -> str:
        """A value as a part of a name, as it would be written."""
        return self.short(self._label(datum))

    def _label(self, datum: Datum) -> str:
        kind = datum.kind
        if kind == "unknown":
            return cast(Unknown, datum).name
        if kind == "rest":
            return f"{self.label(cast(Rest, datum).each)}..."
        if kind == "string":
            hole = self._holes.get(datum.string)
            return hole.name if hole else _quoted(self.words(datum.string))
        if kind in SEQUENCES:
            return f"[{', '.join(self.label(item) for item in datum.items)}]"
        if kind in MAPPINGS:
            found = sorted(datum.entries.items())
            pairs = (f"{_quoted(self.words(k))} = {self.label(v.value)}" for k, v in found)
            return f"{{{', '.join(pairs)}}}"
        if kind == "number":
            return numbers.text(datum.data)
        return {None: "null", True: "true", False: "false"}[datum.data]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

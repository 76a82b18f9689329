"""The values of YAML: text as it was written, its tag, and both places of what is repeated."""

from __future__ import annotations

from iamlint.source import Derivation, Span
from iamlint.syntax.value import Value
from iamlint.syntax.yaml_text import derive

_STYLES = {"'": "single", '"': "double", "|": "literal", ">": "folded"}


class YamlValue(Value):
    """A value read from YAML, of kind object, array, string, null or bad.

    Every scalar but null is a string of the text as written: `yes`, `0123`, `1e3`, `true` and
    `2012-10-17` are never reinterpreted. Who must know what a loader would have made of such a
    text looks at `style`: only plain text means anything but itself.
    The span is what the value consists of, without its anchor and tag.
    """

    __slots__ = ()

    @property
    def tag(self) -> str:
        """The tag as written, `!Sub`; resolved where it has a handle; empty when there is none."""
        return ""

    @property
    def tag_span(self) -> Span | None:
        """Where the tag is written."""
        return None

    @property
    def use(self) -> Span | None:
        """Where the value is used, if that is not where it is written: the `*name`."""
        return None

    @property
    def definition(self) -> YamlValue:
        """The value that an alias repeats; any other value itself."""
        return self

    @property
    def style(self) -> str:
        """How it is written: plain, single, double, literal or folded; flow or block."""
        first = self.span.source.text[self.span.start : self.span.start + 1]
        if self.kind in ("object", "array"):
            return "flow" if first in ("[", "{") else "block"
        return _STYLES.get(first, "plain") if self.span.end > self.span.start else "plain"

    def derivation(self) -> Derivation:
        """How the decoded text of a string came out of its quotes, folds and indents."""
        is_text = isinstance(self.data, str) and self.kind != "bad"
        found = derive(self.span, self.data, self.style) if is_text else None
        size = len(self.data) if isinstance(self.data, str) else 0
        start, end = self.span.start, self.span.end
        return found or Derivation(self.span.source, [0, size], [start, end])


class Tagged(YamlValue):
    """A value with a tag that says more than `!!str` and its like."""

    __slots__ = ("tag", "tag_span")

    tag: str
    tag_span: Span

    def __init__(self, kind: str, data: object, span: Span, tag: str, tag_span: Span) -> None:
        super().__init__(kind, data, span)
        self.tag = tag
        self.tag_span = tag_span


class Alias(YamlValue):
    """What is written in one place, its `span`, and used in another: kind, data, tag are shared.

    It stands for `*name`, and as a key for a member that came by a merge (`<<`).
    """

    __slots__ = ("definition", "use")

    definition: YamlValue
    use: Span

    def __init__(self, definition: YamlValue, use: Span) -> None:
        super().__init__(definition.kind, definition.data, definition.span)
        self.definition = definition.definition
        self.use = use

    @property
    def tag(self) -> str:
        return self.definition.tag

    @property
    def tag_span(self) -> Span | None:
        return self.definition.tag_span


def tag_of(value: Value) -> str:
    """The tag of a value of any syntax; empty when there is none."""
    return value.tag if isinstance(value, YamlValue) else ""

"""Reads YAML into located values over the events of libyaml, and says what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.source import Problem, Source, Span
from iamlint.syntax.json_problems import shown
from iamlint.syntax.value import Member
from iamlint.syntax.yaml_faults import tell
from iamlint.syntax.yaml_merge import bases, is_merge, merged
from iamlint.syntax.yaml_problems import YamlProblems, in_quotes, too_many_values
from iamlint.syntax.yaml_tags import NULL, meaning, properties
from iamlint.syntax.yaml_text import block_end
from iamlint.syntax.yaml_values import Alias, Tagged, YamlValue, tag_of
from iamlint.typed import Any, cast

__all__ = ["Alias", "Tagged", "YamlValue", "parse", "tag_of"]

_DEPTH = 500  # levels; templates need fewer than thirty
_REPEATED = 200_000  # values that aliases may add to what is written
_RAW = 1000  # code points kept of what could not be read
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TEXT = "a key is text; put it in quotes if it is meant so"


def parse(source: Source) -> tuple[YamlValue | None, list[Problem]]:
    """Reads the first document of a YAML text; None when nothing could be made of it.

    Nothing is constructed, and nothing guessed: see `YamlValue`. A text that is no YAML has one
    problem; what YAML allows but cannot be a template (a list as a key, an alias without its
    anchor, a value inside itself) is told in its place and the rest is read.
    """
    endless = too_many_values(source)
    if endless:
        return None, [endless]
    reader = _Composer(source)
    return reader.document(), reader.told.all()


def _events(yaml: Any, text: str) -> Callable[[], Any]:
    """Where the events of a text come from; without libyaml they come twenty times slower."""
    parser = yaml.cyaml.CParser if yaml.__with_libyaml__ else yaml.SafeLoader
    return cast("Callable[[], Any]", parser(text).get_event)


class _Frame:
    """An object or array that is open."""

    __slots__ = ("anchor", "before", "is_object", "items", "start", "tag")

    def __init__(self, is_object: bool, start: int, anchor: str | None, before: int) -> None:
        self.is_object = is_object
        self.start = start
        self.anchor = anchor
        self.before = before  # values counted when it was opened
        self.tag: tuple[str, Span] | None = None
        self.items: list[YamlValue] = []  # of an object: key, value, key, value


class _Composer:
    """Puts the events of one text together, without recursion.

    INVARIANT: `items` are those of the innermost frame; at the bottom, of the text itself.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.stack: list[_Frame] = [_Frame(False, 0, None, 0)]
        self.items = self.stack[0].items
        self.anchors: dict[str, _Frame | tuple[YamlValue, int]] = {}
        self.count = 0  # values in closed containers, with all that aliases repeat
        self.repeated = 0  # how many of them are repeated
        self.told = YamlProblems(source)

    def document(self) -> YamlValue | None:
        import yaml  # noqa: PLC0415 - slow to import, and not needed for JSON

        # A line end in place of a byte order mark shifts no offset and means nothing.
        text = "\n" + self.text[1:] if self.text.startswith("\ufeff") else self.text
        try:
            self._run(_events(yaml, text), yaml)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            tell(error, self.told, self.source)
            return None
        if len(self.stack) > 1:
            return None
        if not self.items:
            message = "the text holds no YAML value" if self.text else "the text is empty"
            self.told.fault(0, len(self.text), message)
            return None
        return self.items[0] if self.items[0].kind != "bad" else None

    def _run(self, get: Callable[[], Any], events: Any) -> None:
        self.get = get
        source, text, make = self.source, self.text, tuple.__new__
        scalar, others, take = events.ScalarEvent, self._others(events), self.items.append
        while True:
            event = get()
            if type(event) is not scalar:
                if not others[type(event)](event):
                    return
                take = self.items.append
                continue
            if event.tag is not None or event.anchor is not None:
                self._marked(event)
                continue
            start, end, data = event.start_mark.index, event.end_mark.index, event.value
            if not event.style:  # plain
                if data in _NULLS:
                    self._null(start, end)
                    continue
            elif event.style in "|>":
                end = block_end(text, start, end)
            take(YamlValue("string", data, make(Span, (source, start, end))))

    def _others(self, events: Any) -> dict[type, Callable[[Any], bool]]:
        """What to do with an event that is no scalar; False ends the reading."""
        return {
            events.MappingStartEvent: self._open_object,
            events.SequenceStartEvent: self._open_array,
            events.MappingEndEvent: self._close,
            events.SequenceEndEvent: self._close,
            events.AliasEvent: self._alias,
            events.DocumentStartEvent: self._document,
            events.StreamEndEvent: lambda event: False,
            events.DocumentEndEvent: lambda event: True,
            events.StreamStartEvent: lambda event: True,
        }

    def _document(self, event: Any) -> bool:
        if not self.items:
            return True
        after = self.get()
        if getattr(after, "value", None) == "" and not after.style and after.tag is None:
            return True  # nothing but a `---` at the end
        message = "another document begins here, and only the first is read"
        start, end = event.start_mark.index, event.end_mark.index
        advice = "a template is one document; put each into a file of its own"
        self.told.fault(start, end, message, advice, code="several-documents")
        return False

    # Scalars

    def _null(self, start: int, end: int) -> None:
        if start == end and self.stack[-1].is_object and len(self.items) % 2:
            # libyaml puts the value that a `? key` lacks before the next token, far below.
            after = _end(self.items[-1])
            start = end = start if self.text.find(":", after, start) >= 0 else after
        self.items.append(YamlValue("null", None, Span(self.source, start, end)))

    def _marked(self, event: Any) -> None:
        """A scalar with an anchor or a tag."""
        start, end, data = event.start_mark.index, event.end_mark.index, event.value
        start, *place = properties(self.text, start, end, event.tag)
        if event.style in ("|", ">"):
            end = block_end(self.text, start, end)
        bare = event.tag is None and not event.style and data in _NULLS
        kind = "null" if bare or event.tag == NULL else "string"
        span, tag = Span(self.source, start, end), meaning(event.tag)
        value = YamlValue(kind, None if kind == "null" else data, span)
        if tag:
            value = Tagged(kind, value.data, span, tag, Span(self.source, *place))
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self.items.append(value)

    def _alias(self, event: Any) -> bool:
        use = Span(self.source, event.start_mark.index, event.end_mark.index)
        found = self.anchors.get(event.anchor)
        if isinstance(found, tuple) and self.repeated + found[1] <= _REPEATED:
            self.repeated += found[1]
            self.count += found[1]
            self.items.append(Alias(found[0], use))
            return True
        self._bad_alias(use, found)
        self.items.append(YamlValue("bad", use.text, use))
        return True

    def _bad_alias(self, use: Span, found: object) -> None:
        place, name = use[1:], shown(use.text)
        if found is None:
            advice = f"{in_quotes(use.text)} if it is meant as text"
            anchor = shown("&" + use.text[1:])
            self.told.fault(*place, f"{name} repeats {anchor}, which is nowhere above", advice)
        elif isinstance(found, _Frame):
            self.told.fault(*place, f"{name} would repeat a value inside itself", "write it out")
        else:
            message = f"{name} makes the text too large: aliases may repeat {_REPEATED:,} values"
            self.told.fault(*place, message, "repeat less", code="too-large")

    # Objects and arrays

    def _open_object(self, event: Any) -> bool:
        return self._open(event, True)

    def _open_array(self, event: Any) -> bool:
        return self._open(event, False)

    def _open(self, event: Any, is_object: bool) -> bool:
        start, end = event.start_mark.index, event.end_mark.index
        # The end is that of the bracket or the `-`, else it is where the first key begins.
        begin = end - 1 if end > start and self.text[end - 1] in "[{-" else end
        if len(self.stack) > _DEPTH:
            message = f"the YAML is nested more than {_DEPTH} levels deep"
            self.told.fault(begin, begin + 1, message)
            return False
        frame = _Frame(is_object, begin, event.anchor, self.count)
        if meaning(event.tag):
            _, *place = properties(self.text, start, begin, event.tag)
            frame.tag = (event.tag, Span(self.source, *place))
        if event.anchor is not None:
            self.anchors[event.anchor] = frame
        self.stack.append(frame)
        self.items = frame.items
        return True

    def _close(self, event: Any) -> bool:
        frame = self.stack.pop()
        start, end = event.start_mark.index, event.end_mark.index
        if end == start:  # no bracket: the mark is at whatever comes next
            end = _end(frame.items[-1]) if frame.items else frame.start
        self.count += len(frame.items)
        value = self._made(frame, Span(self.source, frame.start, end))
        if frame.anchor is not None and self.anchors.get(frame.anchor) is frame:
            self.anchors[frame.anchor] = (value, self.count - frame.before + 1)
        self.items = self.stack[-1].items
        self.items.append(value)
        return True

    def _made(self, frame: _Frame, span: Span) -> YamlValue:
        kind, items = "object" if frame.is_object else "array", frame.items
        if frame.is_object and self._is_placeholder(span, items):
            return YamlValue("bad", self._raw(span), span)
        data = self._members(items) if frame.is_object else tuple(items)
        return Tagged(kind, data, span, *frame.tag) if frame.tag else YamlValue(kind, data, span)

    def _is_placeholder(self, span: Span, items: list[YamlValue]) -> bool:
        """Whether this is `{{ name }}`, which YAML takes for a mapping as the key of another."""
        if not (items and items[0].kind == "object" and self.text.startswith("{{", span.start)):
            return False
        message = f"{shown(span.text[:_RAW])} is not in quotes"
        self.told.fault(*span[1:], message, "put the whole text in quotes, or fill it in first")
        return True

    def _members(self, items: list[YamlValue]) -> tuple[Member, ...]:
        keys, make = items[::2], tuple.__new__
        pairs = zip(keys, items[1::2], strict=True)
        for key in keys:
            if key.kind != "string" or key.data == "<<":
                return self._odd_members(list(pairs))
        return tuple([make(Member, pair) for pair in pairs])

    def _odd_members(self, pairs: list[tuple[YamlValue, YamlValue]]) -> tuple[Member, ...]:
        own: list[Member] = []
        merges: list[tuple[YamlValue, YamlValue]] = []
        for key, value in pairs:
            if is_merge(key) and bases(value) is not None:
                merges.append((key, value))
                continue
            if is_merge(key):
                advice = "write `<<: *name`, where `&name` is put before a mapping"
                self.told.fault(*key.span[1:], "`<<` merges mappings, and this is none", advice)
            own.append(Member(self._key(key), value))
        return (*merged(own, merges), *own)

    def _key(self, key: YamlValue) -> YamlValue:
        """The key as text."""
        if key.kind == "string":
            return key
        place = key.use or key.span
        if key.kind in ("object", "array"):
            kind = "a mapping" if key.kind == "object" else "a list"
            self.told.fault(*place[1:], f"{shown(self._raw(place))} is {kind} as a key", _TEXT)
        made = YamlValue("string", self._raw(key.span), key.span)
        return Alias(made, key.use) if key.use else made

    def _raw(self, span: Span) -> str:
        return self.text[span.start : min(span.end, span.start + _RAW)]


def _end(value: YamlValue) -> int:
    """Where the text of a value ends, in the place where it is used."""
    return (value.use or value.span).end

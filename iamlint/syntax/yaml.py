"""Reads YAML into located values over the events of libyaml, and says what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import repeat
from operator import attrgetter

from iamlint.source import Problem, Source, Span
from iamlint.syntax.json_problems import shown
from iamlint.syntax.value import Member
from iamlint.syntax.yaml_faults import tell
from iamlint.syntax.yaml_merge import bases, is_merge, merged
from iamlint.syntax.yaml_problems import DEPTH, TOO_DEEP, YamlProblems, in_quotes, too_many_values
from iamlint.syntax.yaml_tags import NULL, SILENT, gap_end, properties
from iamlint.syntax.yaml_text import block_end
from iamlint.syntax.yaml_values import Alias, Tagged, YamlValue, tag_of
from iamlint.typed import Any, NamedTuple, cast

__all__ = ["Alias", "Tagged", "YamlValue", "parse", "tag_of"]

_REPEATED = 200_000  # values that aliases may add to what is written
_RAW = 1000  # code points kept of what could not be read
_KIND = attrgetter("kind")
_TEXT_ONLY = {"string"}
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# What may follow a `---` that begins no further document.
_NOTHING = re.compile(
    r"(?:[ \n\r\x85\u2028\u2029]|(?<=\s)#[^\n\r]*|(?<=[\n\r])(?:---|\.\.\.)(?!\S))*\Z"
)
_TEXT = "a key is text; put it in quotes if it is meant so"


def parse(source: Source) -> tuple[YamlValue | None, list[Problem]]:
    """Reads the first document of a YAML text; None when nothing could be made of it.

    Nothing is constructed, and nothing guessed: see `YamlValue`. A text that is no YAML has one
    problem; what YAML allows but cannot be a template (a list as a key, an alias without its
    anchor, a value inside itself) is told in its place and the rest is read.
    """
    return compose(source)[:2]


class Composed(NamedTuple):
    """What a text was read into."""

    value: YamlValue | None
    problems: list[Problem]
    repeats: bool = False  # whether some of it is marked to be repeated elsewhere


def compose(source: Source, around: int = 0) -> Composed:
    """Reads the first document of a YAML text, see `parse`; `around` it are so many levels."""
    endless = too_many_values(source)
    if endless:
        return Composed(None, [endless])
    reader = _Composer(source, around)
    value = reader.document()
    return Composed(value, reader.told.all(), bool(reader.anchors))


def events_of(yaml: Any, text: str) -> Callable[[], Any]:
    """Where the events of a text come from; without libyaml they come twenty times slower."""
    parser = yaml.cyaml.CParser if yaml.__with_libyaml__ else yaml.SafeLoader
    return cast("Callable[[], Any]", parser(text).get_event)


class _Frame(NamedTuple):
    """An object or array that is open."""

    opened: Any  # the event
    items: list[YamlValue]  # of an object: key, value, key, value
    before: int  # values counted when it was opened


class _Anchor(NamedTuple):
    """What aliases of one name repeat, and how many values that is."""

    value: YamlValue
    size: int


class _Composer:
    """Puts the events of one text together, without recursion.

    INVARIANT: `items` are those of the innermost frame; at the bottom, of the text itself.
    """

    def __init__(self, source: Source, around: int = 0) -> None:
        self.source = source
        self.text = source.text
        self.deepest = DEPTH - around
        self.may_merge = "<<" in source.text
        self.items: list[YamlValue] = []
        self.stack = [_Frame(None, self.items, 0)]
        self.anchors: dict[str, _Frame | _Anchor] = {}
        self.count = 0  # values in closed containers, with all that aliases repeat
        self.repeated = 0  # how many of them are repeated
        self.told = YamlProblems(source)

    def document(self) -> YamlValue | None:
        import yaml  # noqa: PLC0415 - slow to import, and not needed for JSON

        # A line end in place of a byte order mark shifts no offset and means nothing.
        text = "\n" + self.text[1:] if self.text.startswith("\ufeff") else self.text
        try:
            self._run(events_of(yaml, text), yaml)
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
        self.object_start = events.MappingStartEvent
        source, text, make, new = self.source, self.text, tuple.__new__, object.__new__
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
            style = event.style
            if not style:  # it is plain
                if end - start < 5 and data in _NULLS:
                    self._null(start, end)
                    continue
            elif style in ("|", ">"):
                end = block_end(text, start, end)
            value = new(YamlValue)  # without a call of `__init__`: a tenth of the whole time
            value.kind, value.data = "string", data
            value.span = make(Span, (source, start, end))
            take(value)

    def _others(self, events: Any) -> dict[type, Callable[[Any], bool]]:
        """What to do with an event that is no scalar; False ends the reading."""
        return {
            events.MappingStartEvent: self._open,
            events.SequenceStartEvent: self._open,
            events.MappingEndEvent: self._close_object,
            events.SequenceEndEvent: self._close_array,
            events.AliasEvent: self._alias,
            events.DocumentStartEvent: self._document,
            events.StreamEndEvent: lambda event: False,
            events.DocumentEndEvent: lambda event: True,
            events.StreamStartEvent: lambda event: True,
        }

    def _document(self, event: Any) -> bool:
        if not self.items:
            return True
        if _NOTHING.match(self.text, event.end_mark.index):
            return False
        message = "another document begins here, and only the first is read"
        start, end = event.start_mark.index, event.end_mark.index
        advice = "a template is one document; put each into a file of its own"
        self.told.fault(start, end, message, advice, code="several-documents")
        return False

    # Scalars

    def _null(self, start: int, end: int) -> None:
        if start == end and len(self.items) % 2 and self._in_object():
            # The mark of a value that is not there may be at whatever comes next, far below.
            after = _end(self.items[-1])
            colon = gap_end(self.text, after, start)
            start = end = colon + 1 if self.text.startswith(":", colon) else after
        self.items.append(YamlValue("null", None, Span(self.source, start, end)))

    def _in_object(self) -> bool:
        return type(self.stack[-1].opened) is self.object_start

    def _marked(self, event: Any) -> None:
        """A scalar with an anchor or a tag."""
        start, end, data, tag = (
            event.start_mark.index,
            event.end_mark.index,
            event.value,
            event.tag,
        )
        start, *place = properties(self.text, start, end, tag)
        style, kind = event.style, "string"
        if tag == NULL or (not style and data in _NULLS and tag is None):
            kind, data = "null", None
        elif style in ("|", ">"):
            end = block_end(self.text, start, end)
        value = self._value(kind, data, Span(self.source, start, end), tag, place)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchor(value, 1)
        self.items.append(value)

    def _value(
        self, kind: str, data: Any, span: Span, tag: str | None, place: list[int]
    ) -> YamlValue:
        """A value; with its tag if that means anything."""
        if tag is None or tag in SILENT:
            return YamlValue(kind, data, span)
        return Tagged(kind, data, span, tag, Span(self.source, *place))

    def _alias(self, event: Any) -> bool:
        use = Span(self.source, event.start_mark.index, event.end_mark.index)
        found = self.anchors.get(event.anchor)
        if isinstance(found, _Anchor) and self.repeated + found.size <= _REPEATED:
            self.repeated += found.size
            self.count += found.size
            self.items.append(Alias(found.value, use))
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
        elif not self.told.has("too-large"):  # one of a bomb's many is enough to find it
            message = f"{name} makes the text too large: aliases may repeat {_REPEATED:,} values"
            self.told.fault(*place, message, "repeat less", code="too-large")

    # Objects and arrays

    def _open(self, event: Any) -> bool:
        if len(self.stack) > self.deepest:
            begin = self._begin(event)
            self.told.fault(begin, begin + 1, TOO_DEEP)
            return False
        self.items = []
        frame = tuple.__new__(_Frame, (event, self.items, self.count))
        self.stack.append(frame)
        if event.anchor is not None:
            self.anchors[event.anchor] = frame
        return True

    def _close_object(self, event: Any) -> bool:
        frame = self.stack.pop()
        span, items = self._span(frame, event), frame.items
        if items and items[0].kind == "object" and self._is_placeholder(span):
            return self._put(frame, "bad", self._raw(span), span)
        return self._put(frame, "object", self._members(items), span)

    def _close_array(self, event: Any) -> bool:
        frame = self.stack.pop()
        return self._put(frame, "array", tuple(frame.items), self._span(frame, event))

    def _span(self, frame: _Frame, closed: Any) -> Span:
        begin, end = self._begin(frame.opened), closed.end_mark.index
        if closed.start_mark.index == end:  # no bracket: the mark is at whatever comes next
            last = frame.items[-1]
            end = last.use.end if isinstance(last, Alias) else last.span.end
        return tuple.__new__(Span, (self.source, begin, end))

    def _begin(self, opened: Any) -> int:
        """Where an object or array begins: at its bracket or first `-`, else at its first key."""
        end = cast("int", opened.end_mark.index)
        marked = end > opened.start_mark.index and self.text[end - 1] in "[{-"
        return end - 1 if marked else end

    def _put(self, frame: _Frame, kind: str, data: Any, span: Span) -> bool:
        """Puts what has been closed into what is around it."""
        opened, items, before = frame
        self.count += len(items)
        self.items = self.stack[-1].items
        if opened.tag is None and opened.anchor is None:
            self.items.append(YamlValue(kind, data, span))
            return True
        start, tag = opened.start_mark.index, opened.tag
        _, *place = properties(self.text, start, span.start, tag)
        value = self._value(kind, data, span, tag, place)
        if opened.anchor is not None and self.anchors[opened.anchor] is frame:
            self.anchors[opened.anchor] = _Anchor(value, self.count - before + 1)
        self.items.append(value)
        return True

    def _is_placeholder(self, span: Span) -> bool:
        """Whether this is `{{ name }}`, which YAML takes for a mapping as the key of another."""
        if not self.text.startswith("{{", span.start):
            return False
        message = f"{shown(span.text[:_RAW])} is not in quotes"
        self.told.fault(*span[1:], message, "put the whole text in quotes, or fill it in first")
        return True

    def _members(self, items: list[YamlValue]) -> tuple[Member, ...]:
        keys, values = items[::2], items[1::2]
        if self.may_merge or set(map(_KIND, keys)) != _TEXT_ONLY:
            return self._odd_members(list(zip(keys, values, strict=True)))
        return tuple(map(tuple.__new__, repeat(Member), zip(keys, values, strict=True)))

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
    return value.use.end if isinstance(value, Alias) else value.span.end

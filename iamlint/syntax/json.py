"""Reads JSON into located values, past the faults it meets, and says what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from json.decoder import scanstring  # type: ignore[attr-defined]

from iamlint.source import Problem, Source, Span
from iamlint.syntax.escapes import Quoted, decoded, unescaped, url_decoded
from iamlint.syntax.json_problems import (
    JsonProblems,
    code_point,
    in_quotes,
    mark_fault,
    shown,
    too_many_values,
    word_fault,
)
from iamlint.syntax.json_tokens import (
    AFTER,
    ITEM,
    MEMBER,
    OPENER,
    STRING,
    bad_marks,
    gap,
    is_scalar,
    lone_surrogate,
    loose_string,
    name,
    raw_surrogate,
    scalar,
    sound_end,
    word,
)
from iamlint.syntax.value import Member, Value
from iamlint.typed import Any

__all__ = ["decoded", "parse", "url_decoded"]

_FORM = 'a member is written `"key": value`'
_VALUES = "a value is an object, an array, a string, a number, `true`, `false` or `null`"
_DEPTH = 500  # levels; IAM's own documents need fewer than ten
_scan: Callable[[str, int], tuple[str, int]] = scanstring


def parse(
    source: Source, opaque: frozenset[str] = frozenset(), around: int = 0
) -> tuple[Value | None, list[Problem]]:
    """Reads one JSON value; the value is None when nothing could be made of the text.

    `around` it are so many levels. Objects and arrays under a key named in `opaque` are only
    checked now, and read into located values when their data is first asked for; else no matter.
    """
    reader, endless = _Reader(source, opaque, around), too_many_values(source)
    return (None, [endless]) if endless else (reader.document(), reader.told.all())


class Lazy(Value):
    """An object or array known to be sound, read when its data is first asked for."""

    __slots__ = ()

    def __init__(self, kind: str, span: Span) -> None:
        self.kind = kind
        self.span = span

    def __getattr__(self, name: str) -> Any:
        if name != "data":  # the one slot that is left empty
            raise AttributeError(name)
        self.data = _Reader(self.span.source, frozenset()).container(self.span.start)
        return self.data


class _Frame:
    """An object or array that is open, and the key it stands under."""

    __slots__ = ("is_object", "items", "key", "start")

    def __init__(self, is_object: bool, start: int, key: Value | None) -> None:
        self.is_object = is_object
        self.start = start
        self.key = key
        self.items: list[Any] = []


class _Reader:
    """One reading of one text: plain items by one match each, anything else step by step.

    INVARIANT: with `after` set a value has just ended and `,` or a closer is due at `at`;
    otherwise the next item of the innermost frame is.
    """

    def __init__(self, source: Source, opaque: frozenset[str], around: int = 0) -> None:
        self.source, self.text = source, source.text
        self.deepest = _DEPTH - around
        self.opaque = opaque
        self.at = 0
        self.after = False
        self.stack: list[_Frame] = []
        self.open = [0, 0]  # how many arrays, how many objects
        self.root: Value | None = None
        self.told = JsonProblems(source)

    def document(self) -> Value | None:
        raw = raw_surrogate(self.text)
        if raw:
            self.told.note("surrogate", *raw)
        if self.text.startswith("\ufeff"):
            self.told.note("mark", 0, 1)
            self.at = 1
        at = self._gap(self.at)
        if at == len(self.text):
            self.told.fault(0, at, "the text holds no JSON value" if at else "the text is empty")
            return None
        self._value(at, None)
        self._run()
        if self.root is None or self.root.kind == "bad" or self.told.hopeless:
            return None
        self._rest()
        return self.root

    def container(self, start: int) -> Any:
        """The data of the sound object or array at `start`."""
        self._push(start, None)
        self._run()
        return self.root.data if self.root else ()

    def _run(self) -> None:
        while self.stack and not self.told.hopeless:
            if self.after:
                self._separator()
            else:
                self._plain_items(self.stack[-1])

    def _plain_items(self, frame: _Frame) -> None:
        source, text, take = self.source, self.text, frame.items.append
        make = tuple.__new__  # what a NamedTuple calls in the end: a fifth of the whole time
        is_object = frame.is_object
        match = MEMBER if is_object else ITEM
        key: Value | None = None
        end = self.at
        while found := match(text, end):
            end = found.end()
            if is_object:
                start, stop = found.span(1)
                key = Quoted(
                    "string", text[start + 1 : stop - 1], make(Span, (source, start, stop))
                )
            group = found.lastindex or 0
            start, stop = found.span(group)
            if group == OPENER:
                self._open(start, key)
                return
            span = make(Span, (source, start, stop))
            if group == STRING:
                value: Value = Quoted("string", text[start + 1 : stop - 1], span)
            else:
                value = scalar(text[start:stop], span)
            take(value if key is None else make(Member, (key, value)))
            if text[end - 1] != ",":
                self._close(end)
                return
        self.at = end
        self._item(frame)

    def _separator(self) -> None:
        if self.text.startswith(",", self.at):  # as every printer puts it
            self.at += 1
            self.after = False
            return
        found = AFTER(self.text, self.at)
        if found is None:
            self._odd_separator(self._gap(self.at))
        elif found[1] == ",":
            self.at = found.end()
            self.after = False
        else:
            self._closer(found.end() - 1)

    def _add(self, key: Value | None, value: Value) -> None:
        self.after = True
        if not self.stack:
            self.root = value
        elif not self.stack[-1].is_object:
            self.stack[-1].items.append(value)
        elif key is not None:  # a value without a key is a fault already told
            self.stack[-1].items.append(Member(key, value))

    def _open(self, start: int, key: Value | None) -> None:
        skim = self.opaque and key is not None and key.data in self.opaque
        end = self._skim(start) if skim else 0
        if not end:
            self._push(start, key)
            return
        kind = "object" if self.text[start] == "{" else "array"
        self._add(key, Lazy(kind, Span(self.source, start, end)))
        self.at = end

    def _push(self, start: int, key: Value | None) -> None:
        if len(self.stack) == self.deepest:
            self.told.fault(start, start + 1, f"the JSON is nested more than {_DEPTH} levels deep")
            self.stack.clear()
            return
        frame = _Frame(self.text[start] == "{", start, key)
        self.open[frame.is_object] += 1
        self.stack.append(frame)
        self.at = start + 1
        self.after = False

    def _close(self, end: int) -> None:
        frame = self.stack.pop()
        self.open[frame.is_object] -= 1
        kind = "object" if frame.is_object else "array"
        self._add(frame.key, Value(kind, tuple(frame.items), Span(self.source, frame.start, end)))
        self.at = end

    def _skim(self, start: int) -> int:
        """The end of a container whose reading can wait, else 0."""
        end = sound_end(self.text, start, self.deepest - len(self.stack))
        if not end:
            self.opaque = frozenset()  # to try again at each level would cost the square
        return end

    # The careful path: one step at a time, each fault told and read past

    def _item(self, frame: _Frame) -> None:
        at = self._gap(self.at)
        mark = self.text[at : at + 1]
        if not mark:
            self._truncated()
        elif mark in "}]":
            if frame.items and self.text[self.at - 1] == ",":
                self.told.note("comma", self.at - 1, self.at)
            self._closer(at)
        elif mark == ",":
            self.told.fault(at, at + 1, "there is nothing before this `,`", "remove it")
            self.at = at + 1
        elif frame.is_object:
            self._member(at, mark)
        else:
            self._value(at, None)

    def _odd_separator(self, at: int) -> None:
        mark = self.text[at : at + 1]
        self.at = at
        if not mark:
            self._truncated()
        elif mark == ":":
            self.told.fault(at, at + 1, "`:` follows a value, not a key")
            self.at = at + 1
        elif mark not in ",]}":
            closer = "}" if self.stack[-1].is_object else "]"
            self.told.fault(at, at + 1, f"`,` or `{closer}` is missing before this")
            self.after = False

    def _closer(self, at: int) -> None:
        is_object = self.text[at] == "}"
        frame = self.stack[-1]
        if frame.is_object != is_object:
            message = f"`{self.text[at]}` cannot close {self._named(frame)}"
            due = "}" if frame.is_object else "]"
            self.told.fault(at, at + 1, message, f"`{due}` is due first")
        if not self.open[is_object]:
            self.at = at + 1
            return
        while self.stack[-1].is_object != is_object:
            self._close(at)
        self._close(at + 1)

    def _truncated(self) -> None:
        frame = self.stack[-1]
        inside = [self._named(outer) for outer in reversed(self.stack[-4:-1])]
        around = f", inside {', inside '.join(inside)}" if inside else ""
        message = f"the text ends while {self._named(frame)} is open{around}"
        closers = "".join("}" if outer.is_object else "]" for outer in reversed(self.stack))
        advice = f"find what was cut off; {shown(closers)} would close all that is open"
        self.told.fault(frame.start, frame.start + 1, message, advice)
        while self.stack:
            self._close(len(self.text))

    def _named(self, frame: _Frame) -> str:
        place = Span(self.source, frame.start, frame.start + 1).root()
        line, column = place.source.position(place.start)
        under = f" of {shown(frame.key.data)}" if frame.key else ""
        return f"the `{self.text[frame.start]}`{under} at {line}:{column}"

    def _member(self, at: int, mark: str) -> None:
        key = self._key(at, mark)
        if key is None:
            self.told.fault(at, at + 1, f"`{mark}` stands where a key is due", _FORM)
            self.at = at + 1
            if mark in "{[":
                self._push(at, None)
            return
        at = self._gap(self.at)
        mark = self.text[at : at + 1]
        if mark and mark != ":":
            message = f"`:` is missing after the key {shown(key.data)}"
            self.told.fault(at, at + 1, message, _FORM)
        self._value(self._gap(at + 1 if mark in (":", "=") else at), key)

    def _key(self, at: int, mark: str) -> Value | None:
        if mark in "\"'":
            key = self._string(at, mark)
            return key if key.kind == "string" else Value("string", key.data, key.span)
        found = name(self.text, at)
        if found is None:
            return None
        self.at = found.end()
        written = found.group()
        message = f"the key {shown(written)} is not in quotes"
        self.told.fault(at, self.at, message, in_quotes(written))
        return Value("string", written, Span(self.source, at, self.at))

    def _value(self, at: int, key: Value | None) -> None:
        mark = self.text[at : at + 1]
        self.at = at
        if mark in ("{", "["):
            self._open(at, key)
        elif mark in ('"', "'"):
            self._add(key, self._string(at, mark))
        else:
            self._add(key, self._word(at, mark))

    def _word(self, at: int, mark: str) -> Value:
        found = word(self.text, at)
        if found is None:
            if mark:  # at the end of the text, that is the fault
                self.told.fault(at, at + 1, f"`{mark}` stands where a value is due", _VALUES)
            return Value("bad", "", Span(self.source, at, at))
        self.at = found.end()
        written = found.group()
        span = Span(self.source, at, self.at)
        if is_scalar(written):
            return scalar(written, span)
        self.told.fault(at, self.at, *word_fault(written))
        return Value("bad", written, span)

    def _string(self, at: int, quote: str) -> Value:
        if quote == "'":
            return self._odd_string(at, quote)
        try:
            data, end = _scan(self.text, at + 1)
        except ValueError:
            return self._odd_string(at, quote)
        self.at = end
        value = Quoted("string", data, Span(self.source, at, end))
        half = lone_surrogate(data) if self.text.find("\\u", at, end) >= 0 else None
        if half:
            place = value.part(*half.span())
            self.told.note("surrogate", place.start, place.end)
        return value

    def _odd_string(self, at: int, quote: str) -> Value:
        found = loose_string(self.text, at, quote)
        raw = found.group() if found else quote
        if not found or not found[1]:
            raw = raw.rstrip(" \t,")
            self.at = at + len(raw)
            advice = f"put `{quote}` where it ends; a line break inside is written `\\n`"
            self.told.fault(at, self.at, "this string is not closed on its line", advice)
            return Value("bad", raw, Span(self.source, at, self.at))
        self.at = found.end()
        if quote == "'":
            self.told.fault(at, self.at, f"{shown(raw)} is in single quotes", in_quotes(raw[1:-1]))
        else:
            self._bad_marks(at + 1, self.at - 1)
        span = Span(self.source, at, self.at)
        return Quoted("string", unescaped(span), span)

    def _bad_marks(self, start: int, end: int) -> None:
        for found in bad_marks(self.text, start, end):
            self.told.fault(*found.span(), *mark_fault(found.group()))
            if self.told.hopeless:
                return

    def _gap(self, at: int) -> int:
        """The end of blanks and comments."""
        while not self.told.hopeless and (found := gap(self.text, at)):
            at = found.end()
            if found.lastgroup == "comment":
                self.told.note("comment", *found.span())
            elif found.lastgroup == "unclosed":
                self.told.fault(*found.span(), "this comment is never closed", "end it with `*/`")
            elif found.lastgroup == "odd":
                message = f"{code_point(found.group()[0])} may stand only inside a string"
                self.told.fault(*found.span(), message, "remove it, or put a plain space there")
        return at

    def _rest(self) -> None:
        ended = len(self.text.rstrip(" \t\n\r")) <= self.at
        at = self.at if ended else self._gap(self.at)
        if ended or at == len(self.text):
            return
        end = self.text.find("\n", at)
        message = "there is more after the end of the JSON value"
        advice = "a text holds one value; put several into one array"
        self.told.fault(at, end if end > at else len(self.text), message, advice)

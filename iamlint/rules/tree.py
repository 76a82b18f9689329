"""Reads a rule file: YAML of a stranger into plain data whose keys and values have places."""

from __future__ import annotations

import re

import yaml

from iamlint.rules.errors import RuleBookError, fault
from iamlint.rules.gathering import MAX_BYTES
from iamlint.source import Problem, Source, Span
from iamlint.typed import Any, NamedTuple

MAX_DEPTH = 40  # levels of lists and mappings
MAX_NODES = 20_000  # values of one file, aliases expanded

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?(?:[eE][-+]?\d{1,2})?")
_CONSTANTS = {"null": None, "~": None, "": None, "true": True, "false": False}


class Tree(NamedTuple):
    """A value and its place. kind: map (pairs of trees), list (trees) or scalar (plain data)."""

    kind: str
    data: Any
    start: int
    end: int
    size: int = 1  # values below and including this one, aliases expanded
    depth: int = 0  # levels of lists and mappings from here down, aliases expanded


class _Refused(Exception):
    """Reading stops: the problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def source_of(name: str, content: bytes) -> Source:
    """Decode a rule file; raises RuleBookError."""
    if len(content) > MAX_BYTES:
        message = f"the rule file is larger than {MAX_BYTES // 1024} KiB"
        raise RuleBookError([Problem("invalid-rule", message, name)])
    try:
        return Source(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"the rule file is not UTF-8: byte {error.start + 1} cannot be read"
        raise RuleBookError([Problem("invalid-rule", message, name)]) from None


def read_tree(source: Source) -> Tree:
    """Read the one document of a rule file; raises RuleBookError."""
    try:
        return _Composer(source).document()
    except _Refused as refused:
        raise RuleBookError([refused.problem]) from None
    except yaml.MarkedYAMLError as error:
        raise RuleBookError([_not_yaml(source, error)]) from None
    except (yaml.YAMLError, UnicodeError):
        problem = fault(source, 0, 1, "the file holds characters that YAML does not allow")
        raise RuleBookError([problem]) from None


def _not_yaml(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    start = mark.index if mark else 0
    if "maximum nesting depth" in f"{error.problem}":
        return fault(source, start, start + 1, f"more than {MAX_DEPTH} levels of nesting")
    message = f"this is not YAML: {error.problem or error.context}"
    return fault(source, start, start + 1, message, "quote a text that holds `: `, ` #` or `{`")


class _Open(NamedTuple):
    """A list or mapping whose end was not reached yet."""

    kind: str
    items: list[Tree]
    start: int
    anchor: str | None


class _Composer:
    """Composes the events of PyYAML by hand: no recursion, and every budget is kept at once."""

    __slots__ = ("_anchors", "_nodes", "_open", "_root", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._anchors: dict[str, Tree] = {}
        self._open: list[_Open] = []
        self._root: Tree | None = None
        self._nodes = 0

    def document(self) -> Tree:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self._source.text)
        try:
            while (event := loader.get_event()) is not None:
                self._take(event)
        finally:
            loader.dispose()
        if self._root is None:
            raise self._refusal(0, 0, "the rule file is empty")
        return self._root

    def _take(self, event: yaml.Event) -> None:
        start, end = _place(event)
        if isinstance(event, yaml.NodeEvent) and self._root is not None:
            raise self._refusal(start, end, "a rule file holds one document", "drop the `---`")
        if isinstance(event, yaml.ScalarEvent):
            self._tagged(event, not (event.implicit[0] or event.implicit[1]))
            self._close(Tree("scalar", _scalar(event), start, end), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event, start, end)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._tagged(event, not event.implicit)
            kind = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
            self._open.append(_Open(kind, [], start, event.anchor))
            self._check_depth(start, end, 0)
        elif isinstance(event, yaml.CollectionEndEvent):
            opened = self._open.pop()
            self._close(self._collection(opened, end), opened.anchor)

    def _tagged(self, event: Any, explicit: bool) -> None:
        if explicit or (event.tag and event.tag != "!"):
            start = event.start_mark.index
            raise self._refusal(start, start + 1, f"tags such as `{event.tag}` are not read")

    def _alias(self, event: yaml.AliasEvent, start: int, end: int) -> None:
        target = self._anchors.get(event.anchor or "")
        if target is None:
            raise self._refusal(start, end, f"`*{event.anchor}` names nothing that was read before")
        self._close(target._replace(start=start, end=end), None)

    def _collection(self, opened: _Open, end: int) -> Tree:
        items = opened.items
        last = items[-1].end if items else end
        size = 1 + sum(item.size for item in items)
        depth = 1 + max((item.depth for item in items), default=0)
        if opened.kind == "list":
            return Tree("list", items, opened.start, last, size, depth)
        pairs = list(zip(items[::2], items[1::2], strict=True))
        self._check_keys(pairs)
        return Tree("map", pairs, opened.start, last, size, depth)

    def _check_keys(self, pairs: list[tuple[Tree, Tree]]) -> None:
        seen: set[object] = set()
        for key, _ in pairs:
            if key.kind != "scalar":
                raise self._refusal(key.start, key.end, "a key is a list or mapping, not a text")
            name = written(key, self._source)
            if name == "<<":
                raise self._refusal(key.start, key.end, "merge keys (`<<`) are not read")
            if name in seen:
                advice = "keep one of them; an example about duplicate keys is written as `text:`"
                raise self._refusal(key.start, key.end, f"the key `{name}` is there twice", advice)
            seen.add(name)

    def _close(self, tree: Tree, anchor: str | None) -> None:
        self._nodes += tree.size if tree.kind == "scalar" else 1
        if max(self._nodes, tree.size) > MAX_NODES:
            raise self._refusal(tree.start, tree.end, f"more than {MAX_NODES} values")
        self._check_depth(tree.start, tree.end, tree.depth)
        if anchor is not None:
            self._anchors[anchor] = tree
        if self._open:
            self._open[-1].items.append(tree)
        else:
            self._root = tree

    def _check_depth(self, start: int, end: int, below: int) -> None:
        if len(self._open) + below > MAX_DEPTH:
            raise self._refusal(start, end, f"more than {MAX_DEPTH} levels of nesting")

    def _refusal(self, start: int, end: int, message: str, advice: str = "") -> _Refused:
        return _Refused(fault(self._source, start, end, message, advice))


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.index, event.end_mark.index


def _scalar(event: yaml.ScalarEvent) -> object:
    """JSON's constants and numbers are data, everything else is text: no dates, octals, `yes`."""
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("-").isdigit() else float(text)
    return text


def written(key: Tree, source: Source) -> str:
    """The text of a key: a bare `1` or `true` is the text that was written."""
    if isinstance(key.data, str):
        return key.data
    return source.text[key.start : key.end]


def plain(tree: Tree, source: Source) -> Any:
    """The data without places; it recurses, but never deeper than MAX_DEPTH."""
    if tree.kind == "map":
        return {written(key, source): plain(value, source) for key, value in tree.data}
    if tree.kind == "list":
        return [plain(item, source) for item in tree.data]
    return tree.data


def find(tree: Tree, path: tuple[int | str, ...], source: Source, key: bool = False) -> Tree:
    """The tree at a path, as near as it exists; with `key`, the key of the last step instead."""
    found = tree
    for index, step in enumerate(path):
        if found.kind == "map":
            pairs = [pair for pair in found.data if written(pair[0], source) == step]
            if not pairs:
                return found
            found = pairs[-1][0 if key and index == len(path) - 1 else 1]
        elif found.kind == "list" and isinstance(step, int) and step < len(found.data):
            found = found.data[step]
    return found


def part(tree: Tree, start: int, end: int, source: Source) -> Span:
    """The place of the code points `[start, end)` of a scalar's decoded text."""
    offsets = _offsets(str(tree.data), tree, source.text)
    if offsets is None:
        return Span(source, tree.start, tree.end)
    offsets.append(offsets[-1] + 1 if offsets else tree.end)
    last = max(start, end - 1)
    if last >= len(offsets):
        return Span(source, offsets[-1], offsets[-1])
    return Span(source, offsets[start], offsets[last] + (end > start))


def _offsets(text: str, tree: Tree, raw: str) -> list[int] | None:
    """Where each code point of `text` was written; None when escapes make that unclear.

    NOTE: folding only trades white space for white space, so matching the rest in order is exact.
    """
    offsets, at = [], tree.start + _header(raw, tree)
    for character in text:
        if character.isspace():
            offsets.append(at)
            at += at < tree.end and raw[at].isspace()
            continue
        while at < tree.end and raw[at].isspace():
            at += 1
        if at >= tree.end or raw[at] != character:
            return None
        offsets.append(at)
        at += 2 if character == raw[tree.start] == "'" else 1
    return offsets


def _header(raw: str, tree: Tree) -> int:
    """Length of what stands before the text of a scalar: a quote, or the line of `|` or `>`."""
    if raw[tree.start] in "|>":
        return raw.find("\n", tree.start, tree.end) + 1 - tree.start
    return 1 if raw[tree.start] in "'\"" else 0

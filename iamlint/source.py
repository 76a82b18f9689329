"""Remembers where text came from: sources, spans, derived texts, problems, and files."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from posixpath import normpath

from iamlint.typed import NamedTuple, Protocol


class Source:
    """One decoded text (without a BOM) and the name under which a user knows it.

    Line ends are `\\r\\n` and `\\n`; a lone `\\r` is a character like any other.
    """

    __slots__ = ("_starts", "name", "origin", "text")

    def __init__(self, name: str, text: str, origin: Origin | None = None) -> None:
        self.name = name
        self.text = text
        self.origin = origin
        self._starts: list[int] | None = None

    def __repr__(self) -> str:
        derived = ", derived" if self.origin else ""
        return f"Source({self.name!r}, {len(self.text)} code points{derived})"

    def _line_starts(self) -> list[int]:
        # Built only once something is printed: most files have no finding.
        if self._starts is None:
            lengths = (len(line) + 1 for line in self.text.split("\n"))
            self._starts = [0, *accumulate(lengths)][:-1]
        return self._starts

    @property
    def line_count(self) -> int:
        return len(self._line_starts())

    def part(self, start: int, end: int) -> Source:
        """The code points `[start, end)` as a text of their own, anchored where they stand."""
        return Source(self.name, self.text[start:end], Anchor(self, start))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both 1-based, the column in code points."""
        starts = self._line_starts()
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its line end; empty for a line that is not there."""
        starts = self._line_starts()
        if not 1 <= line <= len(starts):
            return ""
        if line == len(starts):
            return self.text[starts[line - 1] :]
        return self.text[starts[line - 1] : starts[line] - 1].removesuffix("\r")


class Origin(Protocol):
    """Where the characters of a derived text were written."""

    def span(self, start: int, end: int) -> Span:
        """The text that a person must edit to change the derived text `[start, end)`."""


class Derivation(NamedTuple):
    """How a text was decoded out of a part of its parent's text: a map made of steps.

    Step `i` says that the derived text `starts[i]:starts[i+1]` was written in the parent as
    `origins[i]:origins[i+1]`. A step of equal lengths on both sides is a copy, mapped character
    by character; any other step is one escape, mapped as a whole; a step with no derived text
    is skipped parent text (an indent, a `\\` before a line end).
    INVARIANT: both lists are equally long and never descend; `starts` begins with 0; their last
    items are ends, not beginnings: the length of the derived text, and where it ends in the parent.
    """

    parent: Source
    starts: list[int]
    origins: list[int]

    def span(self, start: int, end: int) -> Span:
        """The parent's text for the derived text `[start, end)`; an escape is taken whole."""
        size = self.starts[-1]
        start = min(max(start, 0), size)
        end = min(max(end, start), size)
        left = self._left(start)
        return Span(self.parent, left, self._right(end) if end > start else left)

    def _left(self, offset: int) -> int:
        step = bisect_right(self.starts, offset) - 1
        inside = offset - self.starts[step] if self._copies(step) else 0
        return self.origins[step] + inside

    def _right(self, offset: int) -> int:
        step = bisect_left(self.starts, offset) - 1
        if self._copies(step):
            return self.origins[step] + offset - self.starts[step]
        return self.origins[step + 1]

    def _copies(self, step: int) -> bool:
        if step + 1 == len(self.starts):
            return False
        derived = self.starts[step + 1] - self.starts[step]
        return derived == self.origins[step + 1] - self.origins[step]


class Anchor:
    """Where a part of a file begins in that file, as it is now.

    A file that is edited while somebody looks on is read in parts, each a text of its own with
    such an origin. When text before a part that stays the same grows or shrinks, whoever reads the
    file moves the anchor, and every place in the part is right again.
    """

    __slots__ = ("offset", "parent")

    def __init__(self, parent: Source, offset: int) -> None:
        self.parent = parent
        self.offset = offset

    def put(self, parent: Source, offset: int) -> None:
        """The part stands there now."""
        self.parent, self.offset = parent, offset

    def span(self, start: int, end: int) -> Span:
        """The same characters in the file."""
        return Span(self.parent, start + self.offset, end + self.offset)


class Standing(NamedTuple):
    """The place that stands for all of a text that is written nowhere."""

    place: Span

    def span(self, start: int, end: int) -> Span:
        """The place, whatever part of the text is meant."""
        return self.place


class Pieces(NamedTuple):
    """How a text was put together out of parts of other texts.

    Piece `i` is the derived text `cuts[i]:cuts[i+1]`, and `origins[i]` tells where its characters
    were written, counted from the beginning of the piece. `whole` is what put them together.
    INVARIANT: `cuts` begins with 0, never descends, and has one item more than `origins`.
    """

    whole: Span
    cuts: list[int]
    origins: list[Origin]

    def span(self, start: int, end: int) -> Span:
        """The text of the one piece that holds `[start, end)`; across pieces all that is between.

        What is not between two parts of the expression itself is the whole expression.
        """
        size = self.cuts[-1]
        start = min(max(start, 0), size)
        end = min(max(end, start), size)
        first = min(bisect_right(self.cuts, start), len(self.origins)) - 1
        last = max(first, bisect_left(self.cuts, end) - 1)
        if first < 0:
            return self.whole
        left = self._part(first, start, end)
        return left if first == last else self._across(left, self._part(last, start, end))

    def _part(self, piece: int, start: int, end: int) -> Span:
        """What of the piece lies in `[start, end)`."""
        at = self.cuts[piece]
        within = min(end, self.cuts[piece + 1]) - at
        return self.origins[piece].span(max(start, at) - at, max(within, 0))

    def _across(self, left: Span, right: Span) -> Span:
        between = left.cover(right)
        source, start, end = self.whole
        inside = left.source is right.source is source and start <= between.start
        return between if inside and between.end <= end else self.whole


class Span(NamedTuple):
    """The code points `[start, end)` of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def root(self) -> Span:
        """The same place in the outermost source: the text a person must edit."""
        span = self
        while (origin := span.source.origin) is not None:
            span = origin.span(span.start, span.end)
        return span

    def placed(self) -> Span:
        """The same place in its file, where its text is only an anchored part of one."""
        span = self
        while isinstance(origin := span.source.origin, Anchor):
            span = origin.span(span.start, span.end)
        return span

    def is_written(self) -> bool:
        """Whether a person wrote this, here or in what it was derived from."""
        span = self
        while (origin := span.source.origin) is not None:
            if isinstance(origin, Standing):
                return False
            span = origin.span(span.start, span.end)
        return True

    def within(self, other: Span) -> bool:
        """Whether this is a part of the other, or all of it."""
        inside = other.start <= self.start and self.end <= other.end
        return self.source is other.source and inside

    def cover(self, other: Span) -> Span:
        """The smallest span that holds both; of spans in unrelated sources, this one."""
        if self.source is other.source:
            return Span(self.source, min(self.start, other.start), max(self.end, other.end))
        mine, theirs = self.root(), other.root()
        return mine.cover(theirs) if mine.source is theirs.source else self


class Problem(NamedTuple):
    """Something that was not read, resolved or decided, or was read with a doubt."""

    code: str  # kebab-case, e.g. `invalid-json`
    message: str
    path: str
    span: Span | None = None
    help: str | None = None
    blocking: bool = True  # False: worth saying, but everything was read


class Entry(NamedTuple):
    """One name in a folder."""

    name: str
    kind: str  # file, folder, link-out, other
    size: int  # bytes


Entries = list[Entry]  # `Files.list` hides the builtin inside its class


class FileError(Exception):
    """A file or folder could not be read; `reason` is lower-case text: `permission denied`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Files(Protocol):
    """Where files come from: the disk, an editor's buffers, a revision, a dict."""

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises FileError."""

    def list(self, path: str) -> Entries:
        """The entries of a folder; raises FileError."""

    def kind(self, path: str) -> str | None:
        """What is at the path, in the words of `Entry.kind`; None when nothing is."""


class DictFiles:
    """Files held in memory, for tests and for users of the library."""

    __slots__ = ("_files", "_folders")

    def __init__(self, files: dict[str, str | bytes]) -> None:
        self._files = {normpath(path): _as_bytes(content) for path, content in files.items()}
        self._folders: dict[str, dict[str, Entry]] = {".": {}}
        for path, content in self._files.items():
            self._enter(path, len(content))

    def _enter(self, path: str, size: int) -> None:
        folder, entry = _parent(path), Entry(path.rpartition("/")[2], "file", size)
        while self._folders.setdefault(folder, {}).setdefault(entry.name, entry) is entry:
            if folder in (".", "/"):
                return
            folder, entry = _parent(folder), Entry(folder.rpartition("/")[2], "folder", 0)

    def read(self, path: str) -> bytes:
        path = normpath(path)
        if path in self._files:
            return self._files[path]
        raise FileError("is a folder" if path in self._folders else "no such file")

    def list(self, path: str) -> Entries:
        path = normpath(path)
        if path in self._folders:
            return sorted(self._folders[path].values())
        raise FileError("not a folder" if path in self._files else "no such folder")

    def kind(self, path: str) -> str | None:
        path = normpath(path)
        if path in self._files:
            return "file"
        return "folder" if path in self._folders else None


def _as_bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content


def _parent(path: str) -> str:
    folder, slash, _ = path.rpartition("/")
    return folder or slash or "."

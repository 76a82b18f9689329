"""Says what is wrong where libyaml gave up: in the words of those who write templates."""

from __future__ import annotations

import re

from iamlint.source import Source
from iamlint.syntax.json_problems import code_point, shown
from iamlint.syntax.yaml_problems import TOO_DEEP, YamlProblems, forbidden, in_quotes
from iamlint.syntax.yaml_spot import Spot
from iamlint.typed import NamedTuple

_ALIKE = "the keys of one mapping, and the items of one list, are indented alike"
_ESCAPES = "a backslash is `\\\\`; between single quotes nothing is an escape"
_HANDLEBARS = re.compile(r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)")
# `key:value`, and `key:` with a no-break space: plain text, where a key was meant.
_TIGHT = re.compile(r"[ \-]*(?:\"[^\"]*\"|'[^']*'|[\w.][\w.\-]*):([^\s:]|\xa0)")
_TAG_ESCAPE = re.compile(r"![^\s%]*%[0-9a-fA-F]{2}\S*")
_LONG_ESCAPE = re.compile(r"\\(?:U[0-9a-fA-F]{8}|u[dD][89a-fA-F][0-9a-fA-F]{2})")
_PROPERTIES = re.compile(r"(?:[!&]\S*[ \t]+)*")
_KEY_LIMIT = 1024  # code points, of libyaml


class Fault(NamedTuple):
    """Where to point, what to say, and what to do about it."""

    start: int
    end: int
    message: str
    advice: str | None = None


def tell(error: Exception, told: YamlProblems, source: Source) -> None:
    """Tells of the exception that ended the reading of the source."""
    fault = _fault(error, source)
    if not told.overlaps(fault.start, fault.end):
        told.fault(*fault)


def _fault(error: Exception, source: Source) -> Fault:
    text = source.text
    bad, mark = forbidden(text), getattr(error, "problem_mark", None)
    if bad and (mark is None or bad[0] <= mark.index):
        return Fault(bad[0], bad[0] + 1, *bad[1:])
    if mark is None:
        return _odd_tag(text)
    context = getattr(error, "context_mark", None) or mark
    spot = Spot(source, min(mark.index, len(text)), min(context.index, len(text)))
    problem = f"{getattr(error, 'context', None)}: {getattr(error, 'problem', None)}"
    if "maximum nesting depth" in problem:  # a thousand, of newer libraries
        return Fault(spot.at, spot.at + 1, TOO_DEEP)
    explain = next(explain for sign, explain in _EXPLAINED if re.search(sign, problem))
    return _handlebars(spot) or explain(spot)


def _odd_tag(text: str) -> Fault:
    """An escape that is no character, of which PyYAML does not say where it is."""
    found = _TAG_ESCAPE.search(text) or _LONG_ESCAPE.search(text)
    start, end = found.span() if found else (0, min(1, len(text)))
    written = shown(found.group()) if found else "this YAML"
    return Fault(start, end, f"{written} cannot be read", "look for odd escapes in it")


def _handlebars(spot: Spot) -> Fault | None:
    """What fills in templates (Jinja, Handlebars) and stands on the line of the fault unquoted."""
    start = spot.line_start
    for found in _HANDLEBARS.finditer(spot.line):
        before = spot.line[: found.start()]
        if start + found.start() <= spot.at and not (before.count("'") + before.count('"')) % 2:
            message = f"{shown(found.group())} is not in quotes"
            advice = "put the whole text in quotes, or fill in the template first"
            return Fault(start + found.start(), start + found.end(), message, advice)
    return None


def _here(spot: Spot) -> Fault:
    word = spot.word(spot.at)
    if not word:
        last = min(spot.begin, len(spot.text.rstrip()) - 1)
        return Fault(last, last + 1, "the text ends before this is complete")
    message = f"{shown(word)} cannot stand here"
    return Fault(spot.at, spot.at + len(word), message, "put it in quotes if it is text")


def _odd_start(spot: Spot) -> Fault:
    character = spot.text[spot.at : spot.at + 1]
    if character == "\t":
        return _tab(spot)
    if not character.isprintable() or character.isspace():
        return _here(spot)
    written = spot.rest(spot.at)
    first = "a backtick" if character == "`" else shown(character)
    message = f"plain text cannot begin with {first}"
    return Fault(spot.at, spot.at + len(written), message, in_quotes(written))


def _tab(spot: Spot) -> Fault:
    at = spot.text.rfind("\t", spot.line_start, spot.at + 1)
    at = spot.at if at < 0 else at
    return Fault(at, at + 1, "a tab indents this line", "YAML is indented with spaces only")


def _star(spot: Spot) -> Fault:
    """`Principal: *`, or an anchor that is none."""
    word = spot.word(spot.begin)
    does = "repeats what an anchor names" if word.startswith("*") else "names what it precedes"
    advice = f"a plain {shown(word[:1])} {does}; for the text, {in_quotes(word)}"
    return Fault(spot.begin, spot.begin + len(word), f"{shown(word)} is not in quotes", advice)


def _colon(spot: Spot) -> Fault:
    """A `:` that makes a key where none can be."""
    before, above = spot.before, spot.line_above
    tight = _tight(spot, spot.start_above) if spot.indent(above) == spot.indent(before) else None
    if tight:
        return tight
    if len(before.strip()) > _KEY_LIMIT:
        message = f"a key has at most {_KEY_LIMIT:,} characters"
        return Fault(spot.line_start, spot.at, message, "write `? ` before it")
    outer = re.match(r"[ \-]*[^\s].*?:[ \t]+|[ \-]*- +(?=\S)", before)
    if outer and ":" in outer.group():
        tagged = _PROPERTIES.match(before, outer.end())
        start = spot.line_start + (tagged.end() if tagged else outer.end())
        message = "`:` followed by a space is in the middle of plain text"
        return Fault(spot.at, spot.at + 1, message, in_quotes(spot.rest(start)))
    if spot.indent(before) > spot.indent(above):
        message = f"{shown(before.strip())} is indented more than the line above, which is complete"
        return Fault(spot.line_start + spot.indent(before), spot.at + 1, message, _ALIKE)
    return Fault(
        spot.at, spot.at + 1, "this `:` follows no key", "put text that holds it in quotes"
    )


def _tight(spot: Spot, start: int) -> Fault | None:
    found = _TIGHT.match(spot.text, start, spot.end_of(start))
    if not found:
        return None
    at, character = found.start(1), found[1]
    if character == "\xa0":
        message = f"the space after this `:` is {code_point(character)}, which separates nothing"
        return Fault(at - 1, at + 1, message, "put a plain space there")
    return Fault(at - 1, at, "a space is missing after this `:`", "a key is written `key: value`")


def _no_colon(spot: Spot) -> Fault:
    tight = _tight(spot, spot.start_of(spot.begin))
    if tight:
        return tight
    written = spot.rest(spot.begin)
    advice = "write `key: value`; a line that continues a text is indented more than its key"
    message = f"{shown(written)} stands where a key is due, and no `:` follows"
    return Fault(spot.begin, spot.begin + len(written), message, advice)


def _dash(spot: Spot) -> Fault:
    if spot.rest(spot.at).strip() == "-":
        return Fault(spot.at, spot.at + 1, "`-` is not in quotes", in_quotes("-"))
    advice = "put it on the next line, or in quotes if it is text"
    return Fault(spot.at, spot.at + 1, "a list cannot begin on the line of its key", advice)


def _question(spot: Spot) -> Fault:
    written = spot.rest(spot.at)
    return Fault(
        spot.at, spot.at + len(written), f"{shown(written)} is not in quotes", in_quotes(written)
    )


def _not_a_key(spot: Spot) -> Fault:
    """Anything after which a block cannot go on."""
    before, word = spot.before.strip(), spot.word(spot.at)
    place = (spot.at, spot.at + max(len(word), 1))
    if not word or spot.text[spot.at] in ",]}":
        return _stray(spot)
    if before:
        return _more(spot, before, spot.rest(spot.at))
    if spot.text.startswith("-", spot.at) and spot.column(spot.at) <= spot.column(spot.begin):
        return Fault(*place, "a list item stands where a key is due", _ALIKE)
    if spot.text.startswith("-", spot.begin) and spot.column(spot.at) == spot.column(spot.begin):
        return Fault(*place, f"{shown(word)} stands where an item of a list is due", _ALIKE)
    return Fault(*place, f"{shown(word)} is indented like nothing above it", _ALIKE)


def _stray(spot: Spot) -> Fault:
    character = spot.text[spot.at : spot.at + 1]
    if not character:
        return _here(spot)
    does = "separates" if character == "," else "closes"
    message = f"{shown(character)} {does} nothing here"
    return Fault(spot.at, spot.at + 1, message, "remove it, or put the text in quotes")


def _more(spot: Spot, before: str, rest: str) -> Fault:
    """Something after a complete value on the same line."""
    mark, advice = before[-1], "put the whole text in quotes"
    if mark == "'":
        advice = "inside single quotes a `'` is written `''`"
    elif mark == '"':
        advice = 'inside double quotes a `"` is written `\\"`'
    after = f"the closing {shown(mark)}" if mark in "\"'}]" else "the end of the value"
    message = f"{shown(rest)} follows {after}"
    return Fault(spot.at, spot.at + len(rest), message, advice)


def _open_bracket(spot: Spot) -> Fault:
    opener, found = spot.text[spot.begin], spot.text[spot.at : spot.at + 1]
    closer = {"[": "]", "{": "}"}.get(opener, opener)
    inside = spot.text[spot.at] == ":" if found else False  # of a key that was read as plain text
    outdented = not spot.before.strip() or (inside and spot.line_start > spot.begin)
    outdented = outdented and spot.indent(spot.line) <= spot.indent_of(spot.begin)
    if found in ("]", "}"):
        line, column = spot.position(spot.begin)
        message = f"`{found}` cannot close the `{opener}` at {line}:{column}"
        return Fault(spot.at, spot.at + 1, message, f"write `{closer}`, or find what is missing")
    if not found or outdented:
        message = f"this `{opener}` is never closed"
        return Fault(spot.begin, spot.begin + 1, message, f"put `{closer}` where it ends")
    message = f"`,` or `{closer}` is missing before this"
    return Fault(spot.at, spot.at + len(spot.word(spot.at)), message, "or put the text in quotes")


def _open_quote(spot: Spot) -> Fault:
    quote = spot.text[spot.begin]
    return Fault(
        spot.begin,
        spot.begin + 1,
        f"this `{quote}` is never closed",
        f"put `{quote}` where it ends",
    )


def _escape(spot: Spot) -> Fault:
    at = max(spot.text.rfind("\\", spot.begin, spot.at + 1), spot.begin)
    size = {"x": 4, "u": 6, "U": 10}.get(spot.text[at + 1 : at + 2], 2)
    found = re.match(r'\\[xuU]?[^"\s]{0,8}', spot.text[at : at + size])
    written = found.group() if found and size > 2 else spot.text[at : at + 2]
    message = f"{shown(written)} is not an escape of YAML"
    return Fault(at, at + len(written), message, _ESCAPES)


def _block_header(spot: Spot) -> Fault:
    header = spot.rest(spot.begin)
    mark = spot.text[spot.begin]
    advice = f"after `{mark}` only `+`, `-` and one digit may stand; the text is on the next lines"
    return Fault(spot.begin, spot.begin + len(header), f"{shown(header)} begins no text", advice)


def _tag(spot: Spot) -> Fault:
    word = spot.word(spot.begin)
    message = f"{shown(word)} is not a tag"
    advice = "a space follows a tag such as `!Sub`; put text that begins with `!` in quotes"
    return Fault(spot.begin, spot.begin + len(word), message, advice)


def _handle(spot: Spot) -> Fault:
    word = spot.word(spot.at)
    message = f"the tag {shown(word)} begins with a handle that no `%TAG` declares"
    return Fault(spot.at, spot.at + len(word), message, "write a tag with one `!`, such as `!Sub`")


def _directive(spot: Spot) -> Fault:
    line = spot.rest(spot.begin)
    message = f"{shown(line)} is a directive that is not understood"
    return Fault(spot.begin, spot.begin + len(line), message, "remove it: templates need none")


def _after_the_end(spot: Spot) -> Fault:
    word = spot.word(spot.at)
    if word[:1] in (",", "]", "}", ""):
        return _stray(spot)
    if spot.before.strip():
        return _more(spot, spot.before.strip(), spot.rest(spot.at))
    message = f"{shown(word)} is outside of what the text began with"
    return Fault(spot.at, spot.at + len(word), message, _ALIKE)


# What libyaml and PyYAML say (each in its own words), and who explains it. The last explains all.
_EXPLAINED = (
    ("tab character", _tab),
    ("cannot start any token", _odd_start),
    ("scanning an? (?:alias|anchor)", _star),
    ("mapping values are not allowed", _colon),
    ("could not find expected ':'", _no_colon),
    ("sequence entries are not allowed", _dash),
    ("mapping keys are not allowed", _question),
    ("expected key|expected '-'|expected <block end>", _not_a_key),
    ("expected ',' or", _open_bracket),
    ("quoted scalar: found unexpected|unexpected document", _open_quote),
    ("escape|hexa?decimal", _escape),
    ("expected (?:the )?node content", _stray),
    ("<document start>", _after_the_end),
    ("undefined tag handle", _handle),
    ("scanning a block scalar", _block_header),
    ("scanning a tag|parsing a tag", _tag),
    ("directive|incompatible YAML", _directive),
    ("", _here),
)

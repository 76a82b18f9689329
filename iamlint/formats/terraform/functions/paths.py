"""Functions on paths and files; files are read by whoever knows where they are."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from posixpath import normpath

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import types
from iamlint.formats.terraform.convert import as_set
from iamlint.formats.terraform.faults import Fault
from iamlint.formats.terraform.functions.encodings import digest, whole
from iamlint.formats.terraform.rendering import composed_text
from iamlint.formats.terraform.scope import Names
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, BOOL, STRING, set_of
from iamlint.formats.terraform.values import Datum, boolean, string
from iamlint.formats.terraform.world import FilesGiven
from iamlint.source import Source, Span
from iamlint.syntax.escapes import decoded
from iamlint.syntax.hcl import parse_template
from iamlint.syntax.holes import has_private
from iamlint.syntax.value import Value

_MOST_BYTES = 1_000_000
_NESTED = 8  # template files in template files


def _files(asked: Asked) -> FilesGiven | None:
    return asked.run.world.files


def _read(asked: Asked) -> bytes | None:
    """What is in a file; None where that cannot be known. Raises Fault when it is not there."""
    files, path = _files(asked), asked.arguments[0].string
    if files is None:
        return None
    try:
        data = files.read(path)
    except LookupError as error:
        reason = str(error.args[0]) if error.args else "it cannot be read"
        raise asked.fault(f"{quoted(path)} was not read: {reason}", 0) from None
    if data is None:
        raise asked.fault(f"there is no file {quoted(path)}", 0)
    if len(data) > _MOST_BYTES:
        raise asked.fault(f"{quoted(path)} is larger than {_MOST_BYTES:,} bytes", 0)
    asked.run.spend(len(data) // 32, asked.span)
    return data


def _source(asked: Asked) -> Source | None:
    data = _read(asked)
    if data is None:
        return None
    path = asked.arguments[0].string
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        help = "`filebase64` reads files that are no text"
        raise asked.fault(f"{quoted(path)} is not UTF-8 text", 0, help) from None
    if has_private(text):
        raise asked.fault(f"{quoted(path)} holds characters for private use", 0)
    files = _files(asked)
    return Source(files.place(path) if files is not None else normpath(path), text)


def _file(asked: Asked) -> Datum:
    source = _source(asked)
    if source is None:
        return asked.unknown(STRING)
    span = Span(source, 0, len(source.text))
    return Datum("string", composed_text(Value("string", source.text, span)), span)


def _filebase64(asked: Asked) -> Datum:
    data = _read(asked)
    if data is None:
        return asked.unknown(STRING)
    return whole(asked, base64.b64encode(data).decode())


def _hash(name: str, *, hexadecimal: bool) -> Callable[[Asked], Datum]:
    def work(asked: Asked) -> Datum:
        data = _read(asked)
        if data is None:
            return asked.unknown(STRING)
        return whole(asked, digest(name, data, hexadecimal=hexadecimal))

    return work


def _fileexists(asked: Asked) -> Datum:
    files = _files(asked)
    if files is None:
        return asked.unknown(BOOL)
    try:
        return boolean(files.read(asked.arguments[0].string) is not None, asked.span)
    except LookupError:
        return asked.unknown(BOOL)


def _fileset(asked: Asked) -> Datum:
    files = _files(asked)
    folder, pattern = (each.string for each in asked.arguments)
    try:
        names = files.names(folder) if files else None
    except LookupError:
        names = None
    if names is None:
        return asked.unknown(set_of(STRING))
    asked.run.count(len(names), asked.span)
    found = re.compile(_globbed(pattern), re.DOTALL)
    items = [string(name, asked.span) for name in names if found.fullmatch(name)]
    return as_set(asked.run, items, STRING, asked.span)


def _globbed(pattern: str) -> str:
    """A pattern of names as a regular expression: `*`, `**`, `?`, `[a-z]`, `{a,b}`."""
    made, at, open_ = "", 0, 0
    while at < len(pattern):
        char = pattern[at]
        if pattern.startswith("**/", at):
            made += "(?:[^/]+/)*"
            at += 3
            continue
        if pattern.startswith("**", at):
            is_whole = at + 2 == len(pattern) and pattern[at - 1 : at] in ("", "/")
            made, at = made + (".*" if is_whole else "[^/]*"), at + 2
            continue
        end = pattern.find("]", at + 2)
        if char == "[" and end > 0:
            inner = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            made += f"[{'^' + inner[1:] if inner[0] in '!^' else inner}]"
            at = end + 1
            continue
        open_ += (char == "{") - (char == "}")
        simple = {"*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}
        made += "|" if char == "," and open_ else simple.get(char) or re.escape(char)
        at += 1
    return made


def _templatefile(asked: Asked) -> Datum:
    path = asked.arguments[0]
    unknown = path.kind == "unknown" or asked.run.holes(path.string)
    source = None if unknown else _source(asked)
    if source is None:
        return asked.unknown(ANY)
    return _rendered(asked, source)


def _templatestring(asked: Asked) -> Datum:
    template = asked.arguments[0]
    if template.kind == "unknown" or asked.run.holes(template.string):
        return asked.unknown(STRING)
    return _rendered(asked, decoded(asked.arguments[0].text))


def _rendered(asked: Asked, source: Source) -> Datum:
    run, given = asked.run, asked.arguments[1]
    if given.kind not in types.MAPPINGS:
        raise asked.fault(f"a map of values is due here, and this is {types.a(given.type)}", 1)
    template, problems = parse_template(source)
    if template is None or problems:
        reason = problems[0].message if problems else "it cannot be read"
        where = problems[0].span if problems and problems[0].span else asked.place(0)
        raise Fault(f"this template cannot be read: {reason}", where)
    names = {key: entry.value for key, entry in given.entries.items() if not entry.many}
    run.spend(len(source.text) // 16, asked.span)
    run.nested += 1
    try:
        if run.nested > _NESTED:
            raise asked.fault("templates are nested too deeply here")
        return run.value(template, Names(names))
    finally:
        run.nested -= 1


def _basename(asked: Asked) -> Datum:
    path = asked.arguments[0].string
    stripped = path.rstrip("/")
    name = stripped.rpartition("/")[2] or ("/" if path else ".")
    return whole(asked, name)


def _dirname(asked: Asked) -> Datum:
    folder, slash, _ = asked.arguments[0].string.rpartition("/")
    if not slash:
        return whole(asked, ".")
    made = normpath(folder) if folder else "/"
    return whole(asked, re.sub("^//+", "/", made))


def _abspath(asked: Asked) -> Datum:
    path = asked.arguments[0].string
    if path[:1] != "/":
        return asked.unknown(STRING)
    return whole(asked, re.sub("^//+", "/", normpath(path)))


def _pathexpand(asked: Asked) -> Datum:
    datum = asked.arguments[0]
    return asked.unknown(STRING) if datum.string.startswith("~") else datum


FUNCTIONS = {
    "abspath": Function("string", STRING, _abspath),
    "basename": Function("string", STRING, _basename),
    "dirname": Function("string", STRING, _dirname),
    "file": Function("string", STRING, _file),
    "filebase64": Function("string", STRING, _filebase64),
    "filebase64sha256": Function("string", STRING, _hash("sha256", hexadecimal=False)),
    "filebase64sha512": Function("string", STRING, _hash("sha512", hexadecimal=False)),
    "fileexists": Function("string", BOOL, _fileexists),
    "filemd5": Function("string", STRING, _hash("md5", hexadecimal=True)),
    "fileset": Function("string, string", set_of(STRING), _fileset),
    "filesha1": Function("string", STRING, _hash("sha1", hexadecimal=True)),
    "filesha256": Function("string", STRING, _hash("sha256", hexadecimal=True)),
    "filesha512": Function("string", STRING, _hash("sha512", hexadecimal=True)),
    "pathexpand": Function("string", STRING, _pathexpand),
    "templatefile": Function("string, any", ANY, _templatefile, open=True),
    "templatestring": Function("string, any", STRING, _templatestring, open=True),
}

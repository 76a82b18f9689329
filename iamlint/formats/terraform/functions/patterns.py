"""Functions that look for regular expressions, in time that is bounded."""

from __future__ import annotations

import re

from iamlint.formats.faults import quoted
from iamlint.formats.terraform import types
from iamlint.formats.terraform.re2_match import Groups, find_all
from iamlint.formats.terraform.re2_syntax import BadPattern, Program, Unsupported, compiled
from iamlint.formats.terraform.signatures import Asked, Function
from iamlint.formats.terraform.types import ANY, STRING, Type
from iamlint.formats.terraform.values import Datum, Entry, mapping, null, sequence
from iamlint.syntax.holes import Piece
from iamlint.syntax.value import Value

# Texts that a hole of a kind of its own may be: what is found in all of them alike is found in any.
_SAMPLES = {
    "own-account": ("012345678901", "999999999999", "123123123123"),
    "own-partition": ("aws", "aws-us-gov", "aws-cn"),
    "own-region": ("us-east-1", "ap-southeast-2", "us-gov-west-1"),
    "own-suffix": ("amazonaws.com", "amazonaws.com.cn", "c2s.ic.gov"),
}
_ADDRESSES = ("oidc.eks.us-east-1.amazonaws.com/id/0A", "gitlab.example.org", "a.b/c/d")
_REFERENCE = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+))", re.ASCII)


def _program(asked: Asked, pattern: str, argument: int) -> Program | None:
    """The pattern, ready to be matched; None where it is not supported."""
    known: dict[str, Program] = asked.run.world.patterns
    if pattern in known:
        asked.run.world.passed(len(pattern) * 10 + len(known[pattern].ops))
        return known[pattern]
    asked.run.spend(len(pattern) * 10, asked.span)
    try:
        made = known[pattern] = compiled(pattern)
        asked.run.spend(len(made.ops), asked.span)
        return made
    except Unsupported:
        return None
    except BadPattern as bad:
        message = f"{quoted(pattern)} is not a regular expression of Go: {bad}"
        raise asked.fault(message, argument) from None


def _matches(asked: Asked, program: Program, text: str) -> list[Groups] | None:
    """All matches in a text; None where they depend on its holes."""

    def spend(steps: int) -> None:
        asked.run.spend(5 + 2 * steps, asked.span)

    holes = asked.run.world.table.holes
    own = [char for char in dict.fromkeys(text) if char in holes]
    if not own:
        return list(find_all(program, text, spend))
    known = {char: _SAMPLES.get(holes[char].kind) for char in own}
    known.update((char, _ADDRESSES) for char in own if char in asked.run.world.addresses)
    if None in known.values():
        return None
    found: list[list[Groups] | None] = []
    for number in range(3):
        samples = {char: texts[number] for char, texts in known.items() if texts}
        sample = "".join(samples.get(char, char) for char in text)
        back = _places(text, samples)
        matches = list(find_all(program, sample, spend))
        found.append(_mapped(matches, back))
    return found[0] if found[0] == found[1] == found[2] else None


def _places(text: str, samples: dict[str, str]) -> dict[int, int]:
    """Where the characters of a text with holes begin in the sample, turned round."""
    places, at = {-1: -1}, 0
    for number, char in enumerate(text):
        places[at] = number
        at += len(samples.get(char, char))
    places[at] = len(text)
    return places


def _mapped(matches: list[Groups], back: dict[int, int]) -> list[Groups] | None:
    if any(at not in back for groups in matches for at in groups):
        return None  # a match that begins or ends inside of what nobody knows
    return [[back[at] for at in groups] for groups in matches]


def replaced(asked: Asked) -> Datum:
    """`replace` with a pattern between slashes."""
    run = asked.run
    written, mark, by = asked.arguments
    program = _program(asked, mark.string[1:-1], 1)
    found = _matches(asked, program, written.string) if program else None
    if program is None or found is None or run.holes(by.string):
        return asked.unknown(STRING)
    pieces, at = list[Piece](), 0
    for groups in found:
        pieces += run.pieces(written.text, at, groups[0])
        pieces += _expanded(asked, program, groups)
        at = groups[1]
    pieces += run.pieces(written.text, at)
    return run.composed(pieces, asked.span)


def _expanded(asked: Asked, program: Program, groups: Groups) -> list[Piece]:
    """The replacement, with the groups that it speaks of."""
    run, text, by = asked.run, asked.arguments[0].text, asked.arguments[2].text
    pieces, at = list[Piece](), 0
    for reference in _REFERENCE.finditer(by.data):
        pieces += run.pieces(by, at, reference.start())
        at = reference.end()
        name = reference[1] or reference[2]
        if name is None:
            pieces += run.pieces(by, reference.start(), reference.start() + 1)
            continue
        number = int(name[:6]) if name.isdecimal() else _number(program, name)
        if 0 <= number < program.groups and groups[2 * number] >= 0:
            pieces += run.pieces(text, *groups[2 * number : 2 * number + 2])
    return pieces + run.pieces(by, at)


def _number(program: Program, name: str) -> int:
    return program.names.index(name) + 1 if name in program.names else -1


def _type(program: Program) -> Type:
    """The type of one match."""
    if not program.names:
        return STRING
    if all(program.names):
        return types.object_of((str(name), STRING) for name in program.names)
    return types.tuple_of(STRING for _ in program.names)


def _match(asked: Asked, program: Program, groups: Groups) -> Datum:
    """What one match gives: its text, or that of its groups."""
    run, text, span = asked.run, asked.arguments[1].text, asked.span

    def part(number: int) -> Datum:
        start, end = groups[2 * number : 2 * number + 2]
        if start < 0:
            return null(span, STRING)
        return run.composed(run.pieces(text, start, end), span)

    if not program.names:
        return part(0)
    parts = [part(number) for number in range(1, program.groups)]
    if all(program.names):
        named = zip(program.names, parts, strict=True)
        entries = {str(n): Entry(Value("string", str(n), span), each) for n, each in named}
        return mapping("object", entries, span)
    return sequence("tuple", parts, span)


def _found(asked: Asked) -> tuple[Program, list[Groups]] | Type:
    """The program and all matches; the type of one where they cannot be known."""
    pattern, written = asked.arguments
    if pattern.kind == "unknown" or asked.run.holes(pattern.string):
        return ANY
    program = _program(asked, pattern.string, 0)
    if program is None:
        return ANY
    if any(program.names) and not all(program.names):
        raise asked.fault("named and unnamed groups cannot be mixed", 0)
    if written.kind == "unknown":
        return _type(program)
    found = _matches(asked, program, written.string)
    return _type(program) if found is None else (program, found)


def _regex(asked: Asked) -> Datum:
    found = _found(asked)
    if isinstance(found, Type):
        return asked.unknown(found)
    program, matches = found
    if not matches:
        text = quoted(asked.run.world.names.words(asked.arguments[1].string))
        raise asked.fault(f"the pattern does not match any part of {text}")
    return _match(asked, program, matches[0])


def _regexall(asked: Asked) -> Datum:
    found = _found(asked)
    if isinstance(found, Type):
        return asked.unknown(types.list_of(found))
    program, matches = found
    asked.run.count(len(matches), asked.span)
    items = [_match(asked, program, groups) for groups in matches]
    return sequence("list", items, asked.span, _type(program))


FUNCTIONS = {
    "regex": Function("string, string", ANY, _regex, open=True),
    "regexall": Function("string, string", types.list_of(ANY), _regexall, open=True),
}

"""Matches the programs of `re2_syntax`, as Go does: the leftmost match, the first alternative.

No step is taken twice at one place of the text, so that no pattern takes longer than its own
length times that of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from iamlint.formats.terraform.re2_syntax import Program

Groups = list[int]  # the start and the end of each group, -1 for one that has no part in the match
_WORD = frozenset("0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def find_all(program: Program, text: str, spend: Callable[[int], None]) -> Iterator[Groups]:
    """All matches, from left to right; none that is empty right behind another one."""
    at, last = 0, -1
    while at <= len(text):
        found = _search(program, text, at, spend)
        if found is None:
            return
        start, end = found[:2]
        if not (start == end == last):
            yield found
        last = end
        at = end if end > start else end + 1
        if end == start and start < at - 1:
            at = start + 1


def _search(program: Program, text: str, at: int, spend: Callable[[int], None]) -> Groups | None:
    seen: set[int] = set()
    first = _first(program)
    for start in range(at, len(text) + 1):
        if first is not None and (start == len(text) or not first(text[start])):
            spend(0)
            continue
        before = len(seen)
        found = _match(program, text, start, seen)
        spend(1 + (len(seen) - before))
        if found is not None:
            return found
    return None


def _first(program: Program) -> Callable[[str], bool] | None:
    """The test of the one character that every match begins with, if there is such a one."""
    for op in program.ops:
        if op.kind != "save":
            return op.test
    return None


def _match(program: Program, text: str, start: int, seen: set[int]) -> Groups | None:
    """The match that begins at a place."""
    ops, size, width = program.ops, len(text), len(text) + 1
    groups = [-1] * (2 * program.groups)
    # What is left to be tried: a place in the program and in the text, or a group to be put back.
    todo: list[tuple[int, int, bool]] = [(0, start, False)]
    while todo:
        pc, at, is_undo = todo.pop()
        if is_undo:
            groups[pc] = at
            continue
        while True:
            key = pc * width + at
            if key in seen:
                break
            seen.add(key)
            kind, test, one, two = ops[pc]
            if kind == "char":
                assert test is not None
                if at == size or not test(text[at]):
                    break
                at += 1
                pc += 1
            elif kind == "split":
                todo.append((two, at, False))
                pc = one
            elif kind == "jump":
                pc = one
            elif kind == "save":
                todo.append((one, groups[one], True))
                groups[one] = at
                pc += 1
            elif kind == "match":
                return groups
            elif _holds(kind, text, at):
                pc += 1
            else:
                break
    return None


def _holds(kind: str, text: str, at: int) -> bool:
    """Whether an assertion holds at a place."""
    if kind == "^":
        return at == 0
    if kind == "$":
        return at == len(text)
    if kind == "line-start":
        return at == 0 or text[at - 1] == "\n"
    if kind == "line-end":
        return at == len(text) or text[at] == "\n"
    left = at > 0 and text[at - 1] in _WORD
    right = at < len(text) and text[at] in _WORD
    return (left != right) is (kind == "b")

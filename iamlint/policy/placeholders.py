"""Finds the placeholder of a template that nobody replaced."""

from __future__ import annotations

import re

# Marks of templates, wherever they stand.
_MARKS = r"<[^<>]+>|\$\{[^{}]*\}?|\{\{[^{}]*\}\}|%[A-Za-z_]+%|\[[A-Za-z_ -]+\]|\$[A-Za-z_]\w*"
# Words that take the whole place of an account, a name or an ARN.
_WORDS = (
    r"(?i:(?:\w+[-_])?(?:account|acct)(?:[-_]?(?:id|number|no))?(?:[-_]here)?"
    r"|your[-_][\w-]+|(?=.*x{4})[0-9x]++|(?:change|replace)[-_]?(?:me|this)|todo|fixme|placeholder)"
)
_LONGEST_SEARCH = 512  # whatever is longer was not typed in by hand


def placeholder(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a placeholder stands in a text that is wrong in `[start, end)`."""
    mark = re.search(_MARKS, text[:_LONGEST_SEARCH], re.ASCII)
    if mark is not None:
        return mark.span()
    for piece in re.finditer(r"[^:/]+", text[start : min(end, start + _LONGEST_SEARCH)]):
        if re.fullmatch(_WORDS, piece[0], re.ASCII):
            return piece.start() + start, piece.end() + start
    return None

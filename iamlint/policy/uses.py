"""Where the holes of a trust policy stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamlint.syntax.holes import Holes
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Use(NamedTuple):
    """Where a hole stands.

    `element`: Version, Effect, Action, Principal, Condition, or another one; `about`: the type of
    the principal, or the condition key in lower case; `operator`: that of the condition; `before`
    and `after`: the rest of the text it is a part of; `issuers`: the prefixes of the statement's
    condition keys, such as `token.actions.githubusercontent.com`; `accounts`: those that its
    principals name. Both may be holes themselves.
    """

    element: str
    about: str = ""
    operator: str = ""
    before: str = ""
    after: str = ""
    issuers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.before and not self.after


def uses_of(document: Value, holes: Holes) -> Iterator[tuple[str, Use]]:
    for member in document.members:
        if member.key.data != "Statement":
            yield from _in_texts(member.value, holes, Use(member.key.data))
            continue
        for statement in member.value.items() or (member.value,):
            yield from _in_statement(statement, holes)


def _in_statement(statement: Value, holes: Holes) -> Iterator[tuple[str, Use]]:
    around = Use("", issuers=_issuers(statement, holes), accounts=_accounts(statement, holes))
    for member in statement.members:
        use = around._replace(element=member.key.data.removeprefix("Not"))
        if use.element == "Condition":
            for operator in member.value.members:
                yield from _in_block(operator.key, operator.value, holes, use)
        elif use.element == "Principal" and member.value.kind == "object":
            for each in member.value.members:
                yield from _in_texts(each.key, holes, use._replace(element="type"))
                yield from _in_texts(each.value, holes, use._replace(about=each.key.data))
        else:
            yield from _in_texts(member.value, holes, use)


def _issuers(statement: Value, holes: Holes) -> tuple[str, ...]:
    """What the condition keys say before their last colon, where it is the URL of a provider."""
    blocks = [m.value for m in statement.members if m.key.data == "Condition"]
    keys = [key.key.data for block in blocks for op in block.members for key in op.value.members]
    urls = (key.rpartition(":")[0] for key in keys)
    return tuple(dict.fromkeys(url for url in urls if "." in url or any(c in holes for c in url)))


def _accounts(statement: Value, holes: Holes) -> tuple[str, ...]:
    """The accounts that the principals name: digits, or the character of a hole."""
    hole = "".join(map(re.escape, holes))
    account = re.compile(f"(?:arn:[^:]*:(?:iam|sts)::|^)([0-9]{{12}}|[{hole}])(?=:|$)")
    texts = [
        text
        for member in statement.members
        if member.key.data == "Principal"
        for each in member.value.members
        if each.key.data == "AWS"
        for text in each.value.items() or (each.value,)
    ]
    found = (account.findall(text.data) for text in texts if text.kind == "string")
    return tuple(dict.fromkeys(each for some in found for each in some))


def _in_block(operator: Value, block: Value, holes: Holes, use: Use) -> Iterator[tuple[str, Use]]:
    yield from _in_texts(operator, holes, use._replace(element="operator"))
    inside = use._replace(operator=operator.data)
    for key, value in block.members:
        yield from _in_texts(key, holes, inside._replace(element="key"))
        yield from _in_texts(value, holes, inside._replace(about=key.data.lower()))


def _in_texts(value: Value, holes: Holes, use: Use) -> Iterator[tuple[str, Use]]:
    """Every hole in the strings of a value."""
    for text in value.items() or (value,):
        for at, char in enumerate(text.data if text.kind == "string" else ""):
            if char in holes:
                others = tuple(each for each in use.issuers if char not in each)
                before, after = text.data[:at], text.data[at + 1 :]
                yield char, use._replace(before=before, after=after, issuers=others)

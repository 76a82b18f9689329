"""Reads the documents that `aws_iam_policy_document` merges, as the AWS provider reads them."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.formats import policy_texts
from iamlint.formats.terraform.faults import Fault
from iamlint.syntax.holes import Holes
from iamlint.syntax.value import Member, Value
from iamlint.typed import NamedTuple

# What the provider knows of a statement; it drops all else. It does not mind the case of letters.
_ELEMENTS = (
    *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
    *("Principal", "NotPrincipal", "Condition"),
)
_BY_LOWER = {name.lower(): name for name in _ELEMENTS}


class Source(NamedTuple):
    """One document; `missing`: the parts of it that nobody knows, in words."""

    version: Value | None = None
    id: Value | None = None
    statements: tuple[Value, ...] = ()
    missing: tuple[str, ...] = ()


def source(text: Value, holes: Holes, tell: Callable[[Fault], None]) -> Source:
    """The document in a text; an empty one where the provider would take it for nothing."""
    if text.kind != "string" or not text.data:
        return Source()
    found = policy_texts.parsed(text, holes)
    if found.value is None or found.missing:
        return Source(missing=found.missing)
    if any(problem.blocking for problem in found.problems) or found.value.kind == "string":
        tell(Fault("this is not the text of a policy in JSON", text.span))
        return Source(missing=("the statements of a document that is not JSON",))
    if found.value.kind == "null":
        return Source()
    if found.value.kind != "object":
        tell(Fault("this document is no object, so it cannot be merged", found.value.span))
        return Source(missing=("the statements of a document that is no object",))
    return _read(found.value, holes, tell)


def _read(document: Value, holes: Holes, tell: Callable[[Fault], None]) -> Source:
    held = {member.key.data.lower(): member.value for member in document.members}
    version, id, statements = (held.get(name) for name in ("version", "id", "statement"))
    if statements is not None and statements.kind == "string":
        return Source(version, id, (), policy_texts.all_statements(statements, holes))
    if statements is not None and statements.kind not in ("array", "null"):
        help = "the provider merges documents whose `Statement` is a list"
        tell(Fault("the `Statement` of this document is no list", statements.span, help))
        found: tuple[Value, ...] = (statements,)
    else:
        found = statements.items() if statements is not None else ()
    return Source(version, id, tuple(_statement(each) for each in found))


def _statement(written: Value) -> Value:
    if written.kind != "object":
        return written
    members = [
        Member(key if key.data == name else Value("string", name, key.span), held)
        for key, held in written.members
        if (name := _BY_LOWER.get(key.data.lower())) is not None
    ]
    members = [
        member._replace(value=_texts(member.value)) if member.key.data == "Condition" else member
        for member in members
    ]
    return Value("object", tuple(members), written.span)


def _texts(condition: Value) -> Value:
    """A condition, in which the provider writes `true` as a text."""
    operators = []
    for operator, tests in condition.members:
        held = tuple(Member(key, _text(value)) for key, value in tests.members)
        same = tests.kind != "object"
        operators.append(Member(operator, tests if same else Value("object", held, tests.span)))
    if condition.kind != "object":
        return condition
    return Value("object", tuple(operators), condition.span)


def _text(value: Value) -> Value:
    if value.kind != "boolean":
        return value
    return Value("string", "true" if value.data else "false", value.span)

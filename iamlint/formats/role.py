"""A role as some input describes it: its trust policy, located, and what else is said of it."""

from __future__ import annotations

from iamlint.source import Source, Span
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class AttachedPolicy(NamedTuple):
    """A permission policy of a role."""

    name: str
    arn: str  # empty for an inline policy
    value: Value | None  # its document, when the input holds one that can be read


class Role:
    """One role with its trust policy; equal only to itself."""

    __slots__ = (
        "account",
        "document",
        "format",
        "identity",
        "max_session",
        "name",
        "partition",
        "path",
        "policies",
        "source",
        "span",
        "tags",
    )

    def __init__(  # noqa: PLR0913
        self,
        *,
        identity: str,
        document: Value,
        source: Source,
        span: Span,
        format: str,
        name: str | None = None,
        path: str | None = None,
        account: str | None = None,
        partition: str | None = None,
        tags: tuple[tuple[str, str], ...] = (),
        max_session: int | None = None,
        policies: tuple[AttachedPolicy, ...] = (),
    ) -> None:
        self.identity = identity  # its ARN, else its name, else the file's path [+ `#n`]
        self.document = document  # the trust policy; may stand in a text derived from `source`
        self.source = source  # the file
        self.span = span  # the role's object; of a bare trust policy, the policy
        self.format = format
        self.name = name
        self.path = path  # the IAM path, `/` or `/teams/`
        self.account = account  # the account it lives in
        self.partition = partition
        self.tags = tags
        self.max_session = max_session  # seconds
        self.policies = policies

    def __repr__(self) -> str:
        return f"Role({self.identity!r}, {self.format})"

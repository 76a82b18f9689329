"""A role as some input describes it: its trust policy, located, and what else is said of it."""

from __future__ import annotations

from iamlint.source import Source, Span
from iamlint.syntax.holes import GIVEN_KINDS, NO_HOLES, Holes, holes_in
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class AttachedPolicy(NamedTuple):
    """A permission policy of a role."""

    name: str
    arn: str  # empty for an inline policy
    value: Value | None  # its document, when the input holds one that can be read
    sure: bool = True  # False: it depends on what nobody knows whether the role has it


class Variant(NamedTuple):
    """One way in which a role's trust policy may come out of what cannot be known.

    `given`: what must be so for it, in words (`condition `IsProd` is true`); `missing`: the parts
    of it that could not be read, in words. All variants of a role together are all there are.
    """

    document: Value
    given: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Way(NamedTuple):
    """A value that travelled: written at `origin`, used at `use`.

    Whoever is shown one of them wants to know of the other, too.
    """

    origin: Span
    use: Span
    name: str  # of what carried it, e.g. "parameter `Owner`"


class Beside(NamedTuple):
    """What stands beside a role and its policy: where a person may say something of them."""

    names: tuple[Span, ...] = ()  # that the role and its policy are written under
    metadata: Value | None = None  # what is said to iamlint, and to nobody else


NOTHING_BESIDE = Beside()


class Role:
    """One role with its trust policy; equal only to itself."""

    __slots__ = (
        "account",
        "beside",
        "bounded",
        "construct",
        "document",
        "format",
        "holes",
        "identity",
        "max_session",
        "name",
        "partition",
        "path",
        "plain",
        "policies",
        "span",
        "tags",
        "variants",
        "ways",
    )

    def __init__(  # noqa: PLR0913
        self,
        *,
        identity: str,
        document: Value,
        span: Span,
        format: str,
        name: str | None = None,
        path: str | None = None,
        account: str | None = None,
        partition: str | None = None,
        tags: tuple[tuple[str, str], ...] = (),
        max_session: int | None = None,
        policies: tuple[AttachedPolicy, ...] = (),
        variants: tuple[Variant, ...] = (),
        holes: Holes = NO_HOLES,
        ways: tuple[Way, ...] = (),
        plain: bool = True,
        construct: str | None = None,
        bounded: bool = False,
        beside: Beside = NOTHING_BESIDE,
    ) -> None:
        self.identity = identity  # its ARN, else its name, else the file's path [+ `#n`]
        self.document = document  # the trust policy; may stand in a text derived from the file
        self.span = span  # the role's object; of a bare trust policy, the policy
        self.format = format
        self.name, self.path = name, path  # that of IAM, `/` or `/teams/`
        self.account, self.partition = account, partition  # that it lives in
        self.tags = tags
        self.max_session = max_session  # seconds
        self.policies = policies
        self.bounded = bounded  # a boundary may take back what its policies allow
        self.variants = variants or (Variant(document),)  # `document` is that of the first
        self.holes = holes  # what the characters of holes in the documents stand for
        self.ways = ways  # how the values in them came there
        self.plain = plain  # the document is what its own text says, all of it and nothing else
        self.beside = beside
        self.construct = construct  # what its author calls it: the path of a CDK construct

    @property
    def source(self) -> Source:
        """The file."""
        return self.span.root().source

    def unresolved(self) -> tuple[str, ...]:
        """What of its trust policy nobody can know before deployment, in words."""
        if not self.holes and not any(variant.missing for variant in self.variants):
            return ()
        found: dict[str, None] = {}
        for variant in self.variants:
            holes = (self.holes[char] for char in holes_in(variant.document, self.holes))
            found.update((f"`{hole.name}`", None) for hole in holes if hole.kind not in GIVEN_KINDS)
            found.update(dict.fromkeys(variant.missing))
        return tuple(found)

    def __repr__(self) -> str:
        return f"Role({self.identity!r}, {self.format})"

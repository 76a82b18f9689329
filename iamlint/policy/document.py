"""The typed trust policy as written: what a person wrote, where, and what IAM refuses about it."""

from __future__ import annotations

from iamlint.source import Span
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Text(NamedTuple):
    """A string as written, without its quotes, and its place; other scalars as their JSON text."""

    text: str
    span: Span


class Fault(NamedTuple):
    """Something that a trust policy may not hold; `iamlint.policy.faults` has the codes."""

    code: str
    message: str
    span: Span
    help: str
    subject: str  # the offending text of the user
    meant: str = ""  # what to write in its place, where that is known


class Operator(NamedTuple):
    """A condition operator, understood whatever the letter case it is written in."""

    base: str  # e.g. `StringNotEquals`, without quantifier and `IfExists`
    quantifier: str  # "", ForAllValues, ForAnyValue
    if_exists: bool
    negated: bool
    family: str  # string, arn, numeric, date, boolean, binary, address, null
    written: str


class Guard(NamedTuple):
    """One operator and key of one statement, with the values it is compared to."""

    operator: Operator | None  # None: there is no such operator
    key: str  # as written; key names are case-insensitive
    values: tuple[Text, ...]
    operator_span: Span
    key_span: Span
    span: Span  # from the key to the end of the values
    listed: bool  # the values are written as an array


class Principal(NamedTuple):
    """One entry of a `Principal` or `NotPrincipal`."""

    # as written: AWS, Service, Federated, CanonicalUser, unknown text; `*` for the bare star,
    # "" for any other string in place of the object
    type: str
    text: str
    span: Span
    # any, account, role, user, session, federated-user, unique-id, service, oidc, saml, builtin,
    # invalid
    form: str
    partition: str  # "" when the text does not tell
    account: str  # "" when the text does not tell
    # role, user, federated-user: name with its path (`teams/ci`); session: `Role/Session`;
    # oidc: provider URL without its scheme; saml: provider name; service, builtin: host;
    # unique-id: the id; else ""
    name: str


class Statement(NamedTuple):
    """One statement, as far as it can be understood."""

    # position in the list of statements, those that are no objects counted; hides tuple.index
    index: int  # type: ignore[assignment]
    sid: Text | None
    effect: str  # Allow, Deny; "" when missing or invalid
    principals: tuple[Principal, ...]
    principals_inverted: bool  # written as NotPrincipal
    principal_span: Span | None  # the value of Principal or NotPrincipal
    actions: tuple[Text, ...]
    actions_inverted: bool  # written as NotAction
    guards: tuple[Guard, ...]
    span: Span
    value: Value


class TrustPolicy(NamedTuple):
    """A whole trust policy; whatever is not in the statements is in the faults."""

    version: str  # the version IAM would evaluate it under: 2012-10-17, 2008-10-17
    version_text: Text | None
    statements: tuple[Statement, ...]
    faults: tuple[Fault, ...]
    value: Value
    span: Span

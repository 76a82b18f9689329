"""A concrete call: who makes it, what it needs to be allowed, which keys it carries."""

from __future__ import annotations

from iamlint.typed import NamedTuple


class Request(NamedTuple):
    """One call to STS.

    `kind`: user, session, service, web or saml. `identity`: the ARN of the user or of the
    session's role, the service's host, or the provider as a principal names it. `session`: the
    caller's own session name. `actions`: all that must be allowed. `context`: lower-case key ->
    value, or values of a multivalued key; a key not in it is absent.
    """

    kind: str
    identity: str
    session: str
    actions: frozenset[str]
    context: dict[str, str | tuple[str, ...]]

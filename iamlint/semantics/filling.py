"""Unknowns: what AWS leaves open and what the document does not say, filled in one way or another.

A question is asked once for every way to fill the unknowns it met; the answers together say
whether it holds in all of them, in none, or in some.
"""

from __future__ import annotations

from iamlint.source import Span
from iamlint.typed import NamedTuple

Option = str | bool
Asked = dict[str, tuple[Option, ...]]
"""Unknowns by name, with their options, the first of them the usual one."""

Callers = dict[Span, tuple[tuple[str, tuple[Option, ...]], ...]]
"""Where principals stand, the unknowns in them that nothing else hangs on, with their options."""


class Setting(NamedTuple):
    """What is known around the policy: the role's own account, partition and organisation.

    `now`: no call is made before, in seconds since 1970; None: calls of all times count.
    """

    account: str | None = None
    partition: str | None = None
    organization: str | None = None
    now: int | None = None


class Filling:
    """One way to fill the unknowns; notes which of them were asked for.

    INVARIANT: an answer hangs on no unknown that is not noted. So what is worked out once and kept
    is kept together with what it asked, which is noted again with every use.
    """

    __slots__ = ("_chosen", "_outer", "asked")

    def __init__(self, chosen: dict[str, Option] | None = None) -> None:
        self._chosen = chosen or {}
        self.asked: Asked = {}
        self._outer: list[Asked] = []  # what was asked before each `begin` without its `end`

    def choose(self, name: str, options: tuple[Option, ...]) -> Option:
        """The option taken for the unknown `name`; the first one unless told otherwise."""
        self.asked[name] = options
        return self._chosen.get(name, options[0])

    def peek(self, name: str, options: tuple[Option, ...]) -> Option:
        """The option taken for an unknown that is noted by whoever makes use of it."""
        return self._chosen.get(name, options[0])

    def begin(self) -> Asked:
        """Note apart what is asked from here on; gives what was asked before, for `end`."""
        before, self.asked = self.asked, {}
        self._outer.append(before)
        return before

    def end(self, before: Asked) -> Asked:
        """What was asked since `begin`; it counts as asked by whoever began, too."""
        since, self.asked = self.asked, before | self.asked
        self._outer.pop()
        return since

    def give_up(self) -> None:
        """Count everything as asked that was noted apart by work that came to no end."""
        while self._outer:
            self.asked = self._outer.pop() | self.asked

    def chosen(self, prefix: str) -> dict[str, str]:
        """What was chosen, other than the first option, for unknowns whose names begin so."""
        return {
            name.removeprefix(prefix): str(option)
            for name, option in self._chosen.items()
            if name.startswith(prefix)
        }

    def assume(self, name: str) -> bool:
        """Whether the assumption `name` holds in this filling."""
        return bool(self.choose(name, (False, True)))


# what a user is told about each assumption: (when it holds, when it does not)
ASSUMPTIONS: dict[str, str] = {
    "star-service": 'whether `{"AWS": "*"}` covers AWS services, which AWS does not document',
    "star-federated": 'whether `{"AWS": "*"}` covers federated callers, which AWS leaves open',
    "any-value-if-exists": "whether `ForAnyValue:…IfExists` passes when the key is absent,"
    " on which AWS's pages and reports differ",
    "arn-shape": "how AWS reads an ARN pattern that has not six fields",
    "bare-list": "how AWS compares a key of many values without `ForAnyValue` or `ForAllValues`",
    "empty-values": "how AWS reads a condition with an empty list of values",
    "same-key-twice": "how AWS reads one key written twice under the same operator",
    "not-principal": "what `NotPrincipal` means in a trust policy, where AWS does not support it",
    "foreign-provider": "whether an identity provider of another account can be used",
    "live-id": "whether the unique id still belongs to somebody",
    "unknown-operator": "what IAM would do with an operator it does not know",
    "mfa-session": "whether sessions of a role carry `aws:MultiFactorAuthPresent`,"
    " on which AWS's pages differ",
    "custom-subject": "whether the subject template of the provider was customised",
    "own account": "which account the role lives in (pass `--account`)",
    "own organisation": "which organisation the role's account is in (pass `--organization`)",
    "azp": "whether the token has an `azp`, which AWS then compares in place of its audience",
    "client-ids": "which client ids the provider lists in IAM",
    "source-sent": "whether the service says for whom it calls, which AWS does not document",
    "new-service": "whether AWS has a service of that name by now",
    "partition": "which AWS partition the role lives in",
}


def explain(name: str) -> str:
    """What an assumption is about, in words for a user."""
    if name in ASSUMPTIONS:
        return ASSUMPTIONS[name]
    kind, _, rest = name.partition(":")
    if kind == "hole":
        return f"the value of `{rest}`, which is not known before deployment"
    if kind == "carries":
        key, _, caller = rest.rpartition(":")
        return f"whether calls of {caller} carry `{key}`, which AWS does not document"
    return f"the value of `{rest}` on the role itself" if kind == "constant" else name

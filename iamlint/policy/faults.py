"""The closed table of grammar faults: what each code means, and how sure its refusal by IAM is."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.policy.document import Fault
from iamlint.policy.spelling import nearest
from iamlint.source import Span
from iamlint.typed import NamedTuple


class FaultKind(NamedTuple):
    """What one code stands for."""

    text: str
    certain: bool  # IAM is documented or measured to refuse this when a policy is saved
    source: str  # where that is known from: keys of the project's list of sources


_TABLE = (
    # The document as a whole.
    ("not-an-object", "the policy is not an object", True, "GR"),
    ("unknown-element", "an element that trust policies do not have", True, "GR"),
    ("wrong-type", "an element holds a kind of value that it cannot hold", True, "GR"),
    (
        "duplicate-key",
        "an object repeats a key; not verified: refused, or the last one kept",
        False,
        "GR",
    ),
    ("invalid-characters", "a character outside tab, LF, CR and U+0020 to U+00FF", True, "QT"),
    ("too-long", "over the largest quota: 8192 characters, white space not counted", True, "QT26"),
    ("invalid-version", "a `Version` that is neither 2012-10-17 nor 2008-10-17", True, "GR"),
    ("missing-statement", "the policy has no `Statement`", True, "GR"),
    ("empty-statement", "a `Statement` without content", True, "GR"),
    # One statement.
    ("invalid-sid", "a `Sid` with characters other than letters and digits", True, "SIDP"),
    ("duplicate-sid", "two statements have the same `Sid`", True, "SIDP"),
    ("missing-effect", "a statement without `Effect`", True, "GR"),
    ("invalid-effect", "an `Effect` that is neither `Allow` nor `Deny`", True, "GR"),
    ("prohibited-resource", "`Resource` or `NotResource` in a trust policy", True, "PC LS6644"),
    # Principals.
    ("missing-principal", "a statement without `Principal`", True, "GR"),
    (
        "empty-principal",
        "a `Principal` that names nobody; the refusal is not verified",
        False,
        "PC",
    ),
    ("both-principals", "`Principal` and `NotPrincipal` in one statement", True, "GR"),
    ("not-principal", "`NotPrincipal`; the sources disagree on its refusal", False, "PC NP"),
    ("invalid-principal-type", "a type that is not `AWS`, `Service` or `Federated`", True, "GR"),
    ("canonical-user", "a canonical user, which only S3 knows", True, "GR"),
    ("bare-star-principal", "`Principal` is the string `*`", True, "I5732 PC"),
    ("wildcard-in-principal", "a wildcard within the name of a principal", True, "P PC"),
    ("star-service", "every service as principal", True, "SIGMA"),
    ("star-federated", "every identity provider as principal", True, "PC"),
    ("malformed-account", "an account id that is not twelve digits", True, "P PC"),
    ("malformed-arn", "an ARN that no principal can have", True, "P PC"),
    ("unknown-partition", "an ARN of a partition that AWS does not have", True, "PC"),
    ("region-in-arn", "a region in an ARN of IAM or STS, which have none", True, "PC"),
    ("group-principal", "a user group, which is never a principal", True, "P"),
    ("session-missing", "the ARN of an assumed role without its session", True, "P"),
    ("wrong-principal-type", "a principal written under the type of another kind", True, "P PC"),
    ("not-a-principal", "an ARN or id of something that cannot call", True, "P"),
    ("invalid-principal", "text that is no account, ARN or id", True, "P"),
    ("invalid-service", "text that is not the name of a service principal", True, "PC"),
    (
        "invalid-federated",
        "text that is neither a domain nor the ARN of a provider",
        True,
        "PC I2594",
    ),
    (
        "unknown-provider-host",
        "a domain that is no built-in provider; not verified",
        False,
        "PC I2594",
    ),
    ("placeholder-principal", "a placeholder that nobody replaced", True, "P"),
    # Actions.
    ("missing-action", "a statement without an action", True, "GR"),
    ("both-actions", "`Action` and `NotAction` in one statement", True, "GR"),
    ("unknown-action", "an action that does not exist; the refusal is not verified", False, "PC"),
    (
        "not-an-assume-action",
        "an action trust policies do not decide; not verified",
        False,
        "PC MOTO",
    ),
    # Conditions.
    ("invalid-condition-shape", "not operator, then key, then values", True, "GR"),
    ("unknown-operator", "a condition operator that does not exist", True, "CO PC"),
    ("operator-case", "an operator in other letter case; the refusal is not verified", False, "CO"),
    ("null-with-if-exists", "`Null` with `IfExists`; the refusal is not verified", False, "PC"),
    (
        "null-with-quantifier",
        "`Null` with a set operator; the refusal is not verified",
        False,
        "PC",
    ),
    (
        "malformed-key",
        "a condition key without its prefix; the refusal is not verified",
        False,
        "PC MOTO",
    ),
    (
        "same-key-twice",
        "a key twice in one operator in other letter case; not verified",
        False,
        "PC",
    ),
    ("empty-values", "a key compared with no value; the refusal is not verified", False, "PC"),
    (
        "mismatched-value",
        "a value its operator cannot read; the refusal is not verified",
        False,
        "CO PC",
    ),
    ("bad-variable", "a policy variable that cannot be read; not verified", False, "VAR"),
    ("variable-not-allowed", "a variable where operators know none; not verified", False, "VAR CO"),
)
FAULTS = {code: FaultKind(text, certain, source) for code, text, certain, source in _TABLE}

_MOST_GUESSES = (
    100  # per policy: a guess takes up to a millisecond, and a hostile policy has many faults
)


class Faults:
    """Collects the faults of one policy."""

    __slots__ = ("_guesses_left", "found")

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self._guesses_left = _MOST_GUESSES

    def add(
        self, code: str, message: str, span: Span, help: str, subject: str, meant: str = ""
    ) -> None:
        self.found.append(Fault(code, message, span, help, subject, meant))

    def guess(self, word: str, choices: Iterable[str]) -> str:
        """The choice that a misspelt word was probably meant to be; empty when none is near."""
        if self._guesses_left == 0:
            return ""
        self._guesses_left -= 1
        return nearest(word, choices)

    def in_order(self) -> tuple[Fault, ...]:
        """All faults in the order of the text."""
        if len(self.found) < 2:
            return tuple(self.found)
        return tuple(sorted(self.found, key=_place))


def _place(fault: Fault) -> tuple[str, int, int, str]:
    span = fault.span
    return span.source.name, span.start, span.end, fault.code

"""Holds what a check says: findings, their places and fingerprints, and the report of them all."""

from __future__ import annotations

from iamlint.source import Problem, Span
from iamlint.typed import NamedTuple

try:
    # `hashlib` tries OpenSSL first, which costs ten times the import of the same function.
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b

SEVERITIES = ("info", "low", "medium", "high", "critical")


class Place(NamedTuple):
    """A part of a text that a person can go to."""

    span: Span  # in the outermost source
    label: str = ""
    later: bool = False  # of a value on its way: it comes here after it was at the finding's place


class Note(NamedTuple):
    """A rule that a finding speaks for as well."""

    rule: str
    message: str
    place: Place


class Change(NamedTuple):
    """A part of a file, and what to write in its place."""

    span: Span  # in the outermost source
    text: str


class Justification(NamedTuple):
    """Why a finding is ignored: what a person wrote beside the policy."""

    reason: str  # may be empty
    place: Place  # of the comment, the metadata or the role that says so
    until: str = ""  # the last day on which it counts, `2027-01-01`


class Finding(NamedTuple):
    """One defect."""

    rule: str
    title: str
    severity: str  # one of SEVERITIES
    certainty: str  # "certain" or "possible"
    message: str
    roles: tuple[str, ...]
    place: Place
    related: tuple[Place, ...] = ()
    witness: str | None = None  # one line about a request that gets in
    assumptions: tuple[str, ...] = ()  # what "possible" hangs on
    help: str = ""
    notes: tuple[Note, ...] = ()
    fingerprint: str = ""
    why: str = ""  # why the severity is not that of the rule
    # what surely ends the finding: nothing else is found then, and nobody gets in who did not
    edit: tuple[Change, ...] = ()
    justification: Justification | None = None  # why it is ignored, if it is
    fails: bool = False  # whether it makes the check end with status 1


class Known(NamedTuple):
    """A finding of before, by the name that it keeps, and what tells a person which it was."""

    fingerprint: str
    rule: str
    role: str
    path: str  # as `Files` names it
    message: str


class Summary(NamedTuple):
    """The numbers of a report."""

    # per severity, "certain", "possible", "failing", "blocking", "ignored", "known", "fixed"
    counts: dict[str, int]
    hidden: int = 0  # findings kept back: ignored, known, or below the level
    roles: int = 0
    files: int = 0
    skipped: int = 0  # files and folders that were passed over
    unresolved: int = 0  # values nobody can know before deployment
    problems: int = 0


class Report(NamedTuple):
    """The answer of a check, in the order in which it is shown."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    summary: Summary
    skipped: tuple[str, ...] = ()  # how many files and folders were passed over, and why
    unresolved: tuple[str, ...] = ()  # values nobody can know before deployment, and of which role
    ignored: tuple[Finding, ...] = ()  # each with its justification
    known: tuple[Finding, ...] = ()  # those that were there before
    fixed: tuple[Known, ...] = ()  # those of before that are not there any more


def severity_rank(severity: str) -> int:
    """Higher is worse."""
    return SEVERITIES.index(severity)


def fingerprint(rule: str, role_identity: str, node_text: str, ordinal: int) -> str:
    """Name a finding so that the name outlives moved lines, new formatting and upgrades.

    `node_text` is the judged part as written; `ordinal` tells equal parts of one role apart.
    """
    parts = (rule, role_identity, normalised(node_text), str(ordinal))
    # Each part carries its length, so that no two different tuples give the same bytes.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return "v1:" + digest(text)


def digest(text: str) -> str:
    """A name for a text that no other text has, in 32 hexadecimal digits."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def normalised(text: str) -> str:
    """Take the white space between the tokens of JSON text away; strings stay as they are."""
    kept = []
    inside = False
    for part in text.split('"'):
        kept.append(part if inside else "".join(part.split()))
        inside = not inside or _ends_escaped(part)
    return '"'.join(kept)


def _ends_escaped(part: str) -> bool:
    """Whether the quote that follows belongs to the string."""
    return (len(part) - len(part.rstrip("\\"))) % 2 == 1

"""Judge roles by rules: pair the nodes of each policy with the rules for them, and merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from iamlint.config import Config
from iamlint.facts.node import Estate, Node, Subject, Witness
from iamlint.facts.policy import PolicyNode
from iamlint.facts.truth import Truth
from iamlint.findings import Finding, Note, Place, fingerprint, severity_rank
from iamlint.formats.role import Role
from iamlint.policy.parse import parse_policy
from iamlint.rules.book import Rule, RuleBook
from iamlint.semantics.filling import Setting, explain
from iamlint.semantics.meaning import Meaning
from iamlint.semantics.strings import Strings
from iamlint.source import Problem, Span

# IAM takes trust policies of 2,048 characters, and of 4,096 where the quota was raised; white space
# is not counted. A text far beyond is no policy, and what it means could take hours to find out.
_MOST_CHARACTERS = 4 * 4096


class Hit(NamedTuple):
    """A rule that speaks about a node."""

    rule: Rule
    node: Node
    truth: Truth


class Judged(NamedTuple):
    """What one role gave."""

    findings: list[Finding]
    problems: list[Problem]


class Engine:
    """Judges roles one after the other; what it learns about strings serves all of them."""

    __slots__ = ("_book", "_config", "_estate", "_strings")

    def __init__(self, book: RuleBook, config: Config) -> None:
        self._book = book
        self._config = config
        organization = config.organizations[0] if len(config.organizations) == 1 else None
        self._estate = Estate(config.accounts, organization, frozenset(config.trusted_accounts))
        self._strings = Strings()

    def judge(self, role: Role) -> Judged:
        """All findings about a role, and what could not be decided about it."""
        size = _size(role.document.span)
        if size > _MOST_CHARACTERS:
            return Judged([], [_too_large(role, size)])
        policy = parse_policy(role.document)
        subject = Subject(
            Meaning(policy, self._setting(role), self._strings), _in_words(role), self._estate
        )
        hits, problems = self._hits(subject, role)
        ordinals: dict[tuple[str, str], int] = {}
        findings = [self._finding(hit, notes, role, ordinals) for hit, notes in _merged(hits)]
        return Judged(findings, problems)

    def _setting(self, role: Role) -> Setting:
        own = self._config.accounts
        account = role.account or (own[0] if len(own) == 1 else None)
        return Setting(account, role.partition, self._estate.organization)

    def _hits(self, subject: Subject, role: Role) -> tuple[list[Hit], list[Problem]]:
        hits: list[Hit] = []
        undecided: dict[str, Problem] = {}
        for node in PolicyNode(subject).every_node():
            for rule in self._book.of_node(node.kind):
                if not self._config.enables(rule.id):
                    continue
                truth = rule.when(node)
                if truth.state in ("yes", "possible"):
                    hits.append(Hit(rule, node, truth))
                elif truth.state == "undecided":
                    undecided.setdefault(rule.id, _undecided(rule, node, truth, role))
        return hits, list(undecided.values())

    def _finding(
        self, hit: Hit, notes: list[Hit], role: Role, ordinals: dict[tuple[str, str], int]
    ) -> Finding:
        rule, node, truth = hit
        span = node.point(rule.point)
        text = _statement_text(node, span)
        key = (rule.id, text)
        ordinals[key] = ordinals.get(key, -1) + 1
        shown = _witness(rule, node, truth)
        return Finding(
            rule=rule.id,
            title=rule.title,
            severity=rule.severity,
            certainty="certain" if truth.state == "yes" else "possible",
            message=rule.message(node),
            roles=(title_of(role),),
            place=Place(span.root()),
            witness=shown.text() if isinstance(shown, Witness) else None,
            assumptions=tuple(explain(name) for name in truth.assumptions)
            if truth.state == "possible"
            else (),
            help=_advice(rule, node),
            notes=tuple(
                Note(each.rule.id, each.rule.message(each.node), Place(_place(each).root()))
                for each in notes
            ),
            fingerprint=fingerprint(rule.id, role.identity, text, ordinals[key]),
        )


def title_of(role: Role) -> str:
    """What a role is called in lists: its ARN or name, else where it stands."""
    return role.identity


def _in_words(role: Role) -> str:
    """What a role is called in messages."""
    return f"`{role.identity}`" if role.name else f"the role in `{role.identity}`"


def _size(span: Span) -> int:
    """How many characters of a policy IAM counts."""
    if span.end - span.start <= _MOST_CHARACTERS:
        return span.end - span.start
    return sum(map(len, span.text.split()))


def _too_large(role: Role, size: int) -> Problem:
    return Problem(
        code="too-large",
        message=f"the trust policy of `{title_of(role)}` has {size:,} characters, of which IAM"
        " takes 4,096 at most: it was not judged",
        path=role.source.name,
        span=role.span.root()._replace(end=role.span.root().start + 1),
        help="no role can have it; look for what made it so long",
    )


def _place(hit: Hit) -> Span:
    return hit.node.point(hit.rule.point)


def _statement_text(node: Node, span: Span) -> str:
    """The node as written, which identifies a finding whatever surrounds it."""
    return node.point("self").text if node.kind != "grant" else span.text


def _witness(rule: Rule, node: Node, truth: Truth) -> object:
    """The witness of the fact the rule names; a rule about nobody getting in has none."""
    if not rule.witness:
        return None
    value: object = node
    for name in rule.witness.split("."):
        value = value.fact(name) if isinstance(value, Node) else None
    return value.witness if isinstance(value, Truth) else truth.witness


def _advice(rule: Rule, node: Node) -> str:
    """What to write instead: the fault's own advice where there is one, else the rule's fix."""
    if node.kind == "fault":
        advice = node.fact("advice")
        if isinstance(advice, str) and advice:
            return advice
    return rule.fix.strip()


def _undecided(rule: Rule, node: Node, truth: Truth, role: Role) -> Problem:
    reason = truth.assumptions[0] if truth.assumptions else "the question is too large"
    return Problem(
        code="undecided",
        message=f"could not decide `{rule.id}` for `{title_of(role)}`: {reason}",
        path=role.source.name,
        span=node.point(rule.point).root(),
        help="split the statement or use fewer wildcards; treat the role as unsafe until then",
    )


# one defect, one finding


def _merged(hits: list[Hit]) -> Iterator[tuple[Hit, list[Hit]]]:
    """Each hit that no other one speaks for, with those it speaks for as notes."""
    taken: dict[int, list[Hit]] = {}
    spoken: set[int] = set()
    order = sorted(range(len(hits)), key=lambda n: -severity_rank(hits[n].rule.severity))
    for place in order:
        if place in spoken:
            continue
        notes = [
            other
            for other in range(len(hits))
            if other != place and other not in spoken and _speaks_for(hits[place], hits[other])
        ]
        spoken.update(notes)
        # what a subsumed finding spoke for goes on with it
        taken[place] = [hit for other in notes for hit in (hits[other], *taken.pop(other, ()))]
    for place, notes_of in sorted(taken.items()):
        if place not in spoken:
            yield hits[place], notes_of


def _speaks_for(hit: Hit, other: Hit) -> bool:
    """Whether the other rule is a lesser view of the same defect: same statement, subsumed.

    NOTE: a certain finding is never hidden behind a merely possible one.
    """
    if other.rule.id not in hit.rule.subsumes:
        return False
    if hit.truth.state == "possible" and other.truth.state == "yes":
        return False
    return _overlaps(hit.node.point("self"), other.node.point("self"))


def _overlaps(one: Span, two: Span) -> bool:
    return one.source is two.source and one.start <= two.end and two.start <= one.end


def merge_equals(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with equal rule, place and message are one that lists all the roles."""
    merged: dict[tuple[str, str, int, int, str], Finding] = {}
    for finding in findings:
        span = finding.place.span
        key = (finding.rule, span.source.name, span.start, span.end, finding.message)
        known = merged.get(key)
        if known is None:
            merged[key] = finding
        else:
            roles = dict.fromkeys((*known.roles, *finding.roles))
            merged[key] = known._replace(roles=tuple(roles))
    return list(merged.values())

"""Puts what rules say about a policy into words about one of the roles that have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iamlint.facts.node import Node, Witness
from iamlint.facts.truth import Truth
from iamlint.findings import Finding, Note, Place, fingerprint
from iamlint.formats.role import Role
from iamlint.rules.book import Rule
from iamlint.semantics.filling import explain
from iamlint.source import Problem, Span
from iamlint.typed import NamedTuple


class Hit(NamedTuple):
    """A rule that speaks about a node."""

    rule: Rule
    node: Node
    truth: Truth


class Telling:
    """Tells what was found in a policy of a role that has one which says the very same.

    `places`: for the nodes of the policy that was judged those of the role's; without where the
    role's policy is that one.
    """

    __slots__ = ("_hits", "_identity", "_ordinals", "_places", "_role", "_severities")

    def __init__(
        self,
        role: Role,
        places: dict[Node, Node],
        hits: tuple[Hit, ...],
        severities: Mapping[str, str] = {},
        identity: str = "",
    ) -> None:
        self._role = role
        self._identity = identity or role.identity  # that it is known by from check to check
        self._places = places
        self._severities = severities  # by id of a rule: the user's word
        self._hits = hits  # all that there is to be told, in their order
        self._ordinals: dict[int, int] = {}  # of hits by identity, once they are asked for

    def finding(self, hit: Hit, notes: list[Hit]) -> Finding:
        """What a rule says about the role; `notes` are the rules it speaks for as well."""
        rule, node, truth = hit
        here = self._places.get(node, node)
        span = here.point(rule.point)
        shown = _witness(rule, node, truth)
        severity, why = self._severity(rule, node, shown)
        told = node.subject.meaning.told
        return Finding(
            rule=rule.id,
            title=rule.title,
            severity=severity,
            why=why,
            certainty="certain" if truth.state == "yes" else "possible",
            message=self._message(hit),
            roles=(self._role.identity,),
            place=Place(self.place(hit)),
            related=tuple(self._related(span)),
            witness=told(shown.text()) if isinstance(shown, Witness) else None,
            assumptions=tuple(explain(name) for name in truth.assumptions)
            if truth.state == "possible"
            else (),
            help=told(_advice(rule, node)),
            notes=tuple(
                Note(each.rule.id, self._message(each), Place(self.place(each))) for each in notes
            ),
            fingerprint=self._fingerprint(hit),
        )

    def _severity(self, rule: Rule, node: Node, shown: object) -> tuple[str, str]:
        """How bad it is about this role, and why that is not what the rule says."""
        said = self._severities.get(rule.id)
        if said is not None:
            same = said == rule.severity
            return said, "" if same else f"{rule.severity} by its rule; your configuration says so"
        if not self._role.policies or not isinstance(shown, Witness):
            return rule.severity, ""
        from iamlint.severity import moved  # noqa: PLC0415 - few roles tell what they may do

        return moved(rule.severity, _exposure(node, shown), self._role)

    def undecided(self, hit: Hit) -> Problem:
        """What to say of a question that was too much."""
        rule, truth = hit.rule, hit.truth
        reason = truth.assumptions[0] if truth.assumptions else "the question is too large"
        return Problem(
            code="undecided",
            message=f"could not decide `{rule.id}` for `{self._role.identity}`: {reason}",
            path=self._role.source.name,
            span=self.place(hit),
            help="split the statement or use fewer wildcards; treat the role as unsafe until then",
        )

    def _message(self, hit: Hit) -> str:
        message = hit.rule.message(_Told(hit.node, in_words(self._role)))
        return hit.node.subject.meaning.told(message)

    def _fingerprint(self, hit: Hit) -> str:
        """The name of a finding; of equal ones, by the order of all hits, whoever speaks for them.

        So neither an ignore nor a rule that was left out renames what is beside it.
        """
        if not self._ordinals:
            seen: dict[tuple[str, str], int] = {}
            for each in self._hits:
                key = (each.rule.id, self._text(each))
                seen[key] = seen.get(key, -1) + 1
                self._ordinals[id(each)] = seen[key]
        return fingerprint(hit.rule.id, self._identity, self._text(hit), self._ordinals[id(hit)])

    def _text(self, hit: Hit) -> str:
        """The node as written, which identifies a finding whatever surrounds it.

        Which character stands for a hole is due to what else was read, and its name is not.
        """
        from iamlint.spelling import spelled  # noqa: PLC0415 - most policies have no finding

        here = self._places.get(hit.node, hit.node)
        text = spelled(here.point(hit.rule.point if here.kind == "grant" else "self"))
        holes = self._role.holes
        if text.isascii() or not holes:
            return text
        return "".join(f"${{{holes[char].name}}}" if char in holes else char for char in text)

    def place(self, hit: Hit) -> Span:
        """Where a rule points to in the role's own document."""
        return self._places.get(hit.node, hit.node).point(hit.rule.point).root()

    def _related(self, span: Span) -> Iterator[Place]:
        """For a value that travelled: the other end of its way."""
        shown = span.root()
        for way in self._role.ways:
            if shown.within(way.origin.placed()):
                yield Place(way.use.root(), f"used here, through {way.name}", later=True)
            elif way.use.root().within(shown):
                yield Place(way.origin.root(), f"the value of {way.name}")


def _exposure(node: Node, shown: Witness) -> str:
    """From where the caller comes that gets in."""
    request = shown.request()
    if request.kind == "service":
        return "service"
    if request.kind not in ("user", "session"):
        return "outside"
    account = request.identity.split(":")[4:5]
    own = {node.subject.setting.account, *node.subject.estate.accounts}
    return "home" if account and account[0] in own else "outside"


class _Told:
    """A node as it is for another role: only the name of the role differs."""

    __slots__ = ("_node", "_role")

    def __init__(self, node: Node, role: str) -> None:
        self._node = node
        self._role = role

    def fact(self, name: str) -> object:
        if name == "role":
            return self._role
        value = self._node.fact(name)
        return _Told(value, self._role) if isinstance(value, Node) else value


def in_words(role: Role) -> str:
    """What a role is called in messages."""
    if role.identity.startswith(role.source.name):
        return f"the role in `{role.identity}`"
    # what a construct of CDK is called says more than the logical id that was made for it
    return f"`{role.identity}`" + (f" (`{role.construct}`)" if role.construct else "")


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

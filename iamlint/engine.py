"""Judge roles by rules: pair the nodes of each policy with the rules for them, and merge."""

from __future__ import annotations

from collections.abc import Callable

from iamlint.config import Config
from iamlint.facts.guard import GuardNode
from iamlint.facts.node import Estate, Node, Subject
from iamlint.facts.policy import PolicyNode
from iamlint.findings import Finding, Justification, severity_rank
from iamlint.formats.role import Role, Variant
from iamlint.ignores.beside import Ignores
from iamlint.localities import Terms
from iamlint.merging import merged
from iamlint.policy.parse import parse_policy
from iamlint.rules.book import Edit, Rule, RuleBook
from iamlint.semantics.filling import Setting
from iamlint.semantics.meaning import Meaning
from iamlint.semantics.strings import Strings
from iamlint.source import Problem, Source
from iamlint.syntax.value import Value, content, text_size
from iamlint.telling import Hit, Telling, in_words
from iamlint.typed import NamedTuple

# IAM takes trust policies of 2,048 characters, and of 8,192 where the quota was raised; white space
# is not counted. A text far beyond is no policy, and what it means could take hours to find out.
_MOST_CHARACTERS = 2 * 8192
NO_TERMS = Terms()
_MOST_VERDICTS = 512  # kept for roles with the same policy
_SMALL = 16_384  # code points of a text that costs little to hold
_MOST_OLD = 4  # larger ones, other than those that are current


class Verdict(NamedTuple):
    """What the rules say of a policy, whosever it is."""

    document: Value  # that was read
    nodes: tuple[Node, ...]  # of it, in their order
    hits: tuple[Hit, ...]
    spoken: tuple[tuple[Hit, list[Hit]], ...]  # each with what it speaks for as well
    undecided: tuple[Hit, ...]
    edits: tuple[Edit | None, ...] = ()  # for each that speaks, if they were asked for


class Judged(NamedTuple):
    """What one role gave."""

    findings: list[Finding]
    problems: list[Problem]
    ignored: list[Finding]  # each with its justification


class Engine:
    """Judges roles one after the other; what it learns from one serves the others."""

    __slots__ = ("_book", "_config", "_enabled", "_estate", "_strings", "_verdicts")

    def __init__(self, book: RuleBook, config: Config) -> None:
        self._book = book
        self._config = config
        self._enabled: dict[tuple[str, frozenset[str]], list[Rule]] = {}
        self._estate = estate_of(config)
        self._strings = Strings()
        self._verdicts: dict[tuple[object, ...], Verdict] = {}

    def forget(self, is_current: Callable[[Source], bool]) -> None:
        """Lets go of most of what was judged in texts that are not current: it holds all of them.

        NOTE: a policy that did not change was judged in the text that it stood in at that time.
        """
        old: set[Source] = set()
        for key, verdict in reversed(self._verdicts.copy().items()):
            source = verdict.document.span.root().source
            if len(source.text) <= _SMALL or source in old or is_current(source):
                continue
            if len(old) < _MOST_OLD:
                old.add(source)
            else:
                del self._verdicts[key]

    def judge(self, role: Role, terms: Terms = NO_TERMS, ignores: Ignores | None = None) -> Judged:
        """All findings about a role, those that are ignored apart, and what was not decided."""
        judged = [self._judge(role, variant, terms, ignores) for variant in role.variants]
        if len(judged) == 1 and not role.variants[0].missing:
            return judged[0]
        return Judged(
            self._together(role, [each.findings for each in judged]),
            list(dict.fromkeys(problem for each in judged for problem in each.problems)),
            self._together(role, [each.ignored for each in judged]),
        )

    def _together(self, role: Role, found: list[list[Finding]]) -> list[Finding]:
        """What was found in the variants of a role, as found in the role."""
        from iamlint.variants import together  # noqa: PLC0415 - only templates have several

        merged = together(role.variants, found)
        return [each for each in merged if each.certainty == "certain" or not self._is_fault(each)]

    def _is_fault(self, finding: Finding) -> bool:
        """Whether it is about grammar: of a policy that is not known whole that is no news."""
        rule = self._book.get(finding.rule)
        return rule is not None and rule.node == "fault"

    def _judge(self, role: Role, variant: Variant, terms: Terms, ignores: Ignores | None) -> Judged:
        """What the rules say of one way in which the role's trust policy may come out."""
        size = _size(variant.document, role.plain)
        if size > _MOST_CHARACTERS:
            return Judged([], [_too_large(role, size)], [])
        verdict = self._verdict(role, variant, terms)
        if not verdict.hits and not verdict.undecided:
            return Judged([], [], [])
        places = self._places(role, variant, verdict, terms)
        telling = Telling(role, places, verdict.hits, terms.severities, self._identity(role))
        ignored: list[Finding] = []
        if ignores is not None:
            left, ignored = _sifted(role, verdict, telling, ignores)
            if ignored:
                verdict = verdict._replace(spoken=tuple(merged(left)))
                verdict = self._with_edits(role, variant, verdict, terms)
        findings = [telling.finding(hit, notes) for hit, notes in verdict.spoken]
        if any(verdict.edits):
            from iamlint.mending.certain import with_edits  # noqa: PLC0415 - seldom asked for

            findings = with_edits(findings, verdict.spoken, verdict.edits, variant.document, places)
        pairs = zip(findings, verdict.spoken, strict=True)
        findings = [each for each, said in pairs if not _is_of_a_module(said, places)]
        return Judged(findings, [telling.undecided(hit) for hit in verdict.undecided], ignored)

    def policy(self, role: Role, variant: Variant, terms: Terms) -> PolicyNode | None:
        """The nodes that rules would judge; None where it is too large to be judged."""
        if _size(variant.document, role.plain) > _MOST_CHARACTERS:
            return None
        return PolicyNode(self._subject(role, variant.document, terms))

    def _verdict(self, role: Role, variant: Variant, terms: Terms) -> Verdict:
        """What the rules say of the policy; equal ones of roles in one account mean the same."""
        setting, called = self._setting(role, terms), self._called(role)
        is_mended = self._is_mended(role, variant)
        asked = (terms.ignore, *(sorted(terms.severities.items()) if is_mended else ()))
        how = (is_mended, bool(variant.missing))
        key = (_text(variant.document, role), setting, asked, how, called)
        verdict = self._verdicts.pop(key, None)
        if verdict is None:
            verdict = self._judged(role, variant, terms)
            verdict = self._with_edits(role, variant, verdict, terms)
            if len(self._verdicts) >= _MOST_VERDICTS:
                del self._verdicts[next(iter(self._verdicts))]
        self._verdicts[key] = verdict  # the last one used is the last one dropped
        return verdict

    def _with_edits(self, role: Role, variant: Variant, verdict: Verdict, terms: Terms) -> Verdict:
        """The verdict with what would end what was found, where that was asked for."""
        if self._is_mended(role, variant):
            return self._edited(role, verdict, terms)
        return verdict

    def _is_mended(self, role: Role, variant: Variant) -> bool:
        """Whether edits were asked for, and all of the policy is known that they would change."""
        return self._config.edits and len(role.variants) == 1 and not variant.missing

    def _edited(self, role: Role, verdict: Verdict, terms: Terms) -> Verdict:
        """The verdict with what would end what was found."""
        from iamlint.mending.certain import Judged as Said  # noqa: PLC0415 - seldom asked for
        from iamlint.mending.certain import Prover  # noqa: PLC0415 - as above

        def said(verdict: Verdict) -> Said:
            return Said(verdict.hits, verdict.undecided)

        def judge(document: Value) -> Said:
            return said(self._judged(role, Variant(document), terms))

        def mean(document: Value) -> Meaning:
            return self._meaning(role, document, self._setting(role, terms))

        prover = Prover(verdict.document, said(verdict), judge, mean, len(verdict.nodes))
        least = severity_rank(self._config.level)
        shown = [hit if _most(hit, terms) >= least else None for hit, _ in verdict.spoken]
        return verdict._replace(edits=prover.edits(shown))

    def _judged(self, role: Role, variant: Variant, terms: Terms) -> Verdict:
        policy = PolicyNode(self._subject(role, variant.document, terms))
        if variant.missing and not policy.subject.policy.statements:
            return Verdict(variant.document, (), (), (), ())  # nothing is known of what it says
        nodes = tuple(policy.every_node())
        hits, undecided = self._hits(nodes, terms)
        return Verdict(variant.document, nodes, tuple(hits), tuple(merged(hits)), undecided)

    def _places(
        self, role: Role, variant: Variant, verdict: Verdict, terms: Terms
    ) -> dict[Node, Node]:
        """For the nodes of a verdict those of the role's own document, which has places of its own.

        INVARIANT: equal policies have the same nodes in the same order.
        """
        if variant.document is verdict.document:
            return {}
        own = PolicyNode(self._subject(role, variant.document, terms)).every_node()
        return dict(zip(verdict.nodes, own, strict=True))

    def _subject(self, role: Role, document: Value, terms: Terms) -> Subject:
        meaning = self._meaning(role, document, self._setting(role, terms))
        return Subject(meaning, in_words(role), self._estate, self._called(role))

    def _identity(self, role: Role) -> str:
        """What a role is known by: its address or name; of one without them, where its file is.

        That is told from the top of the repository, from wherever the check was started.
        """
        name, config = role.source.name, self._config
        if not config.home or not role.identity.startswith(name):
            return role.identity
        from posixpath import join, normpath, relpath  # noqa: PLC0415 - loaded with `os`

        place = relpath(normpath(join(config.here, name)), config.home)
        return place + role.identity.removeprefix(name)

    def _called(self, role: Role) -> str:
        """The vendors of the estate that the role says it is for: by its name or its tags."""
        vendors = self._estate.vendors
        if not vendors:
            return ""
        words = (role.name or "", *(text for tag in role.tags for text in tag))
        bare = "".join(char for char in " ".join(words).casefold() if char.isalnum())
        names = sorted(vendors)
        return " ".join(each for each in names if "".join(filter(str.isalnum, each)) in bare)

    def _meaning(self, role: Role, document: Value, setting: Setting) -> Meaning:
        if not role.holes:
            return Meaning(parse_policy(document), setting, self._strings)
        from iamlint.policy.holes import OpenDocument  # noqa: PLC0415 - only templates have holes
        from iamlint.semantics.readings import OpenPolicy  # noqa: PLC0415

        readings = OpenPolicy(OpenDocument(document, role.holes), setting)
        return Meaning(readings.first, setting, self._strings, readings)

    def _setting(self, role: Role, terms: Terms) -> Setting:
        own = self._config.accounts
        account = role.account or terms.account or (own[0] if len(own) == 1 else None)
        return Setting(account, role.partition, self._estate.organization, self._config.now)

    def _rules(self, kind: str, terms: Terms) -> list[Rule]:
        """The rules for a kind of node that were asked for."""
        found = self._enabled.get((kind, terms.ignore))
        if found is None:
            found = self._enabled[kind, terms.ignore] = [
                rule
                for rule in self._book.of_node(kind)
                if rule.id not in terms.ignore and self._config.enables(rule.id)
            ]
        return found

    def _hits(self, nodes: tuple[Node, ...], terms: Terms) -> tuple[list[Hit], tuple[Hit, ...]]:
        """The rules that speak, and of each that could not be decided the first node."""
        hits: list[Hit] = []
        undecided: dict[str, Hit] = {}
        for node in nodes:
            for rule in self._rules(node.kind, terms):
                truth = rule.when(node)
                if truth.state in ("yes", "possible"):
                    hits.append(Hit(rule, node, truth))
                elif truth.state == "undecided":
                    undecided.setdefault(rule.id, Hit(rule, node, truth))
        return hits, tuple(undecided.values())


def estate_of(config: Config) -> Estate:
    """What the settings tell of the surroundings of the policies."""
    return Estate(
        config.accounts,
        config.organizations[0] if len(config.organizations) == 1 else None,
        frozenset(config.trusted_accounts),
        config.names,
        config.environments,
        frozenset(name.casefold() for name in config.vendors),
        config.tenants,
        config.issuers,
    )


def _text(document: Value, role: Role) -> object:
    """What a policy says, wherever it stands: equal for policies that cannot be told apart."""
    if role.plain:
        return document.span.text
    return content(document), tuple(role.holes.items())


def _size(document: Value, plain: bool) -> int:
    """How many characters of a policy IAM counts; of one put together those of its strings."""
    span = document.span
    if not plain:
        return text_size(document)
    if span.end - span.start <= _MOST_CHARACTERS:
        return span.end - span.start
    return sum(map(len, span.text.split()))


def _is_of_a_module(said: tuple[Hit, list[Hit]], places: dict[Node, Node]) -> bool:
    """Whether all of it is a slight blemish of a guard that a public module wrote.

    Whoever calls the module cannot mend that, and nobody gets in by it.
    """
    hit, notes = said
    return all(
        isinstance(guard := places.get(each.node, each.node), GuardNode)
        and not each.rule.witness
        and severity_rank(each.rule.severity) <= severity_rank("low")
        and not guard.is_written()
        for each in (hit, *notes)
    )


def _most(hit: Hit, terms: Terms) -> int:
    """The rank of the highest severity that a finding about any role may have."""
    rule = hit.rule
    said = terms.severities.get(rule.id)
    return severity_rank(said or rule.severity) + bool(not said and rule.witness)


def _too_large(role: Role, size: int) -> Problem:
    return Problem(
        code="too-large",
        message=f"the trust policy of `{role.identity}` has {size:,} characters, of which IAM"
        " takes 8,192 at most: it was not judged",
        path=role.source.name,
        span=role.span.root()._replace(end=role.span.root().start + 1),
        help="no role can have it; look for what made it so long",
    )


def _sifted(
    role: Role, verdict: Verdict, telling: Telling, ignores: Ignores
) -> tuple[list[Hit], list[Finding]]:
    """The hits that nobody ignores, and what is ignored as findings of their own.

    NOTE: what an ignored rule would have spoken for speaks for itself.
    """
    left: list[Hit] = []
    hidden: dict[int, Justification] = {}
    for hit in verdict.hits:
        why = ignores.hides(role, hit.rule.id, telling.place(hit))
        if why is None:
            left.append(hit)
        else:
            hidden[id(hit)] = why
    for hit in verdict.undecided:  # whether it hides something is not known
        ignores.hides(role, hit.rule.id, telling.place(hit))
    if not hidden:
        return left, []
    kept_back = merged([hit for hit in verdict.hits if id(hit) in hidden])
    return left, [
        telling.finding(hit, notes)._replace(justification=hidden[id(hit)])
        for hit, notes in kept_back
    ]

"""Proves edits: after one its finding is gone, nothing worse than a note is found instead.

And nobody gets in who did not before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from iamlint.facts.node import Node
from iamlint.findings import Finding, severity_rank
from iamlint.mending.edit import both, mended
from iamlint.rules.book import Edit
from iamlint.semantics.growth import grown
from iamlint.semantics.meaning import Meaning
from iamlint.source import Span
from iamlint.syntax.value import Value
from iamlint.telling import Hit
from iamlint.typed import NamedTuple

_MOST_EDITS = 50  # of one policy: each of them is judged anew
_MOST_NODES = 2_000  # of all that is judged for the edits of one policy


class Judged(NamedTuple):
    """What rules say of a document: what they found, and what they could not decide."""

    found: tuple[Hit, ...]
    undecided: tuple[Hit, ...]


class Prover:
    """Proves edits of one document of a role.

    `judge`: what the rules say of another document in its place; `mean`: what that one means;
    `nodes`: how many of them the document has. Of a large one few edits are proved, those of the
    worst findings; the others are left out.
    """

    __slots__ = ("_before", "_document", "_judge", "_left", "_mean")

    def __init__(
        self,
        document: Value,
        before: Judged,
        judge: Callable[[Value], Judged],
        mean: Callable[[Value], Meaning],
        nodes: int,
    ) -> None:
        self._document = document
        self._before = before
        self._judge = judge
        self._mean = mean
        self._left = min(_MOST_EDITS, _MOST_NODES // max(nodes, 1))

    def edits(self, hits: Sequence[Hit | None]) -> tuple[Edit | None, ...]:
        """For each of them what surely ends it, where that is known; None: nobody asks."""
        found: list[Edit | None] = [None] * len(hits)
        asked = [(place, hit) for place, hit in enumerate(hits) if hit is not None]
        for place, hit in sorted(asked, key=lambda each: -severity_rank(each[1].rule.severity)):
            found[place] = self._edit(hit)
        return tuple(found)

    def _edit(self, hit: Hit) -> Edit | None:
        """What surely ends what was found, if the rule knows."""
        if hit.truth.state != "yes" or not hit.rule.edit_kind or not self._left:
            return None
        edit = hit.rule.edit(hit.node)
        made = mended(self._document, hit.node, edit) if edit else None
        if made is None:
            return None
        self._left -= 1
        # what it lets in is one question, what is found in it are many
        proved = self._shrinks(made.document) and self._ends(hit, self._judge(made.document))
        return edit if proved else None

    def _ends(self, hit: Hit, after: Judged) -> bool:
        """Whether what was found is gone, and nothing else there that was not, notes aside."""
        gone, notes = _key(hit), severity_rank(hit.rule.severity) > 0
        was, now = Counter(map(_key, self._before.found)), Counter(map(_key, after.found))
        # what is left of a defect may well be worth a note, such as that an organisation enters
        new = [each for each in after.found if now[_key(each)] > was[_key(each)]]
        worse = [each for each in new if severity_rank(each.rule.severity) > 0 or not notes]
        open_ = Counter(map(_key, after.undecided)) - Counter(map(_key, self._before.undecided))
        return now[gone] < was[gone] and not worse and not open_

    def _shrinks(self, document: Value) -> bool:
        """Whether every call that the document admits was admitted before."""
        together = both(self._document, document)
        if together is None:
            return False
        before = len(self._mean(self._document).studied.policy.statements)
        return self._mean(together).ask(grown(before)).state == "no"


def _key(hit: Hit) -> tuple[str, Span]:
    """A rule and the statement it speaks about: what is underlined in it may be another part."""
    return hit.rule.id, hit.node.home()


def with_edits(
    findings: Sequence[Finding],
    spoken: Sequence[tuple[Hit, list[Hit]]],
    edits: Sequence[Edit | None],
    document: Value,
    places: Mapping[Node, Node],
) -> list[Finding]:
    """Findings with what to write in the file, where that can be said of one place in it.

    `places`: for the nodes that were judged those of `document`, where it is another one.
    """
    whole = document.span.root()
    found: list[Finding] = []
    for finding, (hit, _), edit in zip(findings, spoken, edits, strict=True):
        node = places.get(hit.node, hit.node)
        made = mended(document, node, edit) if edit else None
        change = made.change if made else None
        inside = change is not None and change.span.within(whole)
        found.append(finding._replace(edit=(change,)) if inside and change else finding)
    return found

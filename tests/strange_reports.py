"""Reports in which every text is a stranger's."""

from __future__ import annotations

from hypothesis import strategies as st

from iamlint.config import Config
from iamlint.findings import Change, Finding, Justification, Known, Note, Place, Report
from iamlint.source import Problem, Source, Span
from iamlint.triage import Counts, Kept, triage

# Everything a policy may hold: controls, escapes, overrides, halves of pairs, wide and combining.
nasty = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from(
            '\t\r\n\x1b\x9b\x00\x7f\u202e\u2028\u200d\ud83d\ude80界\u0301é"\\🚀 a{}[]()'
        ),
    ),
    max_size=40,
)


def reports() -> st.SearchStrategy[Report]:
    """Reports in which every text is a stranger's."""

    @st.composite
    def spans(draw: st.DrawFn) -> Span:
        text = draw(nasty)
        start = draw(st.integers(0, len(text)))
        return Span(Source(draw(nasty), text), start, draw(st.integers(start, len(text))))

    places = st.builds(Place, spans(), nasty, st.booleans())
    notes = st.builds(Note, nasty, nasty, places)
    findings = st.builds(
        Finding,
        rule=nasty,
        title=nasty,
        severity=st.sampled_from(["info", "low", "medium", "high", "critical"]),
        certainty=st.sampled_from(["certain", "possible"]),
        message=nasty,
        roles=st.lists(nasty, max_size=3).map(tuple),
        place=places,
        related=st.lists(places, max_size=2).map(tuple),
        witness=st.none() | nasty,
        assumptions=st.lists(nasty, max_size=2).map(tuple),
        help=nasty,
        notes=st.lists(notes, max_size=2).map(tuple),
        fingerprint=nasty,
        edit=st.lists(st.builds(Change, spans(), nasty), max_size=2).map(tuple),
    )
    whys = st.builds(Justification, nasty, places, nasty)
    ignored = st.builds(lambda found, why: found._replace(justification=why), findings, whys)
    fixed = st.builds(Known, nasty, nasty, nasty, nasty, nasty)
    problems = st.builds(
        Problem, nasty, nasty, nasty, st.none() | spans(), st.none() | nasty, st.booleans()
    )
    return st.builds(
        lambda found, said, word, *kept: triage(
            found,
            said,
            Config(level="info"),
            Counts(1, 2, (word,), {"x": 4}),
            Kept(*map(tuple, kept)),
        ),
        st.lists(findings, max_size=3),
        st.lists(problems, max_size=2),
        nasty,
        st.lists(ignored, max_size=1),
        st.lists(findings, max_size=1),
        st.lists(fixed, max_size=1),
    )

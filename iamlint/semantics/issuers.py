"""The identity providers of `iamlint.data.issuers`, ready to use: subjects, claims, tenants."""

from __future__ import annotations

from functools import cache, lru_cache

from iamlint.data.issuers import CHARACTERS, ISSUERS, Form, Issuer
from iamlint.semantics.glob import ANY, STAR, Chars, Pattern
from iamlint.semantics.shapes import TEXT, Shape
from iamlint.semantics.slots import ABSENT, Slot, slot_of
from iamlint.semantics.strings import Language
from iamlint.semantics.template import Layout, Part, Piece, pattern_of, write

_STANDARD = ("amr", "email", "oaud")
_MOST_SLOTS = 64  # kept of one subject
_REST = Part("…", ANY, least=0)
BUILTIN = frozenset(issuer.host for issuer in ISSUERS if issuer.builtin)


class Subject:
    """A web identity of one provider in one form of its subject.

    `url` is the provider's URL without scheme, lower case: the prefix of its condition keys.
    """

    __slots__ = (
        "_slots", "claims", "custom", "issuer", "layout", "opaque", "patterns", "run", "url",
        "without",
    )  # fmt: skip

    def __init__(
        self,
        url: str,
        issuer: Issuer | None,
        layout: Layout = (),
        patterns: tuple[Pattern, ...] = (),
        claims: tuple[tuple[str, Layout | None], ...] = (),
        without: tuple[Pattern, ...] = (),
        kind: tuple[bool, str, bool] = (False, "", False),
    ) -> None:
        self.url = url
        self.issuer = issuer
        self.layout = layout
        self.patterns = patterns
        self.claims = claims
        self.without = without
        self.custom, self.run, self.opaque = kind
        self._slots: dict[str, Slot] = {}  # one subject serves many policies

    def slot(self, key: str) -> Slot:
        """How a key of this provider (or of another one) gets its value."""
        claim = self.claim_of(key)
        if claim is None:
            return ABSENT
        found = self._slots.get(key)
        if found is None:
            if len(self._slots) >= _MOST_SLOTS:
                self._slots.clear()
            found = self._slots[key] = self._slot(claim)
        return found

    def _slot(self, claim: str) -> Slot:
        if self.issuer and not self.issuer.forms and claim not in self.issuer.claims:
            return ABSENT
        if claim == "sub":
            return self.subject()
        if claim == "aud":
            sample = self.issuer.audience if self.issuer else "sts.amazonaws.com"
            return slot_of(f"{self.url}:aud", Shape("string", TEXT.layout, (sample,)), "always")
        for name, view in self.claims:
            if name == claim:
                return ABSENT if view is None else self.subject()._replace(view=view)
        return self._free(f"{self.url}:{claim}", claim)

    def claim_of(self, key: str) -> str | None:
        """The claim of this provider that a key names."""
        for prefix in (self.url, *(self.issuer.aliases if self.issuer else ())):
            if key.startswith(prefix + ":"):
                return key[len(prefix) + 1 :]
        return None

    def subject(self) -> Slot:
        """The slot of `:sub`."""
        found = self._slots.get("")
        if found is None:
            found = self._slots[""] = self._subject()
        return found

    def _subject(self) -> Slot:
        base = [Language(True, self.patterns)] if self.patterns else list(TEXT.base())
        if self.without:
            base.append(Language(False, self.without))
        layout = self.layout or TEXT.layout
        return slot_of("subject", TEXT, "always")._replace(
            layout=layout, base=tuple(base), samples=self.samples()
        )

    def samples(self) -> tuple[str, ...]:
        """Subjects to show when nothing bounds them."""
        if self.issuer is None or not self.issuer.forms:
            return ("x",)
        parts = {name: sample for name, _, sample in self.issuer.parts}
        form = next((f for f in self.issuer.forms if f.custom == self.custom), None)
        return (write(parts, layout_of(form.subject, self.issuer)),) if form else ()

    def _free(self, key: str, claim: str) -> Slot:
        extra = self.issuer.claims if self.issuer else ()
        if claim not in _STANDARD and claim not in extra:
            return ABSENT
        many = claim == "amr"
        samples = ("authenticated",) if many else ("90210003",)
        # the built-in providers without a subject put their own claims in every token
        always = self.issuer and self.issuer.builtin and not self.issuer.forms and claim in extra
        presence = "always" if always else "some"
        return slot_of(key, Shape("string", TEXT.layout, samples), presence, many)


@lru_cache(maxsize=64)
def issuer_of(url: str) -> Issuer | None:
    """The row for a provider URL without scheme (any case), if it is a known provider."""
    parts = url.lower().split("/")
    return _among(ISSUERS, parts) or _among_others(parts)


def _among_others(parts: list[str]) -> Issuer | None:
    from iamlint.data.other_issuers import ISSUERS as OTHERS  # noqa: PLC0415 - seldom needed

    return _among(OTHERS, parts)


def _among(issuers: tuple[Issuer, ...], parts: list[str]) -> Issuer | None:
    for issuer in issuers:
        wanted = issuer.host.split("/")
        if len(wanted) == len(parts) and all(map(_fits, wanted, parts)):
            return issuer
    return None


def _fits(wanted: str, part: str) -> bool:
    """Whether a part of a URL is the wanted one, in which `*` stands for one character or more."""
    start, star, end = wanted.partition("*")
    if not star:
        return part == wanted
    return len(part) > len(start) + len(end) and part.startswith(start) and part.endswith(end)


def subjects(url: str, mentioned: frozenset[str], custom: bool) -> list[Subject]:
    """The forms in which a provider's web identities come, as coarse as `mentioned` keys allow.

    Forms that differ only in claims nobody mentions are taken together. `custom`: also those of
    customised subject templates.
    """
    lower = url.lower()
    issuer = issuer_of(url)
    if issuer is None or not issuer.forms:
        return [Subject(lower, issuer)]
    prefix = lower + ":"
    claims = frozenset(key[len(prefix) :] for key in mentioned if key.startswith(prefix))
    return list(_subjects(lower, issuer, claims, custom))


@lru_cache(maxsize=64)
def subjects_apart(url: str) -> tuple[Subject, ...]:
    """The default forms of a provider's subjects, each on its own; one without form if unknown."""
    issuer = issuer_of(url)
    forms = [form for form in issuer.forms if not form.custom] if issuer else []
    if issuer is None or not forms:
        return (Subject(url.lower(), issuer),)
    return tuple(_alone(url.lower(), issuer, form) for form in forms)


@lru_cache(maxsize=64)
def _subjects(
    url: str, issuer: Issuer, claims: frozenset[str], custom: bool
) -> tuple[Subject, ...]:
    found: list[Subject] = []
    for group in _groups([form for form in issuer.forms if custom or not form.custom], issuer):
        alone = [_alone(url, issuer, form) for form in group]
        together = None if _varies(group, claims) else _together(url, issuer, alone)
        found.extend([together] if together is not None else alone)
    return tuple(found)


def _groups(forms: list[Form], issuer: Issuer) -> list[list[Form]]:
    """Forms that begin with the same parts stand together."""
    groups: dict[tuple[object, ...], list[Form]] = {}
    for form in forms:
        layout = layout_of(form.subject, issuer)
        head = tuple(piece for piece in layout if isinstance(piece, Part))[: len(issuer.tenants)]
        key = (form.custom, form.without, _head(layout), head[:1])
        groups.setdefault(key, []).append(form)
    return list(groups.values())


def _head(layout: Layout) -> tuple[object, ...]:
    """The pieces up to the second literal after the first part: who, before what."""
    parts = [index for index, piece in enumerate(layout) if isinstance(piece, Part)]
    return layout[: parts[0] + 2] if parts else layout


def _varies(group: list[Form], claims: frozenset[str]) -> bool:
    return any(len({dict(form.claims).get(claim, "") for form in group}) > 1 for claim in claims)


def _alone(url: str, issuer: Issuer, form: Form) -> Subject:
    layout = layout_of(form.subject, issuer)
    views = tuple(
        (name, None if text is None else layout_of(text, issuer)) for name, text in form.claims
    )
    without = tuple(_excluded(text, issuer) for text in form.without)
    patterns = (pattern_of(layout),)
    kind = (form.custom, form.run, form.opaque)
    return Subject(url, issuer, layout, patterns, views, without, kind)


def _together(url: str, issuer: Issuer, alone: list[Subject]) -> Subject | None:
    """One subject for those of a group; None when their tails begin with nothing in common.

    NOTE: without a literal before the tail it would be unclear where the part before it ends.
    """
    common = _common([each.layout for each in alone])
    if len(alone) == 1 or not common or not isinstance(common[-1], str):
        return None
    layout = (*common, _REST)
    names = {piece.name for piece in common if isinstance(piece, Part)}
    views = tuple(
        (name, view)
        for name, view in alone[0].claims
        if view and all(not isinstance(piece, Part) or piece.name in names for piece in view)
    )
    patterns = tuple(pattern for each in alone for pattern in each.patterns)
    kind = (alone[0].custom, "", False)
    return Subject(url, issuer, layout, patterns, views, alone[0].without, kind)


def _common(layouts: list[Layout]) -> list[Piece]:
    """The pieces all layouts begin with, down to the characters of a literal piece."""
    common: list[Piece] = []
    for pieces in zip(*layouts, strict=False):
        if len(set(pieces)) == 1:
            common.append(pieces[0])
            continue
        texts = [piece for piece in pieces if isinstance(piece, str)]
        start = _beginning(texts) if len(texts) == len(pieces) else ""
        return [*common, start] if start else common
    return common


def _beginning(texts: list[str]) -> str:
    """The longest text all of them start with."""
    low, high = min(texts), max(texts)
    return next((low[:n] for n in range(len(low), 0, -1) if high.startswith(low[:n])), "")


@cache
def layout_of(text: str, issuer: Issuer) -> Layout:
    """The layout that a form's text with `{part}`s describes."""
    kinds = {name: kind for name, kind, _ in issuer.parts}
    pieces: list[Piece] = []
    between, *braced = text.split("{")
    for each in braced:
        name, closed, after = each.partition("}")
        if not closed or name not in kinds:
            between += "{" + each  # a brace that means itself
            continue
        if between:
            pieces.append(between)
        listed, inverted, length = CHARACTERS[kinds[name]]
        pieces.append(Part(name, Chars(frozenset(listed), inverted), length))
        between = after
    return (*pieces, between) if between else tuple(pieces)


def _excluded(text: str, issuer: Issuer) -> Pattern:
    if "{" in text:
        return pattern_of(layout_of(text, issuer))
    return tuple(STAR if char == "*" else char for char in text)

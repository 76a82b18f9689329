"""Questions about web and SAML identities: how much of a provider, tenant or project gets in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from iamlint.data.issuers import Issuer
from iamlint.semantics.checks import Check
from iamlint.semantics.glob import STAR, fold, literal
from iamlint.semantics.issuers import Subject, issuer_of, layout_of
from iamlint.semantics.openness import named_views, open_call, tenants
from iamlint.semantics.questions import Grant, Question, grant_regions, unless, where
from iamlint.semantics.search import Found, Region
from iamlint.semantics.slots import Slot, lifted
from iamlint.semantics.strings import Language
from iamlint.semantics.template import Layout, Part, fill
from iamlint.semantics.universe import Case
from iamlint.semantics.world import World

# a subject that no policy means: who has it stands for anybody the provider knows
_STRANGER = "zq7stranger"
_WEB = frozenset(("web",))
_SAML = frozenset(("saml",))
_GUEST = Language(True, (literal("unauthenticated"),))
_MEMBER = Language(True, (literal("authenticated"),))


def foreign_tenant(grant: Grant, *, through_workflows: bool = False) -> Question:
    """A call of a shared identity provider whose tenants have no end.

    `through_workflows`: also where it has to run one of some workflows that can be listed.
    """

    def views(case: Case) -> list[Slot]:
        issuer = case.subject.issuer if case.subject else None
        shared = issuer.workflows if issuer and not through_workflows else ()
        return [*tenants(case), *named_views(case, shared)]

    def question(world: World) -> Found | None:
        regions = [
            region
            for region in grant_regions(world, grant, _WEB)
            if (subject := region.case.subject)
            and subject.issuer
            and subject.issuer.shared
            and not subject.opaque
        ]
        return open_call(world, regions, views)

    return question


def other_tenant(grant: Grant, own: tuple[str, ...]) -> Question:
    """A call by a tenant of a shared provider that is none of `own`, by the names of tenants.

    Not where the policy lists ids of tenants, of which nobody knows whose they are. Services tell
    names as they were registered, in whatever case.
    """

    def question(world: World) -> Found | None:
        regions: list[Region] = []
        for region in grant_regions(world, grant, _WEB, apart=True):
            subject = region.case.subject
            if subject is None or subject.issuer is None or not subject.issuer.shared:
                continue
            names = named_views(region.case, subject.issuer.tenants[:1])
            if names and not subject.opaque:
                regions.append(_by_another(region, names, own))
        return open_call(world, regions, _ids)

    return question


def _by_another(region: Region, names: list[Slot], own: tuple[str, ...]) -> Region:
    """The calls whose tenant has another name than these, or than what is within these."""
    mine = tuple(pattern for name in own for pattern in ((*name,), (*name, "/", STAR)))
    others = (
        Check(slot.master, False, "one", Language(False, lifted(tuple(map(fold, mine)), slot)))
        for slot in names
    )
    return region.narrowed(*others)


def _ids(case: Case) -> list[Slot]:
    """What tells tenants apart beside their names."""
    issuer = case.subject.issuer if case.subject else None
    if issuer is None:
        return []
    views = named_views(case, issuer.tenants[1:])
    return [slot for slot in views if not _tells(slot, issuer.tenants[0])]


def _tells(slot: Slot, name: str) -> bool:
    """Whether what a key reads off holds a part."""
    return any(isinstance(piece, Part) and piece.name == name for piece in slot.view or slot.layout)


def caller_of_workflow(grant: Grant) -> Question:
    """A call of tenants without end, each by way of one of some workflows that can be listed."""
    foreign = foreign_tenant(grant)
    somehow = unless(foreign_tenant(grant, through_workflows=True), foreign)

    def question(world: World) -> Found | None:
        name = world.principals((grant[1],))[0].name
        issuer = issuer_of(name)
        claims = [f"{name.lower()}:{each}" for each in issuer.workflows] if issuer else []
        return somehow(world) if world.said.keys.intersection(claims) else None

    return question


def any_project(grant: Grant) -> Question:
    """A call of projects without end."""

    def views(case: Case) -> list[Slot]:
        issuer = case.subject.issuer if case.subject else None
        return named_views(case, issuer.projects) if issuer else []

    def question(world: World) -> Found | None:
        regions = (each for each in _by_form(world, grant) if _has_project(each.case.subject))
        return open_call(world, list(regions), views)

    return question


def _by_form(world: World, grant: Grant) -> Iterator[Region]:
    """The calls of a grant, one region for each default form of the subject."""
    for region in grant_regions(world, grant, _WEB, apart=True):
        if region.case.subject and region.case.subject.issuer:
            yield region


def _has_project(subject: Subject | None) -> bool:
    """Whether subjects of this form tell the project."""
    if subject is None or subject.issuer is None:
        return False
    return any(isinstance(p, Part) and p.name in subject.issuer.projects for p in subject.layout)


def any_run(grant: Grant, *runs: str) -> Question:
    """A call by a run of these kinds: by branches, tags or environments without end.

    Runs that a claim picks out (the ref, a protected branch, a workflow) are left aside.
    """

    def views(case: Case) -> list[Slot]:
        subject = case.subject
        if subject is None or subject.issuer is None:
            return []
        return named_views(case, (subject.run, *subject.issuer.runs))

    def question(world: World) -> Found | None:
        regions = [
            _with_ref(region)
            for region in _by_form(world, grant)
            if region.case.subject and region.case.subject.run in runs
        ]
        return open_call(world, regions, views)

    return question


def _with_ref(region: Region) -> Region:
    """A pull request runs on a ref of its own, though its subject does not tell."""
    subject = region.case.subject
    if subject is None or subject.run != "pull request":
        return region
    slot = region.case.slot(f"{subject.url}:ref")
    if slot.presence == "never":
        return region
    own = Check(slot.master, True, "one", Language(True, ((*"refs/pull/", STAR),)))
    return region.narrowed(own)


def plan_and_apply(grant: Grant) -> Question:
    """A call that shows what would change, where one that changes it gets in as well."""
    return where(any_run(grant, "plan"), any_run(grant, "apply"))


def names_alone(grant: Grant) -> Question:
    """A call under a subject of names alone, where none that holds immutable ids gets in."""

    def through(world: World, *, ids: bool) -> Found | None:
        return world.first(
            region
            for region in _by_form(world, grant)
            if (subject := region.case.subject)
            and _writes_both(subject.issuer)
            and _has_ids(subject.layout) is ids
        )

    return unless(lambda world: through(world, ids=False), lambda world: through(world, ids=True))


def _writes_both(issuer: Issuer | None) -> bool:
    """Whether a provider writes subjects of names alone, and others that hold ids."""
    if issuer is None:
        return False
    layouts = [layout_of(form.subject, issuer) for form in issuer.forms if not form.custom]
    return {_has_ids(layout) for layout in layouts} == {True, False}


@lru_cache(maxsize=256)
def _has_ids(layout: Layout) -> bool:
    return any(isinstance(piece, Part) and piece.name.endswith("_id") for piece in layout)


def anybody(grant: Grant) -> Question:
    """A call by just anybody whom a provider of one tenant knows.

    Not where the subject tells the project, which says more, nor past a further claim.
    """

    def question(world: World) -> Found | None:
        regions = [
            _plain(region, world)
            for region in grant_regions(world, grant, _WEB)
            if (subject := region.case.subject)
            and len(region.case.needs) == 1
            and not (subject.issuer and (subject.issuer.shared or subject.issuer.projects))
        ]
        found = world.first(_strange(region) for region in regions)
        return found and (world.first(regions) or found)

    return question


def _strange(region: Region) -> Region:
    """The calls whose subject is one that no policy means, as far as its parts allow."""
    subject = region.case.subject
    assert subject is not None
    slot = subject.subject()
    parts = {
        piece.name: literal(_STRANGER)
        for piece in slot.layout
        if isinstance(piece, Part) and piece.length is None and all(map(piece.chars.has, _STRANGER))
    }
    strange = Check(slot.master, False, "one", Language(True, (fill(parts, slot.layout),)))
    region.case.slot(f"{subject.url}:sub")
    return region.narrowed(strange)


def _plain(region: Region, world: World) -> Region:
    """The calls that carry no claim, of those the policy speaks of, but subject and audience."""
    subject = region.case.subject
    prefix = f"{subject.url}:" if subject else "saml:"
    kept = {f"{prefix}{claim}" for claim in ("sub", "aud", "oaud") if subject or claim == "aud"}
    return _without(region, [k for k in world.said.keys if k.startswith(prefix) and k not in kept])


def _without(region: Region, keys: list[str]) -> Region:
    slots = (region.case.slot(key) for key in sorted(keys))
    absent = (Check(s.master, True, "null", None) for s in slots if s.presence == "some")
    return region.narrowed(*absent)


def any_audience(grant: Grant) -> Question:
    """A call with a token that was made for whomever."""

    def question(world: World) -> Found | None:
        regions = [each for each in grant_regions(world, grant, _WEB) if _audiences(each.case)]
        return open_call(world, regions, _audiences)

    return question


def _audiences(case: Case) -> list[Slot]:
    return named_views(case, ("aud", "oaud"))


def guest_and_member(grant: Grant) -> Question:
    """A call by a guest of an identity pool, where its users get in as well."""
    return where(guest(grant), _pool(grant, _MEMBER))


def guest(grant: Grant) -> Question:
    """A call by a guest of an identity pool: nobody has said who it is."""
    return _pool(grant, _GUEST)


def _pool(grant: Grant, word: Language) -> Question:
    def question(world: World) -> Found | None:
        found: list[Region] = []
        for region in grant_regions(world, grant, _WEB):
            subject = region.case.subject
            if subject is None or subject.issuer is None or "amr" not in subject.issuer.many:
                continue
            amr = region.case.slot(f"{subject.url}:amr").master
            said = [Check(amr, False, "any", word)]
            # guests have the one word; others have theirs and the providers they come from
            said.append(Check(amr, False, "all", word if word is _GUEST else _GUEST.negated()))
            found.append(region.narrowed(*said))
        return world.first(found)

    return question


def any_recipient(grant: Grant) -> Question:
    """A call with an assertion that was made for whomever."""

    def question(world: World) -> Found | None:
        found: list[Region] = []
        for region in grant_regions(world, grant, _SAML):
            slot = region.case.slot("saml:aud")
            elsewhere = Language(True, (literal(f"https://{_STRANGER}.example.com/saml"),))
            other = Check(slot.master, True, "one", elsewhere)
            found.append(region.narrowed(other))
        return world.first(found)

    return question


def any_saml_user(grant: Grant) -> Question:
    """A call by whomever the SAML provider sends."""

    def question(world: World) -> Found | None:
        return world.first(
            _plain(region, world)
            for region in grant_regions(world, grant, _SAML)
            if len(region.case.needs) == 1
        )

    return question

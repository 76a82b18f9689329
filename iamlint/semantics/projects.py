"""The question whether one project of a tenant is meant, or all that the tenant has."""

from __future__ import annotations

from iamlint.semantics.openness import open_call, projects
from iamlint.semantics.questions import Grant, Question, grant_regions
from iamlint.semantics.search import Found
from iamlint.semantics.world import World

_WEB = frozenset(("web",))
_WORDS = {"repo": "repository"}


def any_project(grant: Grant) -> Question:
    """A call of an identity provider whose projects have no end, where it is known to have any."""

    def question(world: World) -> Found | None:
        regions = [
            region
            for region in grant_regions(world, grant, _WEB)
            if (subject := region.case.subject) and subject.issuer and subject.issuer.projects
        ]
        return open_call(world, regions, projects)

    return question


def in_words(found: Found) -> str:
    """Who gets in: `any space of the Spacelift account`."""
    subject = found.case.subject
    if subject is None or subject.issuer is None:
        return "any project"
    name = subject.issuer.projects[0]
    return f"any {_WORDS.get(name, name)} of the {subject.issuer.tenant_word}"

"""Explains a place of a file: finds the roles it is about, and says what it is to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from iamlint.config import Config
from iamlint.engine import Engine
from iamlint.explaining.explanation import About, Explanation, Line, Part
from iamlint.explaining.spots import (
    GUARDS,
    PRINCIPALS,
    ROLE,
    STATEMENT,
    At,
    Here,
    Target,
    look,
    touches,
)
from iamlint.explaining.statements import (
    of_guards,
    of_policy,
    of_principals,
    of_statement,
    refused,
)
from iamlint.facts.policy import PolicyNode
from iamlint.findings import Place
from iamlint.formats.role import Role, Variant
from iamlint.judging import Met, Remembering
from iamlint.linting import met_with
from iamlint.rules.book import RuleBook
from iamlint.source import Files
from iamlint.syntax.value import content
from iamlint.telling import in_words
from iamlint.typed import NamedTuple
from iamlint.unread import is_broken

_MOST_POLICIES = 8  # that are told apart
_MOST_NAMES = 5  # of roles of which the same is true
_MOST_TARGETS = 3
_MOST_PLACES = 4
_MOST_UNKNOWN = 5

Pause = Callable[[], None]
"""Called between two pieces of work; raises where nobody wants to know any more."""


def _go_on() -> None:
    """Whoever asks waits for the answer."""


def explain_at(
    files: Files,
    paths: Sequence[str],
    config: Config,
    book: RuleBook,
    at: At,
    pause: Pause = _go_on,
    memory: Remembering | None = None,
) -> Explanation | None:
    """What is at a place, and who can get in through it; None where there is nothing of a role.

    `paths`, `config`, `book` and `memory` are those of the check whose findings are shown beside
    it. Never raises for what a file contains.
    """
    met = met_with(files, paths, config, book, memory)
    engine = Engine(book, config) if memory is None else memory.engine(book, config)
    return explain(met, engine, at, pause)


def explain(
    met: Sequence[Met], engine: Engine, at: At, pause: Pause = _go_on
) -> Explanation | None:
    """The same of roles that were read already."""
    explaining = _Explaining(engine, at, pause)
    for each in met:
        pause()
        if touches(each.role, at) and not is_broken(each.role, each.told):
            explaining.see(each)
    return explaining.explanation()


class _Kept(NamedTuple):
    """What is said of a policy, and of which roles."""

    parts: tuple[Part, ...]
    roles: list[str]


class _Seen(NamedTuple):
    """What is at the place, in one way in which a policy may come out."""

    variant: Variant
    policy: PolicyNode
    here: Here


class _Explaining:
    """What is said of one place."""

    def __init__(self, engine: Engine, at: At, pause: Pause) -> None:
        self._engine = engine
        self._pause = pause
        self._at = at
        self._kept: dict[object, _Kept] = {}  # by what the policies say, and what is there of them
        self._here: Here | None = None  # the smallest text so far
        self._more = 0
        self._places: dict[Place, None] = {}

    def see(self, met: Met) -> None:
        """Explain the place as one of a role."""
        seen = list(self._seen(met))
        if not seen:
            return
        least = min((each.here for each in seen), key=lambda here: here.size)
        if self._here is not None and self._here.size < least.size:
            return
        if self._here is None or self._here.size > least.size:
            self._start_again(least)
        self._take(met.role, [each for each in seen if each.here.size == least.size])

    def _seen(self, met: Met) -> Iterator[_Seen]:
        for variant in met.role.variants:
            policy = self._engine.policy(met.role, variant, met.terms)
            here = look(met.role, policy, self._at) if policy is not None else None
            if policy is not None and here is not None:
                policy.subject.meaning.pause = self._pause
                yield _Seen(variant, policy, here)

    def _start_again(self, here: Here) -> None:
        """A smaller text is at the place than was found so far."""
        self._here = here
        self._kept.clear()
        self._places.clear()
        self._more = 0

    def _take(self, role: Role, seen: list[_Seen]) -> None:
        key = tuple(map(_key, seen)), tuple(role.holes.items())
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) == _MOST_POLICIES:
                self._more += 1
                return
            kept = self._kept[key] = _Kept(tuple(_parts(role, seen)), [])
        kept.roles.append(in_words(role))
        self._places.update(dict.fromkeys(self._other_ends(role)))

    def _other_ends(self, role: Role) -> Iterator[Place]:
        """For a value that travelled: the other end of its way."""
        if self._here is None:
            return
        span, document = self._here.span, role.document.span.root()
        whole = any(target.kind == ROLE for target in self._here.targets)
        if whole and not document.within(role.span.root()) and not span.within(document):
            yield Place(document, "the trust policy")
        for way in role.ways:
            origin, use = way.origin.root(), way.use.root()
            if span.within(origin):
                yield Place(use, f"used here, through {way.name}", later=True)
            elif use.within(span):
                yield Place(origin, f"the value of {way.name}")

    def explanation(self) -> Explanation | None:
        """All that was said; what is the same of several roles is said once."""
        if self._here is None:
            return None
        together: dict[tuple[Part, ...], dict[str, None]] = {}
        for kept in self._kept.values():
            together.setdefault(kept.parts, {}).update(dict.fromkeys(kept.roles))
        abouts = tuple(
            About(tuple(roles)[:_MOST_NAMES], max(0, len(roles) - _MOST_NAMES), parts)
            for parts, roles in together.items()
        )
        places = tuple(self._places)[:_MOST_PLACES]
        return Explanation(self._here.span, abouts, self._more, places)


def _key(each: _Seen) -> object:
    """What an explanation hangs on, besides the holes."""
    subject = each.policy.subject
    said = (content(each.variant.document), each.variant.given, each.variant.missing)
    return said, subject.setting, subject.called, each.here.targets


def _parts(role: Role, seen: list[_Seen]) -> Iterator[Part]:
    """What is said of a role; of one that may come out in several ways, for each of them."""
    said: dict[tuple[Part, ...], list[Variant]] = {}
    for variant, policy, here in seen:
        found = here.targets[:_MOST_TARGETS]
        parts = (*(part for each in found for part in _of(policy, each)), *refused(policy))
        said.setdefault(parts, []).append(variant)
    everywhere = len(said) == 1 and len(seen) == len(role.variants)
    for parts, variants in said.items():
        given = dict.fromkeys(text for each in variants for text in each.given)
        if given and not everywhere:
            yield Part("if " + " or if ".join(given), ())
        yield from parts
    yield from _unknown(role, [target for each in seen for target in each.here.targets])


def _of(policy: PolicyNode, target: Target) -> Iterator[Part]:
    if target.kind == PRINCIPALS:
        return of_principals(policy, target.statement, target.numbers)
    if target.kind == GUARDS:
        return of_guards(policy, target.statement, target.numbers, target.values)
    if target.kind == STATEMENT:
        return of_statement(policy, target.statement)
    return of_policy(policy)


def _unknown(role: Role, found: Sequence[Target]) -> Iterator[Part]:
    """What of the policy nobody knows before deployment; parts that are missing, in any case."""
    missing = dict.fromkeys(part for each in role.variants for part in each.missing)
    whole = any(target.kind in (STATEMENT, ROLE) for target in found)
    unknown = role.unresolved() if whole else tuple(missing)
    if unknown:
        shown = [Line(text, item=True) for text in unknown[:_MOST_UNKNOWN]]
        rest = len(unknown) - _MOST_UNKNOWN
        if rest > 0:
            shown.append(Line(f"and {rest} more", item=True))
        yield Part("not known before deployment", tuple(shown))
